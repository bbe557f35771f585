import type { Inventory, SeenImage } from '../domain/inventory.ts';
import { type Part, type Target, incompletePart } from '../domain/model.ts';
import { type Documents, type InventoryDocuments, USED_IMAGES } from './kinds.ts';
import { readPart } from './reading.ts';
import * as readings from './readings.ts';

/**
 * What was read of a target as values of the domain: the one way, for files of the AWS CLI and for
 * answers of the SDK alike. Throws nothing: what cannot be read makes its part incomplete.
 * @param observedMs when it was looked at
 */
export const inventoryOf = (
  target: Target,
  documents: InventoryDocuments,
  observedMs: number,
): Inventory => {
  const listed = readPart(readings.IMAGES, documents.images, target);
  const snapshots = readPart(readings.SNAPSHOTS, documents.snapshots, target);
  const used = usedImages(documents[USED_IMAGES], target);
  const isOwn = ({ ownerId }: { readonly ownerId: string }): boolean => ownerId === target.account;
  // An own one beside the list is one that was asked for by its id: a disabled one, say.
  const all = distinct([...used.items, ...listed.items]);
  const images = { ...listed, items: all.filter(isOwn) };
  const launchTemplates = readPart(readings.TEMPLATES, documents['launch-templates'], target);
  return {
    target,
    observedMs,
    instances: readPart(readings.INSTANCES, documents.instances, target),
    images,
    othersImages: { ...used, items: all.filter((image) => !isOwn(image)) },
    permissions: readPart(
      readings.PERMISSIONS,
      unlessNoneOf(images, documents['image-attributes']),
      target,
    ),
    snapshots: { ...snapshots, items: snapshots.items.filter(isOwn) },
    volumes: readPart(readings.VOLUMES, documents.volumes, target),
    launchTemplates,
    launchTemplateVersions: readPart(
      readings.TEMPLATE_VERSIONS,
      unlessNoneOf(launchTemplates, documents['launch-template-versions']),
      target,
    ),
    autoScalingGroups: readPart(readings.GROUPS, documents['auto-scaling-groups'], target),
    launchConfigurations: readPart(
      readings.CONFIGURATIONS,
      documents['launch-configurations'],
      target,
    ),
    parameters: readPart(readings.PARAMETERS, documents.parameters, target),
    fleets: readPart(readings.FLEETS, documents.fleets, target),
    spotFleetRequests: readPart(readings.SPOT_FLEETS, documents['spot-fleet-requests'], target),
  };
};

const usedImages = (documents: Documents | undefined, target: Target): Part<SeenImage> =>
  documents === undefined
    ? incompletePart('nobody asked for the images of others')
    : readPart(readings.USED, documents, target);

const distinct = (images: readonly SeenImage[]): readonly SeenImage[] => [
  ...new Map(images.map((image) => [image.id, image])).values(),
];

/** Asked of each object of a list, a loop over an empty list asks nothing, and writes nothing. */
const unlessNoneOf = (list: Part<unknown>, documents: Documents): Documents =>
  list.isComplete && list.items.length === 0 && documents.pages.length === 0
    ? { pages: [] }
    : documents;
