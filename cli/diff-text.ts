import { type MonthlyCost, describePrices } from '../shared/domain/prices.ts';
import type { ChangeReport, DiffReport, FateReport, SideReport } from './diff-report.ts';
import { describeReport } from './plan-groups.ts';
import { fitTable, wrap } from './table.ts';
import type { Dialogue, Style } from './terminal.ts';

type Look = Pick<Dialogue, 'paint' | 'columns'>;

/** So many objects of one change are told; the others are counted. */
const OBJECTS_MAX = 10;

/**
 * What a new policy does otherwise, for a person to read: totals, instances that it takes on or lets
 * go, and the objects by what changes for them.
 * @param isAll whether every object is told
 */
export const renderDiff = (report: DiffReport, look: Look, isAll: boolean): readonly string[] => [
  ...wrap(headlineOf(report), look.columns),
  '',
  ...(report.changes.length === 0 ? wrap(sameOf(report), look.columns) : []),
  ...(report.changes.length === 0 ? [] : renderTotals(report, look)),
  ...renderSelections(report, look),
  ...renderChanges(report, look, isAll),
  ...renderProblems(report, look),
];

const headlineOf = ({ deployment, origin, instant, before, after }: DiffReport): string =>
  [
    `deployment ${deployment}`,
    `${before.policyFile} → ${after.policyFile}`,
    ...(origin.kind === 'folder' ? [`from ${origin.dir}`] : []),
    instant,
  ].join(' · ');

const sameOf = ({ isSamePolicy }: DiffReport): string =>
  isSamePolicy
    ? 'The plans are identical, and the policies mean the same.'
    : 'The plans are identical now, though the policies do not mean the same: `imago forecast` tells what comes of each.';

type Amount = Exclude<keyof SideReport, 'policyFile' | 'policyHash'>;

const TOTALS: readonly (readonly [what: string, of: Amount, unit?: 'GiB' | '$'])[] = [
  ['points to make', 'create'],
  ['copies to make', 'copy'],
  ['resources to tag', 'tag'],
  ['images to retire', 'retire'],
  ['left snapshots to delete', 'deleteSnapshot'],
  ['held back', 'protect'],
  ['left by limits', 'defer'],
  ['new points of unknown size', 'unsized'],
  ['GiB made, at most', 'madeGiBAtMost', 'GiB'],
  ['$ a month made, at most', 'madeDollarsAMonthAtMost', '$'],
  ['GiB freed, at most', 'freedGiBAtMost', 'GiB'],
  ['$ a month freed, at most', 'freedDollarsAMonthAtMost', '$'],
];

/** What neither plan has any of is not spoken of. */
const renderTotals = (report: DiffReport, { columns, paint }: Look): readonly string[] => {
  const { before, after, prices, unpriced } = report;
  const rows = TOTALS.filter(([, of]) => before[of] !== 0 || after[of] !== 0).map(
    ([what, of, unit]) => {
      const show = (value: number): string => (unit === '$' ? value.toFixed(2) : `${value}`);
      const change = after[of] - before[of];
      const sign = change > 0 ? '+' : '';
      return [
        what,
        show(before[of]),
        show(after[of]),
        change === 0 ? '' : `${sign}${show(change)}`,
      ];
    },
  );
  if (rows.length === 0) return [];
  const heading = ['', 'old', 'new', 'change'];
  const [head = '', ...lines] = fitTable([heading, ...rows], columns, [1, 2, 3]);
  return [
    paint('bold', head),
    ...lines,
    ...renderPrices({ dollars: 0, prices, unpriced }, columns),
    '',
  ];
};

const renderPrices = (cost: MonthlyCost, columns: number): readonly string[] =>
  [
    ...describePrices(cost),
    ...(cost.unpriced.length === 0
      ? []
      : [`no price is known for ${cost.unpriced.join(', ')}: counted as $0`]),
  ].flatMap((line) => wrap(line, columns - 2).map((part) => `  ${part}`));

