import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createQueue, UnsentMessagesError } from '../../shared/aws/queue.ts';
import type { QueuedMessage } from '../../shared/loop/ports.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { createBench as createCloudBench } from '../simulator/fixture.ts';
import { type Answer, answerBatch, connectTo, createBench, HOME } from './fixture.ts';

const URL = 'https://sqs.eu-central-1.amazonaws.com/111122223333/backup.fifo';

const message = (body: string): QueuedMessage => ({
  body,
  groupId: '111122223333/eu-central-1',
  deduplicationId: `once-${body}`,
});

const messages = (count: number): readonly QueuedMessage[] =>
  Array.from({ length: count }, (_, index) => message(`m${index + 1}`));

const queueWith = (answer: Answer) => {
  const bench = createBench({ SendMessageBatch: answer });
  const queue = createQueue(bench.connection, HOME.region, URL);
  const bodies = (): readonly (readonly string[])[] =>
    bench.calls.map(({ input }) =>
      (input['Entries'] as readonly { readonly MessageBody: string }[]).map(
        ({ MessageBody }) => MessageBody,
      ),
    );
  return {
    ...bench,
    send: (some: readonly QueuedMessage[]) => bench.run(queue.send(some)),
    bodies,
  };
};

describe('sending messages', () => {
  test('gives each its group and its deduplication id', async () => {
    const { send, calls } = queueWith((input) => answerBatch(input));

    await send(messages(2));

    expect(calls).toEqual([
      {
        action: 'SendMessageBatch',
        region: 'eu-central-1',
        afterMs: 0,
        input: {
          QueueUrl: URL,
          Entries: [
            {
              Id: '0',
              MessageBody: 'm1',
              MessageGroupId: '111122223333/eu-central-1',
              MessageDeduplicationId: 'once-m1',
            },
            {
              Id: '1',
              MessageBody: 'm2',
              MessageGroupId: '111122223333/eu-central-1',
              MessageDeduplicationId: 'once-m2',
            },
          ],
        },
      },
    ]);
  });

  test('goes ten at a time, in order', async () => {
    const { send, bodies } = queueWith((input) => answerBatch(input));

    await send(messages(23));

    expect(bodies().map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(bodies().flat()).toEqual(messages(23).map(({ body }) => body));
  });

  test('makes no call for no message', async () => {
    const { send, calls } = queueWith((input) => answerBatch(input));

    await send([]);

    expect(calls).toEqual([]);
  });
});

describe('a message that SQS refuses', () => {
  test('is sent again with those of its batch, after waits that grow', async () => {
    const { send, calls, bodies } = queueWith((input, count) =>
      answerBatch(input, count < 3 ? ['m2'] : []),
    );

    await send(messages(3));

    expect(calls.map(({ afterMs }) => afterMs)).toEqual([0, 200, 600]);
    expect(bodies().at(-1)).toContain('m2');
  });

  test('rejects after four tries, and says how many messages are not sent and why', async () => {
    const { send, calls } = queueWith((input) => answerBatch(input, ['m2', 'm3']));

    await expect(send(messages(3))).rejects.toThrow(
      new UnsentMessagesError(URL, 2, 'InternalError'),
    );
    await expect(send(messages(3))).rejects.toThrow(
      `2 messages could not be sent to ${URL}: InternalError`,
    );
    expect(calls.slice(0, 4).map(({ afterMs }) => afterMs)).toEqual([0, 200, 600, 1_200]);
    expect(calls).toHaveLength(8);
  });

  test('keeps later batches from being sent, so that order holds', async () => {
    const { send, bodies } = queueWith((input) => answerBatch(input, ['m12']));

    await expect(send(messages(25))).rejects.toThrow(UnsentMessagesError);

    expect(bodies().flat()).toContain('m1');
    expect(bodies().flat()).not.toContain('m21');
  });
});

describe('a call that SQS refuses', () => {
  test('rejects at once', async () => {
    const { send, calls } = queueWith(() => {
      throw new ApiError('QueueDoesNotExist', 'The specified queue does not exist.');
    });

    await expect(send(messages(1))).rejects.toThrow('The specified queue does not exist.');
    expect(calls).toHaveLength(1);
  });

  test('rejects when a digest shows that a message did not arrive as it was', async () => {
    const digest = createHash('md5').update('another').digest('hex');
    const { send } = queueWith((input) => ({
      Successful: answerBatch(input).Successful.map((entry) => ({
        ...entry,
        MD5OfMessageBody: digest,
      })),
      Failed: [],
    }));

    await expect(send(messages(1))).rejects.toThrow('Invalid MD5 checksum on messages');
  });
});

describe('the embedded queue', () => {
  test('holds each message once, though its batch was sent twice', async () => {
    const { cloud } = createCloudBench();
    const spec = { ...HOME, name: 'backup.fifo', isFifo: true };
    const fifo = cloud.queues.create(spec);
    const router = createRouter({
      services: cloud.services,
      accountOf: () => HOME.account,
      nowMs: () => cloud.clock.nowMs(),
      requestId: cloud.requestId,
    });
    const queue = createQueue(connectTo(router, cloud.clock), HOME.region, fifo.url);

    await cloud.clock.runFor(queue.send(messages(12)));
    await cloud.clock.runFor(queue.send(messages(12)));

    expect(fifo.messages.map(({ body }) => body)).toEqual(messages(12).map(({ body }) => body));
  });
});
