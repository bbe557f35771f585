import { readFileSync } from 'node:fs';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { deploy } from '../../simulator/wiring/deploy.ts';
import { readServerless } from '../../simulator/wiring/serverless.ts';
import { WiringError } from '../../simulator/wiring/values.ts';
import { ACCOUNT, createBench, HOME, makeImage, MINUTE } from './fixture.ts';

const SAMPLE = `
service: imago
frameworkVersion: '4'
params:
  default:
    deployment: \${sls:stage}
    policy: example.yml
  prod:
    policy: prod.yml
custom:
  names:
    queue: \${self:service}-\${self:provider.stage}-work
provider:
  name: aws
  runtime: nodejs24.x
  stage: \${opt:stage, 'dev'}
  timeout: 30
  environment:
    DEPLOYMENT: \${param:deployment}
    POLICY: \${param:policy}
    MODE: \${param:mode, 'plan'}
    QUEUE_URL: !Ref WorkQueue
    ACCOUNT: !Ref AWS::AccountId
    BUS: !GetAtt Bus.Arn
    LOG: !Sub 'arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:\${WorkQueue.QueueName}'
    JOINED: !Join ['/', [a, !Ref AWS::Region, 3]]
functions:
  dispatch:
    handler: dist/dispatch.handler
    role: !GetAtt Role.Arn
    environment:
      MODE: always
      NUMBER: 7
    events:
      - schedule: rate(5 minutes)
      - schedule: { rate: cron(0 6 * * ? *), input: { daily: true }, enabled: false }
  listen:
    handler: dist/listen.handler
    timeout: 60
    memorySize: 256
    events:
      - eventBridge:
          pattern: { source: [aws.ec2], detail: { State: [available] } }
          deadLetterQueueArn: !GetAtt DeadLetters.Arn
      - eventBridge:
          eventBus: !Ref Bus
          pattern: { source: [{ prefix: imago }] }
  work:
    handler: dist/work.handler
    recursiveLoop: Allow
    events:
      - sqs:
          arn: !GetAtt WorkQueue.Arn
          batchSize: 5
          maximumConcurrency: 50
          functionResponseType: ReportBatchItemFailures
resources:
  Resources:
    WorkQueue:
      Type: AWS::SQS::Queue
      Properties:
        QueueName: \${self:custom.names.queue}.fifo
        FifoQueue: true
        DelaySeconds: 10
        VisibilityTimeout: 90
        RedrivePolicy: { deadLetterTargetArn: !GetAtt DeadLetters.Arn, maxReceiveCount: 3 }
    DeadLetters:
      Type: AWS::SQS::Queue
      Properties: { QueueName: '\${self:custom.names.queue}-dead.fifo', FifoQueue: true }
    Bus:
      Type: AWS::Events::EventBus
      Properties: { Name: imago-outcomes }
    Role:
      Type: AWS::IAM::Role
      Properties: { Anything: goes }
    Policy:
      Type: AWS::SQS::QueuePolicy
    Alarm:
      Type: AWS::CloudWatch::Alarm
`;

const PLACE = { account: '111122223333', region: 'eu-central-1' };

const read = (text = SAMPLE, more = {}) => readServerless(text, { ...PLACE, ...more });

const functionOf = (key: string, more = {}) =>
  read(SAMPLE, more).functions.find((one) => one.key === key);

