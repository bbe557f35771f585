import type { Image, Snapshot } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import {
  toLaunchPermissions,
  toSeenImage,
  toSeenSnapshot,
  toSeenVolume,
} from '../../shared/aws/seen-shapes.ts';

const IMAGE: Image = {
  ImageId: 'ami-1',
  Name: 'web',
  State: 'available',
  CreationDate: '2026-11-01T03:00:00.000Z',
  OwnerId: '111122223333',
};

const BARE_IMAGE = {
  id: 'ami-1',
  name: 'web',
  state: 'available',
  createdMs: Date.UTC(2026, 10, 1, 3),
  tags: {},
  snapshots: [],
  isDeregistrationProtected: false,
  ownerId: '111122223333',
  description: '',
  isPublic: false,
  architecture: '',
  platform: 'Linux/UNIX',
  rootDeviceType: 'ebs',
  productCodes: [],
};

describe('an image', () => {
  test('of which EC2 says no more has no more', () => {
    expect(toSeenImage(IMAGE)).toEqual(BARE_IMAGE);
  });

  test('has what people choose images by', () => {
    const image: Image = {
      ...IMAGE,
      Description: 'Web server',
      Public: true,
      Architecture: 'arm64',
      PlatformDetails: 'Red Hat Enterprise Linux',
      RootDeviceType: 'instance-store',
      ProductCodes: [{ ProductCodeId: 'abc', ProductCodeType: 'marketplace' }, {}],
      DeprecationTime: '2027-11-01T03:00:00.000Z',
      LastLaunchedTime: '2026-11-20T04:05:06Z',
      SourceImageId: 'ami-0',
      SourceImageRegion: 'eu-west-1',
      ImageOwnerAlias: 'aws-marketplace',
    };

    expect(toSeenImage(image)).toEqual({
      ...BARE_IMAGE,
      description: 'Web server',
      isPublic: true,
      architecture: 'arm64',
      platform: 'Red Hat Enterprise Linux',
      rootDeviceType: 'instance-store',
      productCodes: ['abc'],
      deprecatedMs: Date.UTC(2027, 10, 1, 3),
      lastLaunchedMs: Date.UTC(2026, 10, 20, 4, 5, 6),
      sourceImageId: 'ami-0',
      sourceImageRegion: 'eu-west-1',
      ownerAlias: 'aws-marketplace',
    });
  });

  test('of which EC2 gives no platform details is Windows only if it says so', () => {
    expect(toSeenImage({ ...IMAGE, Platform: 'Windows' }).platform).toBe('Windows');
    expect(toSeenImage(IMAGE).platform).toBe('Linux/UNIX');
  });

  const disk = (Encrypted?: boolean) => ({
    Ebs: { SnapshotId: 'snap-1', ...(Encrypted === undefined ? {} : { Encrypted }) },
  });

  test.each([
    ['every snapshot is', [disk(true), disk(true)], true],
    ['one snapshot is not', [disk(true), disk(false), disk()], false],
    ['of one snapshot it is not said', [disk(true), disk()], undefined],
    ['it has none', [{ Ebs: { Encrypted: true } }, { VirtualName: 'ephemeral0' }], undefined],
  ])('is encrypted, not encrypted or not known to be where %s', (_, mappings, expected) => {
    expect(toSeenImage({ ...IMAGE, BlockDeviceMappings: mappings }).isEncrypted).toBe(expected);
  });

  test.each([
    [{ OwnerId: undefined }, 'EC2 answered ami-1 without OwnerId'],
    [{ DeprecationTime: 'soon' }, 'EC2 answered ami-1 without a readable DeprecationTime'],
    [{ LastLaunchedTime: '?' }, 'EC2 answered ami-1 without a readable LastLaunchedTime'],
  ])('with %j is not believed', (more, message) => {
    expect(() => toSeenImage({ ...IMAGE, ...more })).toThrow(message);
  });
});

const SNAPSHOT: Snapshot = {
  SnapshotId: 'snap-1',
  StartTime: new Date('2026-11-01T03:00:00Z'),
  OwnerId: '111122223333',
  State: 'completed',
};

