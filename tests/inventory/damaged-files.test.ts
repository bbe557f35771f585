import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REFERENCE_SOURCES, type ReferenceSource } from '../../shared/domain/model.ts';
import { protectionOf, vetoesOf } from '../../shared/domain/protection.ts';
import { referencesIn } from '../../shared/domain/references.ts';
import { inventoryOf } from '../../shared/inventory/inventory-of.ts';
import { readDocuments } from '../../shared/inventory/read-folder.ts';
import { printed, TARGET, targetFolderWith, WORLD, worldFiles } from './world.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 3);

/** The same world with some of its lists on numbered pages. */
const pagedFiles = (): Record<string, string> => {
  const {
    'instances.json': instances = '',
    'parameters.json': _parameters,
    ...files
  } = worldFiles();
  const [described, got] = WORLD.parameters;
  return {
    ...files,
    'instances.1.json': printed({ Reservations: [], NextToken: 'eyJ' }),
    'instances.2.json': instances,
    'parameters-1.json': printed(described),
    'parameters-2.json': printed(got),
  };
};

const inventoryIn = (files: Readonly<Record<string, string>>) =>
  inventoryOf(TARGET, readDocuments(targetFolderWith(files), TARGET).documents, NOW_MS);

/** Each image, and each source that forbids its removal. */
const forbiddenIn = (
  files: Readonly<Record<string, string>>,
  images: ReturnType<typeof inventoryIn>['images']['items'],
): ReadonlySet<string> => {
  const { bySource } = referencesIn(inventoryIn(files));
  const { sources } = protectionOf({
    uses: bySource,
    sources: REFERENCE_SOURCES,
    nowMs: NOW_MS,
  });
  const forbids = (source: ReferenceSource) =>
    images.filter(
      (image) =>
        vetoesOf(image, {
          sources: sources.filter((one) => one.source === source),
          nowMs: NOW_MS,
        }).length > 0,
    );
  return new Set(
    REFERENCE_SOURCES.flatMap((source) => forbids(source).map(({ id }) => `${id} by ${source}`)),
  );
};

type Damage = 'none' | 'gone' | number;

/** A share of a file is what is left of it when it is cut. */
const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('none' as const) },
  { weight: 2, arbitrary: fc.constant('gone' as const) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 999 }) },
);

const damaged = (
  files: Readonly<Record<string, string>>,
  done: readonly Damage[],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).flatMap(([name, text], index) => {
      const how = done[index] ?? 'none';
      if (how === 'none') return [[name, text]];
      return how === 'gone' ? [] : [[name, text.slice(0, Math.floor((text.length * how) / 1000))]];
    }),
  );

describe('files that are lost or cut', () => {
  test('the whole world has an image that each source forbids to remove', () => {
    const files = worldFiles();
    const forbidden = forbiddenIn(files, inventoryIn(files).images.items);

    expect(
      REFERENCE_SOURCES.filter((source) => ![...forbidden].some((one) => one.endsWith(source))),
    ).toEqual([]);
    expect(forbidden).not.toContain('ami-0a1b2c3d4e5f60002 by launch-permissions');
  });

  test.each([
    ['whole lists', worldFiles()],
    ['numbered pages', pagedFiles()],
  ])('of %s never let anything be removed that the whole ones forbid', (_form, files) => {
    const { items } = inventoryIn(files).images;
    const before = forbiddenIn(files, items);
    const count = Object.keys(files).length;

    expect(items).toHaveLength(2);
    fc.assert(
      fc.property(fc.array(damage, { minLength: count, maxLength: count }), (done) => {
        const after = forbiddenIn(damaged(files, done), items);
        expect([...before].filter((one) => !after.has(one))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
