/** What every service of the embedded cloud stands on: time, chance, manners and the observers. */
import type { VirtualClock } from '../clock.ts';
import type { Manners, Span } from '../manners.ts';
import type { Random } from '../random.ts';
import type { Agenda } from './agenda.ts';
import type { Hooks } from './hooks.ts';
import type { Persistent } from './persistence.ts';

export { isoOf, isoSecondsOf } from './iso.ts';

export interface Kernel {
  readonly clock: VirtualClock;
  /** What services do later by themselves; only what cannot be saved takes the clock's own timers. */
  readonly agenda: Agenda;
  readonly hooks: Hooks;
  /** Declares a part of the world that is saved with it. */
  readonly keep: (part: Persistent) => void;
  /** As they are now: a scenario may change them while it runs. */
  readonly manners: () => Manners;
  /** The stream of that name: the same one each time, so that it goes on where it was. */
  readonly random: (stream: string) => Random;
}

export interface Streams {
  readonly get: Kernel['random'];
  /** Where each stream that was drawn from stands. */
  readonly part: Persistent;
}

/** Keeps one stream for each name. */
export const createStreams = (random: Random): Streams => {
  const streams = new Map<string, Random>();
  const get = (name: string): Random => {
    const known = streams.get(name);
    if (known !== undefined) return known;
    const fresh = random.fork(name);
    streams.set(name, fresh);
    return fresh;
  };
  return {
    get,
    part: {
      name: 'chance',
      save: () => Object.fromEntries([...streams].map(([name, one]) => [name, one.state()])),
      load: (saved: Readonly<Record<string, number>>) => {
        for (const [name, state] of Object.entries(saved)) get(name).resume(state);
      },
    },
  };
};

/** A whole number drawn from the span. */
export const draw = (random: Random, span: Span): number => random.integer(span.min, span.max);

/** A random identifier in the form of a version 4 UUID. */
export const uuidOf = (random: Random): string => {
  const hex = random.hex(32);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
};
