/** All that can have tags, whatever its kind. */
import type { Table } from '../../kernel/consistency.ts';
import type { OrderedMap } from '../../kernel/ordered-map.ts';
import {
  FLEET,
  IMAGE,
  type IdKind,
  INSTANCE,
  KEY_PAIR,
  SECURITY_GROUP,
  SNAPSHOT,
  SPOT_FLEET,
  SUBNET,
  TEMPLATE,
  VOLUME,
  VPC,
} from './ids.ts';
import type { Tags } from './rows.ts';
import type { RegionStore } from './store.ts';

/** What every row with tags has. */
export interface Taggable {
  readonly ownerId: string;
  readonly tags: Tags;
  /** How often its tags were changed since it is there; of those whose changes are announced. */
  tagVersion?: number | undefined;
}

/** A kind of resource with tags, and where its rows are. */
export interface TaggableKind {
  readonly id: IdKind;
  /** As DescribeTags and tag specifications call it. */
  readonly type: string;
  readonly find: (store: RegionStore, id: string) => Taggable | undefined;
  /** The rows that a describe sees. */
  readonly seen: (store: RegionStore) => Iterable<readonly [id: string, row: Taggable]>;
  /** To be called before the tags are changed in place. */
  readonly changing: (store: RegionStore, id: string) => void;
}

type ReadableTable<Row extends Taggable> = Pick<
  Table<Row & object>,
  'get' | 'seenAfter' | 'changing'
>;

/** Rows that a describe may see late. */
const lagging = <Row extends Taggable>(
  id: IdKind,
  type: string,
  tableOf: (store: RegionStore) => ReadableTable<Row>,
  idOf: (row: Row) => string,
): TaggableKind => ({
  id,
  type,
  find: (store, one) => tableOf(store).get(one),
  *seen(store) {
    for (const row of tableOf(store).seenAfter()) yield [idOf(row), row];
  },
  changing: (store, one) => {
    tableOf(store).changing(one);
  },
});

/** Rows that are always seen as they are. */
const prompt = (
  id: IdKind,
  type: string,
  rowsOf: (store: RegionStore) => OrderedMap<Taggable>,
): TaggableKind => ({
  id,
  type,
  find: (store, one) => rowsOf(store).get(one),
  seen: (store) => rowsOf(store).entries(),
  changing: (store) => {
    store.beforeChange();
  },
});

export const TAGGABLE_KINDS: readonly TaggableKind[] = [
  lagging(
    IMAGE,
    'image',
    (store) => store.images,
    (row) => row.imageId,
  ),
  lagging(
    SNAPSHOT,
    'snapshot',
    (store) => store.snapshots,
    (row) => row.snapshotId,
  ),
  lagging(
    INSTANCE,
    'instance',
    (store) => store.instances,
    (row) => row.instanceId,
  ),
  lagging(
    VOLUME,
    'volume',
    (store) => store.volumes,
    (row) => row.volumeId,
  ),
  lagging(
    TEMPLATE,
    'launch-template',
    (store) => store.templates,
    (row) => row.templateId,
  ),
  prompt(VPC, 'vpc', (store) => store.network.vpcs),
  prompt(SUBNET, 'subnet', (store) => store.network.subnets),
  prompt(SECURITY_GROUP, 'security-group', (store) => store.network.securityGroups),
  prompt(KEY_PAIR, 'key-pair', (store) => store.network.keyPairs),
  prompt(FLEET, 'fleet', (store) => store.fleets.fleets),
  prompt(SPOT_FLEET, 'spot-fleet-request', (store) => store.fleets.spotFleets),
];
