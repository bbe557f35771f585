/**
 * The way of events to targets: a while after the event, tried again when a target cannot be reached,
 * and in the end into the dead-letter queue, or lost.
 */
import type { Target } from '@aws-sdk/client-eventbridge';
import { agendaKind } from '../../kernel/agenda.ts';
import { draw, type Kernel } from '../../kernel/kernel.ts';
import { handTo, type Refusal, sendToQueue, type Services } from './destinations.ts';
import type { CloudEvent } from './event.ts';
import type { Place } from './rows.ts';
import { inputOf } from './target-input.ts';

/** What an event has come through before this bus. */
export interface Hops {
  readonly ofAccount: boolean;
  readonly ofRegion: boolean;
}

/** One event on its way to one target, as it is saved. */
export interface Delivery extends Place {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
  readonly event: CloudEvent;
  readonly hops: Hops;
  /** When EventBridge received the event. */
  readonly sinceMs: number;
  /** Tries before this one. */
  readonly retries: number;
}

/** An event that no retry brought to its target, and that no dead-letter queue took. */
export interface FailedDelivery {
  readonly event: CloudEvent;
  readonly rule: string;
  readonly targetArn: string;
  readonly code: Refusal['code'];
}

export interface Deliveries {
  /** After the delay that events have. */
  readonly send: (delivery: Delivery) => void;
  /** Without another delay, as schedules do. */
  readonly attempt: (delivery: Delivery) => void;
  readonly failed: readonly FailedDelivery[];
}

/** Hands an event to a bus that is the target. */
type ToBus = (delivery: Delivery) => Refusal | undefined;

const DELIVER = agendaKind<Delivery>('events.deliver');

const RETRIES_MAX = 185;
const AGE_SECONDS_MAX = 86_400;
/** Doubled with each try, up to eight minutes: 185 tries then take about a day, as documented. */
const FIRST_RETRY_MS = 10_000;
const RETRY_MS_MAX = 480_000;

/** How long the event is on its way. */
const delayOf = ({ manners, random }: Kernel): number => {
  const { eventDelayMs, eventReorder, eventHeldMs } = manners();
  const delayMs = draw(random('event-delays'), eventDelayMs);
  const isHeld = eventReorder > 0 && random('event-order').chance(eventReorder);
  return isHeld ? delayMs + draw(random('event-order'), eventHeldMs) : delayMs;
};

/** Between half of the bound and all of it. */
const retryDelay = ({ random }: Kernel, retries: number): number => {
  const boundMs = Math.min(RETRY_MS_MAX, FIRST_RETRY_MS * 2 ** retries);
  return random('event-retries').integer(boundMs / 2, boundMs);
};

const exhaustedBy = (
  { target: { RetryPolicy: policy = {} }, retries, sinceMs }: Delivery,
  nextMs: number,
): string | undefined => {
  if (retries >= (policy.MaximumRetryAttempts ?? RETRIES_MAX)) return 'MaximumRetryAttempts';
  const ageSeconds = policy.MaximumEventAgeInSeconds ?? AGE_SECONDS_MAX;
  return nextMs - sinceMs > ageSeconds * 1_000 ? 'MaximumEventAgeInSeconds' : undefined;
};

/** What a dead-letter queue is told, as message attributes. */
const attributesOf = (delivery: Delivery, refusal: Refusal, exhausted: string | undefined) => {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  return {
    RULE_ARN: text(delivery.ruleArn),
    TARGET_ARN: text(delivery.target.Arn ?? ''),
    ERROR_CODE: text(refusal.code),
    ERROR_MESSAGE: text(refusal.message),
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
    RETRY_ATTEMPTS: { DataType: 'Number', StringValue: String(delivery.retries) },
  };
};

const UNREACHABLE: Refusal = {
  code: 'THROTTLING',
  message: 'The target could not be reached',
  isPassing: true,
};

const NO_JSON: Refusal = {
  code: 'INVALID_JSON',
  message: 'The input of the target is no valid JSON',
  isPassing: false,
};

const isBus = ({ Arn: arn = '' }: Target): boolean => /^arn:[^:]+:events:.*:event-bus\//.test(arn);

export const createDeliveries = (services: Services, toBus: ToBus): Deliveries => {
  const { kernel } = services;
  const { agenda, clock } = kernel;
  const failed: FailedDelivery[] = [];

  const hand = (delivery: Delivery): Refusal | undefined => {
    const { deliveryFailure } = kernel.manners();
    if (deliveryFailure > 0 && kernel.random('deliveries').chance(deliveryFailure)) {
      return UNREACHABLE;
    }
    if (isBus(delivery.target)) return toBus(delivery);
    const { ruleArn, ruleName, sinceMs: ingestedAtMs, target, event } = delivery;
    const body = inputOf(target, event, { ruleArn, ruleName, ingestedAtMs });
    return body === undefined ? NO_JSON : handTo(services, target, delivery, body);
  };

  const giveUp = (delivery: Delivery, refusal: Refusal, exhausted?: string): void => {
    const { event, ruleName: rule, target } = delivery;
    const deadLetterArn = target.DeadLetterConfig?.Arn;
    const attributes = attributesOf(delivery, refusal, exhausted);
    const isKept =
      deadLetterArn !== undefined &&
      sendToQueue(services, deadLetterArn, delivery, JSON.stringify(event), { attributes }) ===
        undefined;
    if (!isKept) failed.push({ event, rule, targetArn: target.Arn ?? '', code: refusal.code });
  };

  const attempt = (delivery: Delivery): void => {
    const refusal = hand(delivery);
    if (refusal === undefined) return;
    if (!refusal.isPassing) {
      giveUp(delivery, refusal);
      return;
    }
    const nextMs = clock.nowMs() + retryDelay(kernel, delivery.retries);
    const exhausted = exhaustedBy(delivery, nextMs);
    if (exhausted === undefined) {
      agenda.at(nextMs, DELIVER, { ...delivery, retries: delivery.retries + 1 });
    } else giveUp(delivery, refusal, exhausted);
  };

  const twice = (act: () => void): void => {
    const { deliveryDuplicate } = kernel.manners();
    act();
    if (deliveryDuplicate > 0 && kernel.random('deliveries').chance(deliveryDuplicate)) act();
  };

  agenda.define(DELIVER, attempt);
  return {
    failed,
    send: (delivery) => {
      twice(() => {
        agenda.at(clock.nowMs() + delayOf(kernel), DELIVER, delivery);
      });
    },
    attempt: (delivery) => {
      twice(() => {
        attempt(delivery);
      });
    },
  };
};

export { delayOf };
