import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_BUCKET_MS } from '../../shared/loop/commands.ts';
import { DISPATCH_PERIOD_MS } from '../../shared/loop/dispatch.ts';
import { copyProject, FUNCTIONS, type Packaged, type ProjectCopy } from './package-copy.ts';
import { allowedActions, allowedOn, roleOf, statementsOf } from './policies.ts';
import { playStory, STORIES } from './stories.ts';

let project: ProjectCopy;
let packaged: Packaged;

beforeAll(async () => {
  project = await copyProject();
  packaged = await project.package();
});

afterAll(() => project.remove());

type Properties = Readonly<Record<string, unknown>>;

const resource = (logicalId: string): Properties =>
  packaged.template.Resources[logicalId]?.Properties ?? {};

const resourcesOf = (type: string): readonly (readonly [string, Properties])[] =>
  Object.entries(packaged.template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([logicalId, { Properties }]) => [logicalId, Properties] as const);

const functionOf = (name: string): Properties => {
  const found = resourcesOf('AWS::Lambda::Function').find(
    ([, { FunctionName }]) => FunctionName === `imago-dev-${name}`,
  );
  return found?.[1] ?? {};
};

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

describe('the functions', () => {
  test('are the five of the house, each with a role of its own', () => {
    const names = resourcesOf('AWS::Lambda::Function').map(([, { FunctionName }]) =>
      String(FunctionName),
    );

    expect(names.toSorted()).toEqual(FUNCTIONS.map((name) => `imago-dev-${name}`));
    for (const name of FUNCTIONS) expect(functionOf(name)['Role']).toEqual(arnOf(roleOf(name)));
  });

  test.each(FUNCTIONS)('%s runs on Node 24 and arm64, from its own bundle', (name) => {
    expect(functionOf(name)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: `dist/functions/${name}.handler`,
    });
  });

  test('may call themselves through their queues where a continuation is meant, only', () => {
    const allowed = FUNCTIONS.filter((name) => functionOf(name)['RecursiveLoop'] === 'Allow');

    expect(allowed).toEqual(['backup', 'retire']);
    expect(functionOf('dispatch')).not.toHaveProperty('RecursiveLoop');
  });

  test('only plan removals, unless the deployment asks for more', () => {
    const modes = FUNCTIONS.map((name) => functionOf(name)['Environment']);

    for (const mode of modes)
      expect(mode).toMatchObject({ Variables: { IMAGO_RETIRE_MODE: 'plan' } });
  });

  test('keep their logs for three months', () => {
    const groups = resourcesOf('AWS::Logs::LogGroup').map(([, properties]) => properties);

    expect(groups).toHaveLength(5);
    for (const group of groups) expect(group).toMatchObject({ RetentionInDays: 90 });
  });
});

describe('the queues', () => {
  test.each([
    ['BackupQueue', 'BackupDeadLetters'],
    ['RetireQueue', 'RetireDeadLetters'],
  ])('%s is FIFO, and gives up to a dead-letter queue that is FIFO too', (queue, deadLetters) => {
    expect(resource(queue)).toMatchObject({
      FifoQueue: true,
      RedrivePolicy: { deadLetterTargetArn: arnOf(deadLetters), maxReceiveCount: 3 },
    });
    expect(resource(deadLetters)).toMatchObject({
      FifoQueue: true,
      MessageRetentionPeriod: 14 * 24 * 3_600,
    });
    expect(resource(deadLetters)).not.toHaveProperty('RedrivePolicy');
  });

  test('are all encrypted, and named by their kind', () => {
    const queues = resourcesOf('AWS::SQS::Queue');

    expect(queues).toHaveLength(5);
    for (const [, { SqsManagedSseEnabled, QueueName, FifoQueue = false }] of queues) {
      expect(SqsManagedSseEnabled).toBe(true);
      expect(String(QueueName).endsWith('.fifo')).toBe(FifoQueue);
    }
  });

  test('of backups waits for as long as events are gathered into one pass', () => {
    expect(resource('BackupQueue')['DelaySeconds']).toBe(EVENT_BUCKET_MS / 1_000);
  });

  test.each([
    ['backup', 'BackupQueue', 10],
    ['retire', 'RetireQueue', 1],
  ])('feed %s, which reports each failed message', (name, queue, batchSize) => {
    const sources = resourcesOf('AWS::Lambda::EventSourceMapping').map(([, source]) => source);
    const source = sources.find(
      ({ EventSourceArn }) => JSON.stringify(EventSourceArn) === JSON.stringify(arnOf(queue)),
    );

    expect(sources).toHaveLength(2);
    expect(source).toMatchObject({
      BatchSize: batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: expect.any(Number) },
    });
    expect(resource(queue)['VisibilityTimeout']).toBeGreaterThan(
      functionOf(name)['Timeout'] as number,
    );
  });
});

