import { array, assert, constantFrom, property, subarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Audit, AuditSectionId } from '../../shared/domain/audit-report.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { incompletePart, type Part } from '../../shared/domain/model.ts';
import { auditIn } from '../support/audit.ts';
import { at } from '../support/builders.ts';
import {
  autoScalingGroup,
  fleet,
  inventory,
  launchConfiguration,
  launchPermissions,
  launchTemplate,
  parameter,
  seenImage,
  seenInstance,
  seenSnapshot,
  templateVersion,
} from '../support/inventory.ts';

const idOf = (index: number): string => `ami-0000000${index.toString(16)}`;
const [BY_INSTANCE, BY_TEMPLATE, BY_GROUP, BY_CONFIGURATION, BY_PARAMETER, BY_FLEET, BY_SPOT] = [
  0, 1, 2, 3, 4, 5, 6,
].map(idOf) as [string, string, string, string, string, string, string];

const IMAGES = Array.from({ length: 12 }, (_, index) =>
  seenImage({
    id: idOf(index),
    createdMs: at('2026-01-01T00:00Z'),
    ...(index === 7 ? { sourceInstanceId: 'i-0aa' } : {}),
  }),
);

/** Each way to use an image once; some are shared, some nobody uses, some that are used are gone. */
const WORLD = inventory({
  instances: [
    seenInstance({ id: 'i-0aa', imageId: BY_INSTANCE }),
    seenInstance({ id: 'i-0bb', imageId: 'ami-0000dead' }),
    seenInstance({ id: 'i-0cc', imageId: 'ami-0000beef' }),
  ],
  images: IMAGES,
  othersImages: [seenImage({ id: 'ami-0000beef', ownerId: '999988887777', isPublic: true })],
  permissions: IMAGES.map(({ id: imageId }, index) =>
    launchPermissions({ imageId, accounts: index === 8 ? ['210987654321'] : [] }),
  ),
  snapshots: [
    ...IMAGES.map(({ id }) => seenSnapshot({ id: `snap-of-${id}`, volumeId: 'vol-9' })),
    seenSnapshot({
      id: 'snap-orphan',
      volumeId: 'vol-9',
      description: 'Created by CreateImage(i-0dd) for ami-0000dead',
    }),
    seenSnapshot({
      id: 'snap-launched',
      volumeId: 'vol-9',
      description: 'Created by CreateImage(i-0dd) for ami-0000feed',
    }),
    ...IMAGES.slice(9).map(({ id }) =>
      seenSnapshot({
        id: `snap-also-of-${id}`,
        volumeId: 'vol-9',
        description: `Created by CreateImage(i-0cc) for ${id}`,
      }),
    ),
  ],
  launchTemplates: [launchTemplate()],
  launchTemplateVersions: [templateVersion({ image: BY_TEMPLATE, snapshotIds: ['snap-launched'] })],
  autoScalingGroups: [autoScalingGroup({ images: [BY_GROUP, 'ami-0000dead'] })],
  launchConfigurations: [launchConfiguration({ image: BY_CONFIGURATION })],
  parameters: [parameter({ value: BY_PARAMETER })],
  fleets: [fleet({ images: [BY_FLEET] })],
  spotFleetRequests: [fleet({ id: 'sfr-1', images: [BY_SPOT] })],
});

type PartName = Exclude<keyof Inventory, 'target' | 'observedMs'>;

const PARTS = Object.keys(WORLD).filter(
  (name): name is PartName => name !== 'target' && name !== 'observedMs',
);

/** The same world, of which some lists were cut. */
const cutAt = (names: readonly PartName[], kept: (part: Part<unknown>) => readonly unknown[]) =>
  names.reduce<Inventory>(
    (world, name) => ({ ...world, [name]: incompletePart('cut', kept(WORLD[name])) }),
    WORLD,
  );

const cuts = subarray([...PARTS], { minLength: 1 }).chain((names) =>
  array(constantFrom(true, false), { minLength: 32, maxLength: 32 }).map((keeps) =>
    cutAt(names, ({ items }) => items.filter((_, index) => keeps[index % keeps.length] === true)),
  ),
);

const claimsIn = ({ sections }: Audit, id: AuditSectionId): readonly string[] => {
  const section = sections.find((one) => one.id === id);
  return (section?.findings ?? []).map((one) => `${one.id} ${one.status}`);
};

const unknownIn = ({ sections }: Audit, id: AuditSectionId): number =>
  sections.find((one) => one.id === id)?.unknown.length ?? 0;

describe('whatever list is cut', () => {
  const whole = auditIn([WORLD]);

  test('the whole world has something of each kind to claim', () => {
    expect(claimsIn(whole, 'AUD-01').length).toBeGreaterThan(0);
    expect(claimsIn(whole, 'AUD-03')).toContain('i-0bb no image');
    expect(claimsIn(whole, 'AUD-04')).toContain('ami-0000dead gone');
    expect(claimsIn(whole, 'AUD-05')).toEqual(['ami-0000dead image gone']);
    expect(claimsIn(whole, 'AUD-10')).toContain('snap-orphan completed');
  });

  test('nothing more is called unused or an orphan without saying what is not known', () => {
    assert(
      property(cuts, (world) => {
        const audit = auditIn([world]);
        for (const id of ['AUD-01', 'AUD-10'] as const) {
          const more = claimsIn(audit, id).filter((one) => !claimsIn(whole, id).includes(one));

          expect(more.length === 0 || unknownIn(audit, id) > 0).toBe(true);
        }
      }),
    );
  });

  test('no image more is called gone, and no instance more is called without one', () => {
    assert(
      property(cuts, (world) => {
        const audit = auditIn([world]);
        const claims = (['AUD-03', 'AUD-04', 'AUD-05'] as const).flatMap((id) =>
          claimsIn(audit, id).filter((one) => !claimsIn(whole, id).includes(one)),
        );

        expect(claims.filter((one) => !one.endsWith(' no image seen'))).toEqual([]);
      }),
    );
  });

  test('what is cut is told, volumes aside', () => {
    assert(
      property(constantFrom(...PARTS.filter((name) => name !== 'volumes')), (name) => {
        expect(auditIn([cutAt([name], () => [])]).unknown.length).toBeGreaterThan(0);
      }),
    );
  });
});
