/** From `pending` to `available` or `failed`, with the snapshots underneath. */
import { agendaKind } from '../../kernel/agenda.ts';
import { draw } from '../../kernel/kernel.ts';
import type { Ec2 } from './ec2.ts';
import { announceImage } from './events.ts';
import type { ImageRow, Reason, SnapshotRow } from './rows.ts';
import { endSnapshotAt } from './snapshot-life.ts';

export interface Course {
  readonly pendingMs: number;
  /** Why it will fail; undefined if it will not. */
  readonly failure?: Reason | undefined;
  /** What all its snapshots say of it; without it, only one of them is broken. */
  readonly snapshotMessage?: string | undefined;
}

/**
 * Of an image that fails, the last snapshot is in `error`, and the others were completed before. With
 * a key that cannot be used none of them is.
 */
const planSnapshots = (
  ec2: Ec2,
  region: string,
  snapshots: readonly SnapshotRow[],
  course: Course,
) => {
  const nowMs = ec2.kernel.clock.nowMs();
  const random = ec2.kernel.random('snapshots');
  const latest = Math.floor(course.pendingMs * 0.95);
  const span = { min: Math.floor(course.pendingMs * 0.6), max: latest };
  const { failure, snapshotMessage: error = 'An internal error occurred' } = course;
  const isBroken = (row: SnapshotRow): boolean =>
    course.snapshotMessage !== undefined || (failure !== undefined && row === snapshots.at(-1));
  for (const row of snapshots) {
    const delayMs = draw(random, span);
    const end = isBroken(row) ? { atMs: nowMs + latest, error } : { atMs: nowMs + delayMs };
    endSnapshotAt(ec2, region, row, end);
  }
};

/** Ends a pending image now, unless it has ended already. */
const end = (ec2: Ec2, image: ImageRow, failure: Reason | undefined): void => {
  if (image.state !== 'pending') return;
  ec2.store(image.region).images.changing(image.imageId);
  image.state = failure === undefined ? 'available' : 'failed';
  image.stateReason = failure;
  const { imageId, region, state } = image;
  ec2.kernel.hooks.tell('imageEnded', { atMs: ec2.kernel.clock.nowMs(), region, imageId, state });
  announceImage(ec2, image, image.state, image.requestId);
};

interface ImageEnds {
  readonly region: string;
  readonly imageId: string;
  readonly failure?: Reason | undefined;
}

const IMAGE_ENDS = agendaKind<ImageEnds>('ec2 image ends');

/** Tells the agenda what becomes of an image that was pending. */
export const defineImageLife = (ec2: Ec2): void => {
  ec2.kernel.agenda.define(IMAGE_ENDS, ({ region, imageId, failure }) => {
    const image = ec2.store(region).images.get(imageId);
    if (image !== undefined) end(ec2, image, failure);
  });
};

/** Lets the life of a new, pending image run its course. */
export const startImage = (
  ec2: Ec2,
  image: ImageRow,
  snapshots: readonly SnapshotRow[],
  course: Course,
): void => {
  const nowMs = ec2.kernel.clock.nowMs();
  const { imageId, region } = image;
  planSnapshots(ec2, region, snapshots, course);
  ec2.kernel.agenda.at(nowMs + course.pendingMs, IMAGE_ENDS, {
    region,
    imageId,
    failure: course.failure,
  });
};

const TERMINATED: Reason = {
  code: 'Client.InstanceTerminated',
  message: 'Client.InstanceTerminated: The instance was terminated or rebooted during AMI creation',
};

/** What becomes of the images that are being made of an instance when it is terminated. */
export const failPendingImagesOf = (ec2: Ec2, region: string, instanceId: string): void => {
  if (!ec2.kernel.manners().terminationFailsPendingImages) return;
  const store = ec2.store(region);
  const nowMs = ec2.kernel.clock.nowMs();
  for (const image of store.pendingImages()) {
    if (image.sourceInstanceId !== instanceId || image.madeBy !== 'CreateImage') continue;
    for (const disk of image.disks) {
      const snapshot = store.snapshots.get(disk.snapshotId ?? '');
      if (snapshot === undefined || snapshot.endsAtMs <= nowMs) continue;
      store.snapshots.changing(snapshot.snapshotId);
      endSnapshotAt(ec2, region, snapshot, { atMs: nowMs, error: 'The instance was terminated' });
    }
    end(ec2, image, TERMINATED);
  }
};

/** Whether an image of this call is to fail, and in which words. */
export const drawFailure = (ec2: Ec2, probability: number, message: string): Reason | undefined =>
  ec2.kernel.random('images').chance(probability)
    ? { code: 'Server.InternalError', message: `Server.InternalError: ${message}` }
    : undefined;
