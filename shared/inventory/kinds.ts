/** What a folder of observations holds of one account and Region: one list of each kind. */
export const KINDS = [
  'instances',
  'images',
  'image-attributes',
  'snapshots',
  'volumes',
  'launch-templates',
  'launch-template-versions',
  'auto-scaling-groups',
  'launch-configurations',
  'parameters',
  'fleets',
  'spot-fleet-requests',
] as const;

export type Kind = (typeof KINDS)[number];

/** Something for each kind. */
export const forEachKind = <T>(make: (kind: Kind) => T): Readonly<Record<Kind, T>> =>
  Object.fromEntries(KINDS.map((kind) => [kind, make(kind)])) as Record<Kind, T>;

/** Images of others that something launches from: may stand beside the lists. */
export const USED_IMAGES = 'used-images';

/** A kind, or what may stand beside the kinds. */
export type FileKind = Kind | typeof USED_IMAGES;

export const FILE_KINDS: readonly FileKind[] = [...KINDS, USED_IMAGES];

/**
 * What was read of one kind: pages as the AWS CLI prints them, or as the SDK answers. A problem says
 * why they are not all; without one, they are.
 */
export interface Documents {
  readonly pages: readonly unknown[];
  readonly problem?: string;
  /** What each page is called in messages, such as its file; pages of the SDK need no name. */
  readonly origins?: readonly string[];
}

/** All that was read of one target. */
export type InventoryDocuments = Readonly<Record<Kind, Documents>> & {
  readonly [USED_IMAGES]?: Documents;
};
