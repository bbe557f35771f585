/** Attributes of a queue: texts by name on the wire, settings here. */
import { ApiError } from '../../wire/api.ts';
import type { QueueSettings, Redrive, RedriveAllow } from './settings.ts';

type Changes = Partial<QueueSettings>;

interface Attribute {
  /** @throws ApiError for a text that is no value of it. */
  readonly read: (text: string, name: string) => Changes;
  /** Undefined while the queue has no such attribute. */
  readonly write: (settings: QueueSettings) => string | undefined;
  readonly isOfFifo?: boolean;
}

export type Attributes = Readonly<Record<string, string>>;

const badValue = (name: string): ApiError =>
  new ApiError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);

const badPolicy = (text: string, name: string, reason: string): ApiError =>
  new ApiError(
    'InvalidParameterValue',
    `Value ${text} for parameter ${name} is invalid. Reason: ${reason}`,
  );

type NumberKey =
  | 'delaySeconds'
  | 'visibilityTimeoutSeconds'
  | 'retentionSeconds'
  | 'maximumMessageBytes'
  | 'receiveWaitSeconds'
  | 'kmsReuseSeconds';

const number = (key: NumberKey, min: number, max: number): Attribute => ({
  read: (text, name) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw badValue(name);
    return { [key]: value };
  },
  write: (settings) => String(settings[key]),
});

const choice = <Key extends 'deduplicationScope' | 'throughputLimit'>(
  key: Key,
  values: readonly QueueSettings[Key][],
): Attribute => ({
  isOfFifo: true,
  read: (text, name) => {
    const value = values.find((one) => one === text);
    if (value === undefined) throw badValue(name);
    return { [key]: value };
  },
  write: (settings) => settings[key],
});

const flag = (key: 'contentBasedDeduplication' | 'hasManagedEncryption', isOfFifo: boolean) => ({
  isOfFifo,
  read: (text: string, name: string): Changes => {
    if (text !== 'true' && text !== 'false') throw badValue(name);
    return { [key]: text === 'true' };
  },
  write: (settings: QueueSettings) => String(settings[key]),
});

const fieldsOf = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
};

/** Without spaces, as SQS gives policies back. */
const readPolicy = (text: string, name: string): Changes => {
  if (text === '') return { policy: undefined };
  const fields = fieldsOf(text);
  if (fields?.Statement === undefined) throw badValue(name);
  return { policy: JSON.stringify(fields) };
};

const readRedrive = (text: string, name: string): Changes => {
  if (text === '') return { redrive: undefined };
  const fields = fieldsOf(text);
  if (fields === undefined) throw badPolicy(text, name, 'Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn: arn, maxReceiveCount: count = 10 } = fields;
  if (typeof arn !== 'string') {
    throw badPolicy(
      text,
      name,
      'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.',
    );
  }
  const max = typeof count === 'string' ? Number(count) : count;
  if (typeof max !== 'number' || !Number.isInteger(max) || max < 1 || max > 1_000) {
    const reason = `Invalid value for maxReceiveCount: ${String(count)}, valid values are from 1 to 1000 both inclusive.`;
    throw badPolicy(text, name, reason);
  }
  return { redrive: { deadLetterArn: arn, maxReceiveCount: max } };
};

const writeRedrive = (redrive: Redrive | undefined): string | undefined =>
  redrive &&
  JSON.stringify({
    deadLetterTargetArn: redrive.deadLetterArn,
    maxReceiveCount: redrive.maxReceiveCount,
  });

const readRedriveAllow = (text: string, name: string): Changes => {
  if (text === '') return { redriveAllow: undefined };
  const { redrivePermission: permission, sourceQueueArns: arns } = fieldsOf(text) ?? {};
  const isKnown = permission === 'allowAll' || permission === 'denyAll' || permission === 'byQueue';
  if (!isKnown) throw badPolicy(text, name, 'Redrive allow policy has no valid redrivePermission.');
  const sourceArns = Array.isArray(arns) ? arns.map(String) : [];
  if ((permission === 'byQueue') !== sourceArns.length > 0 || sourceArns.length > 10) {
    throw badPolicy(
      text,
      name,
      '1 to 10 sourceQueueArns belong to the redrivePermission byQueue, and to no other.',
    );
  }
  return { redriveAllow: { permission, sourceArns } };
};

const writeRedriveAllow = (allow: RedriveAllow | undefined): string | undefined =>
  allow &&
  JSON.stringify({
    redrivePermission: allow.permission,
    ...(allow.permission === 'byQueue' ? { sourceQueueArns: allow.sourceArns } : {}),
  });

/** In the order of the API reference. */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  DelaySeconds: number('delaySeconds', 0, 900),
  MaximumMessageSize: number('maximumMessageBytes', 1_024, 1_048_576),
  MessageRetentionPeriod: number('retentionSeconds', 60, 1_209_600),
  Policy: { read: readPolicy, write: ({ policy }) => policy },
  ReceiveMessageWaitTimeSeconds: number('receiveWaitSeconds', 0, 20),
  VisibilityTimeout: number('visibilityTimeoutSeconds', 0, 43_200),
  RedrivePolicy: { read: readRedrive, write: ({ redrive }) => writeRedrive(redrive) },
  RedriveAllowPolicy: {
    read: readRedriveAllow,
    write: ({ redriveAllow }) => writeRedriveAllow(redriveAllow),
  },
  KmsMasterKeyId: {
    read: (text) => ({ kmsMasterKeyId: text === '' ? undefined : text }),
    write: ({ kmsMasterKeyId }) => kmsMasterKeyId,
  },
  KmsDataKeyReusePeriodSeconds: {
    ...number('kmsReuseSeconds', 60, 86_400),
    write: ({ kmsReuseSeconds }) => (kmsReuseSeconds === 300 ? undefined : String(kmsReuseSeconds)),
  },
  SqsManagedSseEnabled: flag('hasManagedEncryption', false),
  ContentBasedDeduplication: flag('contentBasedDeduplication', true),
  DeduplicationScope: choice('deduplicationScope', ['messageGroup', 'queue']),
  FifoThroughputLimit: choice('throughputLimit', ['perQueue', 'perMessageGroupId']),
};

