import { isoOf } from './iso.ts';
import { type Freed, sizeOf, totalOf } from './audit-cost.ts';
import { type Manager, createOrigin, managedBy, managerOfTags } from './audit-origin.ts';
import type { AuditFinding, AuditSection } from './audit-report.ts';
import { type Found, byStatus, oldestFirst, sectionOf } from './audit-section.ts';
import { aboutImage } from './audit-unused.ts';
import {
  type AuditView,
  describeInstance,
  liveInstances,
  madeFor,
  unknownParts,
} from './audit-view.ts';
import type { SeenImage, SeenSnapshot } from './inventory.ts';
import { ORPHAN_AGE_MIN_MS } from './plan-orphans.ts';

/** AUD-10: own snapshots that were made for an image which is not there, and that no image uses. */
export const orphanSnapshots = (views: readonly AuditView[]): AuditSection => {
  const found = views.map((view) => ({ view, orphans: orphansIn(view) }));
  const section = sectionOf(
    'AUD-10',
    found.map(
      ({ view, orphans }): Found => ({
        findings: orphans.map((orphan) => aboutOrphan(view, orphan)),
        unknown: unknownParts(view, [
          'snapshots',
          'images',
          'launchTemplateVersions',
          'launchConfigurations',
        ]),
      }),
    ),
    oldestFirst,
  );
  const freed = found.flatMap(({ view, orphans }) => orphans.map((one) => freeing(view, one)));
  return { ...section, ...totalOf(freed) };
};

const freeing = (view: AuditView, { id, sizeGiB }: SeenSnapshot): Freed => ({
  view,
  snapshotId: id,
  sizeGiB,
});

/** Without the whole list of images nothing is an orphan: what uses it may be on another page. */
const orphansIn = (view: AuditView): readonly SeenSnapshot[] => {
  const { inventory, nowMs, own, users } = view;
  if (!inventory.images.isComplete) return [];
  const launched = new Set([
    ...inventory.launchTemplateVersions.items.flatMap(({ snapshotIds }) => snapshotIds),
    ...inventory.launchConfigurations.items.flatMap(({ snapshotIds }) => snapshotIds),
  ]);
  return inventory.snapshots.items.filter((snapshot) => {
    const made = madeFor(snapshot);
    return (
      made !== undefined &&
      !own.has(made.imageId) &&
      !users.has(snapshot.id) &&
      !launched.has(snapshot.id) &&
      snapshot.ownerId === inventory.target.account &&
      nowMs - snapshot.startedMs >= ORPHAN_AGE_MIN_MS
    );
  });
};

const aboutOrphan = (view: AuditView, snapshot: SeenSnapshot): AuditFinding => {
  const { id, tags, startedMs, state, isArchived } = snapshot;
  const made = madeFor(snapshot);
  const manager = managerOfTags(tags);
  return {
    target: view.key,
    id,
    name: tags['Name'] ?? '',
    status: isArchived ? 'archived' : state,
    since: isoOf(startedMs),
    ...sizeOf([freeing(view, snapshot)]),
    evidence: [
      `made for ${made?.imageId ?? ''}`,
      ...(made?.instanceId === undefined ? [] : [`of ${made.instanceId}`]),
      ...(manager === undefined ? [] : [`managed by ${manager.name} (${manager.mark})`]),
    ],
  };
};

const LEFT = ['left behind', 'managed'] as const;

/** AUD-11: what AWS Backup, Data Lifecycle Manager or Image Builder made; Imago's own are not. */
export const managedByOthers = (views: readonly AuditView[]): AuditSection => {
  const found = views.map((view) => managedIn(view, views));
  const section = sectionOf('AUD-11', found, byStatus(LEFT));
  const left = section.findings.filter(({ status }) => status === LEFT[0]).length;
  return left === 0
    ? section
    : { ...section, notes: [`left behind, as their instance is gone: ${left}`] };
};

const managedIn = (view: AuditView, views: readonly AuditView[]): Found => {
  const standingOfSource = createSources(view, views);
  const findings = view.inventory.images.items.flatMap((image): readonly AuditFinding[] => {
    const manager = managedBy(image);
    if (manager === undefined || manager.isImago) return [];
    const { told, isGone } = standingOfSource(image);
    return [
      {
        ...aboutImage(view, image),
        status: isGone && stopsWithoutSource(manager) ? 'left behind' : 'managed',
        evidence: [`${manager.name} (${manager.mark})`, ...told],
      },
    ];
  });
  return { findings, unknown: unknownParts(view, ['images', 'instances']) };
};

/**
 * Data Lifecycle Manager's rules run for each instance, and one that counts never runs again when it
 * is gone (Amazon EBS User Guide, "AMI policies"). AWS Backup's recovery points expire by
 * themselves, and Image Builder's instances are there to build an image and no longer.
 */
const stopsWithoutSource = ({ name }: Manager): boolean => name === 'Data Lifecycle Manager';

interface SourceStanding {
  readonly told: readonly string[];
  readonly isGone: boolean;
}

/** What is known of the instances that the images of a target were made of. */
const createSources = (
  view: AuditView,
  views: readonly AuditView[],
): ((image: SeenImage) => SourceStanding) => {
  const { account } = view.inventory.target;
  const kin = views.filter(({ inventory }) => inventory.target.account === account);
  const originOf = createOrigin(view);
  const live = new Map(kin.flatMap(liveInstances).map((instance) => [instance.id, instance]));
  const isWhole = kin.every(({ inventory }) => inventory.instances.isComplete);
  const isCopy = createIsCopy(view);
  return (image) => {
    const origin = originOf(image);
    if (origin === undefined) return { told: [], isGone: false };
    const source = live.get(origin);
    if (source !== undefined) return { told: [describeInstance(source)], isGone: false };
    const isGone = isWhole && (!isCopy(image) || isLookedAt(kin, image));
    return { told: [isGone ? `${origin} is gone` : origin], isGone };
  };
};

/** The instance of a copy is where the copy came from. */
const createIsCopy = ({ inventory }: AuditView): ((image: SeenImage) => boolean) => {
  const copied = new Set(
    inventory.snapshots.items
      .filter(({ description }) => description.startsWith('Copied for DestinationAmi '))
      .map(({ id }) => id),
  );
  return ({ sourceInstanceId, sourceImageId, snapshots }) =>
    sourceInstanceId === undefined &&
    (sourceImageId !== undefined || snapshots.some(({ snapshotId }) => copied.has(snapshotId)));
};

const isLookedAt = (kin: readonly AuditView[], { sourceImageRegion }: SeenImage): boolean =>
  kin.some(({ inventory }) => inventory.target.region === sourceImageRegion);
