import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tags } from '../../shared/domain/model.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import { isUntouchable, repairOf, type Wish } from '../../shared/domain/tag-repair.ts';
import { freeze } from '../support/builders.ts';

const wish = (key: string, value: string, parts: Partial<Wish> = {}): Wish =>
  freeze({ key, value, corrects: true, by: 'web', ...parts });

const add = (key: string, value: string): Wish => wish(key, value, { corrects: false });

/** What is written, and why. */
const repair = (current: Tags, wishes: readonly Wish[]): readonly [Tags, ...string[]] => {
  const { tags, reasons } = repairOf(freeze(current), freeze(wishes));
  return [tags, ...reasons.map(describeReason)];
};

const IN_ORDER = [{}, 'TAG-01 tags-in-order'];

const numbered = (count: number): Tags =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, 'x']));

describe('a repair', () => {
  it('is none where nothing is wished, or all is as it is wished', () => {
    expect(repair({ Name: 'web' }, [])).toEqual(IN_ORDER);
    expect(repair({ Name: 'web' }, [wish('Name', 'web')])).toEqual(IN_ORDER);
  });

  it('adds what is missing, and names the keys in their order', () => {
    expect(repair({}, [wish('b', '1'), add('a', '2')])).toEqual([
      { b: '1', a: '2' },
      'TAG-02 tags-to-repair a, b',
    ]);
  });

  it('corrects a value only where the wish does so', () => {
    expect(repair({ a: '1' }, [wish('a', '2')])).toEqual([{ a: '2' }, 'TAG-02 tags-to-repair a']);
    expect(repair({ a: '1' }, [add('a', '2')])).toEqual(IN_ORDER);
  });

  it('takes an empty value for a value', () => {
    expect(repair({ a: '' }, [add('a', '2')])).toEqual(IN_ORDER);
    expect(repair({}, [wish('a', '')])).toEqual([{ a: '' }, 'TAG-02 tags-to-repair a']);
  });

  it('takes no inherited property for a tag', () => {
    const wishes = ['constructor', '__proto__'].map((key) => add(key, 'x'));

    expect(Object.entries(repair({}, wishes)[0])).toEqual([
      ['constructor', 'x'],
      ['__proto__', 'x'],
    ]);
  });

  it('writes no more than differs', () => {
    expect(repair({ a: '1', b: '2' }, [wish('a', '1'), wish('b', '3')])[0]).toEqual({ b: '3' });
  });

  it.each(['imago:hold', 'imago:keep', 'imago:keep-until', 'Imago:Hold', 'aws:any', 'AWS:any'])(
    'never writes %s',
    (key) => {
      expect(repair({}, [wish(key, 'x'), add(key, 'y')])).toEqual(IN_ORDER);
      expect(repair({ [key]: 'z' }, [wish(key, 'x'), wish('a', '1')])[0]).toEqual({ a: '1' });
      expect(isUntouchable(key)).toBe(true);
    },
  );

  it.each(['imago:slot', 'my-imago:hold', 'imago', 'keep', 'awsome'])('may write %s', (key) => {
    expect(repair({}, [wish(key, 'x')])[0]).toEqual({ [key]: 'x' });
  });
});

describe('where two wish for one key, a repair', () => {
  it('grants the first, and says which one it did not', () => {
    const wishes = [wish('a', '1'), wish('a', '2', { by: 'costs' })];

    expect(repair({}, wishes)).toEqual([
      { a: '1' },
      'TAG-02 tags-to-repair a',
      'TAG-06 tag-set-by-another a (web, not costs)',
    ]);
    expect(repair({ a: '1' }, wishes)).toEqual([
      {},
      'TAG-01 tags-in-order',
      'TAG-06 tag-set-by-another a (web, not costs)',
    ]);
  });

  it('says nothing where they agree, or where the second would have changed nothing', () => {
    expect(repair({}, [wish('a', '1'), wish('a', '1')])).toEqual([
      { a: '1' },
      'TAG-02 tags-to-repair a',
    ]);
    expect(repair({ a: '0' }, [wish('a', '1'), add('a', '2')])).toEqual([
      { a: '1' },
      'TAG-02 tags-to-repair a',
    ]);
  });

  it('says so of a second that only adds, where the key is missing', () => {
    expect(repair({}, [wish('a', '1'), add('a', '2')])).toContain(
      'TAG-06 tag-set-by-another a (web, not web)',
    );
  });

  it('leaves to a first that only adds what is there', () => {
    expect(repair({ a: '0' }, [add('a', '1'), wish('a', '2')])[0]).toEqual({});
  });
});

