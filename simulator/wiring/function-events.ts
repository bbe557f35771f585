/** What triggers a function: schedules, event patterns and queues. */
import type {
  InputTransformerWiring,
  RetryWiring,
  RuleWiring,
  SourceWiring,
} from './deployment.ts';
import { resolveText, type Stack } from './intrinsics.ts';
import { nameOfArn } from './resources.ts';
import {
  assertKnown,
  booleanAt,
  type Fields,
  fieldsAt,
  isFields,
  listAt,
  numberAt,
  textAt,
  WiringError,
} from './values.ts';

export interface Triggers {
  readonly rules: readonly RuleWiring[];
  readonly sources: readonly SourceWiring[];
}

type Trigger = { readonly rules: RuleWiring[] } | { readonly source: SourceWiring };

const scheduleOf = (path: string, value: unknown, name: string): RuleWiring[] => {
  const fields = typeof value === 'string' ? { rate: value } : fieldsAt(path, value);
  assertKnown(path, fields, ['rate', 'enabled', 'input', 'name', 'description', 'method']);
  if ('method' in fields && fields.method !== 'eventBus') {
    throw new WiringError(`${path}.method`, 'only eventBus is served');
  }
  const rates = Array.isArray(fields.rate) ? (fields.rate as unknown[]) : [fields.rate];
  const isEnabled = booleanAt(`${path}.enabled`, 'enabled' in fields ? fields.enabled : true, true);
  return rates.map((rate, index) => ({
    name: rates.length === 1 ? name : `${name}-${index + 1}`,
    bus: 'default',
    schedule: textAt(`${path}.rate`, rate),
    isEnabled,
    ...('input' in fields ? { input: fields.input } : {}),
  }));
};

const EVENT_BRIDGE_KEYS = [
  'pattern',
  'schedule',
  'eventBus',
  'input',
  'inputPath',
  'inputTransformer',
  'name',
  'description',
  'enabled',
  'state',
  'deadLetterQueueArn',
  'retryPolicy',
];

const transformerOf = (path: string, value: unknown): InputTransformerWiring => {
  const fields = fieldsAt(path, value);
  assertKnown(path, fields, ['inputPathsMap', 'inputTemplate']);
  const paths = Object.entries(fieldsAt(`${path}.inputPathsMap`, fields.inputPathsMap));
  return {
    template: textAt(`${path}.inputTemplate`, fields.inputTemplate),
    paths: Object.fromEntries(
      paths.map(([name, one]) => [name, textAt(`${path}.inputPathsMap.${name}`, one)]),
    ),
  };
};

const retryOf = (path: string, value: unknown): RetryWiring => {
  const fields = fieldsAt(path, value);
  assertKnown(path, fields, ['maximumEventAge', 'maximumRetryAttempts']);
  const { maximumEventAge: age, maximumRetryAttempts: attempts } = fields;
  return {
    ...(age === undefined
      ? {}
      : { maximumEventAgeSeconds: numberAt(`${path}.maximumEventAge`, age, 0) }),
    ...(attempts === undefined
      ? {}
      : { maximumRetryAttempts: numberAt(`${path}.maximumRetryAttempts`, attempts, 0) }),
  };
};

/** What the target receives, and what becomes of what it does not. */
const deliveryOf = (stack: Stack, path: string, fields: Fields): Partial<RuleWiring> => {
  const { input, inputPath, inputTransformer, retryPolicy, deadLetterQueueArn } = fields;
  const deadLetterPath = `${path}.deadLetterQueueArn`;
  return {
    ...(input === undefined ? {} : { input }),
    ...(inputPath === undefined ? {} : { inputPath: textAt(`${path}.inputPath`, inputPath) }),
    ...(inputTransformer === undefined
      ? {}
      : { inputTransformer: transformerOf(`${path}.inputTransformer`, inputTransformer) }),
    ...(retryPolicy === undefined ? {} : { retry: retryOf(`${path}.retryPolicy`, retryPolicy) }),
    ...(deadLetterQueueArn === undefined
      ? {}
      : { deadLetterName: nameOfArn(resolveText(stack, deadLetterPath, deadLetterQueueArn)) }),
  };
};

