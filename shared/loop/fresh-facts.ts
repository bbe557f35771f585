import type { PlanInput, RetireAction } from '../domain/decision.ts';
import { keptUntil, sayingsOf } from '../domain/keep-overrides.ts';
import { lineageKey, lineagesIn, ownerOf } from '../domain/lineage.ts';
import {
  type Image,
  type Instance,
  type Part,
  type Snapshot,
  type Target,
  isOneOf,
  isSameTarget,
  targetKey,
} from '../domain/model.ts';
import { formatPointName } from '../domain/naming.ts';
import { objectionOnDemand } from '../domain/on-demand.ts';
import { type Point, isCopy, isFailed, isGood, ownershipOf } from '../domain/point.ts';
import type { KeepFrom } from '../domain/policy.ts';
import {
  heldBy,
  isKnown,
  outsideWindow,
  type ProtectionFacts,
  protectionOf,
  vetoesOf,
} from '../domain/protection.ts';
import { type Reason, reason } from '../domain/reasons.ts';
import { createSources, judgeGone, type Sources } from '../domain/source-gone.ts';
import { TAG } from '../domain/tags.ts';
import type { Loop } from './loop.ts';
import { observeHomes, readUses } from './observe.ts';

/** What was read again for a batch of removals. */
export interface FreshFacts {
  readonly images: Part<Image>;
  readonly snapshots: Part<Snapshot>;
  /** The instances that points of the batch are of; none where the target is no home. */
  readonly instances: Part<Instance>;
  /** By Region: the copies for which images of the batch may go. */
  readonly copies: ReadonlyMap<string, Part<Image>>;
  readonly protection: ProtectionFacts;
  /** What proves that sources are gone, where something goes for that. */
  readonly proof?: Proof;
  /** What the plan was made of, as far as the batch is concerned. */
  readonly before: { readonly images: readonly Image[]; readonly instances: readonly Instance[] };
}

interface Proof {
  readonly input: PlanInput;
  readonly sources: Sources;
}

export const readAgain = async (
  loop: Loop,
  input: PlanInput,
  batch: readonly RetireAction[],
): Promise<FreshFacts> => {
  const { target } = input.observation;
  const nowMs = loop.clock.nowMs();
  const ec2 = loop.cloud.at(target);
  const imageIds = batch.map(({ imageId }) => imageId);
  const survivorIds = batch.flatMap((action) => action.survivorIds);
  const snapshotIds = batch.flatMap((action) =>
    action.snapshots === 'delete' ? action.snapshotIds : [],
  );
  const sourceIds = isOneOf(loop.homes, target) ? batch.map(({ point }) => point.sourceId) : [];
  const [images, snapshots, instances, instanceUses, uses, copies, proof] = await Promise.all([
    ec2.imagesById([...new Set([...imageIds, ...survivorIds])]),
    ec2.snapshotsById([...new Set(snapshotIds)]),
    ec2.instancesById([...new Set(sourceIds)]),
    ec2.instancesUsing(imageIds),
    readUses(loop, ec2, imageIds),
    readCopies(loop, target, batch),
    readProof(loop, input, batch),
  ]);
  const protection = protectionOf({
    uses: [{ source: 'instances', part: instanceUses }, ...uses],
    sources: loop.sources,
    nowMs,
  });
  const facts = { images, snapshots, instances, copies, protection };
  const before = beforeOf(input, new Set([...imageIds, ...sourceIds]));
  if (proof === undefined) return { ...facts, before };
  return { ...facts, before, proof: { input: proof, sources: createSources(proof) } };
};

const beforeOf = ({ observation }: PlanInput, ids: ReadonlySet<string>): FreshFacts['before'] => ({
  images: observation.images.items.filter(({ id }) => ids.has(id)),
  instances: observation.instances.items.filter(({ id }) => ids.has(id)),
});

const readCopies = async (
  loop: Loop,
  { account }: Target,
  batch: readonly RetireAction[],
): Promise<FreshFacts['copies']> => {
  const pairs = batch.flatMap(({ copyIds }) =>
    Object.entries(copyIds).flatMap(([region, ids]) => ids.map((id) => ({ region, id }))),
  );
  const parts = [...Map.groupBy(pairs, ({ region }) => region)].map(
    async ([region, found]): Promise<[string, Part<Image>]> => {
      const ids = found.map(({ id }) => id);
      return [region, await loop.cloud.at({ account, region }).imagesById(ids)];
    },
  );
  return new Map(await Promise.all(parts));
};

/**
 * What the planner asks whether a source is gone, as it is now: whole lists, since only in a whole
 * list can be seen that something is not there.
 * @param actions of which some may go because their source is gone; if none does, nothing is read
 */
export const readProof = async (
  loop: Loop,
  input: PlanInput,
  actions: readonly { readonly goneFrom?: Target }[],
): Promise<PlanInput | undefined> => {
  const { observation } = input;
  const { target } = observation;
  const homes = new Map(
    actions.flatMap(({ goneFrom }) => (goneFrom ? [[targetKey(goneFrom), goneFrom] as const] : [])),
  );
  if (homes.size === 0) return undefined;
  const ec2 = loop.cloud.at(target);
  const isHere = homes.has(targetKey(target));
  const others = [...homes.values()].filter((home) => !isSameTarget(home, target));
  const [images, instances, { places }] = await Promise.all([
    ec2.images(loop.deployment),
    isHere ? ec2.instances() : observation.instances,
    observeHomes(loop, observation, others),
  ]);
  const fresh = { ...observation, images, instances, places };
  return { ...input, observation: fresh, nowMs: loop.clock.nowMs() };
};

