import type { PlanInput } from './decision.ts';
import { type Image, type Target, isSameTarget } from './model.ts';
import { type Point, latestFirst, pointsAt } from './point.ts';
import type { Policy, PolicySet } from './policy.ts';

/** The points at one place of one policy, under any of its names, and one source. */
export interface Lineage {
  /** The id of the policy, or the one that is written on the points if no policy owns them. */
  readonly policyId: string;
  readonly policy?: Policy;
  readonly sourceId: string;
  /** In any state, latest first: see latestFirst. */
  readonly points: readonly Point[];
}

/** By {@link lineageKey}: first those of the first policy, by source; last those that no policy owns. */
export type Lineages = ReadonlyMap<string, Lineage>;

export const lineageKey = (policyId: string, sourceId: string): string => `${policyId}/${sourceId}`;

const owners = new WeakMap<PolicySet, ReadonlyMap<string, Policy>>();

/** As policyOf, which looks through all policies; a plan asks it of every image. */
export const ownerOf = (policySet: PolicySet, policyId: string): Policy | undefined => {
  const known = owners.get(policySet);
  if (known !== undefined) return known.get(policyId);
  const made = new Map<string, Policy>();
  for (const policy of policySet.policies) {
    for (const id of [policy.id, ...policy.formerly]) if (!made.has(id)) made.set(id, policy);
  }
  owners.set(policySet, made);
  return made.get(policyId);
};

type Whose = Pick<PlanInput, 'policySet' | 'deployment'>;

interface Answer extends Whose {
  readonly place: Target;
  readonly lineages: Lineages;
}

/** Several parts of a plan ask it of the same list. */
const answers = new WeakMap<readonly Image[], Answer>();

/** The points of `images` that are ours at `place`. The last answer is kept with the list. */
export const lineagesIn = (images: readonly Image[], whose: Whose, place: Target): Lineages => {
  const { policySet, deployment } = whose;
  const known = answers.get(images);
  const isSame = known?.policySet === policySet && known.deployment === deployment;
  if (isSame && isSameTarget(known.place, place)) return known.lineages;
  const lineages = groupPoints(images, whose, place);
  answers.set(images, { policySet, deployment, place, lineages });
  return lineages;
};

const groupPoints = (
  images: readonly Image[],
  { policySet, deployment }: Whose,
  place: Target,
): Lineages => {
  const groups = createGroups(policySet);
  for (const point of pointsAt(images, deployment, place)) {
    const { bySource } = groups.of(point.name.policyId);
    const points = bySource.get(point.name.sourceId);
    if (points === undefined) bySource.set(point.name.sourceId, [point]);
    else points.push(point);
  }
  return new Map(groups.inOrder().flatMap(lineagesOf));
};

interface Group {
  readonly policyId: string;
  readonly policy: Policy | undefined;
  readonly bySource: Map<string, Point[]>;
}

interface Groups {
  /** One for a policy and all its former names. */
  readonly of: (written: string) => Group;
  readonly inOrder: () => readonly Group[];
}

const createGroups = (policySet: PolicySet): Groups => {
  const byWritten = new Map<string, Group>();
  const byOwner = new Map<string, Group>();
  const add = (written: string): Group => {
    const policy = ownerOf(policySet, written);
    const policyId = policy?.id ?? written;
    const bySource = new Map<string, Point[]>();
    const group = byOwner.get(policyId) ?? { policyId, policy, bySource };
    byOwner.set(policyId, group);
    byWritten.set(written, group);
    return group;
  };
  return {
    of: (written) => byWritten.get(written) ?? add(written),
    inOrder: () => [
      ...policySet.policies.flatMap(({ id }) => byOwner.get(id) ?? []),
      ...[...byOwner.values()]
        .filter(({ policy }) => policy === undefined)
        .sort((a, b) => (a.policyId < b.policyId ? -1 : 1)),
    ],
  };
};

const lineagesOf = ({ policyId, policy, bySource }: Group): readonly [string, Lineage][] =>
  [...bySource]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([sourceId, points]) => [
      lineageKey(policyId, sourceId),
      {
        policyId,
        ...(policy === undefined ? {} : { policy }),
        sourceId,
        points: points.sort(latestFirst),
      },
    ]);
