import { byId, byResourceId } from './by-id.ts';
import type { Decision, PlanInput, PlanPart, TagAction } from './decision.ts';
import type { Image, Snapshot, Tags, Volume } from './model.ts';
import type { PointTagRules } from './point-tags.ts';
import { type Reason, reason } from './reasons.ts';
import { wishesOfSnapshot } from './snapshot-tags.ts';
import { type Wish, repairOf } from './tag-repair.ts';
import { TAG } from './tags.ts';

/** An image whose tags are in order, or will be when what is planned for it is done. */
export interface TaggedImage {
  readonly image: Image;
  readonly tags: Tags;
  /** The policy that says so: its own, or the first tag policy that means it. */
  readonly policyId: string;
  /** Whether it is a point of ours, and whether that was made here. */
  readonly origin: 'point' | 'copy' | 'others';
  /** None of a point whose policy is gone, or that somebody asked for. */
  readonly rules: PointTagRules | undefined;
  /** What tag policies want of the snapshots. */
  readonly asked: readonly Wish[];
}

/** By id; EC2 does not say of every snapshot which one it was made of. */
type Volumes = ReadonlyMap<string | undefined, Volume>;

/**
 * Which tags are missing or differ on the snapshots of these images, by id.
 * @param images in any order
 */
export const planSnapshotTags = (
  { observation, deployment }: PlanInput,
  images: readonly TaggedImage[],
): PlanPart<TagAction> => {
  const usersOf = indexUsers(images);
  const volumes: Volumes = new Map(observation.volumes.items.map((volume) => [volume.id, volume]));
  const decisions: Decision[] = [];
  const actions: TagAction[] = [];
  for (const snapshot of observation.snapshots.items) {
    const judge = snapshot.tags[TAG.deployment] === deployment ? judgeOwn : judgeOfOthers;
    const judged = judge(snapshot, usersOf(snapshot.id), volumes);
    if (judged === undefined) continue;
    decisions.push(judged.decision);
    if (judged.action !== undefined) actions.push(judged.action);
  }
  return { decisions: decisions.sort(byId), actions: actions.sort(byResourceId) };
};

/**
 * Tells which images hold a snapshot, by id. Nearly all are held by one: only what several hold is
 * worth a list that lasts.
 */
const indexUsers = (
  images: readonly TaggedImage[],
): ((snapshotId: string) => readonly TaggedImage[]) => {
  const one = new Map<string, TaggedImage>();
  const several = new Map<string, TaggedImage[]>();
  for (const tagged of images) {
    for (const { snapshotId } of tagged.image.snapshots) {
      const first = one.get(snapshotId);
      const known = several.get(snapshotId);
      if (first === undefined) one.set(snapshotId, tagged);
      else if (known === undefined) several.set(snapshotId, [first, tagged]);
      else known.push(tagged);
    }
  }
  for (const users of several.values()) users.sort((a, b) => byId(a.image, b.image));
  return (snapshotId) => {
    const first = one.get(snapshotId);
    return first === undefined ? NO_USERS : (several.get(snapshotId) ?? [first]);
  };
};

const NO_USERS: readonly TaggedImage[] = [];

interface JudgedSnapshot {
  readonly decision: Decision;
  readonly action?: TagAction;
}

/** As its image is tagged; where that is none of ours, as any other. */
const judgeOwn = (
  snapshot: Snapshot,
  users: readonly TaggedImage[],
  volumes: Volumes,
): JudgedSnapshot | undefined => {
  const point = users.find(({ origin }) => origin !== 'others');
  if (point === undefined) return judgeOfOthers(snapshot, users);
  // Of a copy EC2 names a volume that it was not made of.
  const volume = point.origin === 'point' ? volumes.get(snapshot.volumeId) : undefined;
  const { tags } = snapshot;
  return settle(
    snapshot,
    point,
    wishesOfSnapshot(point.rules, { tags, imageTags: point.tags, volume }),
  );
};

/**
 * As the tag policies want it. One that a point of ours holds and that does not say so is left at
 * that: only the call that creates something says that it is ours.
 */
const judgeOfOthers = (
  snapshot: Snapshot,
  users: readonly TaggedImage[],
): JudgedSnapshot | undefined => {
  const [user] = users;
  if (user === undefined) return undefined;
  const wishes = users.flatMap(({ asked }) => asked);
  if (wishes.length > 0) return settle(snapshot, user, wishes);
  return user.origin === 'others'
    ? undefined
    : { decision: decisionOf(snapshot, user, 'ignore', [reason('OWN-02')]) };
};

const settle = (snapshot: Snapshot, user: TaggedImage, wishes: readonly Wish[]): JudgedSnapshot => {
  const { tags, reasons } = repairOf(snapshot.tags, wishes);
  return Object.keys(tags).length === 0
    ? { decision: decisionOf(snapshot, user, 'keep', reasons) }
    : {
        decision: decisionOf(snapshot, user, 'tag', reasons),
        action: { kind: 'tag', resourceId: snapshot.id, tags, reasons },
      };
};

const decisionOf = (
  { id }: Snapshot,
  { policyId }: TaggedImage,
  verdict: Decision['verdict'],
  reasons: readonly Reason[],
): Decision => ({ kind: 'snapshot', id, policyId, verdict, reasons });
