import { byId } from './by-id.ts';
import type { Decision, PlanInput, PlanPart, TagAction, Verdict } from './decision.ts';
import { ownerOf } from './lineage.ts';
import { type Image, type Instance, type Tags, type Target, targetKey } from './model.ts';
import { type TaggedImage, planSnapshotTags } from './plan-snapshot-tags.ts';
import {
  type CopyWishes,
  type PointTagRules,
  isRepaired,
  pointTagRules,
  wishesAtHome,
  wishesOfCopy,
} from './point-tags.ts';
import { type Point, isCopy, isOfHome, ownershipOf } from './point.ts';
import { type Reason, reason } from './reasons.ts';
import { type Tagged, type TagPolicyWishes, createTagPolicies } from './tag-policy.ts';
import { type Wish, repairOf } from './tag-repair.ts';
import { TAG } from './tags.ts';

/**
 * Which tags are missing or differ: on good points, by their policy; on copies, by what they are
 * copies of; on snapshots, by their images and volumes; and on any image of the account, by the tag
 * policies. What was not read repairs nothing. Images come first, each kind by id.
 */
export const planTags = (input: PlanInput): PlanPart<TagAction> => {
  const context = contextOf(input);
  const images = [...input.observation.images.items]
    .sort(byId)
    .flatMap((image) => judgeImage(context, image) ?? []);
  const snapshots = planSnapshotTags(
    input,
    images.flatMap(({ tagged }) => tagged ?? []),
  );
  return {
    decisions: [...images.map(({ decision }) => decision), ...snapshots.decisions],
    actions: [...images.flatMap(({ action }) => action ?? []), ...snapshots.actions],
  };
};

/** What holds for all images of the target, worked out once. */
interface Context {
  readonly input: PlanInput;
  readonly instances: ReadonlyMap<string, Instance>;
  /** By what the tag of a copy says that it was copied from. */
  readonly sources: ReadonlyMap<string | undefined, Source>;
  readonly rulesOf: (policyId: string) => PointTagRules | undefined;
  readonly askTagPolicies: (tagged: Tagged) => TagPolicyWishes;
}

interface Source {
  readonly image: Image;
  readonly place: Target;
}

const contextOf = (input: PlanInput): Context => {
  const { observation, policySet } = input;
  const rules: ReadonlyMap<string | undefined, PointTagRules> = new Map(
    policySet.policies.map((policy) => [policy.id, pointTagRules(policy)]),
  );
  return {
    input,
    instances: new Map(observation.instances.items.map((instance) => [instance.id, instance])),
    sources: new Map(
      observation.places.flatMap(({ place, images }) =>
        images.items.map((image) => [`${targetKey(place)}/${image.id}`, { image, place }]),
      ),
    ),
    rulesOf: (policyId) => rules.get(ownerOf(policySet, policyId)?.id),
    askTagPolicies: createTagPolicies(policySet.tagPolicies, observation.target),
  };
};

interface JudgedImage {
  readonly decision: Decision;
  readonly action?: TagAction;
  /** What its snapshots are judged by; absent where it is not judged itself. */
  readonly tagged?: TaggedImage;
}

/** Nothing is said of an image that is neither ours nor meant by a tag policy. */
const judgeImage = (context: Context, image: Image): JudgedImage | undefined => {
  const point = pointOf(context.input, image);
  const rules = point && context.rulesOf(point.name.policyId);
  const own = point && rules ? ownWishes(context, rules, point) : NO_WISHES;
  const tags = (): Tags => ({
    ...image.tags,
    ...repairOf(image.tags, [...own.own, ...own.all]).tags,
  });
  const asked = askedOf(context, rules, { image, tags });
  const policyId = rules?.policy.id ?? point?.name.policyId ?? asked.policies[0]?.id;
  if (policyId === undefined) return undefined;
  const origin = originOf(point);
  return (
    unjudged(image, origin, policyId) ?? settle(image, own, asked, { policyId, rules, origin })
  );
};

