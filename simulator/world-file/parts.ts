/** Each part of a saved world, as its service saves it. */
import type { Target } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import type { Version } from '../kernel/consistency.ts';
import type { ThrottleState } from '../kernel/throttle.ts';
import type { SavedStore } from '../services/ec2/store.ts';
import type { BusRow, RuleRow } from '../services/events/rows.ts';
import type { Remembered } from '../services/sqs/deduplication.ts';
import type { Message } from '../services/sqs/message.ts';
import type { MoveTask } from '../services/sqs/move-tasks.ts';
import type { Attempt, QueueRow } from '../services/sqs/row.ts';
import type { QueueSettings, Redrive, RedriveAllow } from '../services/sqs/settings.ts';
import type { ParameterRow, VersionRow } from '../services/ssm/rows.ts';
import type { Session } from '../services/sts/sessions.ts';
import { AUTO_SCALING } from './auto-scaling-rows.ts';
import { FLEETS } from './fleet-rows.ts';
import { IMAGE, IMAGE_MEMORY, SNAPSHOT, TOKEN } from './image-rows.ts';
import { EBS, INSTANCE, NETWORK, TEMPLATE, VOLUME } from './instance-rows.ts';
import {
  anyObject,
  flag,
  listOf,
  mapOf,
  number,
  readonlyMapOf,
  recordOf,
  rowOf,
  tags,
  text,
  textSet,
  texts,
} from './shapes.ts';

const unseenOf = <Row extends object>(row: z.ZodType<Row>) =>
  readonlyMapOf(
    listOf(rowOf<Version<Row>>()({ before: row.optional(), untilMs: number } as never)),
  );

const EC2 = recordOf(
  rowOf<SavedStore>()({
    instances: listOf(INSTANCE),
    volumes: listOf(VOLUME),
    snapshots: listOf(SNAPSHOT),
    templates: listOf(TEMPLATE),
    images: listOf(IMAGE),
    unseen: rowOf<SavedStore['unseen']>()({
      instances: unseenOf(INSTANCE),
      volumes: unseenOf(VOLUME),
      snapshots: unseenOf(SNAPSHOT),
      templates: unseenOf(TEMPLATE),
      images: unseenOf(IMAGE),
    }),
    tokens: readonlyMapOf(TOKEN),
    imageMemory: IMAGE_MEMORY,
    ebs: EBS,
    network: NETWORK,
    fleets: FLEETS,
  }),
);

const BUCKETS: z.ZodType<ThrottleState> = recordOf(
  rowOf<ThrottleState[string]>()({ tokens: number, atMs: number }),
);

const MESSAGE = rowOf<Message>()({
  messageId: text,
  body: text,
  attributes: anyObject<Message['attributes']>(),
  groupId: text.optional(),
  deduplicationId: text.optional(),
  sequenceNumber: text.optional(),
  senderId: text,
  sentAtMs: number,
  traceHeader: text.optional(),
  deadLetterSourceArn: text.optional(),
  visibleAtMs: number,
  receiveCount: number,
  receivedHere: number,
  firstReceivedAtMs: number.optional(),
  receivedAtMs: number.optional(),
  receiptHandle: text.optional(),
});

const SETTINGS = rowOf<QueueSettings>()({
  delaySeconds: number,
  visibilityTimeoutSeconds: number,
  retentionSeconds: number,
  maximumMessageBytes: number,
  receiveWaitSeconds: number,
  policy: text.optional(),
  redrive: rowOf<Redrive>()({ deadLetterArn: text, maxReceiveCount: number }).optional(),
  redriveAllow: rowOf<RedriveAllow>()({
    permission: z.enum(['allowAll', 'denyAll', 'byQueue']),
    sourceArns: texts,
  }).optional(),
  kmsMasterKeyId: text.optional(),
  kmsReuseSeconds: number,
  hasManagedEncryption: flag,
  contentBasedDeduplication: flag,
  deduplicationScope: z.enum(['queue', 'messageGroup']),
  throughputLimit: z.enum(['perQueue', 'perMessageGroupId']),
});

const QUEUE = rowOf<QueueRow>()({
  account: text,
  region: text,
  name: text,
  isFifo: flag,
  createdAtMs: number,
  modifiedAtMs: number,
  settings: SETTINGS,
  tags,
  sentCount: number,
  purgedAtMs: number.optional(),
  groups: mapOf(mapOf(MESSAGE)),
  memory: mapOf(
    rowOf<Remembered>()({
      messageId: text,
      md5OfBody: text,
      sequenceNumber: text.optional(),
      atMs: number,
    }),
  ),
  attempts: mapOf(rowOf<Attempt>()({ atMs: number, handles: readonlyMapOf(text) })),
});

const MOVE_TASK = rowOf<MoveTask>()({
  taskId: text,
  sourceArn: text,
  destinationArn: text.optional(),
  perSecond: number.optional(),
  startedAtMs: number,
  toMove: number,
  moved: number,
  status: z.enum(['RUNNING', 'COMPLETED', 'CANCELLED', 'FAILED']),
  failureReason: text.optional(),
});

const RULE = rowOf<RuleRow>()({
  account: text,
  region: text,
  bus: text,
  name: text,
  pattern: text.optional(),
  schedule: text.optional(),
  description: text.optional(),
  roleArn: text.optional(),
  state: z.enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']),
  scheduledAtMs: number,
  scheduleRevision: number,
  targets: mapOf(anyObject<Target>()),
  tags,
});

const BUS = rowOf<BusRow>()({
  account: text,
  region: text,
  name: text,
  createdAtMs: number,
  modifiedAtMs: number,
  description: text.optional(),
  kmsKey: text.optional(),
  deadLetterArn: text.optional(),
  log: rowOf<NonNullable<BusRow['log']>>()({
    level: text.optional(),
    detail: text.optional(),
  }).optional(),
  policy: text.optional(),
  tags,
  rules: mapOf(RULE),
});

const PARAMETER_VERSION = rowOf<VersionRow>()({
  version: number,
  type: z.enum(['String', 'StringList', 'SecureString']),
  value: text,
  keyId: text.optional(),
  description: text.optional(),
  allowedPattern: text.optional(),
  tier: z.enum(['Standard', 'Advanced']),
  dataType: text,
  modifiedAtMs: number,
  modifiedBy: text,
  labels: textSet,
});

const PARAMETER = rowOf<ParameterRow>()({
  account: text,
  region: text,
  name: text,
  versions: z.array(PARAMETER_VERSION),
  tags,
  sharedWith: textSet,
});

const SESSION = rowOf<Session>()({ account: text, arn: text, userId: text, isOfRole: flag });

/** By the name of the part: see kernel/persistence. */
export const PARTS: Readonly<Record<string, z.ZodType>> = {
  autoscaling: AUTO_SCALING,
  chance: recordOf(number),
  buckets: BUCKETS,
  ec2: EC2,
  sqs: z.strictObject({ queues: listOf(QUEUE), deletedAtMs: mapOf(number) }),
  'sqs-moves': z.strictObject({ tasks: mapOf(MOVE_TASK) }),
  events: z.strictObject({ buses: mapOf(BUS) }),
  ssm: z.strictObject({ parameters: mapOf(PARAMETER), versions: mapOf(number) }),
  sts: z.strictObject({ sessions: mapOf(SESSION) }),
};
