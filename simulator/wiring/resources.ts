/** The file's CloudFormation resources: queues and buses are wired, the rest must not matter. */
import type { BusWiring, QueueWiring } from './deployment.ts';
import { type Handle, resolveText, type Stack } from './intrinsics.ts';
import {
  assertKnown,
  booleanAt,
  type Fields,
  fieldsAt,
  numberAt,
  textAt,
  WiringError,
} from './values.ts';

export interface Resources {
  readonly queues: readonly QueueWiring[];
  readonly buses: readonly BusWiring[];
  readonly stack: Stack;
}

/** Types that change nothing in who calls whom. */
const WITHOUT_WIRING = [
  /^AWS::SQS::QueuePolicy$/,
  /^AWS::IAM::/,
  /^AWS::CloudWatch::/,
  /^AWS::Logs::/,
  /^AWS::SNS::/,
];

const QUEUE = 'AWS::SQS::Queue';
const BUS = 'AWS::Events::EventBus';

const QUEUE_PROPERTIES = [
  'QueueName',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DelaySeconds',
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'Tags',
];

interface Resource {
  readonly logicalId: string;
  readonly path: string;
  readonly type: string;
  readonly properties: Fields;
}

const readResources = (resources: unknown): Resource[] => {
  const section = fieldsAt('resources', resources);
  assertKnown('resources', section, ['Resources', 'Outputs', 'Description']);
  const all = fieldsAt('resources.Resources', section.Resources);
  return Object.entries(all).map(([logicalId, value]) => {
    const path = `resources.Resources.${logicalId}`;
    const fields = fieldsAt(path, value);
    const type = textAt(`${path}.Type`, fields.Type);
    const properties = fieldsAt(`${path}.Properties`, fields.Properties);
    return { logicalId, path: `${path}.Properties`, type, properties };
  });
};

const isWithoutWiring = (type: string): boolean =>
  WITHOUT_WIRING.some((expression) => expression.test(type));

const nameOf = (pseudo: Stack, resource: Resource, property: string, suffix: string): string => {
  const given = resource.properties[property];
  return given === undefined
    ? `${pseudo.pseudo['AWS::StackName']}-${resource.logicalId}${suffix}`
    : resolveText(pseudo, `${resource.path}.${property}`, given);
};

const queueHandle = (pseudo: Stack['pseudo'], name: string): Handle => {
  const account = pseudo['AWS::AccountId'];
  const region = pseudo['AWS::Region'];
  const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  const arn = `arn:aws:sqs:${region}:${account}:${name}`;
  return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
};

const busHandle = (pseudo: Stack['pseudo'], name: string): Handle => {
  const arn = `arn:aws:events:${pseudo['AWS::Region']}:${pseudo['AWS::AccountId']}:event-bus/${name}`;
  return { ref: name, attributes: { Arn: arn, Name: name } };
};

const isFifo = (resource: Resource): boolean =>
  booleanAt(`${resource.path}.FifoQueue`, resource.properties.FifoQueue, false);

const handleOf = (pseudo: Stack, resource: Resource): Handle | undefined => {
  if (resource.type === QUEUE) {
    const suffix = isFifo(resource) ? '.fifo' : '';
    return queueHandle(pseudo.pseudo, nameOf(pseudo, resource, 'QueueName', suffix));
  }
  if (resource.type === BUS) return busHandle(pseudo.pseudo, nameOf(pseudo, resource, 'Name', ''));
  if (isWithoutWiring(resource.type)) return undefined;
  const path = resource.path.replace(/Properties$/, 'Type');
  throw new WiringError(path, `${resource.type} is not understood`);
};

/** The name at the end of an ARN of a queue or a bus. */
export const nameOfArn = (arn: string): string => arn.split(/[:/]/).at(-1) ?? '';

const redriveOf = (stack: Stack, resource: Resource): Pick<QueueWiring, 'redrive'> => {
  const path = `${resource.path}.RedrivePolicy`;
  const policy = resource.properties.RedrivePolicy;
  if (policy === undefined) return {};
  const { deadLetterTargetArn, maxReceiveCount } = fieldsAt(path, policy);
  const arn = resolveText(stack, `${path}.deadLetterTargetArn`, deadLetterTargetArn);
  return {
    redrive: {
      deadLetterName: nameOfArn(arn),
      maxReceiveCount: numberAt(`${path}.maxReceiveCount`, maxReceiveCount, 10),
    },
  };
};

const queueOf = (stack: Stack, resource: Resource): QueueWiring => {
  const { path, properties, logicalId } = resource;
  assertKnown(path, properties, QUEUE_PROPERTIES);
  const number = (key: string, fallback: number): number =>
    numberAt(`${path}.${key}`, properties[key], fallback);
  const contentBased = properties.ContentBasedDeduplication;
  return {
    logicalId,
    name: stack.handles.get(logicalId)?.attributes.QueueName ?? '',
    isFifo: isFifo(resource),
    contentBasedDeduplication: booleanAt(`${path}.ContentBasedDeduplication`, contentBased, false),
    delaySeconds: number('DelaySeconds', 0),
    visibilityTimeoutSeconds: number('VisibilityTimeout', 30),
    retentionSeconds: number('MessageRetentionPeriod', 345_600),
    ...redriveOf(stack, resource),
  };
};

/** @throws WiringError for a resource or a property that might change the wiring. */
export const wireResources = (resources: unknown, pseudo: Stack['pseudo']): Resources => {
  const all = readResources(resources);
  const names: Stack = { pseudo, handles: new Map() };
  const handles = new Map<string, Handle>();
  for (const resource of all) {
    const handle = handleOf(names, resource);
    if (handle !== undefined) handles.set(resource.logicalId, handle);
  }
  const stack: Stack = { pseudo, handles };
  const queues = all.filter(({ type }) => type === QUEUE).map((one) => queueOf(stack, one));
  const buses = all
    .filter(({ type }) => type === BUS)
    .map(({ logicalId }) => ({ logicalId, name: handles.get(logicalId)?.ref ?? '' }));
  return { queues, buses, stack };
};
