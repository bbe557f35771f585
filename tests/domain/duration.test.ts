import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DURATION_FORM,
  type Duration,
  FIXED_DURATION_FORM,
  fixedMs,
  formatDuration,
  NO_TIME,
  parseDuration,
} from '../../shared/domain/duration.ts';

const lasting = (parts: Partial<Duration>): Duration => ({ ...NO_TIME, ...parts });

describe('parseDuration', () => {
  it.each<[string, Partial<Duration>]>([
    ['30d', { days: 30 }],
    ['36h', { hours: 36 }],
    ['1d12h', { days: 1, hours: 12 }],
    ['1y6mo', { years: 1, months: 6 }],
    ['2w', { days: 14 }],
    ['1w1d', { days: 8 }],
    ['90min', { minutes: 90 }],
    ['1y2mo3w4d5h6min', { years: 1, months: 2, days: 25, hours: 5, minutes: 6 }],
    ['6min5h4d3w2mo1y', { years: 1, months: 2, days: 25, hours: 5, minutes: 6 }],
    ['0y1mo', { months: 1 }],
    ['007d', { days: 7 }],
    ['999999h', { hours: 999_999 }],
  ])('reads %s', (text, parts) => {
    expect(parseDuration(text)).toEqual(lasting(parts));
  });

  it.each([
    [''],
    ['0d'],
    ['0y0mo0w0d0h0min'],
    ['m'],
    ['5m'],
    ['1h5m'],
    ['1d1d'],
    ['1mo2h3mo'],
    ['1000000d'],
    ['1d1000000h'],
    ['+1d'],
    ['-1d'],
    ['1.5d'],
    ['1,5d'],
    [' 1d'],
    ['1d '],
    ['1d 2h'],
    ['1 d'],
    ['1d\n'],
    ['d'],
    ['30'],
    ['1d2'],
    ['1D'],
    ['1s'],
    ['1minute'],
    ['P30D'],
    ['x1d'],
    ['1dx'],
    ['\u0661d'],
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('reads back whatever formatDuration wrote, for numbers of six digits', () => {
    const amount = fc.nat(999_999);
    const duration = fc
      .record({ years: amount, months: amount, days: amount, hours: amount, minutes: amount })
      .filter((parts) => Object.values(parts).some((part) => part > 0));

    fc.assert(
      fc.property(duration, (parts) => {
        expect(parseDuration(formatDuration(parts))).toEqual(parts);
      }),
    );
  });

  it('gives a length or undefined for any text at all', () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('1', '0', '23', 'y', 'mo', 'w', 'd', 'h', 'min', 'm', ' ', '-', '.'))
        .map((parts) => parts.join('')),
    );

    fc.assert(
      fc.property(text, (any) => {
        const duration = parseDuration(any);

        expect(duration === undefined || Object.values(duration).some((part) => part > 0)).toBe(
          true,
        );
      }),
    );
  });
});

describe('the forms of durations, in words', () => {
  it('name every unit, give examples that can be read, and warn of m', () => {
    expect(DURATION_FORM).toContain('y, mo, w, d, h or min, such as 30d, 36h or 1y6mo');
    expect(DURATION_FORM).toContain('mo for months, min for minutes, never m');
    expect(['30d', '36h', '1y6mo'].map(parseDuration)).not.toContain(undefined);
  });

  it('leave out, for a length that must be fixed, years and months', () => {
    expect(FIXED_DURATION_FORM).toContain('w, d, h or min, such as 7d, 36h or 90min');
    expect(FIXED_DURATION_FORM).toContain('min for minutes, never m');
    expect(FIXED_DURATION_FORM).not.toMatch(/\b(y|mo)\b/);
  });
});

describe('formatDuration', () => {
  it.each<[Partial<Duration>, string]>([
    [{ days: 30 }, '30d'],
    [{ days: 7 }, '7d'],
    [{ hours: 10, minutes: 100 }, '10h100min'],
    [{ years: 1, months: 6 }, '1y6mo'],
    [{ years: 1, months: 2, days: 3, hours: 4, minutes: 5 }, '1y2mo3d4h5min'],
    [{}, '0d'],
  ])('writes %j as %s', (parts, text) => {
    expect(formatDuration(lasting(parts))).toBe(text);
  });
});

describe('fixedMs', () => {
  it.each<[Partial<Duration>, number | undefined]>([
    [{ minutes: 1 }, 60_000],
    [{ hours: 1 }, 3_600_000],
    [{ days: 1 }, 86_400_000],
    [{ days: 2, hours: 3, minutes: 4 }, 183_840_000],
    [{}, 0],
    [{ months: 1 }, undefined],
    [{ years: 1 }, undefined],
    [{ years: 1, months: 1, days: 1 }, undefined],
  ])('gives for %j %j ms', (parts, ms) => {
    expect(fixedMs(lasting(parts))).toBe(ms);
  });
});
