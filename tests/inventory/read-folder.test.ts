import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UnusableFileError } from '../../shared/config/files.ts';
import { KINDS } from '../../shared/inventory/kinds.ts';
import { listTargets, readDocuments } from '../../shared/inventory/read-folder.ts';
import { folderWith, printed, TARGET, targetFolderWith, WORLD, worldFiles } from './world.ts';

const LAYOUT =
  'expected folders DIR/<12 digits of the account>/<Region>/ with instances.json and more';

const listed = (files: Readonly<Record<string, string>>, below = '') => {
  const dir = join(folderWith(files), below);
  try {
    return listTargets(dir);
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error;
    return `${error.file.replace(dir, 'DIR')}: ${error.problem}`;
  }
};

describe('the targets of a folder', () => {
  test('are its folders of accounts and Regions, in order; files and hidden folders are none', () => {
    const files = {
      '222233334444/us-gov-west-1/images.json': '',
      '111122223333/eu-west-1/images.json': '',
      '111122223333/eu-central-1/images.json': '',
      '111122223333/notes.md': '',
      '111122223333/.git/config': '',
      'policies/prod.yml': '',
      'README.md': '',
    };

    expect(listed(files)).toEqual([
      { account: '111122223333', region: 'eu-central-1' },
      { account: '111122223333', region: 'eu-west-1' },
      { account: '222233334444', region: 'us-gov-west-1' },
    ]);
  });

  test.each([
    ['a folder that is not there', {}, 'absent', `DIR: no such folder; ${LAYOUT}`],
    ['a file', { 'images.json': '' }, 'images.json', `DIR: no such folder; ${LAYOUT}`],
    ['an empty folder', {}, '', `DIR: the folder is empty; ${LAYOUT} (docs/observe.md)`],
    ['a folder of other things', { 'a/b': '' }, '', `DIR: ${LAYOUT} (docs/observe.md)`],
    [
      'the folder of one target',
      { 'eu-west-1/images.1.json': '' },
      'eu-west-1',
      `DIR: images.1.json lies in the folder itself; ${LAYOUT} (docs/observe.md)`,
    ],
    [
      'the folder of one account',
      { '111122223333/eu-west-1/images.json': '' },
      '111122223333',
      `DIR: this is the folder of one account: name the one above; ${LAYOUT} (docs/observe.md)`,
    ],
    [
      'an account that lacks a digit',
      { '11112222333/eu-west-1/images.json': '' },
      '',
      'DIR/11112222333: expected the 12 digits of an account, found 11',
    ],
    [
      'a folder that is no Region',
      { '111122223333/images/images.json': '' },
      '',
      'DIR/111122223333/images: expected a Region, such as eu-central-1',
    ],
  ])('%s is refused in words for whoever named it', (_what, files, below, problem) => {
    expect(listed(files, below)).toBe(problem);
  });

  test('a folder that leads to itself is refused', () => {
    const dir = folderWith({});
    symlinkSync('111122223333', join(dir, '111122223333'));

    expect(() => listTargets(dir)).toThrow(UnusableFileError);
  });
});

const read = (files: Readonly<Record<string, string | Uint8Array>>) => {
  const dir = targetFolderWith(files);
  const { documents, observedMs } = readDocuments(dir, TARGET);
  const problemOf = (kind: keyof typeof documents) => documents[kind]?.problem;
  return { documents, observedMs, problemOf };
};

describe('the documents of a target', () => {
  test('are the pages of its files, several in one file included', () => {
    const { documents } = read(worldFiles());

    expect(KINDS.map((kind) => documents[kind].pages)).toEqual(KINDS.map((kind) => WORLD[kind]));
    expect(KINDS.filter((kind) => documents[kind].problem !== undefined)).toEqual([]);
    expect(documents['used-images']).toBeUndefined();
  });

  test('images of others are read where there are any', () => {
    const { documents } = read({ 'used-images.json': '{"Images": []}' });

    expect(documents['used-images']?.pages).toEqual([{ Images: [] }]);
  });

  test('pages know which file they come from', () => {
    const { documents } = read({
      'images.1.json': '{"Images": [], "NextToken": "a"}\n{"Images": [], "NextToken": "b"}',
      'images.2.json': '{"Images": []}',
    });

    expect(documents.images.problem).toBeUndefined();
    expect(documents.images.origins).toEqual([
      'images.1.json (document 1)',
      'images.1.json (document 2)',
      'images.2.json',
    ]);
  });

  test('UTF-16 as PowerShell writes it is read', () => {
    const text = Buffer.from('\ufeff{"Images": [{"Name": "grün"}]}', 'utf16le');

    expect(read({ 'images.json': text }).documents.images.pages).toEqual([
      { Images: [{ Name: 'grün' }] },
    ]);
  });

  test('when they were observed is read where it is said', () => {
    const observation = '{"observedAt": "2026-11-21T04:00:00+01:00", "by": "imago observe"}';

    expect(read({ 'observation.json': observation }).observedMs).toBe(
      Date.UTC(2026, 10, 21, 3, 0, 0),
    );
    expect(read({ 'images.json': '' }).observedMs).toBeUndefined();
  });

  test('an observation of another target is refused', () => {
    const at = { observedAt: '2026-11-21T03:00:00Z', account: TARGET.account };
    const elsewhere = { ...at, region: 'eu-west-1' };

    expect(read({ 'observation.json': printed(at) }).observedMs).toBe(Date.UTC(2026, 10, 21, 3));
    expect(() => read({ 'observation.json': printed(elsewhere) })).toThrow(
      'observation.json: it is of 111122223333/eu-west-1, but lies in 111122223333/eu-central-1',
    );
  });

  test.each(['', '{', '{"observedAt": "yesterday"}', '[]'])(
    'an observation.json of %j is refused',
    (content) => {
      expect(() => read({ 'observation.json': content })).toThrow(
        'observation.json: expected {"observedAt": "2026-11-21T03:00:00Z"}',
      );
    },
  );
});

