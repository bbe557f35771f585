import type {
  Image as Ec2Image,
  Instance as Ec2Instance,
  LaunchTemplateVersion,
  Snapshot as Ec2Snapshot,
  Tag,
  Volume as Ec2Volume,
} from '@aws-sdk/client-ec2';
import type {
  AttachedVolume,
  Image,
  ImageReference,
  ImageSnapshot,
  ImageState,
  Instance,
  InstanceState,
  Snapshot,
  Tags,
  Volume,
} from '../domain/model.ts';

/**
 * EC2's shapes as the domain's. A shape without what identifies it throws: a read that holds one is
 * not to be trusted, and its part becomes incomplete.
 */
export class UnexpectedShapeError extends Error {
  constructor(what: string, missing: string, service = 'EC2') {
    super(`${service} answered ${what} without ${missing}`);
    this.name = 'UnexpectedShapeError';
  }
}

export type Required = <T>(value: T | undefined, what: string, name: string) => T;

/** What every answer of a service has. Throws UnexpectedShapeError where it is missing. */
export const requiredOf =
  (service: string): Required =>
  (value, what, name) => {
    if (value === undefined) throw new UnexpectedShapeError(what, name, service);
    return value;
  };

const required = requiredOf('EC2');

/** By assignment, which takes a fifth of the time of `Object.fromEntries`: images come by thousands. */
const toTags = (tags: readonly Tag[] | undefined): Tags => {
  const read: Record<string, string> = {};
  for (const { Key, Value = '' } of tags ?? []) {
    if (Key === '__proto__') define(read, Key, Value);
    else if (Key !== undefined) read[Key] = Value;
  }
  return read;
};

/** An assignment to this name would set no property. */
const define = (tags: Record<string, string>, key: '__proto__', value: string): void => {
  Object.defineProperty(tags, key, { value, configurable: true, enumerable: true, writable: true });
};

/** What is frozen says the same each time it comes: long runs of the embedded cloud give such. */
const rememberingFrozen = <Raw extends object, T>(read: (raw: Raw) => T): ((raw: Raw) => T) => {
  const ofFrozen = new WeakMap<Raw, T>();
  return (raw) => {
    const known = ofFrozen.get(raw);
    if (known !== undefined) return known;
    const made = read(raw);
    if (Object.isFrozen(raw)) ofFrozen.set(raw, made);
    return made;
  };
};

const INSTANCE_STATES: ReadonlySet<string> = new Set<InstanceState>([
  'pending',
  'running',
  'stopping',
  'stopped',
  'shutting-down',
  'terminated',
]);

const isInstanceState = (state: string): state is InstanceState => INSTANCE_STATES.has(state);

