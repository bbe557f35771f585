import * as z from 'zod';
import {
  explained,
  fixedDuration,
  patterns,
  shared,
  tagKey,
  tagPatterns,
} from './policy-fields.ts';

/** Which instances a policy backs up, and which images others say something about. */

interface Demands {
  readonly ids: readonly string[];
  readonly tags: Readonly<Record<string, unknown>>;
}

const demandsSomething = ({ ids, tags }: Demands): boolean =>
  ids.length > 0 || Object.keys(tags).length > 0;

const ids = explained(
  patterns.default([]),
  'Patterns of instance ids, of which one must match.',
  '["i-0abc*"]',
);

const tags = explained(
  tagPatterns.prefault({}),
  'Tags that the instance must have: AND across keys, OR among values.',
  '{Backup: daily, Env: [prod, "stag*"]}',
);

const branch = z.strictObject({ tags, ids }).refine(demandsSomething, {
  error: 'expected tags or ids: what demands nothing would match every instance',
});

export const select = z
  .strictObject({
    tags,
    ids,
    anyOf: explained(
      z.array(branch).min(1).default([]),
      'Of these at least one must match as well.',
      '[{tags: {Role: db}}, {ids: [i-0abc]}]',
    ),
    not: explained(
      z
        .strictObject({
          tags: explained(
            tagPatterns.prefault({}),
            'An instance that has any one of these tags is left out.',
            '{no-backup: "*"}',
          ),
          ids: explained(
            patterns.default([]),
            'An instance whose id matches any one of these is left out.',
            '[i-0abc]',
          ),
        })
        .prefault({}),
      'What is left out all the same.',
      '{tags: {no-backup: "*"}}',
    ),
    states: explained(
      z
        .array(z.enum(['running', 'stopped']))
        .min(1)
        .prefault(['running', 'stopped']),
      'The states in which an instance is backed up.',
      '[running]',
    ),
    autoScalingMembers: explained(
      z.boolean().prefault(false),
      'Whether members of an Auto Scaling group are backed up.',
      'true',
    ),
    olderThan: explained(
      fixedDuration.optional(),
      'Only instances that were launched at least so long ago.',
      '1h',
    ),
    youngerThan: explained(
      fixedDuration.optional(),
      'Only instances that were launched less long ago.',
      '90d',
    ),
  })
  .refine((rules) => demandsSomething(rules) || rules.anyOf.length > 0, {
    error:
      'expected tags, ids or anyOf: a policy says what it selects (ids: "*" selects every instance)',
  });

const names = (description: string, example: string) =>
  explained(patterns.default([]), description, example);

/** Which images a policy is about. */
export const imageCriteria = shared(
  z
    .strictObject({
      name: names("Patterns of the image's name, of which one must match.", '"web-*"'),
      tags: explained(
        tagPatterns.prefault({}),
        'Tags that the image must have: AND across keys, OR among values.',
        '{built-by: packer}',
      ),
      not: explained(
        z
          .strictObject({
            name: names('An image whose name matches any one of these is left out.', '"*-test"'),
            tags: explained(
              tagPatterns.prefault({}),
              'An image that has any one of these tags is left out.',
              '{stage: experimental}',
            ),
          })
          .prefault({}),
        'What is left out all the same.',
        '{name: "*-test"}',
      ),
    })
    .refine(({ name, tags: wanted }) => name.length > 0 || Object.keys(wanted).length > 0, {
      error: 'expected name or tags: what demands nothing would match every image of the account',
    })
    .transform(({ name, tags: wanted, not }) => ({
      names: name,
      tags: wanted,
      not: { names: not.name, tags: not.tags },
    })),
  'imageCriteria',
  'Which images of the account are meant. Those of AWS Backup, Data Lifecycle Manager and the like never are.',
);

export const adopt = z.strictObject({
  images: explained(imageCriteria, 'The images that others build.', '{name: "web-*"}'),
  groupBy: explained(
    z
      .strictObject({
        tag: explained(tagKey, "The tag whose value names an image's group.", 'role'),
      })
      .optional(),
    'Which images belong together: `keep` counts in each group by itself. Without it all are one group.',
    '{tag: role}',
  ),
});
