import { describe, expect, test } from 'vitest';
import { incompletePart } from '../../shared/domain/model.ts';
import type { PolicySet } from '../../shared/domain/policy.ts';
import { aPoint, aPolicy, aPolicySet, aSnapshot } from '../support/builders.ts';
import { explainIn } from '../support/explain.ts';
import {
  inventory,
  launchPermissions,
  seenImage,
  seenInstance,
  seenSnapshot,
} from '../support/inventory.ts';

const DAYS = [18, 19, 20, 21] as const;

/** What is said of the snapshot of the oldest of four points, by a policy that keeps the last three. */
const headlineOf = (
  policySet: Partial<PolicySet>,
  policy: Parameters<typeof aPolicy>[0] = {},
  tags = {},
): string => {
  const images = DAYS.map((day) =>
    seenImage(
      aPoint({
        id: `ami-${day}`,
        slot: `2026-11-${day}T02:00Z`,
        sourceInstanceId: 'i-0aa',
        tags: day === DAYS[0] ? tags : {},
      }),
    ),
  );
  const world = inventory({
    instances: [seenInstance({ id: 'i-0aa', tags: { Backup: 'daily' } })],
    images,
    permissions: images.map(({ id }) => launchPermissions({ imageId: id })),
    snapshots: DAYS.map((day) => seenSnapshot(aSnapshot({ id: `snap-of-ami-${day}` }))),
  });
  const policies = [aPolicy({ keep: { last: 3 }, ...policy })];
  return explainIn('snap-of-ami-18', {
    inventories: [world],
    policySet: aPolicySet({ policies, ...policySet }),
  }).headline;
};

describe('a snapshot that an image is made of', () => {
  test('goes with it in the next run, if the image does', () => {
    expect(headlineOf({})).toBe('The next retirement run removes its image, and it with it');
  });

  test('goes with it later, if the run has reached its limit', () => {
    const { limits } = aPolicySet();

    expect(headlineOf({ limits: { ...limits, maxRemovals: { count: 0, percent: 100 } } })).toBe(
      'It goes with its image, which has expired and waits for a later run',
    );
  });

  test('stays as long as its expired image is held back', () => {
    expect(headlineOf({}, {}, { 'imago:hold': 'audit' })).toBe(
      'It goes with its image, which has expired and is held back',
    );
  });

  test('is kept where its policy keeps the snapshots of what it retires', () => {
    expect(headlineOf({}, { retire: { snapshots: 'keep', during: [] } })).toBe(
      'It is kept, though its image has expired: its policy says retire.snapshots: keep',
    );
  });

  test('is kept where its image is', () => {
    expect(headlineOf({}, { keep: { last: 4 } })).toBe('It is kept');
  });
});

test.each(['launchTemplateVersions', 'launchConfigurations', 'volumes'] as const)(
  'who refers to a snapshot is not wholly known where %s could not be read',
  (what) => {
    const world = inventory({
      snapshots: [seenSnapshot({ id: 'snap-1' })],
      [what]: incompletePart<never>('no file'),
    });

    const { references, unknown } = explainIn('snap-1', { inventories: [world] });

    expect(references).toEqual([]);
    expect(unknown.map(({ problem }) => problem)).toEqual(['no file']);
  },
);
