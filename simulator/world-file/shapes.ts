/**
 * How a saved row is told from what is none. Each schema is tied to the row's own type in both
 * directions: a field that a row gets or loses, or whose type changes, does not compile here.
 */
import * as z from 'zod';

/** Compiles to `never` for a field whose schema takes less than the row's type allows. */
type Covering<Row, Shape> = {
  readonly [Field in keyof Shape]: Field extends keyof Row
    ? Row[Field] extends (Shape[Field] extends z.ZodType<infer Held> ? Held : never)
      ? Shape[Field]
      : never
    : never;
};

type ShapeOf<Row> = { readonly [Field in keyof Row]-?: z.ZodType<Row[Field]> };

/** Checks a row with exactly these fields, all of them named. Nothing unknown is let in. */
export const rowOf =
  <Row extends object>() =>
  <Shape extends ShapeOf<Row>>(shape: Shape & Covering<Row, Shape>): z.ZodType<Row> =>
    z.strictObject(shape) as unknown as z.ZodType<Row>;

/** The first thing that is wrong with a value, under the step that leads to it. */
const complain = (
  context: z.RefinementCtx,
  step: PropertyKey,
  schema: z.ZodType,
  value: unknown,
): boolean => {
  const checked = schema.safeParse(value);
  if (checked.success) return false;
  const [issue] = checked.error.issues;
  context.addIssue({
    code: 'custom',
    message: issue?.message ?? 'is not valid',
    path: [step, ...(issue?.path ?? [])],
  });
  return true;
};

/**
 * A value as it is: what its elements are checked into is thrown away one by one, since a copy of a
 * world of a hundred thousand rows would take as much memory again.
 */
const asItIs = <Value extends object>(
  kind: string,
  is: (value: unknown) => value is Value,
  elementsOf: (value: Value) => Iterable<readonly [PropertyKey, unknown]>,
  schema: z.ZodType,
): z.ZodType<Value> =>
  z.custom<Value>(is, `expected ${kind}`).superRefine((value, context) => {
    if (!is(value)) return;
    for (const [step, element] of elementsOf(value)) {
      if (complain(context, step, schema, element)) return;
    }
  });

export const listOf = <Row>(schema: z.ZodType<Row>): z.ZodType<readonly Row[]> =>
  asItIs(
    'a list',
    (value): value is readonly Row[] => Array.isArray(value),
    (rows) => rows.entries(),
    schema,
  );

const isTextMap = (value: unknown): boolean =>
  value instanceof Map && [...value.keys()].every((key) => typeof key === 'string');

/** A Map with text keys. */
export const mapOf = <Value>(schema: z.ZodType<Value>): z.ZodType<Map<string, Value>> =>
  asItIs(
    'a {"$map": {...}} with text keys',
    (value): value is Map<string, Value> => isTextMap(value),
    (map) => map.entries(),
    schema,
  );

/** The same for a field that is declared so. */
export const readonlyMapOf = <Value>(
  schema: z.ZodType<Value>,
): z.ZodType<ReadonlyMap<string, Value>> => mapOf(schema);

const isPlain = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;

/** An object with any keys. */
export const recordOf = <Value>(schema: z.ZodType<Value>): z.ZodType<Record<string, Value>> =>
  asItIs(
    'an object',
    (value): value is Record<string, Value> => isPlain(value),
    (record) => Object.entries(record),
    schema,
  );

export const text: z.ZodType<string> = z.string();
export const flag: z.ZodType<boolean> = z.boolean();

/** Infinity too: what never happens has such an instant. */
export const number: z.ZodType<number> = z.custom<number>(
  (value) => typeof value === 'number' && !Number.isNaN(value),
  'expected a number',
);

export const texts = listOf(text);
export const tags = mapOf(text);
export const textSet: z.ZodType<Set<string>> = z.custom<Set<string>>(
  (value) => value instanceof Set && [...value].every((member) => typeof member === 'string'),
  'expected a {"$set": [...]} of texts',
);

/** Plain data of a model that is not ours: any object. */
export const anyObject = <Data extends object>(): z.ZodType<Data> =>
  z.custom<Data>(isPlain, 'expected an object');
