import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Duration, NO_TIME } from '../../shared/domain/duration.ts';
import { parseKeepText } from '../../shared/domain/keep-text.ts';
import type { Keep } from '../../shared/domain/policy.ts';

const lasting = (parts: Partial<Duration>): Duration => ({ ...NO_TIME, ...parts });
const days = (count: number): Duration => lasting({ days: count });

describe('parseKeepText', () => {
  it.each<[string, Keep]>([
    ['30d', { within: days(30) }],
    ['1y6mo', { within: lasting({ years: 1, months: 6 }) }],
    [' 30D ', { within: days(30) }],
    ['90MIN', { within: lasting({ minutes: 90 }) }],
    ['all', { last: 'all' }],
    [' All ', { last: 'all' }],
    ['last=3', { last: 3 }],
    ['hourly=24', { hourly: 24 }],
    ['daily=7,weekly=4', { daily: 7, weekly: 4 }],
    ['weekly=4,daily=7', { daily: 7, weekly: 4 }],
    [' DAILY=7 , Weekly=4 ', { daily: 7, weekly: 4 }],
    ['monthly=all,yearly=999999', { monthly: 'all', yearly: 999_999 }],
    ['monthly=ALL', { monthly: 'all' }],
    ['daily=007', { daily: 7 }],
    ['within=30d', { within: days(30) }],
    ['within=1d,last=1', { last: 1, within: days(1) }],
    ['withinHourly=36h', { withinHourly: lasting({ hours: 36 }) }],
    ['withinDaily=1w', { withinDaily: days(7) }],
    ['within-daily=1mo', { withinDaily: lasting({ months: 1 }) }],
    ['WITHIN-WEEKLY=2MO', { withinWeekly: lasting({ months: 2 }) }],
    ['withinweekly=2mo', { withinWeekly: lasting({ months: 2 }) }],
    [
      'within-hourly=1d,within-monthly=1y',
      { withinHourly: days(1), withinMonthly: lasting({ years: 1 }) },
    ],
    ['within-yearly=10y,within=3d', { within: days(3), withinYearly: lasting({ years: 10 }) }],
  ])('reads %j', (text, keep) => {
    expect(parseKeepText(text)).toEqual(keep);
  });

  it.each([
    [''],
    [' '],
    ['ever'],
    ['allx'],
    ['all,daily=7'],
    ['all=1'],
    ['30'],
    ['30m'],
    ['0d'],
    ['-30d'],
    ['3 d'],
    ['30d,7d'],
    ['30d,daily=7'],
    ['daily'],
    ['daily='],
    ['=7'],
    ['='],
    [','],
    ['daily=7,'],
    [',daily=7'],
    ['daily=7,,weekly=4'],
    ['daily=7 weekly=4'],
    ['daily=7;weekly=4'],
    ['daily = 7'],
    ['daily=0'],
    ['daily=000000'],
    ['daily=-1'],
    ['daily=+7'],
    ['daily=1.5'],
    ['daily=1e3'],
    ['daily=1000000'],
    ['daily=7d'],
    ['daily=x7'],
    ['daily=7=7'],
    ['daily=7,daily=7'],
    ['daily=7,DAILY=14'],
    ['within-daily=1mo,withinDaily=1mo'],
    ['within=7'],
    ['within=all'],
    ['within=0d'],
    ['within-=7d'],
    ['with-in=7d'],
    ['within--daily=7d'],
    ['-daily=7'],
    ['minutely=7'],
    ['dailyx=7'],
    ['__proto__=7'],
    ['toString=7'],
    ['{"daily":7}'],
  ])('refuses %j', (text) => {
    expect(parseKeepText(text)).toBeUndefined();
  });

  it('reads a bare number only with a unit, and then as so many of it', () => {
    expect(parseKeepText('30')).toBeUndefined();
    expect(parseKeepText('30', 'd')).toEqual({ within: days(30) });
    expect(parseKeepText(' 2 ', 'w')).toEqual({ within: days(14) });
    expect(parseKeepText('6', 'mo')).toEqual({ within: lasting({ months: 6 }) });
    expect(parseKeepText('1', 'y')).toEqual({ within: lasting({ years: 1 }) });
    expect(parseKeepText('12', 'h')).toEqual({ within: lasting({ hours: 12 }) });
    expect(parseKeepText('0', 'd')).toBeUndefined();
    expect(parseKeepText('1000000', 'd')).toBeUndefined();
  });

  it('puts the unit behind nothing but a bare number', () => {
    expect(parseKeepText('36h', 'd')).toEqual({ within: lasting({ hours: 36 }) });
    expect(parseKeepText('daily=7', 'd')).toEqual({ daily: 7 });
    expect(parseKeepText('all', 'd')).toEqual({ last: 'all' });
    expect(parseKeepText('1d1', 'h')).toBeUndefined();
    expect(parseKeepText('x1', 'd')).toBeUndefined();
    expect(parseKeepText('', 'd')).toBeUndefined();
  });

  it('gives rules, and at least one, or undefined for any text at all', () => {
    const words = fc.constantFrom(
      'all',
      'daily',
      'LAST',
      'within',
      'within-',
      'weekly',
      '=',
      ',',
      '7',
      '0',
      '30d',
      '1mo',
      ' ',
      '__proto__',
      '-1',
      'constructor',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(words).map((parts) => parts.join('')),
    );
    const unit = fc.constantFrom(undefined, 'y', 'mo', 'w', 'd', 'h');

    fc.assert(
      fc.property(text, unit, (any, ofNumber) => {
        const keep = parseKeepText(any, ofNumber);

        expect(keep === undefined || Object.keys(keep).length > 0).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
