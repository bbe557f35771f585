/** DescribeVpcs, DescribeSubnets, DescribeSecurityGroups. */
import type {
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
  IpPermission,
  SecurityGroup,
  Subnet,
  Vpc,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, type Facets, matchNothing } from './filters.ts';
import { SECURITY_GROUP, SUBNET, VPC } from './ids.ts';
import { defaultVpcOf, findGroups } from './network.ts';
import type { SecurityGroupRow, SubnetRow, VpcRow } from './network-memory.ts';
import { findZone } from './places.ts';
import { asTable, pageOfSelection } from './selection.ts';
import { tagsOut } from './tags.ts';

const BOUNDS = { min: 5, max: 1_000 };

const associationOf = ({ vpcId }: VpcRow): string => vpcId.replace('vpc-', 'vpc-cidr-assoc-');

const VPC_FACETS: Facets<VpcRow> = {
  cidr: (row) => [row.cidrBlock],
  'cidr-block-association.cidr-block': (row) => [row.cidrBlock],
  'cidr-block-association.association-id': (row) => [associationOf(row)],
  'cidr-block-association.state': () => ['associated'],
  'dhcp-options-id': (row) => [row.dhcpOptionsId],
  'is-default': (row) => [String(row.isDefault)],
  isDefault: (row) => [String(row.isDefault)],
  'owner-id': (row) => [row.ownerId],
  state: () => ['available'],
  'vpc-id': (row) => [row.vpcId],
  ...matchNothing([
    'ipv6-cidr-block-association.ipv6-cidr-block',
    'ipv6-cidr-block-association.ipv6-pool',
    'ipv6-cidr-block-association.association-id',
    'ipv6-cidr-block-association.state',
  ]),
};

const vpcOut = (row: VpcRow): Vpc => ({
  VpcId: row.vpcId,
  OwnerId: row.ownerId,
  State: 'available',
  CidrBlock: row.cidrBlock,
  CidrBlockAssociationSet: [
    {
      AssociationId: associationOf(row),
      CidrBlock: row.cidrBlock,
      CidrBlockState: { State: 'associated' },
    },
  ],
  DhcpOptionsId: row.dhcpOptionsId,
  InstanceTenancy: 'default',
  IsDefault: row.isDefault,
  Tags: tagsOut(row.tags),
});

/** Addresses of the subnet that AWS does not keep for itself and that no instance has. */
const freeAddresses = (ec2: Ec2, row: SubnetRow, call: Call): number => {
  const total = 2 ** (32 - Number(row.cidrBlock.split('/')[1])) - 5;
  const used = [...ec2.store(call.region).instances.values()].filter(
    (instance) => instance.subnetId === row.subnetId && instance.state !== 'terminated',
  );
  return total - used.length;
};

const arnOf = (row: SubnetRow, { region }: Call): string =>
  `arn:aws:ec2:${region}:${row.ownerId}:subnet/${row.subnetId}`;

const subnetFacets = (ec2: Ec2, call: Call): Facets<SubnetRow> => ({
  'availability-zone': (row) => [row.availabilityZone],
  'availability-zone-id': (row) => [findZone({ name: row.availabilityZone }, call)?.id],
  'available-ip-address-count': (row) => [String(freeAddresses(ec2, row, call))],
  'cidr-block': (row) => [row.cidrBlock],
  cidr: (row) => [row.cidrBlock],
  'default-for-az': (row) => [String(row.isDefaultForAz)],
  'enable-dns64': () => ['false'],
  'ipv6-native': () => ['false'],
  'map-customer-owned-ip-on-launch': () => ['false'],
  'map-public-ip-on-launch': () => ['false'],
  'owner-id': (row) => [row.ownerId],
  'private-dns-name-options-on-launch.hostname-type': () => ['ip-name'],
  'private-dns-name-options-on-launch.enable-resource-name-dns-a-record': () => ['false'],
  'private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record': () => ['false'],
  state: () => ['available'],
  'subnet-arn': (row) => [arnOf(row, call)],
  'subnet-id': (row) => [row.subnetId],
  'vpc-id': (row) => [row.vpcId],
  ...matchNothing([
    'customer-owned-ipv4-pool',
    'enable-lni-at-device-index',
    'ipv6-cidr-block-association.ipv6-cidr-block',
    'ipv6-cidr-block-association.association-id',
    'ipv6-cidr-block-association.state',
    'outpost-arn',
  ]),
});

/** Without public addresses, also in default subnets: instances here have none. */
const subnetOut = (ec2: Ec2, row: SubnetRow, call: Call): Subnet => ({
  SubnetId: row.subnetId,
  SubnetArn: arnOf(row, call),
  VpcId: row.vpcId,
  OwnerId: row.ownerId,
  State: 'available',
  CidrBlock: row.cidrBlock,
  AvailabilityZone: row.availabilityZone,
  AvailabilityZoneId: findZone({ name: row.availabilityZone }, call)?.id,
  AvailableIpAddressCount: freeAddresses(ec2, row, call),
  DefaultForAz: row.isDefaultForAz,
  MapPublicIpOnLaunch: false,
  AssignIpv6AddressOnCreation: false,
  Ipv6CidrBlockAssociationSet: [],
  Ipv6Native: false,
  EnableDns64: false,
  MapCustomerOwnedIpOnLaunch: false,
  PrivateDnsNameOptionsOnLaunch: {
    HostnameType: 'ip-name',
    EnableResourceNameDnsARecord: false,
    EnableResourceNameDnsAAAARecord: false,
  },
  Tags: tagsOut(row.tags),
});

