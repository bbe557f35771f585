import { hash } from 'node:crypto';
import {
  CopyImageCommand,
  type CopyImageCommandInput,
  CreateImageCommand,
  type CreateImageCommandInput,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  type EC2Client,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import type { Tags } from '../domain/model.ts';
import type { Ec2, Result } from '../loop/ports.ts';
import { toFailure } from './failures.ts';

type Writes = Pick<Ec2, 'createImage' | 'copyImage' | 'deregisterImage' | 'deleteSnapshot'>;

/** What changes a target; each call's failure is a value. */
export const createWrites = (client: EC2Client): Writes => ({
  createImage: ({ point, name, description, tags, reboot, excludedDevices }) =>
    attempt(async () => {
      const output = await client.send(
        new CreateImageCommand({
          InstanceId: point.sourceId,
          Name: name,
          Description: description,
          NoReboot: !reboot,
          ...leavingOut(excludedDevices),
          TagSpecifications: tagEverything(tags),
        }),
      );
      return { imageId: requireId(output.ImageId, 'CreateImage') };
    }),
  copyImage: (action) =>
    attempt(async () => {
      const request: CopyImageCommandInput = {
        Name: action.name,
        Description: action.description,
        SourceImageId: action.sourceImageId,
        SourceRegion: action.sourceRegion,
        ...(action.kmsKey === undefined ? {} : { Encrypted: true, KmsKeyId: action.kmsKey }),
        TagSpecifications: tagEverything(action.tags),
      };
      const ClientToken = tokenOf(request, action.plannedMs);
      const output = await client.send(new CopyImageCommand({ ...request, ClientToken }));
      return { imageId: requireId(output.ImageId, 'CopyImage') };
    }),
  deregisterImage: (ImageId, snapshots) =>
    attempt(async () => {
      const DeleteAssociatedSnapshots = snapshots === 'delete';
      const output = await client.send(
        new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots }),
      );
      return {
        leftSnapshots: (output.DeleteSnapshotResults ?? []).flatMap(({ SnapshotId, ReturnCode }) =>
          SnapshotId === undefined || ReturnCode === 'success'
            ? []
            : [{ snapshotId: SnapshotId, code: ReturnCode ?? 'unknown' }],
        ),
      };
    }),
  deleteSnapshot: (SnapshotId) =>
    attempt(async () => {
      await client.send(new DeleteSnapshotCommand({ SnapshotId }));
    }),
});

/** `NoDevice` leaves a device out whatever it is set to (EC2 API model, BlockDeviceMapping). */
const leavingOut = (
  devices: readonly string[],
): Pick<CreateImageCommandInput, 'BlockDeviceMappings'> =>
  devices.length === 0
    ? {}
    : { BlockDeviceMappings: devices.map((DeviceName) => ({ DeviceName, NoDevice: '' })) };

const tagEverything = (tags: Tags): TagSpecification[] => {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return [
    { ResourceType: 'image', Tags },
    { ResourceType: 'snapshot', Tags },
  ];
};

const HOUR_MS = 3_600_000;

/**
 * A hash of the whole request and its hour: the same copy asked for twice is one, another try is
 * another. Without the hour EC2 would answer for a copy that is long gone, and never make it again.
 */
const tokenOf = (request: CopyImageCommandInput, plannedMs: number): string =>
  hash('sha256', JSON.stringify([request, Math.floor(plannedMs / HOUR_MS)]));

const requireId = (id: string | undefined, action: string): string => {
  if (id === undefined) throw new Error(`${action} succeeded without an ImageId`);
  return id;
};

const attempt = async <T>(call: () => Promise<T>): Promise<Result<T>> => {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
};
