import type { AuditFinding, AuditSectionId } from '../shared/domain/audit-report.ts';
import { plural } from '../shared/domain/audit-section.ts';
import type { NameTarget } from './name-target.ts';
import { shorten, table, wrap } from './table.ts';
import { widthOf } from './text-width.ts';
import type { Dialogue, Style } from './terminal.ts';

/** What a text may look like: colours, and how wide. */
export type Look = Pick<Dialogue, 'paint' | 'columns'>;

const COLOURS: Readonly<Record<string, Style>> = {
  public: 'red',
  gone: 'red',
  'image gone': 'red',
};

interface Column {
  readonly text: (finding: AuditFinding) => string;
  readonly isRight?: boolean;
  /** Left out where it says nothing but what {@link PLAIN} has. */
  readonly isPlain?: boolean;
}

const COLUMNS: readonly Column[] = [
  { text: ({ status }) => status, isPlain: true },
  { text: ({ since }) => since?.slice(0, 10) ?? '' },
  { text: ({ gib }) => (gib === undefined ? '' : `${gib} GiB`), isRight: true },
  { text: ({ instances }) => (instances === undefined ? '' : plural(instances, 'instance')) },
];

/** What goes without saying in a section, or is said by its title, where nothing else is found. */
const PLAIN: Readonly<Partial<Record<AuditSectionId, string>>> = {
  'AUD-01': 'available',
  'AUD-02': 'available',
  'AUD-03': 'no image',
  'AUD-06': 'public',
  'AUD-07': 'shared',
  'AUD-08': 'unencrypted',
  'AUD-10': 'completed',
};

/** No name is made narrower, so that what shows a finding can stand beside it. */
const NAME_MIN = 16;

/** Less of a name tells nothing, and its room is better given to what else is told. */
const NAME_WORTH = 4;

/** So many lines of what shows a finding. */
const EVIDENCE_LINES = 2;

const INDENT = 2;

export interface Shown {
  readonly id: AuditSectionId;
  readonly findings: readonly AuditFinding[];
  readonly nameTarget: NameTarget;
}

/** One line for each finding where that fits; else what shows it stands below. Ids stay whole. */
export const renderFindings = (
  { id, findings, nameTarget }: Shown,
  { paint, columns }: Look,
): readonly string[] => {
  const used = columnsOf(id, findings, nameTarget);
  const evidence = findings.map((finding) => finding.evidence.join(', '));
  const room = columns - INDENT;
  const longest = widest(findings.map(({ name }) => name));
  const excess = (lines: readonly string[]): number => Math.max(0, widest(lines) - room);
  const colour = (line: string, index: number): string => {
    const style = COLOURS[findings[index]?.status ?? ''];
    return `${' '.repeat(INDENT)}${style === undefined ? line : paint(style, line)}`;
  };

  const beside = longest - excess(layOut(findings, used, longest, evidence));
  if (beside >= Math.min(longest, NAME_MIN)) {
    return layOut(findings, used, beside, evidence).map(colour);
  }
  const alone = longest - excess(layOut(findings, used, longest));
  const nameMax = alone < Math.min(longest, NAME_WORTH) ? 0 : Math.min(longest, alone);
  return layOut(findings, used, nameMax).flatMap((line, index) => [
    colour(shorten(line, room), index),
    ...below(findings[index]?.evidence ?? [], columns),
  ]);
};

const below = (evidence: readonly string[], columns: number): readonly string[] =>
  evidence.length === 0 ? [] : asManyAs(evidence, columns - 6).map((line) => `      ${line}`);

/** Of what does not all fit, whole ones, and how many others there are. */
const asManyAs = (texts: readonly string[], room: number): readonly string[] => {
  const toldOf = (count: number): string =>
    count === texts.length
      ? texts.join(', ')
      : `${texts.slice(0, count).join(', ')} and ${texts.length - count} more`;
  // No more can fit, as each takes a character, a comma and a blank at least.
  const most = Math.ceil((EVIDENCE_LINES * room) / 3);
  for (let count = Math.min(texts.length, most); count > 1; count -= 1) {
    const lines = wrap(toldOf(count), room);
    if (lines.length <= EVIDENCE_LINES && widest(lines) <= room) return lines;
  }
  const [first = ''] = texts;
  const more = toldOf(1).slice(first.length);
  return [`${shorten(first, room - more.length)}${more}`];
};

/** A column in which nothing stands, or nothing new, takes no room. */
const columnsOf = (
  id: AuditSectionId,
  findings: readonly AuditFinding[],
  nameTarget: NameTarget,
): readonly Column[] =>
  [{ text: ({ target }: AuditFinding) => nameTarget(target) }, ...COLUMNS].filter(
    ({ text, isPlain = false }) => {
      const texts = new Set(findings.map(text));
      return texts.size > 1 || !(texts.has('') || (isPlain && texts.has(PLAIN[id] ?? '')));
    },
  );

const layOut = (
  findings: readonly AuditFinding[],
  used: readonly Column[],
  nameMax: number,
  evidence?: readonly string[],
): readonly string[] => {
  const names = nameMax > 0 ? 1 : 0;
  const rows = findings.map((finding, index) => [
    finding.id,
    ...(names === 0 ? [] : [shorten(finding.name, nameMax)]),
    ...used.map(({ text }) => text(finding)),
    ...(evidence === undefined ? [] : [evidence[index] ?? '']),
  ]);
  const right = used.flatMap(({ isRight = false }, index) => (isRight ? [index + 1 + names] : []));
  return table(rows, right);
};

const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
