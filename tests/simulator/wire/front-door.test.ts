import { DescribeAutoScalingGroups$ } from '@aws-sdk/client-auto-scaling';
import { DescribeImages$ } from '@aws-sdk/client-ec2';
import { PutEvents$ } from '@aws-sdk/client-eventbridge';
import { GetQueueUrl$ } from '@aws-sdk/client-sqs';
import { GetParameter$ } from '@aws-sdk/client-ssm';
import { GetCallerIdentity$ } from '@aws-sdk/client-sts';
import {
  assert,
  constantFrom,
  oneof,
  option,
  property,
  record,
  string,
  uint8Array,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ServiceId, operation } from '../../../simulator/wire/api.ts';
import { type CallRecord, createRouter, type WireRequest } from '../../../simulator/wire/router.ts';
import { NOW_MS } from './clients.ts';

const nothing = () => ({});

/** Serves one operation of each service, to one access key and in one Region. */
const cloud = (onCall: (record: CallRecord) => void = () => undefined) =>
  createRouter({
    services: [
      {
        id: 'autoscaling',
        operations: { DescribeAutoScalingGroups: operation(DescribeAutoScalingGroups$, nothing) },
      },
      { id: 'ec2', operations: { DescribeImages: operation(DescribeImages$, nothing) } },
      { id: 'events', operations: { PutEvents: operation(PutEvents$, nothing) } },
      { id: 'sqs', operations: { GetQueueUrl: operation(GetQueueUrl$, nothing) } },
      { id: 'ssm', operations: { GetParameter: operation(GetParameter$, nothing) } },
      { id: 'sts', operations: { GetCallerIdentity: operation(GetCallerIdentity$, nothing) } },
    ],
    accountOf: (key) => (key === 'AKID' ? '111122223333' : undefined),
    isRegion: (region) => region === 'eu-west-1',
    nowMs: () => NOW_MS,
    requestId: () => 'req-1',
    onCall,
  });

const jsonTo = (target: string, body: string): WireRequest => ({
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
  body,
});

/** A call of each service that would succeed if it were signed. */
const CALLS: Readonly<Record<ServiceId, WireRequest>> = {
  autoscaling: { headers: {}, body: 'Action=DescribeAutoScalingGroups&Version=2011-01-01' },
  ec2: { headers: {}, body: 'Action=DescribeImages&Version=2016-11-15' },
  events: jsonTo('AWSEvents.PutEvents', '{"Entries":[]}'),
  sqs: jsonTo('AmazonSQS.GetQueueUrl', '{"QueueName":"q"}'),
  ssm: jsonTo('AmazonSSM.GetParameter', '{"Name":"p"}'),
  sts: { headers: {}, body: 'Action=GetCallerIdentity&Version=2011-06-15' },
};

const SERVICES = Object.keys(CALLS) as ServiceId[];

const scoped = (id: ServiceId, scope: string): WireRequest => {
  const { headers, ...call } = CALLS[id];
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  return { ...call, headers: { ...headers, authorization } };
};

/** Status, code and message of an answer, whatever its protocol. */
const verdict = (request: WireRequest, onCall?: (record: CallRecord) => void): string => {
  const { statusCode, body } = cloud(onCall)(request);
  const text = new TextDecoder().decode(body);
  if (statusCode === 200) return '200';
  const [, code, message] =
    /<Code>(.*)<\/Code><Message>(.*)<\/Message>/.exec(text) ??
    /^\{"__type":"(.*)","message":"(.*)"\}$/.exec(text) ??
    [];
  return `${statusCode} ${code}: ${message}`;
};

const INCOMPLETE =
  "Authorization header requires 'Credential' parameter of the form " +
  '<access key>/<day>/<region>/<service>/aws4_request.';
const INCOMPLETE_XML = INCOMPLETE.replaceAll('<', '&lt;').replaceAll('>', '&gt;');

