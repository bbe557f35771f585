/** Random values that are valid for a shape and that its wire protocol can represent. */
import {
  array,
  boolean,
  constant,
  constantFrom,
  dictionary,
  double,
  integer,
  oneof,
  record,
  string,
  subarray,
  uint8Array,
} from 'fast-check';
import type { Arbitrary } from 'fast-check';

import type { List, Member, Scalar, Shape, Structure } from '../../../simulator/wire/schema.ts';

/** What a wire can carry, beyond what the model says. */
export interface WireLimits {
  /** The query form cannot tell an empty list or structure from an absent one. */
  readonly hasEmpty: boolean;
  readonly text: Arbitrary<string>;
  /** Every member is there, and no list is empty; otherwise a few members at a time. */
  readonly isFull: boolean;
}

const AWKWARD = [
  '',
  ' a ',
  '&amp;',
  '<a>',
  ']]>',
  '"\'',
  'a+b%20c=d&e',
  'é😀',
  'a\r\nb\tc',
  '\u0001',
];

const anyText = oneof(string({ unit: 'grapheme', maxLength: 12 }), constantFrom(...AWKWARD));

/** The SDK's XML parser drops text that is nothing but white space with a line end in it. */
const xmlText = anyText.filter((text) => text.trim() !== '' || !/[\r\n]/.test(text));

export const FORM: WireLimits = { hasEmpty: false, text: anyText, isFull: false };
export const XML: WireLimits = { hasEmpty: true, text: xmlText, isFull: false };
export const JSON_TEXT: WireLimits = { hasEmpty: true, text: anyText, isFull: false };

/** Members whose values steer the SDK's endpoint choice: fixed, or left out if undefined. */
const STEERING = new Map<string, Arbitrary<unknown> | undefined>([
  ['QueueUrl', constant('https://sqs.eu-west-1.amazonaws.com/123456789012/jobs')],
  ['EndpointId', undefined],
]);

/** Deeper than any of the served models, so that it cuts only what is recursive. */
const MAX_DEPTH = 12;
const MAX_MEMBERS = 5;

/** A top-level input or output. */
export const rootOf = (shape: Structure, limits: WireLimits): Arbitrary<object> =>
  structureOf(shape, limits, 0, 0);

const structureOf = (
  shape: Structure,
  limits: WireLimits,
  depth: number,
  minMembers: number,
): Arbitrary<object> => {
  const usable = shape.members.filter((member) => isUsable(member, depth));
  const [always, optional] = [
    usable.filter(isAlwaysThere),
    usable.filter((m) => !isAlwaysThere(m)),
  ];
  if (limits.isFull) return recordOf(usable, limits, depth);
  const minLength = Math.min(optional.length, Math.max(0, minMembers - always.length));
  const maxLength = Math.min(optional.length, MAX_MEMBERS);
  return subarray(optional, { minLength, maxLength }).chain((chosen) =>
    recordOf([...always, ...chosen], limits, depth),
  );
};

const recordOf = (
  members: readonly Member[],
  limits: WireLimits,
  depth: number,
): Arbitrary<object> =>
  record(
    Object.fromEntries(members.map((member) => [member.name, memberOf(member, limits, depth)])),
    { noNullPrototype: true },
  );

const memberOf = (member: Member, limits: WireLimits, depth: number): Arbitrary<unknown> =>
  STEERING.get(member.name) ?? valueOf(member.shape(), limits, depth + 1);

/** An absent idempotency token would be made up by the SDK. */
const isAlwaysThere = (member: Member): boolean => member.isRequired || member.isIdempotencyToken;

const isUsable = (member: Member, depth: number): boolean => {
  if (STEERING.has(member.name) && STEERING.get(member.name) === undefined) return false;
  return depth < MAX_DEPTH || isAlwaysThere(member) || isScalar(member.shape());
};

const isScalar = ({ kind }: Shape): boolean =>
  kind !== 'structure' && kind !== 'list' && kind !== 'map';

const valueOf = (shape: Shape, limits: WireLimits, depth: number): Arbitrary<unknown> => {
  if (shape.kind === 'structure') return structureOf(shape, limits, depth, limits.hasEmpty ? 0 : 1);
  if (shape.kind === 'list') return listOf(shape, limits, depth);
  if (shape.kind === 'map') {
    const key = string({ unit: constantFrom('a', 'B', '.', '-', '9'), maxLength: 6 });
    return dictionary(key, valueOf(shape.value(), limits, depth + 1), {
      minKeys: limits.isFull ? 1 : 0,
      maxKeys: 3,
      noNullPrototype: true,
    });
  }
  return scalarOf(shape.kind, limits);
};

const listOf = (shape: List, limits: WireLimits, depth: number): Arbitrary<unknown> =>
  array(valueOf(shape.item(), limits, depth + 1), {
    minLength: limits.hasEmpty && !limits.isFull ? 0 : 1,
    maxLength: limits.isFull ? 1 : 3,
  });

const scalarOf = (kind: Scalar['kind'], limits: WireLimits): Arbitrary<unknown> => {
  switch (kind) {
    case 'string':
      return limits.text;
    case 'boolean':
      return boolean();
    case 'number':
      return oneof(integer(), double({ noNaN: true, noDefaultInfinity: true })).map(plain);
    case 'timestamp':
      return integer({ min: 0, max: 4_000_000_000_000 }).map((epochMs) => new Date(epochMs));
    case 'blob':
      return uint8Array({ maxLength: 12 });
  }
};

/** Text has no negative zero. */
const plain = (value: number): number => (value === 0 ? 0 : value);
