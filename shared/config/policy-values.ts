import type { Adoption, Policy, ScheduleTrigger, TagPolicy, Trigger } from '../domain/policy.ts';
import { parseSchedule, type Schedule } from '../domain/schedule.ts';
import type { AdoptionEntry, BackupEntry, TagPolicyEntry } from './policy-schema.ts';
import { choicesOf, knownGapMs } from './policy-slots.ts';
import { type TriggerEntry, type WindowEntry, toWindow } from './policy-when.ts';

/** What was written, as the values that the domain works with. */

/** @param timezone of the document */
export const toPolicy = (entry: BackupEntry, timezone: string): Policy => {
  const zone = entry.timezone ?? timezone;
  const when = entry.when.map((trigger) => toTrigger(trigger, zone));
  const { keepFrom, whenSourceGone } = entry;
  return {
    ...retentionOf(entry, zone),
    select: toSelection(entry.select),
    when,
    blackout: toWindows(entry.blackout, zone),
    rpoMs: entry.rpo ?? derivedRpoMs(when) ?? 0, // 0: refused by policy-meaning.ts
    image: toImageOptions(entry.image),
    tags: entry.tags,
    ...(keepFrom === undefined ? {} : { keepFrom: defined(keepFrom) }),
    ...(whenSourceGone === undefined ? {} : { whenSourceGone: defined(whenSourceGone) }),
    copyTo: entry.copyTo.map((destination) => defined(destination)),
  };
};

export const toAdoption = (entry: AdoptionEntry, timezone: string): Adoption => ({
  ...retentionOf(entry, entry.timezone ?? timezone),
  images: entry.adopt.images,
  ...(entry.adopt.groupBy === undefined ? {} : { groupByTag: entry.adopt.groupBy.tag }),
});

export const toTagPolicy = (entry: TagPolicyEntry): TagPolicy => entry;

const retentionOf = (
  { id, formerly, keep, retire }: BackupEntry | AdoptionEntry,
  zone: string,
): Pick<Policy, 'id' | 'formerly' | 'timezone' | 'keep' | 'retire'> => ({
  id,
  formerly,
  timezone: zone,
  keep,
  retire: { snapshots: retire.snapshots, during: toWindows(retire.during, zone) },
});

const toWindows = (entries: readonly WindowEntry[], zone: string): Policy['blackout'] =>
  entries.map((entry) => toWindow(entry, zone));

const toSelection = ({
  olderThan,
  youngerThan,
  ...rules
}: BackupEntry['select']): Policy['select'] => ({
  ...rules,
  ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
  ...(youngerThan === undefined ? {} : { youngerThanMs: youngerThan }),
});

const toImageOptions = ({ stagger, ...options }: BackupEntry['image']): Policy['image'] => ({
  ...defined(options),
  staggerMs: stagger ?? 0,
});

/** A value whose absent fields are absent, not there and undefined. */
const defined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

const toTrigger = (entry: TriggerEntry, zone: string): Trigger => {
  const { name } = entry;
  const parts = {
    ...(name === undefined ? {} : { name }),
    isOptional: entry.optional,
  };
  if ('event' in entry) {
    const { event, atMostEvery } = entry;
    return { kind: 'event', ...parts, event, startWithinMs: 0, atMostEveryMs: atMostEvery };
  }
  return {
    kind: 'schedule',
    ...parts,
    schedule: scheduleOf(entry.schedule, entry.timezone ?? zone),
    startWithinMs: entry.startWithin,
    catchUpMs: entry.catchUp,
    jitterMs: entry.jitter,
  };
};

const scheduleOf = (expression: string, timezone: string): Schedule => {
  const result = parseSchedule(expression, timezone);
  if (!result.ok) throw new Error(`${expression}: ${result.problem}`); // the schema has refused it
  return result.schedule;
};

/**
 * The longest gap between slots, and what a point may be late: `jitter` and `startWithin`. Of several schedules that count for
 * one instance the one that leaves the shortest; of several that instances may pick, the one that
 * leaves the longest, so that nobody breaches what was never promised.
 */
export const derivedRpoMs = (when: readonly Trigger[]): number | undefined => {
  const reached = choicesOf({ when }).flatMap((choice) => shortestMs(choice) ?? []);
  return reached.length === 0 ? undefined : Math.max(...reached);
};

const shortestMs = (schedules: readonly ScheduleTrigger[]): number | undefined => {
  const reached = schedules.flatMap(({ schedule, startWithinMs, jitterMs }) => {
    const gapMs = knownGapMs(schedule);
    return gapMs === undefined ? [] : [gapMs + jitterMs + startWithinMs];
  });
  return reached.length === 0 ? undefined : Math.min(...reached);
};
