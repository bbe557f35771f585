/** The awsJson protocols: JSON in and out, the operation in `X-Amz-Target`. */
import { ApiError } from './api.ts';
import { internalFailure, unreadableBody } from './errors.ts';
import { decodeJson, encodeJson } from './json.ts';
import type { MissingMembers } from './json.ts';
import { ALL_SIGNED, bodyText, headerOf, mediaTypeOf, respond } from './protocol.ts';
import type { Asked, CredentialErrors, Protocol, WireRequest, WireResponse } from './protocol.ts';
import { readErrorNames } from './schema.ts';

export interface AwsJsonService {
  readonly version: '1.0' | '1.1';
  /** Smithy namespace of the service's modelled errors. */
  readonly namespace: string;
  /** What stands before the dot of `X-Amz-Target`. */
  readonly target: string;
  /** SQS also tells the code that it used when it still spoke the query protocol. */
  readonly isQueryCompatible: boolean;
  readonly credentialErrors: CredentialErrors;
  readonly missing: MissingMembers;
}

export const createAwsJson = (service: AwsJsonService): Protocol => {
  const headers = { 'content-type': `application/x-amz-json-${service.version}` };
  return {
    read: (request) => read(service, request),
    credentialErrors: service.credentialErrors,
    unsigned: ALL_SIGNED,
    answer: ({ output }, value, requestId) =>
      respond(200, headers, requestId, encodeJson(output, value ?? {})),
    fail: (error, requestId) => fail(service, headers, error, requestId),
    defect: internalFailure,
  };
};

const JSON_TYPE = /^application\/x-amz-json-1\.[01]$/;

/** Another content type is an unknown operation to AWS, with status 404; the text is ours. */
const read = (service: AwsJsonService, request: WireRequest): Asked => {
  const type = mediaTypeOf(request) ?? 'none';
  if (!JSON_TYPE.test(type)) {
    const expected = `application/x-amz-json-${service.version}`;
    const message = `The content type must be ${expected}, and is ${type}.`;
    throw new ApiError('UnknownOperationException', message, 404);
  }
  const target = headerOf(request, 'x-amz-target') ?? '';
  const dot = target.indexOf('.');
  return {
    action: target.slice(dot + 1),
    isAddressed: target.slice(0, dot) === service.target && (request.method ?? 'POST') === 'POST',
    unknownAction: () => new ApiError('UnknownOperationException', ''),
    readInput: (shape) => decodeJson(shape, bodyText(request, unreadableBody), service.missing),
  };
};

const fail = (
  { namespace, isQueryCompatible }: AwsJsonService,
  headers: Readonly<Record<string, string>>,
  error: ApiError,
  requestId: string,
): WireResponse => {
  const { name, queryCode } = readErrorNames(namespace, error.code);
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  const extra = isQueryCompatible ? { 'x-amzn-query-error': `${queryCode};${fault}` } : undefined;
  const type = isQueryCompatible ? `${namespace}#${name}` : name;
  const body = JSON.stringify({ __type: type, message: error.message });
  return respond(error.status, { ...headers, ...extra }, requestId, body);
};
