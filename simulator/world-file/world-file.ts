/** A world as a file: JSON text that a person can read, keep, edit and share. */
import type { SavedCloud } from '../cloud.ts';
import { isoOf } from '../kernel/kernel.ts';
import { checkWorld, type ReadWorld } from './check.ts';
import { decode, UnknownValueError } from './decode.ts';
import { encode } from './encode.ts';
import { findSyntaxProblem } from './syntax.ts';
import { UnusableWorldError } from './unusable.ts';

export type { ReadWorld } from './check.ts';
export { UnusableWorldError } from './unusable.ts';

const FORMAT = 'imago-world';
const VERSION = 1;

/**
 * @param saved what `cloud.save()` gave
 * @param seed  of the cloud: what was not drawn from yet follows from it
 * @throws TypeError for what cannot be saved, such as a function in a row
 */
export const writeWorld = ({ nowMs, manners, agenda, parts }: SavedCloud, seed: number): string =>
  `${encode({
    format: FORMAT,
    version: VERSION,
    savedAt: isoOf(nowMs),
    seed,
    manners,
    agenda,
    parts,
  })}\n`;

/**
 * @param text the file's whole text
 * @param name the file's name, for messages
 * @throws UnusableWorldError naming the file, the first place that is wrong, and what to do
 */
export const readWorld = (text: string, name: string): ReadWorld => {
  const world = decoded(parsed(text, name), name);
  assertFormat(world, name);
  return checkWorld(world, name);
};

const parsed = (text: string, name: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { line, column, isCutOff } = findSyntaxProblem(text) ?? NO_PLACE;
    const place = `line ${line}, column ${column}`;
    const reason = error instanceof Error ? error.message : String(error);
    throw isCutOff
      ? new UnusableWorldError(name, place, 'the file ends in the middle', CUT_OFF)
      : new UnusableWorldError(name, place, `no valid JSON: ${reason}`, MEND);
  }
};

const NO_PLACE = { line: 1, column: 1, isCutOff: false };
const CUT_OFF = 'It was cut off while it was written or copied: take another copy of it.';
const MEND = 'Mend it there, or name another file.';
const SAVE_ONE = 'Name a file that was saved from an embedded cloud.';

const decoded = (json: unknown, name: string): unknown => {
  try {
    return decode(json);
  } catch (error) {
    if (!(error instanceof UnknownValueError)) throw error;
    throw new UnusableWorldError(name, error.place, error.message, MEND);
  }
};

const assertFormat = (world: unknown, name: string): void => {
  const isObject = world !== null && typeof world === 'object';
  const format: unknown = isObject && 'format' in world ? world.format : undefined;
  if (!isObject || format !== FORMAT) {
    throw new UnusableWorldError(name, '', `this is no world ("format": "${FORMAT}")`, SAVE_ONE);
  }
  const version: unknown = 'version' in world ? world.version : undefined;
  if (version === VERSION) return;
  throw new UnusableWorldError(
    name,
    'version',
    `version ${VERSION} is supported, found ${JSON.stringify(version)}`,
    'Load it with the Imago that saved it.',
  );
};
