/** What there is of VPCs in one Region: just enough for what instances name to exist. */
import { OrderedMap } from '../../kernel/ordered-map.ts';
import type { Tags } from './rows.ts';

export interface VpcRow {
  readonly vpcId: string;
  readonly ownerId: string;
  readonly cidrBlock: string;
  readonly isDefault: boolean;
  readonly dhcpOptionsId: string;
  readonly tags: Tags;
}

export interface SubnetRow {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly availabilityZone: string;
  readonly cidrBlock: string;
  readonly isDefaultForAz: boolean;
  readonly tags: Tags;
}

export interface SecurityGroupRow {
  readonly groupId: string;
  readonly groupName: string;
  readonly description: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly tags: Tags;
}

export interface KeyPairRow {
  readonly keyPairId: string;
  readonly keyName: string;
  readonly ownerId: string;
  readonly createdAtMs: number;
  readonly fingerprint: string;
  readonly keyType: 'rsa' | 'ed25519';
  readonly publicKey: string;
  readonly tags: Tags;
}

/** As it is saved. */
export interface SavedNetwork {
  readonly vpcs: readonly VpcRow[];
  readonly subnets: readonly SubnetRow[];
  readonly securityGroups: readonly SecurityGroupRow[];
  readonly keyPairs: readonly KeyPairRow[];
}

/** Rows by id. */
export class NetworkMemory {
  readonly vpcs = new OrderedMap<VpcRow>();
  readonly subnets = new OrderedMap<SubnetRow>();
  readonly securityGroups = new OrderedMap<SecurityGroupRow>();
  readonly keyPairs = new OrderedMap<KeyPairRow>();

  save(): SavedNetwork {
    return {
      vpcs: [...this.vpcs.values()],
      subnets: [...this.subnets.values()],
      securityGroups: [...this.securityGroups.values()],
      keyPairs: [...this.keyPairs.values()],
    };
  }

  /** Takes what was saved over into a memory that has nothing. */
  load(saved: SavedNetwork): void {
    for (const row of saved.vpcs) this.vpcs.set(row.vpcId, row);
    for (const row of saved.subnets) this.subnets.set(row.subnetId, row);
    for (const row of saved.securityGroups) this.securityGroups.set(row.groupId, row);
    for (const row of saved.keyPairs) this.keyPairs.set(row.keyPairId, row);
  }
}
