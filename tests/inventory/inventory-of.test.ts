import { describe, expect, test } from 'vitest';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { inventoryOf } from '../../shared/inventory/inventory-of.ts';
import { type InventoryDocuments, forEachKind } from '../../shared/inventory/kinds.ts';
import { OTHERS_IMAGE, TARGET, WORLD } from './world.ts';

const OBSERVED_MS = Date.UTC(2026, 10, 21, 3);

const inventory = (changed: Partial<InventoryDocuments> = {}): Inventory => {
  const whole: InventoryDocuments = forEachKind((kind) => ({ pages: WORLD[kind] }));
  return inventoryOf(TARGET, { ...whole, ...changed }, OBSERVED_MS);
};

describe('what the AWS CLI printed, as an inventory', () => {
  const seen = inventory();

  test('has its target and its instant', () => {
    expect(seen.target).toEqual({ account: '111122223333', region: 'eu-central-1' });
    expect(seen.observedMs).toBe(Date.UTC(2026, 10, 21, 3));
  });

  test('has instances', () => {
    expect(seen.instances).toEqual({
      isComplete: true,
      problem: '',
      items: [
        {
          id: 'i-0a00000000000001',
          state: 'stopped',
          tags: { Name: 'web' },
          imageId: 'ami-0a1b2c3d4e5f60001',
          rootDeviceType: 'ebs',
          launchedMs: Date.UTC(2026, 9, 1, 3),
          rootDevice: '/dev/xvda',
          volumes: [{ device: '/dev/xvda', volumeId: 'vol-0a00000000000001' }],
          restore: {
            instanceType: 't3.micro',
            subnetId: 'subnet-0a00000000000001',
            securityGroupIds: ['sg-0a00000000000001'],
            instanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/web',
            keyName: 'ops',
          },
        },
      ],
    });
  });

  test('has images, and with whom they are shared', () => {
    expect(seen.images.isComplete).toBe(true);
    expect(seen.images.items.map(({ name }) => name)).toEqual(['web', 'db']);
    expect(seen.images.items[0]).toEqual({
      id: 'ami-0a1b2c3d4e5f60001',
      name: 'web',
      state: 'available',
      createdMs: Date.UTC(2026, 10, 1, 3),
      tags: { 'imago:deployment': 'prod' },
      snapshots: [{ snapshotId: 'snap-0a1b2c3d4e5f60001', sizeGiB: 8, device: '/dev/xvda' }],
      isDeregistrationProtected: false,
      sourceInstanceId: 'i-0a00000000000001',
      ownerId: '111122223333',
      description: '',
      isPublic: false,
      architecture: 'x86_64',
      platform: 'Linux/UNIX',
      rootDeviceType: 'ebs',
      productCodes: [],
      isEncrypted: false,
    });
    expect(seen.permissions.items.map(({ accounts }) => accounts)).toEqual([['210987654321'], []]);
  });

  test('has snapshots and volumes', () => {
    expect(seen.snapshots.items[0]).toEqual({
      id: 'snap-0a1b2c3d4e5f60001',
      tags: { 'imago:deployment': 'prod' },
      sizeGiB: 8,
      startedMs: Date.UTC(2026, 10, 1, 3),
      volumeId: 'vol-0a00000000000001',
      ownerId: '111122223333',
      description: 'Created by CreateImage(i-0a00000000000001) for ami-0a1b2c3d4e5f60001',
      state: 'completed',
      isEncrypted: false,
      isArchived: false,
      fullSizeBytes: 5368709120,
    });
    expect(seen.volumes.items).toEqual([
      {
        id: 'vol-0a00000000000001',
        tags: { 'backup-of': 'web' },
        sizeGiB: 8,
        isEncrypted: true,
        snapshotId: 'snap-0b000000000000001',
        instanceIds: ['i-0a00000000000001'],
      },
    ]);
  });

  test('has launch templates, each of their versions, and who launches by them', () => {
    expect(seen.launchTemplates.items).toEqual([
      { id: 'lt-0a00000000000001', name: 'web', defaultVersion: 1, latestVersion: 2 },
    ]);
    expect(seen.launchTemplateVersions.items.map(({ version, image }) => [version, image])).toEqual(
      [
        [1, 'ami-0a1b2c3d4e5f60001'],
        [2, 'resolve:ssm:/golden/web'],
      ],
    );
    expect(seen.autoScalingGroups.items).toEqual([
      {
        name: 'blue',
        desired: 0,
        templates: [{ templateId: 'lt-0a00000000000001', templateName: 'web', version: '$Latest' }],
        images: ['ami-0a1b2c3d4e5f60002'],
        instanceIds: [],
      },
    ]);
    expect(seen.launchConfigurations.items).toEqual([
      {
        name: 'old',
        image: 'ami-0a1b2c3d4e5f60002',
        snapshotIds: ['snap-0c000000000000001'],
      },
    ]);
  });

  test('has fleets of both sorts', () => {
    expect(seen.fleets.items).toEqual([
      {
        id: 'fleet-0a00000000000001',
        state: 'active',
        isActive: true,
        templates: [{ templateId: 'lt-0a00000000000001', templateName: 'web', version: '1' }],
        images: ['ami-0a1b2c3d4e5f60002'],
      },
    ]);
    expect(seen.spotFleetRequests.items.map(({ images }) => images)).toEqual([
      ['ami-0a1b2c3d4e5f60002'],
    ]);
  });

  test('has parameters once, with the value that another command gave', () => {
    expect(seen.parameters).toEqual({
      isComplete: true,
      problem: '',
      items: [
        {
          name: '/golden/web',
          type: 'String',
          dataType: 'text',
          value: 'ami-0a1b2c3d4e5f60001',
          version: 3,
        },
      ],
    });
  });

  test('does not know the images of others if nobody asked for them', () => {
    expect(seen.othersImages).toEqual({
      isComplete: false,
      problem: 'nobody asked for the images of others',
      items: [],
    });
  });
});

