import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnusableFileError } from '../shared/config/files.ts';

/**
 * Writes a file and the folders above it: the one place of the command line that writes any.
 * @throws UnusableFileError if it cannot
 */
export const writeOutput = (file: string, text: string): void => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new UnusableFileError(file, error instanceof Error ? error.message : String(error));
  }
};
