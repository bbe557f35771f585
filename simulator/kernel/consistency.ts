/**
 * Reads that lag behind writes, as EC2's do ("eventual consistency" in the EC2 Developer Guide): what
 * is written counts at once for whoever writes, and is seen by a describe only after a while.
 *
 * A table keeps the few versions of its rows that are still seen: each as the row was before a
 * change, and until when. A later change is never seen before an earlier one of the same row.
 */
import { ChangeLog } from './change-log.ts';
import { draw, type Kernel } from './kernel.ts';
import { OrderedMap, rankAfter } from './ordered-map.ts';

/** How a row was before a change; undefined if it was not there. */
export interface Version<Row> {
  readonly before: Row | undefined;
  /** From then on the change is seen. */
  readonly untilMs: number;
}

/** Until when a change that is made now is not seen; the present instant if reads do not lag. */
export interface Lag {
  readonly nowMs: () => number;
  readonly untilMs: () => number;
}

/** As the manners say; nothing is drawn while they say that there is no lag. */
export const createLag = ({ clock, manners, random }: Kernel): Lag => ({
  nowMs: () => clock.nowMs(),
  untilMs: () => {
    const { readLagMs } = manners();
    return clock.nowMs() + (readLagMs.max === 0 ? 0 : draw(random('read-lag'), readLagMs));
  },
});

const VERSIONS_MIN = 64;

/** Where so many rows in order have not filled a page, most of them are not wanted. */
const LOOKED_AT_MAX = 4_000;

type Versions<Row> = readonly Version<Row>[];

/** A copy that later changes of the row leave alone: its Maps, Sets and lists are copied too. */
const copyOf = <Row extends object>(row: Row): Row => {
  const copy: Record<string, unknown> = Object.fromEntries(Object.entries(row));
  for (const [name, value] of Object.entries(copy)) {
    if (value instanceof Map) copy[name] = new Map(value);
    else if (value instanceof Set) copy[name] = new Set(value);
    else if (Array.isArray(value)) copy[name] = [...(value as readonly unknown[])];
  }
  return copy as Row;
};

/** Rows by id. As a Map it holds the truth, which is what operations that change something ask. */
export class Table<Row extends object> extends OrderedMap<Row> {
  readonly #lag: Lag;
  readonly #beforeChange: (row: Row | undefined) => void;
  readonly #versions = new Map<string, Versions<Row>>();
  /** With more of them, those that are no longer seen are looked for. */
  #versionsMax = VERSIONS_MIN;
  /** From then on none of them is seen. */
  #versionsUntilMs = 0;
  readonly #log = new ChangeLog();

  /**
   * @param beforeChange called before each change with the row, if it is there; what it throws
   *   prevents the change
   */
  constructor(lag: Lag, beforeChange: (row: Row | undefined) => void = () => undefined) {
    super();
    this.#lag = lag;
    this.#beforeChange = beforeChange;
  }

  override set(id: string, row: Row): this {
    this.changing(id);
    return super.set(id, row);
  }

  override delete(id: string): boolean {
    if (this.has(id)) this.changing(id);
    return super.delete(id);
  }

  override clear(): void {
    this.#versions.clear();
    super.clear();
  }

  /** How often anything has been changed. */
  get changes(): number {
    return this.#log.count;
  }

  /**
   * Ids of the rows that a describe may see otherwise than one at `sinceMs` did, when there had been
   * so many changes; undefined if that is too long ago to be known.
   */
  changedSince(changes: number, sinceMs: number): Set<string> | undefined {
    return this.#log.since(changes, sinceMs);
  }

  /** From when on describes see all rows as they are, if none is changed until then. */
  get settledAtMs(): number {
    return this.#versionsUntilMs;
  }

