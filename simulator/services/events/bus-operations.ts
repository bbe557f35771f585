/** Making, changing and finding event buses. */
import type {
  CreateEventBusRequest,
  CreateEventBusResponse,
  DeleteEventBusRequest,
  DescribeEventBusRequest,
  DescribeEventBusResponse,
  EventBus,
  ListEventBusesRequest,
  ListEventBusesResponse,
  UpdateEventBusRequest,
  UpdateEventBusResponse,
} from '@aws-sdk/client-eventbridge';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { DEFAULT_BUS } from './buses.ts';
import type { EventBridge } from './event-bridge.ts';
import {
  arnProblems,
  busNameOrArnProblems,
  busNameProblems,
  descriptionProblems,
} from './limits.ts';
import { pageOf, pageProblems } from './pages.ts';
import { type BusRow, busArnOf } from './rows.ts';
import { addTags } from './tags.ts';

const BUSES_MAX = 100;

type Settings = Pick<
  CreateEventBusRequest,
  'Description' | 'KmsKeyIdentifier' | 'DeadLetterConfig' | 'LogConfig'
>;

const settingProblems = (input: Settings): readonly string[] => [
  ...descriptionProblems(input.Description),
  ...problemsOf('kmsKeyIdentifier', input.KmsKeyIdentifier, {
    maxLength: 2_048,
    pattern: '[a-zA-Z0-9_\\-/:]*',
  }),
  ...arnProblems('deadLetterConfig.arn', input.DeadLetterConfig?.Arn),
  ...problemsOf('logConfig.includeDetail', input.LogConfig?.IncludeDetail, {
    oneOf: ['NONE', 'FULL'],
  }),
  ...problemsOf('logConfig.level', input.LogConfig?.Level, {
    oneOf: ['OFF', 'ERROR', 'INFO', 'TRACE'],
  }),
];

const set = (bus: BusRow, input: Settings): void => {
  const { LogConfig: log } = input;
  bus.description = input.Description;
  bus.kmsKey = input.KmsKeyIdentifier;
  bus.deadLetterArn = input.DeadLetterConfig?.Arn;
  bus.log = log && { level: log.Level, detail: log.IncludeDetail };
};

const settingsOf = (bus: BusRow) => ({
  Description: bus.description,
  KmsKeyIdentifier: bus.kmsKey,
  DeadLetterConfig: bus.deadLetterArn === undefined ? undefined : { Arn: bus.deadLetterArn },
  LogConfig: bus.log && {
    Level: bus.log.level as 'OFF' | undefined,
    IncludeDetail: bus.log.detail as 'NONE' | undefined,
  },
});

const described = (bus: BusRow): EventBus => ({
  Name: bus.name,
  Arn: busArnOf(bus),
  Description: bus.description,
  Policy: bus.policy,
  CreationTime: new Date(bus.createdAtMs),
  LastModifiedTime: new Date(bus.modifiedAtMs),
});

export const createEventBus = (
  { buses }: EventBridge,
  input: CreateEventBusRequest,
  call: Call,
): CreateEventBusResponse => {
  const name = input.Name ?? '';
  assertNoProblems([...busNameProblems('name', name), ...settingProblems(input)]);
  if (input.EventSourceName !== undefined) {
    throw new ApiError(
      'ResourceNotFoundException',
      `Event source ${input.EventSourceName} does not exist.`,
    );
  }
  if (name.includes('/')) {
    throw new ApiError('ValidationException', "Event bus name must not contain '/'.");
  }
  if (buses.of(call).length >= BUSES_MAX) {
    throw new ApiError(
      'LimitExceededException',
      'The requested resource exceeds the maximum number allowed.',
    );
  }
  const bus = buses.create(call, name);
  set(bus, input);
  addTags(bus.tags, input.Tags ?? []);
  return { EventBusArn: busArnOf(bus), ...settingsOf(bus) };
};

export const deleteEventBus = (
  { buses }: EventBridge,
  input: DeleteEventBusRequest,
  call: Call,
): void => {
  const name = input.Name ?? '';
  assertNoProblems(busNameProblems('name', name));
  if (name === DEFAULT_BUS) {
    throw new ApiError('ValidationException', 'Cannot delete event bus default.');
  }
  const bus = buses.find(call, name);
  if (bus.rules.size > 0) {
    throw new ApiError('ValidationException', "Event bus can't be deleted since it has rules.");
  }
  buses.delete(bus);
};

export const describeEventBus = (
  { buses }: EventBridge,
  input: DescribeEventBusRequest,
  call: Call,
): DescribeEventBusResponse => {
  assertNoProblems(busNameOrArnProblems('name', input.Name));
  const bus = buses.find(call, input.Name);
  return { ...described(bus), ...settingsOf(bus) };
};

export const updateEventBus = (
  { buses }: EventBridge,
  input: UpdateEventBusRequest,
  call: Call,
): UpdateEventBusResponse => {
  assertNoProblems([...busNameProblems('name', input.Name), ...settingProblems(input)]);
  const bus = buses.find(call, input.Name);
  set(bus, input);
  bus.modifiedAtMs = call.nowMs;
  return { Arn: busArnOf(bus), Name: bus.name, ...settingsOf(bus) };
};

export const listEventBuses = (
  { buses }: EventBridge,
  input: ListEventBusesRequest,
  call: Call,
): ListEventBusesResponse => {
  const prefix = input.NamePrefix ?? '';
  assertNoProblems([...busNameProblems('namePrefix', input.NamePrefix), ...pageProblems(input)]);
  const found = buses.of(call).filter(({ name }) => name.startsWith(prefix));
  const { rows, next } = pageOf(found, ({ name }) => name, input);
  return { EventBuses: rows.map(described), NextToken: next };
};