/** Everything may go out of every group; into the default one comes what is in it. */
const EGRESS: IpPermission = {
  IpProtocol: '-1',
  IpRanges: [{ CidrIp: '0.0.0.0/0' }],
  Ipv6Ranges: [],
  PrefixListIds: [],
  UserIdGroupPairs: [],
};

const isDefault = (row: SecurityGroupRow): boolean => row.groupName === 'default';

const ingressOf = (row: SecurityGroupRow): IpPermission[] =>
  isDefault(row)
    ? [
        {
          IpProtocol: '-1',
          IpRanges: [],
          Ipv6Ranges: [],
          PrefixListIds: [],
          UserIdGroupPairs: [{ GroupId: row.groupId, UserId: row.ownerId }],
        },
      ]
    : [];

const GROUP_FACETS: Facets<SecurityGroupRow> = {
  description: (row) => [row.description],
  'egress.ip-permission.cidr': () => ['0.0.0.0/0'],
  'egress.ip-permission.protocol': () => ['-1'],
  'group-id': (row) => [row.groupId],
  'group-name': (row) => [row.groupName],
  'ip-permission.group-id': (row) => [isDefault(row) ? row.groupId : undefined],
  'ip-permission.protocol': (row) => [isDefault(row) ? '-1' : undefined],
  'ip-permission.user-id': (row) => [isDefault(row) ? row.ownerId : undefined],
  'owner-id': (row) => [row.ownerId],
  'vpc-id': (row) => [row.vpcId],
  ...matchNothing([
    'egress.ip-permission.from-port',
    'egress.ip-permission.group-id',
    'egress.ip-permission.group-name',
    'egress.ip-permission.ipv6-cidr',
    'egress.ip-permission.prefix-list-id',
    'egress.ip-permission.to-port',
    'egress.ip-permission.user-id',
    'ip-permission.cidr',
    'ip-permission.from-port',
    'ip-permission.group-name',
    'ip-permission.ipv6-cidr',
    'ip-permission.prefix-list-id',
    'ip-permission.to-port',
  ]),
};

const groupOut = (row: SecurityGroupRow, { region }: Call): SecurityGroup => ({
  GroupId: row.groupId,
  GroupName: row.groupName,
  Description: row.description,
  SecurityGroupArn: `arn:aws:ec2:${region}:${row.ownerId}:security-group/${row.groupId}`,
  OwnerId: row.ownerId,
  VpcId: row.vpcId,
  IpPermissions: ingressOf(row),
  IpPermissionsEgress: [EGRESS],
  Tags: tagsOut(row.tags),
});

const describeGroups = (
  ec2: Ec2,
  input: DescribeSecurityGroupsRequest,
  call: Call,
): DescribeSecurityGroupsResult => {
  const { vpcId } = defaultVpcOf(ec2, call);
  const { GroupNames: names } = input;
  if (names !== undefined) findGroups(ec2, { names }, vpcId, call);
  const holds = compileFilters(input.Filters, GROUP_FACETS);
  const page = pageOfSelection(ec2, input, {
    table: asTable(ec2.store(call.region).network.securityGroups),
    kind: SECURITY_GROUP,
    idOf: (row) => row.groupId,
    ids: input.GroupIds,
    idsParameter: 'groupIds',
    bounds: BOUNDS,
    isVisible: (row) => row.ownerId === call.account,
    holds: (row) => (names === undefined || names.includes(row.groupName)) && holds(row),
  });
  return {
    SecurityGroups: page.rows.map((row) => groupOut(row, call)),
    NextToken: page.nextToken,
  };
};

export const describeNetworkOperations = (ec2: Ec2) => ({
  DescribeVpcs: (input: DescribeVpcsRequest, call: Call): DescribeVpcsResult => {
    defaultVpcOf(ec2, call);
    const page = pageOfSelection(ec2, input, {
      table: asTable(ec2.store(call.region).network.vpcs),
      kind: VPC,
      idOf: (row) => row.vpcId,
      ids: input.VpcIds,
      idsParameter: 'vpcIds',
      bounds: BOUNDS,
      isVisible: (row) => row.ownerId === call.account,
      holds: compileFilters(input.Filters, VPC_FACETS),
    });
    return { Vpcs: page.rows.map(vpcOut), NextToken: page.nextToken };
  },

  DescribeSubnets: (input: DescribeSubnetsRequest, call: Call): DescribeSubnetsResult => {
    defaultVpcOf(ec2, call);
    const page = pageOfSelection(ec2, input, {
      table: asTable(ec2.store(call.region).network.subnets),
      kind: SUBNET,
      idOf: (row) => row.subnetId,
      ids: input.SubnetIds,
      idsParameter: 'subnetIds',
      bounds: BOUNDS,
      isVisible: (row) => row.ownerId === call.account,
      holds: compileFilters(input.Filters, subnetFacets(ec2, call)),
    });
    return {
      Subnets: page.rows.map((row) => subnetOut(ec2, row, call)),
      NextToken: page.nextToken,
    };
  },

  DescribeSecurityGroups: (input: DescribeSecurityGroupsRequest, call: Call) =>
    describeGroups(ec2, input, call),
});
