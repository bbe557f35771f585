import type {
  AutoScalingGroup as SdkGroup,
  LaunchConfiguration as SdkConfiguration,
} from '@aws-sdk/client-auto-scaling';
import type { SpotFleetRequestConfig } from '@aws-sdk/client-ec2';
import {
  toAutoScalingGroup,
  toFleet,
  toLaunchConfiguration,
  toLaunchTemplate,
  toLaunchTemplateVersion,
  toParameter,
  toSpotFleet,
} from '../aws/launch-shapes.ts';
import {
  toLaunchPermissions,
  toSeenImage,
  toSeenSnapshot,
  toSeenVolume,
} from '../aws/seen-shapes.ts';
import { toInstance } from '../aws/shapes.ts';
import type { Parameter } from '../domain/inventory.ts';
import { accountOfArn, belongingOfArn, placeOfArn } from './belonging.ts';
import * as launching from './launch-schemas.ts';
import type { Page } from './pages.ts';
import type { Reading } from './reading.ts';
import * as seen from './seen-schemas.ts';

/** How each kind is read: what `aws ec2 describe-...` and its like print. */

const byId = ({ id }: { readonly id: string }): string => id;
const byName = ({ name }: { readonly name: string }): string => name;
const byImage = ({ imageId }: { readonly imageId: string }): string => imageId;

/** The types of a reading follow from its schema and its conversion. */
const reading = <Raw, T>(one: Reading<Raw, T>): Reading<Raw, T> => one;

interface Reservation {
  readonly OwnerId?: unknown;
  readonly Instances?: unknown;
}

const instancesOf = ({ Reservations }: Page): readonly unknown[] =>
  (Reservations as readonly (Reservation | null)[]).flatMap((reservation) => {
    const { OwnerId, Instances } = reservation ?? {};
    // What has no list of instances is no reservation, and no instance either: that is then said.
    if (!Array.isArray(Instances)) return [reservation];
    return Instances.map((instance: unknown) =>
      typeof instance === 'object' ? { ...instance, OwnerId } : instance,
    );
  });

export const INSTANCES = reading({
  list: 'Reservations',
  objectsOf: instancesOf,
  idKey: 'InstanceId',
  schema: seen.instanceSchema,
  convert: toInstance,
  keyOf: byId,
  belongingOf: ({ OwnerId, Placement }) => ({
    account: OwnerId,
    place: Placement?.AvailabilityZone,
  }),
});

export const IMAGES = reading({
  list: 'Images',
  idKey: 'ImageId',
  schema: seen.imageSchema,
  convert: toSeenImage,
  keyOf: byId,
  belongingOf: ({ OwnerId }) => ({ account: OwnerId }),
  showsOthers: true,
});

/** Whoever owns them. */
export const USED = reading({
  list: 'Images',
  idKey: 'ImageId',
  schema: seen.imageSchema,
  convert: toSeenImage,
  keyOf: byId,
});

export const PERMISSIONS = reading({
  list: 'LaunchPermissions',
  objectsOf: (page) => [page],
  idKey: 'ImageId',
  schema: seen.imageAttributeSchema,
  convert: toLaunchPermissions,
  keyOf: byImage,
});

export const SNAPSHOTS = reading({
  list: 'Snapshots',
  idKey: 'SnapshotId',
  schema: seen.snapshotSchema,
  convert: toSeenSnapshot,
  keyOf: byId,
  belongingOf: ({ OwnerId, KmsKeyId }) => ({ ...placeOfArn(KmsKeyId), account: OwnerId }),
  showsOthers: true,
});

export const VOLUMES = reading({
  list: 'Volumes',
  idKey: 'VolumeId',
  schema: seen.volumeSchema,
  convert: toSeenVolume,
  keyOf: byId,
  belongingOf: ({ AvailabilityZone }) => ({ place: AvailabilityZone }),
});

/** Only who made a template tells whose it is; that may have been a service of AWS. */
export const TEMPLATES = reading({
  list: 'LaunchTemplates',
  idKey: 'LaunchTemplateId',
  schema: launching.templateSchema,
  convert: toLaunchTemplate,
  keyOf: byId,
  belongingOf: ({ CreatedBy }) => accountOfArn(CreatedBy),
  showsOthers: true,
});