const unknownAttribute = (name: string): ApiError =>
  new ApiError('InvalidAttributeName', `Unknown Attribute ${name}.`);

const notOfStandard = (name: string): ApiError =>
  name === 'ContentBasedDeduplication'
    ? unknownAttribute(name)
    : new ApiError(
        'InvalidAttributeName',
        `You can specify the ${name} only when FifoQueue is set to true.`,
      );

/** One kind of encryption at a time: the one that is asked for ends the other. */
const encryptionOf = (changes: Changes): Changes => {
  const { kmsMasterKeyId, hasManagedEncryption } = changes;
  if (kmsMasterKeyId !== undefined && hasManagedEncryption === true) {
    throw new ApiError(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. ' +
        'You can either enable KMS SSE or SQS SSE.',
    );
  }
  if (kmsMasterKeyId !== undefined) return { hasManagedEncryption: false };
  return hasManagedEncryption === true ? { kmsMasterKeyId: undefined } : {};
};

const assertThroughput = (settings: QueueSettings): void => {
  if (settings.throughputLimit !== 'perMessageGroupId') return;
  if (settings.deduplicationScope === 'messageGroup') return;
  throw new ApiError(
    'InvalidAttributeValue',
    'Invalid value for the parameter FifoThroughputLimit. Reason: The perMessageGroupId value is ' +
      'allowed only when the value for DeduplicationScope is messageGroup.',
  );
};

/**
 * The settings with the attributes over them.
 * @throws ApiError `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValue`
 */
export const applyAttributes = (
  settings: QueueSettings,
  attributes: Attributes,
  isFifo: boolean,
): QueueSettings => {
  let changes: Changes = {};
  for (const [name, text] of Object.entries(attributes)) {
    const attribute = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined;
    if (attribute === undefined) throw unknownAttribute(name);
    if (attribute.isOfFifo === true && !isFifo) throw notOfStandard(name);
    changes = { ...changes, ...attribute.read(text, name) };
  }
  const applied = { ...settings, ...encryptionOf(changes), ...changes };
  assertThroughput(applied);
  return applied;
};

/** The attributes that a queue is set to, as GetQueueAttributes gives them. */
export const writeAttributes = (settings: QueueSettings, isFifo: boolean): Attributes =>
  Object.fromEntries(
    Object.entries(ATTRIBUTES).flatMap(([name, { write, isOfFifo }]) => {
      const text = isOfFifo === true && !isFifo ? undefined : write(settings);
      return text === undefined ? [] : [[name, text]];
    }),
  );

export { badPolicy as invalidPolicy };
