import { NOTHING_SPENT, type PlanInput, type Spent } from '../../shared/domain/decision.ts';
import {
  completePart,
  type Image,
  type ImageReference,
  type Instance,
  type Observation,
  type Part,
  type PlaceImages,
  FUNCTION_SOURCES,
  type ReferenceSource,
  type Snapshot,
  type SourceReferences,
  type Target,
  targetKey,
  type Volume,
} from '../../shared/domain/model.ts';
import { formatPointName, formatSlot, type PointName } from '../../shared/domain/naming.ts';
import {
  type Adoption,
  type EventTrigger,
  type ImageCriteria,
  type Limits,
  NO_EXCLUSION,
  type Policy,
  type PolicySet,
  type ScheduleTrigger,
  type TagPolicy,
} from '../../shared/domain/policy.ts';
import { parseSchedule, type Schedule } from '../../shared/domain/schedule.ts';
import { TAG } from '../../shared/domain/tags.ts';

/**
 * Values of the domain for tests: each builder takes only what its test is about, and gives a value
 * that is frozen all the way down, so that whoever mutates an input throws.
 */
export const freeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
  return value;
};

/** The instant of an ISO 8601 text: `at('2026-11-21T02:00Z')`. */
export const at = (text: string): number => {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw new Error(`no instant: ${text}`);
  return atMs;
};

export const DEPLOYMENT = 'prod';
export const HOME: Target = freeze({ account: '111122223333', region: 'eu-central-1' });
export const ELSEWHERE: Target = freeze({ account: '111122223333', region: 'eu-west-1' });

/** A running instance `i-0aa` that {@link aPolicy} selects. */
export const anInstance = (parts: Partial<Instance> = {}): Instance =>
  freeze({
    id: 'i-0aa',
    state: 'running',
    tags: { Backup: 'daily' },
    imageId: 'ami-base',
    rootDeviceType: 'ebs',
    volumes: [],
    restore: { securityGroupIds: [] },
    ...parts,
  });

/** An available image of nobody: no tags, no snapshots. */
export const anImage = (parts: Partial<Image> = {}): Image =>
  freeze({
    id: 'ami-1',
    name: 'golden',
    state: 'available',
    createdMs: at('2026-11-21T02:00Z'),
    tags: {},
    snapshots: [],
    isDeregistrationProtected: false,
    ...parts,
  });

export interface PointParts extends Partial<Omit<Image, 'createdMs'>> {
  readonly source?: string;
  readonly policyId?: string;
  /** ISO 8601. */
  readonly slot?: string;
  readonly retry?: number;
  readonly place?: Target;
  /** ISO 8601; as its slot, if it is not said. */
  readonly created?: string;
}

const pointName = ({ source, policyId, slot, retry }: PointParts): PointName => ({
  deployment: DEPLOYMENT,
  policyId: policyId ?? 'web-daily',
  sourceId: source ?? 'i-0aa',
  slotMs: at(slot ?? '2026-11-21T02:00Z'),
  retry: retry ?? 0,
});

/** An available point of `i-0aa` by `web-daily`, at home, made at its slot. */
export const aPoint = (parts: PointParts = {}): Image => {
  const { source: _source, policyId: _policyId, slot: _slot, retry: _retry, ...rest } = parts;
  const { place = HOME, created, tags, ...image } = rest;
  const name = pointName(parts);
  const ours = {
    [TAG.deployment]: name.deployment,
    [TAG.policy]: name.policyId,
    [TAG.source]: name.sourceId,
    [TAG.slot]: formatSlot(name.slotMs),
    [TAG.home]: targetKey(place),
  };
  return anImage({
    name: formatPointName(name),
    createdMs: created === undefined ? name.slotMs : at(created),
    snapshots: [{ snapshotId: `snap-of-${image.id ?? 'ami-1'}`, sizeGiB: 8 }],
    ...image,
    tags: { ...ours, ...tags },
  });
};

/** A copy, elsewhere, of the point that the same parts describe at home. */
export const aCopy = (parts: PointParts & { readonly of?: string } = {}): Image => {
  const { of: sourceImageId = 'ami-1', ...point } = parts;
  const slotMs = at(parts.slot ?? '2026-11-21T02:00Z');
  return aPoint({
    id: 'ami-copy',
    place: ELSEWHERE,
    ...point,
    tags: {
      [TAG.copiedFrom]: `${targetKey(HOME)}/${sourceImageId}`,
      [TAG.capturedAt]: new Date(slotMs).toISOString(),
      ...parts.tags,
    },
  });
};

/** A snapshot of ours at home whose image nobody mentions. */
export const aSnapshot = (parts: Partial<Snapshot> = {}): Snapshot =>
  freeze({
    id: 'snap-1',
    sizeGiB: 8,
    startedMs: at('2026-11-01T02:00Z'),
    ...parts,
    tags: {
      [TAG.deployment]: DEPLOYMENT,
      [TAG.policy]: 'web-daily',
      [TAG.source]: 'i-0aa',
      [TAG.home]: targetKey(HOME),
      ...parts.tags,
    },
  });

export const aSchedule = (expression: string, timezone = 'UTC'): Schedule => {
  const result = parseSchedule(expression, timezone);
  if (!result.ok) throw new Error(result.problem);
  return result.schedule;
};

