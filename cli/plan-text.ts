import type { HeldReport, PlanReport, TargetReport, Totals } from './plan-report.ts';
import { table } from './table.ts';
import type { Paint, Style } from './terminal.ts';

type Row = readonly [label: string, id: string, name: string, reasons: string];

const STYLES: Readonly<Record<string, Style>> = {
  create: 'green',
  copy: 'green',
  retire: 'yellow',
  'delete-snapshot': 'yellow',
  protected: 'dim',
  deferred: 'dim',
};

/** A plan for a person to read: what is to be done, in order; what stays, and why; what is not known. */
export const renderPlan = (report: PlanReport, paint: Paint): readonly string[] => [
  `deployment ${report.deployment} · ${report.policyFile} · ${report.instant}`,
  ...report.targets.flatMap((target) => ['', ...renderTarget(target, paint)]),
  '',
  renderTotals(report.totals),
  ...hintOf(report),
];

const renderTarget = (target: TargetReport, paint: Paint): readonly string[] => {
  const rows: readonly Row[] = [
    ...target.actions.map(({ action, ...held }) => row(action, held)),
    ...target.protected.map((held) => row('protected', held)),
    ...target.deferred.map((held) => row('deferred', held)),
  ];
  const lines = table(rows).map((line, index) => {
    const label = rows[index]?.[0] ?? '';
    return `  ${paint(STYLES[label] ?? 'bold', label)}${line.slice(label.length)}`;
  });
  return [
    paint('bold', target.target),
    ...(target.actions.length === 0 ? ['  nothing to do'] : []),
    ...lines,
    ...target.problems.map((problem) => `  ${paint('red', 'unread')}  ${problem}`),
  ];
};

const row = (label: string, { id, name, reasons }: HeldReport): Row => [
  label,
  id,
  name,
  reasons.join(', '),
];

const NOUNS: readonly (readonly [kind: keyof Totals, noun: string])[] = [
  ['create', 'to create'],
  ['copy', 'to copy'],
  ['retire', 'to retire'],
  ['delete-snapshot', 'snapshots to delete'],
  ['protected', 'protected'],
  ['deferred', 'deferred'],
  ['problems', 'unread'],
];

const renderTotals = (totals: Totals): string =>
  NOUNS.map(([kind, noun]) => `${totals[kind]} ${noun}`).join(' · ');

const hintOf = ({ retireMode, totals }: PlanReport): readonly string[] =>
  retireMode === 'plan' && totals.retire + totals['delete-snapshot'] > 0
    ? ['Removals are only planned: --retire apply does them.']
    : [];
