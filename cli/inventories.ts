import { type Command, InvalidArgumentError, Option } from 'commander';
import { isoOf } from '../shared/domain/iso.ts';
import { REGIONS } from '../shared/config/regions.ts';
import type { Inventory } from '../shared/domain/inventory.ts';
import { type Target, isSameTarget, targetKey } from '../shared/domain/model.ts';
import { inventoryOf } from '../shared/inventory/inventory-of.ts';
import type { FileKind } from '../shared/inventory/kinds.ts';
import { listTargets, readDocuments } from '../shared/inventory/read-folder.ts';
import { instant } from './instant.ts';
import { readLive } from './live-reading.ts';
import { RefusedError } from './refused-error.ts';
import { type Session, type SessionReport, sessionReport } from './session.ts';
import type { Surroundings } from './surroundings.ts';

/** Where what is looked at comes from: see {@link addInventoryOptions}. */
export interface InventoryOptions {
  /** A folder; without it, live AWS. */
  readonly from?: string;
  /** The instant that counts as now, in milliseconds since the epoch. */
  readonly now?: number;
  readonly home?: Target;
  /** Of live AWS. */
  readonly region?: readonly string[];
}

export type InventoryOrigin =
  | { readonly kind: 'folder'; readonly dir: string }
  | { readonly kind: 'live'; readonly session: Session };

/** The same in a report. */
export type OriginReport =
  | { readonly kind: 'folder'; readonly dir: string }
  | ({ readonly kind: 'live' } & SessionReport);

export const originReport = (origin: InventoryOrigin): OriginReport =>
  origin.kind === 'folder' ? origin : { kind: 'live', ...sessionReport(origin.session) };

export interface Inventories {
  readonly origin: InventoryOrigin;
  /** One for each target. */
  readonly inventories: readonly Inventory[];
  /** What `--home` names; else the only target, or the first Region of live AWS. */
  readonly home?: Target;
  readonly nowMs: number;
}

/**
 * Reads everything that can be seen: of a folder without asking AWS anything, or of live AWS.
 * @param kinds what is read of live AWS; without it, everything
 * @throws UnusableFileError | NoAccessError | RefusedError
 */
export const openInventories = async (
  options: InventoryOptions,
  surroundings: Surroundings,
  kinds?: readonly FileKind[],
): Promise<Inventories> =>
  options.from === undefined
    ? openLive(options, surroundings, kinds)
    : openFolder(options.from, options, surroundings);

/**
 * The target that counts as home.
 * @throws RefusedError if it is not clear which
 */
export const homeOf = ({ home, inventories }: Inventories): Target => {
  if (home !== undefined) return home;
  const targets = inventories.map(({ target }) => targetKey(target)).join(', ');
  throw new RefusedError(
    `several targets were observed: name the home by --home, one of ${targets}`,
  );
};

const openLive = async (
  { now, home, region }: InventoryOptions,
  surroundings: Surroundings,
  kinds: readonly FileKind[] | undefined,
): Promise<Inventories> => {
  const { session, targets } = await readLive(
    {
      ...(region === undefined ? {} : { region }),
      ...(kinds === undefined ? {} : { kinds }),
      mayRead: (all) => refuseOtherHome(home, all),
    },
    surroundings,
  );
  return {
    origin: { kind: 'live', session },
    inventories: targets.map(({ target, documents, observedMs }) =>
      inventoryOf(target, documents, observedMs),
    ),
    home: home ?? session.home,
    nowMs: now ?? surroundings.access.connection.clock.nowMs(),
  };
};

const openFolder = (
  dir: string,
  { now, home }: InventoryOptions,
  { access, terminal }: Surroundings,
): Inventories => {
  const targets = listTargets(dir);
  refuseOtherHome(home, targets);
  const read = targets.map((target) => ({ target, ...readDocuments(dir, target) }));
  const said = read.flatMap(({ observedMs }) => observedMs ?? []);
  const newestMs = said.length === 0 ? access.connection.clock.nowMs() : Math.max(...said);
  const nowMs = now ?? newestMs;
  terminal.error(saidOf(dir, said, nowMs));
  const only = targets.length === 1 ? targets[0] : undefined;
  const meant = home ?? only;
  return {
    origin: { kind: 'folder', dir },
    inventories: read.map(({ target, documents, observedMs }) =>
      inventoryOf(target, documents, observedMs ?? nowMs),
    ),
    ...(meant === undefined ? {} : { home: meant }),
    nowMs,
  };
};

/** What of time is known, and what is taken for now. */
const saidOf = (dir: string, observedMs: readonly number[], nowMs: number): string => {
  if (observedMs.length === 0) {
    return `from ${dir}, which does not say when it was observed; as of ${isoOf(nowMs)}`;
  }
  const [first, last] = [Math.min(...observedMs), Math.max(...observedMs)];
  const observed = first === last ? isoOf(last) : `${isoOf(first)} to ${isoOf(last)}`;
  const asOf = nowMs === last ? '' : `; as of ${isoOf(nowMs)}`;
  const early = nowMs < last ? ', and what came after is counted all the same' : '';
  return `from ${dir}, observed ${observed}${asOf}${early}`;
};

const refuseOtherHome = (home: Target | undefined, targets: readonly Target[]): void => {
  if (home === undefined || targets.some((target) => isSameTarget(target, home))) return;
  const all = targets.map(targetKey).join(', ');
  throw new RefusedError(`--home: nothing is seen of ${targetKey(home)}, but of ${all}`);
};

const targetOption = (text: string): Target => {
  const [, account, region] = /^(\d{12})\/([a-z]+(?:-[a-z]+)+-\d{1,2})$/.exec(text) ?? [];
  if (account !== undefined && region !== undefined) return { account, region };
  throw new InvalidArgumentError('Expected account/Region, such as 111122223333/eu-central-1.');
};

/** Reads an option as Regions with commas between. */
export const regionsOption = (text: string): readonly string[] => {
  const regions = [...new Set(text.split(',').map((one) => one.trim()))];
  const unknown = regions.find((region) => !REGIONS.includes(region));
  if (unknown === undefined) return regions;
  throw new InvalidArgumentError(`Unknown Region ${unknown}: expected some such as eu-central-1.`);
};

const addPlaceOptions = (command: Command): Command =>
  command
    .option('--from <dir>', 'a folder that `imago observe` or the AWS CLI has written: no AWS')
    .option('--now <instant>', 'what counts as now (default: when it was observed)', instant);

/** `--from`, `--now` and `--home`, of what plans for a home and where its policies copy to. */
export const addFolderOptions = (command: Command): Command =>
  addPlaceOptions(command).option(
    '--home <target>',
    'account/Region that counts as home',
    targetOption,
  );

const regionOption = (): Option =>
  new Option('--region <list>', 'Regions of live AWS, with commas (default: the one that is set)')
    .argParser(regionsOption)
    .conflicts('from');

/** `--from`, `--now` and `--region`, of what looks at all places alike. */
export const addSeenOptions = (command: Command): Command =>
  addPlaceOptions(command).addOption(regionOption());

/** The same and `--home`, of every other command that works on what can be seen. */
export const addInventoryOptions = (command: Command): Command =>
  addFolderOptions(command).addOption(regionOption());
