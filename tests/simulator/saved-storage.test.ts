import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../simulator/clock.ts';
import { createCloud, type EmbeddedCloud } from '../../simulator/cloud.ts';
import { createRandom } from '../../simulator/random.ts';
import { ACCOUNT, type Bench, createBench, DR, HOME, HOUR, MINUTE } from './fixture.ts';
import { snapshotOf, volumeIds } from './snapshot-fixture.ts';

/** The same cloud as far as it can be saved: plain values, and a clock that stands where it stood. */
const savedAndLoaded = (bench: Bench) => {
  const saved = structuredClone(bench.cloud.save());
  const clock = new VirtualClock(saved.nowMs);
  const cloud = createCloud({ clock, random: createRandom(1) });
  cloud.load(saved);
  return { cloud, clock };
};

/** All that a client can see of what is not an image. */
const seen = ({ ec2, callAs }: EmbeddedCloud) => {
  const home = callAs(ACCOUNT, HOME);
  return {
    snapshots: ec2.DescribeSnapshots({ OwnerIds: ['self'] }, home).Snapshots,
    copies: ec2.DescribeSnapshots({ OwnerIds: ['self'] }, callAs(ACCOUNT, DR)).Snapshots,
    tiers: ec2.DescribeSnapshotTierStatus({}, home).SnapshotTierStatuses,
    locks: ec2.DescribeLockedSnapshots({}, home).Snapshots,
    volumes: ec2.DescribeVolumes({}, home).Volumes,
    changes: ec2.DescribeVolumesModifications({}, home).VolumesModifications,
    instances: ec2.DescribeInstances({}, home).Reservations,
    versions: ec2.DescribeLaunchTemplateVersions({ Versions: ['$Latest'] }, home)
      .LaunchTemplateVersions,
    subnets: ec2.DescribeSubnets({}, home).Subnets,
    keyPairs: ec2.DescribeKeyPairs({}, home).KeyPairs,
    encryption: ec2.GetEbsEncryptionByDefault({}, home),
    key: ec2.GetEbsDefaultKmsKeyId({}, home),
    access: ec2.GetSnapshotBlockPublicAccessState({}, home),
  };
};

/** A cloud in which something of each kind is under way. */
const createBusyBench = async (): Promise<Bench> => {
  const bench = createBench();
  const { ec2 } = bench.cloud;
  const home = bench.home();
  const KmsKeyId = `arn:aws:kms:${HOME}:${ACCOUNT}:key/00000000-0000-4000-8000-00000000000a`;
  const [archived, locked] = [snapshotOf(bench, 'web-1'), snapshotOf(bench, 'web-2')];
  await bench.pass(10 * MINUTE);
  ec2.ModifySnapshotTier({ SnapshotId: archived, StorageTier: 'archive' }, bench.home());
  ec2.LockSnapshot({ SnapshotId: locked, LockMode: 'governance', LockDuration: 1 }, bench.home());
  ec2.CopySnapshot({ SourceSnapshotId: locked, SourceRegion: HOME }, bench.dr());
  ec2.DeleteSnapshot({ SnapshotId: snapshotOf(bench, 'web-2') }, bench.home());
  const [volume] = volumeIds(bench, 'web-1');
  ec2.ModifyVolume({ VolumeId: volume, Size: 20 }, bench.home());
  ec2.CreateVolume({ AvailabilityZone: `${HOME}a`, Size: 5 }, bench.home());
  ec2.StopInstances({ InstanceIds: [bench.id('web-2')] }, bench.home());
  ec2.CreateLaunchTemplate(
    { LaunchTemplateName: 'one', LaunchTemplateData: { InstanceType: 't3.micro' } },
    home,
  );
  ec2.EnableEbsEncryptionByDefault({}, home);
  ec2.ModifyEbsDefaultKmsKeyId({ KmsKeyId }, home);
  ec2.EnableSnapshotBlockPublicAccess({ State: 'block-all-sharing' }, home);
  return bench;
};

describe('a saved cloud', () => {
  it('shows the same when it is loaded, at once and when everything under way is done', async () => {
    const bench = await createBusyBench();
    const { cloud, clock } = savedAndLoaded(bench);
    const before = seen(bench.cloud);
    expect(before).toMatchObject({
      tiers: expect.arrayContaining([
        expect.objectContaining({ LastTieringOperationStatus: 'archival-in-progress' }),
      ]),
      locks: [{ LockState: 'governance' }],
      copies: [{ State: 'pending' }],
      changes: [{ ModificationState: 'modifying' }],
      encryption: { EbsEncryptionByDefault: true },
      access: { State: 'block-all-sharing' },
    });
    expect(before.snapshots).toHaveLength(3);
    expect(seen(cloud)).toEqual(before);

    await bench.pass(48 * HOUR);
    await clock.runUntil(clock.nowMs() + 48 * HOUR);
    const after = seen(bench.cloud);
    expect(after).toMatchObject({
      tiers: expect.arrayContaining([
        expect.objectContaining({ LastTieringOperationStatus: 'archival-completed' }),
      ]),
      locks: [{ LockState: 'expired' }],
      copies: [{ State: 'completed' }],
    });
    expect(after.snapshots).toHaveLength(2);
    expect(seen(cloud)).toEqual(after);
  });
});
