/**
 * Reads a Serverless Framework file and says who is wired to what. What it does not understand and
 * might change the wiring is an error that names the place: nothing is passed over in silence.
 */
import { parse } from 'yaml';
import type { Deployment, FunctionWiring } from './deployment.ts';
import { wireTriggers } from './function-events.ts';
import { resolveText, SHORT_FORMS, type Stack } from './intrinsics.ts';
import { nameOfArn, wireResources } from './resources.ts';
import {
  assertKnown,
  type Fields,
  fieldsAt,
  isFields,
  numberAt,
  textAt,
  WiringError,
} from './values.ts';
import { resolveVariables } from './variables.ts';

export interface ServerlessOptions {
  /** Twelve digits: where it is deployed. */
  readonly account: string;
  readonly region: string;
  /** Default: `provider.stage`, else `dev`. */
  readonly stage?: string;
  /** As by `--param`: they come before the file's own. */
  readonly params?: Readonly<Record<string, string>>;
}

const TOP_KEYS = [
  'service',
  'frameworkVersion',
  'configValidationMode',
  'variablesResolutionMode',
  'useDotenv',
  'params',
  'provider',
  'package',
  'plugins',
  'custom',
  'functions',
  'resources',
  'build',
];

const FUNCTION_KEYS = [
  'handler',
  'name',
  'description',
  'timeout',
  'memorySize',
  'environment',
  'events',
  'maximumRetryAttempts',
  'maximumEventAge',
  'recursiveLoop',
  'destinations',
  // These change nothing in who calls whom.
  'role',
  'package',
  'runtime',
  'architecture',
  'logRetentionInDays',
  'logs',
  'tracing',
  'tags',
  'layers',
  'ephemeralStorageSize',
  'versionFunction',
  'kmsKeyArn',
  'snapStart',
];

const SECONDS_DEFAULT = 6;
const MEMORY_DEFAULT = 1_024;
const EVENT_AGE_SECONDS_DEFAULT = 21_600;

const pseudoOf = (options: ServerlessOptions, service: string, stage: string): Stack['pseudo'] => ({
  'AWS::AccountId': options.account,
  'AWS::Region': options.region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': `${service}-${stage}`,
});

/** Variables of the provider, with the function's over them; a null takes one away. */
const environmentOf = (
  stack: Stack,
  path: string,
  provider: Fields,
  own: Fields,
): Readonly<Record<string, string>> => {
  const shared = fieldsAt('provider.environment', provider.environment);
  const merged = { ...shared, ...own };
  const placeOf = (key: string): string =>
    Object.hasOwn(own, key) ? `${path}.environment.${key}` : `provider.environment.${key}`;
  return Object.fromEntries(
    Object.entries(merged)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, resolveText(stack, placeOf(key), value)]),
  );
};

const onFailureOf = (stack: Stack, path: string, value: unknown): string | undefined => {
  const destinations = fieldsAt(path, value);
  assertKnown(path, destinations, ['onFailure']);
  const { onFailure } = destinations;
  if (onFailure === undefined) return undefined;
  const arn = isFields(onFailure) && 'arn' in onFailure ? onFailure.arn : onFailure;
  const text = resolveText(stack, `${path}.onFailure`, arn);
  if (text.startsWith('arn:aws:sqs:')) return nameOfArn(text);
  throw new WiringError(`${path}.onFailure`, 'only a queue is served');
};

const recursiveLoopOf = (path: string, value: unknown): 'Allow' | 'Terminate' => {
  if (value === undefined || value === 'Terminate') return 'Terminate';
  if (value === 'Allow') return 'Allow';
  throw new WiringError(path, 'Allow or Terminate is expected');
};

