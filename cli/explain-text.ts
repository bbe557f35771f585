import type {
  ExplainedDecision,
  ExplainedReason,
  ExplainedReference,
  ReferenceLabel,
  TimelineEvent,
} from '../shared/domain/explain-report.ts';
import type { Verdict } from '../shared/domain/decision.ts';
import type { ExplainReport } from './explain-report.ts';
import { shorten, table, wrap } from './table.ts';
import type { Dialogue, Style } from './terminal.ts';
import { widthOf } from './text-width.ts';

/** What a text may look like: colours, and how wide. */
type Look = Pick<Dialogue, 'paint' | 'columns'>;

/** So many related objects, and references of one label, are told; the others are counted. */
const ROWS_MAX = 12;

/** An explanation for a person to read: the answer first, then what shows it. */
export const renderExplanation = (report: ExplainReport, look: Look): readonly string[] => [
  ...renderHead(report, look),
  ...renderVerdict(report, look),
  ...renderTimeline(report, look),
  ...renderReferences(report, look),
  ...renderInstance(report, look),
  ...section('Related', renderRelated(report, look), look),
  ...section('What it is', renderFacts(report, look), look),
];

const section = (title: string, lines: readonly string[], { paint }: Look): readonly string[] =>
  lines.length === 0 ? [] : ['', paint('bold', title), ...lines];

const indented = (text: string, columns: number, by: number): readonly string[] =>
  wrap(text, columns - by).map((line) => `${' '.repeat(by)}${line}`);

const renderHead = (report: ExplainReport, { paint, columns }: Look): readonly string[] => {
  const { id, name, target, instant, policyFile } = report;
  const [first = '', ...more] = wrap(name === '' ? id : `${id}  ${name}`, columns);
  const by = policyFile === undefined ? 'no policy' : policyFile;
  return [
    paint('bold', first),
    ...more.map((line) => `  ${line}`),
    ...wrap([target ?? 'not seen', `as of ${instant}`, by].join(' · '), columns),
  ];
};

const COLOURS: Readonly<Partial<Record<Verdict, Style>>> = {
  retire: 'red',
  'delete-snapshot': 'red',
  protect: 'yellow',
  defer: 'yellow',
  keep: 'green',
};

/** What each reason means is said once: of the decision that matters most. */
const renderVerdict = (report: ExplainReport, look: Look): readonly string[] => {
  const { headline, notes, decisions } = report;
  const { paint, columns } = look;
  const [main, ...others] = decisions;
  const style = main === undefined ? 'bold' : (COLOURS[main.verdict] ?? 'bold');
  return [
    '',
    ...wrap(`${headline}.`, columns).map((line) => paint(style, line)),
    ...notes.flatMap((note) => indented(note, columns, 2)),
    ...(main === undefined ? [] : renderMain(main, look)),
    ...others.flatMap((one) => indented(`also: ${brief(one)}`, columns, 2)),
  ];
};

const renderMain = (
  { policy, verdict, target, reasons }: ExplainedDecision,
  { columns }: Look,
): readonly string[] => {
  const told = new Set<string>();
  return [
    `  ${policy === undefined ? '' : `${policy}, `}${verdict}, in ${target}:`,
    ...reasons.flatMap((one) => {
      const isTold = told.has(one.id);
      told.add(one.id);
      return [
        ...indented(reasonWords(one), columns, 4),
        ...(isTold ? [] : indented(one.meaning, columns, 8)),
      ];
    }),
  ];
};

const reasonWords = ({ id, name, evidence }: ExplainedReason): string =>
  evidence === undefined ? `${id} ${name}` : `${id} ${name} ${evidence}`;

const brief = ({ policy, verdict, target, reasons }: ExplainedDecision): string =>
  `${policy === undefined ? '' : `${policy}, `}${verdict}, in ${target}: ${reasons.map(reasonWords).join(', ')}`;

const renderTimeline = ({ timeline }: ExplainReport, look: Look): readonly string[] =>
  section(
    'What would change that',
    timeline.flatMap((event) => renderEvent(event, look)),
    look,
  );

const WHEN = 20;