describe("EC2's 50 tags", () => {
  it('leave room for some, in the order of the wishes, and what finds none is named', () => {
    expect(repair(numbered(48), [wish('a', '1'), wish('b', '2'), wish('c', '3')])).toEqual([
      { a: '1', b: '2' },
      'TAG-02 tags-to-repair a, b',
      'TAG-03 tags-left-out c',
    ]);
  });

  it('are no reason not to correct what is there', () => {
    expect(repair(numbered(50), [wish('a', '1'), wish('t7', 'y')])).toEqual([
      { t7: 'y' },
      'TAG-02 tags-to-repair t7',
      'TAG-03 tags-left-out a',
    ]);
  });

  it('may be full, and then all is not in order', () => {
    expect(repair(numbered(50), [wish('a', '1')])).toEqual([{}, 'TAG-03 tags-left-out a']);
  });

  it("do not count Amazon's own", () => {
    const current = { ...numbered(49), 'aws:a': '1', 'AWS:b': '2' };

    expect(repair(current, [wish('a', '1')])[0]).toEqual({ a: '1' });
    expect(repair({ ...current, 'my-aws:c': '3' }, [wish('a', '1')])[0]).toEqual({});
  });
});

describe('a value of more than 256 characters', () => {
  const long = 'x'.repeat(257);
  const cut = 'x'.repeat(256);

  it('is cut, and said', () => {
    expect(repair({}, [wish('a', long)])).toEqual([
      { a: cut },
      'TAG-02 tags-to-repair a',
      'TAG-05 tag-value-cut a',
    ]);
  });

  it('is written once', () => {
    expect(repair({ a: cut }, [wish('a', long)])).toEqual(IN_ORDER);
    expect(repair({ a: '1' }, [add('a', long)])).toEqual(IN_ORDER);
  });

  it('has 256 as the most that is not cut', () => {
    expect(repair({}, [wish('a', cut)])).toEqual([{ a: cut }, 'TAG-02 tags-to-repair a']);
  });
});

describe('any repair', () => {
  const key = fc.constantFrom(
    'a',
    'b',
    'c',
    'd',
    'imago:hold',
    'imago:keep',
    'imago:slot',
    'aws:x',
  );
  const value = fc.constantFrom('', '1', '2', 'x'.repeat(300));
  const wishes = fc.array(
    fc.record({ key, value, corrects: fc.boolean(), by: fc.constantFrom('p', 'q') }),
    { maxLength: 12 },
  );
  const current = fc
    .tuple(fc.dictionary(key, value), fc.nat({ max: 50 }))
    .map(([tags, count]) => ({ ...numbered(count), ...tags }))
    .filter((tags) => Object.keys(tags).filter((one) => one !== 'aws:x').length <= 50);

  it('only adds and corrects, never past 50, and leaves nothing for a second one', () => {
    fc.assert(
      fc.property(current, wishes, (before, wished) => {
        const { tags } = repairOf(freeze(before), freeze(wished));
        const after = { ...before, ...tags };
        const again = repairOf(after, wished);

        expect(Object.keys(after).filter((one) => one !== 'aws:x').length).toBeLessThanOrEqual(50);
        expect(Object.keys(tags).filter((one) => isUntouchable(one))).toEqual([]);
        expect(Object.values(tags).every((one) => one.length <= 256)).toBe(true);
        expect(again.tags).toEqual({});
      }),
    );
  });
});
