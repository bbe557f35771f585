/** Which service speaks which protocol, and how to tell from a request what it speaks. */
import { ApiError } from './api.ts';
import type { ServiceId } from './api.ts';
import { createAwsJson } from './aws-json.ts';
import { createAwsQuery } from './aws-query.ts';
import { JSON_CREDENTIAL_ERRORS, QUERY_CREDENTIAL_ERRORS, readScope } from './credentials.ts';
import { EC2_VERSION, ec2Query } from './ec2-query.ts';
import { malformedQuery, nullMembers } from './errors.ts';
import { bodyText, headerOf } from './protocol.ts';
import type { Protocol, WireRequest, WireResponse } from './protocol.ts';

const STS_VERSION = '2011-06-15';
const AUTO_SCALING_VERSION = '2011-01-01';

const nullMembersException = (paths: readonly string[]): ApiError =>
  nullMembers('ValidationException', paths);

/** SQS names the member alone, and the first one only. */
const missingOfSqs = ([first = '']: readonly string[]): ApiError => {
  const member = first.slice(first.lastIndexOf('.') + 1);
  const name = member.charAt(0).toUpperCase() + member.slice(1);
  return new ApiError('MissingParameter', `The request must contain the parameter ${name}.`);
};

export const PROTOCOLS: Readonly<Record<ServiceId, Protocol>> = {
  ec2: ec2Query,
  events: createAwsJson({
    version: '1.1',
    namespace: 'com.amazonaws.eventbridge',
    target: 'AWSEvents',
    isQueryCompatible: false,
    credentialErrors: JSON_CREDENTIAL_ERRORS,
    missing: nullMembersException,
  }),
  sqs: createAwsJson({
    version: '1.0',
    namespace: 'com.amazonaws.sqs',
    target: 'AmazonSQS',
    isQueryCompatible: true,
    credentialErrors: QUERY_CREDENTIAL_ERRORS,
    missing: missingOfSqs,
  }),
  sts: createAwsQuery({
    version: STS_VERSION,
    xmlNamespace: `https://sts.amazonaws.com/doc/${STS_VERSION}/`,
    namespace: 'com.amazonaws.sts',
    unsigned: new Set(['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity']),
  }),
  ssm: createAwsJson({
    version: '1.1',
    namespace: 'com.amazonaws.ssm',
    target: 'AmazonSSM',
    isQueryCompatible: false,
    credentialErrors: JSON_CREDENTIAL_ERRORS,
    missing: nullMembersException,
  }),
  autoscaling: createAwsQuery({
    version: AUTO_SCALING_VERSION,
    xmlNamespace: `http://autoscaling.amazonaws.com/doc/${AUTO_SCALING_VERSION}/`,
    namespace: 'com.amazonaws.autoscaling',
    unsigned: new Set(),
  }),
};

const TARGETS: Readonly<Record<string, ServiceId>> = {
  AWSEvents: 'events',
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
};

const isServiceId = (name: string): name is ServiceId => Object.hasOwn(PROTOCOLS, name);

/**
 * The service that a request is meant for: as signed, else as its form suggests. Where nothing tells,
 * it is the one whose errors most clients can read: STS for a form, EventBridge for JSON.
 */
export const serviceOf = (request: WireRequest, scope: ReturnType<typeof readScope>): ServiceId => {
  if (typeof scope === 'object' && isServiceId(scope.service)) return scope.service;
  const target = headerOf(request, 'x-amz-target');
  if (target !== undefined) return TARGETS[target.split('.', 1)[0] ?? ''] ?? 'events';
  return versionOf(request) === EC2_VERSION ? 'ec2' : 'sts';
};

/** Answers an error in the form of the service that the request is meant for. */
export const answerError = (
  request: WireRequest,
  error: ApiError,
  requestId: string,
): WireResponse => protocolOf(request).fail(error, requestId);

/** What AWS answers to a request when the service that it is meant for has a bug. */
export const answerDefect = (request: WireRequest, requestId: string): WireResponse =>
  answerError(request, protocolOf(request).defect(), requestId);

const protocolOf = (request: WireRequest): Protocol =>
  PROTOCOLS[serviceOf(request, readScope(request))];

const versionOf = (request: WireRequest): string | null =>
  new URLSearchParams(request.search).get('Version') ??
  new URLSearchParams(textOf(request)).get('Version');

/** A body that cannot be read says nothing about its service. */
const textOf = (request: WireRequest): string => {
  try {
    return bodyText(request, malformedQuery);
  } catch (error) {
    if (error instanceof ApiError) return '';
    throw error;
  }
};
