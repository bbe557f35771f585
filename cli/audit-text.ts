import type {
  AuditSection,
  AuditedTarget,
  NextStep,
  Unknown,
} from '../shared/domain/audit-report.ts';
import { plural } from '../shared/domain/audit-section.ts';
import { describeCost, describePrices } from '../shared/domain/prices.ts';
import type { AuditOptions, AuditReport } from './audit-report.ts';
import { DEFAULT_STARTER } from './audit-report.ts';
import { type Look, renderFindings } from './audit-table.ts';
import { type NameTarget, namingTargets } from './name-target.ts';
import { wrap } from './table.ts';

type TextOptions = Pick<AuditOptions, 'all' | 'starter'>;

/** So many findings of a section are told; the others are counted. */
const ROWS_MAX = 10;

/** An audit for a person to read. Commands stand on lines of their own, whole, to be copied. */
export const renderAudit = (
  report: AuditReport,
  look: Look,
  options: TextOptions,
): readonly string[] => {
  const nameTarget = namingTargets(report.targets.map(({ target }) => target));
  return [
    ...report.targets.flatMap((target) => renderTarget(target, look)),
    ...renderUnread(report.unknown, look, nameTarget),
    ...report.sections.flatMap((section) => [
      '',
      ...renderSection(section, report.unknown, { look, nameTarget, isAll: options.all }),
    ]),
    ...renderPrices(report.sections, look),
    '',
    ...renderSteps(report, look),
    '',
    ...renderStarter(report, look, options),
  ];
};

const renderTarget = (
  { target, observedAt, ...seen }: AuditedTarget,
  { paint, columns }: Look,
): readonly string[] => {
  const told = [
    plural(seen.instances, 'instance'),
    plural(seen.images, 'image'),
    plural(seen.snapshots, 'snapshot'),
  ].join(', ');
  const [first = '', ...more] = wrap(`${target} · ${told} · observed ${observedAt}`, columns - 2);
  return [paint('bold', first), ...more.map((line) => `  ${line}`)];
};

const renderUnread = (
  unknown: readonly Unknown[],
  { paint, columns }: Look,
  nameTarget: NameTarget,
): readonly string[] =>
  unknown.length === 0
    ? []
    : [
        paint('yellow', 'Could not be read, so that it is not known:'),
        ...unknown.flatMap((one) => indented(whole(one, nameTarget), columns, 2)),
      ];

const whole = ({ target, what, problem }: Unknown, nameTarget: NameTarget): string =>
  `${nameTarget(target)} ${what}: ${problem}`.trimStart();

const indented = (text: string, columns: number, by: number): readonly string[] =>
  wrap(text, columns - by - 2).map(
    (line, index) => `${' '.repeat(index === 0 ? by : by + 2)}${line}`,
  );

interface SectionLook {
  readonly look: Look;
  readonly nameTarget: NameTarget;
  readonly isAll: boolean;
}

const renderSection = (
  section: AuditSection,
  told: readonly Unknown[],
  { look, nameTarget, isAll }: SectionLook,
): readonly string[] => {
  const { id, findings, notes } = section;
  const shown = isAll ? findings : findings.slice(0, ROWS_MAX);
  const left = findings.length - shown.length;
  return [
    ...renderTitle(section, look),
    ...renderUnknown(section, told, { look, nameTarget }),
    ...renderFindings({ id, findings: shown, nameTarget }, look),
    ...(left === 0 ? [] : [`  and ${left} more: --all tells them`]),
    ...notes.flatMap((note) => indented(note, look.columns, 2)),
  ];
};

const renderTitle = (section: AuditSection, { paint, columns }: Look): readonly string[] => {
  const { id, count, gib, cost, unknown } = section;
  const title = doubtfulTitle(section) ?? section.title;
  const none = unknown.length === 0 ? 'none' : 'none seen';
  const worth = [
    count === 0 ? none : String(count),
    ...(count === 0 || gib === undefined ? [] : [`at most ${gib} GiB`]),
    ...(count === 0 || cost === undefined ? [] : [describeCost(cost)]),
  ].join(', ');
  const [first = '', ...more] = wrap(`${id}  ${title}: ${worth}`, columns - 2);
  return [paint('bold', first), ...more.map((line) => `  ${line}`)];
};

