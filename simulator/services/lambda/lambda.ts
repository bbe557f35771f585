/** Lambda: functions, asynchronous invocation with its retries, and queue sources. */
import { isoOf, type Kernel } from '../../kernel/kernel.ts';
import type { InProcessHandler } from '../../wire/in-process.ts';
import type { Queue } from '../sqs/queue.ts';
import { type FunctionSpec, type InvocationResult, LambdaFunction } from './function.ts';
import { currentTrace } from './invocation.ts';
import { freezing, type LateCall } from './late-calls.ts';
import { QueueSource, type QueueSourceSpec } from './queue-source.ts';

export interface AsyncConfig {
  /** Receives the invocation record of an event that failed for good. */
  readonly onFailure?: Queue | undefined;
  /** 0 to 2. Default 2. */
  readonly maximumRetryAttempts?: number | undefined;
  /** 60 to 21,600: a retry that would come later does not come. Default 21,600. */
  readonly maximumEventAgeSeconds?: number | undefined;
}

/** An event that was given up after its retries. */
export interface DroppedEvent {
  readonly functionName: string;
  readonly event: unknown;
  readonly error: unknown;
}

/** One event on its way through the tries of a function. */
interface Attempt {
  readonly target: LambdaFunction;
  /** The event as text: each try gets one of its own. */
  readonly payload: string;
  readonly sinceMs: number;
  readonly trace: string | undefined;
  readonly retries: number;
  readonly requestId?: string;
}

type Failure = InvocationResult & { readonly ok: false };

/** Lambda waits one minute before the first retry, two before the second. */
const RETRY_DELAYS_MS = [60_000, 120_000];
const EVENT_AGE_SECONDS_MAX = 21_600;

/** A handler may throw anything at all. */
const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

/** Which of the limits ended it. What Lambda writes of a recursion is not documented. */
const conditionOf = (why: Failure['why'], isTooOld: boolean): string =>
  why !== 'recursion' && isTooOld ? 'EventAgeExceeded' : 'RetriesExhausted';

export class Lambda {
  readonly #kernel: Kernel;
  readonly #functions = new Map<string, LambdaFunction>();
  readonly #configs = new Map<LambdaFunction, AsyncConfig>();
  readonly #sources: QueueSource[] = [];
  readonly #dropped: DroppedEvent[] = [];
  readonly #lateCalls: LateCall[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  get functions(): readonly LambdaFunction[] {
    return [...this.#functions.values()];
  }

  get sources(): readonly QueueSource[] {
    return this.#sources;
  }

  get droppedEvents(): readonly DroppedEvent[] {
    return this.#dropped;
  }

  /** Calls that handlers left behind when their worker was frozen. */
  get lateCalls(): readonly LateCall[] {
    return this.#lateCalls;
  }

  /** The in-process wire as workers see it, which are frozen when their handler returns. */
  asWorkersSee(handler: InProcessHandler): InProcessHandler {
    return freezing({
      handler,
      nowMs: () => this.#kernel.clock.nowMs(),
      onLate: (call) => this.#lateCalls.push(call),
    });
  }

  create(spec: FunctionSpec, config: AsyncConfig = {}): LambdaFunction {
    const key = `${spec.account} ${spec.region} ${spec.name}`;
    if (this.#functions.has(key)) throw new Error(`there is already a function ${spec.name}`);
    const made = new LambdaFunction(this.#kernel, spec);
    this.#functions.set(key, made);
    this.#configs.set(made, config);
    return made;
  }

  find(account: string, region: string, name: string): LambdaFunction {
    const found = this.#functions.get(`${account} ${region} ${name}`);
    if (found === undefined) throw new Error(`there is no function ${name} in ${region}`);
    return found;
  }

  /** The function of an ARN, whatever its version or alias; none if there is no such function. */
  byArn(arn: string): LambdaFunction | undefined {
    const [, , , region, account, , name] = arn.split(':');
    return this.#functions.get(`${account} ${region} ${name}`);
  }

  addSource(spec: QueueSourceSpec): QueueSource {
    const source = new QueueSource(this.#kernel, spec);
    this.#sources.push(source);
    return source;
  }

  /** As an event rule or a schedule invokes: nobody waits, and failures are tried again. */
  invokeAsync(target: LambdaFunction, event: unknown): void {
    this.invokeWithPayload(target, JSON.stringify(event));
  }

  /** The same with an event that is text already. */
  invokeWithPayload(target: LambdaFunction, payload: string): void {
    const sinceMs = this.#kernel.clock.nowMs();
    this.#attempt({ target, payload, sinceMs, trace: currentTrace(), retries: 0 });
  }

  /** As a caller that waits for the result (`RequestResponse`). Rejects with the handler's error. */
  invoke(target: LambdaFunction, event: unknown): Promise<unknown> {
    const traces = [currentTrace()];
    return new Promise((resolve, reject) => {
      const done = (result: InvocationResult): void => {
        if (result.ok) resolve(result.value);
        else reject(errorOf(result.error));
      };
      target.invoke(event, done, { traces });
    });
  }

  /** A retry has the request id of the first try. */
  #attempt(attempt: Attempt): void {
    const { target, payload, trace } = attempt;
    const done = (result: InvocationResult): void => {
      if (!result.ok) this.#retry({ ...attempt, requestId }, result);
    };
    const options = { traces: [trace], requestId: attempt.requestId };
    const requestId = target.invoke(JSON.parse(payload), done, options);
  }

  #retry(attempt: Attempt, result: Failure): void {
    const { clock } = this.#kernel;
    const { maximumRetryAttempts = 2, maximumEventAgeSeconds = EVENT_AGE_SECONDS_MAX } =
      this.#configs.get(attempt.target) ?? {};
    const mayRetry = result.why !== 'recursion' && attempt.retries < maximumRetryAttempts;
    const atMs = clock.nowMs() + (RETRY_DELAYS_MS[attempt.retries] ?? 0);
    const isTooOld = mayRetry && atMs - attempt.sinceMs > maximumEventAgeSeconds * 1_000;
    if (!mayRetry || isTooOld) {
      this.#drop(attempt, result, conditionOf(result.why, isTooOld));
      return;
    }
    clock.at(atMs, () => {
      this.#attempt({ ...attempt, retries: attempt.retries + 1 });
    });
  }

  #drop(attempt: Attempt, { error }: Failure, condition: string): void {
    const { target, requestId, retries } = attempt;
    const event: unknown = JSON.parse(attempt.payload);
    this.#dropped.push({ functionName: target.spec.name, event, error });
    const { onFailure } = this.#configs.get(target) ?? {};
    onFailure?.send({
      body: JSON.stringify({
        version: '1.0',
        timestamp: isoOf(this.#kernel.clock.nowMs()),
        requestContext: {
          requestId,
          functionArn: `${target.arn}:$LATEST`,
          condition,
          approximateInvokeCount: retries + 1,
        },
        requestPayload: event,
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          functionError: 'Unhandled',
        },
        responsePayload: { errorMessage: errorOf(error).message },
      }),
    });
  }
}
