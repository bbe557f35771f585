import { isoOf } from './iso.ts';
import { managerOfTags } from './audit-origin.ts';
import { type AuditView, madeFor, standingOf } from './audit-view.ts';
import { eventsOf } from './explain-future.ts';
import {
  type Context,
  NO_POLICY,
  type Told,
  decisionsAbout,
  explained,
  plannedAt,
} from './explain-input.ts';
import { snapshotReferences } from './explain-references.ts';
import { futureOfSnapshot } from './explain-snapshot-future.ts';
import type { Fact, Related, TimelineEvent } from './explain-report.ts';
import { VERDICT_WORDS, conditionsOf } from './explain-words.ts';
import type { Decision, Verdict } from './decision.ts';
import type { SeenSnapshot } from './inventory.ts';
import { ownerOf } from './lineage.ts';
import { TAG } from './tags.ts';

/** What is told of a snapshot that was seen. */
export const explainSnapshot = (context: Context): Told | undefined => {
  for (const view of context.views) {
    const snapshot = view.inventory.snapshots.items.find(({ id }) => id === context.id);
    if (snapshot !== undefined) return explainIn(context, view, snapshot);
  }
  return undefined;
};

const explainIn = (context: Context, view: AuditView, snapshot: SeenSnapshot): Told => {
  const decided = decisionsAbout(context);
  const users = view.users.get(snapshot.id) ?? [];
  const main = decided[0]?.decision;
  return {
    name: snapshot.tags['Name'] ?? '',
    presence: 'own',
    target: view.key,
    headline: withImages(context, view, main, users) ?? headlineOf(context, snapshot, main, users),
    notes: [
      ...(context.planned === undefined ? [NO_POLICY] : []),
      orphanWords(view, snapshot, users),
    ],
    facts: factsOf(snapshot),
    decisions: explained(decided),
    selections: [],
    coverage: [],
    references: snapshotReferences(view, snapshot.id),
    related: users.map((id): Related => {
      const image = view.own.get(id);
      return {
        target: view.key,
        id,
        name: image?.name ?? '',
        how: `image made of it (${image?.state ?? 'not seen'})`,
      };
    }),
    timeline: timelineOf(context, view, snapshot, { main, users }),
  };
};

/** One that stays only as long as its image does, which may not be for long. */
const withImages = (
  context: Context,
  { inventory, own }: AuditView,
  main: Decision | undefined,
  users: readonly string[],
): string | undefined => {
  const input = plannedAt(context, inventory.target)?.retirement;
  if (input === undefined || main?.verdict !== 'keep' || users.length === 0) return undefined;
  const verdicts = users.map((id) => decisionsAbout({ ...context, id })[0]?.decision.verdict);
  const areAll = (...some: readonly Verdict[]): boolean =>
    verdicts.every((one) => one !== undefined && some.includes(one));
  if (!areAll('retire', 'defer', 'protect')) return undefined;
  const policies = users.map((id) => own.get(id)?.tags[TAG.policy] ?? '');
  if (policies.some((id) => ownerOf(input.policySet, id)?.retire.snapshots === 'keep')) {
    return 'It is kept, though its image has expired: its policy says retire.snapshots: keep';
  }
  if (areAll('retire')) return 'The next retirement run removes its image, and it with it';
  return areAll('retire', 'defer')
    ? 'It goes with its image, which has expired and waits for a later run'
    : 'It goes with its image, which has expired and is held back';
};

const headlineOf = (
  { planned, deployment }: Context,
  { tags }: SeenSnapshot,
  main: Decision | undefined,
  users: readonly string[],
): string => {
  if (main !== undefined) return VERDICT_WORDS[main.verdict];
  if (tags[TAG.deployment] !== deployment) return 'Not ours: Imago never changes or deletes it';
  if (planned !== undefined) return 'Ours';
  return users.length > 0
    ? 'Ours, and in use by an image'
    : 'Ours; without a policy nothing is decided';
};

/** Whether it is left of an image that is gone. */
const orphanWords = (view: AuditView, snapshot: SeenSnapshot, users: readonly string[]): string => {
  if (users.length > 0) return `No orphan: ${users.join(', ')} is made of it.`;
  if (!view.inventory.images.isComplete) {
    return 'No image seen is made of it, but the images could not be read whole: that proves nothing.';
  }
  const made = madeFor(snapshot);
  if (made === undefined) return 'No image is made of it, and nothing says that one ever was.';
  const { is } = standingOf(view, made.imageId);
  return is === 'here'
    ? `It was made for ${made.imageId}, which is there but does not use it.`
    : `An orphan: it was made for ${made.imageId}, which is gone.`;
};

const factsOf = (snapshot: SeenSnapshot): readonly Fact[] => {
  const { tags } = snapshot;
  const manager = managerOfTags(tags);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['state', snapshot.isArchived ? `${snapshot.state}, archived` : snapshot.state],
    ['started', isoOf(snapshot.startedMs)],
    ['size', `${snapshot.sizeGiB} GiB at most`],
    ['encrypted', snapshot.isEncrypted ? 'yes' : 'no'],
    ['volume', snapshot.volumeId],
    ['description', snapshot.description],
    ['deployment', tags[TAG.deployment]],
    ['policy', tags[TAG.policy]],
    ['source', tags[TAG.source]],
    ['managed by', manager === undefined ? undefined : `${manager.name} (${manager.mark})`],
    ['hold', tags[TAG.hold]],
    ['keep until', tags[TAG.keepUntil]],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name, value }],
  );
};

/** One that an image is made of goes with that image, or stays as its policy says. */
const timelineOf = (
  context: Context,
  { inventory }: AuditView,
  snapshot: SeenSnapshot,
  { main, users }: { readonly main: Decision | undefined; readonly users: readonly string[] },
): readonly TimelineEvent[] => {
  const input = plannedAt(context, inventory.target)?.retirement;
  const withImage = users.map((id) => ({
    what: `its image ${id} decides: imago explain ${id}`,
    reasons: [],
  }));
  if (input === undefined || main === undefined) return withImage;
  return [
    ...eventsOf(futureOfSnapshot(snapshot, input)),
    ...withImage,
    ...conditionsOf(main.reasons),
  ];
};
