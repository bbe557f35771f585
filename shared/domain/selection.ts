import type { Instance } from './model.ts';
import { formatSlot } from './naming.ts';
import type { InstanceCriteria, Policy, Selection } from './policy.ts';
import { type Reason, type ReasonId, reason } from './reasons.ts';
import { matchesAny } from './tag-patterns.ts';

export interface SelectionResult {
  readonly isSelected: boolean;
  readonly reason: Reason;
}

/**
 * How far an instance comes in a selection. The further it comes, the more the reason tells the
 * reader: tags that do not match at all say least.
 */
const STEP = {
  lacking: 0,
  differing: 1,
  noAlternative: 2,
  excluded: 3,
  autoScaling: 4,
  notImageable: 5,
  goingAway: 6,
  otherState: 7,
  tooYoung: 8,
  tooOld: 9,
  unknownAge: 10,
  selected: 11,
} as const;

export type Step = (typeof STEP)[keyof typeof STEP];

/** EC2 Auto Scaling puts this tag on every member, and only it can. */
const AUTO_SCALING_GROUP_TAG = 'aws:autoscaling:groupName';

/** What a selection can be asked of: the id and the tags, where no more is known. */
export type Tagged = Pick<Instance, 'id' | 'tags'>;

/** A selection made ready for many instances: a look at one makes nothing that must be collected. */
export interface Selector {
  readonly stepOf: (instance: Instance) => Step;
  /** Whether all is met that ids and tags can tell, membership of an Auto Scaling group included. */
  readonly wantsTagged: (tagged: Tagged) => boolean;
  /** The reason for a step that {@link Selector.stepOf} gave. */
  readonly explain: (instance: Instance, step: Step) => Reason;
}

export const createSelector = (rules: Selection, nowMs: number): Selector => {
  const compiled = {
    demanded: compile(rules),
    alternatives: rules.anyOf.map(compile),
    excluding: compile(rules.not),
  };
  const { demanded, alternatives, excluding } = compiled;
  const taggedStep = (tagged: Tagged): Step => {
    const own = demandStep(demanded, tagged);
    if (own !== STEP.selected) return own;
    if (!meetsOne(alternatives, tagged)) return STEP.noAlternative;
    if (isExcluded(excluding, tagged)) return STEP.excluded;
    const isMember = Object.hasOwn(tagged.tags, AUTO_SCALING_GROUP_TAG);
    return isMember && !rules.autoScalingMembers ? STEP.autoScaling : STEP.selected;
  };
  return {
    stepOf: (instance) => {
      const step = taggedStep(instance);
      return step === STEP.selected ? instanceStep(rules, instance, nowMs) : step;
    },
    wantsTagged: (tagged) => taggedStep(tagged) === STEP.selected,
    explain: (instance, step) => reason(REASON_OF[step], evidenceOf(compiled, instance, step)),
  };
};

export const isSelecting = (step: Step): boolean => step >= STEP.unknownAge;

/** Whether a policy makes points of an instance, and why or why not. */
export const selectInstance = (
  instance: Instance,
  { select }: Policy,
  nowMs: number,
): SelectionResult => {
  const { stepOf, explain } = createSelector(select, nowMs);
  const step = stepOf(instance);
  return { isSelected: isSelecting(step), reason: explain(instance, step) };
};

/** Whether another value of the tag may make a difference to a selection. */
export const looksAt = (rules: Selection, key: string): boolean =>
  key === AUTO_SCALING_GROUP_TAG ||
  [rules, rules.not, ...rules.anyOf].some(({ tags }) => Object.hasOwn(tags, key));

interface Demand {
  readonly key: string;
  readonly patterns: readonly string[];
}

interface Criteria {
  readonly ids: readonly string[];
  readonly demands: readonly Demand[];
}

const compile = ({ ids, tags }: InstanceCriteria): Criteria => ({
  ids,
  demands: Object.entries(tags).map(([key, patterns]) => ({ key, patterns })),
});

const meets = ({ key, patterns }: Demand, { tags }: Tagged): boolean =>
  Object.hasOwn(tags, key) && matchesAny(patterns, tags[key] ?? '');

const isNamed = ({ ids }: Criteria, { id }: Tagged): boolean =>
  ids.length === 0 || matchesAny(ids, id);

/** Plain loops from here on: a plan asks this of every instance for every policy. */
const firstUnmet = ({ demands }: Criteria, tagged: Tagged): Demand | undefined => {
  for (const demand of demands) if (!meets(demand, tagged)) return demand;
  return undefined;
};

const demandStep = (criteria: Criteria, tagged: Tagged): Step => {
  if (!isNamed(criteria, tagged)) return STEP.lacking;
  const unmet = firstUnmet(criteria, tagged);
  if (unmet === undefined) return STEP.selected;
  return Object.hasOwn(tagged.tags, unmet.key) ? STEP.differing : STEP.lacking;
};

