/** A deployment as plain values: what there is, and which function answers what. */

export interface QueueWiring {
  readonly logicalId: string;
  readonly name: string;
  readonly isFifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly delaySeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly redrive?: { readonly deadLetterName: string; readonly maxReceiveCount: number };
}

export interface BusWiring {
  readonly logicalId: string;
  readonly name: string;
}

/** A rule with a pattern or a schedule. */
export interface RuleWiring {
  readonly name: string;
  /** `default`, or the name of a bus of the deployment. */
  readonly bus: string;
  readonly pattern?: unknown;
  readonly schedule?: string;
  readonly input?: unknown;
  readonly inputPath?: string;
  readonly inputTransformer?: InputTransformerWiring;
  readonly retry?: RetryWiring;
  /** Name of the queue that receives events that could not be delivered. */
  readonly deadLetterName?: string;
  readonly isEnabled: boolean;
}

export interface InputTransformerWiring {
  readonly paths: Readonly<Record<string, string>>;
  readonly template: string;
}

export interface RetryWiring {
  readonly maximumEventAgeSeconds?: number;
  readonly maximumRetryAttempts?: number;
}

export interface SourceWiring {
  readonly queueName: string;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly reportsBatchItemFailures: boolean;
  readonly maximumConcurrency?: number;
}

export interface FunctionWiring {
  /** Its key in the file. */
  readonly key: string;
  /** Its name as deployed. */
  readonly name: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  readonly recursiveLoop: 'Allow' | 'Terminate';
  /** Name of the queue that receives events that failed for good. */
  readonly onFailureQueueName?: string;
  readonly rules: readonly RuleWiring[];
  readonly sources: readonly SourceWiring[];
}

export interface Deployment {
  readonly service: string;
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly queues: readonly QueueWiring[];
  readonly buses: readonly BusWiring[];
  readonly functions: readonly FunctionWiring[];
}