/** Whatever was not read may be what uses them. */
const isDoubted = ({ id, unknown, count }: AuditSection): boolean =>
  id === 'AUD-01' && count > 0 && unknown.length > 0;

/** A title says no more than what is known. */
const doubtfulTitle = (section: AuditSection): string | undefined => {
  if (isDoubted(section)) return 'Images that nothing seen refers to';
  const isUnseen = section.findings.some(({ status }) => status === 'no image seen');
  return section.id === 'AUD-03' && isUnseen ? 'Instances of which no image was seen' : undefined;
};

/** Of what seems unused all that is not known is said in full: somebody may remove it for that. */
const renderUnknown = (
  section: AuditSection,
  told: readonly Unknown[],
  { look: { paint, columns }, nameTarget }: Pick<SectionLook, 'look' | 'nameTarget'>,
): readonly string[] => {
  const above = new Set(told.map(({ problem }) => problem));
  const { unknown } = section;
  const isBrief = ({ problem }: Unknown): boolean => !isDoubted(section) && above.has(problem);
  const names = new Set(unknown.filter(isBrief).map(({ what }) => what));
  const label = isDoubted(section) ? 'cannot be called unused' : 'not known';
  return [
    ...(names.size === 0 ? [] : [`${[...names].join(', ')} (see above)`]),
    ...unknown.filter((one) => !isBrief(one)).map((one) => whole(one, nameTarget)),
  ]
    .flatMap((text) => indented(`${label}: ${text}`, columns, 2))
    .map((line) => paint('yellow', line));
};

const renderPrices = (sections: readonly AuditSection[], { columns }: Look): readonly string[] => {
  const lines = new Set(
    sections.flatMap(({ cost }) => (cost === undefined ? [] : describePrices(cost))),
  );
  if (lines.size === 0) return [];
  return ['', 'Prices of snapshots:', ...[...lines].flatMap((line) => indented(line, columns, 2))];
};

const renderSteps = (
  { nextSteps, stepRule }: AuditReport,
  { paint, columns }: Look,
): readonly string[] => {
  if (nextSteps.length === 0) return [paint('bold', 'Next steps: none')];
  const [rule = '', ...more] = wrap(`Next steps (in this order: ${stepRule}):`, columns);
  return [
    paint('bold', rule),
    ...more.map((line) => paint('bold', line)),
    ...nextSteps.flatMap((step, index) => renderStep(step, index, columns)),
  ];
};

const renderStep = (
  { what, command, section }: NextStep,
  index: number,
  columns: number,
): readonly string[] => [
  ...wrap(`${index + 1}. ${what}${section === undefined ? '' : ` (${section})`}`, columns - 5).map(
    (line, at) => `  ${at === 0 ? '' : '   '}${line}`,
  ),
  `     $ ${command}`,
];

const renderStarter = (
  { starterPolicy, starter }: AuditReport,
  { paint, columns }: Look,
  options: TextOptions,
): readonly string[] => {
  const { tag, selected, eligible } = starter;
  const by =
    tag === undefined
      ? `It selects by the tag Backup, as ${eligible === 0 ? 'no instance was seen that tells another' : `no tag of the ${plural(eligible, 'instance')} here suits`}`
      : `It selects ${selected} of ${plural(eligible, 'instance')} by the tag ${tag.key}`;
  const where =
    options.starter === undefined
      ? `--starter ${DEFAULT_STARTER} writes it, with comments.`
      : `It is written to ${options.starter}, with comments.`;
  return [
    paint('bold', 'A policy to start from:'),
    ...wrap(`${by}. ${where}`, columns - 2).map((line) => `  ${line}`),
    '',
    ...plainYaml(starterPolicy).map((line) => `  ${line}`),
  ];
};

/** The policy without its comments. */
const plainYaml = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/(^|\s)# [^"]*$/, '').trimEnd())
    .filter((line) => line.trim() !== '' && line.trim() !== '#');
