import type { Instance, Tags } from './model.ts';
import { parseKeepText } from './keep-text.ts';
import type { Dated } from './point.ts';
import type { Keep, KeepFrom } from './policy.ts';
import { isoEndMs } from './protection.ts';
import { type Reason, reason } from './reasons.ts';
import { retain } from './retention.ts';
import { TAG } from './tags.ts';

/** Why each point of a group is kept, by image id; one that is not there has expired. */
export type KeptReasons = ReadonlyMap<string, readonly Reason[]>;

/** What is kept by the rule of the group and, beside it, by what people wrote into tags. */
export interface Kept {
  readonly reasons: KeptReasons;
  /** By image id: tags that hold no rule that can be read. They are reported, and that is all. */
  readonly unread: KeptReasons;
}

/** The points of one group, and who may say how long they are kept beside its own rule. */
export interface KeptGroup {
  /** Good ones, latest first. */
  readonly points: readonly Dated[];
  readonly timezone: string;
  readonly nowMs: number;
  readonly keepFrom?: KeepFrom;
  /** The instance that they are of, while it is seen: its tags lengthen for all its points. */
  readonly source?: Pick<Instance, 'id' | 'tags'>;
  /** Nothing newer will come of a source that is gone, so a duration counts back from now. */
  readonly isSourceGone?: boolean;
}

/** By the group's own rule alone. */
export const keptByRule = ({ points, timezone }: KeptGroup, keep: Keep): KeptReasons =>
  retain(
    points.map(({ image, instantMs }) => ({ id: image.id, instantMs })),
    keep,
    timezone,
  );

/**
 * What the tags of people keep, beside what the group's own rule keeps. A rule in a tag is evaluated
 * over the whole group, and keeps the point that carries it. So it can only lengthen; but where
 * `keepFrom` has a floor, what its tag says stands instead of the group's rule.
 */
export const keepBeside = (group: KeptGroup, byRule: KeptReasons): Kept => {
  const ofSource = sayingsIn(group.source?.tags ?? {}, group.keepFrom, group.source?.id);
  const isSilent = createIsSilent(group);
  if (ofSource.length === 0 && group.points.every(isSilent)) {
    return { reasons: byRule, unread: new Map() };
  }
  const keptBy = createKeptBy(group);
  const weigh = createWeigh(group, keptBy);
  const reasons = new Map<string, readonly Reason[]>();
  const unread = new Map<string, readonly Reason[]>();
  for (const { image } of group.points) {
    const sayings = [...sayingsIn(image.tags, group.keepFrom), ...ofSource];
    const until = keptUntil(image.tags, group.nowMs);
    const all = [
      ...weigh(image.id, byRule.get(image.id) ?? [], sayings),
      ...(until?.id === 'RET-08' ? [until] : []),
    ];
    if (all.length > 0) reasons.set(image.id, all);
    const invalid = sayings.filter((saying) => keptBy(saying) === undefined);
    if (invalid.length > 0) unread.set(image.id, invalid.map(asReason('RET-09')));
  }
  return { reasons, unread };
};

/** Most images say nothing, which is seen without putting anything together. */
const createIsSilent = ({ keepFrom }: KeptGroup): ((point: Dated) => boolean) => {
  const tag = keepFrom?.tag;
  return ({ image: { tags } }) =>
    tags[TAG.keep] === undefined &&
    tags[TAG.keepUntil] === undefined &&
    (tag === undefined || !Object.hasOwn(tags, tag));
};

/** Somebody's words about how long a point is kept. */
interface Saying {
  readonly key: string;
  readonly text: string;
  readonly unit?: KeepFrom['unit'];
  /** Whether it is what the policy's `keepFrom` looks at. */
  readonly isFromPolicy: boolean;
  /** The instance that it stands on; else it is the image itself. */
  readonly of?: string;
}