const readInstance = (instance: Ec2Instance): Instance => {
  const id = required(instance.InstanceId, 'an instance', 'InstanceId');
  const state = required(instance.State?.Name, id, 'State');
  if (!isInstanceState(state))
    throw new UnexpectedShapeError(id, `a known state (${String(state)})`);
  return {
    id,
    state,
    tags: toTags(instance.Tags),
    imageId: required(instance.ImageId, id, 'ImageId'),
    rootDeviceType: instance.RootDeviceType === 'instance-store' ? 'instance-store' : 'ebs',
    ...(instance.LaunchTime === undefined ? {} : { launchedMs: instance.LaunchTime.getTime() }),
    ...(instance.RootDeviceName === undefined ? {} : { rootDevice: instance.RootDeviceName }),
    volumes: attachedVolumes(instance),
    restore: {
      ...(instance.InstanceType === undefined ? {} : { instanceType: instance.InstanceType }),
      ...(instance.SubnetId === undefined ? {} : { subnetId: instance.SubnetId }),
      securityGroupIds: (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
      ...(instance.IamInstanceProfile?.Arn === undefined
        ? {}
        : { instanceProfileArn: instance.IamInstanceProfile.Arn }),
      ...(instance.KeyName === undefined ? {} : { keyName: instance.KeyName }),
    },
  };
};

const attachedVolumes = ({ BlockDeviceMappings = [] }: Ec2Instance): readonly AttachedVolume[] =>
  BlockDeviceMappings.flatMap(({ DeviceName: device, Ebs }) =>
    device === undefined || Ebs?.VolumeId === undefined ? [] : [{ device, volumeId: Ebs.VolumeId }],
  );

export const toInstance = rememberingFrozen(readInstance);

const IMAGE_STATES: ReadonlySet<string> = new Set<ImageState>([
  'pending',
  'available',
  'failed',
  'error',
  'invalid',
  'deregistered',
  'transient',
  'disabled',
]);

const isImageState = (state: string): state is ImageState => IMAGE_STATES.has(state);

const readImage = (image: Ec2Image): Image => {
  const id = required(image.ImageId, 'an image', 'ImageId');
  const state = required(image.State, id, 'State');
  if (!isImageState(state)) throw new UnexpectedShapeError(id, `a known state (${String(state)})`);
  const createdMs = Date.parse(required(image.CreationDate, id, 'CreationDate'));
  if (Number.isNaN(createdMs)) throw new UnexpectedShapeError(id, 'a readable CreationDate');
  return {
    id,
    name: image.Name ?? '',
    state,
    createdMs,
    tags: toTags(image.Tags),
    snapshots: imageSnapshots(image),
    // Any word but this one protects: `enabled-...`, and `disabled after ...` while it cools down.
    isDeregistrationProtected: (image.DeregistrationProtection ?? 'disabled') !== 'disabled',
    ...(image.SourceInstanceId === undefined ? {} : { sourceInstanceId: image.SourceInstanceId }),
    ...(image.SourceImageId === undefined ? {} : { sourceImageId: image.SourceImageId }),
    ...(image.ImageOwnerAlias === undefined ? {} : { ownerAlias: image.ImageOwnerAlias }),
    ...(image.StateReason?.Message === undefined
      ? {}
      : { stateMessage: image.StateReason.Message }),
  };
};

const imageSnapshots = ({ BlockDeviceMappings = [] }: Ec2Image): readonly ImageSnapshot[] =>
  BlockDeviceMappings.flatMap(({ DeviceName, Ebs: { SnapshotId, VolumeSize = 0 } = {} }) => {
    if (SnapshotId === undefined) return [];
    const snapshot = { snapshotId: SnapshotId, sizeGiB: VolumeSize };
    return DeviceName === undefined ? [snapshot] : [{ ...snapshot, device: DeviceName }];
  });

export const toImage = rememberingFrozen(readImage);

const readSnapshot = (snapshot: Ec2Snapshot): Snapshot => {
  const id = required(snapshot.SnapshotId, 'a snapshot', 'SnapshotId');
  return {
    id,
    tags: toTags(snapshot.Tags),
    sizeGiB: snapshot.VolumeSize ?? 0,
    startedMs: required(snapshot.StartTime, id, 'StartTime').getTime(),
    ...(isVolume(snapshot.VolumeId) ? { volumeId: snapshot.VolumeId } : {}),
  };
};

/** EC2 names this volume, which nobody has, in a snapshot that is a copy (EBS User Guide). */
const NO_VOLUME = 'vol-ffffffff';

const isVolume = (id: string | undefined): id is string => id !== undefined && id !== NO_VOLUME;

export const toVolume = (volume: Ec2Volume): Volume => ({
  id: required(volume.VolumeId, 'a volume', 'VolumeId'),
  tags: toTags(volume.Tags),
});

export const toSnapshot = rememberingFrozen(readSnapshot);

/** The image that a launch template version launches; none, where it leaves that to the caller. */
export const toLaunchTemplateReference = (
  version: LaunchTemplateVersion,
): ImageReference | undefined => {
  const id = required(version.LaunchTemplateId, 'a launch template version', 'LaunchTemplateId');
  const by = `${id} (version ${version.VersionNumber ?? '?'})`;
  const { ImageId: imageId } = required(version.LaunchTemplateData, by, 'LaunchTemplateData');
  if (imageId === undefined) return undefined;
  if (!imageId.startsWith('ami-'))
    throw new UnexpectedShapeError(by, `a resolved image (${imageId})`);
  return { imageId, kind: 'launch-template', by, holds: true };
};
