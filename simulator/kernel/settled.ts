/**
 * A value as it is never changed again: frozen to its depth, and without members that are undefined,
 * which no answer carries. So it can be handed to anybody as it is. Dates and bytes cannot be frozen,
 * and nobody changes those of an answer. What is frozen already has been settled before.
 */
export const settled = <Value>(value: Value): Value =>
  typeof value === 'object' && value !== null && !Object.isFrozen(value)
    ? (settledObject(value) as Value)
    : value;

const settledObject = (value: object): object => {
  if (value instanceof Date || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((one: unknown) => settled(one)));
  const source = value as Readonly<Record<string, unknown>>;
  const made: Record<string, unknown> = {};
  for (const name of Object.keys(source)) {
    const held = source[name];
    if (held !== undefined && held !== null) made[name] = settled(held);
  }
  return Object.freeze(made);
};
