/** Volumes, snapshots and their settings, as moto and the embedded cloud both have them. */
import {
  AttachVolumeCommand,
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  type CreateVolumeCommandInput,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  DisableEbsEncryptionByDefaultCommand,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsEncryptionByDefaultCommand,
  type Filter,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import { HOME } from '../simulator/fixture.ts';
import { byText, codeOf, type Deed, launch, NOBODY, tagging, tagsOf } from './moto-deeds.ts';
import type { Side } from './sides.ts';

export const volumesBy = async (side: Side, ...filters: readonly (readonly [string, string])[]) => {
  const Filters: Filter[] = filters.map(([Name, value]) => ({ Name, Values: [value] }));
  const asked = new DescribeVolumesCommand({ Filters });
  const { Volumes = [] } = await side.run(side.home.send(asked));
  return Volumes.toSorted((a, b) => (a.Size ?? 0) - (b.Size ?? 0));
};

const AvailabilityZone = 'eu-central-1a';

const createVolume = async (side: Side, input: Partial<CreateVolumeCommandInput>) => {
  const asked = new CreateVolumeCommand({ AvailabilityZone, ...input });
  const { VolumeId = '' } = await side.run(side.home.send(asked));
  await side.settle();
  return VolumeId;
};

const createSnapshot = async (side: Side, Description: string, Size = 5) => {
  const VolumeId = await createVolume(side, { Size });
  const asked = new CreateSnapshotCommand({
    VolumeId,
    Description,
    ...tagging('snapshot', { kind: Description }),
  });
  const { SnapshotId = '' } = await side.run(side.home.send(asked));
  await side.settle();
  return { VolumeId, SnapshotId };
};

const descriptionsBy = async (side: Side, Name: string, ...Values: string[]) => {
  const asked = new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: [{ Name, Values }] });
  const { Snapshots = [] } = await side.run(side.home.send(asked));
  return Snapshots.map(({ Description = '' }) => Description).toSorted(byText);
};