describe('a snapshot', () => {
  const bare = {
    id: 'snap-1',
    tags: {},
    sizeGiB: 0,
    startedMs: Date.UTC(2026, 10, 1, 3),
    ownerId: '111122223333',
    description: '',
    state: 'completed',
    isEncrypted: false,
    isArchived: false,
  };

  test('of which EC2 says no more has no more', () => {
    expect(toSeenSnapshot({ ...SNAPSHOT, StorageTier: 'standard' })).toEqual(bare);
  });

  test('has its size, its encryption and its tier', () => {
    const more = {
      Description: 'Created by CreateImage',
      Encrypted: true,
      StorageTier: 'archive',
      FullSnapshotSizeInBytes: 5_000_000_000,
      VolumeSize: 8,
      VolumeId: 'vol-1',
    } as const;

    expect(toSeenSnapshot({ ...SNAPSHOT, ...more })).toEqual({
      ...bare,
      description: 'Created by CreateImage',
      isEncrypted: true,
      isArchived: true,
      fullSizeBytes: 5_000_000_000,
      sizeGiB: 8,
      volumeId: 'vol-1',
    });
  });

  test.each(['OwnerId', 'State'])('without %s is not believed', (name) => {
    expect(() => toSeenSnapshot({ ...SNAPSHOT, [name]: undefined })).toThrow(
      `EC2 answered snap-1 without ${name}`,
    );
  });
});

describe('a volume', () => {
  test('has its size, its snapshot and its instances', () => {
    const volume = {
      VolumeId: 'vol-1',
      Size: 8,
      Encrypted: true,
      SnapshotId: 'snap-1',
      Attachments: [{ InstanceId: 'i-1' }, { Device: '/dev/sdf' }, { InstanceId: 'i-2' }],
    };

    expect(toSeenVolume(volume)).toEqual({
      id: 'vol-1',
      tags: {},
      sizeGiB: 8,
      isEncrypted: true,
      snapshotId: 'snap-1',
      instanceIds: ['i-1', 'i-2'],
    });
    expect(toSeenVolume({ VolumeId: 'vol-1', Size: 8 })).toEqual({
      id: 'vol-1',
      tags: {},
      sizeGiB: 8,
      isEncrypted: false,
      snapshotId: '',
      instanceIds: [],
    });
  });

  test('without a size is not believed', () => {
    expect(() => toSeenVolume({ VolumeId: 'vol-1' })).toThrow('EC2 answered vol-1 without Size');
  });
});

describe('launch permissions', () => {
  test('name accounts, organizations and their units, and everybody', () => {
    const organization = 'arn:aws:organizations::111122223333:organization/o-abc';
    const unit = 'arn:aws:organizations::111122223333:ou/o-abc/ou-1';

    expect(
      toLaunchPermissions({
        ImageId: 'ami-1',
        LaunchPermissions: [
          { UserId: '210987654321' },
          { OrganizationArn: organization },
          { OrganizationalUnitArn: unit },
          { Group: 'all' },
        ],
      }),
    ).toEqual({
      imageId: 'ami-1',
      isPublic: true,
      accounts: ['210987654321'],
      organizations: [organization, unit],
    });
  });

  test('of an image that nobody else may launch are empty', () => {
    expect(toLaunchPermissions({ ImageId: 'ami-1', LaunchPermissions: [] })).toEqual({
      imageId: 'ami-1',
      isPublic: false,
      accounts: [],
      organizations: [],
    });
  });

  test.each([
    [{ LaunchPermissions: [] }, 'EC2 answered an image attribute without ImageId'],
    [{ ImageId: 'ami-1' }, 'EC2 answered ami-1 without LaunchPermissions'],
    [
      { ImageId: 'ami-1', LaunchPermissions: [{}] },
      'EC2 answered a launch permission of ami-1 without anybody who is known',
    ],
  ])('in the form of %j are not believed', (output, message) => {
    expect(() => toLaunchPermissions(output)).toThrow(message);
  });
});
