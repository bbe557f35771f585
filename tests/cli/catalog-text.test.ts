import { describe, expect, test } from 'vitest';
import type { CatalogReport } from '../../cli/catalog-report.ts';
import { renderCatalog } from '../../cli/catalog-text.ts';
import { catalogOf } from '../../shared/domain/catalog.ts';
import type { Target } from '../../shared/domain/model.ts';
import { ELSEWHERE, HOME } from '../support/builders.ts';
import { OBSERVED_MS, seenImage } from '../support/inventory.ts';

const OTHERS: Target = { account: '999988887777', region: 'eu-central-1' };

/** One image of the home, beside places where nothing is. */
const linesOf = (...places: readonly Target[]): readonly string[] => {
  const images = catalogOf(
    [{ target: HOME, images: [seenImage({ name: 'golden' })] }],
    { tags: {} },
    OBSERVED_MS,
  );
  const report: CatalogReport = {
    version: 1,
    origin: { kind: 'folder', dir: 'world' },
    instant: '2026-11-21T12:00:00.000Z',
    targets: [HOME, ...places].map(({ account, region }) => `${account}/${region}`),
    found: 1,
    images,
    notes: [],
    unknown: [],
  };
  return renderCatalog(report, { columns: 120, paint: (_style, text) => text });
};

describe('an image in the catalog', () => {
  test('is told without its Region where only one was looked at', () => {
    expect(linesOf()).toEqual([
      'ami-0000000000000001a  2026-11-01  Linux/UNIX  x86_64  own  golden',
    ]);
  });

  test('is told with its Region where others were looked at, though they have none', () => {
    expect(linesOf(ELSEWHERE)).toEqual([
      'ami-0000000000000001a  2026-11-01  eu-central-1  Linux/UNIX  x86_64  own  golden',
    ]);
  });

  test('is told with its account where several were looked at', () => {
    expect(linesOf(OTHERS)).toEqual([
      'ami-0000000000000001a  2026-11-01  111122223333/eu-central-1  Linux/UNIX  x86_64  own  golden',
    ]);
  });
});
