import { type Instance, type Tags, type Target, targetKey } from './model.ts';
import { type PointName, formatSlot } from './naming.ts';
import type { TagRules } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

/** Keys that say who owns an image or a snapshot. Nobody but the creating call writes them. */
export const TAG = {
  deployment: 'imago:deployment',
  policy: 'imago:policy',
  source: 'imago:source',
  slot: 'imago:slot',
  home: 'imago:home',
  copiedFrom: 'imago:copied-from',
  capturedAt: 'imago:captured-at',
  instanceType: 'imago:instance-type',
  subnet: 'imago:subnet',
  securityGroups: 'imago:security-groups',
  instanceProfile: 'imago:instance-profile',
  keyName: 'imago:key-name',
  /** Of a point that somebody asked for: how long it is kept. People may change it. */
  keepUntil: 'imago:keep-until',
  /** Written by people: forbids removal, until a date if its value is one. */
  hold: 'imago:hold',
} as const;

/** EC2 allows 50 user tags on a resource, and 256 characters in a value. */
const TAGS_MAX = 50;
const VALUE_LENGTH_MAX = 256;

/** Marks of EC2, of other managers, and our own: never carried from anything to anything. */
const isReserved = (key: string): boolean =>
  /^(aws:|imago:|dlm:)/i.test(key) || key === 'AWSBackupManagedResource';

const ownershipTags = (point: PointName, home: Target): Tags => ({
  [TAG.deployment]: point.deployment,
  [TAG.policy]: point.policyId,
  [TAG.source]: point.sourceId,
  [TAG.slot]: formatSlot(point.slotMs),
  [TAG.home]: targetKey(home),
});

/** What a relaunch needs. Long lists of security groups go on in a numbered tag. */
const restoreTags = ({ restore }: Instance): Tags => {
  const tags: Record<string, string> = {};
  if (restore.instanceType !== undefined) tags[TAG.instanceType] = restore.instanceType;
  if (restore.subnetId !== undefined) tags[TAG.subnet] = restore.subnetId;
  if (restore.instanceProfileArn !== undefined) {
    tags[TAG.instanceProfile] = restore.instanceProfileArn;
  }
  if (restore.keyName !== undefined) tags[TAG.keyName] = restore.keyName;
  joinWithin(restore.securityGroupIds, VALUE_LENGTH_MAX).forEach((value, index) => {
    tags[index === 0 ? TAG.securityGroups : `${TAG.securityGroups}.${index + 1}`] = value;
  });
  return tags;
};

const joinWithin = (words: readonly string[], lengthMax: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= lengthMax) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
};

/**
 * All tags of a new point: ours, what a relaunch needs, what the policy sets, and what it copies
 * from the instance. Where EC2's limit of 50 is reached, copied tags give way, last keys first.
 */
export const tagsOfPoint = (
  point: PointName,
  home: Target,
  instance: Instance,
  rules: TagRules,
): Tags => {
  const ours = { ...ownershipTags(point, home), ...restoreTags(instance) };
  const set = Object.fromEntries(
    Object.entries(rules.set).map(([key, value]) => [key, fillIn(value, point)]),
  );
  const fixed: Tags = { ...set, ...ours };
  const copied = Object.entries(instance.tags)
    .filter(([key]) => !Object.hasOwn(fixed, key) && !isReserved(key))
    .filter(([key]) => rules.copy.some((pattern) => matchesWildcard(pattern, key)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, Math.max(0, TAGS_MAX - Object.keys(fixed).length));
  return { ...Object.fromEntries(copied), ...fixed };
};

const fillIn = (template: string, point: PointName): string =>
  template
    .replaceAll('{slot}', formatSlot(point.slotMs))
    .replaceAll('{policy}', point.policyId)
    .replaceAll('{source}', point.sourceId)
    .replaceAll('{deployment}', point.deployment)
    .slice(0, VALUE_LENGTH_MAX);

export interface CopyOrigin {
  readonly imageId: string;
  readonly home: Target;
  readonly capturedMs: number;
  readonly tags: Tags;
}

/** All tags of a copy: people's and relaunch tags of its source, and a home and origin of its own. */
export const tagsOfCopy = (point: PointName, home: Target, origin: CopyOrigin): Tags => {
  const carried = Object.entries(origin.tags).filter(
    ([key]) => !isReserved(key) || isRestoreTag(key),
  );
  const ours: Tags = {
    ...ownershipTags(point, home),
    [TAG.copiedFrom]: `${targetKey(origin.home)}/${origin.imageId}`,
    [TAG.capturedAt]: new Date(origin.capturedMs).toISOString(),
  };
  const room = TAGS_MAX - Object.keys(ours).length;
  const isOursFirst = ([a]: [string, string], [b]: [string, string]): number =>
    Number(isRestoreTag(b)) - Number(isRestoreTag(a)) || (a < b ? -1 : 1);
  return { ...Object.fromEntries(carried.sort(isOursFirst).slice(0, room)), ...ours };
};

const RESTORE_KEYS: readonly string[] = [
  TAG.instanceType,
  TAG.subnet,
  TAG.instanceProfile,
  TAG.keyName,
];

const isRestoreTag = (key: string): boolean =>
  RESTORE_KEYS.includes(key) || key.startsWith(TAG.securityGroups);
