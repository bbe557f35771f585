import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTextFile, UnusableFileError } from '../../shared/config/files.ts';

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'imago-files-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const written = (bytes: string | Uint8Array): string => {
  const file = join(directory, 'policies.yml');
  writeFileSync(file, bytes);
  return file;
};

const HELP = 'Nothing was changed. Name another file or mend this one.';

describe('a text file', () => {
  it('is read whole, up to the very byte that is allowed', () => {
    expect(readTextFile(written('grün\n'), 6)).toBe('grün\n');
    expect(readTextFile(written(''), 6)).toBe('');
  });

  it('is refused when it is larger', () => {
    const file = written('grün\n!');

    expect(() => readTextFile(file, 6)).toThrow(
      new UnusableFileError(file, 'expected 6 bytes at most, found 7'),
    );
  });

  it('is refused when it is not there, and named', () => {
    const file = join(directory, 'absent.yml');

    expect(() => readTextFile(file, 6)).toThrow(UnusableFileError);
    expect(() => readTextFile(file, 6)).toThrow(`${file}: ENOENT: no such file or directory`);
  });

  it('is refused when it is a directory', () => {
    expect(() => readTextFile(directory, 1_000_000)).toThrow(UnusableFileError);
    expect(() => readTextFile(directory, 1_000_000)).toThrow(`${directory}: expected a file`);
  });

  it('is refused when it is not UTF-8', () => {
    const file = written(Uint8Array.of(0x67, 0x72, 0xfc, 0x6e));

    expect(() => readTextFile(file, 6)).toThrow(
      `${file}: expected UTF-8 text, found other bytes\n${HELP}`,
    );
  });
});
