import { readFileSync, statSync } from 'node:fs';

/** A file that cannot be used, in words for the one who named it. */
export class UnusableFileError extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}\nNothing was changed. Name another file or mend this one.`);
    this.name = 'UnusableFileError';
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
