import { describe, expect, test } from 'vitest';
import { PRODUCT, readSources } from './sources.ts';
import { fileLength, functionLengths, LIMITS, misfits, RATCHET } from './style.ts';

const file = 'shared/domain/planted.ts';

describe('length limits', () => {
  const sources = readSources(PRODUCT);
  const tests = readSources(['tests']);

  test('source files have 300 lines at most', () => {
    expect(misfits(sources.map(fileLength), LIMITS.sourceLines)).toEqual([]);
  });

  test('files of tests have 400 lines at most', () => {
    expect(misfits(tests.map(fileLength), LIMITS.testLines)).toEqual([]);
  });

  test('functions have 60 lines of their own at most', () => {
    expect(misfits(sources.flatMap(functionLengths), LIMITS.functionLines)).toEqual([]);
  });

  test('every exception names something that is there', () => {
    const lengths = [
      ...[...sources, ...tests].map(fileLength),
      ...sources.flatMap(functionLengths),
    ];
    const names = new Set(lengths.map(({ what }) => what));

    expect(RATCHET.filter(({ what }) => !names.has(what))).toEqual([]);
  });
});

describe('measuring', () => {
  test('a function is as long as its own lines, without those of the functions in it', () => {
    const text = `export const createStore = () => {
  const get = () => {
    return 1;
  };
  return { get, put(value: number) {
    get();
    get();
  } };
};
class Clock {
  #tick() {
    return 2;
  }
}
`;

    expect(functionLengths({ file, text })).toEqual([
      { what: `${file} createStore`, lines: 4 },
      { what: `${file} get`, lines: 3 },
      { what: `${file} put`, lines: 4 },
      { what: `${file} #tick`.replace('#', ''), lines: 3 },
    ]);
  });

  test('a file that is one line too long is named', () => {
    const lengths = [fileLength({ file, text: '//\n'.repeat(301) })];

    expect(misfits(lengths, 300)).toEqual([`${file}: 301 lines, 300 at most`]);
    expect(misfits([fileLength({ file, text: '//\n'.repeat(300) })], 300)).toEqual([]);
  });

  test('an exception holds up to its ceiling, and must come down with what it is for', () => {
    const exceptions = [{ what: file, linesMax: 320, reason: 'a table' }];

    expect(misfits([{ what: file, lines: 320 }], 300, exceptions)).toEqual([]);
    expect(misfits([{ what: file, lines: 321 }], 300, exceptions)).toEqual([
      `${file}: 321 lines, 320 at most`,
    ]);
    expect(misfits([{ what: file, lines: 310 }], 300, exceptions)).toEqual([
      `${file}: bring its exception down to 310`,
    ]);
  });
});

describe('lint directives', () => {
  test('a rule is disabled only with its name and a sentence that says why', () => {
    const directive = /(?:ox|es)lint-disable(?:-next-line|-line)?(?<rest>[^\n]*)/g;
    const unexplained = readSources([...PRODUCT, 'tests'])
      .filter((source) => source.file !== 'tests/house/style.test.ts')
      .flatMap((source) =>
        [...source.text.matchAll(directive)]
          .filter(({ groups }) => !/^ [\w@/-]+ -- .{6,}/.test(groups?.rest ?? ''))
          .map(([line]) => `${source.file}: ${line}`),
      );

    expect(unexplained).toEqual([]);
  });
});
