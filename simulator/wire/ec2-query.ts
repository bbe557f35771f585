/** The EC2 query protocol: a form in, XML out. */
import type { ApiError } from './api.ts';
import { decodeForm } from './decode.ts';
import { encodeXml, escapeXml } from './encode.ts';
import { invalidAction } from './errors.ts';
import { parseForm, takeParameter } from './form.ts';
import { bodyText, respond } from './protocol.ts';
import type { Asked, Protocol, WireRequest } from './protocol.ts';

const XML_HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const HEADERS = { 'content-type': 'text/xml;charset=UTF-8' };

const read = (request: WireRequest): Asked => {
  const form = parseForm(bodyText(request));
  takeParameter(form, 'Version');
  const action = takeParameter(form, 'Action') ?? '';
  return { action, readInput: (shape) => decodeForm(shape, form) };
};

const errorXml = (error: ApiError, requestId: string): string =>
  `${XML_HEADER}<Response><Errors><Error><Code>${escapeXml(error.code)}</Code>` +
  `<Message>${escapeXml(error.message)}</Message></Error></Errors>` +
  `<RequestID>${requestId}</RequestID></Response>`;

export const ec2Query: Protocol = {
  read,
  unknownAction: invalidAction,
  answer: ({ name, output }, value, requestId) => {
    const content = `<requestId>${requestId}</requestId>${encodeXml(output, value ?? {})}`;
    const root = `${name}Response`;
    const xml = `${XML_HEADER}<${root} xmlns="${NAMESPACE}">${content}</${root}>`;
    return respond(200, HEADERS, requestId, xml);
  },
  fail: (error, requestId) => respond(error.status, HEADERS, requestId, errorXml(error, requestId)),
};
