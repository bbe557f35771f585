/** CreateSnapshot and CreateSnapshots. Neither has a client token. */
import type {
  CreateSnapshotRequest,
  CreateSnapshotsRequest,
  CreateSnapshotsResult,
  InstanceSpecification,
  Snapshot,
  SnapshotInfo,
} from '@aws-sdk/client-ec2';
import { draw } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { findInstance } from './instances.ts';
import { newSnapshot } from './new-image.ts';
import { assertLength, assertOneOf, refuseParameters, required } from './parameters.ts';
import type { InstanceRow, SnapshotRow, Tags, VolumeRow } from './rows.ts';
import { endSetWith, endSnapshotAt } from './snapshot-life.ts';
import { assertSnapshotsAllowed, noteSnapshot } from './snapshot-limits.ts';
import { snapshotOut } from './snapshots.ts';
import { assertTagCount, isSystemKey, readTagSpecifications, tagsOut } from './tags.ts';
import { findVolume } from './volumes.ts';

const DESCRIPTION_MAX = 255;
const EXCLUDED_MAX = 40;
const ELSEWHERE = ['OutpostArn'];

/** What may go wrong with a snapshot of a volume, by chance. */
const drawError = (ec2: Ec2): string | undefined =>
  ec2.kernel.random('single snapshots').chance(ec2.kernel.manners().snapshotFailure)
    ? 'An internal error occurred'
    : undefined;

const snapshotOf = (
  ec2: Ec2,
  volume: VolumeRow,
  described: { readonly description: string; readonly tags: Tags },
  call: Call,
): SnapshotRow => {
  const { volumeId, encrypted, kmsKeyId, shape } = volume;
  const disk = { sizeGib: shape.sizeGib, encrypted, kmsKeyId };
  const row = newSnapshot(ec2, call, disk, { volumeId, ...described });
  const { snapshotPendingMs, snapshotPendingPerGibMs } = ec2.kernel.manners();
  const pendingMs =
    draw(ec2.kernel.random('single snapshots'), snapshotPendingMs) +
    row.sizeGib * snapshotPendingPerGibMs;
  ec2.store(call.region).snapshots.set(row.snapshotId, row);
  noteSnapshot(ec2, volume, row, call);
  endSnapshotAt(ec2, call.region, row, { atMs: call.nowMs + pendingMs, error: drawError(ec2) });
  return row;
};

const assertImageable = ({ volumeId, state }: VolumeRow): void => {
  if (state === 'available' || state === 'in-use') return;
  throw new ApiError('IncorrectState', `Volume '${volumeId}' is in the '${state}' state`);
};

const createSnapshot = (ec2: Ec2, input: CreateSnapshotRequest, call: Call): Snapshot => {
  refuseParameters(input, [...ELSEWHERE, 'Location']);
  assertLength('Description', input.Description, DESCRIPTION_MAX);
  const volume = findVolume(ec2, required('VolumeId', input.VolumeId), call);
  const tags = readTagSpecifications(input.TagSpecifications, ['snapshot'])('snapshot');
  assertImageable(volume);
  assertSnapshotsAllowed(ec2, [volume], call);
  const description = input.Description ?? '';
  return snapshotOut(snapshotOf(ec2, volume, { description, tags }, call), call.nowMs);
};

const refusal = (message: string): ApiError => new ApiError('InvalidParameterValue', message);

const assertExcludable = (instance: InstanceRow, excluded: readonly string[]): void => {
  if (excluded.length > EXCLUDED_MAX) {
    throw refusal(`No more than ${EXCLUDED_MAX} volumes can be excluded.`);
  }
  for (const id of excluded) {
    const disk = instance.disks.find((one) => one.volumeId === id);
    if (disk === undefined) {
      throw refusal(`The volume ${id} is not attached to the instance ${instance.instanceId}.`);
    }
    if (disk.deviceName === instance.rootDeviceName) {
      throw refusal(`The root volume ${id} cannot be excluded as a data volume.`);
    }
  }
};

/** The volumes of an instance that are not left out, in the order of its disks. */
const chosenVolumes = (ec2: Ec2, specification: InstanceSpecification, call: Call): VolumeRow[] => {
  const instance = findInstance(ec2, required('InstanceId', specification.InstanceId), call);
  const excluded = specification.ExcludeDataVolumeIds ?? [];
  assertExcludable(instance, excluded);
  const { volumes } = ec2.store(call.region);
  const chosen = instance.disks.flatMap(({ volumeId, deviceName }) => {
    const isBoot = deviceName === instance.rootDeviceName;
    const isLeftOut = isBoot
      ? specification.ExcludeBootVolume === true
      : excluded.includes(volumeId ?? '');
    return isLeftOut ? [] : (volumes.get(volumeId ?? '') ?? []);
  });
  if (chosen.length > 0) return chosen;
  throw refusal(`The instance ${instance.instanceId} has no volume to make a snapshot of.`);
};

/** The user's own tags of the volume, if they are asked for, with those of the request on top. */
const tagsOf = (input: CreateSnapshotsRequest, volume: VolumeRow, own: Tags): Tags => {
  if (input.CopyTagsFromSource !== 'volume') return new Map(own);
  const carried = [...volume.tags].filter(([key]) => !isSystemKey(key));
  const tags = new Map([...carried, ...own]);
  assertTagCount(tags);
  return tags;
};

const infoOf = (row: SnapshotRow): SnapshotInfo => ({
  SnapshotId: row.snapshotId,
  VolumeId: row.volumeId,
  VolumeSize: row.sizeGib,
  Description: row.description,
  State: 'pending',
  Progress: '',
  StartTime: new Date(row.startedAtMs),
  OwnerId: row.ownerId,
  Encrypted: row.encrypted,
  Tags: tagsOut(row.tags),
});

const createSnapshots = (
  ec2: Ec2,
  input: CreateSnapshotsRequest,
  call: Call,
): CreateSnapshotsResult => {
  refuseParameters(input, [...ELSEWHERE, 'Location']);
  assertLength('Description', input.Description, DESCRIPTION_MAX);
  assertOneOf('CopyTagsFromSource', input.CopyTagsFromSource, ['volume']);
  const own = readTagSpecifications(input.TagSpecifications, ['snapshot'])('snapshot');
  const specification = required('InstanceSpecification', input.InstanceSpecification);
  const volumes = chosenVolumes(ec2, specification, call);
  const tags = volumes.map((volume) => tagsOf(input, volume, own));
  assertSnapshotsAllowed(ec2, volumes, call);
  const description = input.Description ?? '';
  const rows = volumes.map((volume, index) =>
    snapshotOf(ec2, volume, { description, tags: tags[index] ?? new Map() }, call),
  );
  endSetWith(ec2, call.region, rows);
  return { Snapshots: rows.map(infoOf) };
};

export const createSnapshotOperations = (ec2: Ec2) => ({
  CreateSnapshot: (input: CreateSnapshotRequest, call: Call) => createSnapshot(ec2, input, call),
  /** Of all volumes of one instance, at one instant. */
  CreateSnapshots: (input: CreateSnapshotsRequest, call: Call) => createSnapshots(ec2, input, call),
});
