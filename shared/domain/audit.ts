import { isoOf } from './iso.ts';
import { publicImages, sharedImages, unencryptedImages } from './audit-exposure.ts';
import { fitOf, selectedBy } from './audit-fit.ts';
import { ofForeignSoftware, ofOddImages, withoutImage } from './audit-instances.ts';
import { brokenLaunches } from './audit-launches.ts';
import { managedByOthers, orphanSnapshots } from './audit-leftovers.ts';
import { backupsIn } from './audit-origin.ts';
import type { Audit, AuditSection, Unknown } from './audit-report.ts';
import { type CommandWords, nextSteps } from './audit-steps.ts';
import { onlySeeminglyUnused, unreferenced } from './audit-unused.ts';
import {
  type AuditView,
  type FileReference,
  PART_NAMES,
  standingOf,
  unknownParts,
  viewOf,
} from './audit-view.ts';
import type { Inventory } from './inventory.ts';
import type { Part } from './model.ts';

export interface AuditInput {
  readonly inventories: readonly Inventory[];
  readonly nowMs: number;
  /** Image ids in text files of the user's; complete and empty if there are no such files. */
  readonly files: Part<FileReference>;
  /** In dollars for a GiB and month, instead of what the table of prices says. */
  readonly givenPrice?: number;
  readonly words: CommandWords;
}

/** What is worth knowing about the images of these targets. It asks nobody, and changes nothing. */
export const auditOf = ({ inventories, words, nowMs, files, givenPrice }: AuditInput): Audit => {
  const views = inventories.map((inventory) => viewOf({ inventory, nowMs, files, givenPrice }));
  const sections = sectionsOf(views);
  const unknown = unknownOf(views, files);
  const starter = fitOf(views);
  return {
    targets: views.map(({ key, inventory }) => ({
      target: key,
      observedAt: isoOf(inventory.observedMs),
      instances: inventory.instances.items.length,
      images: inventory.images.items.length,
      snapshots: inventory.snapshots.items.length,
    })),
    unknown,
    sections,
    nextSteps: nextSteps({ sections, unknown, selected: selectedBy(views, starter) }, words),
    starter,
  };
};

const sectionsOf = (views: readonly AuditView[]): readonly AuditSection[] => {
  const backups = backupsIn(views);
  return [
    unreferenced(views, backups),
    onlySeeminglyUnused(views),
    withoutImage(views, backups),
    ofOddImages(views),
    brokenLaunches(views),
    publicImages(views),
    sharedImages(views),
    unencryptedImages(views),
    ofForeignSoftware(views),
    orphanSnapshots(views),
    managedByOthers(views),
  ];
};

/** No image hangs on a volume. */
const OWN_PARTS = PART_NAMES.filter((name) => name !== 'othersImages' && name !== 'volumes');

/** Whether anything names an image that may be somebody else's: if not, nobody need look for it. */
const isAnyUnknown = (view: AuditView): boolean =>
  [...view.uses.keys()].some((imageId) => standingOf(view, imageId).is === 'unknown');

/** What could not be read, each thing once. */
const unknownOf = (views: readonly AuditView[], files: Part<FileReference>): readonly Unknown[] => [
  ...views.filter(isAnyUnknown).flatMap((view) => unknownParts(view, ['othersImages'])),
  ...views.flatMap((view) => unknownParts(view, OWN_PARTS)),
  ...(files.isComplete ? [] : [{ target: '', what: 'referenced-in', problem: files.problem }]),
];
