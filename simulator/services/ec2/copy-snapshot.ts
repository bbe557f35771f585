/** CopySnapshot, called in the destination Region. It has no client token. */
import type { CopySnapshotRequest, CopySnapshotResult } from '@aws-sdk/client-ec2';
import { draw } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import { isIncrementalCopy, lineageOf, noteCopy } from './copy-lineage.ts';
import type { Ec2 } from './ec2.ts';
import { copyEncryption } from './encryption-defaults.ts';
import { isKeyUnusable } from './keys.ts';
import { newSnapshot } from './new-image.ts';
import { assertLength, refuseParameters, required } from './parameters.ts';
import { assertRegion } from './places.ts';
import type { SnapshotRow, Tags } from './rows.ts';
import { endSnapshotAt } from './snapshot-life.ts';
import { assertSnapshotsAllowed } from './snapshot-limits.ts';
import { findReadableSnapshot } from './snapshots.ts';
import { readTagSpecifications, tagsOut } from './tags.ts';

const DESCRIPTION_MAX = 255;
/** The volume that every copy names; it exists nowhere. */
const NO_VOLUME = 'vol-ffffffff';

const STEP_MINUTES = 15;
const DURATION_MAX_MINUTES = 2_880;

/** @throws ApiError `InvalidParameterValue` unless it is a multiple of 15 up to 48 hours. */
const assertDuration = (minutes: number | undefined): void => {
  if (minutes === undefined) return;
  if (minutes > 0 && minutes <= DURATION_MAX_MINUTES && minutes % STEP_MINUTES === 0) return;
  throw new ApiError(
    'InvalidParameterValue',
    `Value (${minutes}) for parameter completionDurationMinutes is invalid. ` +
      `Specify a multiple of ${STEP_MINUTES} up to ${DURATION_MAX_MINUTES}.`,
  );
};

/** EC2 has no unencrypted copy of what is encrypted, and takes no key for what is not to be. */
const assertEncryption = (input: CopySnapshotRequest, source: SnapshotRow): void => {
  if (input.KmsKeyId !== undefined && input.Encrypted !== true) {
    throw new ApiError(
      'InvalidParameterDependency',
      'The parameter KmsKeyId requires the parameter Encrypted to be set.',
    );
  }
  if (input.Encrypted !== false || !source.encrypted) return;
  throw new ApiError(
    'InvalidRequest',
    'Creating unencrypted copy from an encrypted snapshot is not allowed',
  );
};

/** Copies that count to the quota of the destination; whether those of images do is not known. */
const isPendingCopy = (ec2: Ec2, row: SnapshotRow, call: Call): boolean => {
  if (row.copy === undefined || row.ownerId !== call.account || row.endsAtMs <= call.nowMs) {
    return false;
  }
  return !row.copy.isOfImage || ec2.kernel.manners().imageCopiesCountAsSnapshotCopies;
};

/** @throws ApiError `ResourceLimitExceeded` while too many copies of snapshots are pending here. */
export const assertSnapshotCopyRoom = (ec2: Ec2, count: number, call: Call): void => {
  const { concurrentSnapshotCopies: max } = ec2.kernel.manners();
  let pending = count;
  for (const row of ec2.store(call.region).snapshots.values()) {
    if (isPendingCopy(ec2, row, call)) pending += 1;
  }
  if (pending <= max) return;
  throw new ApiError(
    'ResourceLimitExceeded',
    `Too many snapshot copies in progress. The limit is ${max} for this destination region.`,
  );
};

const endOf = (
  ec2: Ec2,
  input: CopySnapshotRequest,
  source: SnapshotRow,
  call: Call,
): { readonly atMs: number; readonly error?: string } => {
  const { copyPendingMs, copyPendingPerGibMs, copyFailure } = ec2.kernel.manners();
  const random = ec2.kernel.random('snapshot copies');
  const usualMs = draw(random, copyPendingMs) + source.sizeGib * copyPendingPerGibMs;
  const latestMs = (input.CompletionDurationMinutes ?? Number.POSITIVE_INFINITY) * 60_000;
  const atMs = call.nowMs + Math.min(usualMs, latestMs);
  const isFailed = random.chance(copyFailure);
  const isUnusable =
    isKeyUnusable(ec2, input.KmsKeyId, call.region) ||
    isKeyUnusable(ec2, source.kmsKeyId, input.SourceRegion ?? '');
  if (isUnusable) return { atMs, error: 'Given key ID is not accessible' };
  return isFailed ? { atMs, error: 'An internal error occurred' } : { atMs };
};

const copyOf = (
  ec2: Ec2,
  input: CopySnapshotRequest,
  source: SnapshotRow,
  tags: Tags,
  call: Call,
): SnapshotRow => {
  const sourceRegion = input.SourceRegion ?? '';
  const { snapshotId: sourceSnapshotId, sizeGib } = source;
  const encryption = copyEncryption(ec2, input, source, call);
  const from = { row: source, region: sourceRegion };
  return newSnapshot(
    ec2,
    call,
    { sizeGib, ...encryption },
    {
      volumeId: NO_VOLUME,
      description: input.Description ?? `[Copied ${sourceSnapshotId} from ${sourceRegion}]`,
      lineage: lineageOf(source, sourceRegion),
      copy: {
        sourceRegion,
        sourceSnapshotId,
        isOfImage: false,
        isIncremental: isIncrementalCopy(ec2, from, encryption, call),
        completionDurationMinutes: input.CompletionDurationMinutes,
      },
      tags,
    },
  );
};

const copySnapshot = (ec2: Ec2, input: CopySnapshotRequest, call: Call): CopySnapshotResult => {
  refuseParameters(input, ['DestinationOutpostArn', 'DestinationAvailabilityZone']);
  const sourceRegion = required('SourceRegion', input.SourceRegion);
  assertRegion(sourceRegion);
  assertLength('Description', input.Description, DESCRIPTION_MAX);
  assertDuration(input.CompletionDurationMinutes);
  const source = findReadableSnapshot(ec2, input.SourceSnapshotId, call, sourceRegion);
  assertEncryption(input, source);
  const tags = readTagSpecifications(input.TagSpecifications, ['snapshot'])('snapshot');
  assertSnapshotCopyRoom(ec2, 1, call);
  assertSnapshotsAllowed(ec2, [], call);
  const row = copyOf(ec2, input, source, tags, call);
  ec2.store(call.region).snapshots.set(row.snapshotId, row);
  noteCopy(ec2, row, call);
  endSnapshotAt(ec2, call.region, row, endOf(ec2, input, source, call));
  return { SnapshotId: row.snapshotId, Tags: tagsOut(row.tags) };
};

export const copySnapshotOperation = (ec2: Ec2) => ({
  /** `PresignedUrl` and `DestinationRegion` are taken and not looked at: who calls is known. */
  CopySnapshot: (input: CopySnapshotRequest, call: Call) => copySnapshot(ec2, input, call),
});