describe('a call', () => {
  test.each(SERVICES)('of %s is answered if it is signed', (id) => {
    expect(verdict(scoped(id, `AKID/20270115/eu-west-1/${id}/aws4_request`))).toBe('200');
  });

  test.each<[ServiceId, string]>([
    ['ec2', '400 MissingParameter: The request must contain the parameter AWSAccessKeyId'],
    ['events', '400 MissingAuthenticationTokenException: Missing Authentication Token'],
    [
      'sqs',
      '403 com.amazonaws.sqs#MissingAuthenticationToken: Request is missing Authentication Token',
    ],
    ['ssm', '400 MissingAuthenticationTokenException: Missing Authentication Token'],
    ['sts', '403 MissingAuthenticationToken: Request is missing Authentication Token'],
  ])('of %s that nobody signed is refused', (id, expected) => {
    expect(verdict(CALLS[id])).toBe(expected);
  });

  test.each<[ServiceId, string]>([
    ['ec2', `400 IncompleteSignature: ${INCOMPLETE_XML}`],
    ['events', `400 IncompleteSignatureException: ${INCOMPLETE}`],
    ['sqs', `400 com.amazonaws.sqs#IncompleteSignature: ${INCOMPLETE}`],
    ['sts', `400 IncompleteSignature: ${INCOMPLETE_XML}`],
  ])('of %s whose signature names no scope is refused', (id, expected) => {
    expect(verdict(scoped(id, 'AKID/today'))).toBe(expected);
  });

  test.each<[ServiceId, string]>([
    ['ec2', '401 AuthFailure: AWS was not able to validate the provided access credentials'],
    [
      'events',
      '400 UnrecognizedClientException: The security token included in the request is invalid.',
    ],
    [
      'sqs',
      '403 com.amazonaws.sqs#InvalidClientTokenId: ' +
        'The security token included in the request is invalid.',
    ],
    ['sts', '403 InvalidClientTokenId: The security token included in the request is invalid.'],
  ])('of %s with a key that is nobody’s is refused', (id, expected) => {
    expect(verdict(scoped(id, `AKIA/20270115/eu-west-1/${id}/aws4_request`))).toBe(expected);
  });

  test.each<[ServiceId, string]>([
    ['ec2', '401 AuthFailure'],
    ['events', '400 InvalidSignatureException'],
    ['sqs', '403 com.amazonaws.sqs#SignatureDoesNotMatch'],
    ['sts', '403 SignatureDoesNotMatch'],
  ])('of %s for a Region that there is not is refused', (id, code) => {
    expect(verdict(scoped(id, `AKID/20270115/mars-1/${id}/aws4_request`))).toBe(
      `${code}: Credential should be scoped to a valid region, not 'mars-1'.`,
    );
  });

  test.each<[string, WireRequest, string]>([
    ['a form', CALLS.sts, '403 SignatureDoesNotMatch'],
    ['JSON', jsonTo('Logs_20140328.DescribeLogGroups', '{}'), '400 InvalidSignatureException'],
    ['anything', { method: 'GET', search: 'x=%', headers: {} }, '403 SignatureDoesNotMatch'],
  ])('of a service that is not served is refused, in %s', (_case, call, code) => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKID/20270115/eu-west-1/logs/aws4_request';

    expect(verdict({ ...call, headers: { ...call.headers, authorization } })).toBe(
      `${code}: Credential should be scoped to a service that is served here ` +
        "(autoscaling, ec2, events, sqs, ssm, sts), not 'logs'.",
    );
  });

  test('may name its scope in the URL', () => {
    const scope = encodeURIComponent('AKID/20270115/eu-west-1/ec2/aws4_request');
    const search = `X-Amz-Credential=${scope}&X-Amz-Signature=0&X-Amz-Date=x&X-Amz-Expires=1`;

    expect(verdict({ ...CALLS.ec2, search })).toBe('200');
  });
});

