import * as z from 'zod';
import { DURATION_FORM, FIXED_DURATION_FORM, fixedMs, parseDuration } from '../domain/duration.ts';
import { NAME_PART, ON_DEMAND_POLICY_ID, POLICY_ID_LENGTH_MAX } from '../domain/naming.ts';
import { isTimezone, parseSchedule } from '../domain/schedule.ts';
import { imageTemplateProblem } from '../domain/tag-policy.ts';
import { isReserved } from '../domain/tags.ts';
import { templateProblem } from '../domain/template.ts';
import { didYouMean } from './did-you-mean.ts';
import { shortened } from './policy-words.ts';
import { REGIONS } from './regions.ts';

/**
 * What single values of a policy document look like. What each means stands beside it, and is what
 * the reference page and the JSON Schema say: nothing about the form is written down twice.
 */

export const TAG_KEY_LENGTH_MAX = 128;
export const TAG_VALUE_LENGTH_MAX = 256;

/** The same schema, with what it means for people, and an example as it is written in YAML. */
export const explained = <T extends z.ZodType>(
  schema: T,
  description: string,
  example: string,
): T => schema.meta({ description, example });

/** A part that many fields have; the reference describes it once. */
export const shared = <T extends z.ZodType>(schema: T, id: string, description: string): T =>
  schema.meta({ id, description });

const DURATION_PATTERN = '^([0-9]{1,6}(y|mo|w|d|h|min))+$';
const FIXED_DURATION_PATTERN = '^([0-9]{1,6}(w|d|h|min))+$';

