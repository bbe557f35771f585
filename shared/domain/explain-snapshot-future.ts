import type { PlanInput } from './decision.ts';
import { type Future, firstAfter, nextMidnight, withoutLimits } from './explain-future.ts';
import { ownerOf } from './lineage.ts';
import type { Snapshot } from './model.ts';
import { ORPHAN_AGE_MIN_MS, planOrphans } from './plan-orphans.ts';
import { isoEndMs } from './protection.ts';
import { TAG } from './tags.ts';
import { nextOpeningMs } from './windows.ts';

/** The future of what is left of an image: nothing new comes of it, so only time and dates count. */
export const futureOfSnapshot = (snapshot: Snapshot, input: PlanInput): Future => {
  const { tags, startedMs } = snapshot;
  const policy = ownerOf(input.policySet, tags[TAG.policy] ?? '');
  const world = worldOf(input, snapshot);
  const dates = [tags[TAG.hold], tags[TAG.keepUntil]].map((text) =>
    text === undefined ? undefined : isoEndMs(text),
  );
  return {
    nowMs: input.nowMs,
    nextAfter: (atMs, said) =>
      firstAfter(
        [
          startedMs + ORPHAN_AGE_MIN_MS,
          ...dates,
          said?.reasons.some(({ id }) => id === 'PRO-07') === true && policy !== undefined
            ? nextOpeningMs(policy.retire.during, atMs)
            : undefined,
          policy?.whenSourceGone === undefined ? undefined : nextMidnight(atMs),
        ],
        atMs,
      ),
    sayAt: (atMs) =>
      planOrphans({ ...world, nowMs: atMs }, 0).decisions.find(({ id }) => id === snapshot.id),
  };
};

/** Of the world only its source's images and snapshots; if there are none, another image for them. */
const worldOf = (input: PlanInput, { id, tags }: Snapshot): PlanInput => {
  const unlimited = withoutLimits(input);
  const { images, snapshots } = unlimited.observation;
  const source = tags[TAG.source];
  const near = images.items.filter(
    (image) =>
      (source !== undefined && image.tags[TAG.source] === source) ||
      image.snapshots.some(({ snapshotId }) => snapshotId === id),
  );
  return {
    ...unlimited,
    observation: {
      ...unlimited.observation,
      images: { ...images, items: near.length > 0 ? near : images.items.slice(0, 1) },
      snapshots: {
        ...snapshots,
        items: snapshots.items.filter(
          (one) => one.id === id || (source !== undefined && one.tags[TAG.source] === source),
        ),
      },
    },
  };
};