describe('a body', () => {
  const sign = (id: ServiceId, changes: Partial<WireRequest>): WireRequest => {
    const signed = scoped(id, `AKID/20270115/eu-west-1/${id}/aws4_request`);
    return { ...signed, ...changes, headers: { ...signed.headers, ...changes.headers } };
  };
  const garbage = new Uint8Array([0xff, 0xfe, 0x00, 0x26]);

  test.each<[ServiceId, string]>([
    ['ec2', '400 MalformedQueryString: The query string contains a syntax error.'],
    ['sts', '400 MalformedQueryString: The query string contains a syntax error.'],
    ['events', '400 SerializationException: Could not parse request body'],
    ['sqs', '400 com.amazonaws.sqs#SerializationException: Could not parse request body'],
  ])('of garbage is refused by %s', (id, expected) => {
    expect(verdict(sign(id, { body: garbage }))).toBe(expected);
  });

  test('that nobody signed, and that is garbage, is refused', () => {
    expect(verdict({ headers: {}, body: garbage })).toBe(
      '400 MalformedQueryString: The query string contains a syntax error.',
    );
  });

  test.each<[ServiceId, string]>([
    ['ec2', '415 UnsupportedMediaTypeException'],
    ['sts', '415 UnsupportedMediaTypeException'],
    ['ssm', '415 UnsupportedMediaTypeException'],
    ['sqs', '415 com.amazonaws.sqs#UnsupportedMediaTypeException'],
  ])('that is compressed is refused by %s', (id, code) => {
    expect(verdict(sign(id, { headers: { 'Content-Encoding': 'gzip' } }))).toBe(
      `${code}: The content encoding gzip is not supported: send the body as it is.`,
    );
  });

  test.each<[ServiceId, string]>([
    ['ec2', '400 MissingAction: The request must contain the parameter Action'],
    [
      'events',
      '404 UnknownOperationException: The content type must be application/x-amz-json-1.1, ' +
        'and is text/plain.',
    ],
    [
      'sqs',
      '404 com.amazonaws.sqs#UnknownOperationException: The content type must be ' +
        'application/x-amz-json-1.0, and is text/plain.',
    ],
  ])('of another content type is refused by %s', (id, expected) => {
    expect(verdict(sign(id, { headers: { 'content-type': 'text/plain' } }))).toBe(expected);
  });

  test.each([
    ['of another service', { headers: { 'x-amz-target': 'AmazonSSM.PutEvents' } }],
    ['without a service', { headers: { 'x-amz-target': 'PutEvents' } }],
    ['of an operation that is not served', { headers: { 'x-amz-target': 'AWSEvents.MakeTea' } }],
    ['by GET', { method: 'GET' }],
  ])('for a target %s is refused by events', (_case, changes) => {
    expect(verdict(sign('events', changes))).toBe('400 UnknownOperationException: ');
  });
});

describe('the record of a call that is refused at the door', () => {
  test.each<[string, WireRequest, Partial<CallRecord>]>([
    [
      'nobody signed',
      CALLS.sqs,
      { service: 'sqs', action: 'GetQueueUrl', errorCode: 'MissingAuthenticationToken' },
    ],
    [
      'a stranger signed',
      scoped('sts', 'AKIA/20270115/eu-west-1/sts/aws4_request'),
      {
        service: 'sts',
        region: 'eu-west-1',
        action: 'GetCallerIdentity',
        errorCode: 'InvalidClientTokenId',
      },
    ],
  ])('says so if %s', (_case, request, expected) => {
    const records: CallRecord[] = [];
    verdict(request, (call) => records.push(call));

    const unknown = { account: '', region: '', atMs: NOW_MS, requestId: 'req-1' };
    expect(records).toStrictEqual([{ ...unknown, ...expected }]);
  });
});

describe('whatever a client sends', () => {
  const parts =
    'Action= DescribeImages & = . % %F Version=2016-11-15 Filter Filter.1.Name 2 member { } [ ] " ' +
    ': null "Entries" 1e999 \u0000 é __proto__ constructor - 9007199254740993';
  const unit = constantFrom(...parts.split(' '));
  const form = 'Action=DescribeImages&Version=2016-11-15&';
  const text = oneof(
    string({ unit, maxLength: 30 }),
    string({ unit, maxLength: 5 }).map((rest) => `${form}${rest}`),
  );
  const requests = record({
    search: option(text, { nil: undefined }),
    body: oneof(text, uint8Array({ maxLength: 40 })),
    service: constantFrom(...SERVICES, 'logs', ''),
    action: constantFrom('AWSEvents.PutEvents', 'AmazonSQS.GetQueueUrl', 'AmazonSSM.', '.', ''),
    type: constantFrom('application/x-amz-json-1.0', 'application/x-www-form-urlencoded', ';', ''),
    method: constantFrom('GET', 'POST', 'BREW'),
  });

  test('is answered, and as one of the services would', () => {
    const statuses = new Set<number>();
    const sent = property(requests, ({ search, body, service, action, type, method }) => {
      const { statusCode, headers } = cloud()({
        method,
        ...(search !== undefined && { search }),
        headers: {
          authorization: `Credential=AKID/20270115/eu-west-1/${service}/aws4_request`,
          'content-type': type,
          'x-amz-target': action,
        },
        body,
      });
      statuses.add(statusCode);
      expect(headers['content-type']).toMatch(/^(text\/xml|application\/x-amz-json-1\.[01])/);
    });
    assert(sent, { seed: 20_260_101, numRuns: 3_000 });

    expect([...statuses].toSorted((a, b) => a - b)).toEqual([200, 400, 403, 404]);
  });
});
