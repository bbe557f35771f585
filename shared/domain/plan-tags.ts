import { byId, byResourceId } from './by-id.ts';
import { decisionOf } from './candidate.ts';
import type { Decision, PlanInput, PlanPart, TagAction } from './decision.ts';
import { ownerOf } from './lineage.ts';
import { type Image, type Instance, type Tags, targetKey } from './model.ts';
import { once } from './once.ts';
import { type TaggedImage, planSnapshotTags } from './plan-snapshot-tags.ts';
import {
  type CopyWishes,
  type PointTagRules,
  isRepaired,
  pointTagRules,
  wishesAtHome,
  wishesOfCopy,
} from './point-tags.ts';
import { type Point, createIsOfHome, isCopy, pointsAt, surveyOf } from './point.ts';
import { reason } from './reasons.ts';
import {
  NOTHING_ASKED,
  type Tagged,
  type TagPolicyWishes,
  createTagPolicies,
} from './tag-policy.ts';
import { type Wish, repairOf } from './tag-repair.ts';
import { TAG } from './tags.ts';

/**
 * Which tags are missing or differ: on good points, by their policy; on copies, by what they are
 * copies of; on snapshots, by their images and volumes; and on any image of the account, by the tag
 * policies. What was not read repairs nothing. Images come first, each kind by id.
 */
export const planTags = (input: PlanInput): PlanPart<TagAction> => {
  const { decisions, actions, tagged } = judgeImages(input);
  const snapshots = planSnapshotTags(input, tagged);
  return {
    decisions: decisions.sort(byId).concat(snapshots.decisions),
    actions: actions.sort(byResourceId).concat(snapshots.actions),
  };
};

/** Lists that grow as the images are looked at, in whatever order they come. */
interface Findings {
  readonly decisions: Decision[];
  readonly actions: TagAction[];
  readonly tagged: TaggedImage[];
}

/**
 * Points are what is ours to keep in order; any other image only a tag policy can mean. Images that
 * were adopted are no points: they keep the tags that they came with.
 */
const judgeImages = (input: PlanInput): Findings => {
  const { observation, policySet, deployment, homes } = input;
  const { target, images } = observation;
  const context = contextOf(input);
  const isOfHome = createIsOfHome(target, homes);
  const findings: Findings = { decisions: [], actions: [], tagged: [] };
  const { points, others } = surveyOf(images.items, deployment, target);
  for (const point of points) {
    const isOwn = isOfHome(point.image.tags);
    note(findings, judgeImage(context, point.image, isOwn ? point : undefined));
  }
  if (policySet.tagPolicies.length === 0) return findings;
  for (const { image } of others) note(findings, judgeImage(context, image, undefined));
  return findings;
};

const note = (findings: Findings, judged: JudgedImage | undefined): void => {
  if (judged === undefined) return;
  findings.decisions.push(judged.decision);
  if (judged.action !== undefined) findings.actions.push(judged.action);
  if (judged.tagged !== undefined) findings.tagged.push(judged.tagged);
};

/** What holds for all images of the target, worked out once. */
interface Context {
  readonly input: PlanInput;
  readonly instances: ReadonlyMap<string, Instance>;
  /** By what the tag of a copy says that it was copied from. */
  readonly sources: () => ReadonlyMap<string | undefined, Point>;
  readonly rulesOf: (policyId: string) => PointTagRules | undefined;
  readonly askTagPolicies: (tagged: Tagged) => TagPolicyWishes;
}

const contextOf = (input: PlanInput): Context => {
  const { observation, policySet } = input;
  const rules: ReadonlyMap<string | undefined, PointTagRules> = new Map(
    policySet.policies.map((policy) => [policy.id, pointTagRules(policy)]),
  );
  return {
    input,
    instances: new Map(observation.instances.items.map((instance) => [instance.id, instance])),
    sources: once(() => sourcesIn(input)),
    rulesOf: (policyId) => rules.get(ownerOf(policySet, policyId)?.id),
    askTagPolicies: createTagPolicies(policySet.tagPolicies, observation.target),
  };
};

/** The points of all other places. A home, which has no copies, never asks for them. */
const sourcesIn = ({ observation, deployment }: PlanInput): ReadonlyMap<string, Point> => {
  const sources = new Map<string, Point>();
  for (const { place, images } of observation.places) {
    const key = targetKey(place);
    for (const point of pointsAt(images.items, deployment, place)) {
      sources.set(`${key}/${point.image.id}`, point);
    }
  }
  return sources;
};

interface JudgedImage {
  readonly decision: Decision;
  readonly action?: TagAction;
  /** What its snapshots are judged by; absent where it is not judged itself. */
  readonly tagged?: TaggedImage;
}

/** Nothing is said of an image that is neither ours nor meant by a tag policy. */
const judgeImage = (
  context: Context,
  image: Image,
  point: Point | undefined,
): JudgedImage | undefined => {
  const rules = point && context.rulesOf(point.name.policyId);
  const own = point && rules ? ownWishes(context, rules, point) : NO_WISHES;
  const asked = askedOf(context, rules, image, own);
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

const settle = (
  image: Image,
  own: CopyWishes,
  asked: TagPolicyWishes,
  facts: Pick<TaggedImage, 'policyId' | 'rules' | 'origin'>,
): JudgedImage => {
  const { policyId, rules, origin } = facts;
  const { tags, reasons } = repairOf(image.tags, joined(own, asked.wishes));
  const all = asked.reasons.length === 0 ? reasons : [...reasons, ...asked.reasons];
  const isInOrder = Object.keys(tags).length === 0;
  const written = isInOrder ? image.tags : { ...image.tags, ...tags };
  const tagged = { image, tags: written, policyId, origin, rules, asked: asked.forSnapshots };
  return isInOrder
    ? { tagged, decision: decisionOf(image, policyId, 'keep', all) }
    : {
        tagged,
        decision: decisionOf(image, policyId, 'tag', all),
        action: { kind: 'tag', resourceId: image.id, tags, reasons: all },
      };
};

/** Its own policy's wishes first, and last what is only there since a copy's source has it. */
const joined = ({ own, all }: CopyWishes, asked: readonly Wish[]): readonly Wish[] => {
  if (asked.length === 0 && all.length === 0) return own;
  return [...own, ...asked, ...all.filter(({ key }) => !asked.some((wish) => wish.key === key))];
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
const sourceOf = ({ sources }: Context, { image, name }: Point): Image | undefined => {
  const source = sources().get(image.tags[TAG.copiedFrom]);
  if (source === undefined) return undefined;
  const { sourceId, slotMs } = source.name;
  return sourceId === name.sourceId && slotMs === name.slotMs ? source.image : undefined;
};

/** What the tag policies want: of a point of ours nothing that says how long it is kept. */
const askedOf = (
  { input, askTagPolicies }: Context,
  rules: PointTagRules | undefined,
  image: Image,
  own: CopyWishes,
): TagPolicyWishes => {
  if (input.policySet.tagPolicies.length === 0) return NOTHING_ASKED;
  const tags = (): Tags => ({
    ...image.tags,
    ...repairOf(image.tags, [...own.own, ...own.all]).tags,
  });
  const asked = askTagPolicies({ image, tags });
  if (rules === undefined || asked.policies.length === 0) return asked;
  const may = ({ key }: Wish): boolean => isRepaired(rules.policy, key);
  return {
    ...asked,
    wishes: asked.wishes.filter(may),
    forSnapshots: asked.forSnapshots.filter(may),
  };
};
