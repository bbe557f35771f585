import {
  ReceiveMessage$,
  ReceiveMessageCommand,
  type ReceiveMessageRequest,
  type ReceiveMessageResult,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../simulator/clock.ts';
import { ApiError, type Call, operation } from '../../../simulator/wire/api.ts';
import { createRequestHandler } from '../../../simulator/wire/in-process.ts';
import { type CallRecord, createRouter } from '../../../simulator/wire/router.ts';
import { settingsFor, sqsOn } from './clients.ts';

/** A queue of one message, which comes at an instant; a receiver may wait for it. */
const queueWith = (arrivalMs: number, answer?: () => ReceiveMessageResult) => {
  const clock = new VirtualClock(0);
  const calls: Call[] = [];
  const records: CallRecord[] = [];
  const receive = (_input: ReceiveMessageRequest, call: Call): ReceiveMessageResult => {
    calls.push(call);
    if (call.nowMs < arrivalMs) return {};
    return answer?.() ?? { Messages: [{ Body: 'hello' }] };
  };
  const untilMs = (
    { WaitTimeSeconds = 0 }: ReceiveMessageRequest,
    { nowMs }: Call,
    { Messages = [] }: ReceiveMessageResult,
  ) => (Messages.length === 0 ? nowMs + WaitTimeSeconds * 1000 : undefined);
  const router = createRouter({
    services: [
      { id: 'sqs', operations: { ReceiveMessage: operation(ReceiveMessage$, receive, untilMs) } },
    ],
    accountOf: () => '111122223333',
    nowMs: () => clock.nowMs(),
    requestId: () => `req-${records.length + 1}`,
    onCall: (record) => records.push(record),
  });
  const requestHandler = createRequestHandler((request) =>
    router.routeWaiting(request, (delayMs) => clock.sleep(delayMs)),
  );
  const patient = new SQSClient({ ...settingsFor(router), requestHandler, md5: false });
  return { clock, calls, records, router, sqs: sqsOn(router), patient };
};

const receive = (WaitTimeSeconds: number): ReceiveMessageCommand =>
  new ReceiveMessageCommand({
    QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs',
    WaitTimeSeconds,
  });

describe('a call that may wait', () => {
  test('is answered as soon as there is something to say', async () => {
    const { clock, patient, calls } = queueWith(1_700);

    const { Messages } = await clock.runFor(patient.send(receive(20)));

    expect(Messages).toEqual([{ Body: 'hello' }]);
    expect(clock.nowMs()).toBe(2_000);
    expect(calls.map(({ nowMs }) => nowMs)).toEqual([0, 500, 1_000, 1_500, 2_000]);
  });

  test('is answered with nothing when its time is over, and asked at that instant', async () => {
    const { clock, patient, calls } = queueWith(60_000);

    const { Messages } = await clock.runFor(patient.send(receive(1.2)));

    expect(Messages).toBeUndefined();
    expect(calls.map(({ nowMs }) => nowMs)).toEqual([0, 500, 1_000, 1_200]);
  });

  test('is one call, told apart from its repetitions', async () => {
    const { clock, patient, calls, records } = queueWith(1_000);

    await clock.runFor(patient.send(receive(20)));

    expect(calls.map(({ isRepeat }) => isRepeat)).toEqual([undefined, true, true]);
    expect(new Set(calls.map(({ requestId }) => requestId))).toEqual(new Set(['req-1']));
    expect(records).toMatchObject([{ action: 'ReceiveMessage', atMs: 0, requestId: 'req-1' }]);
  });

  test('fails with what fails while it waits', async () => {
    const { clock, patient, records } = queueWith(1_000, () => {
      throw new ApiError('QueueDoesNotExist', 'It is gone.');
    });

    const call = patient.send(receive(20));

    await expect(clock.runFor(call)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    expect(records).toMatchObject([{ errorCode: 'QueueDoesNotExist' }]);
  });

  test('does not wait where it says so', async () => {
    const { clock, patient, calls } = queueWith(60_000);

    await clock.runFor(patient.send(receive(0)));

    expect(clock.nowMs()).toBe(0);
    expect(calls).toHaveLength(1);
  });

  test('does not wait where it is answered at once', async () => {
    const { clock, sqs, calls } = queueWith(60_000);

    await clock.runFor(sqs.send(receive(20)));

    expect(clock.nowMs()).toBe(0);
    expect(calls).toHaveLength(1);
  });

  test('ends unanswered with what its sleep throws', async () => {
    const { router, records } = queueWith(60_000);
    const gone = new Error('nobody is there');
    const request = {
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=AKID/20270115/eu-west-1/sqs/aws4_request',
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.ReceiveMessage',
      },
      body: '{"QueueUrl":"q","WaitTimeSeconds":20}',
    };

    await expect(router.routeWaiting(request, () => Promise.reject(gone))).rejects.toBe(gone);
    expect(records).toEqual([]);
  });
});
