import type { Verdict } from '../shared/domain/decision.ts';
import { describeCost, describePrices } from '../shared/domain/prices.ts';
import {
  type Cause,
  type PlanGroup,
  countByLabel,
  countResources,
  describeReport,
  groupsOf,
} from './plan-groups.ts';
import type { ReasonReport } from './plan-actions.ts';
import type { DecisionReport, PlanReport, TargetReport, Totals } from './plan-report.ts';
import { fitTable, shorten, wrap } from './table.ts';
import type { Dialogue, Style } from './terminal.ts';

/** What a text may look like: colours, and how wide. */
export type Look = Pick<Dialogue, 'paint' | 'columns'>;

/** So many of one cause are told; the others are counted. */
const ITEMS_MAX = 20;

const STYLES: Readonly<Record<PlanGroup['tone'], Style>> = {
  makes: 'green',
  removes: 'yellow',
  stays: 'bold',
};

/**
 * A plan for a person to read: what is to be removed, what is held back and by what, what is made,
 * what could not be read and what that protects, and what is none of ours.
 * @param isAll whether every decision is told as well
 */
export const renderPlan = (report: PlanReport, look: Look, isAll: boolean): readonly string[] => [
  ...inLines(headlineOf(report), look),
  ...report.targets.flatMap((target) => ['', ...renderTarget(target, report, look, isAll)]),
  '',
  ...inLines(totalsOf(report.totals), look),
  ...renderWorth(report, look),
  ...hintsOf(report, isAll),
];

const headlineOf = ({ deployment, policyFile, instant, origin }: PlanReport): readonly string[] => [
  `deployment ${deployment}`,
  policyFile,
  instant,
  ...(origin.dir === undefined ? [] : [`from ${origin.dir}`]),
];

/** Parts with dots between them, in as few lines as can be. */
const inLines = (parts: readonly string[], { columns }: Look): readonly string[] => {
  const whole = parts.map((part) => part.replaceAll(' ', UNBROKEN)).join(' · ');
  return wrap(whole.replaceAll(' · ', `${UNBROKEN}· `), columns).map((line) =>
    line.replaceAll(UNBROKEN, ' '),
  );
};

const UNBROKEN = '\u00a0';

const renderTarget = (
  target: TargetReport,
  { deployment }: PlanReport,
  look: Look,
  isAll: boolean,
): readonly string[] => {
  const groups = groupsOf(target);
  const { creates, repairs, copies, removals } = target.actions;
  const isIdle = [creates, repairs, copies, removals].every(({ length }) => length === 0);
  return [
    look.paint('bold', target.target),
    ...(isIdle ? ['  nothing to do'] : []),
    ...groups.flatMap((group) => renderGroup(group, deployment, look)),
    ...renderUnread(target, look),
    ...renderRest(target, look),
    ...(isAll ? renderDecisions(target.decisions, deployment, look) : []),
  ];
};

const renderGroup = (
  { title, tone, amount, isWhole, causes }: PlanGroup,
  deployment: string,
  look: Look,
): readonly string[] => [
  `  ${look.paint(STYLES[tone], title)}: ${amount}`,
  ...causes.flatMap((cause) =>
    renderCause(cause, deployment, look.columns, isWhole ? Number.POSITIVE_INFINITY : ITEMS_MAX),
  ),
];

const renderCause = (
  { label, items }: Cause,
  deployment: string,
  columns: number,
  itemsMax: number,
): readonly string[] => {
  const told = items.slice(0, itemsMax);
  const rows = told.map(({ id, name, detail, why }) => [
    id,
    brief(name, deployment, id),
    detail,
    why,
  ]);
  // A column in which nothing stands takes no room.
  const used = [0, NAME, DETAIL, 3].filter((column) => rows.some((row) => row[column] !== ''));
  const lines = fitTable(
    withRoom(rows, columns - 6).map((row) => used.map((column) => row[column] ?? '')),
    columns - 6,
    [used.indexOf(DETAIL)],
  );
  const left = items.length - told.length;
  return [
    ...wrap(label, columns - 4).map((line) => `    ${line}`),
    ...lines.map((line) => `      ${line}`),
    ...(left === 0 ? [] : [`      and ${left} more: --all tells them`]),
  ];
};

