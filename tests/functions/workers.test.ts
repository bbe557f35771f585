import { describe, expect, test } from 'vitest';
import { createHandler as backup } from '../../functions/backup.ts';
import { createHandler as retire } from '../../functions/retire.ts';
import { UnsentMessagesError } from '../../shared/aws/queue.ts';
import { MalformedError } from '../../shared/config/messages.ts';
import {
  createStage,
  ELSEWHERE,
  HOME,
  reconcileOf,
  retireOf,
  sqsBatch,
  type Stage,
} from './fixture.ts';

const DENIED = { code: 'UnauthorizedOperation', status: 403 } as const;
const HOUR = 3_600_000;

const summaries = (stage: Stage, message: string) =>
  stage.log().filter((line) => line['message'] === message);

describe('backup', () => {
  test('makes what is due in its target, and acknowledges the command', async () => {
    const stage = createStage();

    const reply = await stage.invoke(backup, sqsBatch([reconcileOf(HOME)]));

    expect(reply).toEqual({ batchItemFailures: [] });
    expect(summaries(stage, 'reconciled')).toMatchObject([
      {
        target: '111122223333/eu-central-1',
        runId: 'run-1',
        planned: 9,
        done: 9,
        isFinished: true,
      },
    ]);
    // Seven of the web servers, and both databases.
    expect(stage.cloud.calls.count('CreateImage')).toBe(9);
  });

  test('is one pass for all commands of a target, a sweep if one of them is', async () => {
    const stage = createStage();
    const commands = [
      reconcileOf(HOME, { runId: 'a' }),
      reconcileOf(HOME, { runId: 'b', isSweep: true }),
      reconcileOf(HOME, { runId: 'c', hop: 2 }),
    ];

    await stage.invoke(backup, sqsBatch(commands));

    expect(stage.cloud.calls.count('DescribeInstances')).toBe(1);
    expect(stage.cloud.calls.count('DescribeImages', ELSEWHERE.region)).toBe(1);
    expect(summaries(stage, 'reconciled')).toMatchObject([{ runId: 'c' }]);
  });

  test('brings back the commands of a target whose pass failed, and no others', async () => {
    const stage = createStage();
    stage.cloud.inject({ ...DENIED, action: 'DescribeImages', region: ELSEWHERE.region });
    const commands = [
      reconcileOf(ELSEWHERE, { runId: 'a' }),
      reconcileOf(HOME, { runId: 'b' }),
      reconcileOf(ELSEWHERE, { runId: 'c' }),
    ];

    const reply = await stage.invoke(backup, sqsBatch(commands));

    expect(reply).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }, { itemIdentifier: 'message-3' }],
    });
    expect(summaries(stage, 'reconciled')).toMatchObject([{ runId: 'b' }]);
    expect(summaries(stage, '111122223333/eu-west-1: the pass failed')).toMatchObject([
      { level: 'ERROR', target: '111122223333/eu-west-1' },
    ]);
  });

  test('does its own work, and does not fail, where a destination cannot be read', async () => {
    const stage = createStage();
    stage.cloud.inject({ ...DENIED, action: 'DescribeImages', region: ELSEWHERE.region });

    const reply = await stage.invoke(backup, sqsBatch([reconcileOf(HOME, { isSweep: true })]));

    expect(reply).toEqual({ batchItemFailures: [] });
    expect(stage.cloud.calls.count('CreateImage')).toBe(9);
  });

  test('lets the error leave, and counts it, where every message of the batch failed', async () => {
    const stage = createStage();
    stage.cloud.inject({ ...DENIED, action: 'DescribeInstances', region: HOME.region });

    const invoked = stage.invoke(backup, sqsBatch([reconcileOf(HOME)]));

    await expect(invoked).rejects.toThrow(
      '111122223333/eu-central-1 could not be read whole: instances: ',
    );
    expect(stage.metrics()).toMatchObject([{ PassesFailed: 1 }]);
  });

  test('counts the points that it made, in one metrics line of its invocation', async () => {
    const stage = createStage();

    await stage.invoke(backup, sqsBatch([reconcileOf(HOME)]));
    await stage.invoke(backup, sqsBatch([reconcileOf(HOME, { runId: 'run-2' })]), 'request-2');

    const [line, ...others] = stage.metrics();
    expect(others).toEqual([]); // the second pass found nothing to do
    expect(line).toMatchObject({
      deployment: 'prod',
      PointsCreated: [1, 1, 1, 1, 1, 1, 1, 1, 1],
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'Imago',
            Dimensions: [['service', 'deployment']],
            Metrics: [{ Name: 'PointsCreated', Unit: 'Count' }],
          },
        ],
      },
    });
  });

  test('writes the id of its invocation into each line of the log', async () => {
    const stage = createStage();

    await stage.invoke(backup, sqsBatch([reconcileOf(HOME)]), 'request-1');
    const first = stage.log().length;
    await stage.invoke(backup, sqsBatch([reconcileOf(HOME)]), 'request-2');

    const ids = stage.log().map((line) => line['function_request_id']);
    expect(new Set(ids.slice(0, first))).toEqual(new Set(['request-1']));
    expect(new Set(ids.slice(first))).toEqual(new Set(['request-2']));
  });
});

