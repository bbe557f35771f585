import { describe, expect, it } from 'vitest';
import { type Duration, NO_TIME, parseDuration } from '../../shared/domain/duration.ts';
import type { Keep } from '../../shared/domain/policy.ts';
import { retain } from '../../shared/domain/retention.ts';
import { at, freeze } from '../support/builders.ts';

const lasting = (text: string): Duration => {
  const duration = parseDuration(text);
  if (duration === undefined) throw new Error(`no duration: ${text}`);
  return duration;
};

/** Points that are called as their instants are written. */
const pointsAt = (texts: readonly string[]): readonly { id: string; instantMs: number }[] =>
  freeze(texts.map((id) => ({ id, instantMs: at(`${id}Z`) })));

/** `<instant>: <reason>, <reason>` of each point that is kept. */
const keptOf = (keep: Keep, texts: readonly string[], timezone = 'UTC'): readonly string[] =>
  [...retain(pointsAt(texts), freeze(keep), timezone)].map(
    ([id, reasons]) => `${id}: ${reasons.map((each) => `${each.id} ${each.evidence}`).join(', ')}`,
  );

const idsOf = (keep: Keep, texts: readonly string[], timezone = 'UTC'): readonly string[] => [
  ...retain(pointsAt(texts), freeze(keep), timezone).keys(),
];

/** A point at the same time of so many days, the newest first. */
const daily = (newest: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) =>
    new Date(at(`${newest}Z`) - index * 86_400_000).toISOString().slice(0, 16),
  );

describe("the example of restic's documentation: weekdays at 11, and Fridays at 23 as well", () => {
  const points = [
    '2025-04-21T11:00',
    '2025-04-22T11:00',
    '2025-04-23T11:00',
    '2025-04-24T11:00',
    '2025-04-25T11:00',
    '2025-04-25T23:00',
    '2025-04-28T11:00',
    '2025-04-29T11:00',
    '2025-05-01T11:00',
    '2025-05-02T11:00',
    '2025-05-02T23:00',
  ];

  it('keeps for `daily: 5` one point of each of five days that have one', () => {
    expect(keptOf({ daily: 5 }, points)).toEqual([
      '2025-05-02T23:00: RET-04 2025-05-02',
      '2025-05-01T11:00: RET-04 2025-05-01',
      '2025-04-29T11:00: RET-04 2025-04-29',
      '2025-04-28T11:00: RET-04 2025-04-28',
      '2025-04-25T23:00: RET-04 2025-04-25',
    ]);
  });

  it('keeps for `withinDaily: 7d` none of Friday a week ago, which is exactly so old', () => {
    expect(keptOf({ withinDaily: lasting('7d') }, points)).toEqual([
      '2025-05-02T23:00: RET-23 2025-05-02',
      '2025-05-01T11:00: RET-23 2025-05-01',
      '2025-04-29T11:00: RET-23 2025-04-29',
      '2025-04-28T11:00: RET-23 2025-04-28',
    ]);
  });

  it('keeps of a century of days 7 daily, 4 more weekly, 11 more monthly, 73 more yearly', () => {
    const century = daily('2026-11-22T02:00', 36_525);
    const keep: Keep = { daily: 7, weekly: 5, monthly: 12, yearly: 75 };
    const kept = idsOf(keep, century);

    expect(kept.slice(0, 7)).toEqual(daily('2026-11-22T02:00', 7));
    expect(kept.slice(7, 12)).toEqual([
      '2026-11-15T02:00',
      '2026-11-08T02:00',
      '2026-11-01T02:00',
      '2026-10-31T02:00',
      '2026-10-25T02:00',
    ]);
    expect(kept.slice(12, 15)).toEqual([
      '2026-09-30T02:00',
      '2026-08-31T02:00',
      '2026-07-31T02:00',
    ]);
    expect(kept.slice(21, 24)).toEqual([
      '2025-12-31T02:00',
      '2024-12-31T02:00',
      '2023-12-31T02:00',
    ]);
    expect(kept.at(-1)).toBe('1952-12-31T02:00');
    expect(kept).toHaveLength(7 + 4 + 11 + 73);
  });
});

