import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FunctionName, invoke } from '../../cli/invoke.ts';
import { RefusedError } from '../../cli/refused-error.ts';
import { reconcileOf, retireOf, scheduledEvent, sqsBatch } from '../functions/fixture.ts';
import {
  CALLER,
  createStage,
  HOME,
  POLICY,
  pointsOf,
  type Stage,
  type StageOptions,
} from './fixture.ts';

const ACCOUNT = '111122223333';
const TARGET = { account: ACCOUNT, region: HOME };

const queueUrl = (name: string): string =>
  `https://sqs.${HOME}.amazonaws.com/${ACCOUNT}/${name}.fifo`;

const ENVIRONMENT = {
  IMAGO_DEPLOYMENT: 'dev',
  IMAGO_HOME_ACCOUNT: ACCOUNT,
  IMAGO_HOME_REGION: HOME,
  IMAGO_POLICY_FILE: POLICY,
  IMAGO_BACKUP_QUEUE_URL: queueUrl('backup'),
  IMAGO_BACKUP_DEAD_LETTER_URL: queueUrl('backup-dead'),
  IMAGO_RETIRE_QUEUE_URL: queueUrl('retire'),
  IMAGO_RETIRE_DEAD_LETTER_URL: queueUrl('retire-dead'),
  IMAGO_EVENT_BUS: 'outcomes',
};

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imago-invoke-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const eventFile = (event: unknown): string => {
  const path = join(folder, 'event.json');
  writeFileSync(path, typeof event === 'string' ? event : JSON.stringify(event));
  return path;
};

const aDeployment = (options: StageOptions = {}): Stage => {
  const stage = createStage({ environment: ENVIRONMENT, ...options });
  for (const name of ['backup', 'backup-dead', 'retire', 'retire-dead']) {
    stage.cloud.queues.create({ ...TARGET, name: `${name}.fifo`, isFifo: true });
  }
  stage.cloud.events.createBus(ACCOUNT, HOME, 'outcomes');
  return stage;
};

const run = (stage: Stage, name: FunctionName, event: string, json = false): Promise<number> =>
  stage.run((surroundings) => invoke(name, { event, json }, surroundings));

describe('imago invoke', () => {
  test('runs the handler with the event of a file, and prints what it returned', async () => {
    const stage = aDeployment();
    const sent: unknown[] = [];
    stage.beforeCall({ action: 'SendMessageBatch' }, (input) => sent.push(input));

    const code = await run(stage, 'dispatch', eventFile(scheduledEvent('2026-11-03T02:00:00Z')));

    expect(code).toBe(0);
    expect(JSON.parse(stage.screen.stdout.join('\n'))).toEqual({
      reconcile: ['111122223333/eu-central-1'],
      retire: [],
    });
    expect(sent).toMatchObject([
      {
        QueueUrl: queueUrl('backup'),
        Entries: [{ MessageGroupId: '111122223333/eu-central-1' }],
      },
    ]);
  });

  test('says endpoint, Region and account first, and logs to stderr after that', async () => {
    const stage = aDeployment();

    await run(stage, 'dispatch', eventFile(scheduledEvent('2026-11-03T02:00:00Z')));

    const services = ['ec2', 'sqs', 'events', 'sts'];
    const endpoints = services.map((service) => `https://${service}.eu-central-1.amazonaws.com`);
    expect(stage.screen.stderr.slice(0, 3)).toEqual([
      `endpoint  ${endpoints.join(', ')}`,
      'Region    eu-central-1',
      'account   111122223333 (arn:aws:iam::111122223333:user/ops)',
    ]);
    const logged = stage.screen.stderr
      .slice(3)
      .map((line) => (JSON.parse(line) as { message?: string }).message);
    expect(logged).toContain('dispatched');
  });

  test('takes the event from stdin for -, and prints on one line with --json', async () => {
    const input = JSON.stringify(scheduledEvent('2026-11-03T02:00:00Z'));
    const stage = aDeployment({ input });

    expect(await run(stage, 'dispatch', '-', true)).toBe(0);
    expect(stage.screen.stdout).toEqual([
      '{"reconcile":["111122223333/eu-central-1"],"retire":[]}',
    ]);
  });

  test.each([
    ['backup', 'CreateImage', () => sqsBatch([reconcileOf(TARGET)])],
    ['report', 'PutEvents', () => scheduledEvent('2026-11-03T06:00:00Z')],
    [
      'on-ec2-event',
      'SendMessageBatch',
      () => ({
        account: ACCOUNT,
        region: HOME,
        source: 'aws.ec2',
        'detail-type': 'EC2 AMI State Change',
        detail: { ImageId: 'ami-1', State: 'failed' },
      }),
    ],
  ] as const)('runs %s for real: %s is called', async (name, action, event) => {
    const stage = aDeployment();

    expect(await run(stage, name, eventFile(event()))).toBe(0);
    expect(stage.count(action)).toBe(1);
  });

  test.each([
    ['plan', 0],
    ['apply', 1],
  ])('runs retire in the mode of its environment: %s', async (mode, removed) => {
    const stage = aDeployment({ environment: { ...ENVIRONMENT, IMAGO_RETIRE_MODE: mode } });
    pointsOf(stage, ['2026-11-01', '2026-11-02', '2026-11-03']);

    expect(await run(stage, 'retire', eventFile(sqsBatch([retireOf(TARGET)])))).toBe(0);
    expect(stage.count('DeregisterImage')).toBe(removed);
  });
});

