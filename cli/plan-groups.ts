import type { Verdict } from '../shared/domain/decision.ts';
import type { ReasonReport, TagReport } from './plan-actions.ts';
import type { DecisionReport, TargetReport } from './plan-report.ts';

/** Things of one target that a reader wants to see together. */
export interface PlanGroup {
  readonly title: string;
  /** How many of what. */
  readonly amount: string;
  /** How the title is coloured. */
  readonly tone: 'makes' | 'removes' | 'stays';
  /** Whether all of it is always shown: what goes is never summed up. */
  readonly isWhole: boolean;
  /** By why they are here, the most frequent first. */
  readonly causes: readonly Cause[];
}

export interface Cause {
  /** A reason and its name, or the tags that are written. */
  readonly label: string;
  readonly items: readonly Item[];
}

export interface Item {
  readonly id: string;
  readonly name: string;
  /** Such as a size; empty where there is nothing to say. */
  readonly detail: string;
  /** What shows the cause, and the other reasons. */
  readonly why: string;
}

/** What is done, what is held back and what waits, in the order in which it matters to a reader. */
export const groupsOf = ({
  actions,
  decisions,
  freedGiBAtMost,
}: TargetReport): readonly PlanGroup[] => {
  const { creates, copies, repairs, removals } = actions;
  const decided = (verdict: Verdict): readonly DecisionReport[] =>
    decisions.filter((decision) => decision.verdict === verdict);
  const [held, left, wanted] = [decided('protect'), decided('defer'), decided('adopt')];
  const gone = removals.map((one) => ({ ...one, detail: `${one.freedGiBAtMost} GiB` }));
  const groups: readonly PlanGroup[] = [
    {
      ...group('to remove', 'removes', gone),
      amount: `${countResources(gone)}, ${freedGiBAtMost} GiB at most`,
      isWhole: true,
      causes: causesOf(gone, first),
    },
    { ...group('held back', 'stays', held), causes: causesOf(held, second) },
    { ...group('left by limits', 'stays', left), causes: causesOf(left, second) },
    {
      ...group('to create', 'makes', creates),
      amount: counted(creates.length, 'point'),
      causes: causesOf(creates, first),
    },
    { ...group('to tag', 'makes', repairs), causes: tagCauses(repairs) },
    { ...group('to copy here', 'makes', copies), causes: causesOf(copies, first) },
    { ...group('to adopt', 'stays', wanted), causes: causesOf(wanted, first) },
  ];
  return groups.filter(({ causes }) => causes.length > 0);
};

const group = (
  title: string,
  tone: PlanGroup['tone'],
  all: readonly { readonly id: string }[],
): Omit<PlanGroup, 'causes'> => ({ title, tone, amount: countResources(all), isWhole: false });

/** `2 images, 3 snapshots`. */
export const countResources = (resources: readonly { readonly id: string }[]): string => {
  const of = (prefix: string): number => resources.filter(({ id }) => id.startsWith(prefix)).length;
  const parts = [
    counted(of('ami-'), 'image'),
    counted(of('snap-'), 'snapshot'),
    counted(of('i-'), 'instance'),
  ];
  return parts.filter((part) => part !== '').join(', ');
};

const counted = (count: number, noun: string): string =>
  count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`;

interface Told {
  readonly id: string;
  readonly name: string;
  readonly detail?: string;
  readonly reasons: readonly ReasonReport[];
}

/** Which of the reasons is the cause: why it is done, or what stands against it. */
type Telling = (reasons: readonly ReasonReport[]) => number;

const first: Telling = () => 0;

/** The first reason is why it would go; the one after it is the first that holds it back. */
const second: Telling = (reasons) => Math.min(1, reasons.length - 1);

const causesOf = (all: readonly Told[], telling: Telling): readonly Cause[] => {
  const causes = Map.groupBy(all, ({ reasons }) => labelOf(reasons[telling(reasons)]));
  return [...causes]
    .map(([label, items]) => ({ label, items: items.map((item) => toItem(item, telling)) }))
    .toSorted((a, b) => b.items.length - a.items.length || (a.label < b.label ? -1 : 1));
};

const toItem = ({ id, name, detail = '', reasons }: Told, telling: Telling): Item => {
  const cause = reasons[telling(reasons)];
  const others = reasons.slice(telling(reasons) + 1).map(describeReport);
  const why = [cause?.evidence ?? '', ...others].filter((text) => text !== '');
  return { id, name, detail, why: why.join(', ') };
};

/** One cause for all that get the same tags: a policy that was changed concerns every snapshot. */
const tagCauses = (repairs: readonly TagReport[]): readonly Cause[] =>
  [...Map.groupBy(repairs, ({ tags }) => describeTags(tags))].map(([label, alike]) => ({
    label,
    items: [{ ...whatOf(alike), detail: '', why: '' }],
  }));

const whatOf = (alike: readonly TagReport[]): { readonly id: string; readonly name: string } => {
  const [only] = alike;
  return only === undefined || alike.length > 1 ? { id: countResources(alike), name: '' } : only;
};

const describeTags = (tags: TagReport['tags']): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(', ');

const labelOf = (why: ReasonReport | undefined): string =>
  why === undefined ? '' : `${why.id} ${why.name}`;

export const describeReport = ({ id, name, evidence }: ReasonReport): string =>
  evidence === undefined ? `${id} ${name}` : `${id} ${name} ${evidence}`;

/** How often each is there: `PRO-25 unknown-snapshots 3`. */
export const countByLabel = (reasons: readonly ReasonReport[]): readonly string[] =>
  [...Map.groupBy(reasons, labelOf)].map(([label, { length }]) => `${label} ${length}`).sort();
