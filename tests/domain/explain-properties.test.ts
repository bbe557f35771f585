import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Keep } from '../../shared/domain/policy.ts';
import { retain } from '../../shared/domain/retention.ts';
import { aPoint, aPolicy, aPolicySet, at } from '../support/builders.ts';
import { explainIn } from '../support/explain.ts';
import { inventory, launchPermissions, seenImage, seenInstance } from '../support/inventory.ts';

const DAY_MS = 86_400_000;
const TODAY_MS = at('2026-11-21T02:00Z');
const DAYS_MAX = 400;

const someKeep: fc.Arbitrary<Keep> = fc.oneof(
  fc.record({ last: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ last: fc.integer({ min: 1, max: 2 }), daily: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ daily: fc.integer({ min: 1, max: 4 }), weekly: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ last: fc.constant(1), monthly: fc.integer({ min: 1, max: 3 }) }),
);

/** Ages in days; today's point is always there, so that nothing is due. */
const someAges = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 8 })
  .map((ages) => [0, ...ages.toSorted((a, b) => a - b)]);

/** Day by day, by retention alone: when a point is no longer kept, if the others go in time. */
const expiryOf = (ages: readonly number[], keep: Keep, age: number): number | undefined => {
  let points = ages.map((one) => ({ id: `ami-${one}`, instantMs: TODAY_MS - one * DAY_MS }));
  for (let day = 0; day <= DAYS_MAX; day += 1) {
    const instantMs = TODAY_MS + day * DAY_MS;
    if (day > 0) points = [...points, { id: `ami-later-${day}`, instantMs }];
    const kept = retain(points, keep, 'UTC');
    if (!kept.has(`ami-${age}`)) return instantMs;
    points = points.filter(({ id }) => kept.has(id));
  }
  return undefined;
};

test('the day on which a point is said to expire is the first on which no rule keeps it', () => {
  fc.assert(
    fc.property(someKeep, someAges, fc.nat(), (keep, ages, pick) => {
      const age = ages[pick % ages.length] ?? 0;
      const images = ages.map((one) =>
        seenImage(
          aPoint({
            id: `ami-${one}`,
            slot: new Date(TODAY_MS - one * DAY_MS).toISOString(),
            sourceInstanceId: 'i-0aa',
          }),
        ),
      );
      const world = inventory({
        instances: [seenInstance({ id: 'i-0aa', tags: { Backup: 'daily' } })],
        images,
        permissions: images.map(({ id }) => launchPermissions({ imageId: id })),
      });
      const policySet = aPolicySet({ policies: [aPolicy({ keep })] });

      const { decisions, timeline } = explainIn(`ami-${age}`, { inventories: [world], policySet });

      const expected = expiryOf(ages, keep, age);
      const isGoing = decisions[0]?.verdict === 'retire';
      const said = timeline.find(({ verdict }) => verdict === 'retire')?.at;
      const saidMs = isGoing ? TODAY_MS : said && Date.parse(said);
      expect(saidMs).toBe(expected);
    }),
    { numRuns: 100 },
  );
});
