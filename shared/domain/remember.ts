/**
 * Remembers what `make` gave, for up to `max` keys; then it starts anew, which costs only time. For
 * facts that never change.
 */
export const remember = <Key, Value>(
  max: number,
  make: (key: Key) => Value,
): ((key: Key) => Value) => {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    if (known.size >= max) known.clear();
    known.set(key, made);
    return made;
  };
};
