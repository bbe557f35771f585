/** Makes a deployment in the embedded cloud. */
import type { Target } from '@aws-sdk/client-eventbridge';
import type { EmbeddedCloud } from '../cloud.ts';
import { putRule } from '../services/events/rule-operations.ts';
import { putTargets } from '../services/events/target-operations.ts';
import type { Handler, LambdaFunction } from '../services/lambda/function.ts';
import type { Queue } from '../services/sqs/queue.ts';
import type { Deployment, FunctionWiring, QueueWiring, RuleWiring } from './deployment.ts';

/** Gives the code of a function: `handler` is the file's `path/to/module.export`. */
export type Load = (asked: {
  readonly name: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}) => Handler;

export interface Deployed {
  /** By the key in the file. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** By logical id. */
  readonly queues: ReadonlyMap<string, Queue>;
}

/**
 * Dead-letter queues first: the others point to them. In a cloud that was loaded they may be there
 * already, with their messages.
 */
const createQueues = (cloud: EmbeddedCloud, deployment: Deployment): Map<string, Queue> => {
  const { account, region } = deployment;
  const made = new Map<string, Queue>();
  const create = ({ redrive, logicalId: _id, ...wiring }: QueueWiring): void => {
    const deadLetter = redrive && made.get(redrive.deadLetterName);
    const spec = { ...wiring, account, region };
    const redriving = deadLetter &&
      redrive && {
        redrive: { deadLetterArn: deadLetter.arn, maxReceiveCount: redrive.maxReceiveCount },
      };
    const known = cloud.queues.lookUp(account, region, wiring.name);
    made.set(wiring.name, known ?? cloud.queues.create({ ...spec, ...redriving }));
  };
  for (const wiring of deployment.queues) if (wiring.redrive === undefined) create(wiring);
  for (const wiring of deployment.queues) if (wiring.redrive !== undefined) create(wiring);
  return made;
};

const queueNamed = (queues: ReadonlyMap<string, Queue>, name: string): Queue => {
  const queue = queues.get(name);
  if (queue === undefined) throw new Error(`there is no queue ${name}`);
  return queue;
};

const createFunction = (
  cloud: EmbeddedCloud,
  deployment: Deployment,
  wiring: FunctionWiring,
  queues: ReadonlyMap<string, Queue>,
  load: Load,
): LambdaFunction => {
  const { name, handler, environment, timeoutSeconds, memoryMb, recursiveLoop } = wiring;
  const { account, region } = deployment;
  const code = load({ name, handler, environment, timeoutSeconds });
  const { maximumRetryAttempts, maximumEventAgeSeconds, onFailureQueueName: onFailure } = wiring;
  return cloud.lambda.create(
    { account, region, name, handler: code, timeoutSeconds, memoryMb, recursiveLoop },
    {
      maximumRetryAttempts,
      maximumEventAgeSeconds,
      onFailure: onFailure === undefined ? undefined : queueNamed(queues, onFailure),
    },
  );
};

/** The one target of a rule, in the words of EventBridge's API. */
const targetOf = (
  rule: RuleWiring,
  target: LambdaFunction,
  queues: ReadonlyMap<string, Queue>,
): Target => {
  const { inputTransformer: transformer, retry, deadLetterName } = rule;
  return {
    Id: `${rule.name}-target`.slice(-64),
    Arn: target.arn,
    Input: rule.input === undefined ? undefined : JSON.stringify(rule.input),
    InputPath: rule.inputPath,
    InputTransformer: transformer && {
      InputPathsMap: transformer.paths,
      InputTemplate: transformer.template,
    },
    RetryPolicy: retry && {
      MaximumEventAgeInSeconds: retry.maximumEventAgeSeconds,
      MaximumRetryAttempts: retry.maximumRetryAttempts,
    },
    DeadLetterConfig:
      deadLetterName === undefined ? undefined : { Arn: queueNamed(queues, deadLetterName).arn },
  };
};

const connect = (
  cloud: EmbeddedCloud,
  { account, region }: Deployment,
  wiring: FunctionWiring,
  target: LambdaFunction,
  queues: ReadonlyMap<string, Queue>,
): void => {
  const at = { account, region, nowMs: cloud.clock.nowMs() };
  for (const rule of wiring.rules) {
    const { name, bus, pattern, schedule, isEnabled } = rule;
    const spec = {
      Name: name,
      EventBusName: bus,
      EventPattern: pattern === undefined ? undefined : JSON.stringify(pattern),
      ScheduleExpression: schedule,
      State: isEnabled ? ('ENABLED' as const) : ('DISABLED' as const),
    };
    putRule(cloud.events, spec, at);
    const targets = [targetOf(rule, target, queues)];
    putTargets(cloud.events, { Rule: name, EventBusName: bus, Targets: targets }, at);
  }
  for (const { queueName, ...source } of wiring.sources) {
    cloud.lambda.addSource({ ...source, queue: queueNamed(queues, queueName), target });
  }
};

/** In the deployment's own account and Region; schedules begin now. */
export const deploy = (cloud: EmbeddedCloud, deployment: Deployment, load: Load): Deployed => {
  const { account, region } = deployment;
  for (const { name } of deployment.buses) cloud.events.createBus(account, region, name);
  const queues = createQueues(cloud, deployment);
  const functions = new Map<string, LambdaFunction>();
  for (const wiring of deployment.functions) {
    const made = createFunction(cloud, deployment, wiring, queues, load);
    functions.set(wiring.key, made);
    connect(cloud, deployment, wiring, made, queues);
  }
  const byId = deployment.queues.map(
    ({ logicalId, name }) => [logicalId, queueNamed(queues, name)] as const,
  );
  return { functions, queues: new Map(byId) };
};