const renderEvent = (
  { at, what, reasons }: TimelineEvent,
  { columns }: Look,
): readonly string[] => {
  const when = at === undefined ? '-' : `${at.slice(0, 19)}Z`;
  const why = reasons.map(reasonWords).join(', ');
  const lines = wrap(why === '' ? what : `${what}: ${why}`, columns - WHEN - 4);
  return lines.map((line, index) => `  ${(index === 0 ? when : '').padEnd(WHEN)}  ${line}`);
};

const LABELS: readonly ReferenceLabel[] = [
  'can launch now',
  'pinned',
  'others may launch',
  'only old',
  'told only',
];

const renderReferences = (report: ExplainReport, look: Look): readonly string[] => {
  const { references, unknown, kind } = report;
  const { paint, columns } = look;
  if (kind === 'instance') return renderUnknown(report, look);
  const none = unknown.length === 0 ? 'nothing' : 'nothing that was seen';
  return [
    '',
    paint('bold', 'Who refers to it'),
    ...(references.length === 0 ? [`  ${none}`] : []),
    ...LABELS.flatMap((label) =>
      limited(
        references.filter((one) => one.label === label),
        (shown) => renderLabel(label, shown, columns),
      ),
    ),
    ...unknownLines(report, look),
  ];
};

const renderLabel = (
  label: ReferenceLabel,
  references: readonly ExplainedReference[],
  columns: number,
): readonly string[] =>
  references.flatMap(({ by }) => {
    const lines = wrap(by, columns - 21);
    return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(17)}  ${line}`);
  });

const limited = <T>(
  all: readonly T[],
  render: (shown: readonly T[]) => readonly string[],
): readonly string[] => [
  ...render(all.slice(0, ROWS_MAX)),
  ...(all.length > ROWS_MAX ? [`  and ${all.length - ROWS_MAX} more: --json tells them`] : []),
];

const renderUnknown = (report: ExplainReport, look: Look): readonly string[] =>
  section('Not known', unknownLines(report, look), look);

const unknownLines = ({ unknown }: ExplainReport, { paint, columns }: Look): readonly string[] =>
  unknown
    .flatMap(({ target, what, problem }) =>
      indented(`not known: ${what} of ${target}: ${problem}`, columns, 2),
    )
    .map((line) => paint('yellow', line));

const renderInstance = (report: ExplainReport, look: Look): readonly string[] => {
  const { selections, coverage } = report;
  return [
    ...section(
      'Policies',
      selections.flatMap(({ policy, isSelected, reason }) =>
        indented(
          `${policy}: ${isSelected ? 'selects it' : 'does not select it'}, ${reasonWords(reason)}`,
          look.columns,
          2,
        ),
      ),
      look,
    ),
    ...section(
      'Points',
      coverage.flatMap(({ policy, isInsideRpo, rpoHours, newest, copies }) =>
        indented(
          [
            `${policy}: ${newest === undefined ? 'none' : `${newest.imageId} of ${newest.capturedAt}`}`,
            `${isInsideRpo ? 'inside' : 'in breach of'} its RPO of ${rpoHours} h`,
            ...copies.map(({ region, hasCopy }) => `${hasCopy ? 'a' : 'no'} copy in ${region}`),
          ].join(', '),
          look.columns,
          2,
        ),
      ),
      look,
    ),
  ];
};

/** Ids and what they are stay whole; names take what room is left. */
const renderRelated = ({ related }: ExplainReport, { columns }: Look): readonly string[] => {
  const widest = (texts: readonly string[]): number =>
    texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
  return limited(related, (shown) => {
    const taken = widest(shown.map(({ id }) => id)) + widest(shown.map(({ how }) => how)) + 6;
    return table(
      shown.map(({ id, name, how }) => [id, how, shorten(name, Math.max(0, columns - taken))]),
    ).flatMap((line) => wrap(line, columns - 2).map((part) => `  ${part}`));
  });
};

const renderFacts = ({ facts }: ExplainReport, { columns }: Look): readonly string[] => {
  const width = facts.reduce((widest, { name }) => Math.max(widest, name.length), 0);
  return facts.flatMap(({ name, value }) =>
    wrap(value, columns - width - 4).map(
      (line, index) => `  ${(index === 0 ? name : '').padEnd(width)}  ${line}`,
    ),
  );
};