export const aTrigger = (
  expression: string,
  parts: Partial<Omit<ScheduleTrigger, 'schedule'>> = {},
): ScheduleTrigger =>
  freeze({
    kind: 'schedule',
    isOptional: false,
    schedule: aSchedule(expression),
    startWithinMs: 3_600_000,
    catchUpMs: 43_200_000,
    jitterMs: 0,
    ...parts,
  });

/** Due when the instance is stopped, at most once in six hours from midnight UTC on. */
export const anEventTrigger = (parts: Partial<EventTrigger> = {}): EventTrigger =>
  freeze({
    kind: 'event',
    isOptional: false,
    event: 'stopped',
    startWithinMs: 3_600_000,
    atMostEveryMs: 21_600_000,
    ...parts,
  });

/** `web-daily`: every day at two UTC, caught up for 12 h, an RPO of 26 h, the last three kept. */
export const aPolicy = (parts: Partial<Policy> = {}): Policy =>
  freeze({
    id: 'web-daily',
    formerly: [],
    timezone: 'UTC',
    select: {
      ids: [],
      tags: { Backup: ['daily'] },
      anyOf: [],
      not: { ids: [], tags: {} },
      states: ['running', 'stopped'],
      autoScalingMembers: false,
    },
    when: [aTrigger('cron(0 2 * * ? *)')],
    blackout: [],
    rpoMs: 93_600_000,
    image: { reboot: false, staggerMs: 0, excludeVolumes: NO_EXCLUSION, volumeTags: [] },
    tags: { copy: [], exclude: [], set: {}, required: [] },
    keep: { last: 3 },
    copyTo: [],
    retire: { snapshots: 'delete', during: [] },
    ...parts,
  });

/** Limits that hold nothing back, unless the test says so. */
export const NO_LIMITS: Limits = freeze({
  maxRemovals: { count: 1_000, percent: 100 },
  keepAtLeast: 1,
});

export const aPolicySet = (parts: Partial<PolicySet> = {}): PolicySet =>
  freeze({
    limits: NO_LIMITS,
    policies: [aPolicy()],
    adoptions: [],
    tagPolicies: [],
    ...parts,
  });

type Items<T> = readonly T[] | Part<T>;

const toPart = <T>(items: Items<T>): Part<T> => ('items' in items ? items : completePart(items));

export interface ObservationParts {
  readonly target?: Target;
  readonly instances?: Items<Instance>;
  readonly images?: Items<Image>;
  readonly snapshots?: Items<Snapshot>;
  readonly volumes?: Items<Volume>;
  /** What the launch templates use, where `uses` does not say it all. */
  readonly launchTemplates?: Items<ImageReference>;
  readonly uses?: readonly SourceReferences[];
  readonly places?: readonly PlaceImages[];
}

/** A complete observation of the home, with one instance and nothing else. */
export const anObservation = (parts: ObservationParts = {}): Observation =>
  freeze({
    target: parts.target ?? HOME,
    observedMs: at('2026-11-21T02:00Z'),
    instances: toPart(parts.instances ?? [anInstance()]),
    images: toPart(parts.images ?? []),
    snapshots: toPart(parts.snapshots ?? []),
    volumes: toPart(parts.volumes ?? []),
    uses: parts.uses ?? [{ source: 'launch-templates', part: toPart(parts.launchTemplates ?? []) }],
    places: parts.places ?? [],
  });

export const aPlace = (place: Target, images: Items<Image>): PlaceImages =>
  freeze({ place, images: toPart(images) });

/** `golden`: whatever is called `golden*`, in one group, of which the last three are kept. */
export const anAdoption = (parts: Partial<Adoption> = {}): Adoption =>
  freeze({
    id: 'golden',
    formerly: [],
    timezone: 'UTC',
    images: ANY_GOLDEN,
    keep: { last: 3 },
    retire: { snapshots: 'delete', during: [] },
    ...parts,
  });

/** `costs`: a cost centre for whatever is called `golden*`, corrected, and for its snapshots. */
export const aTagPolicy = (parts: Partial<TagPolicy> = {}): TagPolicy =>
  freeze({
    id: 'costs',
    images: ANY_GOLDEN,
    set: { 'cost-centre': '42' },
    overwrite: true,
    snapshots: true,
    ...parts,
  });

const ANY_GOLDEN: ImageCriteria = freeze({
  names: ['golden*'],
  tags: {},
  not: { names: [], tags: {} },
});

export interface PlanParts extends ObservationParts {
  readonly policies?: readonly Policy[];
  readonly adoptions?: readonly Adoption[];
  readonly tagPolicies?: readonly TagPolicy[];
  readonly limits?: Limits;
  readonly homes?: readonly Target[];
  /** ISO 8601. */
  readonly now?: string;
  readonly sources?: readonly ReferenceSource[];
  readonly spent?: Spent;
}

/** What a plan depends on, at 2026-11-21T02:10Z: ten minutes after the slot of `web-daily`. */
export const aPlanInput = (parts: PlanParts = {}): PlanInput =>
  freeze({
    observation: anObservation(parts),
    policySet: aPolicySet({
      policies: parts.policies ?? [aPolicy()],
      limits: parts.limits ?? NO_LIMITS,
      adoptions: parts.adoptions ?? [],
      tagPolicies: parts.tagPolicies ?? [],
    }),
    deployment: DEPLOYMENT,
    homes: parts.homes ?? [HOME],
    nowMs: at(parts.now ?? '2026-11-21T02:10Z'),
    sources: parts.sources ?? FUNCTION_SOURCES,
    spent: parts.spent ?? NOTHING_SPENT,
  });
