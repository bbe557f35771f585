/** Auto Scaling: the groups and launch configurations of every account and Region. */
import type { Kernel } from '../../kernel/kernel.ts';
import { uuidOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { Ec2Operations } from '../ec2/service.ts';
import type { Place } from '../events/rows.ts';
import type { ConfigurationRow, GroupRow } from './rows.ts';

export interface Surroundings {
  readonly kernel: Kernel;
  readonly ec2Core: Ec2;
  readonly ec2: Ec2Operations;
  /** A call that the service makes by itself, in the account of the group. */
  readonly callAs: (account: string, region: string) => Call;
}

interface SavedGroups {
  readonly groups: Map<string, GroupRow>;
  readonly configurations: Map<string, ConfigurationRow>;
}

const keyOf = ({ account, region }: Place, name: string): string => `${account} ${region} ${name}`;

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

/** What Auto Scaling refuses, it mostly refuses with this code. */
export const invalid = (message: string): ApiError => new ApiError('ValidationError', message);

export class AutoScaling {
  readonly surroundings: Surroundings;
  #groups = new Map<string, GroupRow>();
  #configurations = new Map<string, ConfigurationRow>();

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
    surroundings.kernel.keep({
      name: 'autoscaling',
      save: (): SavedGroups => ({ groups: this.#groups, configurations: this.#configurations }),
      load: (saved: SavedGroups) => {
        this.#groups = saved.groups;
        this.#configurations = saved.configurations;
      },
    });
  }

  newUuid(): string {
    return uuidOf(this.surroundings.kernel.random('auto scaling'));
  }

  /** Those of one account and Region, by name. */
  groupsOf(place: Place): readonly GroupRow[] {
    return [...this.#groups.values()].filter((row) => isAt(row, place)).toSorted(byName);
  }

  lookUp(place: Place, name: string): GroupRow | undefined {
    return this.#groups.get(keyOf(place, name));
  }

  /** @throws ApiError `ValidationError` */
  find(place: Place, name: string): GroupRow {
    const row = this.lookUp(place, name);
    if (row !== undefined) return row;
    throw invalid(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
  }

  add(row: GroupRow): void {
    this.#groups.set(keyOf(row, row.name), row);
  }

  remove(row: GroupRow): void {
    this.#groups.delete(keyOf(row, row.name));
  }

  /** The group that an instance belongs to. */
  groupWith(place: Place, instanceId: string): GroupRow | undefined {
    for (const row of this.#groups.values()) {
      if (row.members.has(instanceId) && isAt(row, place)) return row;
    }
    return undefined;
  }

  configurationsOf(place: Place): readonly ConfigurationRow[] {
    return [...this.#configurations.values()].filter((row) => isAt(row, place)).toSorted(byName);
  }

  configuration(place: Place, name: string): ConfigurationRow | undefined {
    return this.#configurations.get(keyOf(place, name));
  }

  addConfiguration(row: ConfigurationRow): void {
    this.#configurations.set(keyOf(row, row.name), row);
  }

  removeConfiguration(row: ConfigurationRow): void {
    this.#configurations.delete(keyOf(row, row.name));
  }
}

const isAt = (row: Place, { account, region }: Place): boolean =>
  row.account === account && row.region === region;
