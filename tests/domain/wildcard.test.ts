import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesWildcard } from '../../shared/domain/wildcard.ts';

describe('wildcards', () => {
  it.each([
    ['prod', 'prod', true],
    ['prod', 'Prod', false],
    ['prod', 'production', false],
    ['prod', 'my-prod', false],
    ['', '', true],
    ['', 'prod', false],
    ['*', '', true],
    ['*', 'anything at all', true],
    ['stag*', 'staging', true],
    ['stag*', 'stag', true],
    ['stag*', 'my-staging', false],
    ['*ing', 'staging', true],
    ['s*g', 'staging', true],
    ['s*g', 'stage', false],
    ['web-?', 'web-1', true],
    ['web-?', 'web-', false],
    ['web-?', 'web-12', false],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a*', 'a\nb', true],
  ])('%j against %j gives %j', (pattern, text, isMatch) => {
    expect(matchesWildcard(pattern, text)).toBe(isMatch);
  });

  it.each(['a.c*', '(a*', '[a-z]*', 'a+*', '^a*', 'a$*', 'a|b*', '{1}*', '\\d*'])(
    'have no other special characters: %j matches itself and no more',
    (pattern) => {
      const literal = pattern.replace('*', '');

      expect(matchesWildcard(pattern, `${literal}x`)).toBe(true);
      expect(matchesWildcard(pattern, 'abc')).toBe(false);
    },
  );

  it('match any text that they were made from by replacing parts with a star', () => {
    const plain = fc.string().map((text) => text.replaceAll(/[*?]/g, '-'));
    fc.assert(
      fc.property(plain, plain, plain, (head, middle, tail) => {
        expect(matchesWildcard(`${head}*${tail}`, `${head}${middle}${tail}`)).toBe(true);
      }),
    );
  });
});
