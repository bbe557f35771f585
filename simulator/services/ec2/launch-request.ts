/** What RunInstances is asked for, once the launch template is under it and every option is checked. */
import type {
  BlockDeviceMapping,
  InstanceMetadataOptionsRequest,
  RunInstancesRequest,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import { createHash } from 'node:crypto';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import type { MetadataOptions } from './instance-rows.ts';
import { launchDataOf, withValues } from './launch-data.ts';
import { assertAtMostOne, assertOneOf, assertWithin, refuseParameters } from './parameters.ts';
import type { ImageRow } from './rows.ts';

/** Parts of EC2 that no instance here can have. */
const UNSUPPORTED = [
  'AdditionalInfo',
  'CapacityReservationSpecification',
  'CpuOptions',
  'ElasticGpuSpecification',
  'ElasticInferenceAccelerators',
  'EnablePrimaryIpv6',
  'InstanceMarketOptions',
  'InstanceRequirements',
  'Ipv6AddressCount',
  'Ipv6Addresses',
  'KernelId',
  'LicenseSpecifications',
  'NetworkPerformanceOptions',
  'Operator',
  'RamdiskId',
  'RamDiskId',
  'SecondaryInterfaces',
] as const;

const UNSUPPORTED_PLACEMENT = [
  'Affinity',
  'GroupId',
  'GroupName',
  'HostId',
  'HostResourceGroupArn',
  'PartitionNumber',
  'SpreadDomain',
] as const;

/** Each device once: as the request says, else as the template does. */
const mergedMappings = (
  below: readonly BlockDeviceMapping[] | undefined,
  above: readonly BlockDeviceMapping[] | undefined,
): BlockDeviceMapping[] => {
  const named = new Set((above ?? []).map((mapping) => mapping.DeviceName));
  return [...(below ?? []).filter((one) => !named.has(one.DeviceName)), ...(above ?? [])];
};

/** Of a resource type both tag, the tags of both; where they differ, the request's. */
const mergedTags = (
  below: readonly TagSpecification[] | undefined,
  above: readonly TagSpecification[] | undefined,
): TagSpecification[] => {
  const types = new Set([...(below ?? []), ...(above ?? [])].map((one) => one.ResourceType));
  const tagsOf = (list: readonly TagSpecification[] | undefined, type: string | undefined) =>
    (list ?? []).filter((one) => one.ResourceType === type).flatMap((one) => one.Tags ?? []);
  return [...types].map((ResourceType) => {
    const own = tagsOf(above, ResourceType);
    const keys = new Set(own.map((tag) => tag.Key));
    const rest = tagsOf(below, ResourceType).filter((tag) => !keys.has(tag.Key));
    return { ResourceType, Tags: [...rest, ...own] };
  });
};

/** The request over the data of the launch template that it names, if it names one. */
export const withTemplate = (
  ec2: Ec2,
  input: RunInstancesRequest,
  call: Call,
): RunInstancesRequest => {
  if (input.LaunchTemplate === undefined) return input;
  const data = launchDataOf(ec2, input.LaunchTemplate, call);
  const merged = { ...data, ...withValues(input) };
  const mappings = mergedMappings(data.BlockDeviceMappings, input.BlockDeviceMappings);
  return {
    ...merged,
    BlockDeviceMappings: mappings,
    TagSpecifications: mergedTags(data.TagSpecifications, input.TagSpecifications),
    // One that is asked for replaces the template's, whose interface would be a second one.
    NetworkInterfaces:
      input.SubnetId === undefined ? merged.NetworkInterfaces : input.NetworkInterfaces,
  };
};

const assertInterfaces = (input: RunInstancesRequest): void => {
  const { NetworkInterfaces: interfaces = [] } = input;
  if (interfaces.length === 0) return;
  if (interfaces.length > 1 || interfaces[0]?.NetworkInterfaceId !== undefined) {
    refuseParameters({ NetworkInterface: 2 }, ['NetworkInterface']);
  }
  const both = (what: string): ApiError =>
    new ApiError(
      'InvalidParameterCombination',
      `Network interfaces and an instance-level ${what} may not be specified on the same request`,
    );
  if (input.SubnetId !== undefined) throw both('subnet ID');
  if (input.SecurityGroupIds !== undefined || input.SecurityGroups !== undefined) {
    throw both('security groups');
  }
  if (input.PrivateIpAddress !== undefined) throw both('private address');
};

const isOn = (option: { readonly Enabled?: boolean | undefined } | undefined): boolean =>
  option?.Enabled === true;

/** The options that have few values, and those values. */
const assertValues = (input: RunInstancesRequest): void => {
  const checks: readonly (readonly [string, string | undefined, readonly string[]])[] = [
    ['Placement.Tenancy', input.Placement?.Tenancy, ['default']],
    [
      'InstanceInitiatedShutdownBehavior',
      input.InstanceInitiatedShutdownBehavior,
      ['stop', 'terminate'],
    ],
    [
      'CreditSpecification.CpuCredits',
      input.CreditSpecification?.CpuCredits,
      ['standard', 'unlimited'],
    ],
    ['PrivateDnsNameOptions.HostnameType', input.PrivateDnsNameOptions?.HostnameType, ['ip-name']],
    [
      'MaintenanceOptions.AutoRecovery',
      input.MaintenanceOptions?.AutoRecovery,
      ['default', 'disabled'],
    ],
  ];
  for (const [name, value, values] of checks) assertOneOf(name, value, values);
};

const assertOneAddress = (input: RunInstancesRequest): void => {
  const address = input.PrivateIpAddress ?? input.NetworkInterfaces?.[0]?.PrivateIpAddress;
  if (address === undefined || (input.MaxCount ?? 1) === 1) return;
  throw new ApiError(
    'InvalidParameterCombination',
    'A private IP address cannot be specified for more than one instance',
  );
};

/** @throws ApiError for an option that has no such value, or that nothing here can have. */
export const assertOptions = (input: RunInstancesRequest): void => {
  refuseParameters(input, UNSUPPORTED);
  refuseParameters(input.Placement ?? {}, UNSUPPORTED_PLACEMENT);
  assertValues(input);
  assertAtMostOne(input.Placement ?? {}, ['AvailabilityZone', 'AvailabilityZoneId']);
  assertAtMostOne(input.IamInstanceProfile ?? {}, ['Arn', 'Name']);
  if (isOn(input.EnclaveOptions)) refuseParameters(input, ['EnclaveOptions']);
  if (input.HibernationOptions?.Configured === true)
    refuseParameters(input, ['HibernationOptions']);
  assertInterfaces(input);
  assertOneAddress(input);
};

/** More than EC2 starts in one request of an ordinary account. */
const COUNT_MAX = 1_000;

/** @throws ApiError `InvalidParameterValue`, `ResourceCountExceeded` */
export const assertCounts = ({
  MinCount: min = 1,
  MaxCount: max = 1,
}: RunInstancesRequest): void => {
  assertWithin('MinCount', min, { min: 1, max: COUNT_MAX });
  if (max > COUNT_MAX) {
    throw new ApiError(
      'ResourceCountExceeded',
      `You have exceeded the number of resources allowed for this request: ${COUNT_MAX}`,
    );
  }
  assertWithin('MaxCount', max, { min: 1, max: COUNT_MAX });
  if (min <= max) return;
  throw new ApiError(
    'InvalidParameterValue',
    `Value (${min}) for parameter minCount is invalid. It must not be greater than maxCount.`,
  );
};

const HTTP_STATES = ['enabled', 'disabled'];

/** An image that supports IMDSv2 makes its instances require it. */
export const metadataOf = (
  options: InstanceMetadataOptionsRequest | undefined,
  { imdsSupport }: ImageRow,
): MetadataOptions => {
  const { HttpEndpoint, HttpTokens, HttpProtocolIpv6, InstanceMetadataTags } = options ?? {};
  assertOneOf('MetadataOptions.HttpEndpoint', HttpEndpoint, HTTP_STATES);
  assertOneOf('MetadataOptions.HttpTokens', HttpTokens, ['optional', 'required']);
  assertOneOf('MetadataOptions.HttpProtocolIpv6', HttpProtocolIpv6, HTTP_STATES);
  assertOneOf('MetadataOptions.InstanceMetadataTags', InstanceMetadataTags, HTTP_STATES);
  const hops = options?.HttpPutResponseHopLimit;
  assertWithin('MetadataOptions.HttpPutResponseHopLimit', hops, { min: 1, max: 64 });
  const requires = imdsSupport === 'v2.0';
  return {
    httpEndpoint: HttpEndpoint ?? 'enabled',
    httpTokens: HttpTokens ?? (requires ? 'required' : 'optional'),
    hopLimit: hops ?? (requires ? 2 : 1),
    protocolIpv6: HttpProtocolIpv6 ?? 'disabled',
    instanceTags: InstanceMetadataTags ?? 'disabled',
  };
};

const USER_DATA_MAX_BYTES = 16_384;

/** Base64, as it comes over the wire. @throws ApiError past 16 KiB of what it stands for. */
export const userDataOf = (data: string | undefined): string | undefined => {
  if (data === undefined || Buffer.from(data, 'base64').length <= USER_DATA_MAX_BYTES) return data;
  throw new ApiError('InvalidParameterValue', 'User data is limited to 16384 bytes');
};

/** The instance profile by its ARN; its id follows from that, since there is no IAM to ask. */
export const profileOf = (
  { IamInstanceProfile: profile }: RunInstancesRequest,
  call: Call,
): { readonly arn: string; readonly id: string } | undefined => {
  if (profile?.Arn === undefined && profile?.Name === undefined) return undefined;
  const arn = profile.Arn ?? `arn:aws:iam::${call.account}:instance-profile/${profile.Name}`;
  if (!/^arn:aws[\w-]*:iam::\d{12}:instance-profile\/\S+$/.test(arn)) {
    throw new ApiError(
      'InvalidParameterValue',
      `Value (${arn}) for parameter iamInstanceProfile.arn is invalid. ` +
        'Invalid IAM Instance Profile ARN',
    );
  }
  const hash = createHash('sha256').update(arn).digest('hex').toUpperCase();
  return { arn, id: `AIPA${hash.slice(0, 17)}` };
};
