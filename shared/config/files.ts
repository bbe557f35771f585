import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file that cannot be used, in words for the one who named it. */
export class UnusableFileError extends Error {
  readonly file: string;
  readonly problem: string;

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}\nNothing was changed. Name another file or mend this one.`);
    this.name = 'UnusableFileError';
    this.file = file;
    this.problem = problem;
  }
}

/**
 * The whole text of a file of at most `bytesMax` bytes.
 * @throws UnusableFileError if it is not there, not a file, too large or not UTF-8
 */
export const readTextFile = (file: string, bytesMax: number): string => {
  const bytes = readBytes(file, bytesMax);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnusableFileError(file, 'expected UTF-8 text, found other bytes');
  }
};

const readBytes = (file: string, bytesMax: number): Uint8Array => {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) throw new UnusableFileError(file, 'expected a file');
    const { size } = stats;
    if (size > bytesMax) {
      throw new UnusableFileError(file, `expected ${bytesMax} bytes at most, found ${size}`);
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UnusableFileError) throw error;
    throw new UnusableFileError(file, error instanceof Error ? error.message : String(error));
  }
};

/**
 * Paths of the files of a folder whose names match, in the order of their names; undefined if it is
 * no folder.
 * @param wanted what they are called, for messages
 * @throws UnusableFileError if it cannot be read, or holds none
 */
export const listFolder = (
  folder: string,
  names: RegExp,
  wanted: string,
): readonly string[] | undefined => {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const found = readNames(folder).filter((name) => names.test(name));
  if (found.length > 0) return found.toSorted().map((name) => join(folder, name));
  throw new UnusableFileError(folder, `expected files that end with ${wanted} in this folder`);
};

const readNames = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new UnusableFileError(folder, error instanceof Error ? error.message : String(error));
  }
};
