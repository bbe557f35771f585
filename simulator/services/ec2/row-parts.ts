/** What several kinds of rows are made of. */
export type Tags = Map<string, string>;

/** A disk of an image or of an instance, in the order of its mapping. */
export interface DiskRow {
  readonly deviceName: string;
  /** An EBS disk of an image has one; an ephemeral disk has not. */
  readonly snapshotId?: string | undefined;
  /** An attached disk of an instance has one. */
  readonly volumeId?: string | undefined;
  /** `ephemeral0`: instance store. */
  readonly virtualName?: string | undefined;
  readonly sizeGib: number;
  readonly volumeType: string;
  readonly iops?: number | undefined;
  /** MiB per second. */
  readonly throughput?: number | undefined;
  readonly deleteOnTermination: boolean;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
}

/** Of a product of AWS Marketplace: whoever launches the image pays for it. */
export interface ProductCode {
  readonly id: string;
  readonly type: 'marketplace' | 'devpay';
}

export interface Reason {
  readonly code: string;
  readonly message: string;
}
