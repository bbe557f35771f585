import type { Observation } from '../shared/domain/model.ts';
import type { Decision, PlanPart } from '../shared/domain/decision.ts';
import type { AdoptAction } from '../shared/domain/plan-adoption.ts';
import { describeReason } from '../shared/domain/reasons.ts';
import type { TagOutcome } from '../shared/loop/outcomes.ts';
import { type ReasonReport, reasonReport } from './plan-actions.ts';
import type { SessionReport } from './session.ts';
import { table } from './table.ts';
import type { Paint } from './terminal.ts';

/** An image that is taken over. */
export interface AdoptedReport {
  readonly id: string;
  /** Its AMI name. */
  readonly name: string;
  readonly policy: string;
  /** Empty where the policy forms no groups. */
  readonly group: string;
  /** The image and its snapshots, as far as they lack the marks. */
  readonly resourceIds: readonly string[];
  /** What of these is not marked, and why. */
  readonly unmarked: readonly { readonly id: string; readonly why: string }[];
}

/** An image that a policy means and that is not taken over. */
export interface LeftReport {
  readonly id: string;
  readonly name: string;
  readonly policy: string;
  readonly reasons: readonly ReasonReport[];
}

/** What `imago adopt --json` prints. */
export interface AdoptReport extends SessionReport {
  readonly version: 1;
  readonly deployment: string;
  readonly policyFile: string;
  readonly images: readonly AdoptedReport[];
  readonly left: readonly LeftReport[];
  /** Reads that fell short: then nothing is adopted. */
  readonly problems: readonly string[];
}

/** Images that are adopted already are no news. */
export const leftReports = (
  { decisions }: PlanPart<AdoptAction>,
  { images }: Observation,
): readonly LeftReport[] => {
  const names = new Map(images.items.map(({ id, name }) => [id, name]));
  const isNews = ({ verdict }: Decision): boolean => verdict === 'ignore' || verdict === 'wait';
  return decisions.filter(isNews).map(({ id, policyId = '', reasons }) => ({
    id,
    name: names.get(id) ?? '',
    policy: policyId,
    reasons: reasons.map(reasonReport),
  }));
};

/** What came of each image; what has no outcome was not begun. */
export const adoptedReports = (
  actions: readonly AdoptAction[],
  outcomes: readonly TagOutcome[],
): readonly AdoptedReport[] => {
  const known = new Map(outcomes.map((outcome) => [outcome.action.resourceId, outcome]));
  return actions.map(({ imageId, name, policyId, group, resourceIds }) => ({
    id: imageId,
    name,
    policy: policyId,
    group,
    resourceIds,
    unmarked: resourceIds.flatMap((id) => {
      const why = whyUnmarked(known.get(id));
      return why === undefined ? [] : [{ id, why }];
    }),
  }));
};

const whyUnmarked = (outcome: TagOutcome | undefined): string | undefined => {
  if (outcome === undefined) return 'not begun';
  switch (outcome.status) {
    case 'done':
    case 'already-so':
      return undefined;
    case 'superseded':
      return outcome.reasons.map(describeReason).join(', ');
    case 'retry-later':
    case 'failed':
      return `${outcome.failure.code}: ${outcome.failure.message}`;
  }
};

/** What would be marked, and what not and why, for a person to read before anything is done. */
export const renderAdoption = (
  actions: readonly AdoptAction[],
  left: readonly LeftReport[],
  paint: Paint,
): readonly string[] => {
  const rows = [
    ...actions.map(({ imageId, name, policyId, group, resourceIds }) => [
      'adopt',
      imageId,
      name,
      group === '' ? policyId : `${policyId}/${group}`,
      `${resourceIds.length} to mark`,
    ]),
    ...left.map(({ id, name, policy, reasons }) => [
      'leave',
      id,
      name,
      policy,
      reasons.map(describeReason).join(', '),
    ]),
  ];
  return table(rows).map((line, index) => {
    const label = rows[index]?.[0] ?? '';
    return `${paint(label === 'adopt' ? 'green' : 'dim', label)}${line.slice(label.length)}`;
  });
};

/** How it went: what is not marked, and how many images are. */
export const renderAdopted = (images: readonly AdoptedReport[]): readonly string[] => [
  ...images.flatMap(({ unmarked }) => unmarked.map(({ id, why }) => `not marked  ${id}  ${why}`)),
  `${images.filter(isAdopted).length} of ${images.length} adopted`,
];

export const isAdopted = ({ unmarked }: AdoptedReport): boolean => unmarked.length === 0;
