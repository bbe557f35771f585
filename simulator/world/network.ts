/** What the instances of a world name: two subnets, a security group for each role, and a key pair. */
import type { EmbeddedCloud } from '../cloud.ts';
import { defaultVpcOf } from '../services/ec2/network.ts';
import type { InstancePlan } from './mix.ts';

type Role = InstancePlan['role'];
type ZoneLetter = InstancePlan['zone'];

const GROUP_IDS: Readonly<Record<Role, string>> = {
  web: 'sg-00000000000000a01',
  db: 'sg-00000000000000a02',
  legacy: 'sg-00000000000000a03',
  ci: 'sg-00000000000000a04',
  old: 'sg-00000000000000a05',
};

const CIDRS: Readonly<Record<ZoneLetter, string>> = { a: '172.31.128.0/20', b: '172.31.144.0/20' };

export const KEY_NAME = 'operations';

export const groupIdOf = (role: Role): string => GROUP_IDS[role];

export const subnetIdOf = (zone: ZoneLetter): string => `subnet-0${zone}000000000000001`;

/** Puts them into the default VPC of the account, unless they are there already. */
export const seedNetwork = (
  cloud: EmbeddedCloud,
  { account, region }: { readonly account: string; readonly region: string },
): void => {
  const { network } = cloud.ec2Core.store(region);
  if (network.subnets.has(subnetIdOf('a'))) return;
  const { vpcId } = defaultVpcOf(cloud.ec2Core, { account, region });
  const owned = { vpcId, ownerId: account };
  for (const zone of ['a', 'b'] as const) {
    const subnetId = subnetIdOf(zone);
    const availabilityZone = `${region}${zone}`;
    const facts = { availabilityZone, cidrBlock: CIDRS[zone], isDefaultForAz: false };
    network.subnets.set(subnetId, { subnetId, ...owned, ...facts, tags: new Map() });
  }
  for (const [role, groupId] of Object.entries(GROUP_IDS)) {
    const described = { groupName: role, description: `What ${role} instances may talk to` };
    network.securityGroups.set(groupId, { groupId, ...owned, ...described, tags: new Map() });
  }
  network.keyPairs.set('key-00000000000000a01', {
    keyPairId: 'key-00000000000000a01',
    keyName: KEY_NAME,
    ownerId: account,
    createdAtMs: cloud.clock.nowMs(),
    fingerprint: '1f:51:ae:28:bf:89:e9:d8:1f:25:5d:37:2d:7d:b8:ca',
    keyType: 'rsa',
    publicKey: 'ssh-rsa AAAAB3NzaC1yc2E= operations',
    tags: new Map(),
  });
};
