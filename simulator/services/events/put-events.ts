/** PutEvents: entries fail one by one. Texts as recorded of EventBridge. */
import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { DEFAULT_BUS } from './buses.ts';
import { type EventBridge, mayPut } from './event-bridge.ts';
import { busNameOrArnProblems } from './limits.ts';
import { busArnOf } from './rows.ts';

const ENTRIES_MAX = 10;
const BYTES_MAX = 256 * 1_024;
/** What the time of an entry counts for. */
const TIME_BYTES = 14;

const required = (name: string): PutEventsResultEntry => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

const sizeOf = (entry: PutEventsRequestEntry): number =>
  [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])].reduce(
    (bytes, text) => bytes + Buffer.byteLength(text ?? ''),
    entry.Time === undefined ? 0 : TIME_BYTES,
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

/** Whether the event is lost in a bus that is not there, EventBridge does not say. */
const accept = (
  bridge: EventBridge,
  entry: PutEventsRequestEntry,
  detail: Readonly<Record<string, unknown>>,
  call: Call,
): PutEventsResultEntry => {
  const { EventBusName: busName = DEFAULT_BUS, Source: source = '', Time: time } = entry;
  const facts = {
    source,
    detailType: entry.DetailType ?? '',
    resources: entry.Resources ?? [],
    detail,
    atMs: time?.getTime(),
  };
  const bus = bridge.buses.byNameOrArn(call, busName);
  return { EventId: bridge.put(call, bus, facts, busName) };
};

const answerEntry = (
  kernel: Kernel,
  bridge: EventBridge,
  entry: PutEventsRequestEntry,
  call: Call,
): PutEventsResultEntry => {
  const { Source: source, DetailType: detailType, Detail: text } = entry;
  if (!source) return required('Source');
  if (!detailType) return required('DetailType');
  if (!text) return required('Detail');
  if (source.startsWith('aws.')) {
    const ErrorMessage = `Not authorized for the source.`;
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage };
  }
  const detail = parseDetail(text);
  if (detail === undefined)
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  if (kernel.random('put-events').chance(kernel.manners().putEventsEntryFailure)) {
    return { ErrorCode: 'InternalFailure', ErrorMessage: 'An internal error has occurred' };
  }
  return accept(bridge, entry, detail, call);
};

/** A bus of another account lets in whom its policy names. @throws ApiError `AccessDeniedException` */
const assertMayPut = (
  { buses }: EventBridge,
  { EventBusName: name = DEFAULT_BUS }: PutEventsRequestEntry,
  call: Call,
): void => {
  const bus = buses.byNameOrArn(call, name);
  if (bus === undefined || mayPut(bus, call.account)) return;
  throw new ApiError(
    'AccessDeniedException',
    `User: arn:aws:iam::${call.account}:user/embedded is not authorized to perform: ` +
      `events:PutEvents on resource: ${busArnOf(bus)} because no resource-based policy allows the ` +
      'events:PutEvents action',
  );
};

export const putEvents = (
  kernel: Kernel,
  bridge: EventBridge,
  input: PutEventsRequest,
  call: Call,
): PutEventsResponse => {
  const entries = input.Entries ?? [];
  if (entries.length === 0 || entries.length > ENTRIES_MAX) {
    const bound = entries.length === 0 ? 'greater than or equal to 1' : 'less than or equal to 10';
    throw new ApiError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  assertNoProblems(
    entries.flatMap((entry, index) => [
      ...busNameOrArnProblems(`entries.${index + 1}.member.eventBusName`, entry.EventBusName),
      ...problemsOf(`entries.${index + 1}.member.traceHeader`, entry.TraceHeader, {
        minLength: 1,
        maxLength: 500,
      }),
    ]),
  );
  if (input.EndpointId !== undefined) {
    throw new ApiError('ValidationException', 'Parameter EndpointId is not valid.');
  }
  if (entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > BYTES_MAX) {
    throw new ApiError(
      'ValidationException',
      'Total size of the entries in the request is over the limit.',
    );
  }
  for (const entry of entries) assertMayPut(bridge, entry, call);
  const results = entries.map((entry) => answerEntry(kernel, bridge, entry, call));
  return {
    FailedEntryCount: results.filter((result) => result.ErrorCode !== undefined).length,
    Entries: results,
  };
};