const wireFunction = (
  stack: Stack,
  provider: Fields,
  key: string,
  value: unknown,
): FunctionWiring => {
  const path = `functions.${key}`;
  const fields = fieldsAt(path, value);
  assertKnown(path, fields, FUNCTION_KEYS);
  const fallbackName = `${stack.pseudo['AWS::StackName']}-${key}`;
  const name = fields.name === undefined ? fallbackName : textAt(`${path}.name`, fields.name);
  const seconds = numberAt('provider.timeout', provider.timeout, SECONDS_DEFAULT);
  const memory = numberAt('provider.memorySize', provider.memorySize, MEMORY_DEFAULT);
  const retries = fields.maximumRetryAttempts;
  const onFailure = onFailureOf(stack, `${path}.destinations`, fields.destinations);
  return {
    key,
    name,
    handler: textAt(`${path}.handler`, fields.handler),
    environment: environmentOf(
      stack,
      path,
      provider,
      fieldsAt(`${path}.environment`, fields.environment),
    ),
    timeoutSeconds: numberAt(`${path}.timeout`, fields.timeout, seconds),
    memoryMb: numberAt(`${path}.memorySize`, fields.memorySize, memory),
    maximumRetryAttempts: numberAt(`${path}.maximumRetryAttempts`, retries, 2),
    maximumEventAgeSeconds: numberAt(
      `${path}.maximumEventAge`,
      fields.maximumEventAge,
      EVENT_AGE_SECONDS_DEFAULT,
    ),
    recursiveLoop: recursiveLoopOf(`${path}.recursiveLoop`, fields.recursiveLoop),
    ...(onFailure === undefined ? {} : { onFailureQueueName: onFailure }),
    ...wireTriggers(stack, `${path}.events`, fields.events, name),
  };
};

const assertQueuesExist = (deployment: Deployment): void => {
  const names = new Set(deployment.queues.map((queue) => queue.name));
  const assertExists = (path: string, name: string | undefined): void => {
    if (name === undefined || names.has(name)) return;
    throw new WiringError(path, `there is no queue '${name}' in this file`);
  };
  for (const queue of deployment.queues) {
    const path = `resources.Resources.${queue.logicalId}.Properties.RedrivePolicy`;
    assertExists(path, queue.redrive?.deadLetterName);
  }
  for (const { key, rules, sources, onFailureQueueName } of deployment.functions) {
    for (const source of sources) assertExists(`functions.${key}.events`, source.queueName);
    for (const rule of rules) assertExists(`functions.${key}.events`, rule.deadLetterName);
    assertExists(`functions.${key}.destinations.onFailure`, onFailureQueueName);
  }
};

const readYaml = (text: string): unknown => {
  try {
    return parse(text, { customTags: [...SHORT_FORMS] });
  } catch (error) {
    throw new WiringError(
      'the file',
      `no valid YAML: ${error instanceof Error ? error.message : ''}`,
    );
  }
};

/** @throws WiringError naming the place in the file. */
export const readServerless = (text: string, options: ServerlessOptions): Deployment => {
  const raw = readYaml(text);
  const file = fieldsAt('the file', raw);
  assertKnown('', file, TOP_KEYS);
  const ownStage = fieldsAt('provider', file.provider).stage;
  const stage = options.stage ?? (typeof ownStage === 'string' ? defaultStage(ownStage) : 'dev');
  const scope = { file, stage, params: options.params ?? {}, options: {} };
  const resolved = fieldsAt('', resolveVariables(scope, '', { ...file, params: undefined }));
  const service = textAt('service', resolved.service);
  const pseudo = pseudoOf(options, service, stage);
  const { queues, buses, stack } = wireResources(resolved.resources, pseudo);
  const provider = fieldsAt('provider', resolved.provider);
  const functions = Object.entries(fieldsAt('functions', resolved.functions)).map(([key, value]) =>
    wireFunction(stack, provider, key, value),
  );
  const { account, region } = options;
  const deployment = { service, stage, account, region, queues, buses, functions };
  assertQueuesExist(deployment);
  return deployment;
};

/** `${opt:stage, 'dev'}` with no such option given. */
const defaultStage = (text: string): string =>
  /^\$\{opt:stage,\s*'([^']*)'\}$/.exec(text)?.[1] ?? text;
