import type { Coverage } from '../shared/domain/coverage.ts';
import { type Reason, describeReason } from '../shared/domain/reasons.ts';
import type { Calls, Checks, ExpiredImage, MonthResult, PolicyResult } from './month-result.ts';
import { table } from './table.ts';

/** So that the whole fits on a screen: 45 lines at most, each list cut with a count of the rest. */
const COVERAGE_ROWS_MAX = 9;
const EXPIRED_ROWS_MAX = 4;
const INCIDENT_ROWS_MAX = 8;
const POLICY_ROWS_MAX = 4;
const HOUR_MS = 3_600_000;

/** A run for a person to read. Everything in it is in the JSON too. */
export const renderMonth = (result: MonthResult, file: string): readonly string[] => [
  ...heading(result),
  '',
  ...policyTable(result.policies),
  '',
  ...coverageTable(result),
  '',
  ...expired(result.expiredNotRemoved),
  'WHAT WENT WRONG, AND HOW IT MENDED',
  ...incidents(result),
  checks(result.checks),
  '',
  ...calls(result.calls),
  `TRY     npm start -- --seed ${result.seed + 1}`,
  '        edit policies/example.yml: last 7 -> 3, and run again',
  '        npx imago --help',
  `FULL    ${file}`,
];

const heading = (result: MonthResult): readonly string[] => [
  `Imago · embedded cloud: no AWS account, no network · seed ${result.seed} · faults ${result.faults}`,
  `${result.instances} instances · ${result.home} -> ${result.destinations.join(', ') || 'no copies'} · ${result.from.slice(
    0,
    10,
  )} to ${result.until.slice(0, 10)} · wired from ${result.wiredFrom}${
    result.retireMode === 'apply' ? '' : ' · retirement only plans'
  }`,
];

const policyTable = (policies: readonly PolicyResult[]): readonly string[] => [
  ...table(
    [
      ['POLICY', 'SOURCES', 'POINTS', 'COPIES', 'RETIRED', 'VETOED', 'FREED AT MOST'],
      ...policies
        .slice(0, POLICY_ROWS_MAX)
        .map(({ id, sources, points, copies, retired, vetoed, freedGiBAtMost }) => [
          id,
          ...[sources, points, copies, retired, vetoed].map(String),
          `${freedGiBAtMost} GiB`,
        ]),
    ],
    [1, 2, 3, 4, 5, 6],
  ),
  ...rest(policies.length - POLICY_ROWS_MAX, 'more, in the JSON'),
];

const rest = (count: number, what: string): readonly string[] =>
  count > 0 ? [`  ${count} ${what}`] : [];

const hours = (ageMs: number): string => {
  const whole = Math.floor(ageMs / HOUR_MS);
  return whole < 72 ? `${whole}h` : `${Math.floor(whole / 24)}d`;
};

const flagOf = ({ status }: Coverage): string =>
  ({ ok: 'ok', breach: '!', unprotected: '!', excluded: '' })[status];

const coverageTable = ({ coverage }: MonthResult): readonly string[] => {
  const telling = coverage.filter(({ status }) => status !== 'ok');
  const quiet = coverage.filter(({ status }) => status === 'ok');
  const shownQuiet = Math.max(2, COVERAGE_ROWS_MAX - telling.length);
  const shown = [...quiet.slice(0, shownQuiet), ...telling].slice(0, COVERAGE_ROWS_MAX);
  const hidden = coverage.filter((row) => !shown.includes(row));
  const bad = hidden.filter(({ status }) => status === 'breach' || status === 'unprotected').length;
  const state = bad === 0 ? 'all ok or left out on purpose' : `${bad} of them need a look`;
  return [
    ...table(
      [['COVERAGE', '', '', 'NEWEST', '', 'RPO', 'DR NEWEST'], ...shown.map(coverageRow)],
      [],
    ),
    ...rest(hidden.length, `more, ${state}`),
  ];
};

const coverageRow = (row: Coverage): readonly string[] => [
  row.instanceId,
  row.label,
  row.state,
  row.newestAgeMs === undefined ? 'none' : hours(row.newestAgeMs),
  flagOf(row),
  row.rpoMs === undefined ? '' : hours(row.rpoMs),
  row.policyId === undefined ? whyNot(row.reasons) : copiesOf(row),
];

/** Not being selected is told in plain words: it is what most readers look for. */
const whyNot = (reasons: readonly Reason[]): string =>
  reasons
    .map((why) =>
      why.id === 'SEL-02' ? `no policy selects it (${why.evidence ?? ''})` : describeReason(why),
    )
    .join(', ');

const copiesOf = ({ copies, status, reasons }: Coverage): string => {
  const ages = copies.map(({ region, newestAgeMs }) =>
    newestAgeMs === undefined ? `none in ${region}` : `${hours(newestAgeMs)} in ${region}`,
  );
  const text = ages.length === 0 ? 'the policy copies nowhere' : ages.join(', ');
  return status === 'breach' ? `${text} · ${reasons.map(describeReason).join(', ')}` : text;
};

const expired = (images: readonly ExpiredImage[]): readonly string[] => {
  if (images.length === 0) return [];
  return [
    'EXPIRED, NOT REMOVED',
    ...table(
      images
        .slice(0, EXPIRED_ROWS_MAX)
        .map(({ imageId, region, label, source, slot, reasons }) => [
          imageId,
          label || source,
          `${slot.slice(0, 10)} ${region}`,
          reasons.map(describeReason).join(', '),
        ]),
      [],
    ),
    ...rest(images.length - EXPIRED_ROWS_MAX, 'more, in the JSON'),
    '',
  ];
};

const incidents = (result: MonthResult): readonly string[] =>
  result.incidents.length === 0
    ? ['  nothing did']
    : [
        ...table(
          result.incidents
            .slice(0, INCIDENT_ROWS_MAX)
            .map(({ what, count, mended }) => [` ${String(count).padStart(3)} ${what}`, mended]),
          [],
        ),
        ...rest(result.incidents.length - INCIDENT_ROWS_MAX, 'more kinds, in the JSON'),
      ];

const checks = (found: Checks): string => {
  const parts = [
    `Referenced images lost ${found.referencedImagesLost.length}`,
    `orphan snapshots ${found.orphanSnapshots.length}`,
    `RPO breaches ${found.rpoBreaches.length}`,
  ];
  const broken = found.brokenInvariants.length;
  return [...parts, ...(broken === 0 ? [] : [`broken invariants ${broken}`])].join(' · ');
};

const calls = ({ mutating, reads, ratio }: Calls): readonly string[] => [
  `CALLS   ${Object.entries(mutating)
    .map(([action, { made }]) => `${action} ${made}`)
    .join('   ')}`,
  `FEWEST  ${Object.entries(mutating)
    .map(([action, { made, fewest }]) => `${action} ${String(fewest).padEnd(String(made).length)}`)
    .join('   ')}`,
  `        ${ratio.toFixed(2)} x the fewest that EC2 permits · ${reads} reads`,
];
