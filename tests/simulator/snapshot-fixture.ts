/** What the tests of snapshots begin with. */
import { ACCOUNT, type Bench, HOME } from './fixture.ts';

/** The volumes of an instance, the smallest first. */
export const volumeIds = (bench: Bench, name: string): string[] =>
  bench.cloud.ec2
    .DescribeVolumes(
      { Filters: [{ Name: 'attachment.instance-id', Values: [bench.id(name)] }] },
      bench.home(),
    )
    .Volumes?.toSorted((a, b) => (a.Size ?? 0) - (b.Size ?? 0))
    .map((volume) => volume.VolumeId ?? '') ?? [];

/** Snapshots the smallest volume of an instance. */
export const snapshotOf = (bench: Bench, name = 'web-1', more: object = {}): string => {
  const [VolumeId] = volumeIds(bench, name);
  return bench.cloud.ec2.CreateSnapshot({ VolumeId, ...more }, bench.home()).SnapshotId ?? '';
};

export const describeOne = (bench: Bench, id: string, region = HOME) =>
  bench.cloud.ec2.DescribeSnapshots({ SnapshotIds: [id] }, bench.cloud.callAs(ACCOUNT, region))
    .Snapshots?.[0];
