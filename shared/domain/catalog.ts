import { isoOf } from './iso.ts';
import type { Inventory, SeenImage } from './inventory.ts';
import { type ImageState, type Tags, type Target, targetKey } from './model.ts';
import { matchesTags } from './tag-patterns.ts';
import type { TagPatterns } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

/** Who stands for an image, as people tell them apart when they choose one. */
export type Provenance = 'own' | 'amazon' | 'aws-marketplace' | 'shared' | 'community';

/** Owners that have a name; any other is given by its account number. */
export const OWNER_WORDS = ['self', 'amazon', 'aws-marketplace', 'community'] as const;

export const PERMISSIONS = ['own', 'shared', 'public'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What people choose images by; what is not given demands nothing. `*` and `?` are wildcards. */
export interface CatalogQuery {
  /** `linux` stands for whatever is not Windows. */
  readonly system?: 'linux' | 'windows';
  /** Pattern of EC2's PlatformDetails, such as `Red Hat*`. */
  readonly platform?: string;
  readonly architecture?: string;
  readonly rootDevice?: 'ebs' | 'instance-store';
  /** `own`, shared with this account (not public), or public. */
  readonly permission?: Permission;
  /** One of {@link OWNER_WORDS}, or twelve digits. */
  readonly owner?: string;
  readonly productCode?: string;
  readonly tags: TagPatterns;
  /** Pattern of the image's name. */
  readonly name?: string;
  readonly state?: ImageState;
}

/** An image to choose from. */
export interface CatalogImage {
  /** `account/region` that it was seen from. */
  readonly target: string;
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
  readonly state: ImageState;
  readonly platform: string;
  readonly architecture: string;
  readonly rootDevice: 'ebs' | 'instance-store';
  /** Twelve digits. */
  readonly owner: string;
  readonly provenance: Provenance;
  readonly isPublic: boolean;
  readonly productCodes: readonly string[];
  readonly tags: Tags;
  /** ISO 8601; from then on it is deprecated. */
  readonly deprecated?: string;
  /** What to heed before it is launched. */
  readonly warnings: readonly string[];
}

/** Images with the place that they were seen from. */
export type Seen = Pick<Inventory, 'target'> & { readonly images: readonly SeenImage[] };

/** Those that are wanted, newest first. */
export const catalogOf = (
  seen: readonly Seen[],
  query: CatalogQuery,
  nowMs: number,
): readonly CatalogImage[] =>
  seen
    .flatMap(({ target, images }) =>
      images.filter((image) => isWanted(image, target, query)).map((image) => ({ image, target })),
    )
    .toSorted((a, b) => b.image.createdMs - a.image.createdMs || (a.image.id < b.image.id ? -1 : 1))
    .map(({ image, target }) => toCatalogImage(image, target, nowMs));

export const provenanceOf = (
  { ownerId, ownerAlias, isPublic }: SeenImage,
  { account }: Target,
): Provenance => {
  if (ownerId === account) return 'own';
  if (ownerAlias === 'amazon' || ownerAlias === 'aws-marketplace') return ownerAlias;
  return isPublic ? 'community' : 'shared';
};

const isWanted = (image: SeenImage, target: Target, query: CatalogQuery): boolean =>
  isOfKind(image, query) &&
  isCalled(image, query) &&
  matchesTags(query.tags, image.tags) &&
  isPermitted(image, target, query.permission) &&
  isOwnedBy(image, target, ownerOf(query));

const isOfKind = (
  image: SeenImage,
  { system, platform, architecture, rootDevice }: CatalogQuery,
): boolean =>
  (system === undefined || (system === 'windows') === image.platform.startsWith('Windows')) &&
  (platform === undefined || matchesWildcard(platform, image.platform)) &&
  (architecture === undefined || image.architecture === architecture) &&
  (rootDevice === undefined || image.rootDeviceType === rootDevice);

const isCalled = (image: SeenImage, { productCode, name, state }: CatalogQuery): boolean =>
  (productCode === undefined || image.productCodes.includes(productCode)) &&
  (name === undefined || matchesWildcard(name, image.name)) &&
  (state === undefined || image.state === state);

/** Without a word about owners or permissions, one's own are meant. */
export const ownerOf = ({ owner, permission }: CatalogQuery): string | undefined =>
  owner ?? (permission === undefined ? 'self' : undefined);

const isPermitted = (
  image: SeenImage,
  { account }: Target,
  permission: Permission | undefined,
): boolean => {
  switch (permission) {
    case 'own':
      return image.ownerId === account;
    case 'shared':
      return image.ownerId !== account && !image.isPublic;
    case 'public':
      return image.isPublic;
    case undefined:
      return true;
  }
};

const isOwnedBy = (image: SeenImage, target: Target, owner: string | undefined): boolean => {
  switch (owner) {
    case undefined:
      return true;
    case 'self':
      return image.ownerId === target.account;
    case 'amazon':
    case 'aws-marketplace':
    case 'community':
      return provenanceOf(image, target) === owner;
    default:
      return image.ownerId === owner;
  }
};

const toCatalogImage = (image: SeenImage, target: Target, nowMs: number): CatalogImage => {
  const { id, name, state, platform, architecture, isPublic, productCodes, tags } = image;
  return {
    target: targetKey(target),
    id,
    name,
    created: isoOf(image.createdMs),
    state,
    platform,
    architecture,
    rootDevice: image.rootDeviceType,
    owner: image.ownerId,
    provenance: provenanceOf(image, target),
    isPublic,
    productCodes,
    tags,
    ...(image.deprecatedMs === undefined ? {} : { deprecated: isoOf(image.deprecatedMs) }),
    warnings: warningsOf(image, target, nowMs),
  };
};

const warningsOf = (image: SeenImage, target: Target, nowMs: number): readonly string[] => {
  const { deprecatedMs, productCodes, state, isPublic } = image;
  const provenance = provenanceOf(image, target);
  return [
    ...(provenance === 'community'
      ? ['community image: nobody vouches for it; make sure that the owner is who you think']
      : []),
    ...(provenance === 'own' && isPublic ? ['public: everybody may launch it'] : []),
    ...(productCodes.length > 0
      ? ['Marketplace product: launching it takes a subscription, and may cost']
      : []),
    ...(deprecatedMs !== undefined && deprecatedMs <= nowMs ? ['deprecated'] : []),
    ...(state === 'available' ? [] : [`${state}: it cannot be launched`]),
  ];
};
