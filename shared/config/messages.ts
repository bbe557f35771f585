import * as z from 'zod';

/**
 * What comes in from outside, narrowed at the door: a worker's commands, EC2's events and the
 * schedule's. A shape that is not known is refused here, and nothing behind needs to ask again.
 */

const target = z.strictObject({
  account: z.string().regex(/^\d{12}$/, 'expected twelve digits'),
  region: z.string().min(1),
});

const run = {
  version: z.literal(1),
  target,
  runId: z.string().min(1).max(80),
  hop: z.int().min(0).max(1_000),
};

export const reconcileMessage = z.strictObject({
  ...run,
  kind: z.literal('reconcile'),
  isSweep: z.boolean(),
  isTidy: z.boolean().default(false), // a message may be older than the deployment
});

export const retireMessage = z.strictObject({
  ...run,
  kind: z.literal('retire'),
  spent: z.strictObject({ removed: z.int().min(0), counted: z.int().min(0) }),
});

/** EventBridge's envelope: more may come with it, and is of no concern. */
const envelope = { account: z.string().regex(/^\d{12}$/), region: z.string().min(1) };

/** `EC2 AMI State Change`: the detail's keys are capitalised (EC2 User Guide, monitor-ami-events). */
const imageEvent = z
  .object({
    ...envelope,
    source: z.literal('aws.ec2'),
    'detail-type': z.literal('EC2 AMI State Change'),
    detail: z.object({
      ImageId: z.string().startsWith('ami-'),
      State: z.enum(['available', 'failed', 'deregistered', 'disabled']),
    }),
  })
  .transform(({ account, region, detail }) => ({
    kind: 'image' as const,
    place: { account, region },
    imageId: detail.ImageId,
    state: detail.State,
  }));

const instanceEvent = z
  .object({
    ...envelope,
    source: z.literal('aws.ec2'),
    'detail-type': z.literal('EC2 Instance State-change Notification'),
    detail: z.object({ 'instance-id': z.string().startsWith('i-'), state: z.string().min(1) }),
  })
  .transform(({ account, region, detail }) => ({
    kind: 'instance' as const,
    place: { account, region },
    instanceId: detail['instance-id'],
    state: detail.state,
  }));

const INSTANCE_ARN = /^arn:[^:]+:ec2:[^:]+:\d{12}:instance\/(i-[^/]+)$/;

/**
 * `Tag Change on Resource`: `tags` are all that the resource has now, so a key that is gone is among
 * those changed and not in there (Tag Editor User Guide, "Monitor tag changes").
 */
const tagEvent = z
  .object({
    ...envelope,
    source: z.literal('aws.tag'),
    'detail-type': z.literal('Tag Change on Resource'),
    resources: z.tuple([z.string().regex(INSTANCE_ARN)]),
    detail: z.object({
      'changed-tag-keys': z.array(z.string()),
      tags: z.record(z.string(), z.string()),
    }),
  })
  .transform(({ account, region, resources: [arn], detail }) => ({
    kind: 'tags' as const,
    place: { account, region },
    instanceId: arn.replace(INSTANCE_ARN, '$1'),
    changedKeys: detail['changed-tag-keys'],
    tags: detail.tags,
  }));

export const ec2Event = z.union([imageEvent, instanceEvent, tagEvent], {
  error:
    'expected an EC2 AMI State Change, an EC2 Instance State-change Notification or a Tag Change on Resource of an instance',
});

/** A scheduled event. Its time is when the schedule meant it to fire, which may be a while ago. */
export const scheduledEvent = z
  .object({ 'detail-type': z.literal('Scheduled Event'), time: z.iso.datetime() })
  .transform(({ time }) => ({ atMs: Date.parse(time) }));

/** One record of an SQS batch, as far as a worker looks at it. */
export const sqsEvent = z.object({
  Records: z
    .array(
      z.object({
        messageId: z.string().min(1),
        body: z.string(),
        attributes: z.object({
          ApproximateReceiveCount: z.string().regex(/^\d+$/),
          MessageGroupId: z.string().optional(),
        }),
      }),
    )
    .min(1),
});

export type SqsRecord = z.output<typeof sqsEvent>['Records'][number];

/** A message that cannot be read, ever: trying again would not help. */
export class MalformedError extends Error {
  constructor(what: string, problems: string) {
    super(`malformed ${what}: ${problems}`);
    this.name = 'MalformedError';
  }
}

/** @throws MalformedError naming each field that is wrong */
export const narrow = <T>(schema: z.ZodType<T>, what: string, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  throw new MalformedError(what, problems.join('; '));
};

/** The same for a text that should be JSON. */
export const narrowJson = <T>(schema: z.ZodType<T>, what: string, text: string): T => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MalformedError(what, `no JSON: ${error instanceof Error ? error.message : ''}`);
  }
  return narrow(schema, what, value);
};
