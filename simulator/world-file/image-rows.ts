/** Images and snapshots as they are saved. */
import * as z from 'zod';
import type {
  PublicAccessRow,
  SavedImageMemory,
  ShownImageRow,
} from '../services/ec2/image-memory.ts';
import type {
  DiskRow,
  GoneImageRow,
  ImageRow,
  ProductCode,
  Reason,
  SnapshotRow,
  TokenRow,
} from '../services/ec2/rows.ts';
import type { SnapshotCopy, SnapshotLock, Tiering } from '../services/ec2/snapshot-facts.ts';
import { flag, listOf, number, readonlyMapOf, rowOf, tags, text, textSet } from './shapes.ts';

export const DISK = rowOf<DiskRow>()({
  deviceName: text,
  snapshotId: text.optional(),
  volumeId: text.optional(),
  virtualName: text.optional(),
  sizeGib: number,
  volumeType: text,
  iops: number.optional(),
  throughput: number.optional(),
  deleteOnTermination: flag,
  encrypted: flag,
  kmsKeyId: text.optional(),
});

export const PRODUCT_CODES = listOf(
  rowOf<ProductCode>()({ id: text, type: z.enum(['marketplace', 'devpay']) }),
);

export const REASON = rowOf<Reason>()({ code: text, message: text });

export const IMAGE = rowOf<ImageRow>()({
  imageId: text,
  ownerId: text,
  region: text,
  name: text,
  createdAtMs: number,
  visibleAtMs: number,
  requestId: text,
  disks: listOf(DISK),
  rootDeviceName: text,
  rootDeviceType: z.enum(['ebs', 'instance-store']),
  architecture: text,
  platformDetails: text,
  virtualizationType: z.enum(['hvm', 'paravirtual']),
  enaSupport: flag,
  bootMode: text.optional(),
  tpmSupport: text.optional(),
  sriovNetSupport: text.optional(),
  kernelId: text.optional(),
  ramdiskId: text.optional(),
  uefiData: text.optional(),
  ownerAlias: text.optional(),
  productCodes: PRODUCT_CODES.optional(),
  sourceInstanceId: text.optional(),
  sourceImageId: text.optional(),
  sourceImageRegion: text.optional(),
  madeBy: z.enum(['CreateImage', 'CopyImage', 'RegisterImage', 'seed']),
  tags,
  tagVersion: number.optional(),
  launchPermissions: textSet,
  isPublic: flag,
  description: text.optional(),
  imdsSupport: text.optional(),
  state: z.enum(['pending', 'available', 'failed', 'disabled', 'deregistered']),
  stateReason: REASON.optional(),
  protection: text,
  protectedUntilMs: number.optional(),
  launchesAtMs: listOf(number).optional(),
  deprecatedAtMs: number.optional(),
});

const COPY = rowOf<SnapshotCopy>()({
  sourceRegion: text,
  sourceSnapshotId: text,
  isOfImage: flag,
  isIncremental: flag,
  completionDurationMinutes: number.optional(),
});

const TIERING = rowOf<Tiering>()({
  operation: z.enum(['archival', 'temporary-restore', 'permanent-restore']),
  startedAtMs: number,
  endsAtMs: number,
  archivedAtMs: number.optional(),
  restoreExpiresAtMs: number.optional(),
});

const LOCK = rowOf<SnapshotLock>()({
  mode: z.enum(['governance', 'compliance']),
  createdAtMs: number,
  durationDays: number.optional(),
  expiresAtMs: number.optional(),
  coolOffHours: number.optional(),
});

export const SNAPSHOT = rowOf<SnapshotRow>()({
  snapshotId: text,
  ownerId: text,
  ownerAlias: text.optional(),
  volumeId: text,
  sizeGib: number,
  description: text,
  startedAtMs: number,
  visibleAtMs: number,
  encrypted: flag,
  kmsKeyId: text.optional(),
  lineage: text.optional(),
  copy: COPY.optional(),
  tags,
  tagVersion: number.optional(),
  createVolumePermissions: textSet,
  isPublic: flag,
  endsAtMs: number,
  error: text.optional(),
  isDoomed: flag.optional(),
  tiering: TIERING.optional(),
  lock: LOCK.optional(),
});

export const TOKEN = rowOf<TokenRow>()({ request: text, madeId: text, atMs: number });

const GONE_IMAGE = rowOf<GoneImageRow>()({
  imageId: text,
  ownerId: text,
  ownerAlias: text.optional(),
  name: text,
  createdAtMs: number,
  deprecatedAtMs: number.optional(),
  isPublic: flag,
  sourceImageId: text.optional(),
  sourceImageRegion: text.optional(),
  imdsSupport: text.optional(),
  tpmSupport: text.optional(),
  sriovNetSupport: text.optional(),
});

export const IMAGE_MEMORY = rowOf<SavedImageMemory>()({
  gone: readonlyMapOf(GONE_IMAGE),
  shown: readonlyMapOf(rowOf<ShownImageRow>()({ row: IMAGE, untilMs: number })),
  reservedNames: readonlyMapOf(number),
  publicAccess: readonlyMapOf(
    rowOf<PublicAccessRow>()({ isBlocked: flag, fromMs: number, wasBlocked: flag }),
  ),
  lastCopies: readonlyMapOf(text),
});
