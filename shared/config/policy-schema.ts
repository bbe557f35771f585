import * as z from 'zod';
import {
  count,
  explained,
  fixedDuration,
  identifier,
  kmsKey,
  keyPatterns,
  patterns,
  region,
  tagKey,
  tagPatterns,
  tagsToSet,
  tagsToSetOnImages,
  template,
  timezone,
} from './policy-fields.ts';
import { keep, keepFrom, whenSourceGone } from './policy-keep.ts';
import { adopt, imageCriteria, select } from './policy-select.ts';
import { trigger, windows } from './policy-when.ts';

/**
 * The form of a policy document, field by field, as people write it: the one source of what is
 * checked, of docs/policy.schema.json, and of the reference in docs/policy.md. What one field alone
 * cannot tell is checked in policy-meaning.ts.
 */

const DESCRIPTION_LENGTH_MAX = 255; // CreateImage, parameter Description
const NAME_TAG_LENGTH_MAX = 256;
const BATCH_MAX = 1_000;

const image = z
  .strictObject({
    reboot: explained(
      z.boolean().prefault(false),
      'Whether EC2 reboots the instance for the image. Then nothing is made after `startWithin`.',
      'true',
    ),
    batchSize: explained(
      count.max(BATCH_MAX).optional(),
      'How many instances of the policy may be rebooted at once; needs `stagger`.',
      '2',
    ),
    stagger: explained(
      fixedDuration.optional(),
      'How long after one batch the next begins; needs `batchSize`.',
      '15min',
    ),
    excludeVolumes: explained(
      z
        .strictObject({
          tags: explained(
            tagPatterns.prefault({}),
            'A volume that has any one of these tags is left out.',
            '{scratch: "*"}',
          ),
          devices: explained(
            patterns.default([]),
            'A volume whose device name matches any one of these is left out.',
            '["/dev/sdf", "xvd?"]',
          ),
          allButRoot: explained(
            z.boolean().prefault(false),
            'Whether every volume but the root volume is left out.',
            'true',
          ),
        })
        .prefault({}),
      'Volumes that images do not hold. The root volume is never left out.',
      '{tags: {scratch: "*"}}',
    ),
    description: explained(
      template(DESCRIPTION_LENGTH_MAX).optional(),
      "A template for the description of images, not of their snapshots; Imago's own words, if it is not said.",
      '"{instance.tag.Name} as of {slot}"',
    ),
    name: explained(
      template(NAME_TAG_LENGTH_MAX).optional(),
      "A template for the tag `Name` of images and snapshots. (The AMI name is the point's identity, and not to be chosen.)",
      '"{instance.tag.Name} {slot}"',
    ),
    volumeTags: explained(
      keyPatterns.default([]),
      'Tags that each snapshot carries on from its own volume.',
      '[mount]',
    ),
  })
  .prefault({});

const tags = z
  .strictObject({
    copy: explained(
      keyPatterns.default([]),
      "Tags of the instance that image and snapshots carry on; where EC2's 50 do not suffice, those of earlier patterns win.",
      '[Name, "cost-*"]',
    ),
    exclude: explained(
      z.array(tagKey).default([]),
      'Of those, tags that are not carried on after all.',
      '["*-secret"]',
    ),
    set: explained(tagsToSet.prefault({}), 'Tags set on image and snapshots.', '{Slot: "{slot}"}'),
    required: explained(
      z.array(tagKey).default([]),
      'Keys of tags that a source ought to have; one that lacks some is reported, and backed up all the same.',
      '[Owner]',
    ),
  })
  .prefault({});

const destination = z.strictObject({
  region: explained(region, 'The Region of the copies.', 'eu-west-1'),
  kmsKey: explained(
    kmsKey.optional(),
    'Id, alias or ARN of a KMS key in that Region; copies are then encrypted with it.',
    'alias/imago-dr',
  ),
  keep: explained(keep, "As the policy's `keep`, for the copies there.", '{weekly: 8}'),
});

/** What backups and adopted images have in common, in the order in which it is best written. */
const identity = {
  id: explained(identifier, "The policy's name. Part of every AMI name.", 'web-daily'),
  formerly: explained(
    z.array(identifier).default([]),
    'Earlier ids, whose points this policy takes over.',
    '[web-nightly]',
  ),
  timezone: explained(
    timezone.optional(),
    "IANA name of the zone for schedules, windows and the periods of `keep`; the document's, if it is not said.",
    'Europe/Berlin',
  ),
};

const keeping = {
  keep: explained(keep, 'How long points are kept.', '{last: 3, daily: 7, weekly: 4}'),
};

const retiring = {
  retire: explained(
    z
      .strictObject({
        snapshots: explained(
          z.enum(['delete', 'keep']).prefault('delete'),
          'What becomes of the snapshots of a retired image.',
          'keep',
        ),
        during: explained(
          windows.default([]),
          'Windows in which retirement may remove; at any time, if there are none.',
          '[{days: [SAT, SUN], from: "00:00", to: "06:00"}]',
        ),
      })
      .prefault({}),
    'How images go.',
    '{snapshots: keep}',
  ),
};

