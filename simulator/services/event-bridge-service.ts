/** PutEvents, as the wire serves it: entries fail one by one. */
import {
  PutEvents$,
  type PutEventsRequest,
  type PutEventsRequestEntry,
  type PutEventsResponse,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import type { Kernel } from '../kernel/kernel.ts';
import { ApiError, type Call, operation, type Service } from '../wire/api.ts';
import type { EventBridge } from './event-bridge.ts';

const ENTRIES_MAX = 10;
const BYTES_MAX = 256 * 1_024;

const invalid = (message: string): PutEventsResultEntry => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: message,
});

/** `default`, a name, or the last part of an ARN. */
const busNameOf = (name: string | undefined): string => name?.split('/').at(-1) ?? 'default';

const sizeOf = (entry: PutEventsRequestEntry): number =>
  [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])].reduce(
    (bytes, text) => bytes + Buffer.byteLength(text ?? ''),
    entry.Time === undefined ? 0 : 14,
  );

const parseDetail = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
};

const answerEntry = (
  kernel: Kernel,
  bridge: EventBridge,
  entry: PutEventsRequestEntry,
  call: Call,
): PutEventsResultEntry => {
  const { Source: source, DetailType: detailType, Detail: text } = entry;
  const bus = busNameOf(entry.EventBusName);
  if (!source || !detailType || !text) return invalid('Source, DetailType and Detail are required');
  if (source.startsWith('aws.')) {
    const ErrorMessage = `Not authorized to put events of the source ${source}`;
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage };
  }
  const detail = parseDetail(text);
  if (detail === undefined)
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  if (!bridge.hasBus(call.account, call.region, bus)) {
    return invalid(`Event bus ${bus} does not exist.`);
  }
  if (kernel.random('put-events').chance(kernel.manners().putEventsEntryFailure)) {
    return { ErrorCode: 'InternalFailure', ErrorMessage: 'An internal error has occurred' };
  }
  const resources = entry.Resources ?? [];
  return { EventId: bridge.put(call, bus, { source, detailType, resources, detail }) };
};

const putEvents = (
  kernel: Kernel,
  bridge: EventBridge,
  input: PutEventsRequest,
  call: Call,
): PutEventsResponse => {
  const entries = input.Entries ?? [];
  if (entries.length === 0 || entries.length > ENTRIES_MAX) {
    throw new ApiError('ValidationException', `1 to ${ENTRIES_MAX} entries are expected`);
  }
  if (entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > BYTES_MAX) {
    throw new ApiError(
      'ValidationException',
      'Total size of the entries in the request is over the limit.',
    );
  }
  const results = entries.map((entry) => answerEntry(kernel, bridge, entry, call));
  return {
    FailedEntryCount: results.filter((result) => result.ErrorCode !== undefined).length,
    Entries: results,
  };
};

export const createEventsService = (kernel: Kernel, bridge: EventBridge): Service => ({
  id: 'events',
  operations: {
    PutEvents: operation(PutEvents$, (input: PutEventsRequest, call) =>
      putEvents(kernel, bridge, input, call),
    ),
  },
});
