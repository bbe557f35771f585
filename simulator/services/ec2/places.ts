/** DescribeRegions, DescribeAvailabilityZones, DescribeAccountAttributes, and what a place is called. */
import type {
  AvailabilityZone,
  DescribeAccountAttributesRequest,
  DescribeAccountAttributesResult,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeRegionsRequest,
  DescribeRegionsResult,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileTaglessFilters, type Facets, matchNothing } from './filters.ts';
import { defaultVpcOf } from './network.ts';
import { assertOneOf } from './parameters.ts';
import { REGIONS, type Region, type Zone } from './regions.ts';

/** @throws ApiError `InvalidRegion` for a source Region that does not exist. */
export const assertRegion = (name: string): void => {
  if (!REGIONS.has(name)) {
    throw new ApiError('InvalidRegion', `The specified region '${name}' is not valid.`);
  }
};

const DNS_SUFFIX = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
};

const endpointOf = ({ name, partition }: Region): string => `ec2.${name}.${DNS_SUFFIX[partition]}`;

/** No account here has opted in to a Region. */
const optInOf = ({ isOptIn }: Region): string => (isOptIn ? 'not-opted-in' : 'opt-in-not-required');

const REGION_FACETS: Facets<Region> = {
  endpoint: (row) => [endpointOf(row)],
  'opt-in-status': (row) => [optInOf(row)],
  'region-name': (row) => [row.name],
};

const knownRegions = (call: Call): Region[] => {
  const partition = REGIONS.get(call.region)?.partition ?? 'aws';
  return [...REGIONS.values()].filter((row) => row.partition === partition);
};

const namedRegions = (names: readonly string[], known: readonly Region[]): Region[] => {
  const unknown = names.filter((name) => !known.some((row) => row.name === name));
  if (unknown.length > 0) {
    throw new ApiError('InvalidParameterValue', `Invalid region names: [${unknown.join(', ')}]`);
  }
  return known.filter((row) => names.includes(row.name));
};

const describeRegions = (input: DescribeRegionsRequest, call: Call): DescribeRegionsResult => {
  const holds = compileTaglessFilters(input.Filters, REGION_FACETS);
  const known = knownRegions(call);
  const isListed = (row: Region): boolean => input.AllRegions === true || !row.isOptIn;
  const asked =
    input.RegionNames === undefined || input.RegionNames.length === 0
      ? known.filter(isListed)
      : namedRegions(input.RegionNames, known);
  return {
    Regions: asked.filter(holds).map((row) => ({
      RegionName: row.name,
      Endpoint: endpointOf(row),
      OptInStatus: optInOf(row),
    })),
  };
};

interface ZoneOfRegion {
  readonly zone: Zone;
  readonly region: Region;
}

const groupOf = ({ region }: ZoneOfRegion): string => `${region.name}-zg-1`;
const longGroupOf = ({ region }: ZoneOfRegion): string => `${region.longName} 1`;

const ZONE_FACETS: Facets<ZoneOfRegion> = {
  'group-long-name': (row) => [longGroupOf(row)],
  'group-name': (row) => [groupOf(row)],
  'opt-in-status': () => ['opt-in-not-required'],
  'region-name': ({ region }) => [region.name],
  state: () => ['available'],
  'zone-id': ({ zone }) => [zone.id],
  'zone-name': ({ zone }) => [zone.name],
  'zone-type': () => ['availability-zone'],
  ...matchNothing(['message', 'parent-zone-id', 'parent-zone-name']),
};

const zoneOut = (row: ZoneOfRegion): AvailabilityZone => ({
  ZoneName: row.zone.name,
  ZoneId: row.zone.id,
  ZoneType: 'availability-zone',
  State: 'available',
  RegionName: row.region.name,
  GroupName: groupOf(row),
  GroupLongName: longGroupOf(row),
  NetworkBorderGroup: row.region.name,
  OptInStatus: 'opt-in-not-required',
  Messages: [],
});

const assertZones = (
  asked: readonly string[] | undefined,
  known: readonly string[],
  what: string,
): void => {
  const unknown = (asked ?? []).filter((one) => !known.includes(one));
  if (unknown.length === 0) return;
  throw new ApiError('InvalidParameterValue', `Invalid ${what}: [${unknown.join(', ')}]`);
};

const describeZones = (
  input: DescribeAvailabilityZonesRequest,
  call: Call,
): DescribeAvailabilityZonesResult => {
  const holds = compileTaglessFilters(input.Filters, ZONE_FACETS);
  const region = REGIONS.get(call.region);
  const zones = region?.zones ?? [];
  const { ZoneNames: names, ZoneIds: ids } = input;
  assertZones(
    names,
    zones.map((zone) => zone.name),
    'availability zone',
  );
  assertZones(
    ids,
    zones.map((zone) => zone.id),
    'availability zone-id',
  );
  const rows = zones
    .filter((zone) => names === undefined || names.includes(zone.name))
    .filter((zone) => ids === undefined || ids.includes(zone.id))
    .flatMap((zone) => (region === undefined ? [] : [{ zone, region }]));
  return { AvailabilityZones: rows.filter(holds).map(zoneOut) };
};

/** The zone of that name, or of that id, in the caller's Region. */
export const findZone = (
  by: { readonly name?: string | undefined; readonly id?: string | undefined },
  { region }: Pick<Call, 'region'>,
): Zone | undefined =>
  REGIONS.get(region)?.zones.find((zone) => zone.name === by.name || zone.id === by.id);

const describeAccount = (
  ec2: Ec2,
  input: DescribeAccountAttributesRequest,
  call: Call,
): DescribeAccountAttributesResult => {
  const values: Readonly<Record<string, string>> = {
    'supported-platforms': 'VPC',
    'default-vpc': defaultVpcOf(ec2, call).vpcId,
    'max-instances': '20',
    'vpc-max-security-groups-per-interface': '5',
    'max-elastic-ips': '5',
    'vpc-max-elastic-ips': '5',
  };
  const { AttributeNames: asked = Object.keys(values) } = input;
  for (const name of asked) assertOneOf('AttributeName', name, Object.keys(values));
  return {
    AccountAttributes: asked.map((name) => ({
      AttributeName: name,
      AttributeValues: [{ AttributeValue: values[name] }],
    })),
  };
};

export const placeOperations = (ec2: Ec2) => ({
  /** Without `AllRegions` only those that the account need not opt in to. */
  DescribeRegions: (input: DescribeRegionsRequest, call: Call) => describeRegions(input, call),
  /** Of the Region that is asked; there are no Local Zones. */
  DescribeAvailabilityZones: (input: DescribeAvailabilityZonesRequest, call: Call) =>
    describeZones(input, call),
  DescribeAccountAttributes: (input: DescribeAccountAttributesRequest, call: Call) =>
    describeAccount(ec2, input, call),
});
