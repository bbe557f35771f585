import type {
  AuditFinding,
  AuditSection,
  AuditSectionId,
  NextStep,
  Unknown,
} from './audit-report.ts';
import { plural } from './audit-section.ts';

/** How commands are typed where the audit was: what its own options were. */
export interface CommandWords {
  /** Such as ` --from ./observed`, to be added to a command of ours; empty if live. */
  readonly suffix: string;
  /** Where the observation lies; undefined if it is live. */
  readonly folder: string | undefined;
  /** Where the starter policy is, or may be written to. */
  readonly starter: string;
  readonly isStarterWritten: boolean;
  /** Whether several targets lie there, of which a plan wants to know the home. */
  readonly hasManyHomes: boolean;
}

/** What the steps are made of. */
export interface Audited {
  readonly sections: readonly AuditSection[];
  readonly unknown: readonly Unknown[];
  /** Instances that the starter policy would select. */
  readonly selected: ReadonlySet<string>;
}

const STEPS_MAX = 3;

/** The rule by which steps are ranked, for whoever reads them. */
export const STEP_RULE =
  'what is open to the world, what fails, what has no image, what is not known, what costs most, the rest';

type Sections = ReadonlyMap<AuditSectionId, AuditSection>;

/** Each step that is worth a look, in the order of {@link STEP_RULE}; the first three of them. */
export const nextSteps = (
  { sections, unknown, selected }: Audited,
  words: CommandWords,
): readonly NextStep[] => {
  const byId: Sections = new Map(sections.map((section) => [section.id, section]));
  return [
    ...openToAll(byId),
    ...failing(byId, words),
    ...withoutBackup(byId, selected, words),
    ...unread(unknown, words),
    ...costly(byId, words),
    ...rest(byId, words),
  ].slice(0, STEPS_MAX);
};

const findingsOf = (sections: Sections, id: AuditSectionId): readonly AuditFinding[] =>
  sections.get(id)?.findings ?? [];

const regionOf = ({ target }: Pick<AuditFinding, 'target'>): string => target.split('/')[1] ?? '';

/** Of several targets the one that was found out about is the home of what is asked next. */
const homeOf = (
  { target }: Pick<AuditFinding, 'target'>,
  { hasManyHomes }: CommandWords,
): string => (hasManyHomes ? ` --home ${target}` : '');

const explainLine = (finding: Pick<AuditFinding, 'id' | 'target'>, words: CommandWords): string =>
  `imago explain ${finding.id}${words.suffix}${homeOf(finding, words)}`;

const openToAll = (sections: Sections): readonly NextStep[] => {
  const [first, ...more] = findingsOf(sections, 'AUD-06');
  if (first === undefined) return [];
  return [
    {
      section: 'AUD-06',
      what: `Anybody can launch ${more.length === 0 ? first.id : `${more.length + 1} images, such as ${first.id}`}: take that back where it is not meant`,
      command: `aws ec2 modify-image-attribute --region ${regionOf(first)} --image-id ${first.id} --launch-permission 'Remove=[{Group=all}]'`,
    },
  ];
};

const failing = (sections: Sections, words: CommandWords): readonly NextStep[] => {
  const [first, ...more] = findingsOf(sections, 'AUD-05');
  if (first === undefined) return [];
  const [by = ''] = first.evidence;
  const what =
    more.length === 0
      ? `${by} will fail to launch: ${first.id}, ${first.status}`
      : `${more.length + 1} launches will fail, such as ${by}: see who else uses that image`;
  return [{ section: 'AUD-05', what, command: explainLine(first, words) }];
};

/**
 * Members of Auto Scaling groups are replaced, instance stores cannot be backed up from outside, and
 * what has an image that was not seen lacks none.
 */
