/** The awsQuery protocol, in which AWS's older services speak: a form in, XML out. */
import { ApiError } from './api.ts';
import { QUERY_CREDENTIAL_ERRORS } from './credentials.ts';
import { createFormDecoder } from './decode.ts';
import { encodeXml } from './encode.ts';
import { internalFailure, lowerFirst, nullMembers } from './errors.ts';
import { respond } from './protocol.ts';
import type { Protocol, WireResponse } from './protocol.ts';
import { readQuery, startDocument, writeError } from './query.ts';
import type { QueryDialect } from './query.ts';
import { readErrorNames } from './schema.ts';

export interface AwsQueryService {
  readonly version: string;
  /** XML namespace of its answers. */
  readonly xmlNamespace: string;
  /** Smithy namespace of the service's modelled errors. */
  readonly namespace: string;
  readonly unsigned: ReadonlySet<string>;
}

const HEADERS = { 'content-type': 'text/xml' };

export const createAwsQuery = (service: AwsQueryService): Protocol => {
  const dialect = dialectOf(service.version);
  return {
    read: (request) => readQuery(dialect, request),
    credentialErrors: QUERY_CREDENTIAL_ERRORS,
    unsigned: service.unsigned,
    answer: ({ name, output }, value, requestId) => {
      const writer = startDocument();
      writer.raw(`<${name}Response xmlns="${service.xmlNamespace}"><${name}Result>`);
      encodeXml(output, value ?? {}, writer);
      writer.raw(`</${name}Result><ResponseMetadata><RequestId>${requestId}</RequestId>`);
      writer.raw(`</ResponseMetadata></${name}Response>`);
      return respond(200, HEADERS, requestId, writer.bytes());
    },
    fail: (error, requestId) => fail(service, error, requestId),
    defect: internalFailure,
  };
};

/**
 * As STS has been seen to do: parameters that it does not know are ignored, missing ones are told
 * all at once, and an unknown version is an unknown action. The code MalformedInput has been seen too;
 * its texts here are ours.
 */
const dialectOf = (version: string): QueryDialect => ({
  version,
  unknownAction: (action, asked = 'NO_VERSION_SPECIFIED') =>
    new ApiError('InvalidAction', `Could not find operation ${action} for version ${asked}`),
  decode: createFormDecoder({
    keyOf: (member) => member.queryKey,
    hasFlatListsOnly: false,
    unknown: undefined,
    misshapen: (parameter) => new ApiError('MalformedInput', `Unexpected parameter ${parameter}`),
    invalid: (parameter, text) =>
      new ApiError('MalformedInput', `Invalid value ${text} of the parameter ${parameter}`),
    missing: (parameters) => nullMembers('ValidationError', parameters.map(memberPath)),
  }),
});

/** `Tags.member.1.Key` is `tags.1.member.key` in what the services say. */
const memberPath = (parameter: string): string =>
  parameter
    .replaceAll(/\.member\.(\d+)/g, '.$1.member')
    .split('.')
    .map(lowerFirst)
    .join('.');

const fail = (
  { namespace, xmlNamespace }: AwsQueryService,
  error: ApiError,
  requestId: string,
): WireResponse => {
  const { queryCode } = readErrorNames(namespace, error.code);
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const writer = startDocument();
  writer.raw(`<ErrorResponse xmlns="${xmlNamespace}"><Error><Type>${type}</Type>`);
  writeError({ code: queryCode, message: error.message }, writer);
  writer.raw(`</Error><RequestId>${requestId}</RequestId></ErrorResponse>`);
  return respond(error.status, HEADERS, requestId, writer.bytes());
};
