/** Makes a deployment in the embedded cloud. */
import type { EmbeddedCloud } from '../cloud.ts';
import type { Handler, LambdaFunction } from '../services/lambda/function.ts';
import type { Queue } from '../services/sqs/queue.ts';
import type { Deployment, FunctionWiring, QueueWiring } from './deployment.ts';

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

/** Dead-letter queues first: the others point to them. */
const createQueues = (cloud: EmbeddedCloud, deployment: Deployment): Map<string, Queue> => {
  const { account, region } = deployment;
  const made = new Map<string, Queue>();
  const create = (wiring: QueueWiring): void => {
    const { redrive, ...spec } = wiring;
    const deadLetter = redrive && made.get(redrive.deadLetterName);
    const whole = { ...spec, account, region };
    made.set(
      wiring.name,
      cloud.queues.create(
        redrive === undefined || deadLetter === undefined
          ? whole
          : { ...whole, redrive: { deadLetter, maxReceiveCount: redrive.maxReceiveCount } },
      ),
    );
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
  const { name, handler, environment, timeoutSeconds, memoryMb, onFailureQueueName } = wiring;
  const { account, region } = deployment;
  const code = load({ name, handler, environment, timeoutSeconds });
  return cloud.lambda.create(
    { account, region, name, handler: code, timeoutSeconds, memoryMb },
    {
      maximumRetryAttempts: wiring.maximumRetryAttempts,
      onFailure:
        onFailureQueueName === undefined ? undefined : queueNamed(queues, onFailureQueueName),
    },
  );
};

const connect = (
  cloud: EmbeddedCloud,
  { account, region }: Deployment,
  wiring: FunctionWiring,
  target: LambdaFunction,
  queues: ReadonlyMap<string, Queue>,
): void => {
  for (const rule of wiring.rules) {
    const deliver = (event: unknown): void => {
      cloud.lambda.invokeAsync(target, event);
    };
    cloud.events.putRule({ ...rule, account, region, deliver });
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
