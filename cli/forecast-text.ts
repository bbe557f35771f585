import { LEVEL_DAYS_MIN, LEVEL_PERCENT } from '../shared/domain/forecast-level.ts';
import { describePrices } from '../shared/domain/prices.ts';
import type { DayReport, ForecastReport, HeldReport } from './forecast-report.ts';
import { fitTable, wrap } from './table.ts';
import type { Dialogue } from './terminal.ts';

type Look = Pick<Dialogue, 'paint' | 'columns'>;

/** Of more days than these only every seventh is shown. */
const DAILY_MAX = 31;
const WEEK_DAYS = 7;

/** A forecast for a person to read: day by day, then by policy and place, then what to know of it. */
export const renderForecast = (report: ForecastReport, look: Look): readonly string[] => [
  ...wrap(headlineOf(report), look.columns),
  '',
  ...renderDays(report, look),
  '',
  ...renderHoldings(report, look),
  '',
  ...renderLevel(report, look),
  ...renderHeld(report, look),
  ...renderPile(report, look),
  ...renderUnknown(report, look),
  ...renderList('assumed', [...report.assumptions, ...pricesOf(report)], look),
];

const headlineOf = ({ deployment, policyFile, instant, origin, days }: ForecastReport): string =>
  [
    `deployment ${deployment}`,
    policyFile,
    ...(origin.kind === 'folder' ? [`from ${origin.dir}`] : []),
    `${inDays(days.length - 1)} from ${instant}`,
  ].join(' · ');

const inDays = (count: number): string => `${count} day${count === 1 ? '' : 's'}`;

const number = (value: number): string => `${value}`;
const dollars = (value: number): string => value.toFixed(2);

/** The days that are shown; what was done in between is added up. */
const shownDays = (days: readonly DayReport[]): readonly DayReport[] => {
  if (days.length - 1 <= DAILY_MAX) return days;
  const shown = days.filter(({ day }) => day % WEEK_DAYS === 0 || day === days.length - 1);
  return shown.map((one, index) => {
    const since = shown[index - 1]?.day ?? -1;
    const between = days.filter(({ day }) => day > since && day <= one.day);
    const sum = (of: (day: DayReport) => number): number =>
      between.reduce((total, day) => total + of(day), 0);
    return {
      ...one,
      created: sum(({ created }) => created),
      copied: sum(({ copied }) => copied),
      removed: sum(({ removed }) => removed),
    };
  });
};

const renderDays = ({ days }: ForecastReport, { columns, paint }: Look): readonly string[] => {
  const heading = [
    'day',
    'date',
    'points',
    'GiB at most',
    '$ a month',
    'made',
    'copied',
    'removed',
  ];
  const rows = shownDays(days).map((one) => [
    `${one.day}`,
    one.instant.slice(0, 10),
    ...[one.points, one.sizeGiB].map(number),
    dollars(one.dollars),
    ...[one.created, one.copied, one.removed].map(number),
  ]);
  const [head = '', ...lines] = fitTable([heading, ...rows], columns, [0, 2, 3, 4, 5, 6, 7]);
  return [paint('bold', head), ...lines];
};

const renderHoldings = ({ holdings }: ForecastReport, look: Look): readonly string[] => {
  const heading = ['policy', 'place', 'points now', 'most', 'at the end', 'GiB now', 'at the end'];
  const rows = holdings.map((one) => [
    one.kind === 'orphans' ? '(snapshots left)' : one.policy,
    one.place.split('/').at(-1) ?? '',
    ...[one.count.at(0), Math.max(...one.count), one.count.at(-1)].map((value) =>
      number(value ?? 0),
    ),
    ...[one.sizeGiB.at(0), one.sizeGiB.at(-1)].map((value) => number(value ?? 0)),
  ]);
  if (rows.length === 0) return ['no policy has a point, now or then'];
  const [head = '', ...lines] = fitTable([heading, ...rows], look.columns, [2, 3, 4, 5, 6]);
  return [look.paint('bold', head), ...lines];
};

