import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Kind } from '../../shared/inventory/kinds.ts';

/** A small account as the AWS CLI prints it: one answer of each kind. */
export const TARGET = { account: '111122223333', region: 'eu-central-1' };

const WEB = 'ami-0a1b2c3d4e5f60001';
const DB = 'ami-0a1b2c3d4e5f60002';
const BASE = 'ami-0b000000000000001';

const image = (id: string, name: string) => ({
  PlatformDetails: 'Linux/UNIX',
  UsageOperation: 'RunInstances',
  BlockDeviceMappings: [
    {
      Ebs: {
        DeleteOnTermination: true,
        SnapshotId: id.replace('ami', 'snap'),
        VolumeSize: 8,
        VolumeType: 'gp3',
        Encrypted: false,
      },
      DeviceName: '/dev/xvda',
    },
  ],
  Description: '',
  EnaSupport: true,
  Hypervisor: 'xen',
  Name: name,
  RootDeviceName: '/dev/xvda',
  RootDeviceType: 'ebs',
  Tags: [{ Key: 'imago:deployment', Value: 'prod' }],
  VirtualizationType: 'hvm',
  SourceInstanceId: 'i-0a00000000000001',
  DeregistrationProtection: 'disabled',
  ImageId: id,
  ImageLocation: `111122223333/${name}`,
  State: 'available',
  OwnerId: '111122223333',
  CreationDate: '2026-11-01T03:00:00.000Z',
  Public: false,
  Architecture: 'x86_64',
  ImageType: 'machine',
});

const snapshot = (id: string) => ({
  Tags: [{ Key: 'imago:deployment', Value: 'prod' }],
  StorageTier: 'standard',
  FullSnapshotSizeInBytes: 5368709120,
  SnapshotId: id,
  VolumeId: 'vol-0a00000000000001',
  State: 'completed',
  StartTime: '2026-11-01T03:00:00+00:00',
  Progress: '100%',
  OwnerId: '111122223333',
  Description: `Created by CreateImage(i-0a00000000000001) for ${id.replace('snap', 'ami')}`,
  VolumeSize: 8,
  Encrypted: false,
});

const parameter = (name: string) => ({
  Name: name,
  ARN: `arn:aws:ssm:eu-central-1:111122223333:parameter${name}`,
  Type: 'String',
  LastModifiedDate: '2026-10-01T03:00:00.123000+00:00',
  Version: 3,
  DataType: 'text',
});

