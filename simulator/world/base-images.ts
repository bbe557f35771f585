/** Images that others own and everyone may launch: what instances are launched from. */
import type { EmbeddedCloud } from '../cloud.ts';
import { newId } from '../services/ec2/ids.ts';
import type { DiskRow } from '../services/ec2/rows.ts';

/** Canonical's account. */
const OWNER = '099720109477';
const DAY_MS = 86_400_000;

export interface BaseImages {
  readonly ubuntu: string;
  readonly instanceStore: string;
}

const ebsRoot = (cloud: EmbeddedCloud, region: string, atMs: number): DiskRow => {
  const snapshotId = newId(cloud.ec2Core.kernel, 'snap');
  cloud.ec2Core.store(region).snapshots.set(snapshotId, {
    snapshotId,
    ownerId: OWNER,
    volumeId: 'vol-ffffffff',
    sizeGib: 8,
    description: 'base',
    startedAtMs: atMs,
    visibleAtMs: atMs,
    encrypted: false,
    tags: new Map(),
    endsAtMs: atMs,
  });
  return {
    deviceName: '/dev/sda1',
    snapshotId,
    sizeGib: 8,
    volumeType: 'gp3',
    deleteOnTermination: true,
    encrypted: false,
  };
};

const EPHEMERAL_ROOT: DiskRow = {
  deviceName: '/dev/sda1',
  virtualName: 'ephemeral0',
  sizeGib: 10,
  volumeType: 'ephemeral',
  deleteOnTermination: true,
  encrypted: false,
};

const place = (
  cloud: EmbeddedCloud,
  region: string,
  name: string,
  rootDeviceType: 'ebs' | 'instance-store',
): string => {
  const atMs = cloud.clock.nowMs() - 60 * DAY_MS;
  const imageId = newId(cloud.ec2Core.kernel, 'ami');
  cloud.ec2Core.store(region).addImage({
    imageId,
    ownerId: OWNER,
    region,
    name,
    createdAtMs: atMs,
    visibleAtMs: atMs,
    requestId: cloud.requestId(),
    disks: [rootDeviceType === 'ebs' ? ebsRoot(cloud, region, atMs) : EPHEMERAL_ROOT],
    rootDeviceName: '/dev/sda1',
    rootDeviceType,
    architecture: 'x86_64',
    platformDetails: 'Linux/UNIX',
    virtualizationType: 'hvm',
    enaSupport: true,
    madeBy: 'seed',
    tags: new Map(),
    launchPermissions: new Set(),
    isPublic: true,
    state: 'available',
    protection: 'disabled',
  });
  return imageId;
};

export const seedBaseImages = (cloud: EmbeddedCloud, region: string): BaseImages => ({
  ubuntu: place(cloud, region, 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04', 'ebs'),
  instanceStore: place(
    cloud,
    region,
    'ubuntu/images/hvm-instance/ubuntu-xenial-16.04',
    'instance-store',
  ),
});