const NAME = 1;
/** The column that is to the right. */
const DETAIL = 2;
/** As much as a slot, which stands first in the name of a point. */
const NAME_MIN = 20;

/** Names give way before ids and reasons do. */
const withRoom = (rows: readonly (readonly string[])[], columns: number): typeof rows => {
  const widthOf = (column: number): number =>
    rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0);
  const others = [0, DETAIL, 3].map(widthOf).filter((width) => width > 0);
  const taken = others.reduce((total, width) => total + width + 2, 0);
  const room = Math.max(NAME_MIN, columns - taken);
  return rows.map((row) =>
    row.map((cell, column) => (column === NAME ? shorten(cell, room) : cell)),
  );
};

/**
 * The slot first, since it is what tells points of one source apart; other names as they are.
 * @param id what stands beside it, and is not said again
 */
const brief = (name: string, deployment: string, id: string): string => {
  const own = `imago/${deployment}/`;
  if (!name.startsWith(own)) return name;
  const [policy = '', source = '', slot = '', retry = ''] = name.slice(own.length).split('/');
  return [slot, retry, policy, source].filter((part) => part !== '' && part !== id).join(' ');
};

/** What was not seen decides nothing, and protects: what it protects is said with it. */
const renderUnread = (
  { problems, decisions }: TargetReport,
  { paint, columns }: Look,
): readonly string[] => {
  // A tag that says nothing readable holds back too, but that is no read that fell short.
  if (problems.length === 0) return [];
  const held = decisions.filter(({ verdict }) => verdict === 'protect');
  const unknown = held.flatMap(({ reasons }) => reasons.filter(isUnknown));
  const kept = countByLabel(unknown);
  const lines = [
    ...problems,
    ...(kept.length === 0 ? [] : [`what that holds back: ${kept.join(', ')}`]),
  ];
  return [
    `  ${paint('red', 'could not be read')}: ${problems.length}`,
    ...lines.flatMap((line) => wrap(line, columns - 4).map((part) => `    ${part}`)),
  ];
};

const isUnknown = ({ name }: ReasonReport): boolean => name.startsWith('unknown-');

const RESTING: ReadonlySet<Verdict> = new Set(['keep', 'wait', 'ignore']);

/**
 * What nothing happens to, counted. Of an object each part of the plan gives a decision; a snapshot
 * that goes with its image does not stay, whatever is decided of its tags.
 */
const renderRest = ({ decisions, actions }: TargetReport, { columns }: Look): readonly string[] => {
  const going = new Set(
    actions.removals.flatMap((one) => (one.kind === 'retire' ? one.snapshotIds : [])),
  );
  const objects = [...Map.groupBy(decisions, ({ id }) => id)].flatMap(([id, all]) =>
    going.has(id) ? [] : [all],
  );
  const resting = objects.filter((all) => all.every(({ verdict }) => RESTING.has(verdict)));
  const [waiting, others] = split(resting, (all) => all.some(({ verdict }) => verdict === 'wait'));
  const [kept, ignored] = split(others, (all) => all.some(({ verdict }) => verdict === 'keep'));
  const [copied, staying] = split(kept, (all) => all.every(isOfHome));
  const why = countByLabel(ignored.flatMap(([one]) => one?.reasons.slice(0, 1) ?? []));
  const parts = [
    ...(staying.length === 0 ? [] : [`${countObjects(staying)} unchanged`]),
    ...(copied.length === 0 ? [] : [`${countObjects(copied)} of the home not to be copied`]),
    ...(waiting.length === 0 ? [] : [`${countObjects(waiting)} waiting`]),
    ...(ignored.length === 0 ? [] : [`${ignored.length} left alone (${why.join(', ')})`]),
  ];
  if (parts.length === 0) return [];
  return wrap(`otherwise: ${parts.join('; ')}`, columns - 2).map((line) => `  ${line}`);
};

const countObjects = (objects: readonly (readonly DecisionReport[])[]): string =>
  countResources(objects.flatMap((all) => all.slice(0, 1)));

