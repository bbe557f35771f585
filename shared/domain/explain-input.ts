import type { AuditView, FileReference } from './audit-view.ts';
import type { Unknown } from './audit-report.ts';
import type { Decision, PlanInput } from './decision.ts';
import type { ExplainedDecision, ExplainedKind, Explanation } from './explain-report.ts';
import { byWeight, explainDecision } from './explain-words.ts';
import type { Inventory } from './inventory.ts';
import { type Instance, type Part, type Target, isSameTarget } from './model.ts';

/** What a plan of one target was made of, and what it decided. */
export interface Planned {
  readonly target: Target;
  /** What the pass sees that makes points and tidies. */
  readonly sweep: PlanInput;
  /** What the pass sees that removes. */
  readonly retirement: PlanInput;
  readonly decisions: readonly Decision[];
}

export interface ExplainInput {
  readonly id: string;
  readonly kind: ExplainedKind;
  readonly inventories: readonly Inventory[];
  readonly nowMs: number;
  readonly deployment: string;
  /** One for each target of the policies; absent where no policy was read. */
  readonly planned?: readonly Planned[];
  /** Image ids in the user's text files; absent where none were looked through. */
  readonly files?: Part<FileReference>;
}

/** The same, made ready to look into. */
export interface Context extends Omit<ExplainInput, 'inventories'> {
  readonly views: readonly AuditView[];
}

/** What is told of each kind in its own way; the rest is the same for all. */
export type Told = Omit<Explanation, 'id' | 'kind' | 'unknown'> & {
  readonly unknown?: readonly Unknown[];
};

/** What all plans decide about an object, what matters most first. */
export const decisionsAbout = ({
  id,
  planned = [],
}: Context): readonly { readonly target: Target; readonly decision: Decision }[] =>
  planned
    .flatMap(({ target, decisions }) =>
      decisions.filter((one) => one.id === id).map((decision) => ({ target, decision })),
    )
    .toSorted((a, b) => byWeight(a.decision, b.decision));

export const explained = (
  all: readonly { readonly target: Target; readonly decision: Decision }[],
): readonly ExplainedDecision[] =>
  all.map(({ target, decision }) => explainDecision(target, decision));

export const plannedAt = ({ planned = [] }: Context, target: Target): Planned | undefined =>
  planned.find((one) => isSameTarget(one.target, target));

/** An instance, wherever it is seen. */
export const instanceCalled = ({ views }: Context, id: string): Instance | undefined =>
  views.flatMap(({ inventory }) => inventory.instances.items).find((one) => one.id === id);

export const NO_POLICY =
  'No policy was read, so nothing is decided: what is told is whose it is and who refers to it.';