const renderSelections = (report: DiffReport, { columns, paint }: Look): readonly string[] => {
  const { selections, uncovered, covered } = report;
  const few = (ids: readonly string[]): string =>
    ids.length <= 3 ? ids.join(', ') : `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more`;
  const lines = [
    ...selections.map(({ policy, before, after, gained, lost }) =>
      [
        `${policy}: ${before} → ${after}`,
        ...(gained.length === 0 ? [] : [`takes on ${few(gained)}`]),
        ...(lost.length === 0 ? [] : [`lets go ${few(lost)}`]),
      ].join('; '),
    ),
    ...(covered.length === 0 ? [] : [`backed up by a policy now: ${few(covered)}`]),
    ...(uncovered.length === 0 ? [] : [`backed up by no policy any more: ${few(uncovered)}`]),
  ];
  if (lines.length === 0) return [];
  return [
    paint('bold', 'instances that the policies select'),
    ...lines.flatMap((line) => wrap(line, columns - 2).map((part) => `  ${part}`)),
    '',
  ];
};

const renderChanges = ({ changes }: DiffReport, look: Look, isAll: boolean): readonly string[] =>
  [...Map.groupBy(changes, ({ target }) => target)].flatMap(([target, there]) => [
    look.paint('bold', target),
    ...[...Map.groupBy(there, labelOf)]
      .toSorted(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))
      .flatMap(([label, alike]) => renderAlike(label, alike, look, isAll)),
    '',
  ]);

/** `keep → retire`, or what both plans do and do otherwise. */
const labelOf = ({ before, after, differing }: ChangeReport): string => {
  const words = (fates: readonly FateReport[]): string =>
    [...new Set(fates.map(({ verdict }) => verdict))].join(' and ') || 'not looked at';
  const [old, renewed] = [words(before), words(after)];
  const how = differing.length === 0 ? '' : ` (other ${differing.join(', ')})`;
  return old === renewed ? `${renewed}, differently${how}` : `${old} → ${renewed}${how}`;
};

const renderAlike = (
  label: string,
  alike: readonly ChangeReport[],
  { columns, paint }: Look,
  isAll: boolean,
): readonly string[] => {
  const told = isAll ? alike : alike.slice(0, OBJECTS_MAX);
  const left = alike.length - told.length;
  const rows = told.map((change) => [
    labelFor(change),
    sayings(change.before),
    `→ ${sayings(change.after)}`,
  ]);
  return [
    `  ${paint(styleOf(alike[0]), label)}: ${alike.length}`,
    ...fitTable(rows, columns - 4).map((line) => `    ${line}`),
    ...(left === 0 ? [] : [`    and ${left} more: --all tells them`]),
  ];
};

const styleOf = (change: ChangeReport | undefined): Style => {
  const goes = change?.after.some(
    ({ verdict }) => verdict === 'retire' || verdict === 'delete-snapshot',
  );
  return goes === true ? 'yellow' : 'bold';
};

/** The name of a point says no more than its id and its policy; that of an instance does. */
const labelFor = ({ kind, id, name }: ChangeReport): string =>
  kind === 'instance' && name !== '' ? `${id} ${name}` : id;

/** Why one of the plans decides so. */
const sayings = (fates: readonly FateReport[]): string => fates.map(reasonsOf).join('; ') || '–';

const reasonsOf = ({ policy, reasons }: FateReport): string =>
  [...(policy === undefined ? [] : [`${policy}:`]), reasons.map(describeReport).join(', ')].join(
    ' ',
  );

const renderProblems = ({ problems }: DiffReport, { columns, paint }: Look): readonly string[] =>
  problems.length === 0
    ? []
    : [
        `${paint('red', 'could not be read')}: ${problems.length}; what it may show protects, in both plans`,
        ...problems.flatMap((line) => wrap(line, columns - 2).map((part) => `  ${part}`)),
      ];
