import { describeReason } from '../shared/domain/reasons.ts';
import type { ReasonReport, TagReport } from './plan-actions.ts';
import type { DecisionReport, PlanReport, TargetReport, Totals } from './plan-report.ts';
import { table } from './table.ts';
import type { Paint, Style } from './terminal.ts';

type Row = readonly [label: string, id: string, name: string, reasons: string];

const STYLES: Readonly<Record<string, Style>> = {
  create: 'green',
  tag: 'green',
  copy: 'green',
  retire: 'yellow',
  'delete-snapshot': 'yellow',
  adopt: 'dim',
  protected: 'dim',
  deferred: 'dim',
};

/** A plan for a person to read: what is to be done, in order; what stays, and why; what is not known. */
export const renderPlan = (report: PlanReport, paint: Paint): readonly string[] => [
  `deployment ${report.deployment} · ${report.policyFile} · ${report.instant}`,
  ...report.targets.flatMap((target) => ['', ...renderTarget(target, paint)]),
  '',
  renderTotals(report.totals),
  ...hintsOf(report),
];

const renderTarget = (
  { target, actions, ...plan }: TargetReport,
  paint: Paint,
): readonly string[] => {
  const decided = (verdict: DecisionReport['verdict'], label: string): readonly Row[] =>
    plan.decisions.filter((one) => one.verdict === verdict).map((one) => row(label, one));
  const planned: readonly Row[] = [
    ...actions.creates.map((one) => row(one.kind, one)),
    ...tagRows(actions.repairs),
    ...actions.copies.map((one) => row(one.kind, one)),
    ...actions.removals.map((one) => row(one.kind, one)),
  ];
  const rows = [
    ...planned,
    ...decided('adopt', 'adopt'),
    ...decided('protect', 'protected'),
    ...decided('defer', 'deferred'),
  ];
  const lines = table(rows).map((line, index) => {
    const label = rows[index]?.[0] ?? '';
    return `  ${paint(STYLES[label] ?? 'bold', label)}${line.slice(label.length)}`;
  });
  return [
    paint('bold', target),
    ...(planned.length === 0 ? ['  nothing to do'] : []),
    ...lines,
    ...plan.problems.map((problem) => `  ${paint('red', 'unread')}  ${problem}`),
  ];
};

interface Named {
  readonly id: string;
  readonly name: string;
  readonly reasons: readonly ReasonReport[];
}

const row = (label: string, { id, name, reasons }: Named): Row => [
  label,
  id,
  name,
  reasons.map(describeReason).join(', '),
];

/** One row for all that get the same tags: a policy that was changed concerns every snapshot. */
const tagRows = (repairs: readonly TagReport[]): readonly Row[] =>
  [...Map.groupBy(repairs, ({ tags }) => describeTags(tags))].map(([tags, alike]) => {
    const [first] = alike;
    const what = first === undefined || alike.length > 1 ? countResources(alike) : first.id;
    return ['tag', what, alike.length > 1 ? '' : (first?.name ?? ''), tags];
  });

const describeTags = (tags: TagReport['tags']): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(', ');

/** `2 images, 3 snapshots`. */
export const countResources = (resources: readonly { readonly id: string }[]): string => {
  const images = resources.filter(({ id }) => id.startsWith('ami-')).length;
  const parts = [counted(images, 'image'), counted(resources.length - images, 'snapshot')];
  return parts.filter((part) => part !== '').join(', ');
};

const counted = (count: number, noun: string): string =>
  count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`;

const NOUNS: readonly (readonly [kind: keyof Totals, noun: string])[] = [
  ['create', 'to create'],
  ['tag', 'to tag'],
  ['copy', 'to copy'],
  ['retire', 'to retire'],
  ['deleteSnapshot', 'snapshots to delete'],
  ['protect', 'protected'],
  ['defer', 'deferred'],
  ['problems', 'unread'],
];

const renderTotals = (totals: Totals): string =>
  NOUNS.map(([kind, noun]) => `${totals[kind]} ${noun}`).join(' · ');

const hintsOf = ({ retireMode, totals }: PlanReport): readonly string[] => [
  ...(retireMode === 'plan' && totals.retire + totals.deleteSnapshot > 0
    ? ['Removals are only planned: --retire apply does them.']
    : []),
  ...(totals.adopt > 0 ? ['Images are adopted by `imago adopt`, and by nothing else.'] : []),
];
