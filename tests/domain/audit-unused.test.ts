import { describe, expect, test } from 'vitest';
import type { FileReference } from '../../shared/domain/audit-view.ts';
import type { Inventory, SeenImage } from '../../shared/domain/inventory.ts';
import { completePart, incompletePart } from '../../shared/domain/model.ts';
import { idsIn, sectionIn } from '../support/audit.ts';
import { at, ELSEWHERE } from '../support/builders.ts';
import {
  autoScalingGroup,
  type InventoryParts,
  inventory,
  launchPermissions,
  launchTemplate,
  OBSERVED_MS,
  seenImage,
  seenInstance,
  templateVersion,
} from '../support/inventory.ts';

const OLD = at('2026-01-01T00:00Z');

const AMI = 'ami-00000001';

/** One old image that nothing refers to, and of which all is known. */
const alone = (image: Partial<SeenImage> = {}, parts: InventoryParts = {}): Inventory =>
  inventory({
    images: [seenImage({ id: AMI, createdMs: OLD, ...image })],
    permissions: [launchPermissions({ imageId: AMI })],
    ...parts,
  });

describe('images that nothing refers to', () => {
  test('are told oldest first, with their size and price', () => {
    const seen = inventory({
      images: [
        seenImage({ id: 'ami-00000002', createdMs: at('2026-03-01T00:00Z') }),
        seenImage({ id: AMI, createdMs: OLD, name: 'web' }),
      ],
      permissions: [
        launchPermissions({ imageId: AMI }),
        launchPermissions({ imageId: 'ami-00000002' }),
      ],
    });

    const section = sectionIn('AUD-01', [seen]);

    expect(section).toMatchObject({ count: 2, gib: 16, cost: { dollars: 0.86, unpriced: [] } });
    expect(section.unknown).toEqual([]);
    expect(idsIn(section)).toEqual([AMI, 'ami-00000002']);
    expect(section.findings[0]).toEqual({
      target: '111122223333/eu-central-1',
      id: AMI,
      name: 'web',
      status: 'available',
      since: '2026-01-01T00:00:00.000Z',
      gib: 8,
      dollars: 0.43,
      evidence: [],
    });
  });

  test('free no snapshot that an image in use has too, and one that they share only once', () => {
    const shared = { snapshotId: 'snap-shared', sizeGiB: 8 };
    const used = { snapshotId: 'snap-used', sizeGiB: 100 };
    const seen = inventory({
      instances: [seenInstance({ imageId: 'ami-00000003' })],
      images: [
        seenImage({ id: AMI, snapshots: [shared, used] }),
        seenImage({ id: 'ami-00000002', snapshots: [shared] }),
        seenImage({ id: 'ami-00000003', snapshots: [used] }),
      ],
      permissions: [
        launchPermissions({ imageId: AMI }),
        launchPermissions({ imageId: 'ami-00000002' }),
      ],
    });

    const section = sectionIn('AUD-01', [seen]);

    expect(section).toMatchObject({ count: 2, gib: 8 });
    expect(section.findings.map(({ gib }) => gib)).toEqual([0, 0]);
  });

  test('have a size but no price in a Region whose price is not known', () => {
    const target = { account: '111122223333', region: 'eu-west-3' };

    const section = sectionIn('AUD-01', [alone({}, { target })]);

    expect(section).toMatchObject({ gib: 8, cost: { dollars: 0, unpriced: ['eu-west-3'] } });
    expect(section.findings[0]).not.toHaveProperty('dollars');
  });

  test.each([
    ['an instance', { instances: [seenInstance({ imageId: AMI, state: 'stopped' })] }],
    [
      'the default version of a launch template',
      {
        launchTemplates: [launchTemplate()],
        launchTemplateVersions: [templateVersion({ image: AMI })],
      },
    ],
    [
      'a group that wants none',
      { autoScalingGroups: [autoScalingGroup({ desired: 0, images: [AMI] })] },
    ],
    [
      'an account that may launch it',
      { permissions: [launchPermissions({ imageId: AMI, accounts: ['210987654321'] })] },
    ],
  ])('are not those that %s refers to', (_who, parts) => {
    expect(idsIn(sectionIn('AUD-01', [alone({}, parts)]))).toEqual([]);
  });

  test('are not those that a text file names', () => {
    const files = completePart([{ imageId: AMI, by: 'infra/main.tf:3' }]);

    expect(idsIn(sectionIn('AUD-01', [alone()], files))).toEqual([]);
    expect(sectionIn('AUD-02', [alone()], files).findings[0]?.evidence).toEqual([
      'named in infra/main.tf:3',
    ]);
  });

  test('name the old version of a launch template that nothing launches any more', () => {
    const seen = alone(
      {},
      {
        launchTemplates: completePart([launchTemplate({ defaultVersion: 2, latestVersion: 2 })]),
        launchTemplateVersions: completePart([
          templateVersion({ version: 1, image: AMI }),
          templateVersion({ version: 2 }),
        ]),
      },
    );

    const [finding] = sectionIn('AUD-01', [seen]).findings;

    expect(finding?.evidence).toEqual(['lt-web web version 1 (only old)']);
  });

  test('say of which instance they are the newest image', () => {
    const instances = completePart([seenInstance({ id: 'i-0aa', imageId: 'ami-00000009' })]);
    const images = completePart([
      seenImage({ id: AMI, createdMs: OLD, sourceInstanceId: 'i-0aa' }),
      seenImage({ id: 'ami-00000002', sourceInstanceId: 'i-0aa' }),
    ]);

    const { findings } = sectionIn('AUD-01', [alone({}, { instances, images })]);

    expect(findings.map(({ evidence }) => evidence)).toEqual([
      ['image of i-0aa (running)'],
      ['newest image of i-0aa (running)'],
    ]);
  });

  test('say how many images were made from them, which keep nothing', () => {
    const copy = seenImage({
      id: 'ami-00000002',
      sourceImageId: AMI,
      sourceImageRegion: 'eu-central-1',
    });

    const { findings } = sectionIn('AUD-01', [
      alone(),
      inventory({ target: ELSEWHERE, images: [copy] }),
    ]);

    expect(findings[0]).toMatchObject({ id: AMI, evidence: ['1 image made from it'] });
  });

  test('are neither those of a manager nor those launched lately, which are counted', () => {
    const images = completePart([
      seenImage({ id: AMI, tags: { 'aws:dlm:lifecycle-policy-id': 'policy-1' } }),
      seenImage({ id: 'ami-00000002', lastLaunchedMs: at('2026-11-19T00:00Z') }),
      seenImage({ id: 'ami-00000004', tags: { 'imago:policy': 'daily' } }),
      seenImage({ id: 'ami-00000003', lastLaunchedMs: at('2026-03-01T00:00Z') }),
    ]);

    const section = sectionIn('AUD-01', [alone({}, { images })]);

    expect(section.findings).toMatchObject([
      { id: 'ami-00000003', evidence: ['last launched 2026-03-01'] },
    ]);
    expect(section.notes).toEqual([
      '1 not counted, as a manager looks after them (AUD-11)',
      '1 not counted, as Imago looks after them',
      '1 not counted, as they were launched in the last 90 days',
    ]);
  });

  test('cannot be called unused where somebody was not asked', () => {
    const seen = alone({}, { autoScalingGroups: incompletePart('no file groups') });

    expect(sectionIn('AUD-01', [seen])).toMatchObject({
      count: 1,
      unknown: [
        {
          target: '111122223333/eu-central-1',
          what: 'auto-scaling-groups',
          problem: 'no file groups',
        },
      ],
    });
  });

  test('cannot be called unused where nobody said with whom they are shared', () => {
    const seen = alone({}, { permissions: incompletePart('access denied') });

    expect(sectionIn('AUD-01', [seen]).unknown).toEqual([
      {
        target: '111122223333/eu-central-1',
        what: 'launch-permissions',
        problem: '1 image: access denied',
      },
    ]);
  });

  test('cannot be called unused where a text file could not be read', () => {
    const files = incompletePart<FileReference>('main.tf: access denied');

    expect(sectionIn('AUD-01', [alone()], files).unknown).toMatchObject([
      { what: 'referenced-in', problem: 'main.tf: access denied' },
    ]);
  });

  test('are told of every target', () => {
    const there = alone({}, { target: ELSEWHERE });

    expect(sectionIn('AUD-01', [alone(), there]).findings.map(({ target }) => target)).toEqual([
      '111122223333/eu-central-1',
      '111122223333/eu-west-1',
    ]);
  });
});