describe('the rules', () => {
  const rules = () => resourcesOf('AWS::Events::Rule').map(([, properties]) => properties);
  const dispatchMinutes = DISPATCH_PERIOD_MS / 60_000;

  test('run dispatch as often as it says that it answers for, and the report daily', () => {
    const schedules = rules().flatMap(({ ScheduleExpression }) => ScheduleExpression ?? []);

    expect(schedules).toEqual([`cron(0/${dispatchMinutes} * * * ? *)`, 'cron(0 6 * * ? *)']);
  });

  test('on events give up to a standard queue, the only kind that EventBridge takes', () => {
    const onEvents = rules().filter(({ EventPattern }) => EventPattern !== undefined);

    expect(onEvents).toHaveLength(3);
    for (const { Targets } of onEvents) {
      expect(Targets).toMatchObject([{ DeadLetterConfig: { Arn: arnOf('EventDeadLetters') } }]);
    }
    expect(resource('EventDeadLetters')).not.toHaveProperty('FifoQueue');
    expect(resource('EventDeadLettersPolicy')).toMatchObject({
      PolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Condition: { ArnLike: { 'aws:SourceArn': expect.anything() } },
          },
        ],
      },
    });
  });
});

/** What changes or destroys what is there already. */
const REMOVING = /:(Deregister|Delete|Disable|Terminate|Reset|Modify|Lock|Purge|Restore|Remove)/;

describe('the roles', () => {
  const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const TABLE = {
    dispatch: [...LOGS, 'sqs:SendMessage'],
    'on-ec2-event': ['ec2:DescribeInstances', ...LOGS, 'sqs:SendMessage'],
    report: ['ec2:DescribeImages', 'ec2:DescribeInstances', 'events:PutEvents', ...LOGS],
    backup: [
      'ec2:CopyImage',
      'ec2:CreateImage',
      'ec2:CreateTags',
      'ec2:DescribeImages',
      'ec2:DescribeInstances',
      'ec2:DescribeSnapshots',
      'ec2:DescribeVolumes',
      'events:PutEvents',
      ...LOGS,
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ],
    retire: [
      'ec2:DeleteSnapshot',
      'ec2:DeregisterImage',
      'ec2:DescribeImages',
      'ec2:DescribeInstances',
      'ec2:DescribeLaunchTemplateVersions',
      'ec2:DescribeSnapshots',
      'events:PutEvents',
      ...LOGS,
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
      'ssm:GetParameters',
    ],
  } as const;

  test.each(FUNCTIONS)('%s may do what is listed here, and nothing else', (name) => {
    expect(allowedActions(packaged.template, name)).toEqual(TABLE[name]);
  });

  test('name every action in full', () => {
    const actions = statementsOf(packaged.template).flatMap((statement) => statement.actions);

    expect(actions.filter((action) => !/^[a-z0-9]+:[A-Za-z]+$/.test(action))).toEqual([]);
  });

  test('allow on everything only what knows no resource', () => {
    const onEverything = statementsOf(packaged.template)
      .filter(({ resources }) => resources.includes('*'))
      .flatMap(({ actions }) => actions);

    expect(
      onEverything.filter((action) => !/^ec2:Describe|^ssm:GetParameters$/.test(action)),
    ).toEqual([]);
  });

  test('of retire alone removes, and only what carries the tag of this deployment', () => {
    const removing = statementsOf(packaged.template)
      .map((one) => ({ ...one, actions: one.actions.filter((action) => REMOVING.test(action)) }))
      .filter(({ actions }) => actions.some((action) => !action.startsWith('sqs:')));

    expect(removing).toEqual([
      {
        role: 'RetireRole',
        actions: ['ec2:DeregisterImage', 'ec2:DeleteSnapshot'],
        resources: [
          { 'Fn::Sub': 'arn:${AWS::Partition}:ec2:*::image/*' },
          { 'Fn::Sub': 'arn:${AWS::Partition}:ec2:*::snapshot/*' },
        ],
        condition: { StringEquals: { 'aws:ResourceTag/imago:deployment': 'dev' } },
      },
    ]);
  });

  test('of backup creates images and snapshots only with the tag by which they can go again', () => {
    const creating = statementsOf(packaged.template).filter(({ actions }) =>
      actions.includes('ec2:CreateImage'),
    );

    expect(creating.map(({ role, condition }) => [role, condition])).toEqual([
      ['BackupRole', undefined], // on the instance that the image is of
      ['BackupRole', { StringEquals: { 'aws:RequestTag/imago:deployment': 'dev' } }],
    ]);
  });

  test('of backup tags what it creates, mends what is ours, and makes nothing of others ours', () => {
    const tagging = statementsOf(packaged.template).filter(({ actions }) =>
      actions.some((action) => /:(Create|Delete)Tags$/.test(action)),
    );

    expect(tagging.map(({ role, condition }) => [role, condition])).toEqual([
      ['BackupRole', { StringEquals: { 'ec2:CreateAction': ['CreateImage', 'CopyImage'] } }],
      [
        'BackupRole',
        {
          StringEquals: { 'aws:ResourceTag/imago:deployment': 'dev' },
          'ForAllValues:StringNotLike': {
            'aws:TagKeys': ['imago:deployment', 'imago:hold', 'imago:keep*'],
          },
          Null: { 'aws:TagKeys': 'false' }, // of no key at all the line above says nothing
        },
      ],
      [
        'BackupRole',
        {
          'ForAllValues:StringNotLike': {
            'aws:TagKeys': ['imago:*', 'dlm:*', 'AWSBackupManagedResource'],
          },
          Null: { 'aws:TagKeys': 'false' },
        },
      ],
    ]);
  });

  test.each([
    ['dispatch', ['BackupQueue', 'RetireQueue']],
    ['on-ec2-event', ['BackupQueue']],
    ['report', []],
    ['backup', ['BackupDeadLetters', 'BackupQueue']],
    ['retire', ['RetireDeadLetters', 'RetireQueue']],
  ] as const)('let %s send to %j', (name, queues) => {
    expect(allowedOn(packaged.template, name, 'sqs:SendMessage')).toEqual(queues);
  });
});

