/** Everything that exists in one Region, of all accounts, with the two indices that EC2 needs. */
import { type Lag, Table, type Version } from '../../kernel/consistency.ts';
import { EbsMemory, type SavedEbsMemory } from './ebs-memory.ts';
import { FleetMemory, type SavedFleets } from './fleet-memory.ts';
import { goneOf, ImageMemory, type SavedImageMemory } from './image-memory.ts';
import { NetworkMemory, type SavedNetwork } from './network-memory.ts';
import { Outputs } from './outputs.ts';
import type {
  ImageRow,
  InstanceRow,
  SnapshotRow,
  TemplateRow,
  TokenRow,
  VolumeRow,
} from './rows.ts';

/** Rows by the name of their table. */
export interface RowsByTable {
  readonly instances: InstanceRow;
  readonly volumes: VolumeRow;
  readonly snapshots: SnapshotRow;
  readonly templates: TemplateRow;
  readonly images: ImageRow;
}

type TableName = keyof RowsByTable;

const ID_OF: { readonly [Name in TableName]: (row: RowsByTable[Name]) => string } = {
  instances: (row) => row.instanceId,
  volumes: (row) => row.volumeId,
  snapshots: (row) => row.snapshotId,
  templates: (row) => row.templateId,
  images: (row) => row.imageId,
};

const TABLE_NAMES = Object.keys(ID_OF) as readonly TableName[];

const nameKey = (ownerId: string, name: string): string => `${ownerId} ${name}`;

/** Counts by key; what is counted down to nothing is forgotten. */
const addTo = (counts: Map<string, number>, key: string, change: number): void => {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
};

type SavedRows = { readonly [Name in TableName]: readonly RowsByTable[Name][] };
type SavedVersions = {
  readonly [Name in TableName]: ReadonlyMap<string, readonly Version<RowsByTable[Name]>[]>;
};

/** A store as it is saved: its rows, without the indices. */
export interface SavedStore extends SavedRows {
  /** What describes still see in another form, or not yet: see kernel/consistency. */
  readonly unseen: SavedVersions;
  readonly tokens: ReadonlyMap<string, TokenRow>;
  readonly imageMemory: SavedImageMemory;
  readonly ebs: SavedEbsMemory;
  readonly network: SavedNetwork;
  readonly fleets: SavedFleets;
}

type Tables = { readonly [Name in TableName]: Table<RowsByTable[Name]> };

export class RegionStore {
  readonly region: string;
  /** To be called before anything but a table is changed: tables do it themselves. */
  readonly beforeChange: () => void;
  readonly tokens = new Map<string, TokenRow>();
  readonly imageMemory = new ImageMemory();
  readonly ebs = new EbsMemory();
  readonly network = new NetworkMemory();
  readonly fleets = new FleetMemory();
  readonly outputs = new Outputs();
  readonly #tables: Tables;
  readonly #namesInUse = new Map<string, number>();
  /** One id, or several: a list for each snapshot would weigh more than all the rest of the index. */
  readonly #imagesOfSnapshot = new Map<string, string | readonly string[]>();
  readonly #imageCounts = new Map<string, number>();
  /** Ids; some may be of images that are no longer pending. */
  readonly #pendingImages = new Set<string>();