export const TEMPLATE_VERSIONS = reading({
  list: 'LaunchTemplateVersions',
  idKey: 'LaunchTemplateId',
  schema: launching.templateVersionSchema,
  convert: toLaunchTemplateVersion,
  keyOf: ({ templateId, version }) => `${templateId} ${version}`,
  belongingOf: ({ CreatedBy }) => accountOfArn(CreatedBy),
  showsOthers: true,
});

export const GROUPS = reading({
  list: 'AutoScalingGroups',
  idKey: 'AutoScalingGroupName',
  schema: launching.groupSchema,
  // The SDK's type asks for more than is read.
  convert: (group) => toAutoScalingGroup(group as SdkGroup),
  keyOf: byName,
  belongingOf: ({ AutoScalingGroupARN }) => belongingOfArn(AutoScalingGroupARN),
});

export const CONFIGURATIONS = reading({
  list: 'LaunchConfigurations',
  idKey: 'LaunchConfigurationName',
  schema: launching.configurationSchema,
  convert: (configuration) => toLaunchConfiguration(configuration as SdkConfiguration),
  keyOf: byName,
  belongingOf: ({ LaunchConfigurationARN }) => belongingOfArn(LaunchConfigurationARN),
});

/** What a parameter is now, and what a version or label of it is, are two things. */
const byNameAndSelector = ({ name, selector }: Parameter): string =>
  selector === undefined ? name : `${name}:${selector}`;

/**
 * DescribeParameters tells which there are and no value, the others a value; both may be there. A
 * value of an older version than DescribeParameters saw is not what the parameter is now.
 */
const joinedParameter = (one: Parameter, other: Parameter): Parameter | undefined => {
  if (one.type !== other.type) return undefined;
  const [valued, bare] = one.value === undefined ? [other, one] : [one, other];
  if (bare.value !== undefined && bare.value !== valued.value) return undefined;
  if ((valued.version ?? Infinity) < (bare.version ?? 0)) return undefined;
  const dataType = valued.dataType === 'text' ? bare.dataType : valued.dataType;
  return { ...valued, dataType };
};

/** Only GetParameters has this list, and only what it was asked for. */
const onlyAskedFor = (pages: readonly Page[]): string | undefined => {
  const invalid = pages.flatMap(({ InvalidParameters }) => InvalidParameters ?? []).map(String);
  if (invalid.length > 0) return `SSM did not give ${invalid.join(', ')}`;
  if (pages.length === 0 || pages.some((page) => !('InvalidParameters' in page))) return undefined;
  return 'get-parameters shows only what it was asked for: add what describe-parameters prints';
};

/** Parameters of AWS have no account, and those that others share have theirs. */
export const PARAMETERS = reading({
  list: 'Parameters',
  idKey: 'Name',
  schema: launching.parameterSchema,
  convert: toParameter,
  keyOf: byNameAndSelector,
  belongingOf: ({ ARN }) => belongingOfArn(ARN),
  showsOthers: true,
  joined: joinedParameter,
  wrongWith: onlyAskedFor,
});

export const FLEETS = reading({
  list: 'Fleets',
  idKey: 'FleetId',
  schema: launching.fleetSchema,
  convert: toFleet,
  keyOf: byId,
  belongingOf: ({ LaunchTemplateConfigs = [] }) => ({
    place: LaunchTemplateConfigs.flatMap(({ Overrides = [] }) => Overrides).find(
      ({ AvailabilityZone }) => AvailabilityZone !== undefined,
    )?.AvailabilityZone,
  }),
});

export const SPOT_FLEETS = reading({
  list: 'SpotFleetRequestConfigs',
  idKey: 'SpotFleetRequestId',
  schema: launching.spotFleetSchema,
  convert: (fleet) => toSpotFleet(fleet as SpotFleetRequestConfig),
  keyOf: byId,
  belongingOf: ({ SpotFleetRequestConfig: config }) => accountOfArn(config?.IamFleetRole),
});
