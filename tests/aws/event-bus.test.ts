import { describe, expect, test } from 'vitest';
import { createEventPublisher } from '../../shared/aws/event-bus.ts';
import type { DomainEvent } from '../../shared/loop/ports.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { type Answer, createBench, HOME } from './fixture.ts';

const event = (number: number): DomainEvent => ({
  detailType: 'Imago Recovery Point Created',
  detail: { number },
  resources: [`ami-${number}`],
});

const events = (count: number): readonly DomainEvent[] =>
  Array.from({ length: count }, (_, index) => event(index + 1));

const detailsOf = (input: Readonly<Record<string, unknown>>): readonly number[] =>
  (input['Entries'] as readonly { readonly Detail: string }[]).map(
    ({ Detail }) => (JSON.parse(Detail) as { readonly number: number }).number,
  );

/** PutEvents that refuses the entries of these events. */
const refusing =
  (refused: (count: number) => readonly number[]): Answer =>
  (input, count) => {
    const Entries = detailsOf(input).map((number) =>
      refused(count).includes(number)
        ? { ErrorCode: 'InternalFailure', ErrorMessage: 'An internal error' }
        : { EventId: `event-${number}` },
    );
    return { FailedEntryCount: Entries.filter((each) => 'ErrorCode' in each).length, Entries };
  };

const busWith = (answer: Answer) => {
  const bench = createBench({ PutEvents: answer });
  const publisher = createEventPublisher(bench.connection, HOME.region, 'imago-prod');
  return {
    calls: bench.calls,
    publish: (some: readonly DomainEvent[]) => bench.run(publisher.publish(some)),
    sent: () => bench.calls.map(({ input }) => detailsOf(input)),
  };
};

describe('publishing events', () => {
  test('puts each on the bus with its type, detail and resources', async () => {
    const { publish, calls } = busWith(refusing(() => []));

    expect(await publish([event(7)])).toEqual([]);
    expect(calls).toEqual([
      {
        action: 'PutEvents',
        region: 'eu-central-1',
        afterMs: 0,
        input: {
          Entries: [
            {
              EventBusName: 'imago-prod',
              Source: 'imago',
              DetailType: 'Imago Recovery Point Created',
              Detail: '{"number":7}',
              Resources: ['ami-7'],
            },
          ],
        },
      },
    ]);
  });

  test('goes ten at a time, in order', async () => {
    const { publish, sent } = busWith(refusing(() => []));

    expect(await publish(events(21))).toEqual([]);
    expect(sent().map(({ length }) => length)).toEqual([10, 10, 1]);
    expect(sent().flat()).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });

  test('makes no call for no event', async () => {
    const { publish, calls } = busWith(refusing(() => []));

    expect(await publish([])).toEqual([]);
    expect(calls).toEqual([]);
  });
});

describe('an event that EventBridge refuses', () => {
  test('alone is put again, after waits that grow', async () => {
    const refused = [[2, 5], [5], []];
    const { publish, sent, calls } = busWith(refusing((count) => refused[count - 1] ?? []));

    expect(await publish(events(6))).toEqual([]);
    expect(sent()).toEqual([[1, 2, 3, 4, 5, 6], [2, 5], [5]]);
    expect(calls.map(({ afterMs }) => afterMs)).toEqual([0, 400, 1_000]);
  });

  test('is given back after four tries, and the others are published', async () => {
    const { publish, sent } = busWith(refusing(() => [3, 12]));

    expect(await publish(events(12))).toEqual([event(3), event(12)]);
    expect(sent().map(({ length }) => length)).toEqual([10, 1, 1, 1, 2, 1, 1, 1]);
  });
});

describe('a call that EventBridge refuses', () => {
  test('gives back the events of its batch, and goes on with the next', async () => {
    const { publish, calls } = busWith((input, count) => {
      if (count <= 4) throw new ApiError('AccessDeniedException', 'No.', 400);
      return refusing(() => [])(input, count);
    });

    expect(await publish(events(12))).toEqual(events(10));
    expect(calls).toHaveLength(5);
  });
});
