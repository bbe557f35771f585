/**
 * Observers that judge what was done to the images, by their own reading of the rows: they share
 * no code with what they judge. What an operator does beside the wire is not judged.
 */
import { type EmbeddedCloud, isBesideTheWire } from '../cloud.ts';
import type { Deregistering } from '../kernel/hooks.ts';
import type { ImageRow } from '../services/ec2/rows.ts';
import type { LateCall } from '../services/lambda/late-calls.ts';
import { holdOf, strangerOf } from './ownership.ts';
import { usesOf } from './uses.ts';

/** An image that was deregistered although it must not be. */
export interface LostReference {
  readonly atMs: number;
  readonly account: string;
  readonly region: string;
  readonly imageId: string;
  readonly name: string;
  /** Why it must not: the instance, the launch template version, the tag. */
  readonly evidence: readonly string[];
}

/** Something that is wrong with the rows as they are now. */
export interface Finding {
  readonly account: string;
  readonly region: string;
  /** Id of the image or the snapshot. */
  readonly subject: string;
  readonly what: string;
}

export interface CheckReport {
  readonly lostReferences: readonly LostReference[];
  /** Snapshots of a backup that no image uses. */
  readonly orphanSnapshots: readonly Finding[];
  /** Images of one account and Region that share a name. */
  readonly sharedNames: readonly Finding[];
  /** Images of which a snapshot is gone. */
  readonly brokenImages: readonly Finding[];
  /** Calls of a handler that had returned without waiting for them: its worker was frozen by then. */
  readonly lateCalls: readonly LateCall[];
  /** How many images were deregistered over the wire. */
  readonly deregistered: number;
  readonly isClean: boolean;
}

export interface Checkers {
  /** The rows of the places given are judged as they are now; the deregistrations as they were. */
  readonly report: (regions: readonly string[]) => CheckReport;
}

const evidenceOf = (cloud: EmbeddedCloud, image: ImageRow, atMs: number): string[] => [
  ...usesOf(cloud.ec2Core.store(image.region), image),
  ...holdOf(image, atMs),
  ...strangerOf(image),
];

const finding = (image: ImageRow, what: string): Finding => ({
  account: image.ownerId,
  region: image.region,
  subject: image.imageId,
  what,
});

const orphansOf = (cloud: EmbeddedCloud, region: string): Finding[] => {
  const store = cloud.ec2Core.store(region);
  return [...store.snapshots.values()]
    .filter((row) => row.tags.has('imago:deployment'))
    .filter((row) => store.imagesOn(row.snapshotId).length === 0)
    .map((row) => ({
      account: row.ownerId,
      region,
      subject: row.snapshotId,
      what: `no image uses it: ${row.description}`,
    }));
};

const sharedNamesOf = (cloud: EmbeddedCloud, region: string): Finding[] => {
  const images = [...cloud.ec2Core.store(region).images.values()];
  const byName = Map.groupBy(images, (image) => `${image.ownerId} ${image.name}`);
  return [...byName.values()]
    .filter((group) => group.length > 1)
    .flatMap((group) => group.map((image) => finding(image, `shares the name ${image.name}`)));
};

const brokenImagesOf = (cloud: EmbeddedCloud, region: string): Finding[] => {
  const store = cloud.ec2Core.store(region);
  return [...store.images.values()].flatMap((image) =>
    image.disks
      .filter((disk) => disk.snapshotId !== undefined && !store.snapshots.has(disk.snapshotId))
      .map((disk) => finding(image, `its snapshot ${disk.snapshotId} is gone`)),
  );
};

/** Begins to observe. Create it before anything runs. */
export const createCheckers = (cloud: EmbeddedCloud): Checkers => {
  const lostReferences: LostReference[] = [];
  let deregistered = 0;
  const judge = ({ atMs, account, region, requestId, imageId }: Deregistering): void => {
    const image = cloud.ec2Core.store(region).images.get(imageId);
    if (image === undefined || isBesideTheWire(requestId)) return;
    deregistered += 1;
    const evidence = evidenceOf(cloud, image, atMs);
    if (evidence.length === 0) return;
    lostReferences.push({ atMs, account, region, imageId, name: image.name, evidence });
  };
  cloud.onDeregister(judge);
  return {
    report: (regions) => {
      const over = (find: (cloud: EmbeddedCloud, region: string) => Finding[]) =>
        regions.flatMap((region) => find(cloud, region));
      const found = {
        lostReferences: [...lostReferences],
        orphanSnapshots: over(orphansOf),
        sharedNames: over(sharedNamesOf),
        brokenImages: over(brokenImagesOf),
        lateCalls: cloud.lateCalls.filter(({ frozenBy }) => frozenBy === 'return'),
      };
      const isClean = Object.values(found).every((findings) => findings.length === 0);
      return { ...found, deregistered, isClean };
    },
  };
};
