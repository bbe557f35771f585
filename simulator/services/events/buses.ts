/** The buses of every account and Region. The default one is always there. */
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError } from '../../wire/api.ts';
import { type BusRow, busArnOf, type Place, type RuleRow } from './rows.ts';

export const DEFAULT_BUS = 'default';

const keyOf = ({ account, region }: Place, name: string): string => `${account} ${region} ${name}`;

/** Also of an ARN, whose last part may hold slashes: of a partner's bus. */
const NAME = /^(?:arn:[^:]+:events:([^:]*):(\d{12}):event-bus\/)?(.+)$/;

export const noBus = (name: string): ApiError =>
  new ApiError('ResourceNotFoundException', `Event bus ${name} does not exist.`);

export class Buses {
  readonly #kernel: Kernel;
  #buses = new Map<string, BusRow>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.keep({
      name: 'events',
      save: () => ({ buses: this.#buses }),
      load: (saved: { buses: Map<string, BusRow> }) => {
        this.#buses = saved.buses;
      },
    });
  }

  /** Those of one account and Region, by name. */
  of(place: Place): readonly BusRow[] {
    this.lookUp(place, DEFAULT_BUS);
    return [...this.#buses.values()]
      .filter(({ account, region }) => account === place.account && region === place.region)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  lookUp(place: Place, name: string): BusRow | undefined {
    const found = this.#buses.get(keyOf(place, name));
    return found === undefined && name === DEFAULT_BUS ? this.create(place, name) : found;
  }

  /** By name or ARN, the default one if there is neither. @throws ApiError `ResourceNotFoundException` */
  find(place: Place, nameOrArn: string = DEFAULT_BUS): BusRow {
    const bus = this.byNameOrArn(place, nameOrArn);
    if (bus !== undefined) return bus;
    throw noBus(NAME.exec(nameOrArn)?.[3] ?? nameOrArn);
  }

  byNameOrArn(place: Place, nameOrArn: string): BusRow | undefined {
    const [, region, account, name = ''] = NAME.exec(nameOrArn) ?? [];
    const home = { account: account ?? place.account, region: region ?? place.region };
    return this.lookUp(home, name);
  }

  /** @throws ApiError `ResourceAlreadyExistsException` */
  create({ account, region }: Place, name: string): BusRow {
    const key = keyOf({ account, region }, name);
    if (this.#buses.has(key)) {
      throw new ApiError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    }
    const nowMs = this.#kernel.clock.nowMs();
    const bus: BusRow = {
      account,
      region,
      name,
      createdAtMs: nowMs,
      modifiedAtMs: nowMs,
      description: undefined,
      kmsKey: undefined,
      deadLetterArn: undefined,
      log: undefined,
      policy: undefined,
      tags: new Map(),
      rules: new Map(),
    };
    this.#buses.set(key, bus);
    return bus;
  }

  delete(bus: BusRow): void {
    this.#buses.delete(keyOf(bus, bus.name));
  }

  /** A rule as it is now; none if it was deleted, or its bus. */
  ruleOf(address: Place & { readonly bus: string; readonly name: string }): RuleRow | undefined {
    return this.lookUp(address, address.bus)?.rules.get(address.name);
  }

  /** The tags of a bus or a rule. @throws ApiError `ResourceNotFoundException` */
  tagsOf(place: Place, arn: string): Map<string, string> {
    const bus = this.of(place).find((one) => busArnOf(one) === arn);
    if (bus !== undefined) return bus.tags;
    const [, path = ''] = /^arn:[^:]+:events:[^:]*:\d{12}:rule\/(.+)$/.exec(arn) ?? [];
    const slash = path.lastIndexOf('/');
    const address = {
      ...place,
      bus: slash === -1 ? DEFAULT_BUS : path.slice(0, slash),
      name: path.slice(slash + 1),
    };
    const rule = path === '' ? undefined : this.ruleOf(address);
    if (rule !== undefined) return rule.tags;
    if (path === '') {
      throw new ApiError('ValidationException', 'Parameter ResourceARN is not valid.');
    }
    throw noRule(address.name, address.bus);
  }
}

export const noRule = (name: string, bus: string): ApiError =>
  new ApiError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