/** Counts back from an instant, so years and months may stand in it. */
export const calendarDuration = shared(
  z
    .string()
    .meta({ pattern: DURATION_PATTERN, expected: DURATION_FORM })
    .transform((text, context) => {
      const duration = parseDuration(text);
      if (duration !== undefined) return duration;
      const message = `expected ${DURATION_FORM}, found ${quoted(text)}${whyNone(text)}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
  'duration',
  "A sum of lengths, each a whole number with `y`, `mo`, `w`, `d`, `h` or `min`, each unit once at most: `36h`, `1d12h`, `1y6mo`. `m` alone is refused. Years, months, weeks and days are those of the calendar in the policy's time zone, counted back from an instant.",
);

/** Milliseconds, of a length that is the same whenever it is counted. */
export const fixedDuration = shared(
  z
    .string()
    .meta({ pattern: FIXED_DURATION_PATTERN, expected: FIXED_DURATION_FORM })
    .transform((text, context) => {
      const duration = parseDuration(text);
      const valueMs = duration === undefined ? undefined : fixedMs(duration);
      if (valueMs !== undefined) return valueMs;
      const why =
        duration === undefined ? whyNone(text) : ': years and months are not always as long';
      const message = `expected ${FIXED_DURATION_FORM}, found ${quoted(text)}${why}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
  'fixedDuration',
  'As `duration`, without `y` and `mo`; a day is 24 hours, a week seven days.',
);

/** Of what looks like a duration and is none. */
const whyNone = (text: string): string => {
  if (!/^(\d+(y|mo|w|d|h|min))+$/.test(text)) return '';
  if (/\d{7}/.test(text)) return ': six digits are the most';
  return /[1-9]/.test(text) ? ': each unit once at most' : ': it must be more than nothing';
};

const quoted = (text: string): string => JSON.stringify(shortened(text));

export const identifier = shared(
  z
    .string()
    .max(POLICY_ID_LENGTH_MAX)
    .regex(NAME_PART, 'expected lower-case letters, digits and inner hyphens')
    .refine((id) => id !== ON_DEMAND_POLICY_ID, {
      error: `${ON_DEMAND_POLICY_ID} is reserved for the points that \`imago backup\` makes`,
    }),
  'id',
  'Lower-case letters, digits and inner hyphens, 40 characters at most; not `on-demand`.',
);

const unknownName = (
  what: string,
  name: unknown,
  known: readonly string[],
  form: string,
): string => {
  const meant = didYouMean(String(name), known);
  const words = meant === undefined ? `expected ${form}` : `did you mean ${meant}?`;
  return `unknown ${what} ${quoted(String(name))}: ${words}`;
};

export const region = z
  .string()
  .meta({ expected: 'a Region such as eu-west-1' })
  .refine((name) => REGIONS.includes(name), {
    error: ({ input }) => unknownName('Region', input, REGIONS, 'one such as eu-west-1'),
  });

/** Every name that this Node.js knows, and the short ones that it knows but does not list. */
const timezoneNames = (): readonly string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];

const TIMEZONE_FORM = 'an IANA name such as Europe/Berlin';

/** What to say of the name of a time zone that there is not. */
export const unknownTimezone = (name: unknown): string =>
  unknownName('time zone', name, timezoneNames(), TIMEZONE_FORM);

export const timezone = z
  .string()
  .meta({ expected: TIMEZONE_FORM })
  .refine(isTimezone, { error: ({ input }) => unknownTimezone(input) });

const KMS_KEY_FORM = "a KMS key's id, its ARN, or its alias such as alias/imago-dr";
const KMS_KEY_ID = '([0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32})';
const KMS_ALIAS = 'alias/[a-zA-Z0-9/_-]{1,250}';
const KMS_KEY = new RegExp(
  `^(${KMS_KEY_ID}|${KMS_ALIAS}|arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:(key/${KMS_KEY_ID}|${KMS_ALIAS}))$`,
);

/** As CopyImage takes it (EC2 API reference, CopyImage, KmsKeyId). */
export const kmsKey = z
  .string()
  .regex(KMS_KEY, `expected ${KMS_KEY_FORM}`)
  .meta({ expected: KMS_KEY_FORM });

export const schedule = z
  .string()
  .meta({
    pattern: String.raw`^\s*(cron|rate|at)\(.*\)\s*$`,
    expected: 'cron(...), rate(...) or at(...)',
  })
  .superRefine((text, context) => {
    const result = parseSchedule(text, 'UTC');
    if (!result.ok) context.addIssue({ code: 'custom', message: result.problem });
  });

export const count = z.int().min(1);

const oneOrMore = (schema: z.ZodString) =>
  z
    .union([schema, z.array(schema).min(1)])
    .transform((value) => (typeof value === 'string' ? [value] : value));

export const patterns = shared(
  oneOrMore(z.string().max(TAG_VALUE_LENGTH_MAX)),
  'patterns',
  'A text, or a list of texts of which one must match as a whole; `*` stands for any characters, `?` for any one.',
);

export const tagKey = z.string().min(1).max(TAG_KEY_LENGTH_MAX);

/** A tag that is neither Imago's nor Amazon's, nor another manager's mark. */
export const tagKeyOfPeople = tagKey.refine((key) => !isReserved(key), {
  error:
    'keys that begin with aws:, imago: or dlm: are reserved, and so is AWSBackupManagedResource',
});

export const tagPatterns = shared(
  z
    .record(tagKey, patterns)
    .meta({ expected: 'a map of tag keys and their values, such as {Backup: daily}' }),
  'tagPatterns',
  'Tag keys with the values that are accepted. All keys must be there; of a list of values one must match. `"*"` accepts any value.',
);

export const keyPatterns = shared(
  z
    .union([z.literal('all'), z.array(tagKey).min(1)])
    .transform((value) => (value === 'all' ? ['*'] : value)),
  'keyPatterns',
  'A list of patterns of tag keys, or `all`. Reserved keys (`aws:*`, `imago:*`, marks of other managers) are never meant.',
);

export const template = (lengthMax: number, problemOf = templateProblem) =>
  z
    .string()
    .max(lengthMax)
    .superRefine((text, context) => {
      const problem = problemOf(text);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    });

/** What is left of EC2's 50 tags when ours have their places. */
export const TAGS_SET_MAX = 30;

const TAGS_FORM = 'a map of tag keys and their values, such as {made-by: imago}';

/** Tags to be written: keys that people may use, values that may hold variables. */
const tagsOf = (value: z.ZodType<string>) =>
  z
    .record(tagKeyOfPeople, value)
    .meta({ expected: TAGS_FORM })
    .refine((tags) => Object.keys(tags).length <= TAGS_SET_MAX, {
      error: ({ input }) => `expected ${TAGS_SET_MAX} tags at most, found ${sizeOf(input)}`,
    })
    .superRefine((tags, context) => {
      for (const [key, text] of Object.entries(tags)) {
        if (!isReserved(key, text)) continue;
        const message = `${key}: ${text} is the mark of another manager, and reserved`;
        context.addIssue({ code: 'custom', path: [key], message });
      }
    });

export const tagsToSet = shared(
  tagsOf(template(TAG_VALUE_LENGTH_MAX)),
  'tagsToSet',
  'Tag keys with their values, 30 at most. A value is a template: see "Templates".',
);

export const tagsToSetOnImages = shared(
  tagsOf(template(TAG_VALUE_LENGTH_MAX, imageTemplateProblem)).refine(
    (tags) => Object.keys(tags).length > 0,
    { error: 'expected at least one tag' },
  ),
  'tagsToSetOnImages',
  'As `tags to set`, with the variables `{image.id}`, `{image.name}`, `{image.tag.KEY}`, `{account}`, `{region}` and `{policy}`.',
);

const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
