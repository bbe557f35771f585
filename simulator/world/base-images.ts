/** Images that others own and everyone may launch: what instances are launched from. */
import type { EmbeddedCloud } from '../cloud.ts';
import { newId } from '../services/ec2/ids.ts';
import type { DiskRow, ProductCode } from '../services/ec2/rows.ts';

const DAY_MS = 86_400_000;

export interface BaseImages {
  readonly ubuntu: string;
  readonly instanceStore: string;
}

/** An image of somebody's, as it lies in every Region. */
interface BaseImage {
  readonly name: string;
  readonly ownerId: string;
  readonly ownerAlias?: string;
  readonly productCodes?: readonly ProductCode[];
  readonly architecture: 'x86_64' | 'arm64';
  readonly platformDetails: 'Linux/UNIX' | 'Windows';
  readonly rootDeviceName: string;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  readonly rootGib: number;
  /** How long before the world begins, if not two months. */
  readonly ageDays?: number;
  /** Since how long it is deprecated, if it is. */
  readonly deprecatedDays?: number;
}

const ebsRoot = (
  cloud: EmbeddedCloud,
  region: string,
  { ownerId, ownerAlias, rootDeviceName, rootGib }: BaseImage,
  atMs: number,
): DiskRow => {
  const snapshotId = newId(cloud.ec2Core.kernel, 'snap');
  cloud.ec2Core.store(region).snapshots.set(snapshotId, {
    snapshotId,
    ownerId,
    volumeId: 'vol-ffffffff',
    sizeGib: rootGib,
    description: 'base',
    startedAtMs: atMs,
    visibleAtMs: atMs,
    encrypted: false,
    tags: new Map(),
    createVolumePermissions: new Set(),
    // AWS Marketplace lets nobody copy what it sells.
    isPublic: ownerAlias !== 'aws-marketplace',
    endsAtMs: atMs,
  });
  return {
    deviceName: rootDeviceName,
    snapshotId,
    sizeGib: rootGib,
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

const place = (cloud: EmbeddedCloud, region: string, base: BaseImage): string => {
  const { ageDays = 60, deprecatedDays } = base;
  const atMs = cloud.clock.nowMs() - ageDays * DAY_MS;
  const imageId = newId(cloud.ec2Core.kernel, 'ami');
  cloud.ec2Core.store(region).addImage({
    imageId,
    ownerId: base.ownerId,
    ownerAlias: base.ownerAlias,
    productCodes: base.productCodes,
    region,
    name: base.name,
    createdAtMs: atMs,
    visibleAtMs: atMs,
    requestId: cloud.requestId(),
    disks: [base.rootDeviceType === 'ebs' ? ebsRoot(cloud, region, base, atMs) : EPHEMERAL_ROOT],
    rootDeviceName: base.rootDeviceName,
    rootDeviceType: base.rootDeviceType,
    architecture: base.architecture,
    platformDetails: base.platformDetails,
    virtualizationType: 'hvm',
    enaSupport: true,
    madeBy: 'seed',
    tags: new Map(),
    launchPermissions: new Set(),
    isPublic: true,
    state: 'available',
    ...(deprecatedDays !== undefined && {
      deprecatedAtMs: cloud.clock.nowMs() - deprecatedDays * DAY_MS,
    }),
    protection: 'disabled',
  });
  return imageId;
};

const CANONICAL = { ownerId: '099720109477', architecture: 'x86_64' } as const;
const LINUX = { platformDetails: 'Linux/UNIX', rootGib: 8 } as const;

const UBUNTU: BaseImage = {
  ...CANONICAL,
  ...LINUX,
  name: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04',
  rootDeviceName: '/dev/sda1',
  rootDeviceType: 'ebs',
};

const INSTANCE_STORE: BaseImage = {
  ...UBUNTU,
  name: 'ubuntu/images/hvm-instance/ubuntu-xenial-16.04',
  rootDeviceType: 'instance-store',
};

const AMAZON = { ownerId: '137112412989', ownerAlias: 'amazon', rootDeviceType: 'ebs' } as const;

/** Somebody whom AWS knows no more of than an account. */
const COMMUNITY = {
  ...LINUX,
  ownerId: '600000000001',
  rootDeviceName: '/dev/xvda',
  rootDeviceType: 'ebs',
} as const;

/** What everybody finds in a new world, in each Region: docs/cloud.md lists it. */
const PUBLIC_IMAGES: readonly BaseImage[] = [
  UBUNTU,
  INSTANCE_STORE,
  ...(['x86_64', 'arm64'] as const).map((architecture) => ({
    ...AMAZON,
    ...LINUX,
    architecture,
    name: `al2023-ami-2023.9.20261101.0-kernel-6.1-${architecture}`,
    rootDeviceName: '/dev/xvda',
  })),
  {
    ...AMAZON,
    ownerId: '801119661308',
    name: 'Windows_Server-2025-English-Full-Base-2026.11.10',
    architecture: 'x86_64',
    platformDetails: 'Windows',
    rootDeviceName: '/dev/sda1',
    rootGib: 30,
  },
  {
    ...AMAZON,
    ...LINUX,
    ownerId: '679593333241',
    ownerAlias: 'aws-marketplace',
    productCodes: [{ id: 'exampleproductcode0000000', type: 'marketplace' }],
    name: 'example-appliance-3.1-x86_64-5f0c7a52-3f0e-4d3b-9a55-0d9f3c1e7b21',
    architecture: 'x86_64',
    rootDeviceName: '/dev/sda1',
  },
  ...(['x86_64', 'arm64'] as const).map((architecture) => ({
    ...COMMUNITY,
    architecture,
    name: `community-linux-12-${architecture}-20261001`,
  })),
  {
    ...COMMUNITY,
    architecture: 'x86_64',
    name: 'community-linux-9-x86_64-20240901',
    ageDays: 810,
    deprecatedDays: 80,
  },
];

/** Those that a fleet is launched from. */
export const seedBaseImages = (cloud: EmbeddedCloud, region: string): BaseImages => ({
  ubuntu: place(cloud, region, UBUNTU),
  instanceStore: place(cloud, region, INSTANCE_STORE),
});

export const seedPublicImages = (cloud: EmbeddedCloud, regions: readonly string[]): void => {
  for (const region of regions) for (const base of PUBLIC_IMAGES) place(cloud, region, base);
};
