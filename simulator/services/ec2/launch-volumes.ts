/** The volumes of a new instance. */
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { newId } from './ids.ts';
import type { DiskRow, InstanceRow, Tags, VolumeRow } from './rows.ts';

const volumeOf = (
  ec2: Ec2,
  row: InstanceRow,
  disk: DiskRow,
  tags: Tags,
  call: Call,
): VolumeRow => ({
  volumeId: newId(ec2.kernel, 'vol'),
  ownerId: call.account,
  shape: {
    sizeGib: disk.sizeGib,
    volumeType: disk.volumeType,
    iops: disk.iops,
    throughput: disk.throughput,
  },
  encrypted: disk.encrypted,
  kmsKeyId: disk.kmsKeyId,
  snapshotId: disk.snapshotId,
  availabilityZone: row.availabilityZone,
  createdAtMs: call.nowMs,
  multiAttach: false,
  tags: new Map(tags),
  state: 'in-use',
  attachment: {
    instanceId: row.instanceId,
    deviceName: disk.deviceName,
    deleteOnTermination: disk.deleteOnTermination,
    attachedAtMs: call.nowMs,
    state: 'attached',
  },
});

/** The disks with a volume each, attached; ephemeral ones as they are. */
export const attachVolumes = (
  ec2: Ec2,
  row: InstanceRow,
  disks: readonly DiskRow[],
  tags: Tags,
  call: Call,
): DiskRow[] =>
  disks.map((disk) => {
    if (disk.virtualName !== undefined) return disk;
    const volume = volumeOf(ec2, row, disk, tags, call);
    ec2.store(call.region).volumes.set(volume.volumeId, volume);
    return { ...disk, snapshotId: undefined, volumeId: volume.volumeId };
  });