describe('images that only look unused', () => {
  const inGroup = autoScalingGroup({ desired: 0, images: [AMI] });

  test('are old, have no instance, and something launches from them', () => {
    const seen = alone({}, { autoScalingGroups: completePart([inGroup]) });

    expect(sectionIn('AUD-02', [seen]).findings).toMatchObject([
      { id: AMI, evidence: ['Auto Scaling group blue (desired 0), override'] },
    ]);
  });

  test('were launched lately, though nothing is left of it', () => {
    const seen = alone({ lastLaunchedMs: at('2026-11-19T00:00Z') });

    expect(sectionIn('AUD-02', [seen]).findings).toMatchObject([
      { id: AMI, evidence: ['last launched 2026-11-19'] },
    ]);
  });

  test.each([
    ['is 90 days old to the millisecond', { createdMs: OBSERVED_MS - 90 * 86_400_000 }, {}],
    ['has an instance', {}, { instances: [seenInstance({ imageId: AMI })] }],
    ['nothing refers to', {}, { autoScalingGroups: [] }],
  ])('are not one that %s', (_what, image, parts) => {
    const seen = alone(image, { autoScalingGroups: [inGroup], ...parts });

    expect(idsIn(sectionIn('AUD-02', [seen]))).toEqual([]);
  });

  test('are one that is a millisecond older than 90 days', () => {
    const seen = alone(
      { createdMs: OBSERVED_MS - 90 * 86_400_000 - 1 },
      { autoScalingGroups: completePart([inGroup]) },
    );

    expect(idsIn(sectionIn('AUD-02', [seen]))).toEqual([AMI]);
  });
});
