import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Keep } from '../../shared/domain/policy.ts';
import { latestFirst } from '../../shared/domain/point.ts';
import { keptIds, retain } from '../../shared/domain/retention.ts';
import { freeze } from '../support/builders.ts';
import { aGroup, aKeep, type Group } from '../support/retention-arbitraries.ts';
import { slowRetain } from '../support/slow-retention.ts';

const COUNTED = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
const TIMED = [
  'within',
  'withinHourly',
  'withinDaily',
  'withinWeekly',
  'withinMonthly',
  'withinYearly',
] as const;
const aTier = fc.constantFrom(...COUNTED);
const aCount = fc.nat(9);

const idsKept = ({ points, timezone }: Group, keep: Keep): readonly string[] => [
  ...retain(points, keep, timezone).keys(),
];

describe('retention', () => {
  it('agrees with a slow one, reason by reason, for any points, rules and zone', () => {
    fc.assert(
      fc.property(aGroup, aKeep, ({ points, timezone }, keep) => {
        const kept = [...retain(points, keep, timezone)];

        expect(kept).toEqual(slowRetain(points, keep, timezone));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the same where it is not asked why', () => {
    fc.assert(
      fc.property(aGroup, aKeep, ({ points, timezone }, keep) => {
        const dated = points.map(({ id, instantMs }) => ({ image: { id, tags: {} }, instantMs }));
        const kept = keptIds(dated.toSorted(latestFirst), keep, timezone);

        expect(kept).toEqual(new Set(retain(points, keep, timezone).keys()));
      }),
    );
  });

  it('does not depend on the order of the points, and changes neither them nor the rules', () => {
    const shuffled = aGroup.chain((group) =>
      fc
        .shuffledSubarray([...group.points], { minLength: group.points.length })
        .map((points) => ({ group, points })),
    );

    fc.assert(
      fc.property(shuffled, aKeep, ({ group, points }, keep) => {
        const kept = retain(freeze(points), freeze(keep), group.timezone);

        expect([...kept]).toEqual([...retain(group.points, keep, group.timezone)]);
      }),
    );
  });

  it('keeps what each of its rules keeps alone, with the same reasons, and nothing else', () => {
    fc.assert(
      fc.property(aGroup, aKeep, ({ points, timezone }, keep) => {
        const together = retain(points, keep, timezone);
        const alone = [...COUNTED, ...TIMED].map((key) =>
          retain(points, { [key]: keep[key] }, timezone),
        );

        for (const { id } of points) {
          const reasons = alone.flatMap((kept) => kept.get(id) ?? []);

          expect([...(together.get(id) ?? [])].sort(byId)).toEqual(reasons.sort(byId));
        }
      }),
    );
  });

  it('gives a reason for each point that it keeps, each reason once and in order', () => {
    fc.assert(
      fc.property(aGroup, aKeep, ({ points, timezone }, keep) => {
        for (const reasons of retain(points, keep, timezone).values()) {
          const ids = reasons.map(({ id }) => id);

          expect(ids).not.toEqual([]);
          expect(ids).toEqual([...new Set(ids)].sort());
        }
      }),
    );
  });
});

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : 1;

describe('a tier of a number', () => {
  it('keeps at most as many points', () => {
    fc.assert(
      fc.property(aGroup, aTier, aCount, (group, tier, count) => {
        expect(idsKept(group, { [tier]: count }).length).toBeLessThanOrEqual(count);
      }),
    );
  });

  it('fills every slot while there are points enough of different periods', () => {
    fc.assert(
      fc.property(aGroup, aTier, aCount, (group, tier, count) => {
        const everyPeriod = idsKept(group, { [tier]: 'all' });

        expect(idsKept(group, { [tier]: count }).length).toBe(Math.min(count, everyPeriod.length));
      }),
    );
  });

  it('keeps the newest point', () => {
    fc.assert(
      fc.property(aGroup, aTier, aCount, (group, tier, count) => {
        const [newest] = idsKept(group, { last: 1 });

        expect(idsKept(group, { [tier]: count + 1 })[0]).toBe(newest);
      }),
    );
  });

  it('keeps the oldest point as long as it is not full', () => {
    fc.assert(
      fc.property(aGroup, aTier, aCount, (group, tier, count) => {
        const kept = idsKept(group, { [tier]: count });
        const oldest = idsKept(group, { last: 'all' }).at(-1);

        expect(kept.length === count || kept.at(-1) === oldest).toBe(true);
      }),
    );
  });

  it('keeps no point less when its number is raised', () => {
    fc.assert(
      fc.property(aGroup, aTier, aCount, (group, tier, count) => {
        const kept = idsKept(group, { [tier]: count });
        const keptByMore = new Set(idsKept(group, { [tier]: count + 1 }));

        expect(kept.filter((id) => !keptByMore.has(id))).toEqual([]);
      }),
    );
  });

  it('keeps with a newer point what it kept, but for one that gives up its slot', () => {
    fc.assert(
      fc.property(aGroup, aTier, aCount, ({ points, timezone }, tier, count) => {
        const newestMs = Math.max(0, ...points.map(({ instantMs }) => instantMs));
        const longer = [...points, { id: 'ami-new', instantMs: newestMs + 3_600_000 }];
        const before = idsKept({ points, timezone }, { [tier]: count });
        const after = idsKept({ points: longer, timezone }, { [tier]: count });

        expect(before.filter((id) => !after.includes(id)).length).toBeLessThanOrEqual(1);
        expect(after.filter((id) => id !== 'ami-new' && !before.includes(id))).toEqual([]);
      }),
    );
  });
});

describe('a rule of a duration', () => {
  it('keeps no point less for a longer one', () => {
    const rule = fc.constantFrom(...TIMED);
    const unit = fc.constantFrom('years', 'months', 'days', 'hours', 'minutes');
    const amount = fc.nat(40);
    const aDuration = fc.record({
      years: amount,
      months: amount,
      days: amount,
      hours: amount,
      minutes: amount,
    });

    fc.assert(
      fc.property(aGroup, rule, aDuration, unit, (group, key, duration, longerBy) => {
        const longer = { ...duration, [longerBy]: duration[longerBy] + 1 };
        const keptByMore = new Set(idsKept(group, { [key]: longer }));

        expect(idsKept(group, { [key]: duration }).filter((id) => !keptByMore.has(id))).toEqual([]);
      }),
    );
  });
});
