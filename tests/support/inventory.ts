import type {
  AutoScalingGroup,
  Fleet,
  Inventory,
  LaunchConfiguration,
  LaunchPermissions,
  LaunchTemplate,
  LaunchTemplateVersion,
  Parameter,
  SeenImage,
  SeenSnapshot,
  SeenVolume,
} from '../../shared/domain/inventory.ts';
import { completePart, type Instance, type Part } from '../../shared/domain/model.ts';
import { anInstance, at, freeze, HOME } from './builders.ts';

/** When the observations of these builders were made. */
export const OBSERVED_MS = at('2026-11-21T12:00Z');

/** An own image, private, of one unencrypted snapshot of 8 GiB. */
export const seenImage = (parts: Partial<SeenImage> = {}): SeenImage => {
  const id = parts.id ?? 'ami-0000000000000001a';
  return freeze({
    id,
    name: `image ${id}`,
    state: 'available',
    createdMs: at('2026-11-01T02:00Z'),
    tags: {},
    snapshots: [{ snapshotId: `snap-of-${id}`, sizeGiB: 8, device: '/dev/xvda' }],
    isDeregistrationProtected: false,
    ownerId: HOME.account,
    description: '',
    isPublic: false,
    architecture: 'x86_64',
    platform: 'Linux/UNIX',
    rootDeviceType: 'ebs',
    productCodes: [],
    isEncrypted: false,
    ...parts,
  });
};

export const seenInstance = (parts: Partial<Instance> = {}): Instance =>
  anInstance({ tags: {}, ...parts });

export const seenSnapshot = (parts: Partial<SeenSnapshot> = {}): SeenSnapshot =>
  freeze({
    id: 'snap-1',
    tags: {},
    sizeGiB: 8,
    startedMs: at('2026-11-01T02:00Z'),
    ownerId: HOME.account,
    description: '',
    state: 'completed',
    isEncrypted: false,
    isArchived: false,
    ...parts,
  });

export const seenVolume = (parts: Partial<SeenVolume> = {}): SeenVolume =>
  freeze({
    id: 'vol-1',
    tags: {},
    sizeGiB: 8,
    isEncrypted: false,
    snapshotId: '',
    instanceIds: [],
    ...parts,
  });

/** Permissions of an image that is shared with nobody. */
export const launchPermissions = (parts: Partial<LaunchPermissions> = {}): LaunchPermissions =>
  freeze({
    imageId: 'ami-0000000000000001a',
    isPublic: false,
    accounts: [],
    organizations: [],
    ...parts,
  });

/** `lt-web`, whose only version is 1. */
export const launchTemplate = (parts: Partial<LaunchTemplate> = {}): LaunchTemplate =>
  freeze({ id: 'lt-web', name: 'web', defaultVersion: 1, latestVersion: 1, ...parts });

export const templateVersion = (
  parts: Partial<LaunchTemplateVersion> = {},
): LaunchTemplateVersion =>
  freeze({ templateId: 'lt-web', templateName: 'web', version: 1, snapshotIds: [], ...parts });

export const autoScalingGroup = (parts: Partial<AutoScalingGroup> = {}): AutoScalingGroup =>
  freeze({ name: 'blue', desired: 1, templates: [], images: [], instanceIds: [], ...parts });

export const launchConfiguration = (
  parts: Partial<LaunchConfiguration> = {},
): LaunchConfiguration =>
  freeze({ name: 'old-web', image: 'ami-0000000000000001a', snapshotIds: [], ...parts });

export const parameter = (parts: Partial<Parameter> = {}): Parameter =>
  freeze({ name: '/golden/web', type: 'String', dataType: 'text', ...parts });

export const fleet = (parts: Partial<Fleet> = {}): Fleet =>
  freeze({
    id: 'fleet-1',
    state: 'active',
    isActive: true,
    templates: [],
    images: [],
    ...parts,
  });

type Lists = Omit<Inventory, 'target' | 'observedMs'>;

/** Lists are taken as complete; a {@link Part} as it is. */
type Given = {
  readonly [Name in keyof Lists]?: Lists[Name] | Lists[Name]['items'];
};

export type InventoryParts = Given & Partial<Pick<Inventory, 'target' | 'observedMs'>>;

const partOf = <T>(given: Part<T> | readonly T[] = []): Part<T> =>
  'items' in given ? given : completePart(given);

/** Everything was read; what is not given was found to be nothing. */
export const inventory = (parts: InventoryParts = {}): Inventory =>
  freeze({
    target: parts.target ?? HOME,
    observedMs: parts.observedMs ?? OBSERVED_MS,
    instances: partOf(parts.instances),
    images: partOf(parts.images),
    othersImages: partOf(parts.othersImages),
    permissions: partOf(parts.permissions),
    snapshots: partOf(parts.snapshots),
    volumes: partOf(parts.volumes),
    launchTemplates: partOf(parts.launchTemplates),
    launchTemplateVersions: partOf(parts.launchTemplateVersions),
    autoScalingGroups: partOf(parts.autoScalingGroups),
    launchConfigurations: partOf(parts.launchConfigurations),
    parameters: partOf(parts.parameters),
    fleets: partOf(parts.fleets),
    spotFleetRequests: partOf(parts.spotFleetRequests),
  });
