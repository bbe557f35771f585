/**
 * EC2's request throttling: token buckets for each account, Region and action, with the sizes that
 * AWS publishes (EC2 Developer Guide, "Request throttling for the Amazon EC2 API").
 *
 * Only EC2 publishes its buckets so that they can be stated in a few lines; SQS, EventBridge, SSM and
 * STS have none here. The guide says that tokens are added every second and also gives rates of one
 * token in ten seconds; here they trickle in. Buckets of the EC2 console have no caller on the wire.
 */
import { ApiError, type Call } from '../wire/api.ts';

interface Size {
  readonly capacity: number;
  readonly perSecond: number;
}

const NON_MUTATING: Size = { capacity: 100, perSecond: 20 };
/** Of a describe that names neither a page nor a filter: a bucket beside the action's larger one. */
const UNFILTERED: Size = { capacity: 50, perSecond: 10 };
/** Of mutating actions, resource-intensive ones included: AWS gives both the same size. */
const MUTATING: Size = { capacity: 50, perSecond: 5 };

const WITH_UNFILTERED_BUCKET: ReadonlySet<string> = new Set([
  'DescribeInstances',
  'DescribeInstanceStatus',
  'DescribeNetworkInterfaces',
  'DescribeSecurityGroups',
  'DescribeSnapshots',
  'DescribeSpotInstanceRequests',
  'DescribeVolumes',
]);

/** The "uncategorized" actions that have to do with images, snapshots, volumes and instances. */
const OF_ITS_OWN: Readonly<Record<string, Size>> = {
  AssociateIamInstanceProfile: { capacity: 100, perSecond: 5 },
  CopyImage: { capacity: 100, perSecond: 1 },
  CreateLaunchTemplateVersion: { capacity: 100, perSecond: 5 },
  CreateNetworkInterface: { capacity: 100, perSecond: 5 },
  CreateRestoreImageTask: { capacity: 50, perSecond: 0.1 },
  CreateSnapshot: { capacity: 100, perSecond: 5 },
  CreateSnapshots: { capacity: 100, perSecond: 5 },
  CreateStoreImageTask: { capacity: 50, perSecond: 0.1 },
  CreateTags: { capacity: 100, perSecond: 10 },
  CreateVolume: { capacity: 100, perSecond: 5 },
  DeleteNetworkInterface: { capacity: 100, perSecond: 5 },
  DeleteSnapshot: { capacity: 100, perSecond: 5 },
  DeleteTags: { capacity: 100, perSecond: 10 },
  DeleteVolume: { capacity: 100, perSecond: 5 },
  DeregisterImage: { capacity: 100, perSecond: 5 },
  DescribeSpotFleetInstances: { capacity: 100, perSecond: 5 },
  DescribeSpotFleetRequests: { capacity: 50, perSecond: 3 },
  DescribeStoreImageTasks: { capacity: 50, perSecond: 0.5 },
  DisableFastLaunch: { capacity: 5, perSecond: 2 },
  DisableImageBlockPublicAccess: { capacity: 1, perSecond: 0.1 },
  DisableSnapshotBlockPublicAccess: { capacity: 1, perSecond: 0.1 },
  DisassociateIamInstanceProfile: { capacity: 100, perSecond: 5 },
  EnableFastLaunch: { capacity: 5, perSecond: 2 },
  EnableImageBlockPublicAccess: { capacity: 1, perSecond: 0.1 },
  EnableSnapshotBlockPublicAccess: { capacity: 1, perSecond: 0.1 },
  ModifyImageAttribute: { capacity: 100, perSecond: 5 },
  ModifyInstanceMetadataDefaults: { capacity: 2, perSecond: 2 },
  ModifyInstanceMetadataOptions: { capacity: 100, perSecond: 5 },
  ModifyLaunchTemplate: { capacity: 100, perSecond: 5 },
  ModifyNetworkInterfaceAttribute: { capacity: 100, perSecond: 5 },
  ModifySnapshotAttribute: { capacity: 100, perSecond: 5 },
  RunInstances: { capacity: 5, perSecond: 2 },
  StartInstances: { capacity: 5, perSecond: 2 },
  TerminateInstances: { capacity: 100, perSecond: 5 },
};