/** What a removal is judged by, right before it is done. */
export interface Judging {
  readonly facts: FreshFacts;
  /** What it was planned on. */
  readonly planned: PlanInput;
  readonly nowMs: number;
}

/** Why, on fresh facts, an image must stay after all. */
export const objectionsTo = (
  action: RetireAction,
  image: Image,
  { facts, planned, nowMs }: Judging,
): readonly Reason[] => {
  const ownership = ownershipOf(image, planned.deployment, planned.observation.target);
  if (!ownership.isOurs) return [ownership.reason];
  const { point } = ownership;
  const wanted = objectionOnDemand(point, facts.protection.nowMs);
  if (wanted !== undefined) return [wanted];
  if (formatPointName(point.name) !== formatPointName(action.point)) {
    return [reason('OWN-04', image.name)];
  }
  if (!isGood(point) && !isFailed(point)) return [reason('RET-15', image.state)];
  const policy = ownerOf(planned.policySet, point.name.policyId);
  return [
    ...vetoesOf(image, facts.protection),
    ...(action.snapshots === 'delete' ? snapshotObjections(action, facts) : []),
    ...copyObjections(action, facts),
    ...survivorObjections(action, facts),
    ...goneObjections(action, point, facts),
    ...(isGood(point) ? keepObjections(point, policy?.keepFrom, facts) : []),
    ...outsideWindow(policy?.retire.during ?? [], nowMs),
  ];
};

/** Every image of a batch is judged on one reading. */
const availableIds = new WeakMap<Part<Image>, ReadonlySet<string>>();

const availableIn = (part: Part<Image>): ReadonlySet<string> => {
  const known = availableIds.get(part);
  if (known !== undefined) return known;
  const available = part.items.filter(({ state }) => state === 'available');
  const made = new Set(available.map(({ id }) => id));
  availableIds.set(part, made);
  return made;
};

const areThere = (ids: readonly string[], part: Part<Image>): boolean => {
  const available = availableIn(part);
  return ids.every((id) => available.has(id));
};

/** Only of a source that is gone may nothing be left. */
const survivorObjections = (
  { survivorIds, goneFrom }: RetireAction,
  { images }: FreshFacts,
): readonly Reason[] => {
  const isEnough = survivorIds.length > 0 || goneFrom !== undefined;
  return isEnough && areThere(survivorIds, images)
    ? []
    : [reason('PRO-06', 'a point that was to stay is gone')];
};

/** Asks the planner's own question once more, of the whole lists that were read again. */
const goneObjections = (
  { goneFrom }: RetireAction,
  point: Point,
  { proof }: FreshFacts,
): readonly Reason[] => {
  if (goneFrom === undefined) return [];
  const policy = proof && ownerOf(proof.input.policySet, point.name.policyId);
  if (proof === undefined || policy === undefined) return [reason('PRO-27', 'not read again')];
  const { observation, nowMs } = proof.input;
  const { images, target } = observation;
  const lineages = lineagesIn(images.items, proof.input, target);
  const all = lineages.get(lineageKey(policy.id, point.name.sourceId))?.points ?? [];
  const points = all.filter((one) => isCopy(one) === isCopy(point));
  const gone = judgeGone(proof.sources, policy, { points, place: target, nowMs });
  if (gone.state === 'unknown') return [reason('PRO-27', gone.why)];
  if (gone.state === 'there') return [reason('PRO-06', 'its source is not gone')];
  const isKept = [...gone.kept].some(({ image }) => image.id === point.image.id);
  return isKept ? [reason('RET-27')] : [];
};

/** What the tags say now for keeping a point; and any change of theirs, for the next run to judge. */
const keepObjections = (
  { image, name }: Point,
  keepFrom: KeepFrom | undefined,
  { instances, protection, before }: FreshFacts,
): readonly Reason[] => {
  const until = keptUntil(image.tags, protection.nowMs);
  if (until !== undefined) return [until];
  // Where the uses of images are not known either, that is said already.
  if (!instances.isComplete) {
    return isKnown(protection, 'instances') ? [reason('PRO-20', instances.problem)] : [];
  }
  const isSource = ({ id }: Instance): boolean => id === name.sourceId;
  const planned = before.images.find(({ id }) => id === image.id);
  const said = sayingsOf(planned?.tags ?? {}, before.instances.find(isSource), keepFrom);
  const says = sayingsOf(image.tags, instances.items.find(isSource), keepFrom);
  return said === says ? [] : [reason('RET-08', `since it was planned: ${says || 'no tag'}`)];
};

const snapshotObjections = (
  { snapshotIds }: RetireAction,
  { snapshots, protection }: FreshFacts,
): readonly Reason[] => [
  ...snapshots.items
    .filter(({ id }) => snapshotIds.includes(id))
    .flatMap(({ tags }) => heldBy(tags[TAG.hold], protection.nowMs)),
  ...(snapshots.isComplete ? [] : [reason('PRO-25', snapshots.problem)]),
];

/** A copy that is gone meanwhile would have to be made again, of this very image. */
const copyObjections = ({ copyIds }: RetireAction, { copies }: FreshFacts): readonly Reason[] =>
  Object.entries(copyIds)
    .filter(([, ids]) => ids.length > 0)
    .flatMap(([region, ids]) => {
      const there = copies.get(region);
      return there !== undefined && areThere(ids, there) ? [] : [reason('PRO-05', region)];
    });