const originOf = (point: Point | undefined): TaggedImage['origin'] =>
  point === undefined ? 'others' : isCopy(point) ? 'copy' : 'point';

/** A point is judged as long as it can be restored from, an image of others as long as it is there. */
const unjudged = (
  image: Image,
  origin: TaggedImage['origin'],
  policyId: string,
): JudgedImage | undefined => {
  const { state } = image;
  if (state === 'available' || (state === 'disabled' && origin === 'others')) return undefined;
  return state === 'pending'
    ? { decision: decisionOf(image, policyId, 'wait', [reason('RET-13')]) }
    : { decision: decisionOf(image, policyId, 'ignore', [reason('RET-15', state)]) };
};

/** What is ours to keep in order. Images that were adopted keep the tags that they came with. */
const pointOf = (
  { observation, deployment, homes }: PlanInput,
  image: Image,
): Point | undefined => {
  const { target } = observation;
  const ownership = ownershipOf(image, deployment, target);
  return ownership.isOurs && isOfHome(image.tags, target, homes) ? ownership.point : undefined;
};

const decisionOf = (
  { id }: Image,
  policyId: string,
  verdict: Verdict,
  reasons: readonly Reason[],
): Decision => ({ kind: 'image', id, policyId, verdict, reasons });

const settle = (
  image: Image,
  own: CopyWishes,
  asked: TagPolicyWishes,
  facts: Pick<TaggedImage, 'policyId' | 'rules' | 'origin'>,
): JudgedImage => {
  const others = own.all.filter(({ key }) => !asked.wishes.some((wish) => wish.key === key));
  const { tags, reasons } = repairOf(image.tags, [...own.own, ...asked.wishes, ...others]);
  const all = [...reasons, ...asked.reasons];
  const tagged = { image, tags: { ...image.tags, ...tags }, asked: asked.forSnapshots, ...facts };
  return Object.keys(tags).length === 0
    ? { tagged, decision: decisionOf(image, facts.policyId, 'keep', all) }
    : {
        tagged,
        decision: decisionOf(image, facts.policyId, 'tag', all),
        action: { kind: 'tag', resourceId: image.id, tags, reasons: all },
      };
};

const NO_WISHES: CopyWishes = { own: [], all: [] };

/** What its own policy wants of a point. */
const ownWishes = (context: Context, rules: PointTagRules, point: Point): CopyWishes => {
  if (isCopy(point)) {
    const source = sourceOf(context, point);
    return source === undefined ? NO_WISHES : wishesOfCopy(rules, source.tags);
  }
  const { input, instances } = context;
  const instance = instances.get(point.name.sourceId);
  return { own: wishesAtHome(rules, point, input.observation.target, instance), all: [] };
};

/** The point that a copy was made of, if it is still there and is what the copy says. */
const sourceOf = ({ input, sources }: Context, { image, name }: Point): Image | undefined => {
  const source = sources.get(image.tags[TAG.copiedFrom]);
  if (source === undefined) return undefined;
  const ownership = ownershipOf(source.image, input.deployment, source.place);
  if (!ownership.isOurs) return undefined;
  const { sourceId, slotMs } = ownership.point.name;
  return sourceId === name.sourceId && slotMs === name.slotMs ? source.image : undefined;
};

/** What the tag policies want: of a point of ours nothing that says how long it is kept. */
const askedOf = (
  { askTagPolicies }: Context,
  rules: PointTagRules | undefined,
  tagged: Tagged,
): TagPolicyWishes => {
  const asked = askTagPolicies(tagged);
  if (rules === undefined) return asked;
  const may = ({ key }: Wish): boolean => isRepaired(rules.policy, key);
  return {
    ...asked,
    wishes: asked.wishes.filter(may),
    forSnapshots: asked.forSnapshots.filter(may),
  };
};
