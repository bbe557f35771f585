/** Manners under a name: how the embedded cloud behaves as a whole. */
import { PROMPT_EBS_MANNERS } from './ebs-manners.ts';
import { CALM_MANNERS, DEFAULT_MANNERS, type Manners, type Span } from './manners.ts';
import { FAITHFUL_MESSAGE_MANNERS } from './message-manners.ts';

/** Of a cloud that clients outside of this process use. */
export const PROFILE_NAMES = ['calm', 'real', 'rough'] as const;
export type Profile = (typeof PROFILE_NAMES)[number];

/** Of a run of the product. */
export const FAULT_LEVEL_NAMES = ['none', 'mild', 'rough'] as const;
export type FaultLevel = (typeof FAULT_LEVEL_NAMES)[number];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const AT_ONCE: Span = { min: 0, max: 0 };

/** Everything is ready at once, and nothing goes wrong. */
const CALM: Manners = {
  ...CALM_MANNERS,
  ...PROMPT_EBS_MANNERS,
  imagePendingMs: AT_ONCE,
  copyPendingMs: AT_ONCE,
  copyPendingPerGibMs: 0,
  registerPendingMs: AT_ONCE,
  visibilityLagMs: AT_ONCE,
  readLagMs: AT_ONCE,
  instanceStartMs: AT_ONCE,
  instanceStopMs: AT_ONCE,
  instanceTerminateMs: AT_ONCE,
  scalingMs: AT_ONCE,
  eventDelayMs: AT_ONCE,
  scheduleDelayMs: AT_ONCE,
  parameterValidationMs: AT_ONCE,
  lambdaStartMs: AT_ONCE,
  callLatencyMs: AT_ONCE,
};

/** As in life on a good day: it takes its time, throttles as published, and seldom fails. */
const REAL: Manners = {
  ...DEFAULT_MANNERS,
  imageFailure: 0.005,
  copyFailure: 0.005,
  snapshotDeleteFailure: 0.002,
  visibilityLagMs: { min: 0, max: 3 * SECOND },
  readLagMs: { min: 0, max: 3 * SECOND },
  eventLoss: 0.005,
  eventDuplicate: 0.01,
  eventReorder: 0.005,
  deliveryDuplicate: 0.001,
  deliveryFailure: 0.001,
  queueDuplicate: 0.001,
  buckets: 'published',
};

/** Everything goes wrong often, and all of it at once. */
const ROUGH: Manners = {
  ...DEFAULT_MANNERS,
  imagePendingMs: { min: 2 * MINUTE, max: 40 * MINUTE },
  copyPendingMs: { min: 3 * MINUTE, max: 60 * MINUTE },
  copyPendingPerGibMs: 10 * SECOND,
  imageFailure: 0.15,
  copyFailure: 0.15,
  snapshotDeleteFailure: 0.1,
  visibilityLagMs: { min: 0, max: 30 * SECOND },
  readLagMs: { min: 0, max: 30 * SECOND },
  instanceStartMs: { min: 15 * SECOND, max: 5 * MINUTE },
  instanceStopMs: { min: 15 * SECOND, max: 10 * MINUTE },
  instanceTerminateMs: { min: 20 * SECOND, max: 10 * MINUTE },
  scalingMs: { min: 2 * SECOND, max: 5 * MINUTE },
  eventLoss: 0.3,
  eventDuplicate: 0.15,
  eventDelayMs: { min: 200, max: 2 * MINUTE },
  eventReorder: 0.1,
  eventHeldMs: { min: 10 * SECOND, max: 10 * MINUTE },
  deliveryDuplicate: 0.02,
  deliveryFailure: 0.05,
  queueDuplicate: 0.1,
  queueReorder: 0.3,
  shortPollMiss: 0.2,
  scheduleDelayMs: { min: 0, max: MINUTE },
  putEventsEntryFailure: 0.05,
  lambdaStartMs: { min: 20, max: 3 * SECOND },
  pageSizeMax: 50,
  callLatencyMs: { min: 40, max: SECOND },
  buckets: 'published',
  throttled: 0.05,
  serverError: 0.03,
};

/** Everything takes as long as in life, and nothing goes wrong. */
const NONE: Manners = {
  ...DEFAULT_MANNERS,
  ...FAITHFUL_MESSAGE_MANNERS,
  imageFailure: 0,
  copyFailure: 0,
  snapshotDeleteFailure: 0,
  visibilityLagMs: AT_ONCE,
  readLagMs: AT_ONCE,
  buckets: 'none',
  throttled: 0,
  serverError: 0,
};

export const PROFILES: Readonly<Record<Profile, Manners>> = {
  calm: CALM,
  real: REAL,
  rough: ROUGH,
};

export const FAULT_LEVELS: Readonly<Record<FaultLevel, Manners>> = {
  none: NONE,
  mild: DEFAULT_MANNERS,
  rough: ROUGH,
};
