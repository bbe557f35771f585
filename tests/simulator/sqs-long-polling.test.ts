import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { QueueSpec } from '../../simulator/services/sqs/row.ts';
import { createRequestHandler } from '../../simulator/wire/in-process.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { ACCOUNT, createBench, HOME, SECOND } from './fixture.ts';
import { settingsFor } from './wire/clients.ts';

describe('long polling', () => {
  /** A client whose calls may wait, as the wire lets them. */
  const aClient = async (spec: Partial<QueueSpec> = {}) => {
    const { cloud } = createBench();
    const queue = cloud.queues.create({ account: ACCOUNT, region: HOME, name: 'work', ...spec });
    const router = createRouter({
      services: cloud.services,
      accountOf: () => ACCOUNT,
      nowMs: () => cloud.clock.nowMs(),
      requestId: cloud.requestId,
    });
    const client = new SQSClient({
      ...settingsFor(() => {
        throw new Error('never asked');
      }),
      region: HOME,
      authSchemePreference: ['sigv4'],
      requestHandler: createRequestHandler((request) =>
        router.routeWaiting(request, (delayMs) => cloud.clock.sleep(delayMs)),
      ),
    });
    const receive = (WaitTimeSeconds?: number) =>
      client.send(new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds }));
    await receive(0); // the first call reads the client's settings, which takes no virtual time
    return { cloud, queue, receive };
  };

  it('waits until there is a message', async () => {
    const { cloud, queue, receive } = await aClient();
    const startMs = cloud.clock.nowMs();
    cloud.clock.at(startMs + 5 * SECOND, () => {
      queue.send({ body: 'late' });
    });
    const { Messages } = await cloud.clock.runFor(receive(20));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['late']);
    expect(cloud.clock.nowMs() - startMs).toBeLessThan(6 * SECOND);
  });

  it.each([
    [10, undefined, 10],
    [undefined, 7, 7],
    [0, 7, 0],
    [undefined, undefined, 0],
  ])(
    'waits %s seconds, by a queue that waits %s, for nothing: %s',
    async (asked, ofQueue, seconds) => {
      const spec = ofQueue === undefined ? {} : { receiveWaitSeconds: ofQueue };
      const { cloud, receive } = await aClient(spec);
      const startMs = cloud.clock.nowMs();
      const { Messages } = await cloud.clock.runFor(receive(asked));
      expect(Messages).toBeUndefined();
      expect(cloud.clock.nowMs() - startMs).toBe(seconds * SECOND);
    },
  );
});