const meetsOne = (alternatives: readonly Criteria[], tagged: Tagged): boolean => {
  for (const one of alternatives) if (demandStep(one, tagged) === STEP.selected) return true;
  return alternatives.length === 0;
};

const firstMet = ({ demands }: Criteria, tagged: Tagged): Demand | undefined => {
  for (const demand of demands) if (meets(demand, tagged)) return demand;
  return undefined;
};

const isExcluded = (excluding: Criteria, tagged: Tagged): boolean =>
  matchesAny(excluding.ids, tagged.id) || firstMet(excluding, tagged) !== undefined;

/** What the instance itself tells, once its tags are as they should be. */
const instanceStep = (rules: Selection, instance: Instance, nowMs: number): Step => {
  if (instance.rootDeviceType !== 'ebs') return STEP.notImageable;
  const state = steadyStateOf(instance);
  if (state === undefined) return STEP.goingAway;
  if (!rules.states.includes(state)) return STEP.otherState;
  return ageStep(rules, instance, nowMs);
};

const ageStep = (
  { olderThanMs, youngerThanMs }: Selection,
  { launchedMs }: Instance,
  nowMs: number,
): Step => {
  if (olderThanMs === undefined && youngerThanMs === undefined) return STEP.selected;
  if (launchedMs === undefined) return STEP.unknownAge;
  const ageMs = nowMs - launchedMs;
  if (olderThanMs !== undefined && ageMs < olderThanMs) return STEP.tooYoung;
  if (youngerThanMs !== undefined && ageMs > youngerThanMs) return STEP.tooOld;
  return STEP.selected;
};

/** Where an instance is going, as far as its being selected is concerned. */
const steadyStateOf = ({ state }: Instance): 'running' | 'stopped' | undefined => {
  switch (state) {
    case 'pending':
    case 'running':
      return 'running';
    case 'stopping':
    case 'stopped':
      return 'stopped';
    case 'shutting-down':
    case 'terminated':
      return undefined;
  }
};

interface Compiled {
  readonly demanded: Criteria;
  readonly alternatives: readonly Criteria[];
  readonly excluding: Criteria;
}

const REASON_OF: Readonly<Record<Step, ReasonId>> = {
  [STEP.lacking]: 'SEL-02',
  [STEP.differing]: 'SEL-02',
  [STEP.noAlternative]: 'SEL-02',
  [STEP.excluded]: 'SEL-03',
  [STEP.autoScaling]: 'SEL-04',
  [STEP.notImageable]: 'SEL-07',
  [STEP.goingAway]: 'SEL-06',
  [STEP.otherState]: 'SEL-05',
  [STEP.tooYoung]: 'SEL-08',
  [STEP.tooOld]: 'SEL-09',
  [STEP.unknownAge]: 'SEL-10',
  [STEP.selected]: 'SEL-01',
};

const evidenceOf = (
  { demanded, alternatives, excluding }: Compiled,
  instance: Instance,
  step: Step,
): string | undefined => {
  switch (step) {
    case STEP.lacking:
    case STEP.differing:
      return missOf(demanded, instance);
    case STEP.noAlternative:
      return `none of anyOf: ${alternatives.map((one) => missOf(one, instance)).join('; ')}`;
    case STEP.excluded:
      return exclusionOf(excluding, instance);
    case STEP.autoScaling:
      return instance.tags[AUTO_SCALING_GROUP_TAG];
    case STEP.notImageable:
      return 'cannot be imaged';
    case STEP.goingAway:
    case STEP.otherState:
      return instance.state;
    default:
      return ageOf(step, instance);
  }
};

/** When the instance was launched, if its age is why it is left out. */
const ageOf = (step: Step, { launchedMs }: Instance): string | undefined =>
  isSelecting(step) || launchedMs === undefined ? undefined : `launched ${formatSlot(launchedMs)}`;

/** `no tag Backup` or `tag Backup=weekly`: the first demand that is not met. */
const missOf = (criteria: Criteria, tagged: Tagged): string => {
  if (!isNamed(criteria, tagged)) return 'its id is not among those named';
  const key = firstUnmet(criteria, tagged)?.key ?? '';
  return Object.hasOwn(tagged.tags, key) ? tagOf(tagged, key) : `no tag ${key}`;
};

const exclusionOf = (excluding: Criteria, tagged: Tagged): string => {
  const pattern = excluding.ids.find((one) => matchesAny([one], tagged.id));
  if (pattern !== undefined) return `id ${pattern}`;
  return tagOf(tagged, firstMet(excluding, tagged)?.key ?? '');
};

const tagOf = ({ tags }: Tagged, key: string): string => `tag ${key}=${tags[key] ?? ''}`;
