/** JSON to typed values and back, as the awsJson protocols have it: times are epoch seconds. */
import { ApiError } from './api.ts';
import { lowerFirst, unreadableBody } from './errors.ts';
import type { Scalar, Shape, Structure } from './schema.ts';

/** Makes the error for required members that are missing or null, at least one. */
export type MissingMembers = (paths: readonly string[]) => ApiError;

/**
 * Parses a request body. Unknown members are ignored, as AWS does. A path of a missing member is
 * written as AWS's framework writes it: `entries.1.member.source`.
 * Throws ApiError SerializationException, or what `missing` makes.
 */
export const decodeJson = (
  shape: Structure,
  body: string,
  missing: MissingMembers,
): Readonly<Record<string, unknown>> => {
  const parsed = parse(body);
  const reading: Reading = { scalar: fromJson, reject: unreadable, hasGaps: false };
  const input = convertStructure(shape, requireObject(parsed, reading), reading, 0);
  if (!reading.hasGaps) return input;
  const paths: string[] = [];
  findGaps(shape, parsed, '', paths);
  throw missing(paths);
};

/** Writes a response body; what is undefined is left out. */
export const encodeJson = (shape: Structure, output: unknown): string =>
  JSON.stringify(convert(shape, output, { scalar: toJson, reject: unwritable, hasGaps: false }, 0));

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw unreadableBody();
  }
};

interface Reading {
  readonly scalar: (kind: Scalar['kind'], value: unknown) => unknown;
  /** Makes the error for a value that is not of the shape's kind. */
  readonly reject: (value: unknown, kind: Shape['kind']) => Error;
  /** Whether a required member was missing. */
  hasGaps: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** Models that are recursive have no end of their own; no real request is this deep. */
const DEPTH_MAX = 200;

const convert = (shape: Shape, value: unknown, reading: Reading, depth: number): unknown => {
  if (depth > DEPTH_MAX) throw reading.reject(value, shape.kind);
  if (shape.kind === 'structure') {
    return convertStructure(shape, requireObject(value, reading), reading, depth);
  }
  if (shape.kind === 'list') {
    if (!Array.isArray(value)) throw reading.reject(value, 'list');
    const item = shape.item();
    return value.map((held) => convert(item, held, reading, depth + 1));
  }
  if (shape.kind === 'map') {
    const held = shape.value();
    const entries = Object.entries(requireObject(value, reading, 'map'));
    return Object.fromEntries(
      entries.map(([key, each]) => [key, convert(held, each, reading, depth + 1)]),
    );
  }
  return reading.scalar(shape.kind, value);
};

const convertStructure = (
  shape: Structure,
  source: Fields,
  reading: Reading,
  depth: number,
): Fields => {
  const target: Record<string, unknown> = {};
  for (const { name, isRequired, shape: memberShape } of shape.members) {
    const held = source[name];
    if (isThere(held)) target[name] = convert(memberShape(), held, reading, depth + 1);
    else if (isRequired) reading.hasGaps = true;
  }
  if (shape.isUnion && Object.keys(target).length !== 1) throw reading.reject(source, 'structure');
  return target;
};

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

const requireObject = (
  value: unknown,
  reading: Reading,
  kind: 'structure' | 'map' = 'structure',
): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw reading.reject(value, kind);
  }
  return value as Fields;
};

/** Collects the paths of missing required members of a value that fits the shape otherwise. */
const findGaps = (shape: Shape, value: unknown, path: string, paths: string[]): void => {
  if (shape.kind === 'structure') {
    for (const { name, isRequired, shape: memberShape } of shape.members) {
      const held = (value as Fields)[name];
      const memberPath = path + lowerFirst(name);
      if (isThere(held)) findGaps(memberShape(), held, `${memberPath}.`, paths);
      else if (isRequired) paths.push(memberPath);
    }
  }
  if (shape.kind !== 'list' && shape.kind !== 'map') return;
  const inner = shape.kind === 'list' ? shape.item() : shape.value();
  const entries = Object.entries(value as object);
  for (const [key, held] of entries) {
    const position = shape.kind === 'list' ? String(Number(key) + 1) : key;
    findGaps(inner, held, `${path}${position}.member.`, paths);
  }
};

const fromJson = (kind: Scalar['kind'], value: unknown): unknown => {
  if (kind === 'timestamp' && typeof value === 'number') return new Date(Math.round(value * 1000));
  if (kind === 'blob' && typeof value === 'string') return fromBase64(value);
  if (typeof value !== kind) throw unreadable(value, kind);
  return value;
};

const fromBase64 = (text: string): Uint8Array => {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw unreadable(text, 'blob');
  return new Uint8Array(Buffer.from(text, 'base64'));
};

const toJson = (kind: Scalar['kind'], value: unknown): unknown => {
  if (kind === 'timestamp') return (value as Date).getTime() / 1000;
  if (kind === 'blob') return Buffer.from(value as Uint8Array).toString('base64');
  if (typeof value !== kind) throw unwritable(value, kind);
  return value;
};

const WANTED: Readonly<Record<Shape['kind'], string>> = {
  blob: 'a Blob',
  boolean: 'a Boolean',
  list: 'a List',
  map: 'a Map',
  number: 'an Integer',
  string: 'a String',
  structure: 'a Structure',
  timestamp: 'a Date',
};

/** Texts as AWS's framework has them, in public reports about other services that speak JSON. */
const unreadable = (value: unknown, kind: Shape['kind']): ApiError => {
  const refuse = (message: string) => new ApiError('SerializationException', message);
  if (Array.isArray(value)) return refuse('Start of list found where not expected');
  if (typeof value === 'object' && value !== null) {
    return refuse('Start of structure or map found where not expected.');
  }
  if (kind === 'list') return refuse('Expected list or null');
  if (kind === 'map') return refuse('Expected map or null');
  if (kind === 'structure') return refuse('Expected null');
  const given = typeof value === 'boolean' ? String(value) : typeof value;
  return refuse(`${given.toUpperCase()}_VALUE can not be converted to ${WANTED[kind]}`);
};

/** A service's output that does not fit the model is a bug of the service. */
const unwritable = (value: unknown, kind: Shape['kind']): Error =>
  new TypeError(`a service answered a ${typeof value} where the model has ${WANTED[kind]}`);
