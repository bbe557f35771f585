/** What a queue is set to, as plain values. */

export interface Redrive {
  readonly deadLetterArn: string;
  readonly maxReceiveCount: number;
}

export interface RedriveAllow {
  readonly permission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceArns: readonly string[];
}

export interface QueueSettings {
  readonly delaySeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly maximumMessageBytes: number;
  readonly receiveWaitSeconds: number;
  /** The text of a policy document. */
  readonly policy?: string | undefined;
  readonly redrive?: Redrive | undefined;
  readonly redriveAllow?: RedriveAllow | undefined;
  readonly kmsMasterKeyId?: string | undefined;
  readonly kmsReuseSeconds: number;
  readonly hasManagedEncryption: boolean;
  /** These are of FIFO queues only. */
  readonly contentBasedDeduplication: boolean;
  readonly deduplicationScope: 'queue' | 'messageGroup';
  readonly throughputLimit: 'perQueue' | 'perMessageGroupId';
}

export const DEFAULT_SETTINGS: QueueSettings = {
  delaySeconds: 0,
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 345_600,
  maximumMessageBytes: 1_048_576,
  receiveWaitSeconds: 0,
  kmsReuseSeconds: 300,
  hasManagedEncryption: true,
  contentBasedDeduplication: false,
  deduplicationScope: 'queue',
  throughputLimit: 'perQueue',
};
