import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isFolder,
  namesIn,
  readCommandOutput,
  readTextFile,
  UnusableFileError,
} from '../../shared/config/files.ts';

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

describe('what a shell sent to a file', () => {
  it('is read as UTF-8, and as the UTF-16 of PowerShell', () => {
    expect(readCommandOutput(written('\ufeffgrün'), 100)).toBe('grün');
    expect(readCommandOutput(written(Buffer.from('\ufeffgrün', 'utf16le')), 100)).toBe('grün');
  });

  it('is refused when it is too large, or neither', () => {
    expect(() => readCommandOutput(written('grün'), 4)).toThrow(
      'expected 4 bytes at most, found 5',
    );
    expect(() => readCommandOutput(written(Uint8Array.of(0xfe, 0xff, 0x00, 0x67)), 100)).toThrow(
      'expected UTF-8 text, found other bytes',
    );
    expect(() => readCommandOutput(written(Uint8Array.of(0xff, 0xfe, 0x67)), 100)).toThrow(
      'expected UTF-8 text, found other bytes',
    );
  });
});

describe('names in a folder', () => {
  it('are told in their order, and of what is no folder there are none', () => {
    const folder = join(directory, 'names');
    mkdirSync(join(folder, 'b'), { recursive: true });
    writeFileSync(join(folder, 'c.json'), '');
    writeFileSync(join(folder, 'a.json'), '');

    expect(namesIn(folder)).toEqual(['a.json', 'b', 'c.json']);
    expect(namesIn(join(folder, 'b'))).toEqual([]);
    expect(namesIn(join(folder, 'a.json'))).toBeUndefined();
    expect(namesIn(join(folder, 'absent'))).toBeUndefined();
    expect(isFolder(join(folder, 'b'))).toBe(true);
    expect(isFolder(join(folder, 'a.json'))).toBe(false);
  });

  it('are refused where the way to them cannot be read', () => {
    const loop = join(directory, 'loop');
    symlinkSync('loop', loop);

    expect(() => isFolder(loop)).toThrow(UnusableFileError);
    expect(() => namesIn(loop)).toThrow(`${loop}: ELOOP`);
  });
});
