/**
 * The only source of chance: one seed, from which every part draws a stream of its own by name, so
 * that a draw added in one place does not shift the draws of another.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number, uniform in [min, max]. */
  integer(min: number, max: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** A stream of its own, fixed by this stream's seed and `name` alone. */
  fork(name: string): Random;
  /** Where the stream stands, as 32 bits: what comes next follows from this alone. */
  state(): number;
  /** Goes on from where a stream of the same name stood. */
  resume(state: number): void;
}

const HEX_DIGITS = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** FNV-1a over the text's code units, 32 bits. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
};

/** A stream (mulberry32) from a 32-bit seed. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    hex: (digits) => {
      const codes: number[] = [];
      for (let digit = 0; digit < digits; digit += 1) {
        codes.push(HEX_DIGITS[Math.floor(next() * 16)] ?? 0);
      }
      return String.fromCharCode(...codes);
    },
    fork: (name) => createRandom(hash(`${seed}/${name}`)),
    state: () => state,
    resume: (saved) => {
      state = saved >>> 0;
    },
  };
};