describe('a Serverless file', () => {
  it('gives each function its name, limits and resolved environment', () => {
    expect(functionOf('dispatch')).toMatchObject({
      name: 'imago-dev-dispatch',
      handler: 'dist/dispatch.handler',
      timeoutSeconds: 30,
      memoryMb: 1_024,
      environment: {
        DEPLOYMENT: 'dev',
        POLICY: 'example.yml',
        MODE: 'always',
        NUMBER: '7',
        QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/imago-dev-work.fifo',
        ACCOUNT: '111122223333',
        BUS: 'arn:aws:events:eu-central-1:111122223333:event-bus/imago-outcomes',
        LOG: 'arn:aws:logs:eu-central-1:111122223333:imago-dev-work.fifo',
        JOINED: 'a/eu-central-1/3',
      },
    });
    expect(functionOf('listen')).toMatchObject({ timeoutSeconds: 60, memoryMb: 256 });
  });

  it('takes parameters given, then those of the stage, then the default ones, then the fallback', () => {
    expect(functionOf('work')?.environment).toMatchObject({ POLICY: 'example.yml', MODE: 'plan' });
    expect(functionOf('work', { stage: 'prod' })?.environment).toMatchObject({
      DEPLOYMENT: 'prod',
      POLICY: 'prod.yml',
    });
    const params = { policy: 'mine.yml', mode: 'apply' };
    expect(functionOf('work', { stage: 'prod', params })?.environment).toMatchObject({
      POLICY: 'mine.yml',
      MODE: 'apply',
    });
  });

  it('wires schedules, patterns with their bus, and queues', () => {
    expect(functionOf('dispatch')?.rules).toEqual([
      {
        name: 'imago-dev-dispatch-rule-1',
        bus: 'default',
        schedule: 'rate(5 minutes)',
        isEnabled: true,
      },
      {
        name: 'imago-dev-dispatch-rule-2',
        bus: 'default',
        schedule: 'cron(0 6 * * ? *)',
        input: { daily: true },
        isEnabled: false,
      },
    ]);
    expect(functionOf('listen')?.rules).toMatchObject([
      { bus: 'default', pattern: { source: ['aws.ec2'], detail: { State: ['available'] } } },
      { bus: 'imago-outcomes', pattern: { source: [{ prefix: 'imago' }] } },
    ]);
    expect(functionOf('work')?.sources).toEqual([
      {
        queueName: 'imago-dev-work.fifo',
        batchSize: 5,
        batchWindowSeconds: 0,
        reportsBatchItemFailures: true,
        maximumConcurrency: 50,
      },
    ]);
  });

  it('wires recursion, age limits and what a target receives', () => {
    const text = SAMPLE.replace(
      'deadLetterQueueArn: !GetAtt DeadLetters.Arn',
      `deadLetterQueueArn: !GetAtt DeadLetters.Arn
          retryPolicy: { maximumEventAge: 600, maximumRetryAttempts: 4 }
          inputTransformer: { inputPathsMap: { id: $.detail.ImageId }, inputTemplate: '{"id": <id>}' }`,
    ).replace('memorySize: 256', 'maximumEventAge: 900');
    const [, listens, work] = read(text).functions;
    expect(listens).toMatchObject({ maximumEventAgeSeconds: 900, recursiveLoop: 'Terminate' });
    expect(work).toMatchObject({ maximumEventAgeSeconds: 21_600, recursiveLoop: 'Allow' });
    expect(listens?.rules[0]).toEqual({
      name: 'imago-dev-listen-rule-1',
      bus: 'default',
      isEnabled: true,
      pattern: { source: ['aws.ec2'], detail: { State: ['available'] } },
      inputTransformer: { paths: { id: '$.detail.ImageId' }, template: '{"id": <id>}' },
      retry: { maximumEventAgeSeconds: 600, maximumRetryAttempts: 4 },
      deadLetterName: 'imago-dev-work-dead.fifo',
    });
  });

  it('wires queues with their dead letters', () => {
    expect(read().queues).toEqual([
      {
        logicalId: 'WorkQueue',
        name: 'imago-dev-work.fifo',
        isFifo: true,
        contentBasedDeduplication: false,
        delaySeconds: 10,
        visibilityTimeoutSeconds: 90,
        retentionSeconds: 345_600,
        redrive: { deadLetterName: 'imago-dev-work-dead.fifo', maxReceiveCount: 3 },
      },
      {
        logicalId: 'DeadLetters',
        name: 'imago-dev-work-dead.fifo',
        isFifo: true,
        contentBasedDeduplication: false,
        delaySeconds: 0,
        visibilityTimeoutSeconds: 30,
        retentionSeconds: 345_600,
      },
    ]);
  });

  it.each([
    ['- schedule: rate(5 minutes)', '- http: GET /', 'functions.dispatch.events[0].http'],
    ['memorySize: 256', 'reservedConcurrency: 1', 'functions.listen.reservedConcurrency'],
    ['batchSize: 5', 'filterPatterns: []', 'functions.work.events[0].sqs.filterPatterns'],
    ['batchSize: 5', 'batchSize: many', 'functions.work.events[0].sqs.batchSize'],
    ['Type: AWS::SQS::QueuePolicy', 'Type: AWS::Events::Rule', 'resources.Resources.Policy.Type'],
    [
      'DelaySeconds: 10',
      'DeduplicationScope: messageGroup',
      'resources.Resources.WorkQueue.Properties.DeduplicationScope',
    ],
    ['!Ref WorkQueue', '!Ref Elsewhere', 'provider.environment.QUEUE_URL'],
    ['!GetAtt Bus.Arn', '!GetAtt Bus.Colour', 'provider.environment.BUS'],
    ['!GetAtt Bus.Arn', '!ImportValue bus', 'provider.environment.BUS'],
    ['recursiveLoop: Allow', 'recursiveLoop: Perhaps', 'functions.work.recursiveLoop'],
    [
      'deadLetterQueueArn: !GetAtt DeadLetters.Arn',
      'deadLetterQueueArn: arn:aws:sqs:eu-central-1:1:other',
      'functions.listen.events',
    ],
    [
      'deadLetterQueueArn: !GetAtt DeadLetters.Arn',
      'retryPolicy: { maximumAge: 60 }',
      'functions.listen.events[0].eventBridge.retryPolicy.maximumAge',
    ],
    ['${param:policy}', '${param:none}', 'provider.environment.POLICY'],
    ['${param:policy}', '${ssm:/policy}', 'provider.environment.POLICY'],
    ['service: imago', 'service: imago\nstepFunctions: {}', 'stepFunctions'],
    ['!GetAtt WorkQueue.Arn', 'arn:aws:sqs:eu-central-1:1:other', 'functions.work.events'],
  ])('with %j made %j is refused, and the place is named', (from, to, path) => {
    const text = SAMPLE.replace(from, () => to);
    expect(text).not.toBe(SAMPLE);
    const refused = () => read(text);
    expect(refused).toThrow(WiringError);
    expect(refused).toThrow(`serverless.yml: ${path}: `);
  });

  it('of the project itself is understood to the last line', () => {
    const text = readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8');
    const { functions, queues } = read(text);
    expect(functions.flatMap((one) => [...one.rules, ...one.sources])).not.toEqual([]);
    expect(queues).not.toEqual([]);
  });
});

