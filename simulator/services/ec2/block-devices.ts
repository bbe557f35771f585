/** What is the same of every block device mapping, whether it launches, images or registers. */
import { ApiError } from '../../wire/api.ts';
import type { DiskRow } from './rows.ts';

export const invalidMapping = (problem: string): ApiError =>
  new ApiError('InvalidBlockDeviceMapping', problem);

const EPHEMERAL = /^ephemeral\d{1,2}$/;

export const invalidVirtualName = (deviceName: string, virtualName: string): ApiError =>
  invalidMapping(`Invalid virtual name '${virtualName}' for the device ${deviceName}`);

/** @throws ApiError `InvalidBlockDeviceMapping` for a name that no instance-store volume has */
export const assertVirtualName = (deviceName: string, virtualName: string): void => {
  if (!EPHEMERAL.test(virtualName)) throw invalidVirtualName(deviceName, virtualName);
};

/** An instance-store volume: nothing of it is kept, its size least of all. */
export const ephemeralDisk = (deviceName: string, virtualName: string): DiskRow => ({
  deviceName,
  virtualName,
  sizeGib: 0,
  volumeType: 'ephemeral',
  deleteOnTermination: true,
  encrypted: false,
});

/** @throws ApiError `InvalidBlockDeviceMapping` for a volume that its snapshot does not fit into */
export const assertHolds = (
  sizeGib: number,
  snapshot: { readonly snapshotId: string | undefined; readonly sizeGib: number | undefined },
): void => {
  if (sizeGib >= (snapshot.sizeGib ?? 0)) return;
  throw invalidMapping(
    `Volume of size ${sizeGib}GB is smaller than snapshot '${snapshot.snapshotId}', ` +
      `expect size >= ${snapshot.sizeGib}GB`,
  );
};

/** EC2's answer to a disk of which neither is said. */
export const sizeIsMissing = (deviceName: string): ApiError =>
  invalidMapping(`Either snapshot ID or volume size must be provided for: ${deviceName}`);
