import { sourceTagsOf, waitsFor } from './event-triggers.ts';
import { type Instance, type Tags, type Target, targetKey } from './model.ts';
import { type PointName, formatSlot } from './naming.ts';
import type { Policy, TagRules } from './policy.ts';
import { reason } from './reasons.ts';
import { type Tagging, isRestoreTag, limitTags, listKeys } from './tag-limit.ts';
import { matchesAny } from './tag-patterns.ts';
import { TAG, TAG_VALUE_MAX, isReserved } from './tags.ts';
import { type TemplateFacts, cutText, fillTemplate } from './template.ts';

/** A point that is about to be made. */
export interface NewPoint {
  readonly point: PointName;
  readonly home: Target;
  readonly instance: Instance;
  /** Devices that the image leaves out. */
  readonly excludedDevices: readonly string[];
}

/**
 * All tags of a new point of a policy, for the image and each of its snapshots. Where several say a
 * key, ours go before the one that people write how long to keep in, and that before what the policy
 * sets, and that before what it copies. Their order where not all fit is {@link limitTags}'s.
 */
export const tagsOfPoint = (made: NewPoint, policy: Policy): Tagging => {
  const templated = templatedTags(policy, templateFacts(made));
  const wanted = {
    ...copiedTags(policy.tags, made.instance.tags),
    ...templated.tags,
    ...keepTags(policy, made.instance.tags),
    ...eventTags(policy, made.instance),
    ...ownTags(made),
  };
  const limited = limitTags(wanted, policy);
  return { tags: limited.tags, reasons: [...limited.reasons, ...templated.reasons] };
};

/** What every point carries, whatever asked for it. */
export const ownTags = ({ point, home, instance, excludedDevices }: NewPoint): Tags => ({
  ...restoreTags(instance),
  ...numbered(TAG.excludedDevices, excludedDevices),
  ...ownershipTags(point, home),
});

const ownershipTags = (point: PointName, home: Target): Tags => ({
  [TAG.deployment]: point.deployment,
  [TAG.policy]: point.policyId,
  [TAG.source]: point.sourceId,
  [TAG.slot]: formatSlot(point.slotMs),
  [TAG.home]: targetKey(home),
});

/** What a relaunch needs. */
const restoreTags = ({ restore }: Instance): Tags => ({
  ...(restore.instanceType === undefined ? {} : { [TAG.instanceType]: restore.instanceType }),
  ...(restore.subnetId === undefined ? {} : { [TAG.subnet]: restore.subnetId }),
  ...(restore.instanceProfileArn === undefined
    ? {}
    : { [TAG.instanceProfile]: profileOf(restore.instanceProfileArn) }),
  ...(restore.keyName === undefined ? {} : { [TAG.keyName]: restore.keyName }),
  ...numbered(TAG.securityGroups, restore.securityGroupIds),
});

/** An ARN with a long path has no room in a tag; the name alone is unique in its account. */
const profileOf = (arn: string): string =>
  arn.length <= TAG_VALUE_MAX ? arn : arn.slice(arn.lastIndexOf('/') + 1);

/** Words in one tag, or where they are too many in `key`, `key.2`, `key.3`. */
const numbered = (key: string, words: readonly string[]): Tags => {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= TAG_VALUE_MAX) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return Object.fromEntries(
    lines.map((line, index) => [index === 0 ? key : `${key}.${index + 1}`, line]),
  );
};

/** What a policy's events are told by later: only where its triggers ask for it. */
const eventTags = (policy: Policy, { state, tags }: Instance): Tags => ({
  ...(waitsFor(policy, 'stopped', 'running') ? { [TAG.sourceState]: state } : {}),
  ...(waitsFor(policy, 'tag-changed') ? { [TAG.sourceTags]: sourceTagsOf(tags) } : {}),
});

/** What people wrote on the instance about how long its points are kept, whatever the policy copies. */
const keepTags = ({ keepFrom }: Policy, tags: Tags): Tags =>
  pick(tags, (key) => key === TAG.keep || (key === keepFrom?.tag && !isReserved(key)));

/** The tags of an instance that its points carry on: people's own, never a manager's mark. */
export const copiedTags = ({ copy, exclude }: TagRules, tags: Tags): Tags =>
  pick(
    tags,
    (key, value) => !isReserved(key, value) && matchesAny(copy, key) && !matchesAny(exclude, key),
  );

const pick = (tags: Tags, isWanted: (key: string, value: string) => boolean): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key, value]) => isWanted(key, value)));

/** What the templates of a policy are filled in with, for one of its points. */
export const templateFacts = ({
  point,
  home,
  instance,
}: Pick<NewPoint, 'point' | 'home' | 'instance'>): TemplateFacts => ({
  deployment: point.deployment,
  policyId: point.policyId,
  place: home,
  instance,
  slotMs: point.slotMs,
});

/** What a policy sets on its points, its template for `Name` included, and which values were cut. */
const templatedTags = ({ tags, image }: Policy, facts: TemplateFacts): Tagging => {
  const templates = image.name === undefined ? tags.set : { ...tags.set, Name: image.name };
  const filled = Object.entries(templates).map(
    ([key, template]) => [key, fillTemplate(template, facts)] as const,
  );
  const cut = filled.filter(([, value]) => value.length > TAG_VALUE_MAX).map(([key]) => key);
  return {
    tags: Object.fromEntries(filled.map(([key, value]) => [key, cutText(value, TAG_VALUE_MAX)])),
    reasons: cut.length === 0 ? [] : [reason('TAG-05', listKeys(cut))],
  };
};

/** A point elsewhere that is about to be copied. */
export interface CopyOrigin {
  readonly imageId: string;
  readonly home: Target;
  readonly capturedMs: number;
  readonly tags: Tags;
}

/** All tags of a copy: those of its source, and a home and an origin of its own. */
export const tagsOfCopy = (
  point: PointName,
  home: Target,
  origin: CopyOrigin,
  policy: Policy,
): Tagging =>
  limitTags(
    {
      ...carriedTags(origin.tags),
      ...ownershipTags(point, home),
      [TAG.copiedFrom]: `${targetKey(origin.home)}/${origin.imageId}`,
      [TAG.capturedAt]: new Date(origin.capturedMs).toISOString(),
    },
    policy,
  );

const CARRIED_KEYS: readonly string[] = [TAG.keep, TAG.sourceState, TAG.sourceTags];

/** The tags of a point that its copies carry on: people's, and what is true of its data anywhere. */
export const carriedTags = (tags: Tags): Tags =>
  pick(
    tags,
    (key, value) =>
      !isReserved(key, value) ||
      isRestoreTag(key) ||
      CARRIED_KEYS.includes(key) ||
      isOrNumbered(key, TAG.excludedDevices),
  );

const isOrNumbered = (key: string, first: string): boolean =>
  key === first || key.startsWith(`${first}.`);