const withoutBackup = (
  sections: Sections,
  selected: ReadonlySet<string>,
  words: CommandWords,
): readonly NextStep[] => {
  const bare = findingsOf(sections, 'AUD-03').filter(
    ({ status }) => status === 'no image' || status === 'snapshots only',
  );
  const [first] = bare;
  if (first === undefined) return [];
  const { starter, suffix, isStarterWritten } = words;
  const lack = `${plural(bare.length, 'instance')} ${bare.length === 1 ? 'has' : 'have'} no image`;
  const some = someSelected(bare.filter(({ id }) => selected.has(id)).length, bare.length);
  return [
    {
      section: 'AUD-03',
      what: isStarterWritten
        ? `${lack}${some}: see what the starter policy would do`
        : `${lack}${some}: write the starter policy, then plan with it`,
      command: isStarterWritten
        ? `imago plan --policy ${starter}${suffix}${homeOf(first, words)}`
        : `imago audit${suffix} --starter ${starter}`,
    },
  ];
};

/** A policy that passes over what it is offered for must not look like the remedy. */
const someSelected = (selected: number, all: number): string => {
  if (selected === all) return '';
  const who = selected === 0 ? (all === 1 ? 'it lacks' : 'all lack') : `${all - selected} lack`;
  return `, and ${who} the tag by which the starter policy selects`;
};

/** What does not hang on who uses images: it makes nothing more or less removable. */
const NO_USERS: readonly string[] = ['snapshots', 'used-images'];

const unread = (
  unknown: readonly Unknown[],
  { folder, suffix }: CommandWords,
): readonly NextStep[] => {
  const wanted = unknown.filter(({ what, target }) => target !== '' && !NO_USERS.includes(what));
  const [first] = wanted;
  if (first === undefined) return [];
  const names = [...new Set(wanted.map(({ what }) => what))];
  const more = names.length === 1 ? '' : ` and ${names.length - 1} more`;
  const regions = [...new Set(wanted.map(regionOf))].join(',');
  return [
    {
      what: `Nothing can be called unused until it is known: read ${first.what}${more}`,
      command:
        folder === undefined
          ? `imago observe --to observed${suffix}`
          : `imago observe --to ${folder} --region ${regions} --overwrite`,
    },
  ];
};

/** What may be in use after all is no step: to know it is. */
const costly = (sections: Sections, words: CommandWords): readonly NextStep[] => {
  const steps = (['AUD-01', 'AUD-10'] as const).flatMap((id) => {
    const section = sections.get(id);
    const [first] = section?.findings ?? [];
    if (section === undefined || first === undefined || section.unknown.length > 0) return [];
    const { count, gib = 0 } = section;
    const dollars = section.cost?.dollars ?? 0;
    const told =
      id === 'AUD-01'
        ? `${plural(count, 'image')} that nothing refers to`
        : plural(count, 'orphan snapshot');
    const what = `${told} ${worthOf(count, dollars, gib)} at most: look at the oldest`;
    const command = explainLine(first, words);
    return [{ dollars, gib, step: { section: id, what, command } }];
  });
  return steps.toSorted((a, b) => b.dollars - a.dollars || b.gib - a.gib).map(({ step }) => step);
};

const worthOf = (count: number, dollars: number, gib: number): string => {
  const s = count === 1 ? 's' : '';
  return dollars > 0 ? `cost${s} $${dollars.toFixed(2)} a month` : `hold${s} ${gib} GiB`;
};

const rest = (sections: Sections, words: CommandWords): readonly NextStep[] => {
  const [odd] = findingsOf(sections, 'AUD-04').filter(({ status }) => !status.startsWith('public'));
  const [foreign] = findingsOf(sections, 'AUD-09').filter(({ status }) => status !== 'Marketplace');
  const [plain] = findingsOf(sections, 'AUD-08');
  return [
    ...(odd === undefined
      ? []
      : [
          {
            section: 'AUD-04' as const,
            what: `${plural(odd.instances ?? 0, 'instance')} of ${odd.id}, which is ${odd.status}: it may not be launched again`,
            command: explainLine(odd, words),
          },
        ]),
    ...(foreign === undefined
      ? []
      : [
          {
            section: 'AUD-09' as const,
            what: `${plural(foreign.instances ?? 0, 'instance')} of ${foreign.id}, ${foreign.status}: know whose software it is`,
            command: explainLine(foreign, words),
          },
        ]),
    ...(plain === undefined
      ? []
      : [
          {
            section: 'AUD-08' as const,
            what: 'Let EC2 encrypt whatever volume is made from now on',
            command: `aws ec2 enable-ebs-encryption-by-default --region ${regionOf(plain)}`,
          },
        ]),
  ];
};