const eventBridgeOf = (stack: Stack, path: string, value: unknown, name: string): RuleWiring => {
  const fields = fieldsAt(path, value);
  assertKnown(path, fields, EVENT_BRIDGE_KEYS);
  if (fields.pattern === undefined && fields.schedule === undefined) {
    throw new WiringError(path, 'a pattern or a schedule is expected');
  }
  const bus =
    fields.eventBus === undefined
      ? 'default'
      : nameOfArn(resolveText(stack, `${path}.eventBus`, fields.eventBus));
  return {
    name,
    bus,
    isEnabled: fields.state !== 'DISABLED' && booleanAt(`${path}.enabled`, fields.enabled, true),
    ...(fields.pattern === undefined ? {} : { pattern: fields.pattern }),
    ...(fields.schedule === undefined
      ? {}
      : { schedule: textAt(`${path}.schedule`, fields.schedule) }),
    ...deliveryOf(stack, path, fields),
  };
};

const SQS_KEYS = [
  'arn',
  'batchSize',
  'maximumBatchingWindow',
  'functionResponseType',
  'maximumConcurrency',
  'enabled',
];

const isReporting = (path: string, value: unknown): boolean => {
  if (value === undefined || value === 'ReportBatchItemFailures') return value !== undefined;
  throw new WiringError(path, 'only ReportBatchItemFailures is known');
};

const sqsOf = (stack: Stack, path: string, value: unknown): SourceWiring => {
  const isShort = typeof value === 'string' || (isFields(value) && !('arn' in value));
  const fields = isShort ? { arn: value } : fieldsAt(path, value);
  assertKnown(path, fields, SQS_KEYS);
  if (!booleanAt(`${path}.enabled`, fields.enabled, true)) {
    throw new WiringError(`${path}.enabled`, 'a source that is not enabled is not served');
  }
  const { maximumConcurrency } = fields;
  return {
    queueName: nameOfArn(resolveText(stack, `${path}.arn`, fields.arn)),
    batchSize: numberAt(`${path}.batchSize`, fields.batchSize, 10),
    batchWindowSeconds: numberAt(`${path}.maximumBatchingWindow`, fields.maximumBatchingWindow, 0),
    reportsBatchItemFailures: isReporting(
      `${path}.functionResponseType`,
      fields.functionResponseType,
    ),
    ...(maximumConcurrency === undefined
      ? {}
      : { maximumConcurrency: numberAt(`${path}.maximumConcurrency`, maximumConcurrency, 0) }),
  };
};

const triggerOf = (stack: Stack, path: string, event: unknown, name: string): Trigger => {
  const [entry, ...more] = Object.entries(fieldsAt(path, event));
  if (entry === undefined || more.length > 0) {
    throw new WiringError(path, 'exactly one kind of event is expected');
  }
  const [kind, value] = entry;
  const inside = `${path}.${kind}`;
  if (kind === 'schedule') return { rules: scheduleOf(inside, value, name) };
  if (kind === 'eventBridge') return { rules: [eventBridgeOf(stack, inside, value, name)] };
  if (kind === 'sqs') return { source: sqsOf(stack, inside, value) };
  throw new WiringError(inside, 'is not understood');
};

/** @throws WiringError for an event, or a setting of one, that is not understood. */
export const wireTriggers = (
  stack: Stack,
  path: string,
  events: unknown,
  functionName: string,
): Triggers => {
  const triggers = listAt(path, events).map((event, index) =>
    triggerOf(stack, `${path}[${index}]`, event, `${functionName}-rule-${index + 1}`),
  );
  return {
    rules: triggers.flatMap((trigger) => ('rules' in trigger ? trigger.rules : [])),
    sources: triggers.flatMap((trigger) => ('source' in trigger ? trigger.source : [])),
  };
};
