/** The default VPC that every account has in every Region, and what of it an instance names. */
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { newId, notFound, SECURITY_GROUP, SUBNET } from './ids.ts';
import type { KeyPairRow, SecurityGroupRow, SubnetRow, VpcRow } from './network-memory.ts';
import { REGIONS } from './regions.ts';

const CIDR = '172.31.0.0/16';
/** Addresses of a default subnet: `/20`. */
const SUBNET_STEP = 16;

/** Whose network it is, and where. */
type Owner = Pick<Call, 'account' | 'region'>;

const makeSubnets = (ec2: Ec2, vpc: VpcRow, stream: string, call: Owner): void => {
  const { subnets } = ec2.store(call.region).network;
  const zones = REGIONS.get(call.region)?.zones ?? [{ name: `${call.region}a`, id: '' }];
  zones.forEach(({ name }, index) => {
    const subnetId = newId(ec2.kernel, SUBNET.prefix, stream);
    subnets.set(subnetId, {
      subnetId,
      vpcId: vpc.vpcId,
      ownerId: call.account,
      availabilityZone: name,
      cidrBlock: `172.31.${index * SUBNET_STEP}.0/20`,
      isDefaultForAz: true,
      tags: new Map(),
    });
  });
};

const makeVpc = (ec2: Ec2, call: Owner): VpcRow => {
  const { network } = ec2.store(call.region);
  const stream = `network of ${call.account} in ${call.region}`;
  const vpc: VpcRow = {
    vpcId: newId(ec2.kernel, 'vpc', stream),
    ownerId: call.account,
    cidrBlock: CIDR,
    isDefault: true,
    dhcpOptionsId: newId(ec2.kernel, 'dopt', stream),
    tags: new Map(),
  };
  network.vpcs.set(vpc.vpcId, vpc);
  makeSubnets(ec2, vpc, stream, call);
  const groupId = newId(ec2.kernel, SECURITY_GROUP.prefix, stream);
  network.securityGroups.set(groupId, {
    groupId,
    groupName: 'default',
    description: 'default VPC security group',
    vpcId: vpc.vpcId,
    ownerId: call.account,
    tags: new Map(),
  });
  return vpc;
};

/** The default VPC of the caller; it comes into being, with what is in it, when first looked at. */
export const defaultVpcOf = (ec2: Ec2, call: Owner): VpcRow => {
  for (const vpc of ec2.store(call.region).network.vpcs.values()) {
    if (vpc.ownerId === call.account && vpc.isDefault) return vpc;
  }
  return ec2.rehearsal.inEarnest(() => makeVpc(ec2, call));
};

/** @throws ApiError `InvalidSubnetID.NotFound` */
export const findSubnet = (ec2: Ec2, id: string, call: Call): SubnetRow => {
  defaultVpcOf(ec2, call);
  const row = ec2.store(call.region).network.subnets.get(id);
  if (row?.ownerId === call.account) return row;
  throw notFound(SUBNET, [id]);
};

/** The default subnet of a zone. @throws ApiError for a zone that the Region has not. */
export const defaultSubnetOf = (ec2: Ec2, zone: string | undefined, call: Call): SubnetRow => {
  const { vpcId } = defaultVpcOf(ec2, call);
  for (const row of ec2.store(call.region).network.subnets.values()) {
    if (row.vpcId !== vpcId || !row.isDefaultForAz) continue;
    if (zone === undefined || row.availabilityZone === zone) return row;
  }
  throw new ApiError('InvalidParameterValue', `Invalid availability zone: [${zone}]`);
};

const groupsOf = (ec2: Ec2, call: Call): SecurityGroupRow[] => {
  defaultVpcOf(ec2, call);
  const rows = ec2.store(call.region).network.securityGroups.values();
  return [...rows].filter((row) => row.ownerId === call.account);
};

/**
 * Security groups by id or by name; the default one if none is named.
 * @throws ApiError `InvalidGroup.NotFound`, `InvalidParameter` for one of another VPC
 */
export const findGroups = (
  ec2: Ec2,
  by: {
    readonly ids?: readonly string[] | undefined;
    readonly names?: readonly string[] | undefined;
  },
  vpcId: string,
  call: Call,
): SecurityGroupRow[] => {
  const own = groupsOf(ec2, call);
  const { ids = [], names = [] } = by;
  const byId = ids.map((id) => {
    const row = own.find((one) => one.groupId === id);
    if (row === undefined) throw notFound(SECURITY_GROUP, [id]);
    if (row.vpcId === vpcId) return row;
    throw new ApiError(
      'InvalidParameter',
      `Security group ${id} and the subnet belong to different networks.`,
    );
  });
  const isIn = (row: SecurityGroupRow): boolean => row.vpcId === vpcId;
  const wanted = ids.length === 0 && names.length === 0 ? ['default'] : names;
  const byName = wanted.map((name) => {
    const row = own.find((one) => one.groupName === name && isIn(one));
    if (row === undefined) throw notFound(SECURITY_GROUP, [name]);
    return row;
  });
  return [...byId, ...byName];
};

/** The name of a group that exists, for the many places where EC2 gives both. */
export const groupNameOf = (ec2: Ec2, region: string, groupId: string): string =>
  ec2.store(region).network.securityGroups.get(groupId)?.groupName ?? groupId;

export const keyPairsOf = (ec2: Ec2, call: Call): KeyPairRow[] =>
  [...ec2.store(call.region).network.keyPairs.values()].filter(
    (row) => row.ownerId === call.account,
  );

/** @throws ApiError `InvalidKeyPair.NotFound` */
export const assertKeyPair = (ec2: Ec2, name: string | undefined, call: Call): void => {
  if (name === undefined || keyPairsOf(ec2, call).some((row) => row.keyName === name)) return;
  throw new ApiError('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
};

/** An address in a subnet whose block is a `/20`, drawn by chance. */
export const addressIn = (ec2: Ec2, { cidrBlock }: SubnetRow): string => {
  const random = ec2.kernel.random('network');
  const [a = 172, b = 31, c = 0] = cidrBlock.split(/[./]/).map(Number);
  return `${a}.${b}.${c + random.integer(0, SUBNET_STEP - 1)}.${random.integer(4, 254)}`;
};
