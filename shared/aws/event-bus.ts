import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { DomainEvent, EventPublisher } from '../loop/ports.ts';
import { type Connection, clientConfig } from './connection.ts';
import { toFailure } from './failures.ts';

/** The most entries that PutEvents takes. */
const BATCH_MAX = 10;
const ATTEMPTS_MAX = 4;
const RETRY_DELAY_MS = 200;

const SOURCE = 'imago';

/** Publishes on one bus. PutEvents succeeds even where entries fail, so those are tried again. */
export const createEventPublisher = (
  connection: Connection,
  region: string,
  busName: string,
): EventPublisher => {
  const client = new EventBridgeClient(clientConfig(connection, 'events', region));
  connection.adapt?.(client, 'events');
  const publishBatch = async (events: readonly DomainEvent[]): Promise<readonly DomainEvent[]> => {
    let left = events;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX && left.length > 0; attempt += 1) {
      if (attempt > 1) await connection.clock.sleep(RETRY_DELAY_MS * attempt);
      left = await putOnce(client, busName, left);
    }
    return left;
  };
  return {
    publish: async (events) => {
      const unpublished: DomainEvent[] = [];
      for (let start = 0; start < events.length; start += BATCH_MAX) {
        unpublished.push(...(await publishBatch(events.slice(start, start + BATCH_MAX))));
      }
      return unpublished;
    },
  };
};

/** Resolves to the events whose entries failed: all of them, if the call did. */
const putOnce = async (
  client: EventBridgeClient,
  busName: string,
  events: readonly DomainEvent[],
): Promise<readonly DomainEvent[]> => {
  try {
    return await putEntries(client, busName, events);
  } catch (error) {
    toFailure(error); // throws on what is no error of AWS
    return events;
  }
};

const putEntries = async (
  client: EventBridgeClient,
  EventBusName: string,
  events: readonly DomainEvent[],
): Promise<readonly DomainEvent[]> => {
  const output = await client.send(
    new PutEventsCommand({
      Entries: events.map(({ detailType, detail, resources }) => ({
        EventBusName,
        Source: SOURCE,
        DetailType: detailType,
        Detail: JSON.stringify(detail),
        Resources: [...resources],
      })),
    }),
  );
  if ((output.FailedEntryCount ?? 0) === 0) return [];
  return events.filter((_, index) => output.Entries?.[index]?.ErrorCode !== undefined);
};
