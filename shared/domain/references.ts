import { configurationReferences, fleetReferences, groupReferences } from './group-references.ts';
import type { Inventory, LaunchPermissions, Parameter } from './inventory.ts';
import { createLaunches } from './launches.ts';
import {
  type ImageReference,
  type Part,
  REFERENCE_SOURCES,
  type ReferenceSource,
  type SourceReferences,
} from './model.ts';
import { imageIdsIn } from './parameter-values.ts';
import { instanceReferences } from './protection.ts';
import { partOf, type Said } from './said.ts';
import { templateReferences } from './template-references.ts';

/** Who names which image of a target. */
export interface ReferenceGraph {
  /** Every source once, in the order of REFERENCE_SOURCES. */
  readonly bySource: readonly SourceReferences[];
}

/**
 * All references that an inventory shows. A source is complete only if all that it rests on was read
 * and could be resolved: a group whose template's version was not seen makes the groups incomplete.
 */
export const referencesIn = (inventory: Inventory): ReferenceGraph => {
  const launches = createLaunches(inventory);
  const parts: Readonly<Record<ReferenceSource, () => Part<ImageReference>>> = {
    instances: () => instanceReferences(inventory.instances),
    'launch-templates': () => templateReferences(inventory, launches),
    'auto-scaling-groups': () => groupReferences(inventory, launches),
    'launch-configurations': () => configurationReferences(inventory, launches),
    parameters: () =>
      partOf(inventory.parameters.items.filter(isCurrent).map(saidByParameter), [
        inventory.parameters,
      ]),
    fleets: () => fleetReferences(inventory.fleets, 'fleet', launches),
    'spot-fleets': () => fleetReferences(inventory.spotFleetRequests, 'spot-fleet', launches),
    'launch-permissions': () => permissionReferences(inventory),
  };
  return { bySource: REFERENCE_SOURCES.map((source) => ({ source, part: parts[source]() })) };
};

/** What else a parameter was, only somebody who names that launches from; and he holds it. */
const isCurrent = ({ selector }: Parameter): boolean => selector === undefined;

/** A SecureString is never read: what may be in it is no reference, and no gap either. */
const saidByParameter = ({ name, type, dataType, value }: Parameter): Said => {
  const by = `parameter ${name}${type === 'String' ? '' : ` (${type})`}`;
  const isLacking = value === undefined && type !== 'SecureString';
  return {
    references: imageIdsIn(value ?? '').map((imageId) => ({
      imageId,
      kind: 'parameter',
      by: dataType === 'aws:ec2:image' ? `${by} (${dataType})` : by,
      holds: true,
    })),
    problems: isLacking ? [`the value of ${by} was not read`] : [],
  };
};

/**
 * With whom images are shared. Each image that was asked about is named, if only as shared with
 * nobody. That an image is public, its own description says as well.
 */
const permissionReferences = ({ images, permissions }: Inventory): Part<ImageReference> => {
  const asked = new Set(permissions.items.map(({ imageId }) => imageId));
  const toldPublic = images.items
    .filter(({ id, isPublic }) => isPublic && !asked.has(id))
    .map(({ id }) => ({ imageId: id, isPublic: true, accounts: [], organizations: [] }));
  const said = [...permissions.items, ...toldPublic].map(saidByPermissions);
  return partOf(said, [permissions]);
};

const saidByPermissions = (permissions: LaunchPermissions): Said => {
  const { imageId, isPublic, accounts, organizations } = permissions;
  const others = [
    ...(isPublic ? ['public'] : []),
    ...accounts.map((account) => `account ${account}`),
    ...organizations.map((arn) => `organization ${arn}`),
  ];
  const holds = others.length > 0;
  const references = (holds ? others : ['nobody but its owner']).map(
    (by): ImageReference => ({ imageId, kind: 'launch-permission', by, holds }),
  );
  return { references, problems: [] };
};