export const STORAGE_DEEDS: readonly Deed[] = [
  {
    title: 'a snapshot of a volume tells its description, size, state and tags, and goes once',
    on: async (side) => {
      const { VolumeId, SnapshotId } = await createSnapshot(side, 'by hand');
      const described = new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] });
      const { Snapshots = [] } = await side.run(side.home.send(described));
      const found = [
        await descriptionsBy(side, 'volume-id', VolumeId),
        await descriptionsBy(side, 'tag:kind', 'by hand'),
        await descriptionsBy(side, 'description', 'by hand'),
        await descriptionsBy(side, 'volume-size', '6'),
      ];
      const remove = () => codeOf(side, side.home.send(new DeleteSnapshotCommand({ SnapshotId })));
      return {
        told: Snapshots.map((snapshot) => [
          snapshot.Description,
          snapshot.VolumeSize,
          snapshot.VolumeId === VolumeId,
          snapshot.State,
          snapshot.Progress,
          snapshot.Encrypted,
          tagsOf(snapshot),
        ]),
        found,
        removed: [await remove(), await remove()],
      };
    },
    comesTo: {
      told: [['by hand', 5, true, 'completed', '100%', false, { kind: 'by hand' }]],
      found: [['by hand'], ['by hand'], ['by hand'], []],
      removed: ['done', 'InvalidSnapshot.NotFound'],
    },
  },
  {
    title: 'a volume is made, attached, detached and deleted, and only in that order',
    on: async (side) => {
      const { home, run } = side;
      const VolumeId = await createVolume(side, {
        Size: 7,
        VolumeType: 'gp3',
        ...tagging('volume', { of: 'life' }),
      });
      const tell = async () => {
        await side.settle();
        return (await volumesBy(side, ['tag:of', 'life'])).map(({ Size, State, VolumeType }) =>
          [Size, State, VolumeType].join(' '),
        );
      };
      const remove = () => codeOf(side, home.send(new DeleteVolumeCommand({ VolumeId })));
      const made = await tell();
      const InstanceId = await launch(side, 'holder', { Placement: { AvailabilityZone } });
      await run(home.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device: '/dev/sdz' })));
      const attached = await tell();
      const refused = await remove();
      await run(home.send(new DetachVolumeCommand({ VolumeId, InstanceId })));
      const detached = await tell();
      const removed = await remove();
      await side.settle();
      return { made, attached, refused, detached, removed: [removed, await remove()] };
    },
    comesTo: {
      made: ['7 available gp3'],
      attached: ['7 in-use gp3'],
      refused: 'VolumeInUse',
      detached: ['7 available gp3'],
      removed: ['done', 'InvalidVolume.NotFound'],
    },
  },
  {
    title: 'a volume of a snapshot has its size',
    on: async (side) => {
      const { SnapshotId } = await createSnapshot(side, 'sized', 11);
      await createVolume(side, { SnapshotId, ...tagging('volume', { of: 'snapshot' }) });
      const made = await volumesBy(side, ['tag:of', 'snapshot']);
      return made.map((volume) => [volume.Size, volume.SnapshotId === SnapshotId]);
    },
    comesTo: [[11, true]],
  },
  {
    title: 'a snapshot is copied to another Region',
    on: async (side) => {
      const { SnapshotId: SourceSnapshotId } = await createSnapshot(side, 'copied', 6);
      const request = { SourceSnapshotId, SourceRegion: HOME, Description: 'a copy' };
      const { SnapshotId } = await side.run(side.dr.send(new CopySnapshotCommand(request)));
      await side.settle();
      const asked = new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId ?? ''] });
      const { Snapshots = [] } = await side.run(side.dr.send(asked));
      return Snapshots.map(({ Description, VolumeSize, State }) => [
        Description,
        VolumeSize,
        State,
      ]);
    },
    comesTo: [['a copy', 6, 'completed']],
  },
  {
    title: 'a snapshot is shared with an account, and not any more',
    on: async (side) => {
      const { SnapshotId } = await createSnapshot(side, 'shared');
      const Attribute = 'createVolumePermission' as const;
      const change = (OperationType: 'add' | 'remove') => {
        const request = { SnapshotId, Attribute, OperationType, UserIds: ['444455556666'] };
        return side.run(side.home.send(new ModifySnapshotAttributeCommand(request)));
      };
      const permissions = async () => {
        const asked = new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute });
        const { CreateVolumePermissions = [] } = await side.run(side.home.send(asked));
        return CreateVolumePermissions.map(({ UserId }) => UserId);
      };
      const found = [await permissions()];
      await change('add');
      found.push(await permissions());
      await change('remove');
      return [...found, await permissions()];
    },
    comesTo: [[], ['444455556666'], []],
  },
  {
    title: 'encryption by default is switched on and off',
    on: async ({ run, dr }) => {
      const isOn = async () =>
        (await run(dr.send(new GetEbsEncryptionByDefaultCommand({})))).EbsEncryptionByDefault;
      const before = await isOn();
      await run(dr.send(new EnableEbsEncryptionByDefaultCommand({})));
      const between = await isOn();
      await run(dr.send(new DisableEbsEncryptionByDefaultCommand({})));
      return [before, between, await isOn()];
    },
    comesTo: [false, true, false],
  },
  {
    title: 'what is not there is refused: volumes and snapshots',
    on: async (side) => {
      const { home, dr } = side;
      const VolumeId = `vol-${NOBODY}`;
      const SnapshotId = `snap-${NOBODY}`;
      const copy = { SourceSnapshotId: SnapshotId, SourceRegion: HOME };
      const made = { AvailabilityZone, SnapshotId };
      return [
        await codeOf(side, home.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))),
        await codeOf(side, home.send(new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] }))),
        await codeOf(side, home.send(new CreateSnapshotCommand({ VolumeId }))),
        await codeOf(side, home.send(new DeleteVolumeCommand({ VolumeId }))),
        await codeOf(side, home.send(new CreateVolumeCommand(made))),
        await codeOf(side, dr.send(new CopySnapshotCommand(copy))),
      ];
    },
    comesTo: [
      'InvalidVolume.NotFound',
      'InvalidSnapshot.NotFound',
      'InvalidVolume.NotFound',
      'InvalidVolume.NotFound',
      'InvalidSnapshot.NotFound',
      'InvalidSnapshot.NotFound',
    ],
  },
];
