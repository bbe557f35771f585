/** A Lambda function: one invocation at a time is started here, with its deadline on the clock. */
import type { Context } from 'aws-lambda';
import { draw, isoSecondsOf, type Kernel, uuidOf } from '../../kernel/kernel.ts';

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

export interface FunctionSpec {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly handler: Handler;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

export type InvocationResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown; readonly isTimeOut: boolean };

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

const FAILURES_KEPT = 100;

export class LambdaFunction {
  readonly spec: FunctionSpec;
  readonly #kernel: Kernel;
  readonly #failures: InvocationFailure[] = [];
  #counts = { invocations: 0, failures: 0, timeOuts: 0, running: 0 };

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

  /** The first hundred failures. */
  get failures(): readonly InvocationFailure[] {
    return this.#failures;
  }

  /**
   * Starts the handler after its start-up time, and calls `done` once: with what the handler came
   * to, or with a time-out. What a handler does after its time-out is not told to anyone, though
   * the code runs on, where Lambda would have frozen it.
   */
  invoke(event: unknown, done: (result: InvocationResult) => void): void {
    const { clock, random, manners } = this.#kernel;
    const requestId = uuidOf(random('lambda'));
    this.#counts.invocations += 1;
    this.#counts.running += 1;
    clock.at(clock.nowMs() + draw(random('lambda'), manners().lambdaStartMs), () => {
      this.#run(event, requestId, done);
    });
  }

  #run(event: unknown, requestId: string, done: (result: InvocationResult) => void): void {
    const { clock } = this.#kernel;
    const deadlineMs = clock.nowMs() + this.spec.timeoutSeconds * 1_000;
    let isSettled = false;
    const settle = (result: InvocationResult): void => {
      if (isSettled) return;
      isSettled = true;
      this.#count(requestId, result);
      done(result);
    };
    this.#start(event, this.#context(requestId, deadlineMs)).then(
      (value) => {
        settle({ ok: true, value });
      },
      (error: unknown) => {
        settle({ ok: false, error, isTimeOut: false });
      },
    );
    clock.at(deadlineMs, () => {
      const seconds = this.spec.timeoutSeconds.toFixed(2);
      const at = isoSecondsOf(clock.nowMs());
      const error = new Error(`${at} ${requestId} Task timed out after ${seconds} seconds`);
      settle({ ok: false, error, isTimeOut: true });
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
    if (result.isTimeOut) this.#counts.timeOuts += 1;
    if (this.#failures.length >= FAILURES_KEPT) return;
    this.#failures.push({ atMs: this.#kernel.clock.nowMs(), requestId, error: result.error });
  }

  #context(requestId: string, deadlineMs: number): Context {
    const { clock } = this.#kernel;
    const refuse = (): never => {
      throw new Error('context.done, fail and succeed are not served: return a promise');
    };
    return {
      callbackWaitsForEmptyEventLoop: true,
      functionName: this.spec.name,
      functionVersion: '$LATEST',
      invokedFunctionArn: this.arn,
      memoryLimitInMB: String(this.spec.memoryMb),
      awsRequestId: requestId,
      logGroupName: `/aws/lambda/${this.spec.name}`,
      logStreamName: `${isoSecondsOf(clock.nowMs()).slice(0, 10)}/[$LATEST]${requestId}`,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - clock.nowMs()),
      done: refuse,
      fail: refuse,
      succeed: refuse,
    };
  }
}