const sayingsIn = (tags: Tags, keepFrom: KeepFrom | undefined, of?: string): readonly Saying[] => {
  const sayings: Saying[] = [];
  const add = (key: string, isFromPolicy: boolean, unit?: KeepFrom['unit']): void => {
    const text = Object.hasOwn(tags, key) ? tags[key] : undefined;
    if (text === undefined) return;
    sayings.push({ key, text, isFromPolicy, ...(unit && { unit }), ...(of && { of }) });
  };
  add(TAG.keep, false);
  if (keepFrom !== undefined) add(keepFrom.tag, true, keepFrom.unit);
  return sayings;
};

const asReason =
  (id: 'RET-08' | 'RET-09') =>
  ({ key, text, of }: Saying): Reason =>
    reason(id, of === undefined ? `${key}=${text}` : `${key}=${text} of ${of}`);

/** What one saying keeps of the whole group; undefined if it cannot be read. */
type KeptBy = (saying: Saying) => KeptReasons | undefined;

type Weigh = (
  imageId: string,
  own: readonly Reason[],
  sayings: readonly Saying[],
) => readonly Reason[];

const createWeigh = (group: KeptGroup, keptBy: KeptBy): Weigh => {
  // Where the source is gone, the policy's own rules have had their say.
  const floor = group.isSourceGone === true ? undefined : group.keepFrom?.floor;
  const byFloor = floor === undefined ? undefined : keptByRule(group, floor);
  return (imageId, own, sayings) => {
    const fromPolicy = sayings.filter(({ isFromPolicy }) => isFromPolicy);
    const hasFloor = byFloor !== undefined && fromPolicy.length > 0;
    const isReplaced = hasFloor && fromPolicy.every((saying) => keptBy(saying) !== undefined);
    return [
      ...(isReplaced ? [] : own),
      ...(hasFloor ? (byFloor.get(imageId) ?? []) : []),
      ...sayings.filter((saying) => keptBy(saying)?.has(imageId)).map(asReason('RET-08')),
    ];
  };
};

/** Stands for now, among the points of a source that is gone. No image is called so. */
const NOW = 'now';

/** Many points of a group say the same, so each text is read and evaluated once. */
const createKeptBy = (group: KeptGroup): KeptBy => {
  const known = new Map<string, KeptReasons | undefined>();
  return (saying) => {
    const key = `${saying.unit ?? ''} ${saying.text}`;
    if (known.has(key)) return known.get(key);
    const rule = parseKeepText(saying.text, saying.unit);
    const kept = rule === undefined ? undefined : keptByTag(group, rule);
    known.set(key, kept);
    return kept;
  };
};

const keptByTag = (
  { points, timezone, nowMs, isSourceGone = false }: KeptGroup,
  rule: Keep,
): KeptReasons => {
  const dated = points.map(({ image, instantMs }) => ({ id: image.id, instantMs }));
  const isAge = rule.within !== undefined && Object.keys(rule).length === 1;
  const all = isSourceGone && isAge ? [...dated, { id: NOW, instantMs: nowMs }] : dated;
  return retain(all, rule, timezone);
};

/**
 * What the tag `imago:keep-until` of an image says: that it is kept (RET-08), or nothing more; or, if
 * it cannot be read, that nobody knows (PRO-26), which forbids its removal.
 */
export const keptUntil = (tags: Tags, nowMs: number): Reason | undefined => {
  const text = tags[TAG.keepUntil];
  if (text === undefined) return undefined;
  const untilMs = isoEndMs(text);
  if (untilMs === undefined) return reason('PRO-26', text);
  return nowMs < untilMs ? reason('RET-08', `${TAG.keepUntil}=${text}`) : undefined;
};

/**
 * All that tags say about how long an image is kept, in one text. Where it is another one right
 * before a removal, somebody has changed their mind since, and the next run judges it anew.
 */
export const sayingsOf = (
  image: Tags,
  source: Pick<Instance, 'id' | 'tags'> | undefined,
  keepFrom: KeepFrom | undefined,
): string =>
  [...sayingsIn(image, keepFrom), ...sayingsIn(source?.tags ?? {}, keepFrom, source?.id)]
    .map(({ key, text, of = 'the image' }) => `${key}=${text} of ${of}`)
    .join(', ');
