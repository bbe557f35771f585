import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnusableFileError } from '../shared/config/files.ts';

/**
 * Writes a file and the folders above it: the one place of the command line that writes any.
 * @throws UnusableFileError if it cannot
 */
export const writeOutput = (file: string, text: string): void => {
  orUnusable(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  });
};

/**
 * Writes a file that is not there yet. Whatever is there stays, and the answer is false.
 * @throws UnusableFileError if it cannot be written
 */
export const writeNew = (file: string, text: string): boolean => {
  orUnusable(file, () => mkdirSync(dirname(file), { recursive: true }));
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw unusable(file, error);
  }
};

/**
 * Removes a file, which may be gone by then.
 * @throws UnusableFileError if it cannot
 */
export const removeOutput = (file: string): void => {
  orUnusable(file, () => rmSync(file, { force: true }));
};

const orUnusable = (file: string, write: () => void): void => {
  try {
    write();
  } catch (error) {
    throw unusable(file, error);
  }
};

const unusable = (file: string, error: unknown): UnusableFileError =>
  new UnusableFileError(file, error instanceof Error ? error.message : String(error));
