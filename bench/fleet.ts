/** A fleet of any size as the planner sees it, made without a cloud. */
import { NOTHING_SPENT, type PlanInput } from '../shared/domain/decision.ts';
import {
  completePart,
  type Image,
  type Instance,
  type Target,
  targetKey,
} from '../shared/domain/model.ts';
import { formatPointName, formatSlot } from '../shared/domain/naming.ts';
import type { PolicySet } from '../shared/domain/policy.ts';
import { TAG } from '../shared/domain/tags.ts';

export const ACCOUNT = '111122223333';
export const HOME: Target = { account: ACCOUNT, region: 'eu-central-1' };
export const ELSEWHERE: Target = { account: ACCOUNT, region: 'eu-west-1' };

const DEPLOYMENT = 'bench';
const POLICY = 'web-daily';
const DAY_MS = 86_400_000;
/** Ten minutes after a slot of the example's `web-daily`: two o'clock in Berlin. */
const NOW_MS = Date.UTC(2026, 10, 21, 1, 10);
const SLOT_MS = Date.UTC(2026, 10, 21, 1);

/** What the example keeps, and one more of each that has expired. */
const POINTS_AT_HOME = 8;
const POINTS_ELSEWHERE = 4;

const hexId = (prefix: string, number: number): string =>
  `${prefix}-${number.toString(16).padStart(17, '0')}`;

const instanceOf = (index: number): Instance => ({
  id: hexId('i', index),
  state: 'running',
  tags: { Name: `web-${index}`, Backup: 'daily', Env: 'prod', 'cost-center': 'shop' },
  imageId: 'ami-base',
  rootDeviceType: 'ebs',
  restore: { instanceType: 't3.small', securityGroupIds: ['sg-1'] },
});

/** The point of a source that many days before today's slot. */
const pointOf = (source: number, daysAgo: number, place: Target): Image => {
  const slotMs = SLOT_MS - daysAgo * DAY_MS;
  const sourceId = hexId('i', source);
  const number = source * 100 + daysAgo + (place === HOME ? 0 : 50);
  const copied = {
    [TAG.copiedFrom]: `${targetKey(HOME)}/ami-0`,
    [TAG.capturedAt]: new Date(slotMs).toISOString(),
  };
  return {
    id: hexId('ami', number),
    name: formatPointName({ deployment: DEPLOYMENT, policyId: POLICY, sourceId, slotMs, retry: 0 }),
    state: 'available',
    createdMs: slotMs,
    tags: {
      [TAG.deployment]: DEPLOYMENT,
      [TAG.policy]: POLICY,
      [TAG.source]: sourceId,
      [TAG.slot]: formatSlot(slotMs),
      [TAG.home]: targetKey(place),
      ...(place === HOME ? {} : copied),
    },
    snapshots: [{ snapshotId: hexId('snap', number), sizeGiB: 12 }],
    isDeregistrationProtected: false,
  };
};

const pointsAt = (place: Target, sources: number, points: number): readonly Image[] =>
  Array.from({ length: sources * points }, (_, index) =>
    pointOf(index % sources, 1 + Math.floor(index / sources), place),
  );

/** A home before tonight's pass: each source is due, and has points to keep and points to retire. */
export const fleetOf = (sources: number, policySet: PolicySet): PlanInput => {
  const images = pointsAt(HOME, sources, POINTS_AT_HOME);
  const copies = pointsAt(ELSEWHERE, sources, POINTS_ELSEWHERE);
  return {
    observation: {
      target: HOME,
      observedMs: NOW_MS,
      instances: completePart(Array.from({ length: sources }, (_, index) => instanceOf(index))),
      images: completePart(images),
      snapshots: completePart(
        images.map(({ tags, createdMs, snapshots: [snapshot] }) => ({
          id: snapshot?.snapshotId ?? '',
          tags,
          sizeGiB: 12,
          startedMs: createdMs,
        })),
      ),
      launchTemplates: completePart([]),
      places: [{ place: ELSEWHERE, images: completePart(copies) }],
    },
    policySet,
    deployment: DEPLOYMENT,
    homes: [HOME],
    nowMs: NOW_MS,
    spent: NOTHING_SPENT,
  };
};
