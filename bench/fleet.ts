/** A fleet of any size as the planner sees it, made without a cloud. */
import { parsePolicyFile } from '../shared/config/policy-file.ts';
import { NOTHING_SPENT, type PlanInput } from '../shared/domain/decision.ts';
import {
  completePart,
  type Image,
  type Instance,
  notRead,
  type Target,
  targetKey,
  FUNCTION_SOURCES,
} from '../shared/domain/model.ts';
import { formatPointName, formatSlot } from '../shared/domain/naming.ts';
import type { Keep } from '../shared/domain/policy.ts';
import { retain } from '../shared/domain/retention.ts';
import { TAG } from '../shared/domain/tags.ts';

export const ACCOUNT = '111122223333';
export const HOME: Target = { account: ACCOUNT, region: 'eu-central-1' };
export const ELSEWHERE: Target = { account: ACCOUNT, region: 'eu-west-1' };

const DEPLOYMENT = 'bench';
const DAY_MS = 86_400_000;
/** Ten minutes after a slot: two o'clock in Berlin. */
const NOW_MS = Date.UTC(2026, 10, 21, 1, 10);
const SLOT_MS = Date.UTC(2026, 10, 21, 1);

const KEEP: Keep = { last: 3, daily: 14, weekly: 8, monthly: 12, yearly: 2 };
const KEEP_ELSEWHERE: Keep = { weekly: 4, monthly: 12 };
const TIMEZONE = 'Europe/Berlin';

/** A policy with tiers, a copy destination, and a rule for sources that are gone. */
const policyText = (id: string): string => `
  - id: ${id}
    select: { tags: { Backup: ${id} } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    tags: { copy: [Name, "cost-*"] }
    keep: ${JSON.stringify(KEEP)}
    whenSourceGone: { keepLast: 1, for: 90d }
    copyTo: [{ region: ${ELSEWHERE.region}, keep: ${JSON.stringify(KEEP_ELSEWHERE)} }]`;

const POLICIES = ['web', 'db', 'batch'] as const;

export const POLICY_SET = parsePolicyFile(
  ['version: 1', `timezone: ${TIMEZONE}`, 'policies:', ...POLICIES.map(policyText)].join('\n'),
  'bench',
  HOME.region,
);

/** How many days ago the points were made that a rule has left of two years of nights. */
const daysKept = (keep: Keep): readonly number[] => {
  const nights = Array.from({ length: 730 }, (_, index) => 1 + index);
  const points = nights.map((days) => ({ id: `${days}`, instantMs: SLOT_MS - days * DAY_MS }));
  return [...retain(points, keep, TIMEZONE).keys()].map(Number);
};

/** As many as the tiers keep, and two that have expired. */
const DAYS_AT_HOME = [...daysKept(KEEP), 18, 25];
const DAYS_ELSEWHERE = daysKept(KEEP_ELSEWHERE);

/** Images of one source, here and there. */
export const IMAGES_PER_SOURCE = DAYS_AT_HOME.length + DAYS_ELSEWHERE.length;

/** Joined, and so one flat text as a parser gives it, and not a chain of pieces. */
const hexId = (prefix: string, number: number): string =>
  [prefix, number.toString(16).padStart(17, '0')].join('-');

const policyOf = (source: number): string => POLICIES[source % POLICIES.length] ?? '';

const instanceOf = (source: number): Instance => ({
  id: hexId('i', source),
  state: 'running',
  tags: {
    Name: `web-${source}`,
    Backup: policyOf(source),
    Env: 'prod',
    'cost-center': 'shop',
  },
  imageId: 'ami-base',
  rootDeviceType: 'ebs',
  launchedMs: NOW_MS - 400 * DAY_MS,
  volumes: [{ device: '/dev/xvda', volumeId: hexId('vol', source) }],
  restore: { instanceType: 't3.small', securityGroupIds: ['sg-1'] },
});

/** The point of a source that many days before today's slot. Ids come in no order, as EC2's do. */
const pointOf = (source: number, daysAgo: number, place: Target): Image => {
  const slotMs = SLOT_MS - daysAgo * DAY_MS;
  const sourceId = hexId('i', source);
  const policyId = policyOf(source);
  const number = source * 2_000 + daysAgo + (place === HOME ? 0 : 1_000);
  const scattered = (number * 2_654_435_761) % 2 ** 32;
  const copied = {
    [TAG.copiedFrom]: `${targetKey(HOME)}/ami-0`,
    [TAG.capturedAt]: new Date(slotMs).toISOString(),
  };
  return {
    id: hexId('ami', scattered * 2 ** 16 + (number % 2 ** 16)),
    name: formatPointName({ deployment: DEPLOYMENT, policyId, sourceId, slotMs, retry: 0 }),
    state: 'available',
    createdMs: slotMs,
    tags: {
      Name: `web-${source}`,
      'cost-center': 'shop',
      [TAG.deployment]: DEPLOYMENT,
      [TAG.policy]: policyId,
      [TAG.source]: sourceId,
      [TAG.slot]: formatSlot(slotMs),
      [TAG.home]: targetKey(place),
      ...(place === HOME ? {} : copied),
    },
    snapshots: [{ snapshotId: hexId('snap', number), sizeGiB: 12 }],
    isDeregistrationProtected: false,
  };
};

const pointsAt = (place: Target, sources: number, days: readonly number[]): readonly Image[] =>
  days.flatMap((daysAgo) =>
    Array.from({ length: sources }, (_, source) => pointOf(source, daysAgo, place)),
  );

/** A home before tonight's pass: each source is due, and has points to keep and points to retire. */
export const fleetOf = (sources: number): PlanInput => {
  const images = pointsAt(HOME, sources, DAYS_AT_HOME);
  const copies = pointsAt(ELSEWHERE, sources, DAYS_ELSEWHERE);
  return {
    observation: {
      target: HOME,
      observedMs: NOW_MS,
      instances: completePart(Array.from({ length: sources }, (_, source) => instanceOf(source))),
      images: completePart(images),
      snapshots: completePart(
        images.map(({ tags, createdMs, snapshots: [snapshot] }) => ({
          id: snapshot?.snapshotId ?? '',
          tags,
          sizeGiB: 12,
          startedMs: createdMs,
        })),
      ),
      volumes: notRead(),
      uses: [{ source: 'launch-templates', part: completePart([]) }],
      places: [{ place: ELSEWHERE, images: completePart(copies) }],
    },
    policySet: POLICY_SET,
    deployment: DEPLOYMENT,
    homes: [HOME],
    nowMs: NOW_MS,
    sources: FUNCTION_SOURCES,
    spent: NOTHING_SPENT,
  };
};
