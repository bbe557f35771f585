import { assert, integer, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shorten, table, wrap } from '../../cli/table.ts';
import { cutTo, widthOf } from '../../cli/text-width.ts';

describe('the width of a text on a terminal', () => {
  test.each([
    ['web-1', 5],
    ['Zürich …', 8],
    ['本番', 4],
    ['서울', 4],
    ['ｗｅｂ', 6],
    ['e\u0301', 1],
    ['🚀', 2],
    ['👩‍👩‍👧', 2],
    ['', 0],
  ])('of %s is %i', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });
});

describe('a text in another script', () => {
  test('is cut to what it takes, and never within a character', () => {
    expect(shorten('本番環境', 6)).toBe('本番…');
    expect(shorten('本番環境', 8)).toBe('本番環境');
    expect(shorten('👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…');
  });

  test('leaves the columns of a table straight', () => {
    expect(
      table(
        [
          ['本番', 'a'],
          ['web-1', 'b'],
        ],
        [0],
      ),
    ).toEqual([' 本番  a', 'web-1  b']);
  });

  test('is wrapped by what it takes', () => {
    expect(wrap('本番 環境 web', 9)).toEqual(['本番 環境', 'web']);
  });

  test('is never wider than it is cut to', () => {
    assert(
      property(string({ unit: 'grapheme' }), integer({ min: 0, max: 20 }), (text, columns) => {
        expect(widthOf(cutTo(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

test('what would move the cursor, break the line or turn its direction is a blank', () => {
  expect(shorten('a\u001b[2Jb\r\nc\u202ed', 80)).toBe('a [2Jb c d');
  expect(wrap('a\u0007b', 1)).toEqual(['a', 'b']);
  expect(table([['a\nb', 'c']])).toEqual(['a b  c']);
});