describe('a tier', () => {
  it.each<[Keep, readonly string[]]>([
    [{ last: 1 }, ['2026-11-21T02:00: RET-01 1 of 1']],
    [{ last: 2 }, ['2026-11-21T02:00: RET-01 1 of 2', '2026-11-20T14:00: RET-01 2 of 2']],
    [{ hourly: 1 }, ['2026-11-21T02:00: RET-03 2026-11-21T02']],
    [{ daily: 1 }, ['2026-11-21T02:00: RET-04 2026-11-21']],
    [{ weekly: 1 }, ['2026-11-21T02:00: RET-05 2026-W47']],
    [{ monthly: 1 }, ['2026-11-21T02:00: RET-06 2026-11']],
    [{ yearly: 1 }, ['2026-11-21T02:00: RET-07 2026']],
    [{ last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 }, []],
    [{}, []],
  ])('keeps for %j only %j', (keep, kept) => {
    const points = ['2026-11-21T02:00', '2026-11-20T14:00', '2026-11-20T02:00', '2025-11-21T02:00'];

    expect(keptOf(keep, points)).toEqual(kept);
  });

  it.each<[Keep, readonly string[]]>([
    [{ hourly: 2 }, ['2026-11-02T10:40', '2026-11-02T09:59']],
    [{ daily: 2 }, ['2026-11-02T10:40', '2026-11-01T23:00']],
    [{ weekly: 2 }, ['2026-11-02T10:40', '2026-11-01T23:00']],
    [{ monthly: 2 }, ['2026-11-02T10:40', '2026-10-31T23:00']],
    [{ yearly: 2 }, ['2026-11-02T10:40', '2025-12-31T23:00']],
  ])('keeps for %j the newest point of each of two periods: %j', (keep, ids) => {
    const points = [
      '2026-11-02T10:40',
      '2026-11-02T10:05',
      '2026-11-02T09:59',
      '2026-11-02T01:00',
      '2026-11-01T23:00',
      '2026-11-01T01:00',
      '2026-10-31T23:00',
      '2026-10-01T01:00',
      '2025-12-31T23:00',
      '2025-12-30T23:00',
      '2020-01-01T01:00',
    ];

    expect(idsOf(keep, points)).toEqual(ids);
  });

  it('keeps every period there is for `all`, and the oldest point beside', () => {
    const points = ['2026-11-21T14:00', '2026-11-21T02:00', '2026-11-19T14:00', '2026-11-19T02:00'];

    expect(keptOf({ daily: 'all' }, points)).toEqual([
      '2026-11-21T14:00: RET-04 2026-11-21',
      '2026-11-19T14:00: RET-04 2026-11-19',
      '2026-11-19T02:00: RET-04 oldest',
    ]);
    expect(keptOf({ last: 'all' }, points).slice(2)).toEqual([
      '2026-11-19T14:00: RET-01 3 of all',
      '2026-11-19T02:00: RET-01 4 of all',
    ]);
  });
});

describe('the oldest point', () => {
  const points = ['2026-11-21T14:00', '2026-11-21T02:00', '2026-11-20T14:00', '2026-11-20T02:00'];
  const oldest = '2026-11-20T02:00';

  it.each<[Keep, readonly string[]]>([
    [{ daily: 3 }, ['2026-11-21T14:00', '2026-11-20T14:00', oldest]],
    [{ daily: 2 }, ['2026-11-21T14:00', '2026-11-20T14:00']],
    [{ weekly: 2 }, ['2026-11-21T14:00', oldest]],
    [{ weekly: 1 }, ['2026-11-21T14:00']],
    [{ monthly: 2 }, ['2026-11-21T14:00', oldest]],
    [{ yearly: 2 }, ['2026-11-21T14:00', oldest]],
    [{ hourly: 3 }, ['2026-11-21T14:00', '2026-11-21T02:00', '2026-11-20T14:00']],
    [{ last: 3 }, ['2026-11-21T14:00', '2026-11-21T02:00', '2026-11-20T14:00']],
  ])('is kept for %j only if there is a slot left: %j', (keep, ids) => {
    expect(idsOf(keep, points)).toEqual(ids);
  });

  it('is named by its period where it is the newest of one', () => {
    expect(keptOf({ hourly: 9, yearly: 9 }, points).at(-1)).toBe(
      `${oldest}: RET-03 2026-11-20T02, RET-07 oldest`,
    );
  });

  it('is the newest as well where there is but one', () => {
    expect(keptOf({ last: 3, daily: 7, withinDaily: lasting('1d') }, [oldest])).toEqual([
      `${oldest}: RET-01 1 of 3, RET-04 2026-11-20, RET-23 2026-11-20`,
    ]);
  });

  it('is kept by a tier within a duration only if it is within', () => {
    expect(keptOf({ withinWeekly: lasting('37h') }, points).at(-1)).toBe(
      `${oldest}: RET-24 oldest`,
    );
    expect(idsOf({ withinWeekly: lasting('36h') }, points)).toEqual(['2026-11-21T14:00']);
  });
});

