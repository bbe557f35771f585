import { createHook } from 'node:async_hooks';

import {
  DescribeImages$,
  DescribeImagesCommand,
  EC2Client,
  EC2ServiceException,
  paginateDescribeImages,
} from '@aws-sdk/client-ec2';
import type { DescribeImagesRequest, DescribeImagesResult } from '@aws-sdk/client-ec2';
import { StandardRetryStrategy } from '@smithy/core/retry';
import { describe, expect, test } from 'vitest';

import { VirtualClock } from '../../../simulator/clock.ts';
import { ApiError, operation } from '../../../simulator/wire/api.ts';
import { createRequestHandler } from '../../../simulator/wire/in-process.ts';
import { ec2On, routeTo, settingsFor } from './clients.ts';

const cloud = (answer: (input: DescribeImagesRequest) => DescribeImagesResult) =>
  routeTo([{ id: 'ec2', operations: { DescribeImages: operation(DescribeImages$, answer) } }]);

/** Three images in pages of one, with the page number as token. */
const threePages = ({ NextToken = '1' }: DescribeImagesRequest): DescribeImagesResult => ({
  Images: [{ ImageId: `ami-${NextToken}` }],
  ...(NextToken === '3' ? {} : { NextToken: String(Number(NextToken) + 1) }),
});

describe('an SDK client on the in-process handler', () => {
  test('pages through all images', async () => {
    const ids: unknown[] = [];
    for await (const page of paginateDescribeImages({ client: ec2On(cloud(threePages)) }, {})) {
      ids.push(...(page.Images ?? []).map(({ ImageId }) => ImageId));
    }

    expect(ids).toStrictEqual(['ami-1', 'ami-2', 'ami-3']);
  });

  test('sees an error of EC2 with its code as name, and the request id', async () => {
    const client = ec2On(
      cloud(() => {
        throw new ApiError('InvalidAMIID.NotFound', "The image id '[ami-0]' does not exist");
      }),
    );

    const call = client.send(new DescribeImagesCommand({ ImageIds: ['ami-0'] }));

    await expect(call).rejects.toBeInstanceOf(EC2ServiceException);
    await expect(call).rejects.toMatchObject({
      name: 'InvalidAMIID.NotFound',
      message: "The image id '[ami-0]' does not exist",
      $fault: 'client',
      $metadata: { httpStatusCode: 400, requestId: 'req-1', attempts: 1 },
    });
  });

  test('tries again after a 503 RequestLimitExceeded', async () => {
    let calls = 0;
    const route = cloud(() => {
      calls += 1;
      if (calls < 3) throw new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503);
      return { Images: [] };
    });
    const withoutDelay = new StandardRetryStrategy({
      maxAttempts: 3,
      backoff: { computeNextBackoffDelay: () => 0, setDelayBase: () => undefined },
    });
    const client = new EC2Client({ ...settingsFor(route), retryStrategy: withoutDelay });

    const output = await client.send(new DescribeImagesCommand({}));

    expect(output.Images).toStrictEqual([]);
    expect(output.$metadata).toMatchObject({ attempts: 3, requestId: 'req-3' });
  });

  test('fails with the bug that an operation throws, without a second attempt', async () => {
    const bug = new TypeError('undefined is not a row');
    let calls = 0;
    const route = cloud(() => {
      calls += 1;
      throw bug;
    });
    const client = new EC2Client({ ...settingsFor(route), maxAttempts: 5 });

    await expect(client.send(new DescribeImagesCommand({}))).rejects.toThrow(bug);
    expect(calls).toBe(1);
  });

  test('takes effect after the delay, in virtual time', async () => {
    const clock = new VirtualClock(0);
    const effectsMs: number[] = [];
    const route = cloud(() => {
      effectsMs.push(clock.nowMs());
      return {};
    });
    const requestHandler = createRequestHandler(route, { delay: () => clock.sleep(250) });
    const client = new EC2Client({ ...settingsFor(route), requestHandler });
    await clock.runFor(client.send(new DescribeImagesCommand({})));

    const call = client.send(new DescribeImagesCommand({}));
    await clock.runUntil(499);
    expect(effectsMs).toStrictEqual([250]);

    await clock.runUntil(500);
    await call;
    expect(effectsMs).toStrictEqual([250, 500]);
    expect(clock.nowMs()).toBe(500);
  });

  test('needs promises alone once it is warm', async () => {
    const client = ec2On(cloud(threePages));
    await client.send(new DescribeImagesCommand({}));

    const kinds = await asyncKindsDuring(() => client.send(new DescribeImagesCommand({})));

    // Every 128th UUID refills Node's pool of random bytes; nothing waits for that.
    expect(kinds.filter((kind) => kind !== 'RANDOMBYTESREQUEST')).toStrictEqual(['PROMISE']);
  });

  test('settles a warm call before the next turn of the event loop', async () => {
    const client = ec2On(cloud(threePages));
    await client.send(new DescribeImagesCommand({}));
    const order: string[] = [];

    const turn = new Promise<void>((resolve) => setImmediate(resolve)).then(() =>
      order.push('turn'),
    );
    const call = client.send(new DescribeImagesCommand({})).then(() => order.push('answer'));
    await Promise.all([turn, call]);

    expect(order).toStrictEqual(['answer', 'turn']);
  });
});

/** Kinds of asynchronous resource that are created until `work` settles, in order of appearance. */
const asyncKindsDuring = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
  const kinds = new Set<string>();
  const hook = createHook({ init: (_id, kind) => kinds.add(kind) });
  hook.enable();
  try {
    await work();
  } finally {
    hook.disable();
  }
  return [...kinds];
};
