import { isoOf } from './iso.ts';
import type { Decision, PlanInput } from './decision.ts';
import type { TimelineEvent } from './explain-report.ts';
import { explainReason } from './explain-words.ts';
import { newestOf } from './finding.ts';
import { lineageKey, lineagesIn } from './lineage.ts';
import type { Instance } from './model.ts';
import { parseSlot } from './naming.ts';
import { countingTriggers, pickedName } from './overrides.ts';
import { planCreation } from './plan-creation.ts';
import { isGood } from './point.ts';
import type { Policy } from './policy.ts';
import { selectInstance } from './selection.ts';
import { TAG } from './tags.ts';
import { openUntilMs } from './windows.ts';

/** So many slots of each policy are told. */
const SLOTS = 3;

/** What comes of an instance, policy by policy: slots, what the planner says at each, and its RPO. */
export const timelineOfInstance = (
  instance: Instance,
  input: PlanInput,
): readonly TimelineEvent[] => {
  const world = worldOf(input, instance);
  return input.policySet.policies
    .flatMap((policy) => [
      ...agesOf(policy, instance, input.nowMs),
      ...(selectInstance(instance, policy, input.nowMs).isSelected
        ? [...slotsOf(policy, instance, world), ...breachOf(policy, instance, world)]
        : []),
    ])
    .toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1));
};

/** Only the instance and its own points. */
const worldOf = (input: PlanInput, { id }: Instance): PlanInput => {
  const { observation } = input;
  const { instances, images } = observation;
  return {
    ...input,
    observation: {
      ...observation,
      instances: { ...instances, items: instances.items.filter((one) => one.id === id) },
      images: { ...images, items: images.items.filter(({ tags }) => tags[TAG.source] === id) },
    },
  };
};

const decisionAt = (world: PlanInput, policy: Policy, atMs: number): Decision | undefined =>
  planCreation({ ...world, nowMs: atMs }).decisions.find(({ policyId }) => policyId === policy.id);

/** What is said at the next slots; and at the end of a blackout that one of them falls into. */
const slotsOf = (
  policy: Policy,
  instance: Instance,
  world: PlanInput,
): readonly TimelineEvent[] => {
  const { schedules } = countingTriggers(policy, pickedName(instance), [policy]);
  const events: TimelineEvent[] = [];
  let atMs = world.nowMs;
  const add = (what: string): void => {
    // Where the policy spreads its instances, the moment of this one is told, not the slot.
    atMs = momentOf(decisionAt(world, policy, atMs)) ?? atMs;
    const said = decisionAt(world, policy, atMs);
    const untilMs = openUntilMs(policy.blackout, atMs);
    events.push({
      at: isoOf(atMs),
      what: `${what} of ${policy.id}${saidAs(said)}`,
      ...(said === undefined ? {} : { verdict: said.verdict }),
      reasons: (said?.reasons ?? []).map(explainReason),
    });
    if (said?.reasons.some(({ id }) => id === 'SCH-14') !== true) return;
    if (untilMs === undefined || !Number.isFinite(untilMs)) return;
    atMs = untilMs;
    add('end of a blackout');
  };
  if (openUntilMs(policy.blackout, atMs) !== undefined) endOfBlackout(policy, atMs, events);
  if (momentOf(decisionAt(world, policy, atMs)) !== undefined) add('slot');
  for (let count = 0; count < SLOTS; count += 1) {
    const next = schedules.flatMap(({ schedule }) => schedule.nextSlot(atMs) ?? []);
    if (next.length === 0) return events;
    atMs = Math.min(...next);
    add('slot');
  }
  return events;
};

/** The instance's own moment of a slot, if it has not come. */
const momentOf = (said: Decision | undefined): number | undefined => {
  const jittered = said?.reasons.find(({ id }) => id === 'SCH-15');
  return parseSlot(jittered?.evidence ?? '');
};

const endOfBlackout = (policy: Policy, atMs: number, events: TimelineEvent[]): void => {
  const untilMs = openUntilMs(policy.blackout, atMs);
  if (untilMs === undefined || !Number.isFinite(untilMs)) return;
  events.push({ at: isoOf(untilMs), what: `end of a blackout of ${policy.id}`, reasons: [] });
};

const saidAs = (said: Decision | undefined): string => {
  if (said?.verdict === 'create') return ': a point is made';
  return said === undefined ? '' : ': none is made yet';
};

/** When its newest point is older than the policy bears, unless a newer one comes. */
const breachOf = (policy: Policy, { id }: Instance, world: PlanInput): readonly TimelineEvent[] => {
  const { images, target } = world.observation;
  const points = lineagesIn(images.items, world, target).get(lineageKey(policy.id, id))?.points;
  const newest = newestOf(points ?? [], isGood);
  if (newest === undefined) return [];
  const breachMs = newest.capturedMs + policy.rpoMs;
  return [
    {
      at: isoOf(breachMs),
      what:
        breachMs < world.nowMs
          ? `in breach of the RPO of ${policy.id} since then: ${newest.image.id} is its newest point`
          : `breach of the RPO of ${policy.id}, if no point newer than ${newest.image.id} is made by then`,
      reasons: [],
    },
  ];
};

/** A policy may take instances of an age alone. */
const agesOf = (
  { id, select }: Policy,
  { launchedMs }: Instance,
  nowMs: number,
): readonly TimelineEvent[] => {
  if (launchedMs === undefined) return [];
  const { olderThanMs, youngerThanMs } = select;
  const events = [
    { afterMs: olderThanMs, what: `old enough for ${id}` },
    { afterMs: youngerThanMs, what: `too old for ${id}` },
  ];
  return events.flatMap(({ afterMs, what }) =>
    afterMs === undefined || launchedMs + afterMs <= nowMs
      ? []
      : [{ at: isoOf(launchedMs + afterMs), what, reasons: [] }],
  );
};
