/**
 * What a service of the embedded cloud looks like to the wire: a name, and operations that take the
 * typed input of the SDK's own model and return its typed output, or throw an {@link ApiError}.
 *
 * Operations are synchronous and do no I/O: all waiting is done by the clock, around them.
 */

/** Who calls, from where, and when: everything an operation may know beside its input. */
export interface Call {
  /** Twelve-digit account id of the caller; empty for the calls of STS that nobody signs. */
  readonly account: string;
  readonly region: string;
  /** Absent beside the wire, and where nobody signed. */
  readonly accessKeyId?: string;
  /** Virtual time, in milliseconds since the epoch. */
  readonly nowMs: number;
  readonly requestId: string;
  /** The same request, asked again after a wait: see {@link Operation.retryUntilMs}. */
  readonly isRepeat?: boolean;
}

/** An error as AWS answers it. `code` is EC2's (or the service's) own error code. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

/** One served operation: the SDK's schema object (for instance `CreateImage$`) and what answers it. */
export interface Operation {
  readonly schema: unknown;
  readonly answer: (input: unknown, call: Call) => unknown;
  /**
   * Lets a call wait until there is something to say, as SQS's long polling does. Returns undefined
   * for an output that is to be answered now; otherwise the virtual instant until which to ask again,
   * of which the one after the first answer counts.
   */
  readonly retryUntilMs?: (input: unknown, call: Call, output: unknown) => number | undefined;
}

/** A service by its name in SigV4 credential scopes. */
export type ServiceId = 'ec2' | 'events' | 'sqs' | 'sts' | 'ssm' | 'autoscaling';

/** A served service. Keys of `operations` are the API's operation names, such as `DescribeImages`. */
export interface Service {
  readonly id: ServiceId;
  readonly operations: Readonly<Record<string, Operation>>;
}

/**
 * Ties an SDK operation schema to a typed handler, and to what lets its calls wait.
 * The types are the caller's word: name the SDK's `XRequest` / `XResult` for the same operation.
 */
export const operation = <Input, Output>(
  schema: unknown,
  answer: (input: Input, call: Call) => Output,
  retryUntilMs?: (input: Input, call: Call, output: Output) => number | undefined,
): Operation => ({
  schema,
  answer: (input, call) => answer(input as Input, call),
  ...(retryUntilMs !== undefined && {
    retryUntilMs: (input, call, output) => retryUntilMs(input as Input, call, output as Output),
  }),
});
