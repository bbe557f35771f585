import { targetKey } from '../shared/domain/model.ts';
import type { Agreed } from './apply-plan-file.ts';
import type { ApplyReport, OutcomeReport } from './apply-report.ts';
import { ACTION_KINDS, type ActionKind } from './plan-actions.ts';
import type { PlanOptions } from './plan-options.ts';
import { pendingOf } from './plan-report.ts';
import { countResources } from './plan-groups.ts';
import type { Paint, Style } from './terminal.ts';

const STYLES: Readonly<Record<OutcomeReport['status'], Style>> = {
  done: 'green',
  'already-so': 'green',
  superseded: 'dim',
  'retry-later': 'yellow',
  failed: 'red',
  'not-done': 'yellow',
};

/** What will be done, by target and kind, before anybody is asked. */
export const renderCounts = (
  { plans, added }: Pick<Agreed, 'plans' | 'added'>,
  options: Pick<PlanOptions, 'retire'>,
): readonly string[] => [
  ...plans.map((plan) => {
    const actions = pendingOf(plan, options);
    return `${targetKey(plan.target)}  ${countKinds(actions)}`;
  }),
  ...(added.length === 0
    ? []
    : [`not in the plan file, and left: ${countKinds(added.map(({ action }) => action))}`]),
  ...onlyPlanned(options.retire === 'apply' ? 0 : plans.flatMap(({ removals }) => removals).length),
];

const countKinds = (actions: readonly { readonly kind: ActionKind }[]): string =>
  ACTION_KINDS.map((kind) => {
    const { length } = actions.filter((action) => action.kind === kind);
    return `${kind} ${length}`;
  }).join('  ');

const onlyPlanned = (count: number): readonly string[] =>
  count === 0 ? [] : [`removals only planned: ${count} (--retire apply does them)`];

/** `done  create ami-1 imago/...`: one outcome. */
export const renderOutcome = (
  { status, action, id, name, why }: OutcomeReport,
  paint: Paint,
): string =>
  [`${paint(STYLES[status], status.padEnd(11))} ${action}`, id, name, why]
    .filter((part) => part !== '')
    .join('  ');

/** Thousands may be tagged at once: they are counted at the end, and not told one by one. */
export const isTagged = ({ action, status }: OutcomeReport): boolean =>
  action === 'tag' && status === 'done';

/** What was left, and how it went in all. */
export const renderEnd = (report: ApplyReport, paint: Paint): readonly string[] => {
  const statuses = Object.entries(Object.groupBy(report.outcomes, ({ status }) => status));
  const totals = statuses.map(([status, all]) => `${all.length} ${status}`).join(' · ');
  const tagged = report.outcomes.filter(isTagged);
  return [
    ...(tagged.length === 0
      ? []
      : [`${paint('green', 'done'.padEnd(11))} tag  ${countResources(tagged)}`]),
    ...report.outcomes
      .filter(({ status }) => status === 'not-done')
      .map((outcome) => renderOutcome(outcome, paint)),
    ...report.problems.map((problem) => `${paint('red', 'unread')}      ${problem}`),
    totals === '' ? 'nothing was done' : totals,
  ];
};