describe.each(STORIES)('the role of $name', (story) => {
  test('allows what the function calls in its life, where it sends to, and hardly more', async () => {
    const { actions, sentTo } = await playStory(story);

    const allowed = allowedActions(packaged.template, story.name);
    expect([...actions, ...story.uncalled].toSorted()).toEqual(allowed);
    const sendable = allowedOn(packaged.template, story.name, 'sqs:SendMessage');
    expect(sentTo.filter((queue) => !sendable.includes(queue))).toEqual([]);
  });
});

const hasLinter = spawnSync('cfn-lint', ['--version']).status === 0;

const lint = (template: string): Promise<{ readonly status: number; readonly output: string }> =>
  new Promise((resolve) => {
    // W3005: the framework names a dependency that the role's ARN implies.
    const args = ['--ignore-checks', 'W3005', '--regions', 'eu-central-1', '--', template];
    execFile('cfn-lint', args, (error, stdout, stderr) => {
      resolve({ status: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });

describe.skipIf(!hasLinter)('cfn-lint', () => {
  test('cfn-lint finds nothing wrong with the template', async () => {
    expect(await lint(packaged.templateFile)).toEqual({ status: 0, output: '' });
  });

  test('cfn-lint finds errors that are put in on purpose', async () => {
    const broken = join(project.directory, 'broken.json');
    const text = packaged.templateText
      .replace('"MemorySize": 512', '"MemorySize": 64')
      .replace('cron(0/5 * * * ? *)', 'cron(99 99 * * *)')
      .replace('"Fn::GetAtt": [\n              "BackupDeadLetters"', (found) =>
        found.replace('BackupDeadLetters', 'NoSuchQueue'),
      );
    await writeFile(broken, text);

    const { status, output } = await lint(broken);

    expect(status).not.toBe(0);
    expect(output).toContain('E3034 64 is less than the minimum of 128');
    expect(output).toContain("E3027 '99' is not of length 6");
    expect(output).toContain("E1010 'NoSuchQueue' is not one of");
  });
});
