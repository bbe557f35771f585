import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
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
export const readTextFile = (file: string, bytesMax: number): string =>
  decoded(file, readBytes(file, bytesMax), 'utf-8');

/**
 * The whole text that a command's output was sent to, of at most `bytesMax` bytes: UTF-8, or the
 * UTF-16 that PowerShell writes, known by its first two bytes.
 * @throws UnusableFileError as {@link readTextFile}
 */
export const readCommandOutput = (file: string, bytesMax: number): string => {
  const bytes = readBytes(file, bytesMax);
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return decoded(file, bytes, isUtf16 ? 'utf-16le' : 'utf-8');
};

const decoded = (file: string, bytes: Uint8Array, encoding: 'utf-8' | 'utf-16le'): string => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
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
  if (!isFolder(folder)) return undefined;
  const found = readNames(folder).filter((name) => names.test(name));
  if (found.length > 0) return found.toSorted().map((name) => join(folder, name));
  throw new UnusableFileError(folder, `expected files that end with ${wanted} in this folder`);
};

/**
 * Names of what lies in a folder, in their order; undefined if it is no folder.
 * @throws UnusableFileError if it cannot be read
 */
export const namesIn = (folder: string): readonly string[] | undefined =>
  isFolder(folder) ? readNames(folder).toSorted() : undefined;

/** @throws UnusableFileError if the way to it cannot be read */
export const isFolder = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    throw new UnusableFileError(path, error instanceof Error ? error.message : String(error));
  }
};

const readNames = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new UnusableFileError(folder, error instanceof Error ? error.message : String(error));
  }
};

/** What lies in a folder, by its path, in the order of names. */
export interface FolderEntries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Links to folders, and links to nothing: they are not followed, since they may lead in circles. */
  readonly links: readonly string[];
}

/** @throws UnusableFileError if it is no folder, or cannot be read */
export const entriesIn = (folder: string): FolderEntries => {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) => ({ entry, path: join(folder, entry.name) }));
    const isLinked = (path: string): boolean =>
      statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    return {
      files: entries
        .filter(({ entry, path }) => entry.isFile() || (entry.isSymbolicLink() && isLinked(path)))
        .map(({ path }) => path),
      folders: entries.filter(({ entry }) => entry.isDirectory()).map(({ path }) => path),
      links: entries
        .filter(({ entry, path }) => entry.isSymbolicLink() && !isLinked(path))
        .map(({ path }) => path),
    };
  } catch (error) {
    throw new UnusableFileError(folder, error instanceof Error ? error.message : String(error));
  }
};

/** No text has a zero byte; what is none has one early. */
const PROBE_BYTES = 8_192;

/**
 * The text of a file of at most `bytesMax` bytes, in whatever encoding that has ASCII in it: other
 * bytes are not kept. Undefined of a file that is no text.
 * @throws UnusableFileError if it is not there, not a file, or a text that is too large
 */
export const readIfText = (file: string, bytesMax: number): string | undefined =>
  startsAsText(file) ? new TextDecoder('utf-8').decode(readBytes(file, bytesMax)) : undefined;

const startsAsText = (file: string): boolean => {
  try {
    const opened = openSync(file, 'r');
    try {
      const start = Buffer.alloc(PROBE_BYTES);
      return !start.subarray(0, readSync(opened, start, 0, PROBE_BYTES, 0)).includes(0);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    throw new UnusableFileError(file, error instanceof Error ? error.message : String(error));
  }
};
