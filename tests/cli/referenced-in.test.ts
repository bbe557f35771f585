import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { referencesInFolders } from '../../cli/referenced-in.ts';

const OLD = 'ami-0123abcd';
const NEW = 'ami-0123456789abcdef0';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imago-referenced-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};

describe('image ids in text files', () => {
  test('are told with file and line, however deep, each line once', () => {
    const plan = write('live/prod/main.tf', `a\r\nami = "${NEW}" # was ${OLD}, not ${NEW}\r\n`);
    const json = write('state.json', `{"ami":"${OLD}"}`);

    expect(referencesInFolders([dir])).toEqual({
      items: [
        { imageId: OLD, by: `${json}:1` },
        { imageId: NEW, by: `${plan}:2` },
        { imageId: OLD, by: `${plan}:2` },
      ],
      isComplete: true,
      problem: '',
    });
  });

  test('are none of what is no id, no text, or made by git and npm', () => {
    write('a.txt', 'ami-123 ami-0123abcdef ami-XYZ12345 AMI-0123ABCD');
    write('program', `\0\u0001${OLD}`);
    write('.git/config', OLD);
    write('web/node_modules/x/index.js', OLD);

    expect(referencesInFolders([dir])).toEqual({ items: [], isComplete: true, problem: '' });
  });

  test('are found in a text that is not UTF-8', () => {
    const file = write('latin.tf', Buffer.from(`# f\xfcr ${OLD}`, 'latin1'));

    expect(referencesInFolders([dir]).items).toEqual([{ imageId: OLD, by: `${file}:1` }]);
  });

  test('are not all known where a text is too large', () => {
    const file = write('huge.tfstate', 'x'.repeat(16 * 1024 * 1024 + 1));
    write('small.tf', OLD);

    expect(referencesInFolders([dir])).toMatchObject({
      items: [{ imageId: OLD }],
      isComplete: false,
      problem: `${file}: expected 16777216 bytes at most, found 16777217`,
    });
  });

  test('are not all known where a link leads to another folder, which may lead back', () => {
    write('modules/main.tf', OLD);
    symlinkSync(dir, join(dir, 'modules/again'));
    symlinkSync(join(dir, 'modules/main.tf'), join(dir, 'linked.tf'));

    const { items, isComplete, problem } = referencesInFolders([dir]);

    expect(items.map(({ by }) => by)).toEqual([
      join(dir, 'linked.tf:1'),
      join(dir, 'modules/main.tf:1'),
    ]);
    expect({ isComplete, problem }).toEqual({
      isComplete: false,
      problem: `${join(dir, 'modules/again')}: a link that is not followed`,
    });
  });

  test('are not all known below forty folders', () => {
    const deep = Array.from({ length: 42 }, () => 'd').join('/');
    write(`${deep}/main.tf`, OLD);

    expect(referencesInFolders([dir])).toMatchObject({
      items: [],
      isComplete: false,
      problem: expect.stringMatching(/nothing deeper is read$/),
    });
  });

  test('are told of several folders, and a file is not taken for one', () => {
    const a = write('a/main.tf', OLD);
    const b = write('b/main.tf', OLD);

    expect(referencesInFolders([join(dir, 'a'), join(dir, 'b')]).items.map(({ by }) => by)).toEqual(
      [`${a}:1`, `${b}:1`],
    );
    expect(() => referencesInFolders([a])).toThrow(`${a}: expected a folder`);
  });
});
