import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../shared/domain/nearest.ts';

describe('the nearest known word', () => {
  it.each([
    ['keeep', 'keep'],
    ['kep', 'keep'],
    ['kexp', 'keep'],
    ['kepe', 'keep'],
    ['slect', 'select'],
    ['elect', 'select'],
    ['SELECT', 'select'],
  ])('of %s is %s', (word, meant) => {
    const known = ['select', 'keep', 'when'];

    expect(nearest(word.toLowerCase(), known)).toBe(meant);
    expect(nearest(word.toLowerCase(), known.toReversed())).toBe(meant);
  });

  it('is the first of two that are equally near', () => {
    expect(nearest('b', ['a', 'c'])).toBe('a');
    expect(nearest('b', ['c', 'a'])).toBe('c');
  });

  it('is measured by how much of the longer one differs', () => {
    expect(nearest('tag.Name', ['slot', 'instance.tag.Name'])).toBe('instance.tag.Name');
    expect(nearest('ab', ['abcd', 'xy'])).toBe('abcd');
  });

  it('takes two neighbours that changed places for one mistake', () => {
    expect(nearest('abcd', ['abdc'], 0.25)).toBe('abdc');
    expect(nearest('abcd', ['badc'], 0.5)).toBe('badc');
    expect(nearest('abcd', ['badc'], 0.49)).toBeUndefined();
    expect(nearest('ab', ['ca'], 0.99)).toBeUndefined();
    expect(nearest('ab', ['bc'], 0.99)).toBeUndefined();
    expect(nearest('abc', ['cba'], 0.67)).toBe('cba');
    expect(nearest('abc', ['cba'], 0.66)).toBeUndefined();
  });

  it('is none where more differs than may, and one where just as much does', () => {
    expect(nearest('abcd', ['abxx'], 0.5)).toBe('abxx');
    expect(nearest('abcd', ['axxx'], 0.5)).toBeUndefined();
    expect(nearest('abcd', ['ab'], 0.5)).toBe('ab');
    expect(nearest('ab', ['abcd'], 0.5)).toBe('abcd');
    expect(nearest('abcd', ['a'], 0.5)).toBeUndefined();
    expect(nearest('a', ['abcd'], 0.5)).toBeUndefined();
  });

  it('is any word, however unlike, where nothing else is said', () => {
    expect(nearest('abc', ['xyz'])).toBe('xyz');
    expect(nearest('', ['xyz'])).toBe('xyz');
    expect(nearest('abc', [''])).toBe('');
    expect(nearest('', [''])).toBe('');
  });

  it('is none where none is known', () => {
    expect(nearest('abc', [])).toBeUndefined();
  });

  it('is the word itself where it is known', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), fc.nat(), (known, index) => {
        const word = known[index % known.length] ?? '';

        expect(nearest(word, known, 0)).toBe(word);
      }),
    );
  });

  it('is as near one way as the other', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, share) => {
          expect(nearest(a, [b], share) === undefined).toBe(nearest(b, [a], share) === undefined);
        },
      ),
    );
  });
});