describe.each([
  ['backup', backup, reconcileOf(HOME), 'backup-dead'],
  ['retire', retire, retireOf(HOME), 'retire-dead'],
] as const)('%s, given a body that cannot be read', (_name, handler, good, deadLetters) => {
  test.each([
    ['no JSON', '{"kind":', 'malformed command: no JSON: '],
    ['of another version', { ...good, version: 2 }, 'malformed command: version: '],
    [
      'whose target is none',
      { ...good, target: { account: '1', region: 'eu-central-1' } },
      'malformed command: target.account: expected twelve digits',
    ],
    [
      'with something more',
      { ...good, force: true },
      'malformed command: Unrecognized key: "force"',
    ],
  ])('sends it to the dead-letter queue, and acknowledges it: %s', async (_what, body, problem) => {
    const stage = createStage();
    const batch = sqsBatch([body, good], { MessageGroupId: 'group-1' });

    const reply = await stage.invoke(handler, batch);

    expect(reply).toEqual({ batchItemFailures: [] });
    expect(stage.queue(deadLetters).messages).toMatchObject([
      { body: batch.Records[0]?.body, groupId: 'group-1', deduplicationId: 'message-1' },
    ]);
    const [line] = summaries(stage, 'message-1 goes to the dead-letter queue');
    expect(line).toMatchObject({ level: 'ERROR', messageId: 'message-1' });
    expect(line?.['problem']).toContain(problem);
    expect(stage.metrics()[0]).toMatchObject({ MalformedMessages: 1 });
  });

  test('still does the work of the other messages', async () => {
    const stage = createStage();

    await stage.invoke(handler, sqsBatch(['rubbish', good]));

    expect(summaries(stage, 'reconciled').length + summaries(stage, 'retired').length).toBe(1);
  });

  test('gives it a group of its own, where SQS named none', async () => {
    const stage = createStage();

    await stage.invoke(handler, sqsBatch(['rubbish']));

    expect(stage.queue(deadLetters).messages).toMatchObject([{ groupId: 'malformed' }]);
  });

  test('fails the whole batch when the dead-letter queue does not take it', async () => {
    const stage = createStage();
    stage.cloud.inject({ action: 'SendMessageBatch', code: 'AccessDenied', status: 403 });

    const invoked = stage.invoke(handler, sqsBatch([good, 'rubbish']));

    await expect(invoked).rejects.toThrow('Injected: AccessDenied');
    await expect(invoked).rejects.not.toThrow(UnsentMessagesError);
    expect(stage.cloud.calls.count('DescribeInstances')).toBe(0);
  });

  test.each([
    ['Records', {}, 'Records: '],
    ['Records.0.messageId', { Records: [{ body: '', attributes: {} }] }, 'Records.0.messageId: '],
  ])('refuses an event that is no batch, and names %s', async (_field, event, problem) => {
    const invoked = createStage().invoke(handler, event);

    await expect(invoked).rejects.toThrow(MalformedError);
    await expect(invoked).rejects.toThrow(problem);
  });
});

