import { type Image, type Tags, type Target, targetKey } from './model.ts';
import type { Dated } from './point.ts';
import type { Adoption, PolicySet } from './policy.ts';
import { TAG } from './tags.ts';

/** An image that others built and that a policy took over. It is never a point of a backup policy. */
export interface Adopted extends Dated {
  readonly image: Image;
  /** The id that is written on it. */
  readonly policyId: string;
  /** The policy that owns it now; undefined if none does. */
  readonly adoption?: Adoption;
  /** The value of the tag that the policy groups by; empty where it does not group. */
  readonly group: string;
}

/** What marks an image, and each of its snapshots, as taken over. It is all that adoption writes. */
export const adoptionMark = (
  { id }: Pick<Adoption, 'id'>,
  group: string,
  deployment: string,
  place: Target,
): Tags => ({
  [TAG.deployment]: deployment,
  [TAG.adopted]: id,
  [TAG.policy]: id,
  [TAG.source]: group,
  [TAG.home]: targetKey(place),
});

/**
 * What the mark on an image found at `place` says; undefined if it has none, or one that is not whole,
 * of another deployment or of another place: CopyImage can carry tags to any copy that anyone makes.
 */
export const adoptionOf = (
  image: Image,
  policySet: PolicySet,
  deployment: string,
  place: Target,
): Adopted | undefined => {
  const { tags } = image;
  const policyId = tags[TAG.adopted];
  const group = tags[TAG.source];
  if (policyId === undefined || group === undefined || tags[TAG.policy] !== policyId) {
    return undefined;
  }
  if (tags[TAG.deployment] !== deployment || tags[TAG.home] !== targetKey(place)) return undefined;
  const adoption = adoptionNamed(policySet, policyId);
  const adopted = { image, instantMs: image.createdMs, policyId, group };
  return adoption === undefined ? adopted : { ...adopted, adoption };
};

/** The adopting policy of that id, now or under a former name. */
const adoptionNamed = ({ adoptions }: PolicySet, id: string): Adoption | undefined =>
  adoptions.find((adoption) => adoption.id === id || adoption.formerly.includes(id));
