import { groupOf } from './audit-instances.ts';
import type { StarterFit } from './audit-report.ts';
import { type AuditView, liveInstances } from './audit-view.ts';
import type { Instance } from './model.ts';
import { isReserved } from './tags.ts';

/** Values by which people say no. */
const NO: readonly string[] = ['', '0', 'disabled', 'false', 'n', 'never', 'no', 'none', 'off'];

/** Keys that say what the starter policy's tag is to say, from the plainest to the vaguest. */
const KEY_FORMS: readonly RegExp[] = [
  /back-?_?up/i,
  /^(ami|snapshot)s?([-_:]|$)/i,
  /^(environment|env|stage|tier)$/i,
];

/** Of keys that say where something runs, the values that are backed up first. */
const PRODUCTION = /^(p|prd|prod|production|live)$/i;

/** More than this no reader takes in, and no fleet needs. */
const VALUES_MAX = 10;
const KEYS_MAX = 3;

interface Candidate {
  readonly key: string;
  readonly values: readonly string[];
  readonly selected: number;
  readonly rank: number;
}

/**
 * The tag by which a policy could select what is there: one that speaks of backups, else one of
 * production, else the most common one. Members of Auto Scaling groups are not backed up, and count
 * for nothing.
 */
export const fitOf = (views: readonly AuditView[]): StarterFit => {
  const eligible = eligibleIn(views);
  const [best] = candidatesIn(eligible.filter(isWilling)).toSorted(
    (a, b) => a.rank - b.rank || b.selected - a.selected || (a.key < b.key ? -1 : 1),
  );
  return {
    ...(best === undefined ? {} : { tag: { key: best.key, values: best.values } }),
    selected: best?.selected ?? 0,
    eligible: eligible.length,
    copiedKeys: commonKeys(eligible),
  };
};

const eligibleIn = (views: readonly AuditView[]): readonly Instance[] =>
  views
    .flatMap(liveInstances)
    .filter((instance) => groupOf(instance) === undefined && instance.rootDeviceType === 'ebs');

/** The starter policy leaves out what has this tag. */
const isWilling = ({ tags }: Instance): boolean => tags['no-backup'] === undefined;

/** The instances that a policy with this tag would select. */
export const selectedBy = (
  views: readonly AuditView[],
  { tag }: Pick<StarterFit, 'tag'>,
): ReadonlySet<string> =>
  new Set(
    eligibleIn(views)
      .filter(isWilling)
      .filter(({ tags }) => tag !== undefined && tag.values.includes(tags[tag.key] ?? ''))
      .map(({ id }) => id),
  );

/** Wildcards cannot be written as what they are, and one name not at all: tags with them are left out. */
const isUsable = ([key, value]: readonly [string, string]): boolean =>
  key !== 'Name' && key !== '__proto__' && !isReserved(key, value) && !/[*?]/.test(key + value);

const usableTags = ({ tags }: Instance): readonly (readonly [string, string])[] =>
  Object.entries(tags).filter(isUsable);

const candidatesIn = (instances: readonly Instance[]): readonly Candidate[] => {
  const byKey = Map.groupBy(instances.flatMap(usableTags), ([key]) => key);
  return [...byKey].flatMap(([key, tags]) =>
    candidateOf(
      key,
      tags.map(([, value]) => value),
    ),
  );
};

const candidateOf = (key: string, found: readonly string[]): readonly Candidate[] => {
  const form = KEY_FORMS.findIndex((one) => one.test(key));
  const counts = [...Map.groupBy(found, (value) => value)]
    .map(([value, { length }]) => ({ value, count: length }))
    .filter(({ value }) => !NO.includes(value.toLowerCase()))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  const isPlace = form === KEY_FORMS.length - 1;
  const production = counts.filter(({ value }) => PRODUCTION.test(value));
  const wanted = isPlace && production.length > 0 ? production : counts;
  const isSaid = form >= 0 && (!isPlace || production.length > 0);
  // Of a key that says nothing of backups only one value is taken: all of them would be everything.
  const chosen = wanted.slice(0, isSaid ? VALUES_MAX : 1);
  if (chosen.length === 0) return [];
  return [
    {
      key,
      values: chosen.map(({ value }) => value).toSorted(),
      selected: chosen.reduce((total, { count }) => total + count, 0),
      rank: isSaid ? form : KEY_FORMS.length,
    },
  ];
};

/** Keys that half of the instances have, the most common first. */
const commonKeys = (instances: readonly Instance[]): readonly string[] =>
  [...Map.groupBy(instances.flatMap(usableTags), ([key]) => key)]
    .map(([key, { length }]) => ({ key, count: length }))
    .filter(({ count }) => count * 2 >= instances.length)
    .toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
    .slice(0, KEYS_MAX)
    .map(({ key }) => key);