/** A home with ten daily points of each source, of which the example keeps seven. */
const createOldHome = async (environment: Readonly<Record<string, string>> = {}) => {
  const stage = createStage({ start: '2026-11-11T01:03:00Z', environment });
  for (let day = 0; day < 10; day += 1) {
    await stage.invoke(backup, sqsBatch([reconcileOf(HOME, { runId: `day-${day}` })]));
    await stage.pass(HOUR);
    await stage.invoke(backup, sqsBatch([reconcileOf(ELSEWHERE, { runId: `day-${day}` })]));
    await stage.pass(23 * HOUR);
  }
  return stage;
};

describe('retire', () => {
  const removals = ({ cloud }: Stage): number =>
    cloud.calls.count('DeregisterImage') + cloud.calls.count('DeleteSnapshot');

  test('only says what it would remove, unless it is told to apply', async () => {
    const stage = await createOldHome();

    const reply = await stage.invoke(retire, sqsBatch([retireOf(HOME)]));

    expect(reply).toEqual({ batchItemFailures: [] });
    expect(removals(stage)).toBe(0);
    const [summary] = summaries(stage, 'retired');
    expect(summary).toMatchObject({ mode: 'plan', removed: 0 });
    expect(summary?.['planned']).toBeGreaterThan(0);
  });

  test('removes what has expired when it is told to apply', async () => {
    const stage = await createOldHome({ IMAGO_RETIRE_MODE: 'apply' });

    await stage.invoke(retire, sqsBatch([retireOf(HOME)]), 'request-9');

    const [summary] = summaries(stage, 'retired');
    expect(summary).toMatchObject({ mode: 'apply', function_request_id: 'request-9' });
    expect(summary?.['removed']).toBe(stage.cloud.calls.count('DeregisterImage'));
    expect(removals(stage)).toBeGreaterThan(0);
    expect(stage.metrics().at(-1)).toMatchObject({ ImagesRetired: expect.anything() });
  });

  test('only plans when the queue brings a command again: what it removed is not known', async () => {
    const stage = await createOldHome({ IMAGO_RETIRE_MODE: 'apply' });

    await stage.invoke(retire, sqsBatch([retireOf(HOME)], { ApproximateReceiveCount: '2' }));

    expect(removals(stage)).toBe(0);
    expect(summaries(stage, 'retired')).toMatchObject([{ mode: 'plan', removed: 0 }]);
  });

  test('is a run of its own for each command, since each has limits of its own', async () => {
    const stage = createStage();
    const commands = [retireOf(HOME, { runId: 'a' }), retireOf(HOME, { runId: 'b' })];

    await stage.invoke(retire, sqsBatch(commands));

    expect(summaries(stage, 'retired').map((line) => line['runId'])).toEqual(['a', 'b']);
  });

  test('removes nothing when its reads are denied, and says which fell short', async () => {
    const stage = await createOldHome({ IMAGO_RETIRE_MODE: 'apply' });
    stage.cloud.inject({ ...DENIED, action: 'DescribeLaunchTemplateVersions' });

    await stage.invoke(retire, sqsBatch([retireOf(HOME)]));

    expect(removals(stage)).toBe(0);
  });

  test('looks at the Region of its command', async () => {
    const stage = createStage();

    await stage.invoke(retire, sqsBatch([retireOf(ELSEWHERE)]));

    expect(summaries(stage, 'retired')).toMatchObject([{ target: '111122223333/eu-west-1' }]);
    expect(stage.cloud.calls.count('DescribeSnapshots', ELSEWHERE.region)).toBe(1);
  });
});
