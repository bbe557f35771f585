import type { PlanInput, TagAction } from '../domain/decision.ts';
import { completePart, notRead, type Target } from '../domain/model.ts';
import { type AdoptAction, planAdoption } from '../domain/plan-adoption.ts';
import { type AppliedTags, applyTags, recordTags } from './apply-tags.ts';
import { type Loop, planInputOf } from './loop.ts';
import type { Deadline } from './ports.ts';

/**
 * What adoption has to see at a home: all images of the account; and the snapshots of those that are
 * adopted, or would be.
 */
export const observeForAdoption = async (loop: Loop, home: Target): Promise<PlanInput> => {
  const ec2 = loop.cloud.at(home);
  const images = await ec2.ownImages();
  const input = planInputOf(loop, {
    target: home,
    observedMs: loop.clock.nowMs(),
    instances: notRead(),
    images,
    snapshots: completePart([]),
    volumes: notRead(),
    uses: [],
    places: [],
  });
  const concerned = new Set(
    planAdoption(input)
      .decisions.filter(({ verdict }) => verdict === 'adopt' || verdict === 'keep')
      .map(({ id }) => id),
  );
  const snapshotIds = images.items
    .filter(({ id }) => concerned.has(id))
    .flatMap((image) => image.snapshots.map(({ snapshotId }) => snapshotId));
  const snapshots = await ec2.snapshotsById([...new Set(snapshotIds)]);
  return { ...input, observation: { ...input.observation, snapshots } };
};

/** Writes the marks: the only way in which an image of others becomes ours to retire. */
export const adoptImages = async (
  loop: Loop,
  home: Target,
  actions: readonly AdoptAction[],
  deadline: Deadline,
): Promise<AppliedTags> => {
  const marks = actions.flatMap(({ resourceIds, tags, reasons }) =>
    resourceIds.map((resourceId): TagAction => ({ kind: 'tag', resourceId, tags, reasons })),
  );
  const applied = await applyTags(loop, home, marks, deadline);
  recordTags(loop, home, applied.outcomes);
  return applied;
};
