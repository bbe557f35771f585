/** JSON to typed values and back, as the awsJson protocols have it: times are epoch seconds. */
import { ApiError } from './api.ts';
import type { Scalar, Shape, Structure } from './schema.ts';

/**
 * Parses a request body. Unknown members are ignored, as AWS does; of a missing or null required
 * member `missing` makes the error, given its name.
 */
export const decodeJson = (
  shape: Structure,
  body: string,
  missing: (member: string) => ApiError,
): unknown => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new ApiError('SerializationException', 'Could not parse request body');
  }
  return convert(shape, parsed, { scalar: fromJson, missing, reject: unreadable });
};

/** Writes a response body; what is undefined is left out. */
export const encodeJson = (shape: Structure, output: unknown): string =>
  JSON.stringify(convert(shape, output, { scalar: toJson, reject: unwritable }));

interface Conversion {
  readonly scalar: (kind: Scalar['kind'], value: unknown) => unknown;
  readonly missing?: (member: string) => ApiError;
  /** Makes the error for a value that is not of the shape's kind. */
  readonly reject: (value: unknown) => Error;
}

type Fields = Readonly<Record<string, unknown>>;

const convert = (shape: Shape, value: unknown, how: Conversion): unknown => {
  if (shape.kind === 'structure') return convertStructure(shape, requireObject(value, how), how);
  if (shape.kind === 'list') {
    if (!Array.isArray(value)) throw how.reject(value);
    return value.map((item) => convert(shape.item(), item, how));
  }
  if (shape.kind === 'map') {
    const entries = Object.entries(requireObject(value, how));
    return Object.fromEntries(
      entries.map(([key, held]) => [key, convert(shape.value(), held, how)]),
    );
  }
  return how.scalar(shape.kind, value);
};

const convertStructure = (shape: Structure, source: Fields, how: Conversion): Fields => {
  const target: Record<string, unknown> = {};
  for (const { name, isRequired, shape: memberShape } of shape.members) {
    const held = source[name];
    if (held !== undefined && held !== null) target[name] = convert(memberShape(), held, how);
    else if (isRequired && how.missing !== undefined) throw how.missing(name);
  }
  return target;
};

const requireObject = (value: unknown, how: Conversion): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw how.reject(value);
  return value as Fields;
};

const fromJson = (kind: Scalar['kind'], value: unknown): unknown => {
  if (kind === 'timestamp' && typeof value === 'number') return new Date(Math.round(value * 1000));
  if (kind === 'blob' && typeof value === 'string')
    return new Uint8Array(Buffer.from(value, 'base64'));
  if (typeof value !== kind) throw unreadable(value);
  return value;
};

const toJson = (kind: Scalar['kind'], value: unknown): unknown => {
  if (kind === 'timestamp') return (value as Date).getTime() / 1000;
  if (kind === 'blob') return Buffer.from(value as Uint8Array).toString('base64');
  return value;
};

const unreadable = (value: unknown): ApiError =>
  new ApiError('SerializationException', `Unexpected value ${JSON.stringify(value)}`);

/** A service's output that does not fit the model is a bug of the service. */
const unwritable = (value: unknown): Error =>
  new TypeError(`a service answered ${JSON.stringify(value)} where the model has another type`);
