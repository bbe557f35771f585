import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatPointName,
  formatSlot,
  parsePointName,
  parseSlot,
  type PointName,
} from '../../shared/domain/naming.ts';
import { at } from '../support/builders.ts';

const POINT: PointName = {
  deployment: 'prod',
  policyId: 'web-daily',
  sourceId: 'i-0123456789abcdef0',
  slotMs: at('2026-11-21T03:00Z'),
  retry: 0,
};

const namePart = (lengthMax: number): fc.Arbitrary<string> =>
  fc.stringMatching(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, { maxLength: lengthMax });

const pointName: fc.Arbitrary<PointName> = fc.record({
  deployment: namePart(16),
  policyId: namePart(40),
  sourceId: fc.stringMatching(/^i-[0-9a-f]{8,17}$/),
  slotMs: fc
    .integer({ min: 0, max: at('2199-12-31T23:59:59Z') / 1_000 })
    .map((seconds) => seconds * 1_000),
  retry: fc.nat({ max: 9_999 }),
});

describe('point names', () => {
  it('spell deployment, policy, source and slot', () => {
    expect(formatPointName(POINT)).toBe(
      'imago/prod/web-daily/i-0123456789abcdef0/2026-11-21T03-00-00Z',
    );
  });

  it('end in the number of the retry, if it is one', () => {
    expect(formatPointName({ ...POINT, retry: 2 })).toBe(
      'imago/prod/web-daily/i-0123456789abcdef0/2026-11-21T03-00-00Z/r2',
    );
  });

  it('are read back as what they were written from', () => {
    fc.assert(
      fc.property(pointName, (point) => {
        expect(parsePointName(formatPointName(point))).toEqual(point);
      }),
    );
  });

  it("stay within EC2's 128 characters and its set of characters, whatever their parts", () => {
    const longest = formatPointName({
      deployment: 'd'.repeat(16),
      policyId: 'p'.repeat(40),
      sourceId: 'i-0123456789abcdef0',
      slotMs: at('2026-11-21T03:00Z'),
      retry: 9_999,
    });

    expect(longest).toHaveLength(110);
    fc.assert(
      fc.property(pointName, (point) => {
        expect(formatPointName(point)).toMatch(/^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/);
      }),
    );
  });

  it('differ for any two different points', () => {
    fc.assert(
      fc.property(pointName, pointName, (a, b) => {
        const isSame = (Object.keys(a) as (keyof PointName)[]).every((key) => a[key] === b[key]);

        expect(formatPointName(a) === formatPointName(b)).toBe(isSame);
      }),
    );
  });
});

describe('names that are not of a point', () => {
  it.each([
    ['an empty name', ''],
    ['a golden image', 'web-2026-11-21'],
    ['another prefix', 'backup/prod/web-daily/i-0aa/2026-11-21T03-00-00Z'],
    ['a prefix of the right one', 'imag/prod/web-daily/i-0aa/2026-11-21T03-00-00Z'],
    ['no slot', 'imago/prod/web-daily/i-0aa'],
    ['an empty deployment', 'imago//web-daily/i-0aa/2026-11-21T03-00-00Z'],
    ['an empty policy', 'imago/prod//i-0aa/2026-11-21T03-00-00Z'],
    ['an empty source', 'imago/prod/web-daily//2026-11-21T03-00-00Z'],
    ['a slot with colons', 'imago/prod/web-daily/i-0aa/2026-11-21T03:00:00Z'],
    ['a slot that is no date', 'imago/prod/web-daily/i-0aa/2026-02-30T03-00-00Z'],
    ['a slot at hour 24', 'imago/prod/web-daily/i-0aa/2026-11-21T24-00-00Z'],
    ['a slot with milliseconds', 'imago/prod/web-daily/i-0aa/2026-11-21T03-00-00.000Z'],
    ['an empty retry', 'imago/prod/web-daily/i-0aa/2026-11-21T03-00-00Z/'],
    ['retry zero', 'imago/prod/web-daily/i-0aa/2026-11-21T03-00-00Z/r0'],
    ['a retry with a leading zero', 'imago/prod/web-daily/i-0aa/2026-11-21T03-00-00Z/r01'],
    ['a retry without its letter', 'imago/prod/web-daily/i-0aa/2026-11-21T03-00-00Z/1'],
    ['more after the retry', 'imago/prod/web-daily/i-0aa/2026-11-21T03-00-00Z/r1/x'],
    ['blanks around it', ' imago/prod/web-daily/i-0aa/2026-11-21T03-00-00Z '],
  ])('%s is refused', (_, name) => {
    expect(parsePointName(name)).toBeUndefined();
  });

  it('never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 7 }), (text, parts) => {
        const name = ['imago', ...parts].join('/');

        expect(() => [parsePointName(text), parsePointName(name)]).not.toThrow();
      }),
    );
  });
});

describe('slots in names', () => {
  it('have seconds, and hyphens where a name may not have colons', () => {
    expect(formatSlot(at('2026-11-21T03:04:05Z'))).toBe('2026-11-21T03-04-05Z');
  });

  it('are read as the instant that they stand for', () => {
    expect(parseSlot('2026-11-21T03-04-05Z')).toBe(1_795_230_245_000);
  });

  it.each(['', '2026-11-21', '2026-13-01T00-00-00Z', '2026-11-21T03-60-00Z', '20261121T030000Z'])(
    'are refused as %j',
    (text) => {
      expect(parseSlot(text)).toBeUndefined();
    },
  );
});
