import { array, assert, integer, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitTable, shorten, table, wrap } from '../../cli/table.ts';

const ROWS = [
  ['retire', 'ami-0123456789abcdef0', '8 GiB', 'in use by an instance that was launched from it'],
  ['keep', 'ami-1', '120 GiB', 'the last good one'],
];

describe('a table that is to fit', () => {
  test('is as it would be without a limit where it fits', () => {
    expect(fitTable(ROWS, 160)).toEqual(table(ROWS));
  });

  test('gives way in its widest column, and marks what is left out', () => {
    expect(fitTable(ROWS, 61)).toEqual([
      'retire  ami-0123456789abcdef0  8 GiB    in use by an instanc…',
      'keep    ami-1                  120 GiB  the last good one',
    ]);
  });

  test('takes from several columns what one cannot give', () => {
    expect(fitTable(ROWS, 50)).toEqual([
      'retire  ami-0123456789…  8 GiB    in use by an i…',
      'keep    ami-1            120 GiB  the last good…',
    ]);
  });

  test('keeps twelve characters of each, though it be too wide then', () => {
    expect(fitTable(ROWS, 10)).toEqual([
      'retire  ami-0123456…  8 GiB    in use by a…',
      'keep    ami-1         120 GiB  the last go…',
    ]);
  });

  test('puts to the right what it is told to', () => {
    expect(fitTable(ROWS, 61, [2])).toEqual([
      'retire  ami-0123456789abcdef0    8 GiB  in use by an instanc…',
      'keep    ami-1                  120 GiB  the last good one',
    ]);
  });

  test('has columns for the longest of its rows, and no rows is no lines', () => {
    expect(fitTable([['a'], ['bb', 'c']], 80)).toEqual(['a', 'bb  c']);
    expect(fitTable([], 80)).toEqual([]);
  });

  test('never has a longer line than it may, from four times twelve characters on', () => {
    const cells = array(tuple(string(), string(), string(), string()));
    assert(
      property(cells, integer({ min: 54, max: 160 }), (rows, columns) => {
        expect(Math.max(0, ...fitTable(rows, columns).map(({ length }) => length))).toBeLessThan(
          columns + 1,
        );
      }),
    );
  });
});

test.each([
  ['as it is', 8, 'as it is'],
  ['too long', 7, 'too lo…'],
  ['too long', 5, 'too…'],
  ['nothing', 1, '…'],
])('%j in %i characters is %j', (text, width, expected) => {
  expect(shorten(text, width)).toBe(expected);
});

test.each([
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 13, ['one two three']],
  ['a-very-long-word and more', 8, ['a-very-long-word', 'and more']],
  ['', 8, ['']],
])('%j in lines of %i characters is %j', (text, columns, lines) => {
  expect(wrap(text, columns)).toEqual(lines);
});
