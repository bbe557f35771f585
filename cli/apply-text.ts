import { targetKey } from '../shared/domain/model.ts';
import type { ApplyReport, OutcomeReport } from './apply-report.ts';
import { ACTION_KINDS } from './plan-actions.ts';
import type { PlanOptions } from './plan-options.ts';
import { pendingOf } from './plan-report.ts';
import { countResources } from './plan-text.ts';
import type { TargetPlan } from './plan-targets.ts';
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
  plans: readonly TargetPlan[],
  options: PlanOptions,
): readonly string[] => [
  ...plans.map((plan) => {
    const actions = pendingOf(plan, options);
    const counts = ACTION_KINDS.map((kind) => {
      const count = actions.filter((action) => action.kind === kind).length;
      return `${kind} ${count}`;
    });
    return `${targetKey(plan.target)}  ${counts.join('  ')}`;
  }),
  ...onlyPlanned(options.retire === 'apply' ? 0 : plans.flatMap(({ removals }) => removals).length),
];

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