const renderLevel = (
  { days, levelFromDay, holdings }: ForecastReport,
  look: Look,
): readonly string[] => {
  if (holdings.length === 0) return [];
  const last = days.at(-1);
  const from = days.find(({ day }) => day === levelFromDay);
  const text =
    from === undefined
      ? notLevel(days.length - 1)
      : `The number of points levels off from day ${from.day} (${from.instant.slice(0, 10)}): from then on it stays within ${LEVEL_PERCENT} %, and is ${number(last?.points ?? 0)} in the end.`;
  return wrap(text, look.columns);
};

const notLevel = (days: number): string =>
  days < LEVEL_DAYS_MIN
    ? `${inDays(days)} ${days === 1 ? 'is' : 'are'} too few to tell whether the number of points levels off.`
    : `The number of points is not seen to level off within ${inDays(days)}.`;

const renderHeld = ({ heldBack }: ForecastReport, look: Look): readonly string[] => {
  const lines = (isLimit: boolean): readonly string[] =>
    heldBack.filter((one) => one.isLimit === isLimit).map(heldLine);
  return [
    ...renderList('expired, and held back', lines(false), look),
    ...renderList('expired, and left by limits for a later run', lines(true), look),
  ];
};

/** More comes than a run may remove: of all that a forecast tells, this wants a change. */
const renderPile = ({ heldBack }: ForecastReport, look: Look): readonly string[] => {
  const piles = heldBack.filter(
    ({ isLimit, atLast, most, objects }) => isLimit && atLast === most && objects > most,
  );
  if (piles.length === 0) return [];
  const places = [...new Set(piles.map(({ place }) => place.split('/').at(-1)))].join(' and ');
  return wrap(
    `More comes than one run may remove in ${places}, and the rest piles up: raise limits.maxRemovals if that is not meant.`,
    look.columns,
  ).map((line) => look.paint('yellow', line));
};

const heldLine = (one: HeldReport): string => {
  const { reason, name, place, objects, most, example, evidence, first, last } = one;
  const shown = evidence === '' ? '' : ` (${evidence})`;
  return `${reason} ${name}, ${place.split('/').at(-1)}: ${number(objects)}, at most ${number(most)} at once, ${first.slice(0, 10)} to ${last.slice(0, 10)}, such as ${example}${shown}`;
};

const renderUnknown = (report: ForecastReport, look: Look): readonly string[] => {
  const { problems, unsized, heldBack } = report;
  const isWhole = problems.length === 0;
  const kept = heldBack.filter(({ name }) => !isWhole && name.startsWith('unknown-'));
  const lines = [
    ...problems,
    ...(kept.length === 0
      ? []
      : [
          `so nothing that this concerns is ever removed here: ${[...new Set(kept.map(({ reason, name }) => `${reason} ${name}`))].join(', ')}`,
        ]),
    ...(unsized.length === 0
      ? []
      : [
          `volume sizes of ${number(unsized.length)} instances, such as ${unsized[0] ?? ''}: counted as 0 GiB`,
        ]),
  ];
  return renderList('could not be read', lines, look, 'red');
};

const pricesOf = ({ prices, unpriced }: ForecastReport): readonly string[] => [
  ...describePrices({ dollars: 0, prices, unpriced }),
  ...(unpriced.length === 0 ? [] : [`no price is known for ${unpriced.join(', ')}: counted as $0`]),
];

const renderList = (
  title: string,
  lines: readonly string[],
  { columns, paint }: Look,
  style: 'bold' | 'red' = 'bold',
): readonly string[] =>
  lines.length === 0
    ? []
    : [
        `${paint(style, title)}:`,
        ...lines.flatMap((line) =>
          wrap(line, columns - 4).map((part, index) => `${index === 0 ? '  - ' : '    '}${part}`),
        ),
      ];
