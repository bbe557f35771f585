import { type Adopted, adoptionOf } from './adoption.ts';
import { type Findings, decisionOf } from './candidate.ts';
import { keepBeside, keptByRule, keptUntil } from './keep-overrides.ts';
import type { Image } from './model.ts';
import { latestFirst } from './point.ts';
import type { Adoption } from './policy.ts';
import { outsideWindow } from './protection.ts';
import { reason } from './reasons.ts';
import { type RetirementContext, vetoesFor } from './retirement-context.ts';

/**
 * Judges images that others built and a policy took over, by that policy's rule. What has expired is
 * said, with everything that would forbid its removal. But removing them is not built, so nothing
 * that is found here makes one a candidate.
 * @param marked images of the target that carry the mark of adoption
 */
export const judgeAdopted = (
  context: RetirementContext,
  marked: readonly Image[],
  { decisions }: Pick<Findings, 'decisions'>,
): void => {
  const { policySet, deployment, observation } = context.input;
  const groups = new Map<string, Owned[]>();
  for (const image of marked) {
    const adopted = adoptionOf(image, policySet, deployment, observation.target);
    if (adopted === undefined) {
      const why = reason('ADO-02', 'its mark is not whole');
      decisions.push(decisionOf(image, undefined, 'ignore', [why]));
    } else if (adopted.adoption === undefined) {
      const why = reason('RET-14', adopted.policyId);
      decisions.push(decisionOf(image, undefined, 'keep', [why]));
    } else {
      const key = `${adopted.adoption.id}/${adopted.group}`;
      const owned = { ...adopted, adoption: adopted.adoption };
      groups.set(key, [...(groups.get(key) ?? []), owned]);
    }
  }
  const inOrder = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, group] of inOrder) judgeGroup(context, group.sort(latestFirst), decisions);
};

interface Owned extends Adopted {
  readonly adoption: Adoption;
}

/** @param group images of one policy and one value of the tag that it groups by, latest first */
const judgeGroup = (
  context: RetirementContext,
  group: readonly Owned[],
  decisions: Findings['decisions'],
): void => {
  const adoption = group[0]?.adoption;
  if (adoption === undefined) return;
  const { nowMs, policySet } = context.input;
  const points = group.filter(({ image }) => image.state === 'available');
  const keptGroup = { points, timezone: adoption.timezone, nowMs };
  const { reasons, unread } = keepBeside(keptGroup, keptByRule(keptGroup, adoption.keep));
  const ranks = new Map(points.map(({ image }, rank) => [image.id, rank]));
  for (const { image } of group) {
    const rank = ranks.get(image.id);
    const kept = rank === undefined ? [reason('RET-15', image.state)] : reasons.get(image.id);
    const notes = unread.get(image.id) ?? [];
    if (kept !== undefined) {
      decisions.push(decisionOf(image, adoption.id, 'keep', [...kept, ...notes, ADOPTED]));
      continue;
    }
    const isLast = rank !== undefined && rank < policySet.limits.keepAtLeast;
    const until = keptUntil(image.tags, nowMs);
    const expired = reason('RET-10', `${(rank ?? 0) + 1} of ${points.length}`);
    const all = [
      expired,
      ...notes,
      ADOPTED,
      reason('RET-28'),
      ...vetoesFor(context, image, adoption.retire),
      ...(isLast ? [reason('PRO-06')] : []),
      ...(until?.id === 'PRO-26' ? [until] : []),
      ...outsideWindow(adoption.retire.during, nowMs),
    ];
    decisions.push(decisionOf(image, adoption.id, 'protect', all));
  }
};

const ADOPTED = reason('ADO-02');
