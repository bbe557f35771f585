/** CreateVolume, DeleteVolume, AttachVolume, DetachVolume. */
import type {
  AttachVolumeRequest,
  CreateVolumeRequest,
  DeleteVolumeRequest,
  DetachVolumeRequest,
  Volume,
  VolumeAttachment,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { madeByToken, rememberToken } from './client-tokens.ts';
import type { Ec2 } from './ec2.ts';
import { volumeEncryption } from './encryption-defaults.ts';
import { newId } from './ids.ts';
import { findInstance } from './instances.ts';
import { isKeyUnusable } from './keys.ts';
import { assertAtMostOne, assertWithin, refuseParameters, required } from './parameters.ts';
import { findZone } from './places.ts';
import type { InstanceRow, SnapshotRow, VolumeRow } from './rows.ts';
import { findReadableSnapshot } from './snapshots.ts';
import { readTagSpecifications } from './tags.ts';
import {
  defineVolumeLife,
  finishAttaching,
  finishDeleting,
  finishDetaching,
  finishMaking,
} from './volume-life.ts';
import { completeShape } from './volume-shapes.ts';
import { attachmentOut, findVolume, volumeOut } from './volumes.ts';

const DEFAULT_TYPE = 'gp2';
const PROVISIONED_TYPES = ['io1', 'io2'];

const zoneNameOf = (input: CreateVolumeRequest, call: Call): string => {
  assertAtMostOne(input, ['AvailabilityZone', 'AvailabilityZoneId']);
  const { AvailabilityZone: name, AvailabilityZoneId: id } = input;
  if (id === undefined) required('AvailabilityZone', name);
  const zone = findZone({ name, id }, call);
  if (zone !== undefined) return zone.name;
  throw new ApiError('InvalidZone.NotFound', `The zone '${name ?? id}' does not exist.`);
};

const sizeOf = (input: CreateVolumeRequest, source: SnapshotRow | undefined): number => {
  const sizeGib = input.Size ?? source?.sizeGib;
  if (sizeGib === undefined) {
    throw new ApiError(
      'MissingParameter',
      'The request must contain the parameter size/snapshotId',
    );
  }
  if (sizeGib >= (source?.sizeGib ?? 0)) return sizeGib;
  throw new ApiError(
    'InvalidParameterValue',
    `Volume of ${sizeGib}GiB is smaller than snapshot '${source?.snapshotId}', ` +
      `expect size >= ${source?.sizeGib}GiB`,
  );
};

const assertCreatable = (input: CreateVolumeRequest): void => {
  refuseParameters(input, ['OutpostArn', 'Operator']);
  assertWithin('VolumeInitializationRate', input.VolumeInitializationRate, { min: 100, max: 300 });
  if (input.KmsKeyId !== undefined && input.Encrypted !== true) {
    throw new ApiError(
      'InvalidParameterDependency',
      'The parameter KmsKeyId requires the parameter Encrypted to be set.',
    );
  }
  const { VolumeType: volumeType = DEFAULT_TYPE } = input;
  if (input.MultiAttachEnabled !== true || PROVISIONED_TYPES.includes(volumeType)) return;
  throw new ApiError(
    'InvalidParameterCombination',
    `The parameter multiAttachEnabled is not supported for ${volumeType} volumes.`,
  );
};

const newVolume = (ec2: Ec2, input: CreateVolumeRequest, call: Call): VolumeRow => {
  assertCreatable(input);
  const availabilityZone = zoneNameOf(input, call);
  const source =
    input.SnapshotId === undefined ? undefined : findReadableSnapshot(ec2, input.SnapshotId, call);
  const shape = completeShape({
    sizeGib: sizeOf(input, source),
    volumeType: input.VolumeType ?? DEFAULT_TYPE,
    iops: input.Iops,
    throughput: input.Throughput,
  });
  const tags = readTagSpecifications(input.TagSpecifications, ['volume'])('volume');
  return {
    volumeId: newId(ec2.kernel, 'vol'),
    ownerId: call.account,
    shape,
    ...volumeEncryption(ec2, input, source, call),
    snapshotId: source?.snapshotId,
    availabilityZone,
    createdAtMs: call.nowMs,
    multiAttach: input.MultiAttachEnabled ?? false,
    tags,
    state: 'creating',
  };
};

/** With a key that cannot be used the volume is gone again after a while (EBS: it is asynchronous). */
const createVolume = (ec2: Ec2, input: CreateVolumeRequest, call: Call): Volume => {
  const known = madeByToken(ec2, 'CreateVolume', input, call);
  if (known !== undefined) return volumeOut(findVolume(ec2, known, call), call.region);
  const row = newVolume(ec2, input, call);
  ec2.store(call.region).volumes.set(row.volumeId, row);
  rememberToken(ec2, 'CreateVolume', input, call, row.volumeId);
  const isUnusable = isKeyUnusable(ec2, row.kmsKeyId, call.region);
  finishMaking(
    ec2,
    call.region,
    row,
    isUnusable ? `${row.kmsKeyId} is not accessible.` : undefined,
  );
  return volumeOut(row, call.region);
};

const deleteVolume = (ec2: Ec2, input: DeleteVolumeRequest, call: Call): void => {
  const row = findVolume(ec2, required('VolumeId', input.VolumeId), call);
  if (row.attachment !== undefined) {
    throw new ApiError(
      'VolumeInUse',
      `Volume ${row.volumeId} is currently attached to ${row.attachment.instanceId}`,
    );
  }
  if (row.state !== 'available') {
    throw new ApiError(
      'IncorrectState',
      `The volume '${row.volumeId}' is not 'available'. It is '${row.state}'.`,
    );
  }
  ec2.store(call.region).volumes.changing(row.volumeId);
  row.state = 'deleting';
  finishDeleting(ec2, call.region, row);
};

/** Volumes that one instance can have at most (EC2 User Guide, "Instance volume limits"). */
const ATTACHED_MAX = 28;

const assertAttachable = (volume: VolumeRow, instance: InstanceRow, device: string): void => {
  const { volumeId } = volume;
  const { instanceId } = instance;
  if (volume.attachment !== undefined) {
    throw new ApiError('VolumeInUse', `${volumeId} is already attached to an instance`);
  }
  if (volume.state !== 'available') {
    throw new ApiError('IncorrectState', `${volumeId} is not 'available'.`);
  }
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw new ApiError('IncorrectState', `Instance '${instanceId}' is not 'running'.`);
  }
  if (volume.availabilityZone !== instance.availabilityZone) {
    throw new ApiError(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volumeId}' is not in the same availability zone as instance '${instanceId}'`,
    );
  }
  if (instance.disks.some((disk) => disk.deviceName === device)) {
    throw new ApiError(
      'InvalidParameterValue',
      `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
    );
  }
  if (instance.disks.length < ATTACHED_MAX) return;
  throw new ApiError('AttachmentLimitExceeded', `Volume count exceeds ${ATTACHED_MAX}.`);
};

/** A volume that is attached later stays when the instance goes. */
const attachVolume = (ec2: Ec2, input: AttachVolumeRequest, call: Call): VolumeAttachment => {
  const device = required('Device', input.Device);
  const volume = findVolume(ec2, required('VolumeId', input.VolumeId), call);
  const instance = findInstance(ec2, required('InstanceId', input.InstanceId), call);
  assertWithin('EbsCardIndex', input.EbsCardIndex, { min: 0, max: 0 });
  assertAttachable(volume, instance, device);
  const { volumes, instances } = ec2.store(call.region);
  const { volumeId, shape, encrypted, kmsKeyId } = volume;
  const { instanceId } = instance;
  volumes.changing(volumeId);
  const attachment = {
    instanceId,
    deviceName: device,
    deleteOnTermination: false,
    attachedAtMs: call.nowMs,
    state: 'attaching' as const,
  };
  volume.attachment = attachment;
  volume.state = 'in-use';
  instances.changing(instanceId);
  const disk = { deviceName: device, volumeId, ...shape, encrypted, kmsKeyId };
  instance.disks = [...instance.disks, { ...disk, deleteOnTermination: false }];
  finishAttaching(ec2, call.region, volume);
  return attachmentOut(volumeId, attachment);
};

const notAttached = (input: DetachVolumeRequest): ApiError =>
  new ApiError(
    'InvalidAttachment.NotFound',
    `The volume '${input.VolumeId}' is not attached to instance '${input.InstanceId}' as device ` +
      `'${input.Device}'`,
  );

const detachVolume = (ec2: Ec2, input: DetachVolumeRequest, call: Call): VolumeAttachment => {
  const volume = findVolume(ec2, required('VolumeId', input.VolumeId), call);
  const { attachment, volumeId } = volume;
  if (attachment === undefined) {
    throw new ApiError('IncorrectState', `Volume '${volumeId}' is in the '${volume.state}' state.`);
  }
  const { instanceId, deviceName } = attachment;
  if ((input.InstanceId ?? instanceId) !== instanceId) throw notAttached(input);
  if ((input.Device ?? deviceName) !== deviceName) throw notAttached(input);
  const instance = findInstance(ec2, instanceId, call);
  if (deviceName === instance.rootDeviceName && instance.state !== 'stopped') {
    throw new ApiError(
      'OperationNotPermitted',
      `Unable to detach root volume '${volumeId}' from instance '${instanceId}'`,
    );
  }
  ec2.store(call.region).volumes.changing(volumeId);
  const detaching = { ...attachment, state: 'detaching' as const };
  volume.attachment = detaching;
  finishDetaching(ec2, call.region, volume);
  return attachmentOut(volumeId, detaching);
};

export const volumeChangeOperations = (ec2: Ec2) => {
  defineVolumeLife(ec2);
  return {
    CreateVolume: (input: CreateVolumeRequest, call: Call) => createVolume(ec2, input, call),
    DeleteVolume: (input: DeleteVolumeRequest, call: Call) => deleteVolume(ec2, input, call),
    AttachVolume: (input: AttachVolumeRequest, call: Call) => attachVolume(ec2, input, call),
    DetachVolume: (input: DetachVolumeRequest, call: Call) => detachVolume(ec2, input, call),
  };
};
