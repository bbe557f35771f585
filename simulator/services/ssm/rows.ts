/** Parameters as they are saved. */
import type { Place } from '../events/rows.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';
export type Tier = 'Standard' | 'Advanced';

export const IMAGE_TYPE = 'aws:ec2:image';

export interface VersionRow {
  readonly version: number;
  readonly type: ParameterType;
  readonly value: string;
  readonly keyId: string | undefined;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly tier: Tier;
  readonly dataType: string;
  readonly modifiedAtMs: number;
  readonly modifiedBy: string;
  /** In the order in which they were given. */
  readonly labels: Set<string>;
}

export interface ParameterRow extends Place {
  /** As it was created. */
  readonly name: string;
  /** Oldest first: a hundred at most, and one at least. */
  readonly versions: VersionRow[];
  readonly tags: Map<string, string>;
  /** Other accounts that may read it, by its ARN. */
  readonly sharedWith: Set<string>;
}

export const latestOf = ({ versions }: ParameterRow): VersionRow => {
  const latest = versions.at(-1);
  if (latest === undefined) throw new Error('a parameter without a version');
  return latest;
};

/** A name without a path has the same ARN with and without its slash. */
export const arnOf = ({ account, region }: Place, name: string): string =>
  `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? name : `/${name}`}`;