describe('a deployment', () => {
  const deployed = (text = SAMPLE) => {
    const bench = createBench({ lambdaStartMs: { min: 0, max: 0 } });
    const heard: [string, unknown][] = [];
    const made = deploy(bench.cloud, read(text), ({ name }) => (event) => {
      heard.push([name, event]);
      return Promise.resolve({});
    });
    return { bench, heard, made };
  };

  it('runs functions by the clock, by events and by messages', async () => {
    const { bench, heard, made } = deployed();
    makeImage(bench, 'one');
    made.queues.get('WorkQueue')?.send({ body: 'go', groupId: 'g', deduplicationId: '1' });
    await bench.pass(6 * MINUTE);
    expect(heard.map(([name]) => name)).toEqual([
      'imago-dev-work',
      'imago-dev-dispatch',
      'imago-dev-listen',
    ]);
    const [, event] = heard[0] ?? [];
    expect((event as SQSEvent).Records[0]?.body).toBe('go');
    expect(made.functions.get('dispatch')?.counts.invocations).toBe(1);
  });

  it('gives a function what its rule makes of an event', async () => {
    const { bench, heard } = deployed(
      SAMPLE.replace('deadLetterQueueArn: !GetAtt DeadLetters.Arn', 'inputPath: $.detail.State'),
    );
    makeImage(bench, 'one');
    await bench.pass(6 * MINUTE);
    expect(heard).toContainEqual(['imago-dev-listen', 'available']);
  });

  it('uses a queue that is there, with its messages and its settings', async () => {
    const { cloud, pass } = createBench({ lambdaStartMs: { min: 0, max: 0 } });
    const heard: unknown[] = [];
    const queue = cloud.queues.create({
      account: ACCOUNT,
      region: HOME,
      name: 'imago-dev-work.fifo',
      isFifo: true,
      delaySeconds: 0,
    });
    queue.send({ body: 'kept', groupId: 'g', deduplicationId: '1' });
    const made = deploy(cloud, read(), ({ name }) => (event) => {
      heard.push([name, (event as SQSEvent).Records[0]?.body]);
      return Promise.resolve({});
    });
    expect(made.queues.get('WorkQueue')).toBe(queue);
    await pass(MINUTE);
    expect(heard).toEqual([['imago-dev-work', 'kept']]);
  });

  it('leaves a schedule that is not enabled alone', async () => {
    const { bench, heard } = deployed();
    await bench.pass(24 * 60 * MINUTE);
    expect(heard.filter(([, event]) => JSON.stringify(event).includes('daily'))).toEqual([]);
  });
});