  constructor(region: string, lag: Lag, beforeChange: () => void) {
    this.region = region;
    this.beforeChange = beforeChange;
    const { outputs } = this;
    const table = <Row extends object>(forget: (row: Row) => void): Table<Row> =>
      new Table<Row>(lag, (row) => {
        beforeChange();
        if (row !== undefined) forget(row);
      });
    this.#tables = {
      instances: table((row: InstanceRow) => {
        outputs.forgetInstance(row);
      }),
      volumes: table(() => {
        outputs.forgetVolume();
      }),
      snapshots: table((row: SnapshotRow) => {
        outputs.forgetSnapshot(row);
      }),
      templates: new Table<TemplateRow>(lag, beforeChange),
      images: table((row: ImageRow) => {
        outputs.forgetImage(row);
      }),
    };
  }

  get instances(): Table<InstanceRow> {
    return this.#tables.instances;
  }

  get volumes(): Table<VolumeRow> {
    return this.#tables.volumes;
  }

  get snapshots(): Table<SnapshotRow> {
    return this.#tables.snapshots;
  }

  get templates(): Table<TemplateRow> {
    return this.#tables.templates;
  }

  /** To add and to remove one, see addImage and removeImage. */
  get images(): Omit<Table<ImageRow>, 'set' | 'delete' | 'clear' | 'load'> {
    return this.#tables.images;
  }

  addImage(row: ImageRow): void {
    this.#tables.images.set(row.imageId, row);
    this.#indexImage(row);
  }

  removeImage(row: ImageRow): void {
    this.#tables.images.delete(row.imageId);
    this.imageMemory.gone.set(row.imageId, goneOf(row));
    addTo(this.#namesInUse, nameKey(row.ownerId, row.name), -1);
    addTo(this.#imageCounts, row.ownerId, -1);
    for (const { snapshotId } of row.disks) {
      if (snapshotId === undefined) continue;
      const others = this.imagesOn(snapshotId).filter((id) => id !== row.imageId);
      this.#setImagesOn(snapshotId, others);
    }
  }

  /** An image of any state (`failed` too) that is not deregistered holds its name. */
  isNameInUse(ownerId: string, name: string): boolean {
    return this.#namesInUse.has(nameKey(ownerId, name));
  }

  /** How many images, of any state, the account has. */
  imageCount(ownerId: string): number {
    return this.#imageCounts.get(ownerId) ?? 0;
  }

  pendingImages(): readonly ImageRow[] {
    const pending: ImageRow[] = [];
    for (const id of this.#pendingImages) {
      const row = this.images.get(id);
      if (row?.state === 'pending') pending.push(row);
      else this.#pendingImages.delete(id);
    }
    return pending;
  }

  /** Ids of the images, of any state, that are built on the snapshot. */
  imagesOn(snapshotId: string): readonly string[] {
    const users = this.#imagesOfSnapshot.get(snapshotId) ?? [];
    return typeof users === 'string' ? [users] : users;
  }

  deleteSnapshot(snapshotId: string): void {
    this.snapshots.delete(snapshotId);
    this.#imagesOfSnapshot.delete(snapshotId);
  }

  /** Every row, as it is: see load. */
  save(): SavedStore {
    const { instances, volumes, snapshots, templates, images } = this;
    return {
      instances: [...instances.values()],
      volumes: [...volumes.values()],
      snapshots: [...snapshots.values()],
      templates: [...templates.values()],
      images: [...images.values()],
      unseen: {
        instances: instances.saveVersions(),
        volumes: volumes.saveVersions(),
        snapshots: snapshots.saveVersions(),
        templates: templates.saveVersions(),
        images: images.saveVersions(),
      },
      tokens: this.tokens,
      imageMemory: this.imageMemory.save(),
      ebs: this.ebs.save(),
      network: this.network.save(),
      fleets: this.fleets.save(),
    };
  }

  /** Takes rows over into a store that has none. */
  load(saved: SavedStore): void {
    for (const name of TABLE_NAMES) this.#loadTable(name, saved, saved.unseen);
    for (const row of saved.images) this.#indexImage(row);
    for (const [key, row] of saved.tokens) this.tokens.set(key, row);
    this.imageMemory.load(saved.imageMemory);
    this.ebs.load(saved.ebs);
    this.network.load(saved.network);
    this.fleets.load(saved.fleets);
  }

  #loadTable<Name extends TableName>(name: Name, saved: SavedRows, unseen: SavedVersions): void {
    const idOf = ID_OF[name];
    this.#tables[name].load(
      saved[name].map((row) => [idOf(row), row] as const),
      unseen[name],
    );
  }

  #setImagesOn(snapshotId: string, imageIds: readonly string[]): void {
    const [only] = imageIds;
    if (only === undefined) this.#imagesOfSnapshot.delete(snapshotId);
    else this.#imagesOfSnapshot.set(snapshotId, imageIds.length === 1 ? only : imageIds);
  }

  #indexImage(row: ImageRow): void {
    addTo(this.#namesInUse, nameKey(row.ownerId, row.name), 1);
    addTo(this.#imageCounts, row.ownerId, 1);
    if (row.state === 'pending') this.#pendingImages.add(row.imageId);
    for (const { snapshotId } of row.disks) {
      if (snapshotId === undefined) continue;
      const users = this.imagesOn(snapshotId);
      if (users.includes(row.imageId)) continue;
      this.#setImagesOn(snapshotId, [...users, row.imageId]);
    }
  }
}