describe('a duration', () => {
  const points = daily('2026-11-21T02:00', 800);

  it.each<[Keep, number, string]>([
    [{ within: lasting('1d') }, 1, '2026-11-21T02:00'],
    [{ within: lasting('24h1min') }, 2, '2026-11-20T02:00'],
    [{ within: lasting('30d') }, 30, '2026-10-23T02:00'],
    [{ within: lasting('1mo') }, 31, '2026-10-22T02:00'],
    [{ within: lasting('1y') }, 365, '2025-11-22T02:00'],
    [{ within: lasting('9999y') }, 800, '2024-09-13T02:00'],
    [{ within: lasting('999999y') }, 800, '2024-09-13T02:00'],
    [{ withinHourly: lasting('3d') }, 3, '2026-11-19T02:00'],
    [{ withinDaily: lasting('3d') }, 3, '2026-11-19T02:00'],
    [{ withinWeekly: lasting('4w') }, 5, '2026-10-25T02:00'],
    [{ withinMonthly: lasting('1y') }, 13, '2025-11-30T02:00'],
    [{ withinYearly: lasting('2y') }, 3, '2024-12-31T02:00'],
  ])('of %j counts back from the newest point: %d points, down to %s', (keep, count, oldest) => {
    const ids = idsOf(keep, points);

    expect(ids).toHaveLength(count);
    expect(ids[0]).toBe('2026-11-21T02:00');
    expect(ids.at(-1)).toBe(oldest);
  });

  it('keeps nothing if it is no time at all', () => {
    const none: Keep = { within: NO_TIME, withinHourly: NO_TIME, withinYearly: NO_TIME };

    expect(idsOf(none, points)).toEqual([]);
  });

  it('is shown by the reason', () => {
    expect(keptOf({ within: lasting('1w12h') }, ['2026-11-21T02:00'])).toEqual([
      '2026-11-21T02:00: RET-02 7d12h',
    ]);
  });

  it('is of local days: across the change of the clocks it is not so many hours', () => {
    const inBerlin = ['2027-03-29T08:00', '2027-03-27T08:59', '2027-03-27T08:01'];

    expect(idsOf({ within: lasting('2d') }, inBerlin, 'Europe/Berlin')).toEqual([
      '2027-03-29T08:00',
    ]);
    expect(idsOf({ within: lasting('48h') }, inBerlin, 'Europe/Berlin')).toEqual(inBerlin);
    expect(idsOf({ within: lasting('2d') }, inBerlin, 'UTC')).toEqual(inBerlin);
  });
});