const EITHER = 'a policy makes backups (select, when) or takes over images (adopt): write two';

/** What is said of images as they are made, and others make these. */
const OF_BACKUPS = Object.fromEntries(
  ['blackout', 'rpo', 'image', 'tags', 'keepFrom', 'whenSourceGone', 'copyTo'].map((key) => [
    key,
    'it belongs to a policy that makes backups',
  ]),
);

const backupPolicy = z
  .strictObject({
    ...identity,
    select: explained(select, 'Which instances it backs up.', '{tags: {Backup: daily}}'),
    when: explained(
      z.array(trigger).min(1),
      'When points are made: each entry has either `schedule` or `event`.',
      '[{schedule: cron(0 2 * * ? *)}]',
    ),
    blackout: explained(
      windows.default([]),
      'While one of these windows is open no point is begun; a slot that falls into one waits for its end.',
      '[{days: [MON-FRI], from: "08:00", to: "18:00"}]',
    ),
    rpo: explained(
      fixedDuration.optional(),
      "The greatest tolerated age of a source's newest point. Without it: the longest gap between slots, `jitter` and `startWithin` together; so it is needed where no schedule repeats.",
      '26h',
    ),
    image: explained(image, 'How images are made.', '{reboot: true}'),
    tags: explained(tags, 'What image and snapshots are tagged with.', '{copy: [Name]}'),
    ...keeping,
    keepFrom: explained(
      keepFrom.optional(),
      'A tag in which people write how long points are kept.',
      '{tag: Retention, unit: d}',
    ),
    whenSourceGone: explained(
      whenSourceGone.optional(),
      'What is kept of an instance that is proven gone. Without it: what `keep` keeps, and always the last.',
      '{keepLast: 1, for: 90d}',
    ),
    copyTo: explained(
      z.array(destination).max(1).default([]),
      'Where copies go; one destination for now.',
      '[{region: eu-west-1, keep: {last: 3}}]',
    ),
    ...retiring,
  })
  .meta({ hints: { adopt: EITHER } });

const adoptionPolicy = z
  .strictObject({
    ...identity,
    adopt: explained(
      adopt,
      'Images that others build, taken over where they are. `imago adopt` marks them; nothing else does.',
      '{images: {name: "web-*"}, groupBy: {tag: role}}',
    ),
    ...keeping,
    ...retiring,
  })
  .meta({ hints: { ...OF_BACKUPS, select: EITHER, when: EITHER } });

export const policyEntry = z.union([backupPolicy, adoptionPolicy]);

export const tagPolicy = z.strictObject({
  id: explained(identifier, "The tag policy's name.", 'cost-centre'),
  images: explained(imageCriteria, 'The images that ought to have the tags.', '{name: "web-*"}'),
  set: explained(tagsToSetOnImages, 'The tags that they ought to have.', '{cost-centre: "1234"}'),
  overwrite: explained(
    z.boolean().prefault(true),
    'Whether a value that differs is corrected; else only a missing key is added.',
    'false',
  ),
  snapshots: explained(
    z.boolean().prefault(true),
    'Whether the snapshots of such an image get the same tags.',
    'false',
  ),
});

const limits = z.strictObject({
  maxRemovals: explained(
    z
      .strictObject({
        count: explained(count.prefault(100), 'Images and snapshots.', '50'),
        percent: explained(
          z.number().min(0).max(100).prefault(10),
          "Percent of a target's good points, beyond the ordinary turnover.",
          '5',
        ),
      })
      .prefault({}),
    'The most that one retirement run removes from one target.',
    '{count: 50, percent: 10}',
  ),
  keepAtLeast: explained(
    count.prefault(1),
    'Available points that always stay, per policy, source and place.',
    '2',
  ),
});

export const policyDocument = z.strictObject({
  $schema: explained(
    z.string().optional(),
    'Where docs/policy.schema.json is, for editors of JSON. In YAML a comment says it: see "In an editor".',
    '../docs/policy.schema.json',
  ),
  version: explained(z.literal(1), 'The version of this form.', '1'),
  timezone: explained(
    timezone.prefault('UTC'),
    'IANA name of the zone for all policies of the file that do not name their own.',
    'Europe/Berlin',
  ),
  limits: explained(
    limits.prefault({}),
    'The most that one run may do. Of several files one may say it, or all the same.',
    '{keepAtLeast: 2}',
  ),
  policies: explained(
    z.array(policyEntry).min(1).default([]),
    'Each makes backups (`select`, `when`), or takes over images that others build (`adopt`).',
    '[...]',
  ),
  tagPolicies: explained(
    z.array(tagPolicy).min(1).default([]),
    'Tags that images ought to have, whoever made them. A tag policy only adds and corrects.',
    '[...]',
  ),
});

export type PolicyDocument = z.output<typeof policyDocument>;
export type BackupEntry = z.output<typeof backupPolicy>;
export type AdoptionEntry = z.output<typeof adoptionPolicy>;
export type TagPolicyEntry = z.output<typeof tagPolicy>;
export type PolicyEntry = BackupEntry | AdoptionEntry;

export const isBackup = (entry: PolicyEntry): entry is BackupEntry => 'select' in entry;
