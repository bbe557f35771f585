import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bothOf, type Demands, isPossible } from '../../shared/config/policy-overlap.ts';
import { matchesWildcard } from '../../shared/domain/wildcard.ts';

const named = (pattern: string): Demands => ({
  names: [pattern],
  tags: {},
  not: { names: [], tags: {} },
});

const overlap = (a: string, b: string): boolean => bothOf(named(a), named(b)) !== undefined;

describe('two patterns', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'b', false],
    ['*', '', true],
    ['?', '', false],
    ['a*', '*b', true],
    ['a*b', 'a?c', false],
    ['a?', '?b', true],
    ['a*c*e', '*b*d*', true],
    ['prod', 'pr?d', true],
    ['web-*-1', 'web-?', false],
    ['**', '???', true],
  ])('%s and %s have a common text: %s', (a, b, isCommon) => {
    expect([overlap(a, b), overlap(b, a)]).toEqual([isCommon, isCommon]);
  });

  it('have one wherever a text matches both, and only there', () => {
    const pattern = string({ unit: constantFrom('a', 'b', '*', '?'), maxLength: 5 });
    // Patterns of five characters over two letters have a common text of ten at most, if any.
    const texts = ['', ...Array.from({ length: 10 }, (_, length) => wordsOf(length + 1)).flat()];
    const isThere = (a: string, b: string): boolean =>
      texts.some((text) => matchesWildcard(a, text) && matchesWildcard(b, text));

    expect(() => {
      assert(
        property(pattern, pattern, (a, b) => overlap(a, b) === isThere(a, b)),
        { seed: 7, numRuns: 300 },
      );
    }).not.toThrow();
  });
});

describe('two demands', () => {
  const demands = (name: string, not: readonly string[] = []): Demands => ({
    names: [name],
    tags: { Role: [name] },
    not: { names: not, tags: {} },
  });

  it.each([
    ['web-*', ['*-test'], '*-test', false],
    ['web-*', ['*-test'], '*-tests', true],
    ['web-*', ['web-prod-*'], 'web-prod-eu-*', false],
    ['web-*', ['web-?'], 'web-*', true],
    ['web-1', ['web-?'], 'web-*', false],
  ])('%s without %j and %s can be met together: %s', (one, not, other, canBe) => {
    const both = [
      bothOf(demands(one, not), demands(other)),
      bothOf(demands(other), demands(one, not)),
    ];

    expect(both.map((found) => found !== undefined)).toEqual([canBe, canBe]);
  });

  it('of tags are met together where what one leaves out is all that the other takes', () => {
    const web = {
      names: [],
      tags: { Name: ['web-*'] },
      not: { names: [], tags: { Name: ['*-test'] } },
    };
    const tests = { names: [], tags: { Name: ['*-test'] }, not: { names: [], tags: {} } };

    expect(bothOf(web, tests)).toBeUndefined();
  });

  it('may be of tags that are called like what every object has', () => {
    const odd = {
      names: [],
      tags: { constructor: ['x'], toString: ['y'] },
      not: { names: [], tags: {} },
    };

    expect(bothOf(odd, named('a'))?.tags).toEqual({ constructor: ['x'], toString: ['y'] });
    expect(isPossible(odd)).toBe(true);
  });
});

/** All words of `a` and `b` of a length. */
const wordsOf = (length: number): readonly string[] =>
  Array.from({ length: 2 ** length }, (_, bits) =>
    bits.toString(2).padStart(length, '0').replaceAll('0', 'a').replaceAll('1', 'b'),
  );
