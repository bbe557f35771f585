/** Everything that exists in one Region, of all accounts, with the two indices that EC2 needs. */
import type {
  ImageRow,
  InstanceRow,
  SnapshotRow,
  TemplateRow,
  TokenRow,
  VolumeRow,
} from './rows.ts';

const nameKey = (ownerId: string, name: string): string => `${ownerId} ${name}`;

/** A store as it is saved: its rows, without the indices. */
export interface SavedStore {
  readonly instances: readonly InstanceRow[];
  readonly volumes: readonly VolumeRow[];
  readonly snapshots: readonly SnapshotRow[];
  readonly templates: readonly TemplateRow[];
  readonly images: readonly ImageRow[];
  readonly tokens: ReadonlyMap<string, TokenRow>;
  readonly deregistered: ReadonlySet<string>;
}

export class RegionStore {
  readonly region: string;
  readonly instances = new Map<string, InstanceRow>();
  readonly volumes = new Map<string, VolumeRow>();
  readonly snapshots = new Map<string, SnapshotRow>();
  readonly templates = new Map<string, TemplateRow>();
  readonly tokens = new Map<string, TokenRow>();
  /** Ids of images that are gone. */
  readonly deregistered = new Set<string>();
  readonly #images = new Map<string, ImageRow>();
  readonly #namesInUse = new Map<string, number>();
  readonly #imagesOfSnapshot = new Map<string, Set<string>>();

  constructor(region: string) {
    this.region = region;
  }

  get images(): ReadonlyMap<string, ImageRow> {
    return this.#images;
  }

  addImage(row: ImageRow): void {
    this.#images.set(row.imageId, row);
    const key = nameKey(row.ownerId, row.name);
    this.#namesInUse.set(key, (this.#namesInUse.get(key) ?? 0) + 1);
    for (const disk of row.disks) {
      if (disk.snapshotId === undefined) continue;
      const users = this.#imagesOfSnapshot.get(disk.snapshotId) ?? new Set();
      this.#imagesOfSnapshot.set(disk.snapshotId, users.add(row.imageId));
    }
  }

  removeImage(row: ImageRow): void {
    this.#images.delete(row.imageId);
    this.deregistered.add(row.imageId);
    const key = nameKey(row.ownerId, row.name);
    const left = (this.#namesInUse.get(key) ?? 1) - 1;
    if (left === 0) this.#namesInUse.delete(key);
    else this.#namesInUse.set(key, left);
    for (const disk of row.disks) {
      if (disk.snapshotId !== undefined)
        this.#imagesOfSnapshot.get(disk.snapshotId)?.delete(row.imageId);
    }
  }

  /** An image of any state (`failed` too) that is not deregistered holds its name. */
  isNameInUse(ownerId: string, name: string): boolean {
    return this.#namesInUse.has(nameKey(ownerId, name));
  }

  /** Ids of the images, of any state, that are built on the snapshot. */
  imagesOn(snapshotId: string): readonly string[] {
    return [...(this.#imagesOfSnapshot.get(snapshotId) ?? [])];
  }

  /** Every row, as it is: see load. */
  save(): SavedStore {
    const { instances, volumes, snapshots, templates, tokens, deregistered } = this;
    return {
      instances: [...instances.values()],
      volumes: [...volumes.values()],
      snapshots: [...snapshots.values()],
      templates: [...templates.values()],
      images: [...this.#images.values()],
      tokens,
      deregistered,
    };
  }

  /** Takes rows over into a store that has none. */
  load(saved: SavedStore): void {
    for (const row of saved.instances) this.instances.set(row.instanceId, row);
    for (const row of saved.volumes) this.volumes.set(row.volumeId, row);
    for (const row of saved.snapshots) this.snapshots.set(row.snapshotId, row);
    for (const row of saved.templates) this.templates.set(row.templateId, row);
    for (const row of saved.images) this.addImage(row);
    for (const [key, row] of saved.tokens) this.tokens.set(key, row);
    for (const id of saved.deregistered) this.deregistered.add(id);
  }

  deleteSnapshot(snapshotId: string): void {
    this.snapshots.delete(snapshotId);
    this.#imagesOfSnapshot.delete(snapshotId);
  }
}
