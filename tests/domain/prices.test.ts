import { describe, expect, test } from 'vitest';
import { REGIONS } from '../../shared/config/regions.ts';
import {
  SNAPSHOT_PRICES,
  describeCost,
  describePrices,
  monthlyCost,
  snapshotPrice,
} from '../../shared/domain/prices.ts';

describe('the price of snapshots', () => {
  test('is that of the Region, with source and date', () => {
    expect(snapshotPrice('eu-central-1')).toEqual({
      region: 'eu-central-1',
      dollarsPerGiBMonth: 0.054,
      source: 'AWS Price List, EUC1-EBS:SnapshotUsage',
      date: '2026-09-11',
    });
    expect(snapshotPrice('us-east-1')?.dollarsPerGiBMonth).toBe(0.05);
  });

  test('is not guessed for a Region that nobody has looked up', () => {
    expect(snapshotPrice('eu-west-3')).toBeUndefined();
  });

  test('is in every Region what somebody says it is', () => {
    const price = { dollarsPerGiBMonth: 0.04, source: '--price', date: '' };

    expect(snapshotPrice('eu-west-3', 0.04)).toEqual({ region: 'eu-west-3', ...price });
    expect(snapshotPrice('us-east-1', 0.04)).toEqual({ region: 'us-east-1', ...price });
  });

  test('is known once for a Region, of Regions that there are, with a source and a year', () => {
    const regions = SNAPSHOT_PRICES.map(({ region }) => region);

    expect(new Set(regions).size).toBe(regions.length);
    expect(regions.filter((region) => !REGIONS.includes(region))).toEqual([]);
    for (const { source, date, dollarsPerGiBMonth } of SNAPSHOT_PRICES) {
      expect(source).not.toBe('');
      expect(date).toMatch(/^20\d\d(-\d\d-\d\d)?$/);
      expect(dollarsPerGiBMonth).toBeGreaterThan(0);
    }
  });
});

describe('what snapshots cost for a month', () => {
  test('is added up by the price of each Region, to the cent', () => {
    const cost = monthlyCost([
      { region: 'eu-central-1', sizeGiB: 100 },
      { region: 'us-east-1', sizeGiB: 33 },
      { region: 'eu-central-1', sizeGiB: 1 },
    ]);

    expect(cost.dollars).toBe(7.1);
    expect(cost.prices.map(({ region }) => region)).toEqual(['eu-central-1', 'us-east-1']);
    expect(cost.unpriced).toEqual([]);
    expect(describeCost(cost)).toBe('$7.10 a month');
    expect(describePrices(cost)).toEqual([
      '$0.054 a GiB and month in eu-central-1 (AWS Price List, EUC1-EBS:SnapshotUsage, 2026-09-11)',
      '$0.05 a GiB and month in us-east-1 (Amazon EBS User Guide, snapshot-archive-pricing, 2026)',
    ]);
  });

  test('is counted with none where no price is known, and says so', () => {
    const cost = monthlyCost([
      { region: 'eu-west-3', sizeGiB: 50 },
      { region: 'us-east-1', sizeGiB: 20 },
    ]);

    expect(cost).toMatchObject({ dollars: 1, unpriced: ['eu-west-3'] });
    expect(describeCost(cost)).toBe('$1.00 a month (no price known for eu-west-3)');
  });

  test('needs no price where there is nothing', () => {
    const cost = monthlyCost([{ region: 'eu-west-3', sizeGiB: 0 }]);

    expect(cost).toEqual({ dollars: 0, prices: [], unpriced: [] });
    expect(describeCost(cost)).toBe('$0.00 a month');
  });

  test('is by the price that is given, whatever the Region', () => {
    const cost = monthlyCost([{ region: 'eu-west-3', sizeGiB: 50 }], 0.02);

    expect(describeCost(cost)).toBe('$1.00 a month');
    expect(describePrices(cost)).toEqual(['$0.02 a GiB and month in eu-west-3 (--price)']);
  });
});
