import { isDeepStrictEqual } from 'node:util';
import type { AnyAction } from '../shared/domain/decision.ts';
import { type Target, targetKey } from '../shared/domain/model.ts';
import { describeReason } from '../shared/domain/reasons.ts';
import { type ActionReport, actionReport } from './plan-actions.ts';
import {
  type PlanFile,
  type PlannedAction,
  type PlannedAt,
  actionsIn,
  planKey,
} from './plan-file.ts';
import type { TargetPlan } from './plan-targets.ts';

/** An action of a plan file that is not done, and why. */
export interface Superseded extends PlannedAt {
  readonly why: string;
}

/** A plan file, seen beside what a new look plans. */
export interface Agreed {
  /** What both want, and nothing else. */
  readonly plans: readonly TargetPlan[];
  /** What only the file wants, in its order. */
  readonly superseded: readonly Superseded[];
  /** What only the new look wants. It is left: nobody has read it. */
  readonly added: readonly { readonly target: string; readonly action: ActionReport }[];
}

/**
 * Holds a plan file against a new plan. What is done is what the new plan wants, in the new plan's
 * own words, if the file wants just that as well: the file can only take away.
 */
export const agree = (plans: readonly TargetPlan[], file: PlanFile): Agreed => {
  const planned = actionsIn(file);
  const wanted = new Map(planned.map((one) => [planKey(one.target, one.action), one.action]));
  const isWanted = createComparison(file);
  const agreedOf = <Action extends AnyAction>(
    target: Target,
    actions: readonly Action[],
  ): readonly Action[] => actions.filter((action) => isWanted(targetKey(target), action, DOING));
  const fresh = plans.flatMap((plan) => allOf(plan).map((action) => reportAt(plan, action)));
  const now = new Map(fresh.map((one) => [planKey(one.target, one.action), one.action]));
  return {
    plans: plans.map((plan) => ({
      ...plan,
      backups: agreedOf(plan.target, plan.backups),
      repairs: agreedOf(plan.target, plan.repairs),
      removals: agreedOf(plan.target, plan.removals),
    })),
    superseded: planned.flatMap((one) => {
      const why = objection(one, now.get(planKey(one.target, one.action)), plans);
      return why === undefined ? [] : [{ ...one, why }];
    }),
    added: fresh.filter((one) => !wanted.has(planKey(one.target, one.action))),
  };
};

/**
 * Whether a pass may do this: what the file wants, done just so. The tags of a copy are those of its
 * image, which the pass before may have mended as the file wanted; they may differ.
 */
export const createPermission = (
  file: PlanFile,
): ((target: string, action: AnyAction) => boolean) => {
  const isWanted = createComparison(file);
  return (target, action) =>
    isWanted(target, action, action.kind === 'copy' ? DOING_BUT_TAGS : DOING);
};

type Comparison = (target: string, action: AnyAction, fields: readonly Field[]) => boolean;

/** Whether the file wants this very action: the same, with all that it would do. */
const createComparison = (file: PlanFile): Comparison => {
  const wanted = new Map(
    actionsIn(file).map((one) => [planKey(one.target, one.action), one.action]),
  );
  return (target, action, fields) => {
    const report = actionReport(action);
    const one = wanted.get(planKey(target, report));
    return one !== undefined && differences(one, report, fields).length === 0;
  };
};

const allOf = ({ backups, repairs, removals }: TargetPlan): readonly AnyAction[] => [
  ...backups,
  ...repairs,
  ...removals,
];

const reportAt = (
  plan: TargetPlan,
  action: AnyAction,
): { readonly target: string; readonly action: ActionReport } => ({
  target: targetKey(plan.target),
  action: actionReport(action),
});

/** What an action does, field by field. Of its reasons only why something goes has to be the same. */
const DOING = [
  'kind',
  'id',
  'description',
  'tags',
  'reboot',
  'excludedDevices',
  'fromRegion',
  'kmsKey',
  'snapshots',
  'snapshotIds',
  'goneFrom',
] as const;

type Field = (typeof DOING)[number];

const DOING_BUT_TAGS = DOING.filter((field) => field !== 'tags');

const differences = (
  planned: PlannedAction,
  now: ActionReport,
  fields: readonly Field[] = DOING,
): readonly string[] => {
  const [before, after]: readonly Readonly<Record<string, unknown>>[] = [
    { ...planned },
    { ...now },
  ];
  const differing = fields.filter(
    (field) => !isDeepStrictEqual(unordered(before?.[field]), unordered(after?.[field])),
  );
  return causeOf(planned) === causeOf(now) ? differing : [...differing, 'reasons'];
};

/** EC2 promises no order of snapshots and devices. */
const unordered = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(String).toSorted() : value;

const causeOf = (action: PlannedAction | ActionReport): string => {
  switch (action.kind) {
    case 'retire':
    case 'delete-snapshot':
      return action.reasons[0]?.id ?? '';
    case 'create':
    case 'copy':
    case 'tag':
      return '';
  }
};

const objection = (
  { target, action }: PlannedAt,
  now: ActionReport | undefined,
  plans: readonly TargetPlan[],
): string | undefined => {
  if (now !== undefined) {
    const fields = differences(action, now);
    return fields.length === 0 ? undefined : `it would be done otherwise now: ${fields.join(', ')}`;
  }
  const plan = plans.find((one) => targetKey(one.target) === target);
  if (plan === undefined) return 'the policies mean no such place';
  const told = decisionsAbout(plan, action);
  return told.length === 0 ? 'it was not seen' : `now ${told.join('; ')}`;
};

/** What the parts of a plan that decide about each kind of action say of what is not done. */
const TELLING: Readonly<Record<PlannedAction['kind'], RegExp>> = {
  create: /^(SCH|SEL)-/,
  copy: /^COP-/,
  tag: /^TAG-/,
  retire: /^(RET|PRO|LIM|OWN)-/,
  'delete-snapshot': /^(RET|PRO|LIM|OWN)-/,
};

/** `protect: RET-10 expired 3 of 3, PRO-03 held audit`: what is decided now of what it is about. */
const decisionsAbout = (
  { decisions }: TargetPlan,
  { id, kind }: PlannedAction,
): readonly string[] => {
  const about = decisions.filter((decision) => decision.id === id);
  const telling = about.filter(({ reasons }) => reasons.some((one) => TELLING[kind].test(one.id)));
  return (telling.length > 0 ? telling : about).map(
    ({ verdict, reasons }) => `${verdict}: ${reasons.map(describeReason).join(', ')}`,
  );
};
