/** Reading untyped values: every complaint names the place in the file. */

export type Fields = Readonly<Record<string, unknown>>;

/** Something in the file that cannot be wired, and where. */
export class WiringError extends Error {
  readonly path: string;

  constructor(path: string, what: string) {
    super(`serverless.yml: ${path}: ${what}`);
    this.name = 'WiringError';
    this.path = path;
  }
}

export const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A mapping; what is absent counts as an empty one. */
export const fieldsAt = (path: string, value: unknown): Fields => {
  if (value === undefined || value === null) return {};
  if (isFields(value)) return value;
  throw new WiringError(path, 'a mapping is expected');
};

export const listAt = (path: string, value: unknown): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new WiringError(path, 'a list is expected');
};

export const textAt = (path: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  throw new WiringError(path, 'a text is expected');
};

/** A whole number, which may be written as a text. */
export const numberAt = (path: string, value: unknown, fallback: number): number => {
  if (value === undefined) return fallback;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  throw new WiringError(path, 'a whole number is expected');
};

export const booleanAt = (path: string, value: unknown, fallback: boolean): boolean => {
  if (value === undefined) return fallback;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new WiringError(path, 'true or false is expected');
};

/** @throws WiringError for a key that is not known: it might have changed the wiring. */
export const assertKnown = (path: string, fields: Fields, known: readonly string[]): void => {
  const stranger = Object.keys(fields).find((key) => !known.includes(key));
  if (stranger === undefined) return;
  throw new WiringError(path === '' ? stranger : `${path}.${stranger}`, 'is not understood');
};