/** Pages by kind: where a command is called for each object there are several. */
export const WORLD: Readonly<Record<Kind, readonly Readonly<Record<string, unknown>>[]>> = {
  instances: [
    {
      Reservations: [
        {
          ReservationId: 'r-0a00000000000001',
          OwnerId: '111122223333',
          Groups: [],
          Instances: [
            {
              InstanceId: 'i-0a00000000000001',
              ImageId: WEB,
              State: { Code: 80, Name: 'stopped' },
              LaunchTime: '2026-10-01T03:00:00+00:00',
              Placement: { AvailabilityZone: 'eu-central-1a', GroupName: '', Tenancy: 'default' },
              InstanceType: 't3.micro',
              RootDeviceName: '/dev/xvda',
              RootDeviceType: 'ebs',
              SubnetId: 'subnet-0a00000000000001',
              SecurityGroups: [{ GroupName: 'web', GroupId: 'sg-0a00000000000001' }],
              IamInstanceProfile: {
                Arn: 'arn:aws:iam::111122223333:instance-profile/web',
                Id: 'AIPA0000000000000001',
              },
              KeyName: 'ops',
              BlockDeviceMappings: [
                { DeviceName: '/dev/xvda', Ebs: { VolumeId: 'vol-0a00000000000001' } },
              ],
              Tags: [{ Key: 'Name', Value: 'web' }],
            },
          ],
        },
      ],
    },
  ],
  images: [{ Images: [image(WEB, 'web'), image(DB, 'db')] }],
  'image-attributes': [
    { ImageId: WEB, LaunchPermissions: [{ UserId: '210987654321' }] },
    { ImageId: DB, LaunchPermissions: [] },
  ],
  snapshots: [
    { Snapshots: [snapshot('snap-0a1b2c3d4e5f60001'), snapshot('snap-0a1b2c3d4e5f60002')] },
  ],
  volumes: [
    {
      Volumes: [
        {
          VolumeId: 'vol-0a00000000000001',
          AvailabilityZone: 'eu-central-1a',
          Size: 8,
          Encrypted: true,
          KmsKeyId: 'arn:aws:kms:eu-central-1:999900001111:key/0a',
          SnapshotId: 'snap-0b000000000000001',
          State: 'in-use',
          Attachments: [{ InstanceId: 'i-0a00000000000001', Device: '/dev/xvda' }],
          Tags: [{ Key: 'backup-of', Value: 'web' }],
        },
      ],
    },
  ],
  'launch-templates': [
    {
      LaunchTemplates: [
        {
          LaunchTemplateId: 'lt-0a00000000000001',
          LaunchTemplateName: 'web',
          CreatedBy: 'arn:aws:iam::111122223333:user/ops',
          DefaultVersionNumber: 1,
          LatestVersionNumber: 2,
        },
      ],
    },
  ],
  'launch-template-versions': [
    {
      LaunchTemplateVersions: [1, 2].map((version) => ({
        LaunchTemplateId: 'lt-0a00000000000001',
        LaunchTemplateName: 'web',
        VersionNumber: version,
        CreatedBy: 'arn:aws:iam::111122223333:user/ops',
        DefaultVersion: version === 1,
        LaunchTemplateData: { ImageId: version === 1 ? WEB : 'resolve:ssm:/golden/web' },
      })),
    },
  ],
  'auto-scaling-groups': [
    {
      AutoScalingGroups: [
        {
          AutoScalingGroupName: 'blue',
          AutoScalingGroupARN:
            'arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:0a:autoScalingGroupName/blue',
          MixedInstancesPolicy: {
            LaunchTemplate: {
              LaunchTemplateSpecification: {
                LaunchTemplateId: 'lt-0a00000000000001',
                LaunchTemplateName: 'web',
                Version: '$Latest',
              },
              Overrides: [{ InstanceType: 'm7g.large', ImageId: DB }],
            },
          },
          MinSize: 0,
          MaxSize: 4,
          DesiredCapacity: 0,
          Instances: [],
        },
      ],
    },
  ],
  'launch-configurations': [
    {
      LaunchConfigurations: [
        {
          LaunchConfigurationName: 'old',
          LaunchConfigurationARN:
            'arn:aws:autoscaling:eu-central-1:111122223333:launchConfiguration:0b:launchConfigurationName/old',
          ImageId: DB,
          BlockDeviceMappings: [
            { DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-0c000000000000001' } },
          ],
        },
      ],
    },
  ],
  parameters: [
    { Parameters: [{ ...parameter('/golden/web'), Tier: 'Standard', Policies: [] }] },
    { Parameters: [{ ...parameter('/golden/web'), Value: WEB }], InvalidParameters: [] },
  ],
  fleets: [
    {
      Fleets: [
        {
          FleetId: 'fleet-0a00000000000001',
          FleetState: 'active',
          Type: 'maintain',
          LaunchTemplateConfigs: [
            {
              LaunchTemplateSpecification: {
                LaunchTemplateId: 'lt-0a00000000000001',
                LaunchTemplateName: 'web',
                Version: '1',
              },
              Overrides: [{ AvailabilityZone: 'eu-central-1b', ImageId: DB }],
            },
          ],
        },
      ],
    },
  ],
  'spot-fleet-requests': [
    {
      SpotFleetRequestConfigs: [
        {
          SpotFleetRequestId: 'sfr-0a000000-0000-0000-0000-000000000001',
          SpotFleetRequestState: 'active',
          SpotFleetRequestConfig: {
            IamFleetRole: 'arn:aws:iam::111122223333:role/spot-fleet',
            LaunchSpecifications: [
              { ImageId: DB, Placement: { AvailabilityZone: 'eu-central-1a' } },
            ],
            LaunchTemplateConfigs: [],
          },
        },
      ],
    },
  ],
};

/** An image of another account, as `describe-images --image-ids` shows it. */
export const OTHERS_IMAGE = { ...image(BASE, 'base'), OwnerId: '137112412989', Public: true };

/** What the AWS CLI prints. */
export const printed = (page: unknown): string => `${JSON.stringify(page, null, 4)}\n`;

/** The files that the shell lines of docs/observe.md would write. */
export const worldFiles = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(WORLD).map(([kind, pages]) => [`${kind}.json`, pages.map(printed).join('')]),
  );

/** A folder of observations that is gone after the test. */
export const folderWith = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const dir = mkdtempSync(join(tmpdir(), 'imago-world-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
};

/** The same, with all files in the folder of {@link TARGET}. */
export const targetFolderWith = (files: Readonly<Record<string, string | Uint8Array>>): string =>
  folderWith(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        `${TARGET.account}/${TARGET.region}/${name}`,
        content,
      ]),
    ),
  );
