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
  /** Kinds of value that can be there and empty, and so told from what is absent. */
  readonly empty: readonly ('list' | 'map' | 'structure')[];
  readonly text: Arbitrary<string>;
  /** Every member is there, and no list is empty; otherwise a few members at a time. */
  readonly isFull: boolean;
  /** Numbers are whole, and times are whole seconds. */
  readonly isWhole?: boolean;
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

export const FORM: WireLimits = { empty: [], text: anyText, isFull: false };
export const QUERY_FORM: WireLimits = { empty: ['list'], text: anyText, isFull: false };
export const XML: WireLimits = {
  empty: ['list', 'map', 'structure'],
  text: xmlText,
  isFull: false,
};
export const JSON_TEXT: WireLimits = { ...XML, text: anyText };

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
  if (shape.isUnion) {
    return constantFrom(...usable).chain((member) => recordOf([member], limits, depth));
  }
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

/** Nothing stands for a flattened list or map that is empty. */
const memberOf = (member: Member, limits: WireLimits, depth: number): Arbitrary<unknown> =>
  valueOf(
    member.shape(),
    member.isFlattened ? { ...limits, empty: ['structure'] } : limits,
    depth + 1,
  );

/** An absent idempotency token would be made up by the SDK. */
const isAlwaysThere = (member: Member): boolean => member.isRequired || member.isIdempotencyToken;

const isUsable = (member: Member, depth: number): boolean => {
  return depth < MAX_DEPTH || isAlwaysThere(member) || isScalar(member.shape());
};

const isScalar = ({ kind }: Shape): boolean =>
  kind !== 'structure' && kind !== 'list' && kind !== 'map';

const valueOf = (shape: Shape, limits: WireLimits, depth: number): Arbitrary<unknown> => {
  if (shape.kind === 'structure')
    return structureOf(shape, limits, depth, minimumOf('structure', limits));
  if (shape.kind === 'list') return listOf(shape, limits, depth);
  if (shape.kind === 'map') {
    const key = string({ unit: constantFrom('a', 'B', '.', '-', '9'), maxLength: 6 });
    return dictionary(key, valueOf(shape.value(), limits, depth + 1), {
      minKeys: minimumOf('map', limits),
      maxKeys: 3,
      noNullPrototype: true,
    });
  }
  return scalarOf(shape.kind, limits);
};

const minimumOf = (kind: 'list' | 'map' | 'structure', { empty, isFull }: WireLimits): 0 | 1 =>
  empty.includes(kind) && !isFull ? 0 : 1;

const listOf = (shape: List, limits: WireLimits, depth: number): Arbitrary<unknown> =>
  array(valueOf(shape.item(), limits, depth + 1), {
    minLength: minimumOf('list', limits),
    maxLength: limits.isFull ? 1 : 3,
  });

const scalarOf = (kind: Scalar['kind'], limits: WireLimits): Arbitrary<unknown> => {
  switch (kind) {
    case 'string':
      return limits.text;
    case 'boolean':
      return boolean();
    case 'number':
      return limits.isWhole === true ? integer() : oneof(integer(), fraction);
    case 'timestamp':
      return integer({ min: 0, max: 4_000_000_000 }).chain((seconds) =>
        (limits.isWhole === true ? constant(0) : integer({ min: 0, max: 999 })).map(
          (ms) => new Date(seconds * 1000 + ms),
        ),
      );
    case 'blob':
      return uint8Array({ maxLength: 12 });
  }
};

/** Text has no negative zero. */
const fraction = double({ noNaN: true, noDefaultInfinity: true }).map((value) =>
  value === 0 ? 0 : value,
);
