/** A Lambda function: one invocation at a time is started here, with its deadline on the clock. */
import type { Context } from 'aws-lambda';
import { draw, isoSecondsOf, type Kernel, uuidOf } from '../../kernel/kernel.ts';
import { contextOf } from './context.ts';
import { type Ending, type Invocation, runIn } from './invocation.ts';
import { extended, hopsOf, INVOCATIONS_MAX, type Lineage, lineageOf } from './lineage.ts';

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

export interface FunctionSpec {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly handler: Handler;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Whether a chain of requests may run through the function again and again. Default Terminate. */
  readonly recursiveLoop?: 'Allow' | 'Terminate' | undefined;
}

export type InvocationResult =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly error: unknown;
      /** `recursion`: the handler was not run at all. */
      readonly why: 'error' | 'time-out' | 'recursion';
    };

/** What has become of the invocations so far. */
export interface FunctionCounts {
  readonly invocations: number;
  readonly failures: number;
  /** Among the failures. */
  readonly timeOuts: number;
  readonly running: number;
}

/** An invocation that failed, for a scenario to look at. */
export interface InvocationFailure {
  readonly atMs: number;
  readonly requestId: string;
  readonly error: unknown;
}

export interface InvokeOptions {
  /** Tracing headers of what the event is made from. */
  readonly traces?: readonly (string | undefined)[];
  /** Of the invocation that this one repeats. */
  readonly requestId?: string | undefined;
}

type Done = (result: InvocationResult) => void;

const FAILURES_KEPT = 100;

export class LambdaFunction {
  readonly spec: FunctionSpec;
  readonly #kernel: Kernel;
  readonly #failures: InvocationFailure[] = [];
  #counts = { invocations: 0, failures: 0, timeOuts: 0, running: 0 };
  #recursionsStopped = 0;

  constructor(kernel: Kernel, spec: FunctionSpec) {
    this.#kernel = kernel;
    this.spec = spec;
  }

  get arn(): string {
    return `arn:aws:lambda:${this.spec.region}:${this.spec.account}:function:${this.spec.name}`;
  }

  get counts(): FunctionCounts {
    return { ...this.#counts };
  }

  /** CloudWatch's RecursiveInvocationsDropped. */
  get recursionsStopped(): number {
    return this.#recursionsStopped;
  }

  /** The first hundred failures. */
  get failures(): readonly InvocationFailure[] {
    return this.#failures;
  }

  /**
   * Starts the handler after its start-up time, and calls `done` once: with what the handler came
   * to, with a time-out, or with a recursion that was stopped. Returns the request id.
   */
  invoke(event: unknown, done: Done, { traces = [], ...options }: InvokeOptions = {}): string {
    const { clock, random, manners } = this.#kernel;
    const requestId = options.requestId ?? uuidOf(random('lambda'));
    const before = lineageOf(traces, requestId, clock.nowMs());
    if (this.#isRecursive(before)) {
      this.#stop(done);
      return requestId;
    }
    this.#counts.invocations += 1;
    this.#counts.running += 1;
    const { name: functionName } = this.spec;
    const lineage = extended(before, this.arn);
    const invocation = { functionName, requestId, lineage, ending: undefined };
    clock.at(clock.nowMs() + draw(random('lambda'), manners().lambdaStartMs), () => {
      this.#run(event, invocation, done);
    });
    return requestId;
  }

  #isRecursive(lineage: Lineage): boolean {
    return this.spec.recursiveLoop !== 'Allow' && hopsOf(lineage, this.arn) >= INVOCATIONS_MAX;
  }

  #stop(done: Done): void {
    const { clock } = this.#kernel;
    this.#recursionsStopped += 1;
    const error = new Error(`RecursiveInvocationException: ${this.spec.name}`);
    clock.at(clock.nowMs(), () => {
      done({ ok: false, error, why: 'recursion' });
    });
  }

  #run(event: unknown, invocation: Invocation, done: Done): void {
    const { clock } = this.#kernel;
    const { requestId } = invocation;
    const deadlineMs = clock.nowMs() + this.spec.timeoutSeconds * 1_000;
    const settle = (by: Ending['by'], result: InvocationResult): void => {
      if (invocation.ending !== undefined) return;
      callOff();
      invocation.ending = { atMs: clock.nowMs(), by };
      this.#count(requestId, result);
      done(result);
    };
    const context = contextOf(this.spec, this.arn, { requestId, deadlineMs }, clock);
    runIn(invocation, () => this.#start(event, context)).then(
      (value) => {
        settle('return', { ok: true, value });
      },
      (error: unknown) => {
        settle('return', { ok: false, error, why: 'error' });
      },
    );
    const callOff = clock.at(deadlineMs, () => {
      const seconds = this.spec.timeoutSeconds.toFixed(2);
      const at = isoSecondsOf(clock.nowMs());
      const error = new Error(`${at} ${requestId} Task timed out after ${seconds} seconds`);
      settle('time-out', { ok: false, error, why: 'time-out' });
    });
  }

  /** A handler that throws before its first await fails as one that rejects. */
  async #start(event: unknown, context: Context): Promise<unknown> {
    return this.spec.handler(event, context);
  }

  #count(requestId: string, result: InvocationResult): void {
    this.#counts.running -= 1;
    if (result.ok) return;
    this.#counts.failures += 1;
    if (result.why === 'time-out') this.#counts.timeOuts += 1;
    if (this.#failures.length >= FAILURES_KEPT) return;
    this.#failures.push({ atMs: this.#kernel.clock.nowMs(), requestId, error: result.error });
  }
}
