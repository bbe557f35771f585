/** The manners of EventBridge, SQS and Parameter Store: how well things find their way. */
import type { Span } from './ebs-manners.ts';

export interface MessageManners {
  /** Probability that an event of an AWS service never arrives: they are best effort. */
  readonly eventLoss: number;
  /** Probability that an event of an AWS service arrives twice. */
  readonly eventDuplicate: number;
  /** From the event to its target. Two events may therefore swap places. */
  readonly eventDelayMs: Span;
  /** Probability that an event is held back on its way, and how long, so that others overtake it. */
  readonly eventReorder: number;
  readonly eventHeldMs: Span;
  /** From the nominal time of a schedule to its target. */
  readonly scheduleDelayMs: Span;
  /** Probability that a rule runs its target twice, for whatever event or schedule. */
  readonly deliveryDuplicate: number;
  /** Probability, per try, that a target cannot be reached: EventBridge tries again. */
  readonly deliveryFailure: number;
  /** Probability, per entry, that PutEvents refuses it with `InternalFailure`. */
  readonly putEventsEntryFailure: number;

  /** Probability that a standard queue gives a message that it has just given once more at once. */
  readonly queueDuplicate: number;
  /** Probability, per receive, that a standard queue offers its messages in any order. */
  readonly queueReorder: number;
  /** Probability that a receive that does not wait finds nothing, though there is something. */
  readonly shortPollMiss: number;
  /** Messages of one queue that may be received and not yet deleted. */
  readonly queueInFlightMax: number;
  /**
   * Whether a queue takes only what its policy lets EventBridge send, as on AWS. Other accounts need
   * the policy in any case.
   */
  readonly queuePolicies: 'ignored' | 'enforced';
  /** How long Systems Manager looks at the image before a parameter that holds it changes. */
  readonly parameterValidationMs: Span;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const always = (value: number): Span => ({ min: value, max: value });

/** An ordinary day. */
export const DEFAULT_MESSAGE_MANNERS: MessageManners = {
  eventLoss: 0.05,
  eventDuplicate: 0.02,
  eventDelayMs: { min: 200, max: 5 * SECOND },
  eventReorder: 0.02,
  eventHeldMs: { min: 10 * SECOND, max: 2 * MINUTE },
  scheduleDelayMs: { min: 0, max: 2 * SECOND },
  deliveryDuplicate: 0.002,
  deliveryFailure: 0.005,
  putEventsEntryFailure: 0,
  queueDuplicate: 0.01,
  queueReorder: 0.05,
  shortPollMiss: 0,
  queueInFlightMax: 120_000,
  queuePolicies: 'ignored',
  parameterValidationMs: { min: 1 * SECOND, max: 10 * SECOND },
};

/** Everything arrives, once and in order. */
export const FAITHFUL_MESSAGE_MANNERS = {
  eventLoss: 0,
  eventDuplicate: 0,
  eventReorder: 0,
  deliveryDuplicate: 0,
  deliveryFailure: 0,
  putEventsEntryFailure: 0,
  queueDuplicate: 0,
  queueReorder: 0,
  shortPollMiss: 0,
} as const satisfies Partial<MessageManners>;

/** Everything arrives as it should, after a fixed while. */
export const CALM_MESSAGE_MANNERS: MessageManners = {
  ...DEFAULT_MESSAGE_MANNERS,
  ...FAITHFUL_MESSAGE_MANNERS,
  eventDelayMs: always(SECOND),
  scheduleDelayMs: always(0),
  parameterValidationMs: always(2 * SECOND),
};
