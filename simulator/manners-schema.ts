/**
 * Manners as somebody outside writes them: some or all, by name. Each must be of the kind that its
 * default is; those that are a choice must be one of it.
 */
import { DEFAULT_MANNERS, type Manners } from './manners.ts';

type ChoiceName = {
  [Name in keyof Manners]: Manners[Name] extends string
    ? string extends Manners[Name]
      ? never
      : Name
    : never;
}[keyof Manners];

const CHOICES: { readonly [Name in ChoiceName]: readonly Manners[Name][] } = {
  buckets: ['none', 'published'],
  deregisteredById: ['documented', 'not-found', 'unavailable', 'empty'],
  strangersById: ['not-found', 'left-out'],
  queuePolicies: ['ignored', 'enforced'],
  lockedSnapshotReturnCode: ['client-error', 'skipped', 'missing-permissions'],
};

/** Numbers that are a chance, or a part of a whole: not over 1. */
const PARTS: ReadonlySet<string> = new Set([
  'imageFailure',
  'copyFailure',
  'snapshotDeleteFailure',
  'snapshotFailure',
  'incrementalCopyPart',
  'eventLoss',
  'eventDuplicate',
  'eventReorder',
  'deliveryDuplicate',
  'deliveryFailure',
  'putEventsEntryFailure',
  'queueDuplicate',
  'queueReorder',
  'shortPollMiss',
  'throttled',
  'serverError',
] satisfies readonly (keyof Manners)[]);

const isAmount = (value: unknown, max = Number.POSITIVE_INFINITY): value is number =>
  typeof value === 'number' && value >= 0 && value <= max;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const isSpan = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).every((key) => key === 'min' || key === 'max') &&
  isAmount(value['min']) &&
  isAmount(value['max']) &&
  value['min'] <= value['max'];

interface Kind {
  readonly holds: (value: unknown) => boolean;
  /** What is expected, in words. */
  readonly form: string;
}

const TEXTS: Kind = { holds: isTexts, form: 'a list of texts' };
const SPAN: Kind = { holds: isSpan, form: '{"min": <number>, "max": <number>}, not less than min' };
const AMOUNT: Kind = { holds: (value) => isAmount(value), form: 'a number of 0 or more' };
const PART: Kind = {
  holds: (value) => isAmount(value, 1),
  form: 'a number of 0 or more, 1 at most',
};
const LISTS: Kind = {
  holds: (value) => isObject(value) && Object.values(value).every(isTexts),
  form: 'lists of texts by name',
};

const oneOf = (choice: readonly string[]): Kind => ({
  holds: (value) => choice.includes(value as string),
  form: `one of ${choice.join(', ')}`,
});

const kindOf = (name: keyof Manners): Kind => {
  const model: unknown = DEFAULT_MANNERS[name];
  if (Object.hasOwn(CHOICES, name)) return oneOf(CHOICES[name as ChoiceName]);
  if (typeof model === 'number') return PARTS.has(name) ? PART : AMOUNT;
  if (Array.isArray(model)) return TEXTS;
  if (isObject(model)) return 'min' in model ? SPAN : LISTS;
  return { holds: (value) => typeof value === typeof model, form: typeof model };
};

export type ReadManners =
  | { readonly ok: true; readonly changes: Partial<Manners> }
  /** In words, with the name of the manner. */
  | { readonly ok: false; readonly problem: string };

/** Checks manners by name. Any number of them may be given. */
export const readManners = (value: unknown): ReadManners => {
  if (!isObject(value)) return { ok: false, problem: 'expected an object of manners by name' };
  for (const [name, given] of Object.entries(value)) {
    if (!Object.hasOwn(DEFAULT_MANNERS, name)) {
      return { ok: false, problem: `${name}: no manner is called that; GET them for their names` };
    }
    const { holds, form } = kindOf(name as keyof Manners);
    if (!holds(given)) return { ok: false, problem: `${name}: expected ${form}` };
  }
  return { ok: true, changes: value };
};

/** Every manner there is: what a saved world must have. */
export const readAllManners = (value: unknown): ReadManners => {
  const read = readManners(value);
  const missing = Object.keys(DEFAULT_MANNERS).find(
    (name) => read.ok && !Object.hasOwn(read.changes, name),
  );
  return missing === undefined ? read : { ok: false, problem: `${missing}: is missing` };
};
