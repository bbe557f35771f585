import { describe, expect, it } from 'vitest';
import { matchesAny, matchesOneTag, matchesTags } from '../../shared/domain/tag-patterns.ts';

const TAGS = { Env: 'prod', Role: 'db', empty: '' };

describe('patterns of tags', () => {
  it.each([
    [{}, true],
    [{ Env: ['dev', 'pro?'] }, true],
    [{ Env: ['prod'], Role: ['*'] }, true],
    [{ Env: ['prod'], Role: ['web'] }, false],
    [{ empty: ['*'] }, true],
    [{ empty: ['?'] }, false],
    [{ Missing: ['*'] }, false],
    [{ constructor: ['*'] }, false],
    [{ Env: [] }, false],
  ] as const)('%j are all met: %s', (demands, isMet) => {
    expect(matchesTags(demands, TAGS)).toBe(isMet);
  });

  it.each([
    [{}, false],
    [{ Env: ['dev'], Role: ['d*'] }, true],
    [{ Env: ['dev'], Role: ['web'] }, false],
    [{ Missing: ['*'], constructor: ['*'] }, false],
  ] as const)('one of %j is met: %s', (demands, isMet) => {
    expect(matchesOneTag(demands, TAGS)).toBe(isMet);
  });

  it('match a text if one of them does', () => {
    expect(matchesAny(['a', 'b*'], 'bc')).toBe(true);
    expect(matchesAny(['a', 'b'], 'bc')).toBe(false);
    expect(matchesAny([], '')).toBe(false);
  });
});
