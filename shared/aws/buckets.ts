/** A token bucket: how many calls may come at once, and how many a second after that. */
export interface Bucket {
  readonly capacity: number;
  readonly perSecond: number;
}

const NON_MUTATING: Bucket = { capacity: 100, perSecond: 20 };
const MUTATING: Bucket = { capacity: 50, perSecond: 5 };

/** Actions on images, snapshots and tags that AWS gives a size of their own. */
const OF_THEIR_OWN: Readonly<Record<string, Bucket>> = {
  CopyImage: { capacity: 100, perSecond: 1 },
  CreateSnapshot: { capacity: 100, perSecond: 5 },
  CreateTags: { capacity: 100, perSecond: 10 },
  DeleteSnapshot: { capacity: 100, perSecond: 5 },
  DeleteTags: { capacity: 100, perSecond: 10 },
  DeregisterImage: { capacity: 100, perSecond: 5 },
  ModifyImageAttribute: { capacity: 100, perSecond: 5 },
  ModifySnapshotAttribute: { capacity: 100, perSecond: 5 },
};

/** All actions of EC2 Auto Scaling draw from one bucket (EC2 Auto Scaling API Reference, "Welcome"). */
export const AUTO_SCALING_BUCKET = 'AutoScaling';

/**
 * Of other services, where AWS publishes no size, or one that is not ours to fill: SSM gives an
 * account forty GetParameters a second (AWS General Reference, "Systems Manager"), by which its
 * applications also start.
 */
const OF_OTHERS: Readonly<Record<string, Bucket>> = {
  [AUTO_SCALING_BUCKET]: { capacity: 10, perSecond: 5 },
  DescribeParameters: { capacity: 10, perSecond: 5 },
  GetParameters: { capacity: 20, perSecond: 20 },
};

/**
 * The bucket that EC2 keeps for an action, in each account and Region (EC2 Developer Guide, "Request
 * throttling for the Amazon EC2 API"). Ours are the larger ones of the describes: each of our reads
 * names a page size.
 */
export const publishedBucket = (action: string): Bucket =>
  OF_THEIR_OWN[action] ??
  OF_OTHERS[action] ??
  (/^(Describe|Get|List|Search)/.test(action) ? NON_MUTATING : MUTATING);

/** Percent of the published buckets that is taken where nothing else is said: others share them. */
export const SHARE_PERCENT_DEFAULT = 80;

/**
 * Calls bunch up on the way: two that leave a while apart may arrive together. So much of the refill
 * is held back from the burst that they may come closer by this without finding EC2's bucket empty.
 */
const BUNCHING_MS = 200;

/** A share of a bucket, as its client sees it from where calls leave. Never less than one call. */
export const shareOf = ({ capacity, perSecond }: Bucket, sharePercent: number): Bucket => {
  const share = sharePercent / 100;
  const heldBack = (perSecond * BUNCHING_MS) / 1_000;
  return {
    capacity: Math.max(1, (capacity - heldBack) * share),
    perSecond: perSecond * share,
  };
};
