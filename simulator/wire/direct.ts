/**
 * The SDK's clients and the services without bytes between them: a call's input is handed to the
 * operation as it would have been read from a request, and its output to the client as the SDK would
 * have read it from an answer. Retries, paginators, checks and errors stay the SDK's own; see
 * short-cut.ts for what is left out. What this cannot do as the wire does it, it leaves to the wire.
 *
 * It is for long runs: a page of a thousand images takes a fifth of the time. It checks nothing of
 * what the wire's codecs check, so the wire is the default everywhere else.
 */
import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ApiError, type Call, type Operation, type Service, type ServiceId } from './api.ts';
import { Copier } from './copy.ts';
import type { CallRecord } from './exchange.ts';
import type { InProcessHandler } from './in-process.ts';
import type { WireRequest, WireResponse } from './protocol.ts';
import { PROTOCOLS } from './protocols.ts';
import { type OperationShapes, readOperation } from './schema.ts';
import { type DirectClient, takeShortCut } from './short-cut.ts';

export interface DirectOptions {
  readonly services: readonly Service[];
  /** Twelve-digit account of whoever calls. */
  readonly account: string;
  readonly accessKeyId: string;
  readonly nowMs: () => number;
  readonly requestId: () => string;
  readonly onCall: (record: CallRecord) => void;
  /** Virtual latency, as the in-process handler has it. */
  readonly delay: () => Promise<void>;
}

/** Settings of an SDK client that make it call directly. */
export interface DirectSettings {
  readonly protocol: ClientProtocol;
  readonly requestHandler: InProcessHandler;
  /** Else the client would put its middleware together anew for each call. */
  readonly cacheMiddleware: true;
}

interface Served extends Operation {
  readonly shapes: OperationShapes;
}

interface DirectCall {
  readonly service: ServiceId;
  readonly region: string;
  readonly served: Served;
  readonly input: unknown;
}

/** What goes down the SDK's middleware in place of an HTTP request, which all of it lets pass. */
interface DirectRequest {
  readonly direct: DirectCall;
}

interface DirectResponse extends WireResponse {
  readonly output: object;
}

type ClientProtocol = NonNullable<EC2Client['config']['protocol']>;

/** What of a client's protocol is gone around. */
interface Serde {
  serializeRequest(schema: Named, input: object, context: object): Promise<unknown>;
  deserializeResponse(schema: Named, context: object, response: WireResponse): Promise<object>;
}

interface Named {
  readonly name: string;
}

/** Only to make the protocol that is the client's own: it is never called. */
const PLACE = {
  region: 'us-east-1',
  endpoint: 'https://localhost',
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
};

const ownProtocolOf = (service: string): ClientProtocol | undefined => {
  if (service === 'ec2') return new EC2Client(PLACE).config.protocol;
  if (service === 'events') return new EventBridgeClient(PLACE).config.protocol;
  return service === 'sqs' ? new SQSClient(PLACE).config.protocol : undefined;
};

const NO_BODY = new Uint8Array();

const COPIERS = {
  form: new Copier({ dropsEmptyLists: true, trustsFrozen: false }),
  json: new Copier({ dropsEmptyLists: false, trustsFrozen: false }),
  answers: new Copier({ dropsEmptyLists: false, trustsFrozen: true }),
};

/** Operations that may wait ask their service again and again: the wire knows how. */
const catalogueOf = (services: readonly Service[]): ReadonlyMap<string, Served> =>
  new Map(
    services.flatMap(({ id, operations }) =>
      Object.entries(operations)
        .filter(([, { retryUntilMs }]) => retryUntilMs === undefined)
        .map(([name, one]) => [`${id} ${name}`, { ...one, shapes: readOperation(one.schema) }]),
    ),
  );

/** The wire knows how to refuse it. */
const isComplete = ({ shapes }: Served, input: object): boolean =>
  shapes.input.members.every(
    ({ name, isRequired }) => !isRequired || (name in input && input[name as never] !== undefined),
  );

/** As the SDK reads it from an answer: with the metadata of a call that succeeded. */
const outputOf = ({ output, headers, statusCode }: DirectResponse): object => {
  const requestId = headers['x-amzn-requestid'];
  const $metadata = { httpStatusCode: statusCode, requestId, extendedRequestId: undefined };
  return { ...output, $metadata: { ...$metadata, cfId: undefined } };
};

export class DirectConnection {
  readonly #options: DirectOptions;
  readonly #wire: InProcessHandler;
  readonly #catalogue: ReadonlyMap<string, Served>;

  /** @param wire what answers all that cannot be answered directly */
  constructor(options: DirectOptions, wire: InProcessHandler) {
    this.#options = options;
    this.#wire = wire;
    this.#catalogue = catalogueOf(options.services);
  }

  /** Of a client of this service and Region; undefined for a service that only the wire knows. */
  settingsOf(service: string, region: string): DirectSettings | undefined {
    const protocol = ownProtocolOf(service);
    if (protocol === undefined) return undefined;
    return {
      protocol: this.#direct(protocol, service as ServiceId, region),
      requestHandler: { ...this.#wire, handle: (request) => this.#handle(request) },
      cacheMiddleware: true,
    };
  }

  /** Does to a client with these settings what settings cannot do. */
  adapt(client: DirectClient, service: string): void {
    takeShortCut(client, (name, input) => this.#servedBy(service, name, input) !== undefined);
  }

  /** What answers such a call directly, if anything does. */
  #servedBy(service: string, name: string, input: object): Served | undefined {
    const served = this.#catalogue.get(`${service} ${name}`);
    return served !== undefined && isComplete(served, input) ? served : undefined;
  }

  /** The client's own protocol, with a way around it for what is served. */
  #direct(protocol: ClientProtocol, service: ServiceId, region: string): ClientProtocol {
    const own = protocol as unknown as Serde;
    const serialize = own.serializeRequest.bind(own);
    const deserialize = own.deserializeResponse.bind(own);
    const inputs = service === 'ec2' ? COPIERS.form : COPIERS.json;
    const direct: Serde = {
      serializeRequest: (schema, input, context) => {
        const served = this.#servedBy(service, schema.name, input);
        if (served === undefined) return serialize(schema, input, context);
        const copied = inputs.copy(served.shapes.input, input);
        const request: DirectRequest = { direct: { service, region, served, input: copied } };
        return Promise.resolve(request);
      },
      deserializeResponse: (schema, context, response) =>
        'output' in response
          ? Promise.resolve(outputOf(response as DirectResponse))
          : deserialize(schema, context, response),
    };
    return Object.assign(protocol, direct);
  }

  async #handle(request: WireRequest | DirectRequest): Promise<{ response: WireResponse }> {
    if (!('direct' in request)) return this.#wire.handle(request);
    await this.#options.delay();
    return { response: this.#answer(request.direct) };
  }

  #answer({ service, region, served, input }: DirectCall): WireResponse {
    const { account, accessKeyId, nowMs, onCall } = this.#options;
    const requestId = this.#options.requestId();
    const call: Call = { account, region, accessKeyId, nowMs: nowMs(), requestId };
    const action = served.shapes.name;
    const record = { atMs: call.nowMs, account, region, service, action, requestId };
    try {
      const output = COPIERS.answers.copy(served.shapes.output, served.answer(input, call) ?? {});
      onCall(record);
      const headers = { 'x-amzn-requestid': requestId };
      return { statusCode: 200, headers, body: NO_BODY, output } as DirectResponse;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      onCall({ ...record, errorCode: error.code });
      return PROTOCOLS[service].fail(error, requestId);
    }
  }
}