  /** To be called before a row is changed in place. */
  changing(id: string): void {
    const row = this.get(id);
    this.#beforeChange(row);
    const nowMs = this.#lag.nowMs();
    const untilMs = this.#lag.untilMs();
    this.#log.add(id, Math.max(untilMs, this.#versions.get(id)?.at(-1)?.untilMs ?? 0));
    if (untilMs <= nowMs) return;
    if (this.#versions.size > this.#versionsMax) this.#forgetSeen(nowMs);
    const known = (this.#versions.get(id) ?? []).filter((version) => version.untilMs > nowMs);
    // Seen together with the change before it, so what is between the two is never seen.
    if (untilMs <= (known.at(-1)?.untilMs ?? 0)) return;
    const before = row === undefined ? undefined : copyOf(row);
    this.#versions.set(id, [...known, { before, untilMs }]);
    this.#versionsUntilMs = Math.max(this.#versionsUntilMs, untilMs);
  }

  /** The row as a describe sees it; undefined if it sees none. */
  seen(id: string): Row | undefined {
    const nowMs = this.#lag.nowMs();
    if (this.#versionsUntilMs <= nowMs) return this.get(id);
    const versions = this.#versions.get(id);
    if (versions === undefined) return this.get(id);
    const version = versions.find(({ untilMs }) => untilMs > nowMs);
    return version === undefined ? this.get(id) : version.before;
  }

  /** All rows whose id is greater than `id` as a describe sees them, in the order of their ids. */
  *seenAfter(id = ''): Generator<Row> {
    const { keys } = this.sorted();
    for (let index = rankAfter(keys, id); index < keys.length; index += 1) {
      const row = this.seen(keys[index] as string);
      if (row !== undefined) yield row;
    }
  }

  /** Of the rows that a describe sees. */
  override matchesAfter(id: string, holds: (row: Row) => boolean, max: number): readonly Row[] {
    const found: Row[] = [];
    const { keys, values } = this.sorted();
    const isLagging = this.#versionsUntilMs > this.#lag.nowMs();
    const first = rankAfter(keys, id);
    for (let index = first; index < keys.length && found.length < max; index += 1) {
      if (index - first === LOOKED_AT_MAX) return this.#searchAll(id, holds, max);
      const row = isLagging ? this.seen(keys[index] as string) : values[index];
      if (row !== undefined && holds(row)) found.push(row);
    }
    return found;
  }

  /** Versions that are still seen, by id. */
  saveVersions(): ReadonlyMap<string, Versions<Row>> {
    this.#forgetSeen(this.#lag.nowMs());
    return this.#versions;
  }

  /** Takes saved rows and versions over into a table that has none. */
  load(rows: Iterable<readonly [string, Row]>, versions: ReadonlyMap<string, Versions<Row>>): void {
    for (const [id, row] of rows) super.set(id, row);
    for (const [id, list] of versions) {
      const untilMs = list.at(-1)?.untilMs ?? 0;
      this.#versions.set(id, list);
      this.#versionsUntilMs = Math.max(this.#versionsUntilMs, untilMs);
      this.#log.add(id, untilMs); // not seen yet: the same as a change to whoever asks from now on
      this.remember(id);
    }
  }

  protected override isRemembered(id: string): boolean {
    return this.#versions.has(id);
  }

  /** Rows lie in memory as they were made, so a search goes through them so, and sorts what it finds. */
  #searchAll(after: string, holds: (row: Row) => boolean, max: number): readonly Row[] {
    const found = new Map<string, Row>();
    const look = (id: string, row: Row | undefined): void => {
      if (row !== undefined && holds(row) && id > after) found.set(id, row);
    };
    const isLagging = this.#versionsUntilMs > this.#lag.nowMs();
    for (const [id, row] of this) look(id, isLagging ? this.seen(id) : row);
    for (const id of this.#versions.keys()) if (!this.has(id)) look(id, this.seen(id));
    const ids = [...found.keys()].sort().slice(0, max);
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  #forgetSeen(nowMs: number): void {
    for (const [id, versions] of this.#versions) {
      if ((versions.at(-1)?.untilMs ?? 0) <= nowMs) this.#versions.delete(id);
    }
    this.#versionsMax = Math.max(VERSIONS_MIN, 2 * this.#versions.size);
  }
}
