/** The EC2 query protocol: a form in, XML out. */
import { ApiError } from './api.ts';
import { EC2_CREDENTIAL_ERRORS } from './credentials.ts';
import { createFormDecoder } from './decode.ts';
import { encodeXml } from './encode.ts';
import {
  invalidAction,
  invalidParameterValue,
  missingParameter,
  unknownParameter,
} from './errors.ts';
import { ALL_SIGNED, respond } from './protocol.ts';
import type { Protocol, WireResponse } from './protocol.ts';
import { readQuery, startDocument, writeError } from './query.ts';
import type { QueryDialect } from './query.ts';

export const EC2_VERSION = '2016-11-15';

const NAMESPACE = `http://ec2.amazonaws.com/doc/${EC2_VERSION}/`;
const HEADERS = { 'content-type': 'text/xml;charset=UTF-8' };

const DIALECT: QueryDialect = {
  version: EC2_VERSION,
  // EC2 serves many versions, in which an action may not exist yet; here there is the newest.
  unknownAction: invalidAction,
  decode: createFormDecoder({
    keyOf: (member) => member.ec2Key,
    hasFlatListsOnly: true,
    unknown: unknownParameter,
    misshapen: unknownParameter,
    invalid: invalidParameterValue,
    missing: ([first = '']) => missingParameter(first),
  }),
};

const fail = (error: ApiError, requestId: string): WireResponse => {
  const writer = startDocument();
  writer.raw('<Response><Errors><Error>');
  writeError(error, writer);
  writer.raw(`</Error></Errors><RequestID>${requestId}</RequestID></Response>`);
  return respond(error.status, HEADERS, requestId, writer.bytes());
};

export const ec2Query: Protocol = {
  read: (request) => readQuery(DIALECT, request),
  credentialErrors: EC2_CREDENTIAL_ERRORS,
  unsigned: ALL_SIGNED,
  answer: ({ name, output }, value, requestId) => {
    const writer = startDocument();
    writer.raw(`<${name}Response xmlns="${NAMESPACE}"><requestId>${requestId}</requestId>`);
    encodeXml(output, value ?? {}, writer);
    writer.raw(`</${name}Response>`);
    return respond(200, HEADERS, requestId, writer.bytes());
  },
  fail,
  defect: () => new ApiError('InternalError', 'An internal error has occurred', 500),
};