describe('images by their owner', () => {
  test('those of others are theirs, wherever they are listed', () => {
    const { images, othersImages } = inventory({
      images: { pages: [...WORLD.images, { Images: [OTHERS_IMAGE] }] },
      'used-images': {
        pages: [{ Images: [{ ...OTHERS_IMAGE, ImageId: 'ami-0b000000000000002' }] }],
      },
    });

    expect(images.items.map(({ name }) => name)).toEqual(['web', 'db']);
    expect(othersImages.isComplete).toBe(true);
    expect(othersImages.items.map(({ id }) => id).toSorted()).toEqual([
      'ami-0b000000000000001',
      'ami-0b000000000000002',
    ]);
  });

  test('an own one that only its id brought to light counts as own', () => {
    const hidden = { ...OTHERS_IMAGE, OwnerId: TARGET.account, State: 'disabled' };

    const { images, othersImages } = inventory({
      'used-images': { pages: [{ Images: [hidden] }] },
    });

    expect(images.items.map(({ state }) => state).toSorted()).toEqual([
      'available',
      'available',
      'disabled',
    ]);
    expect(othersImages.items).toEqual([]);
  });

  test('snapshots of others, which a list without --owner-ids shows, are left out', () => {
    const { snapshots } = inventory({
      snapshots: {
        pages: WORLD.snapshots.map(({ Snapshots }) => ({
          Snapshots: [
            {
              SnapshotId: 'snap-1',
              OwnerId: '999900001111',
              StartTime: new Date(0),
              State: 'completed',
            },
            ...(Snapshots as readonly unknown[]),
          ],
        })),
      },
    });

    expect(snapshots.isComplete).toBe(true);
    expect(snapshots.items.map(({ id }) => id)).toEqual([
      'snap-0a1b2c3d4e5f60001',
      'snap-0a1b2c3d4e5f60002',
    ]);
  });
});

describe('answers of the SDK', () => {
  test('mean the same with Dates as what the AWS CLI prints', () => {
    const revived = JSON.parse(JSON.stringify(WORLD), (key, value: unknown) =>
      key === 'StartTime' || key === 'LaunchTime' ? new Date(String(value)) : value,
    ) as typeof WORLD;

    const documents: InventoryDocuments = forEachKind((kind) => ({ pages: revived[kind] }));

    expect(inventoryOf(TARGET, documents, OBSERVED_MS)).toEqual(inventory());
  });
});

describe('a list of what there is none of', () => {
  const NO_FILE = { pages: [], problem: 'no file' };

  test('has no versions to tell of if there is no template', () => {
    const none = { pages: [{ LaunchTemplates: [] }] };

    expect(
      inventory({ 'launch-templates': none, 'launch-template-versions': NO_FILE })
        .launchTemplateVersions,
    ).toEqual({ isComplete: true, problem: '', items: [] });
    expect(
      inventory({ 'launch-template-versions': NO_FILE }).launchTemplateVersions.isComplete,
    ).toBe(false);
    expect(
      inventory({ 'launch-templates': NO_FILE, 'launch-template-versions': NO_FILE })
        .launchTemplateVersions.isComplete,
    ).toBe(false);
  });

  test('is not believed if its objects are told of all the same', () => {
    const none = { pages: [{ LaunchTemplates: [] }] };
    const versions = { pages: WORLD['launch-template-versions'], problem: 'cut' };

    expect(
      inventory({ 'launch-templates': none, 'launch-template-versions': versions })
        .launchTemplateVersions.problem,
    ).toBe('cut');
  });

  test('has no launch permissions to tell of if there is no image', () => {
    const none = { pages: [{ Images: [] }] };

    expect(inventory({ images: none, 'image-attributes': NO_FILE }).permissions.isComplete).toBe(
      true,
    );
    expect(inventory({ 'image-attributes': NO_FILE }).permissions).toEqual({
      isComplete: false,
      problem: 'no file',
      items: [],
    });
  });
});
