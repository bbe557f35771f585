import { isoOf } from './iso.ts';
import { backupsIn, backupsOf, managedBy } from './audit-origin.ts';
import { type AuditView, standingOf } from './audit-view.ts';
import { coverageOf } from './coverage.ts';
import {
  type Context,
  NO_POLICY,
  type Planned,
  type Told,
  decisionsAbout,
  explained,
  plannedAt,
} from './explain-input.ts';
import { timelineOfInstance } from './explain-instance-future.ts';
import type {
  ExplainedCoverage,
  ExplainedSelection,
  Fact,
  Related,
  TimelineEvent,
} from './explain-report.ts';
import { VERDICT_WORDS, conditionsOf, explainReason } from './explain-words.ts';
import type { Decision, PlanInput } from './decision.ts';
import { newestOf } from './finding.ts';
import { lineageKey, lineagesIn } from './lineage.ts';
import { type Instance, isOneOf } from './model.ts';
import { type Point, isFailed, isGood, isPending } from './point.ts';
import { selectInstance } from './selection.ts';
import { TAG } from './tags.ts';

const HOUR_MS = 3_600_000;

/** What is told of an instance that was seen. */
export const explainInstance = (context: Context): Told | undefined => {
  for (const view of context.views) {
    const instance = view.inventory.instances.items.find(({ id }) => id === context.id);
    if (instance !== undefined) return explainIn(context, view, instance);
  }
  return undefined;
};

const explainIn = (context: Context, view: AuditView, instance: Instance): Told => {
  const { target } = view.inventory;
  const planned = plannedAt(context, target);
  const decided = decisionsAbout(context);
  const sweep = planned?.sweep;
  const isHome = sweep !== undefined && isOneOf(sweep.homes, target);
  const coverage = isHome ? coverageIn(sweep, instance) : [];
  return {
    name: instance.tags['Name'] ?? '',
    presence: 'own',
    target: view.key,
    headline: headlineOf(context, decided[0]?.decision, isHome),
    notes: [
      ...(context.planned === undefined ? [NO_POLICY] : []),
      ...whyNone(planned, instance, coverage),
    ],
    facts: factsOf(view, instance),
    decisions: explained(decided),
    selections: isHome ? selectionsOf(sweep, instance) : [],
    coverage,
    references: [],
    related: imagesOf(context, view, instance),
    timeline: isHome ? timelineOf(sweep, instance, decided) : [],
  };
};

const headlineOf = ({ planned }: Context, main: Decision | undefined, isHome: boolean): string => {
  if (planned === undefined) return 'Seen; without a policy nothing is decided';
  if (main === undefined) {
    return isHome ? 'No policy has to do with it' : 'Not at the home: its points are not made here';
  }
  return main.verdict === 'keep'
    ? 'It is backed up: no point of it is due now'
    : VERDICT_WORDS[main.verdict];
};

const factsOf = (view: AuditView, instance: Instance): readonly Fact[] => {
  const { launchedMs, restore, volumes, imageId, tags } = instance;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['state', instance.state],
    ['last started', launchedMs === undefined ? undefined : isoOf(launchedMs)],
    ['type', restore.instanceType],
    ['launched from', `${imageId} (${standingWords(view, imageId)})`],
    ['root device', instance.rootDeviceType],
    ['volumes', volumes.map(({ device, volumeId }) => `${volumeId} at ${device}`).join(', ')],
    ['Auto Scaling group', tags['aws:autoscaling:groupName']],
    ['schedule', tags[TAG.schedule]],
    ['keep', tags[TAG.keep]],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name, value }],
  );
};

const standingWords = (view: AuditView, imageId: string): string => {
  const standing = standingOf(view, imageId);
  if (standing.is === 'gone') return 'gone';
  if (standing.is === 'unknown') return 'not seen';
  return `${standing.image.name}, ${standing.isOwn ? 'own' : `of ${standing.image.ownerAlias ?? standing.image.ownerId}`}`;
};

const selectionsOf = (
  { policySet, nowMs }: PlanInput,
  instance: Instance,
): readonly ExplainedSelection[] =>
  policySet.policies.map((policy) => {
    const { isSelected, reason } = selectInstance(instance, policy, nowMs);
    return { policy: policy.id, isSelected, reason: explainReason(reason) };
  });

const coverageIn = (sweep: PlanInput, instance: Instance): readonly ExplainedCoverage[] => {
  const { observation } = sweep;
  const instances = { ...observation.instances, items: [instance] };
  const rows = coverageOf({ ...sweep, observation: { ...observation, instances } });
  return rows.flatMap((row): readonly ExplainedCoverage[] => {
    const { policyId, rpoMs, copies } = row;
    if (policyId === undefined || rpoMs === undefined) return [];
    const newest = newestOf(pointsOf(sweep, policyId, instance.id), isGood);
    return [
      {
        policy: policyId,
        isInsideRpo: row.status === 'ok',
        rpoHours: rpoMs / HOUR_MS,
        ...(newest === undefined
          ? {}
          : { newest: { imageId: newest.image.id, capturedAt: isoOf(newest.capturedMs) } }),
        copies: copies.map(({ region, newestAgeMs }) => ({
          region,
          hasCopy: newestAgeMs !== undefined,
        })),
      },
    ];
  });
};

const pointsOf = (sweep: PlanInput, policyId: string, instanceId: string): readonly Point[] => {
  const { images, target } = sweep.observation;
  return (
    lineagesIn(images.items, sweep, target).get(lineageKey(policyId, instanceId))?.points ?? []
  );
};

/** Why a policy that selects it has no good point of it. */
const whyNone = (
  planned: Planned | undefined,
  instance: Instance,
  coverage: readonly ExplainedCoverage[],
): readonly string[] => {
  if (planned === undefined) return [];
  const { sweep } = planned;
  if (!sweep.observation.images.isComplete) {
    return ['The images could not be read whole: whether it has a point is not known.'];
  }
  return coverage
    .filter(({ newest }) => newest === undefined)
    .map(({ policy }) => whyNoneOf(policy, pointsOf(sweep, policy, instance.id)));
};

const whyNoneOf = (policy: string, points: readonly Point[]): string => {
  const pending = newestOf(points, isPending);
  if (pending !== undefined) return `No point by ${policy} yet: ${pending.image.id} is being made.`;
  const failed = newestOf(points, isFailed);
  if (failed === undefined) return `No point by ${policy}: none was ever made, or all are gone.`;
  const { id, stateMessage = 'EC2 does not say why' } = failed.image;
  return `No point by ${policy}: ${id} failed (${stateMessage}).`;
};

/** What was made of it, whoever made it: newest first. */
const imagesOf = (context: Context, view: AuditView, instance: Instance): readonly Related[] =>
  backupsOf(backupsIn(context.views), view, instance.id)
    .toSorted((a, b) => b.image.createdMs - a.image.createdMs || (a.image.id < b.image.id ? -1 : 1))
    .map(({ view: { key }, image }) => ({
      target: key,
      id: image.id,
      name: image.name,
      how: `image of it, ${image.state}, ${isoOf(image.createdMs).slice(0, 10)}${by(image)}`,
    }));

const by = (image: Parameters<typeof managedBy>[0]): string => {
  const manager = managedBy(image);
  return manager === undefined ? '' : `, by ${manager.name}`;
};

const timelineOf = (
  sweep: PlanInput,
  instance: Instance,
  decided: readonly { readonly decision: Decision }[],
): readonly TimelineEvent[] => [
  ...timelineOfInstance(instance, sweep),
  ...conditionsOf(decided.flatMap(({ decision }) => decision.reasons)),
];
