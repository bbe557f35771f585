/** What EC2 remembers of images beside the rows of those that are there, in one Region. */
import type { GoneImageRow, ImageRow } from './rows.ts';

/** A deregistered image that describes still show. */
export interface ShownImageRow {
  readonly row: ImageRow;
  readonly untilMs: number;
}

/** Whether an account may share its images with everyone. */
export interface PublicAccessRow {
  readonly isBlocked: boolean;
  /** When the change to this counts, and what counts until then. */
  readonly fromMs: number;
  readonly wasBlocked: boolean;
}

/** As it is saved. */
export interface SavedImageMemory {
  readonly gone: ReadonlyMap<string, GoneImageRow>;
  readonly shown: ReadonlyMap<string, ShownImageRow>;
  readonly reservedNames: ReadonlyMap<string, number>;
  readonly publicAccess: ReadonlyMap<string, PublicAccessRow>;
  readonly lastCopies: ReadonlyMap<string, string>;
}

export class ImageMemory {
  /** Deregistered images, by id. */
  readonly gone = new Map<string, GoneImageRow>();
  /** By id. */
  readonly shown = new Map<string, ShownImageRow>();
  /** Until when the name of a deregistered image is taken, by `<owner> <name>`. */
  readonly reservedNames = new Map<string, number>();
  /** By account; an account that never said anything has none. */
  readonly publicAccess = new Map<string, PublicAccessRow>();
  /** The newest copy of a volume's data, by `<owner> <lineage>`: see lineageOf. */
  readonly lastCopies = new Map<string, string>();

  save(): SavedImageMemory {
    const { gone, shown, reservedNames, publicAccess, lastCopies } = this;
    return { gone, shown, reservedNames, publicAccess, lastCopies };
  }

  /** Takes what was saved over into a memory that has nothing. */
  load(saved: SavedImageMemory): void {
    for (const [id, row] of saved.gone) this.gone.set(id, row);
    for (const [id, row] of saved.shown) this.shown.set(id, row);
    for (const [name, untilMs] of saved.reservedNames) this.reservedNames.set(name, untilMs);
    for (const [account, row] of saved.publicAccess) this.publicAccess.set(account, row);
    for (const [lineage, id] of saved.lastCopies) this.lastCopies.set(lineage, id);
  }
}

/** What stays known of an image that is deregistered. */
export const goneOf = (row: ImageRow): GoneImageRow => ({
  imageId: row.imageId,
  ownerId: row.ownerId,
  ownerAlias: row.ownerAlias,
  name: row.name,
  createdAtMs: row.createdAtMs,
  deprecatedAtMs: row.deprecatedAtMs,
  isPublic: row.isPublic,
  sourceImageId: row.sourceImageId,
  sourceImageRegion: row.sourceImageRegion,
  imdsSupport: row.imdsSupport,
  tpmSupport: row.tpmSupport,
  sriovNetSupport: row.sriovNetSupport,
});
