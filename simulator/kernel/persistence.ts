/** What of the embedded cloud outlives a process: each service names its own part of the world. */

/** A part of the world that can be saved, and put back into a cloud that is new. */
export interface Persistent {
  /** Its key in the saved world, such as `ec2`. */
  readonly name: string;
  /** Plain values, Maps and Sets of them; no functions. Rows may be the live ones. */
  readonly save: () => unknown;
  /** Takes what `save` gave, in a cloud that has none of it yet. */
  readonly load: (saved: never) => void;
}

export interface Persistence {
  readonly keep: (part: Persistent) => void;
  readonly knows: (name: string) => boolean;
  readonly save: () => Readonly<Record<string, unknown>>;
  /** @throws Error for a part that is missing or that nobody knows. */
  readonly load: (parts: Readonly<Record<string, unknown>>) => void;
}

export const createPersistence = (): Persistence => {
  const parts = new Map<string, Persistent>();
  return {
    keep: (part) => {
      if (parts.has(part.name)) throw new Error(`two parts of the world are called ${part.name}`);
      parts.set(part.name, part);
    },
    knows: (name) => parts.has(name),
    save: () => Object.fromEntries([...parts].map(([name, part]) => [name, part.save()])),
    load: (saved) => {
      const stranger = Object.keys(saved).find((name) => !parts.has(name));
      if (stranger !== undefined) throw new Error(`the world has an unknown part '${stranger}'`);
      for (const [name, part] of parts) {
        if (!(name in saved)) throw new Error(`the world has no part '${name}'`);
        part.load(saved[name] as never);
      }
    },
  };
};