/** A destination decides whether it is owed copies of images that are not its own. */
const isOfHome = ({ reasons: [why] }: DecisionReport): boolean =>
  why?.id.startsWith('COP-') === true;

const split = <T>(
  all: readonly T[],
  isMeant: (one: T) => boolean,
): readonly [meant: readonly T[], others: readonly T[]] => [
  all.filter(isMeant),
  all.filter((one) => !isMeant(one)),
];

const renderDecisions = (
  decisions: readonly DecisionReport[],
  deployment: string,
  { paint, columns }: Look,
): readonly string[] => {
  const heads = fitTable(
    decisions.map(({ verdict, id, name }) => [verdict, id, brief(name, deployment, id)]),
    columns - 4,
  );
  return [
    `  ${paint('bold', 'every decision')}: ${decisions.length}`,
    ...decisions.flatMap(({ reasons }, index) => [
      `    ${heads[index] ?? ''}`,
      ...wrap(reasons.map(describeReport).join(', '), columns - 8).map((line) => `        ${line}`),
    ]),
  ];
};

type Count = Exclude<keyof Totals, `${'made' | 'freed'}${string}` | 'unsized'>;

const NOUNS: readonly (readonly [kind: Count, noun: string])[] = [
  ['create', 'to create'],
  ['tag', 'to tag'],
  ['copy', 'to copy'],
  ['retire', 'to retire'],
  ['deleteSnapshot', 'orphan snapshots to delete'],
  ['adopt', 'to adopt'],
  ['protect', 'held back'],
  ['defer', 'left by limits'],
  ['problems', 'unread'],
];

/** What there is none of is not spoken of. */
const totalsOf = (totals: Totals): readonly string[] => {
  const told = NOUNS.filter(([kind]) => totals[kind] > 0);
  return told.length === 0
    ? ['nothing to do']
    : told.map(([kind, noun]) => `${totals[kind]} ${noun}`);
};

/** What comes and what goes, at most: a snapshot's blocks may be those of the next one too. */
const renderWorth = (report: PlanReport, { columns }: Look): readonly string[] => {
  const { totals, prices, unpriced } = report;
  const worth = (what: string, dollars: number, of: Amount): readonly string[] =>
    totals[of] === 0 ? [] : [`${what} ${totals[of]} GiB and ${costOf(report, dollars, of)}`];
  const lines = [
    ...worth('new points and copies take', totals.madeDollarsAMonthAtMost, 'madeGiBAtMost'),
    ...worth('removals free', totals.freedDollarsAMonthAtMost, 'freedGiBAtMost'),
  ].map((line) => `${line}, both at most`);
  const unsized =
    totals.unsized === 0
      ? []
      : [
          `new points of which not every volume size is known: ${totals.unsized}; such a volume is counted as 0 GiB`,
        ];
  return [
    ...[...lines, ...unsized].flatMap((line) => wrap(line, columns)),
    ...describePrices({ dollars: 0, prices, unpriced }).flatMap((line) =>
      wrap(line, columns - 2).map((one) => `  ${one}`),
    ),
  ];
};

type Amount = 'madeGiBAtMost' | 'freedGiBAtMost';

/** With the Regions that this amount lacks a price of, and no other. */
const costOf = ({ targets, unpriced }: PlanReport, dollars: number, of: Amount): string => {
  const concerned = targets.filter((target) => target[of] > 0).map(({ target }) => target);
  const lacking = unpriced.filter((region) => concerned.some((key) => key.endsWith(`/${region}`)));
  return describeCost({ dollars, prices: [], unpriced: lacking });
};

const hintsOf = ({ retireMode, totals }: PlanReport, isAll: boolean): readonly string[] => [
  ...(retireMode === 'plan' && totals.retire + totals.deleteSnapshot > 0
    ? ['Removals are only planned: --retire apply does them.']
    : []),
  ...(totals.adopt > 0 ? ['Images are adopted by `imago adopt`, and by nothing else.'] : []),
  ...(isAll ? [] : ['--all tells every decision, --json everything.']),
];
