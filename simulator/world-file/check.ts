/** Whether what a world file says can be a world: each field there, and of its type. */
import * as z from 'zod';
import { VirtualClock } from '../clock.ts';
import { createCloud, type EmbeddedCloud, type SavedCloud } from '../cloud.ts';
import type { AgendaEntry } from '../kernel/agenda.ts';
import { DEFAULT_MANNERS, type Manners } from '../manners.ts';
import { createRandom } from '../random.ts';
import type { SavedStore } from '../services/ec2/store.ts';
import { PARTS } from './parts.ts';
import { findDangling } from './references.ts';
import { listOf, number, recordOf, rowOf, text } from './shapes.ts';
import { placeOf, UnusableWorldError } from './unusable.ts';

/** What a world file holds. A cloud of this seed, new and at `saved.nowMs`, can load it. */
export interface ReadWorld {
  readonly saved: SavedCloud;
  readonly seed: number;
}

type Path = readonly PropertyKey[];
type Fail = (path: Path, problem: string) => never;

const MEND = 'Mend it there, or name another file.';

const INSTANT = z.iso.datetime({ precision: 3 }).transform((instant) => Date.parse(instant));

const ENVELOPE = z.strictObject({
  format: z.string(),
  version: z.number(),
  savedAt: INSTANT,
  seed: z.int().nonnegative(),
  manners: recordOf(z.unknown()),
  agenda: listOf(rowOf<AgendaEntry>()({ atMs: number, kind: text, data: z.unknown() })),
  parts: recordOf(z.unknown()),
});

/**
 * @param world what the file's text says
 * @param name  the file's name, for messages
 * @throws UnusableWorldError for the first place that is wrong
 */
export const checkWorld = (world: unknown, name: string): ReadWorld => {
  const fail: Fail = (path, problem) => {
    throw new UnusableWorldError(name, placeOf(path), problem, MEND);
  };
  const known = createCloud({ clock: new VirtualClock(0), random: createRandom(0) });
  const { savedAt, seed, agenda, parts, manners } = parse(ENVELOPE, world, [], fail);
  assertManners(manners, fail);
  assertParts(known, parts, fail);
  assertAgenda(known, agenda, fail);
  const saved: SavedCloud = { nowMs: savedAt, manners, agenda, parts };
  return { saved, seed };
};

const parse = <Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  path: Path,
  fail: Fail,
): Output => {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  return fail([...path, ...(issue?.path ?? [])], problemOf(issue));
};

/** In the words of zod, less what the place says already. */
const problemOf = (issue: z.core.$ZodIssue | undefined): string =>
  issue?.message.replace(/^Invalid input: /, '') ?? 'is not valid';

/** A manner is a number, a span, a flag, a word or a list: as the default one of its name is. */
const hasKindOf = (example: unknown, value: unknown): boolean => {
  if (typeof value !== typeof example || Array.isArray(value) !== Array.isArray(example)) {
    return false;
  }
  if (Array.isArray(example) || example === null || typeof example !== 'object') return true;
  const held = value as Readonly<Record<string, unknown>> | null;
  return Object.entries(example).every(([key, one]) => hasKindOf(one, held?.[key]));
};

const assertManners: (
  manners: Readonly<Record<string, unknown>>,
  fail: Fail,
) => asserts manners is Manners & Record<string, unknown> = (manners, fail) => {
  const stranger = Object.keys(manners).find((name) => !(name in DEFAULT_MANNERS));
  if (stranger !== undefined) fail(['manners', stranger], 'there is no such manner');
  for (const [name, example] of Object.entries(DEFAULT_MANNERS)) {
    if (hasKindOf(example, manners[name])) continue;
    fail(['manners', name], `expected a value such as ${JSON.stringify(example)}`);
  }
};

const assertParts = (
  known: EmbeddedCloud,
  parts: Readonly<Record<string, unknown>>,
  fail: Fail,
): void => {
  for (const name of Object.keys(known.save().parts)) {
    if (!(name in parts)) fail(['parts', name], 'this part is missing');
  }
  for (const [name, part] of Object.entries(parts)) {
    if (!known.knows.part(name)) fail(['parts', name], 'there is no such part');
    const schema = PARTS[name];
    if (schema !== undefined) parse(schema, part, ['parts', name], fail);
  }
  const dangling = findDangling(parts['ec2'] as Readonly<Record<string, SavedStore>>);
  if (dangling !== undefined) fail(['parts', 'ec2', ...dangling.path], dangling.problem);
};

const assertAgenda = (known: EmbeddedCloud, agenda: readonly AgendaEntry[], fail: Fail): void => {
  const index = agenda.findIndex(({ kind }) => !known.knows.agendaKind(kind));
  if (index === -1) return;
  fail(['agenda', index, 'kind'], `nobody knows what '${agenda[index]?.kind}' is`);
};