/** Actions that also pay one token for each instance that they are about. */
const RESOURCES: Readonly<Record<string, Size>> = {
  RunInstances: { capacity: 1_000, perSecond: 2 },
  StartInstances: { capacity: 1_000, perSecond: 2 },
  StopInstances: { capacity: 1_000, perSecond: 20 },
  TerminateInstances: { capacity: 1_000, perSecond: 20 },
};

/** What of a request decides which buckets it pays from, and how much. */
interface Request {
  readonly DryRun?: boolean;
  readonly Filters?: readonly unknown[];
  readonly InstanceIds?: readonly string[];
  readonly MaxCount?: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface Payment {
  readonly key: string;
  readonly size: Size;
  readonly tokens: number;
}

interface Level {
  readonly tokens: number;
  readonly atMs: number;
}

/** Levels of the buckets that were drawn from, by `account region action` and what kind it is. */
export type ThrottleState = Readonly<Record<string, Level>>;

export interface Throttle {
  /**
   * Takes a call's tokens. A call that is refused takes none.
   * @throws ApiError RequestLimitExceeded if a bucket that it draws from has too few
   */
  readonly admit: (service: string, action: string, input: unknown, call: Call) => void;
  /** Plain JSON. */
  readonly state: () => ThrottleState;
  readonly restore: (state: ThrottleState) => void;
}

/** Sums of fractions of tokens are off by less than this. */
const TOLERANCE = 1e-6;

export const createThrottle = ({ nowMs }: { readonly nowMs: () => number }): Throttle => {
  const levels = new Map<string, Level>();
  const levelOf = ({ key, size }: Payment, atMs: number): number => {
    const level = levels.get(key);
    if (level === undefined) return size.capacity;
    const refill = ((atMs - level.atMs) / 1_000) * size.perSecond;
    return Math.min(size.capacity, level.tokens + refill);
  };
  return {
    admit: (service, action, input, call) => {
      if (service !== 'ec2') return;
      const atMs = nowMs();
      const due = paymentsOf(action, input as Request, call).map((payment) => ({
        ...payment,
        left: levelOf(payment, atMs) - payment.tokens,
      }));
      if (due.some(({ left }) => left < -TOLERANCE)) {
        throw new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503);
      }
      for (const { key, left } of due) levels.set(key, { tokens: left, atMs });
    },
    state: () => Object.fromEntries(levels),
    restore: (state) => {
      levels.clear();
      for (const [key, level] of Object.entries(state)) levels.set(key, level);
    },
  };
};

const paymentsOf = (
  action: string,
  request: Request,
  { account, region }: Call,
): readonly Payment[] => {
  const key = `${account} ${region} ${action}`;
  const isSmall = WITH_UNFILTERED_BUCKET.has(action) && isUnfilteredAndUnpaginated(request);
  const one: Payment = isSmall
    ? { key: `${key} unfiltered`, size: UNFILTERED, tokens: 1 }
    : { key: `${key} requests`, size: sizeOf(action), tokens: 1 };
  const size = RESOURCES[action];
  if (size === undefined) return [one];
  return [one, { key: `${key} resources`, size, tokens: resourcesIn(request) }];
};

const sizeOf = (action: string): Size =>
  OF_ITS_OWN[action] ?? (/^(Describe|Get|List|Search)/.test(action) ? NON_MUTATING : MUTATING);

/** Ids are no filter: the guide speaks of pages and filters alone. */
const isUnfilteredAndUnpaginated = ({ Filters = [], MaxResults, NextToken }: Request): boolean =>
  Filters.length === 0 && MaxResults === undefined && NextToken === undefined;

/** Instances that the request is about: as many as may be launched, or those that it names. */
const resourcesIn = ({ DryRun, MaxCount, InstanceIds = [] }: Request): number =>
  DryRun === true ? 0 : (MaxCount ?? InstanceIds.length);
