/**
 * What the embedded cloud will do by itself later on: an image that becomes available, an event that
 * arrives. Each entry is a kind and plain data, never a closure, so that a world can be saved while
 * things are under way and goes on where it was.
 */
import type { VirtualClock } from '../clock.ts';

/** A kind of thing to come, and the type of what it has to know. Its name is saved with the world. */
export interface AgendaKind<Data> {
  readonly name: string;
  /** Only for the compiler. */
  readonly data?: Data;
}

/** One thing to come. `data` is plain JSON, and names rows by id instead of holding them. */
export interface AgendaEntry {
  readonly atMs: number;
  readonly kind: string;
  readonly data: unknown;
}

export interface Agenda {
  /** Says what is done when the time of such an entry comes. Once for each kind. */
  define<Data>(kind: AgendaKind<Data>, act: (data: Data) => void): void;
  /** Puts an entry on the agenda. An instant in the past is as soon as possible. */
  at<Data>(atMs: number, kind: AgendaKind<Data>, data: Data): void;
  /** Whether somebody has defined the kind of that name. */
  knows(kind: string): boolean;
  /** Entries that are still to come, in the order in which they will be done. */
  entries(): readonly AgendaEntry[];
  /** Puts saved entries back. @throws Error for a kind that nobody has defined. */
  restore(entries: readonly AgendaEntry[]): void;
}

export const agendaKind = <Data>(name: string): AgendaKind<Data> => ({ name });

export const createAgenda = (clock: VirtualClock): Agenda => {
  const kinds = new Map<string, (data: never) => void>();
  const pending = new Set<AgendaEntry>();
  const add = (entry: AgendaEntry): void => {
    const act = kinds.get(entry.kind);
    if (act === undefined) throw new Error(`the agenda knows no '${entry.kind}'`);
    pending.add(entry);
    clock.at(entry.atMs, () => {
      pending.delete(entry);
      act(entry.data as never);
    });
  };
  return {
    define: ({ name }, act) => {
      if (kinds.has(name)) throw new Error(`'${name}' is defined for the agenda twice`);
      kinds.set(name, act);
    },
    at: (atMs, { name }, data) => {
      add({ atMs: Math.max(atMs, clock.nowMs()), kind: name, data });
    },
    knows: (kind) => kinds.has(kind),
    // The set keeps the order of scheduling, and the sort is stable: as the clock fires them.
    entries: () => [...pending].sort((a, b) => a.atMs - b.atMs),
    restore: (entries) => {
      for (const entry of entries) add(entry);
    },
  };
};
