/**
 * The invocation that code runs in. Whatever a handler starts runs in its invocation, so that a call
 * over the in-process wire can be told from one that nobody waits for any more.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { headerOf, type Lineage } from './lineage.ts';

/** When the worker was frozen, and why. */
export interface Ending {
  readonly atMs: number;
  readonly by: 'return' | 'time-out';
}

export interface Invocation {
  readonly functionName: string;
  readonly requestId: string;
  readonly lineage: Lineage;
  /** Set once, when the handler's promise settles or its time is up. */
  ending: Ending | undefined;
}

const running = new AsyncLocalStorage<Invocation>();

/** Runs `act`, and all that it starts, in the invocation. */
export const runIn = <Result>(invocation: Invocation, act: () => Result): Result =>
  running.run(invocation, act);

/** None for what no handler started. */
export const currentInvocation = (): Invocation | undefined => running.getStore();

/** The tracing header that a message sent now carries; none outside of an invocation. */
export const currentTrace = (): string | undefined => {
  const invocation = currentInvocation();
  return invocation && headerOf(invocation.lineage, invocation.requestId);
};
