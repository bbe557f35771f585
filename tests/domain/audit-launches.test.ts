import { describe, expect, test } from 'vitest';
import { incompletePart } from '../../shared/domain/model.ts';
import { idsIn, sectionIn } from '../support/audit.ts';
import {
  autoScalingGroup,
  fleet,
  inventory,
  launchConfiguration,
  launchTemplate,
  parameter,
  seenImage,
  seenInstance,
  seenSnapshot,
  templateVersion,
} from '../support/inventory.ts';

const GONE = 'ami-0000dead';

describe('launches that will fail', () => {
  test.each([
    [
      'lt-web web version 1 (default, latest)',
      {
        launchTemplates: [launchTemplate()],
        launchTemplateVersions: [templateVersion({ image: GONE })],
      },
    ],
    [
      'Auto Scaling group blue (desired 0), override',
      { autoScalingGroups: [autoScalingGroup({ desired: 0, images: [GONE] })] },
    ],
    [
      'launch configuration old-web (unattached)',
      { launchConfigurations: [launchConfiguration({ image: GONE })] },
    ],
    ['fleet-1 (active), override', { fleets: [fleet({ images: [GONE] })] }],
    ['sfr-1 (active), override', { spotFleetRequests: [fleet({ id: 'sfr-1', images: [GONE] })] }],
  ])('are those of %s, whose image is gone', (by, parts) => {
    const section = sectionIn('AUD-05', [inventory(parts)]);

    expect(section.unknown).toEqual([]);
    expect(section.findings).toEqual([
      {
        target: '111122223333/eu-central-1',
        id: GONE,
        name: '',
        status: 'image gone',
        evidence: [by],
      },
    ]);
  });

  test('name the template, the group and the version of it that are pinned', () => {
    const seen = inventory({
      launchTemplates: [launchTemplate({ defaultVersion: 2, latestVersion: 2 })],
      launchTemplateVersions: [
        templateVersion({ version: 1, image: GONE }),
        templateVersion({ version: 2, image: 'ami-00000001' }),
      ],
      autoScalingGroups: [
        autoScalingGroup({ templates: [{ templateId: 'lt-web', version: '1' }] }),
      ],
      images: [seenImage({ id: 'ami-00000001' })],
    });

    expect(sectionIn('AUD-05', [seen]).findings.flatMap(({ evidence }) => evidence)).toEqual([
      'Auto Scaling group blue (desired 1), lt-web web version 1',
      'lt-web web version 1 (pinned by Auto Scaling group blue)',
    ]);
  });

  test.each([
    ['image disabled', 'disabled'],
    ['image failed', 'failed'],
    ['image failed', 'error'],
    ['image gone', 'deregistered'],
  ] as const)('are those with an %s, as EC2 says %s', (status, state) => {
    const seen = inventory({
      fleets: [fleet({ images: ['ami-00000001'] })],
      images: [seenImage({ id: 'ami-00000001', state })],
    });

    expect(sectionIn('AUD-05', [seen]).findings).toMatchObject([{ status }]);
  });

  test('are no launches that nothing can make: old versions, parameters, instances, ended fleets', () => {
    const seen = inventory({
      launchTemplates: [launchTemplate({ defaultVersion: 2, latestVersion: 2 })],
      launchTemplateVersions: [templateVersion({ image: GONE }), templateVersion({ version: 2 })],
      parameters: [parameter({ value: GONE })],
      instances: [seenInstance({ imageId: GONE })],
      fleets: [fleet({ images: [GONE], isActive: false })],
    });

    expect(idsIn(sectionIn('AUD-05', [seen]))).toEqual([]);
  });

  test('are not known where the image may be somebody else’s', () => {
    const seen = inventory({
      fleets: [fleet({ images: [GONE] })],
      othersImages: incompletePart('nobody asked'),
    });

    expect(sectionIn('AUD-05', [seen])).toMatchObject({
      count: 0,
      unknown: [{ what: 'used-images', problem: 'nobody asked' }],
    });
  });

  test('are not known where what launches was not read', () => {
    const seen = inventory({
      fleets: incompletePart('no fleets'),
      parameters: incompletePart('no parameters'),
    });

    expect(sectionIn('AUD-05', [seen]).unknown.map(({ what }) => what)).toEqual(['fleets']);
  });
});

const description = 'Created by CreateImage(i-0aa) for ami-0000dead';
const orphan = seenSnapshot({ id: 'snap-1', description, volumeId: 'vol-1' });

describe('snapshots of images that are gone', () => {
  test('are told with what they were made for and what they cost', () => {
    const section = sectionIn('AUD-10', [inventory({ snapshots: [orphan] })]);

    expect(section).toMatchObject({ count: 1, gib: 8, cost: { dollars: 0.43 }, unknown: [] });
    expect(section.findings).toEqual([
      {
        target: '111122223333/eu-central-1',
        id: 'snap-1',
        name: '',
        status: 'completed',
        since: '2026-11-01T02:00:00.000Z',
        gib: 8,
        dollars: 0.43,
        evidence: ['made for ami-0000dead', 'of i-0aa'],
      },
    ]);
  });

  test('are also those of copies, those whose instance and volume are gone and archived ones', () => {
    const copied =
      'Copied for DestinationAmi ami-0000dead from SourceAmi ami-00000001 for SourceSnapshot snap-9. Task created on 1,700,000,000,000.';
    const copy = seenSnapshot({ id: 'snap-2', description: copied, isArchived: true });

    expect(sectionIn('AUD-10', [inventory({ snapshots: [copy] })]).findings).toMatchObject([
      { id: 'snap-2', status: 'archived', evidence: ['made for ami-0000dead'] },
    ]);
  });

  test('say who manages them', () => {
    const managed = { ...orphan, tags: { 'aws:dlm:lifecycle-policy-id': 'policy-1' } };

    expect(sectionIn('AUD-10', [inventory({ snapshots: [managed] })]).findings).toMatchObject([
      {
        evidence: [
          'made for ami-0000dead',
          'of i-0aa',
          'managed by Data Lifecycle Manager (aws:dlm:lifecycle-policy-id)',
        ],
      },
    ]);
  });

  test.each([
    [
      'the image is there, though disabled',
      { images: [seenImage({ id: GONE, state: 'disabled' })] },
    ],
    [
      'another image uses it',
      { images: [seenImage({ snapshots: [{ snapshotId: 'snap-1', sizeGiB: 8 }] })] },
    ],
    [
      'a launch template makes volumes of it',
      { launchTemplateVersions: [templateVersion({ snapshotIds: ['snap-1'] })] },
    ],
    [
      'a launch configuration makes volumes of it',
      { launchConfigurations: [launchConfiguration({ snapshotIds: ['snap-1'] })] },
    ],
    ['it is somebody else’s', { snapshots: [{ ...orphan, ownerId: '999988887777' }] }],
    [
      'it was made just now',
      {
        observedMs: 0,
        snapshots: [{ ...orphan, startedMs: Date.parse('2026-11-21T11:00:00.001Z') }],
      },
    ],
    [
      'nobody made it for an image',
      { snapshots: [seenSnapshot({ description: 'before the upgrade' })] },
    ],
  ])('are none where %s', (_why, parts) => {
    expect(idsIn(sectionIn('AUD-10', [inventory({ snapshots: [orphan], ...parts })]))).toEqual([]);
  });

  test('cannot be told without the whole list of images', () => {
    const seen = inventory({ snapshots: [orphan], images: incompletePart('no file') });

    expect(sectionIn('AUD-10', [seen])).toMatchObject({
      count: 0,
      unknown: [{ what: 'images', problem: 'no file' }],
    });
  });
});
