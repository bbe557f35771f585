/** Lambda: functions, asynchronous invocation with its retries, and queue sources. */
import { isoOf, type Kernel } from '../../kernel/kernel.ts';
import type { Queue } from '../sqs/queue.ts';
import { type FunctionSpec, type InvocationResult, LambdaFunction } from './function.ts';
import { QueueSource, type QueueSourceSpec } from './queue-source.ts';

export interface AsyncConfig {
  /** Receives the invocation record of an event that failed for good. */
  readonly onFailure?: Queue | undefined;
  /** 0 to 2. Default 2. */
  readonly maximumRetryAttempts?: number | undefined;
}

/** An event that was given up after its retries. */
export interface DroppedEvent {
  readonly functionName: string;
  readonly event: unknown;
  readonly error: unknown;
}

/** Lambda waits one minute before the first retry, two before the second. */
const RETRY_DELAYS_MS = [60_000, 120_000];

/** A handler may throw anything at all. */
const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

export class Lambda {
  readonly #kernel: Kernel;
  readonly #functions = new Map<string, LambdaFunction>();
  readonly #configs = new Map<LambdaFunction, AsyncConfig>();
  readonly #sources: QueueSource[] = [];
  readonly #dropped: DroppedEvent[] = [];

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

  addSource(spec: QueueSourceSpec): QueueSource {
    const source = new QueueSource(this.#kernel, spec);
    this.#sources.push(source);
    return source;
  }

  /** As an event rule or a schedule invokes: nobody waits, and failures are tried again. */
  invokeAsync(target: LambdaFunction, event: unknown): void {
    this.#attempt(target, event, 0);
  }

  /** As a caller that waits for the result (`RequestResponse`). Rejects with the handler's error. */
  invoke(target: LambdaFunction, event: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      target.invoke(event, (result) => {
        if (result.ok) resolve(result.value);
        else reject(errorOf(result.error));
      });
    });
  }

  #attempt(target: LambdaFunction, event: unknown, retries: number): void {
    target.invoke(structuredClone(event), (result) => {
      if (result.ok) return;
      const { maximumRetryAttempts = 2 } = this.#configs.get(target) ?? {};
      const delayMs = retries < maximumRetryAttempts ? RETRY_DELAYS_MS[retries] : undefined;
      if (delayMs === undefined) {
        this.#drop(target, event, result, retries + 1);
        return;
      }
      this.#kernel.clock.at(this.#kernel.clock.nowMs() + delayMs, () => {
        this.#attempt(target, event, retries + 1);
      });
    });
  }

  #drop(
    target: LambdaFunction,
    event: unknown,
    result: InvocationResult & { readonly ok: false },
    count: number,
  ): void {
    this.#dropped.push({ functionName: target.spec.name, event, error: result.error });
    const { onFailure } = this.#configs.get(target) ?? {};
    onFailure?.send({
      body: JSON.stringify({
        version: '1.0',
        timestamp: isoOf(this.#kernel.clock.nowMs()),
        requestContext: {
          functionArn: `${target.arn}:$LATEST`,
          condition: 'RetriesExhausted',
          approximateInvokeCount: count,
        },
        requestPayload: event,
        responsePayload: {
          errorMessage: errorOf(result.error).message,
        },
      }),
    });
  }
}
