/** The awsJson protocols: JSON in and out, the operation in `X-Amz-Target`. */
import { ApiError } from './api.ts';
import { decodeJson, encodeJson } from './json.ts';
import { bodyText, headerOf, respond } from './protocol.ts';
import type { Asked, Protocol, WireRequest, WireResponse } from './protocol.ts';
import { readErrorNames } from './schema.ts';

interface Dialect {
  readonly version: '1.0' | '1.1';
  /** Smithy namespace of the service's modelled errors. */
  readonly namespace: string;
  /** SQS also tells the code that it used when it still spoke the query protocol. */
  readonly isQueryCompatible: boolean;
  /** The error for a required member that is missing. */
  readonly missing: (member: string) => ApiError;
}

export const createAwsJson = (dialect: Dialect): Protocol => {
  const headers = { 'content-type': `application/x-amz-json-${dialect.version}` };
  return {
    read: (request) => read(dialect, request),
    unknownAction: () => new ApiError('UnknownOperationException', ''),
    answer: ({ output }, value, requestId) =>
      respond(200, headers, requestId, encodeJson(output, value ?? {})),
    fail: (error, requestId) => fail(dialect, headers, error, requestId),
  };
};

const read = (dialect: Dialect, request: WireRequest): Asked => {
  const target = headerOf(request, 'x-amz-target') ?? '';
  return {
    action: target.slice(target.indexOf('.') + 1),
    readInput: (shape) => decodeJson(shape, bodyText(request), dialect.missing),
  };
};

const fail = (
  dialect: Dialect,
  headers: Readonly<Record<string, string>>,
  error: ApiError,
  requestId: string,
): WireResponse => {
  const { name, queryCode } = readErrorNames(dialect.namespace, error.code);
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  const extra = dialect.isQueryCompatible
    ? { 'x-amzn-query-error': `${queryCode};${fault}` }
    : undefined;
  const type = dialect.isQueryCompatible ? `${dialect.namespace}#${name}` : name;
  const body = JSON.stringify({ __type: type, message: error.message });
  return respond(error.status, { ...headers, ...extra }, requestId, body);
};
