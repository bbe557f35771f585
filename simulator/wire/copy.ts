/**
 * Values handed from one side of the wire to the other without a wire: copied member by member as the
 * model says, so that neither side can reach into what the other holds, and without what bytes would
 * not carry. A copier is compiled once per shape, on its first use.
 */
import type { List, Scalar, Shape, Structure } from './schema.ts';

export interface CopyRules {
  /** A list without items is left out: the EC2 query protocol cannot tell the two apart. */
  readonly dropsEmptyLists: boolean;
  /** Whether what is frozen is handed over as it is: see kernel/settled. */
  readonly trustsFrozen: boolean;
}

type Copy = (value: unknown) => unknown;
type Fields = Readonly<Record<string, unknown>>;

export class Copier {
  readonly #rules: CopyRules;
  readonly #compiled = new WeakMap<Shape, Copy>();

  constructor(rules: CopyRules) {
    this.#rules = rules;
  }

  copy(shape: Structure, value: unknown): object {
    return this.#copierOf(shape)(value) as object;
  }

  #copierOf(shape: Shape): Copy {
    const found = this.#compiled.get(shape);
    if (found !== undefined) return found;
    const copy = this.#compile(shape);
    this.#compiled.set(shape, copy);
    return copy;
  }

  #compile(shape: Shape): Copy {
    if (shape.kind === 'structure') return this.#structure(shape);
    if (shape.kind === 'list') return this.#list(shape);
    if (shape.kind === 'map') return this.#dictionary(this.#later(shape.value));
    return SCALARS[shape.kind];
  }

  /** The shape is looked at on first use only: models are recursive, and mostly unused. */
  #later(shape: () => Shape): Copy {
    let copy: Copy | undefined;
    return (value) => {
      copy ??= this.#copierOf(shape());
      return copy(value);
    };
  }

  #structure({ members }: Structure): Copy {
    const fields = members.map(({ name, shape }) => ({ name, copy: this.#later(shape) }));
    return (value) => {
      if (this.#isTrusted(value)) return value;
      const source = value as Fields;
      const made: Record<string, unknown> = {};
      for (const { name, copy } of fields) {
        const held = source[name];
        if (held !== undefined && held !== null && !this.#isDropped(held)) made[name] = copy(held);
      }
      return made;
    };
  }

  #isTrusted(value: unknown): boolean {
    return this.#rules.trustsFrozen && Object.isFrozen(value);
  }

  #isDropped(value: unknown): boolean {
    return this.#rules.dropsEmptyLists && Array.isArray(value) && value.length === 0;
  }

  #list({ item }: List): Copy {
    const copy = this.#later(item);
    return (value) =>
      this.#isTrusted(value) ? value : (value as readonly unknown[]).map((one) => copy(one));
  }

  #dictionary(copy: Copy): Copy {
    return (value) =>
      Object.fromEntries(Object.entries(value as Fields).map(([key, one]) => [key, copy(one)]));
  }
}

const same: Copy = (value) => value;

const SCALARS: Readonly<Record<Scalar['kind'], Copy>> = {
  blob: (value) => new Uint8Array(value as Uint8Array),
  boolean: same,
  number: same,
  string: same,
  timestamp: (value) => new Date(value as Date),
};
