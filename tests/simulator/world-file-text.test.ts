import {
  anything,
  array,
  assert,
  bigInt,
  constantFrom,
  date,
  oneof,
  property,
  string,
  tuple,
  uint8Array,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../simulator/world-file/decode.ts';
import { encode } from '../../simulator/world-file/encode.ts';
import { findSyntaxProblem } from '../../simulator/world-file/syntax.ts';

const throughText = (value: unknown): unknown => decode(JSON.parse(encode(value)));

describe('values as text', () => {
  it('come back as they were: Maps, Sets, Dates, infinities, undefined, bytes', () => {
    const leaf = oneof(
      date({ noInvalidDate: true }),
      bigInt(),
      uint8Array(),
      constantFrom(undefined, null, Infinity, -Infinity, Number.NaN, -0, '$map', 1e-7),
    );
    const values = anything({
      withMap: true,
      withSet: true,
      withNullPrototype: false,
      key: oneof(string(), constantFrom('$map', '$or', '$null', '__proto__', '7', '10')),
      values: [leaf, string()],
    });
    assert(
      property(oneof(values, array(tuple(string(), leaf))), (value) => {
        expect(throughText(value)).toStrictEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('keep the order of a Map, with keys that are numbers too', () => {
    const tags = new Map([
      ['10', 'ten'],
      ['2', 'two'],
      ['Name', 'web'],
    ]);
    expect([...(throughText(tags) as Map<string, string>).keys()]).toEqual(['10', '2', 'Name']);
  });

  it('are written so that a person can read them', () => {
    const text = encode({
      tags: new Map([['Name', 'web-1']]),
      ids: new Set(['a']),
      endsAtMs: Infinity,
      error: undefined,
    });
    expect(JSON.parse(text)).toEqual({
      tags: { $map: { Name: 'web-1' } },
      ids: { $set: ['a'] },
      endsAtMs: { $number: 'Infinity' },
      error: null,
    });
  });

  it('are refused with their path where they are a function or an object of a class', () => {
    expect(() => encode({ parts: { ec2: [{ timer: () => 1 }] } })).toThrow(
      'parts.ec2[0].timer: a function cannot be saved',
    );
    expect(() => encode({ queue: new URL('https://example.com') })).toThrow(
      'queue: an object of URL cannot be saved',
    );
  });
});

describe('the place where a text stops to be JSON', () => {
  it.each([
    ['{"a": [1, 2', 1, 12, true],
    ['{"a": "cut of', 1, 7, true],
    ['{\n  "a": tr', 2, 8, true],
    ['{\n  "a": 1,\n}', 3, 1, false],
    ['{"a": 1} x', 1, 10, false],
    ['[1,, 2]', 1, 4, false],
    ['{"a": [1}', 1, 9, false],
    ['not json', 1, 1, false],
    ['', 1, 1, true],
  ])('%j', (text, line, column, isCutOff) => {
    expect(findSyntaxProblem(text)).toEqual({ line, column, isCutOff });
  });

  it('is none exactly where JSON.parse agrees', () => {
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const token = constantFrom('{', '}', '[', ']', ':', ',', '"a"', '1', 'true', ' ', '-', '"');
    assert(
      property(array(token, { maxLength: 9 }), (tokens) => {
        const text = tokens.join('');
        expect(findSyntaxProblem(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 3_000 },
    );
  });
});
