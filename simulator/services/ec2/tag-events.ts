/** The events that AWS sends of tags that were changed, in its exact shape. */
import type { Ec2 } from './ec2.ts';
import type { Taggable } from './taggable.ts';

/** Whether the ARN of a resource names its account: Service Authorization Reference, "Amazon EC2". */
const NAMES_ACCOUNT: Readonly<Record<string, boolean>> = {
  image: false,
  snapshot: false,
  instance: true,
  volume: true,
};

/** The keys that are new, gone or have another value. */
const changedKeysOf = (
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );

/**
 * "Tag Change on Resource", unless the tags are what they were (Tag Editor User Guide, "Monitor tag
 * changes"). It is sent of images, snapshots, instances and volumes.
 */
export const announceTags = (
  ec2: Ec2,
  region: string,
  of: { readonly id: string; readonly type: string; readonly row: Taggable },
  before: ReadonlyMap<string, string>,
): void => {
  const { id, type, row } = of;
  const namesAccount = NAMES_ACCOUNT[type];
  const changedKeys = changedKeysOf(before, row.tags);
  if (namesAccount === undefined || changedKeys.length === 0) return;
  row.tagVersion = (row.tagVersion ?? 0) + 1;
  ec2.announce({
    account: row.ownerId,
    region,
    source: 'aws.tag',
    detailType: 'Tag Change on Resource',
    resources: [`arn:aws:ec2:${region}:${namesAccount ? row.ownerId : ''}:${type}/${id}`],
    detail: {
      'changed-tag-keys': changedKeys,
      service: 'ec2',
      'resource-type': type,
      version: row.tagVersion,
      tags: Object.fromEntries(row.tags),
    },
  });
};
