/**
 * The embedded cloud's front door: from a signed HTTP request to a service's operation and back.
 * Service, Region and caller come from the SigV4 credential scope, as any AWS endpoint could tell.
 */
import { ApiError } from './api.ts';
import type { Call, Operation, Service, ServiceId } from './api.ts';
import { createAwsJson } from './aws-json.ts';
import { ec2Query } from './ec2-query.ts';
import { headerOf } from './protocol.ts';
import type { Asked, Protocol, WireRequest, WireResponse } from './protocol.ts';
import { readOperation } from './schema.ts';
import type { OperationShapes } from './schema.ts';

export type { WireRequest, WireResponse } from './protocol.ts';

/** One call that was answered, whatever the answer. */
export interface CallRecord {
  /** Virtual time, in milliseconds since the epoch. */
  readonly atMs: number;
  /** Twelve digits; empty if the access key is nobody's. */
  readonly account: string;
  readonly region: string;
  readonly service: ServiceId;
  readonly action: string;
  /** Absent when the call succeeded. */
  readonly errorCode?: string;
  readonly requestId: string;
}

export interface RouterOptions {
  readonly services: readonly Service[];
  /** Twelve-digit account of an access key id. May throw ApiError, such as AuthFailure. */
  readonly accountOf: (accessKeyId: string) => string;
  readonly nowMs: () => number;
  readonly requestId: () => string;
  readonly onCall?: (record: CallRecord) => void;
}

export type Route = (request: WireRequest) => WireResponse;

const PROTOCOLS: Readonly<Record<ServiceId, Protocol>> = {
  ec2: ec2Query,
  events: createAwsJson({
    version: '1.1',
    namespace: 'com.amazonaws.eventbridge',
    isQueryCompatible: false,
    missing: (member) => {
      const name = member.charAt(0).toLowerCase() + member.slice(1);
      const problem = `Value null at '${name}' failed to satisfy constraint: Member must not be null`;
      return new ApiError('ValidationException', `1 validation error detected: ${problem}`);
    },
  }),
  sqs: createAwsJson({
    version: '1.0',
    namespace: 'com.amazonaws.sqs',
    isQueryCompatible: true,
    missing: (member) =>
      new ApiError('MissingParameter', `The request must contain the parameter ${member}.`),
  }),
};

interface Served extends Operation {
  readonly shapes: OperationShapes;
}

type Catalogue = ReadonlyMap<string, ReadonlyMap<string, Served>>;

/**
 * Makes the synchronous route of a set of services. An ApiError is answered as AWS answers it;
 * anything else that is thrown is a bug of the simulator, and leaves the route as it is.
 */
export const createRouter = (options: RouterOptions): Route => {
  const catalogue: Catalogue = new Map(
    options.services.map((service) => [service.id, serve(service)]),
  );
  return (request) => {
    const scope = readScope(request);
    const operations = catalogue.get(scope.service);
    if (operations === undefined) throw new Error(`service ${scope.service} is not served`);
    return answer(options, operations, scope, request);
  };
};

const serve = ({ operations }: Service): ReadonlyMap<string, Served> =>
  new Map(
    Object.entries(operations).map(([name, operation]) => [
      name,
      { ...operation, shapes: readOperation(operation.schema) },
    ]),
  );

interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: ServiceId;
}

const SCOPE = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/** Reads `Credential=<key>/<day>/<region>/<service>/aws4_request`. The signature is not checked. */
const readScope = (request: WireRequest): Scope => {
  const [, accessKeyId, region, service] =
    SCOPE.exec(headerOf(request, 'authorization') ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new Error('a request without a SigV4 credential scope');
  }
  return { accessKeyId, region, service: service as ServiceId };
};

const answer = (
  options: RouterOptions,
  operations: ReadonlyMap<string, Served>,
  scope: Scope,
  request: WireRequest,
): WireResponse => {
  const { region, service } = scope;
  const protocol = PROTOCOLS[service];
  const requestId = options.requestId();
  const nowMs = options.nowMs();
  let account = '';
  let action = '';
  const report = (errorCode?: string): void =>
    options.onCall?.({
      atMs: nowMs,
      account,
      region,
      service,
      action,
      requestId,
      ...(errorCode === undefined ? {} : { errorCode }),
    });
  try {
    const asked = protocol.read(request);
    action = asked.action;
    account = options.accountOf(scope.accessKeyId);
    const call: Call = { account, region, nowMs, requestId };
    const response = perform(protocol, operations.get(action), asked, call);
    report();
    return response;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    report(error.code);
    return protocol.fail(error, requestId);
  }
};

const perform = (
  protocol: Protocol,
  served: Served | undefined,
  asked: Asked,
  call: Call,
): WireResponse => {
  if (served === undefined) throw protocol.unknownAction(asked.action);
  const output = served.answer(asked.readInput(served.shapes.input), call);
  return protocol.answer(served.shapes, output, call.requestId);
};