describe('periods', () => {
  it('are of the time zone', () => {
    const points = ['2026-12-31T23:30', '2026-12-31T22:30'];

    expect(idsOf({ yearly: 2 }, points, 'Europe/Berlin')).toEqual(points);
    expect(keptOf({ daily: 1, monthly: 1, yearly: 1 }, points, 'Europe/Berlin')).toEqual([
      '2026-12-31T23:30: RET-04 2027-01-01, RET-06 2027-01, RET-07 2027',
    ]);
    expect(keptOf({ daily: 1, monthly: 1, yearly: 1 }, points)).toEqual([
      '2026-12-31T23:30: RET-04 2026-12-31, RET-06 2026-12, RET-07 2026',
    ]);
  });

  it('are ISO weeks: the 53rd of 2026 goes on until 3 January', () => {
    const points = daily('2027-01-05T02:00', 10);

    expect(keptOf({ weekly: 3 }, points)).toEqual([
      '2027-01-05T02:00: RET-05 2027-W01',
      '2027-01-03T02:00: RET-05 2026-W53',
      '2026-12-27T02:00: RET-05 2026-W52',
    ]);
  });

  it('count the hour that autumn repeats once', () => {
    const points = ['2026-10-25T02:30', '2026-10-25T01:30', '2026-10-25T00:30', '2026-10-24T23:30'];

    expect(keptOf({ hourly: 3 }, points, 'Europe/Berlin')).toEqual([
      '2026-10-25T02:30: RET-03 2026-10-25T03',
      '2026-10-25T01:30: RET-03 2026-10-25T02',
      '2026-10-24T23:30: RET-03 2026-10-25T01',
    ]);
    expect(idsOf({ hourly: 4 }, points)).toEqual(points);
  });

  it('have as many hours in spring as the day has', () => {
    const points = ['2027-03-28T01:30', '2027-03-28T00:30', '2027-03-27T23:30'];

    expect(keptOf({ hourly: 3 }, points, 'Europe/Berlin')).toEqual([
      '2027-03-28T01:30: RET-03 2027-03-28T03',
      '2027-03-28T00:30: RET-03 2027-03-28T01',
      '2027-03-27T23:30: RET-03 2027-03-28T00',
    ]);
  });

  it('begin anew where the clocks go back into the day before, as for restic', () => {
    const points = ['2010-03-04T17:00', '2010-03-04T15:30', '2010-03-04T14:30', '2010-03-03T12:00'];

    expect(keptOf({ daily: 3 }, points, 'Antarctica/Casey')).toEqual([
      '2010-03-04T17:00: RET-04 2010-03-05',
      '2010-03-04T15:30: RET-04 2010-03-04',
      '2010-03-04T14:30: RET-04 2010-03-05',
    ]);
  });
});

describe('reasons', () => {
  it('are all that apply, in the order of their ids', () => {
    const keep: Keep = {
      withinYearly: lasting('1y'),
      withinMonthly: lasting('1y'),
      withinWeekly: lasting('1y'),
      withinDaily: lasting('1y'),
      withinHourly: lasting('1y'),
      yearly: 1,
      monthly: 1,
      weekly: 1,
      daily: 1,
      hourly: 1,
      within: lasting('1y'),
      last: 1,
    };

    expect(keptOf(keep, ['2026-11-21T02:00'])).toEqual([
      '2026-11-21T02:00: RET-01 1 of 1, RET-02 1y, RET-03 2026-11-21T02, RET-04 2026-11-21, ' +
        'RET-05 2026-W47, RET-06 2026-11, RET-07 2026, RET-22 2026-11-21T02, RET-23 2026-11-21, ' +
        'RET-24 2026-W47, RET-25 2026-11, RET-26 2026',
    ]);
  });
});

describe('points', () => {
  const tied = (...ids: readonly string[]): readonly { id: string; instantMs: number }[] =>
    freeze(ids.map((id) => ({ id, instantMs: at('2026-11-21T02:00Z') })));

  it('of one instant count as newer by the lower id, however they come', () => {
    const ids = ['ami-1', 'ami-2', 'ami-3'];

    for (const points of [tied('ami-3', 'ami-1', 'ami-2'), tied('ami-2', 'ami-1', 'ami-3')]) {
      expect([...retain(points, { last: 2 }, 'UTC').keys()]).toEqual(ids.slice(0, 2));
      expect([...retain(points, { daily: 2 }, 'UTC')]).toEqual([
        ['ami-1', [{ id: 'RET-04', evidence: '2026-11-21' }]],
        ['ami-3', [{ id: 'RET-04', evidence: 'oldest' }]],
      ]);
    }
  });

  it('that come oldest first, or with one out of its place, are put in order', () => {
    const [first = '', second = '', third = ''] = daily('2026-11-21T02:00', 3);

    expect(idsOf({ last: 2 }, [third, second, first])).toEqual([first, second]);
    expect(idsOf({ last: 2 }, [first, third, second])).toEqual([first, second]);
    expect(idsOf({ last: 2 }, [second, first, third])).toEqual([first, second]);
  });

  it('need not be there', () => {
    expect([...retain([], { last: 3, within: lasting('1d'), daily: 'all' }, 'UTC')]).toEqual([]);
  });
});