describe('what a folder cannot show', () => {
  test('each kind without a file is unknown', () => {
    const { problemOf } = read({ 'images.json': '{"Images": []}' });

    expect(problemOf('images')).toBeUndefined();
    expect(problemOf('fleets')).toBe('no file fleets.json (aws ec2 describe-fleets)');
  });

  test('of a target without a folder all kinds are unknown', () => {
    const { documents } = readDocuments('world', TARGET);

    expect(KINDS.map((kind) => documents[kind])).toEqual(
      KINDS.map(() => ({ pages: [], problem: 'no folder world/111122223333/eu-central-1' })),
    );
  });

  test.each([
    ['', 'it is empty: did its command fail?'],
    ['{"Images": [', 'it is cut: the JSON stops in the middle, at line 1, column 13'],
    [
      'Unable to locate credentials',
      'expected JSON at line 1, column 1, found: Unable to locate credentials',
    ],
  ])('a file of %j is a problem that names it', (content, problem) => {
    expect(read({ 'images.json': content }).problemOf('images')).toBe(
      `images.json: ${problem} (aws ec2 describe-images --owners self --include-disabled --include-deprecated)`,
    );
  });

  test('pages before and after one that is cut count', () => {
    const { documents, problemOf } = read({
      'images.1.json': '{"Images": [1], "NextToken": "a"}',
      'images.2.json': '{"Images": [2], "NextTok',
      'images.3.json': '{"Images": [3]}',
    });

    expect(documents.images.pages).toEqual([{ Images: [1], NextToken: 'a' }, { Images: [3] }]);
    expect(problemOf('images')).toMatch(/^images\.2\.json: it is cut/);
  });

  test('a file that holds no text is a problem that names it', () => {
    expect(read({ 'images.json': Uint8Array.of(0x7b, 0xfc) }).problemOf('images')).toBe(
      'images.json: expected UTF-8 text, found other bytes',
    );
  });

  test('a file that cannot be read is a problem that names it', () => {
    const dir = targetFolderWith({ 'images.json': '' });
    const folder = join(dir, TARGET.account, TARGET.region);
    mkdirSync(join(folder, 'fleets.json'));
    symlinkSync('volumes.json', join(folder, 'volumes.json'));

    const { documents } = readDocuments(dir, TARGET);

    expect(documents.fleets.problem).toBe('fleets.json: expected a file');
    expect(documents.volumes.problem).toMatch(/volumes\.json: ELOOP/);
  });

  test('a file of 2 GB is not read', () => {
    const dir = targetFolderWith({ 'images.json': '' });
    const file = join(dir, TARGET.account, TARGET.region, 'images.json');
    truncateSync(file, 2_147_483_648);

    expect(readDocuments(dir, TARGET).documents.images).toEqual({
      pages: [],
      origins: [],
      problem: 'images.json: expected 512000000 bytes at most, found 2147483648',
    });
  });

  test('pages that together have more than 512 MB are not all read', () => {
    const dir = targetFolderWith({
      'images.1.json': '{"Images": [], "NextToken": "a"}',
      'images.2.json': '',
    });
    const file = join(dir, TARGET.account, TARGET.region, 'images.2.json');
    truncateSync(file, 512_000_000);

    const { pages, problem } = readDocuments(dir, TARGET).documents.images;

    expect(pages).toHaveLength(1);
    expect(problem).toBe('images.2.json: expected 511999968 bytes at most, found 512000000');
  });

  test('a page that is missing is a problem, and the others count', () => {
    const { documents, problemOf } = read({
      'images.1.json': '{"Images": [1], "NextToken": "a"}',
      'images.3.json': '{"Images": [3]}',
    });

    expect(documents.images.pages).toHaveLength(2);
    expect(problemOf('images')).toBe('page 2 of images is missing: there is images.3.json');
  });
});

describe('a list of several pages', () => {
  const page = (token: object) => printed({ Fleets: [], ...token });

  test.each([[{ NextToken: 'x' }], [{ nextToken: 'x' }], [{ NextToken: { cli: 'x' } }]])(
    'is not whole if its last page goes on: %j',
    (token) => {
      const files = { 'fleets.1.json': page({ NextToken: 'w' }), 'fleets.2.json': page(token) };

      expect(read(files).problemOf('fleets')).toBe(
        'fleets.2.json: the list goes on (NextToken), and no page follows',
      );
    },
  );

  test.each([[{}], [{ NextToken: null }], [{ NextToken: '' }]])(
    'is whole if its last page ends it: %j',
    (token) => {
      const files = { 'fleets.1.json': page({ NextToken: 'w' }), 'fleets.2.json': page(token) };

      expect(read(files).problemOf('fleets')).toBeUndefined();
    },
  );

  test('is not one list if it ends before its last page', () => {
    const files = { 'fleets.1.json': page({}), 'fleets.2.json': page({}) };

    expect(read(files).problemOf('fleets')).toBe(
      'fleets.1.json: the list ends here (no NextToken), yet fleets.2.json follows',
    );
  });

  test('may be of many answers where a command is called for each object', () => {
    const [one, two] = WORLD['image-attributes'];
    const files = {
      'image-attributes.1.json': printed(one),
      'image-attributes.2.json': printed(two),
    };

    expect(read(files).problemOf('image-attributes')).toBeUndefined();
  });
});
