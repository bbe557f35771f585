/** In which order, how often, and where to a queue hands its messages out. */
import type { Kernel } from '../../kernel/kernel.ts';
import type { Message } from './message.ts';

/** A standard queue keeps order as well as it can: now and then, not at all. */
export const inSomeOrder = (
  messages: Iterable<Message>,
  { manners, random }: Kernel,
): Iterable<Message> => {
  const { queueReorder } = manners();
  if (queueReorder === 0 || !random('sqs-order').chance(queueReorder)) return messages;
  return [...messages]
    .map((message) => ({ message, rank: random('sqs-order').next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ message }) => message);
};

/** Whether a message that is handed out can be received once more at once: a copy was not there. */
export const staysVisible = ({ manners, random }: Kernel): boolean => {
  const { queueDuplicate } = manners();
  return queueDuplicate > 0 && random('sqs-duplicates').chance(queueDuplicate);
};

/**
 * A message as it lies in a dead-letter queue. It goes on aging, unless the queue is FIFO; how often
 * it was received is still counted.
 */
export const deadLetterOf = (message: Message, sourceArn: string, nowMs: number): Message => ({
  ...message,
  deadLetterSourceArn: sourceArn,
  sentAtMs: message.sequenceNumber === undefined ? message.sentAtMs : nowMs,
  visibleAtMs: nowMs,
  receivedHere: 0,
  receiptHandle: undefined,
  receivedAtMs: undefined,
});
