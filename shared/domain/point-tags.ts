import { carriedTags, copiedTags } from './image-tags.ts';
import type { Instance, Tags, Target } from './model.ts';
import type { Point } from './point.ts';
import type { Policy } from './policy.ts';
import { limitTags } from './tag-limit.ts';
import { matchesAny } from './tag-patterns.ts';
import { type Wish, isUntouchable } from './tag-repair.ts';
import { isReserved } from './tags.ts';
import { fillTemplate, instanceTagsIn } from './template.ts';

/** What a policy says of the tags of its points, worked out once for all of them. */
export interface PointTagRules {
  readonly policy: Policy;
  /** What it sets, `Name` included: templates by key. */
  readonly set: Readonly<Record<string, string>>;
  readonly templates: readonly Template[];
  /** What points carry on of this instance, most important first. */
  readonly copiedFrom: (instance: Instance) => readonly Wish[];
}

interface Template {
  readonly key: string;
  readonly text: string;
  /** Keys of the instance's tags that it is filled in with. */
  readonly needs: readonly string[];
}

export const pointTagRules = (policy: Policy): PointTagRules => {
  const { name } = policy.image;
  const set = name === undefined ? policy.tags.set : { ...policy.tags.set, Name: name };
  const known = new Map<string, readonly Wish[]>();
  return {
    policy,
    set,
    templates: Object.entries(set)
      .filter(([key]) => isRepaired(policy, key))
      .map(([key, text]) => ({ key, text, needs: instanceTagsIn(text) })),
    copiedFrom: ({ id, tags }) => {
      const copied =
        known.get(id) ??
        wishesFor(policy, copiedTags(policy.tags, tags), false).filter(
          ({ key }) => !Object.hasOwn(set, key),
        );
      known.set(id, copied);
      return copied;
    },
  };
};

/** Whether repairs may write a key on points of this policy: not what says how long one is kept. */
export const isRepaired = ({ keepFrom }: Pick<Policy, 'keepFrom'>, key: string): boolean =>
  !isUntouchable(key) && key !== keepFrom?.tag;

const wishesFor = (policy: Policy, tags: Tags, corrects: boolean): readonly Wish[] =>
  Object.entries(limitTags(tags, policy).tags)
    .filter(([key]) => isRepaired(policy, key))
    .map(([key, value]) => ({ key, value, corrects, by: policy.id }));

/**
 * What is wished of a point where it was made. What the policy sets is corrected; what it copies is
 * only added where it is missing, since the point tells of its instance as it was. What is filled in
 * from tags that are not seen is left as it is.
 */
export const wishesAtHome = (
  { policy, templates, copiedFrom }: PointTagRules,
  { name }: Point,
  place: Target,
  instance: Instance | undefined,
): readonly Wish[] => {
  const copied = instance === undefined ? NO_WISHES : copiedFrom(instance);
  if (templates.length === 0) return copied;
  const tags = instance?.tags ?? {};
  const { deployment, policyId, sourceId: id, slotMs } = name;
  const facts = { deployment, policyId, place, instance: { id, tags }, slotMs };
  const filled: Wish[] = [];
  for (const { key, text, needs } of templates) {
    if (!needs.every((need) => Object.hasOwn(tags, need))) continue;
    const value = fillTemplate(text, facts);
    if (!isReserved(key, value)) filled.push({ key, value, corrects: true, by: policy.id });
  }
  return [...filled, ...copied];
};

const NO_WISHES: readonly Wish[] = [];

export interface CopyWishes {
  /** What the policy put on the point that was copied. */
  readonly own: readonly Wish[];
  /** All that is on it: what people or tag policies wrote, too. */
  readonly all: readonly Wish[];
}

/** What is wished of a copy, by the tags of the point that it is a copy of. */
export const wishesOfCopy = ({ policy, set }: PointTagRules, sourceTags: Tags): CopyWishes => {
  const carried = wishesFor(policy, carriedTags(sourceTags), true);
  const isOwn = ({ key }: Wish): boolean =>
    isReserved(key) || Object.hasOwn(set, key) || matchesAny(policy.tags.copy, key);
  return { own: carried.filter(isOwn), all: carried };
};