describe('imago invoke ends with 1', () => {
  const denied = { code: 'UnauthorizedOperation', status: 403 };

  test('when the handler throws, and says what', async () => {
    const stage = aDeployment();
    stage.loseAnswer({ action: 'DescribeInstances' }, denied);

    const code = await run(stage, 'report', eventFile(scheduledEvent('2026-11-03T06:00:00Z')));

    expect(code).toBe(1);
    expect(stage.screen.stdout).toEqual([]);
    expect(stage.screen.stderr.at(-1)).toMatch(/^report failed: .* could not be read whole/);
  });

  test('when a record of a batch must come back', async () => {
    const stage = aDeployment();
    stage.loseAnswer({ action: 'DescribeInstances' }, denied);
    const elsewhere = { account: ACCOUNT, region: 'eu-west-1' };
    const batch = sqsBatch([reconcileOf(TARGET), reconcileOf(elsewhere)]);

    expect(await run(stage, 'backup', eventFile(batch), true)).toBe(1);
    expect(stage.screen.stdout).toEqual(['{"batchItemFailures":[{"itemIdentifier":"message-1"}]}']);
  });
});

describe('imago invoke touches nothing', () => {
  test.each([
    ['that is not there', () => join(folder, 'missing.json'), /missing.json: ENOENT/],
    ['that is no JSON', () => eventFile('{'), /event.json: expected an event as JSON/],
    ['that is too big', () => eventFile(`"${'x'.repeat(6_000_000)}"`), /6000000 bytes at most/],
  ])('with an event file %s', async (_, file, problem) => {
    const stage = aDeployment();

    await expect(run(stage, 'dispatch', file())).rejects.toThrow(problem);
    expect([stage.calls, stage.screen.stderr]).toEqual([[], []]);
  });

  test('with more on stdin than an event may have', async () => {
    const stage = aDeployment(); // no input: the terminal says so of too much

    await expect(run(stage, 'dispatch', '-')).rejects.toThrow('stdin: expected 6000000 bytes');
  });

  test('with a variable missing, which it names', async () => {
    const { IMAGO_EVENT_BUS: _, ...environment } = ENVIRONMENT;
    const stage = aDeployment({ environment });

    await expect(run(stage, 'dispatch', eventFile({}))).rejects.toThrow('IMAGO_EVENT_BUS');
    expect([stage.calls, stage.screen.stderr]).toEqual([[], []]);
  });

  test('with the credentials of another account, or in another Region', async () => {
    const event = eventFile(scheduledEvent('2026-11-03T02:00:00Z'));
    const stranger = { ...CALLER, account: '444455556666' };
    const other = aDeployment({ access: { caller: () => Promise.resolve(stranger) } });
    const away = aDeployment({ access: { region: () => Promise.resolve('eu-west-1') } });

    await expect(run(other, 'dispatch', event)).rejects.toThrow(
      'IMAGO_HOME_ACCOUNT is 111122223333, but the credentials are of 444455556666/eu-central-1',
    );
    await expect(run(away, 'dispatch', event)).rejects.toThrow(
      'IMAGO_HOME_REGION is eu-central-1, but the Region is eu-west-1',
    );
    expect([other.calls, away.calls]).toEqual([[], []]);
  });

  const [good] = sqsBatch([reconcileOf(TARGET)]).Records;
  const batchWith = (body: string) => ({ Records: [good, { ...good, body }] });
  const aRetirement = JSON.stringify(retireOf(TARGET));

  test.each([
    ['dispatch', { time: 'now' }, /^dispatch: malformed scheduled event: .*time/],
    ['report', {}, /^report: malformed scheduled event: /],
    ['on-ec2-event', { source: 'aws.ec2' }, /^on-ec2-event: malformed EC2 event: /],
    ['backup', { Records: [] }, /^backup: malformed SQS batch: Records/],
    ['backup', batchWith('{'), /^backup: malformed command in Records.1.body: no JSON/],
    ['backup', batchWith(aRetirement), /^backup: malformed command in Records.1.body: kind/],
    ['retire', batchWith(aRetirement), /^retire: malformed command in Records.0.body: kind/],
  ] as const)('with an event for %s that it does not know: %j', async (name, event, problem) => {
    const stage = aDeployment();

    await expect(run(stage, name, eventFile(event))).rejects.toThrow(problem);
    await expect(run(stage, name, eventFile(event))).rejects.toThrow(RefusedError);
    expect([stage.calls, stage.screen.stderr]).toEqual([[], []]);
  });
});
