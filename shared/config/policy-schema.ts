import * as z from 'zod';
import { NAME_PART, ON_DEMAND_POLICY_ID, POLICY_ID_LENGTH_MAX } from '../domain/naming.ts';
import { isTimezone, parseSchedule } from '../domain/schedule.ts';
import { DURATION_FORM, parseDuration } from './duration.ts';
import { REGIONS } from './regions.ts';

/**
 * The form of a policy document, field by field, as people write it. What one field alone cannot
 * tell (a schedule's time zone, ids that repeat) is checked where the document becomes policies.
 */

const HOUR_MS = 3_600_000;
const TAG_KEY_LENGTH_MAX = 128;
const TAG_VALUE_LENGTH_MAX = 256;

const duration = z.string(`expected ${DURATION_FORM}`).transform((text, context) => {
  const valueMs = parseDuration(text);
  if (valueMs === undefined || valueMs === 0) {
    context.addIssue({ code: 'custom', message: `expected ${DURATION_FORM}, found ${text}` });
    return z.NEVER;
  }
  return valueMs;
});

const identifier = z
  .string()
  .max(POLICY_ID_LENGTH_MAX)
  .regex(
    NAME_PART,
    'expected lower-case letters, digits and inner hyphens: it becomes part of AMI names',
  )
  .refine((id) => id !== ON_DEMAND_POLICY_ID, {
    error: `${ON_DEMAND_POLICY_ID} is reserved for the points that \`imago backup\` makes`,
  });

const region = z.string().refine((name) => REGIONS.includes(name), {
  error: (issue) => `unknown Region ${String(issue.input)}: expected one such as eu-west-1`,
});

const timezone = z.string().refine(isTimezone, {
  error: (issue) =>
    `unknown time zone ${String(issue.input)}: expected an IANA name such as Europe/Berlin`,
});

const schedule = z.string().superRefine((text, context) => {
  const result = parseSchedule(text, 'UTC');
  if (!result.ok) context.addIssue({ code: 'custom', message: result.problem });
});

const patterns = z
  .union([z.string(), z.array(z.string()).min(1)], {
    error: 'expected a text or a list of texts (write numbers and true or false in quotes)',
  })
  .transform((value) => (typeof value === 'string' ? [value] : value));

const tagPatterns = z.record(z.string().min(1).max(TAG_KEY_LENGTH_MAX), patterns);

const count = z.int().min(1);

const keep = z
  .strictObject({ last: count.max(1_000).optional(), within: duration.optional() })
  .refine((rules) => rules.last !== undefined || rules.within !== undefined, {
    error: 'expected at least one rule: last or within (an empty rule would keep nothing)',
  })
  .transform(({ last, within }) => ({
    ...(last === undefined ? {} : { last }),
    ...(within === undefined ? {} : { withinMs: within }),
  }));

const select = z.strictObject({
  tags: tagPatterns.refine((tags) => Object.keys(tags).length > 0, {
    error: 'expected at least one tag: a policy selects by tags',
  }),
  not: z.strictObject({ tags: tagPatterns }).default({ tags: {} }),
  states: z
    .array(z.enum(['running', 'stopped']))
    .min(1)
    .default(['running', 'stopped']),
  autoScalingMembers: z.boolean().default(false),
});

const trigger = z.strictObject({
  schedule,
  startWithin: duration.default(HOUR_MS),
  catchUp: duration.default(12 * HOUR_MS),
});

/** What is left of EC2's 50 tags when ours have their places. */
const TAGS_SET_MAX = 30;

const tagsToSet = z
  .record(z.string().min(1).max(TAG_KEY_LENGTH_MAX), z.string().max(TAG_VALUE_LENGTH_MAX))
  .superRefine((tags, context) => {
    const refuse = (path: string[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    const keys = Object.keys(tags);
    for (const key of keys.filter((one) => /^(aws|imago):/i.test(one))) {
      refuse([key], 'keys that begin with aws: or imago: are reserved');
    }
    if (keys.length > TAGS_SET_MAX) refuse([], `expected ${TAGS_SET_MAX} tags at most`);
  });

const policy = z.strictObject({
  id: identifier,
  formerly: z.array(identifier).default([]),
  select,
  when: z.array(trigger).min(1),
  rpo: duration.optional(),
  image: z.strictObject({ reboot: z.boolean().default(false) }).default({ reboot: false }),
  tags: z
    .strictObject({
      copy: z.array(z.string().min(1)).default([]),
      set: tagsToSet.default({}),
    })
    .default({ copy: [], set: {} }),
  keep,
  copyTo: z
    .array(z.strictObject({ region, kmsKey: z.string().min(1).optional(), keep }))
    .max(1, 'one destination for now')
    .default([]),
  retire: z
    .strictObject({ snapshots: z.enum(['delete', 'keep']).default('delete') })
    .default({ snapshots: 'delete' }),
});

export const policyDocument = z.strictObject({
  version: z.literal(1),
  timezone: timezone.default('UTC'),
  limits: z
    .strictObject({
      maxRemovals: z
        .strictObject({
          count: count.default(100),
          percent: z.number().min(0).max(100).default(10),
        })
        .default({ count: 100, percent: 10 }),
      keepAtLeast: count.default(1),
    })
    .default({ maxRemovals: { count: 100, percent: 10 }, keepAtLeast: 1 }),
  policies: z.array(policy).min(1, 'expected at least one policy'),
});

export type PolicyDocument = z.output<typeof policyDocument>;
export type PolicyEntry = PolicyDocument['policies'][number];

/** Keys that an object at `path` of a document may have, for messages; empty where it is no object. */
export const keysAllowedAt = (path: readonly PropertyKey[]): readonly string[] => {
  let at: unknown = policyDocument;
  for (const step of path) {
    const shape = bare(at);
    if (shape instanceof z.ZodObject) at = shape.shape[String(step)];
    else if (shape instanceof z.ZodArray) at = shape.element;
    else return [];
  }
  const found = bare(at);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
};

/** A schema without its default, optional or transforming wrappers. */
const bare = (schema: unknown): unknown => {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return bare(schema.unwrap());
  if (schema instanceof z.ZodPipe) return bare(schema.in);
  return schema;
};
