/**
 * The SDK's clients and the services without bytes between them: a call's input is handed to the
 * operation as it would have been read from a request, and its output to the client as the SDK would
 * have read it from an answer. Retries, paginators, checks and errors stay the SDK's own; see
 * short-cut.ts for what is left out. What this cannot do as the wire does it, it leaves to the wire.
 *
 * It is for long runs: a page of a thousand images takes a fifth of the time. It checks nothing of
 * what the wire's codecs check, so the wire is the default everywhere else.
 */
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
  readonly requestHandler: InProcessHandler;
  /** Else the client would put its middleware together anew for each call. */
  readonly cacheMiddleware: true;
}

interface Served extends Operation {
  readonly shapes: OperationShapes;
  /** Parameters that a request must have. */
  readonly required: readonly string[];
}

/** What is served, by service and by the operation's name. */
type Catalogue = ReadonlyMap<string, ReadonlyMap<string, Served>>;

/** Where a client's calls go. */
interface Place {
  readonly service: ServiceId;
  readonly region: string;
}

interface DirectCall {
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

/** What the product calls in number. */
const isDirect = (service: string): service is ServiceId =>
  service === 'ec2' || service === 'events' || service === 'sqs';

const NO_BODY = new Uint8Array();

const COPIERS = {
  form: new Copier({ dropsEmptyLists: true, trustsFrozen: false }),
  json: new Copier({ dropsEmptyLists: false, trustsFrozen: false }),
  answers: new Copier({ dropsEmptyLists: false, trustsFrozen: true }),
};

/** Operations that may wait ask their service again and again: the wire knows how. */
const catalogueOf = (services: readonly Service[]): Catalogue =>
  new Map(
    services.map(({ id, operations }) => [
      id,
      new Map(
        Object.entries(operations)
          .filter(([, { retryUntilMs }]) => retryUntilMs === undefined)
          .map(([name, one]) => [name, servedBy(one)]),
      ),
    ]),
  );

const servedBy = (operation: Operation): Served => {
  const shapes = readOperation(operation.schema);
  const required = shapes.input.members.filter(({ isRequired }) => isRequired);
  return { ...operation, shapes, required: required.map(({ name }) => name) };
};

/** The wire knows how to refuse it. */
const isComplete = ({ required }: Served, input: object): boolean =>
  required.every((name) => input[name as never] !== undefined);

/** As the SDK reads it from an answer: with the metadata of a call that succeeded. */
const outputOf = ({ output, headers, statusCode }: DirectResponse): object => {
  const requestId = headers['x-amzn-requestid'];
  const $metadata = { httpStatusCode: statusCode, requestId, extendedRequestId: undefined };
  return { ...output, $metadata: { ...$metadata, cfId: undefined } };
};

export class DirectConnection {
  readonly #options: DirectOptions;
  readonly #wire: InProcessHandler;
  readonly #catalogue: Catalogue;

  /** @param wire what answers all that cannot be answered directly */
  constructor(options: DirectOptions, wire: InProcessHandler) {
    this.#options = options;
    this.#wire = wire;
    this.#catalogue = catalogueOf(options.services);
  }

  /** Of a client of this service and Region; undefined for a service that only the wire knows. */
  settingsOf(service: string, region: string): DirectSettings | undefined {
    if (!isDirect(service)) return undefined;
    const place = { service, region };
    return {
      requestHandler: { ...this.#wire, handle: (request) => this.#handle(place, request) },
      cacheMiddleware: true,
    };
  }

  /** Does to a client with these settings what settings cannot do. */
  adapt(client: DirectClient, service: string): void {
    if (!isDirect(service)) return;
    const inputs = service === 'ec2' ? COPIERS.form : COPIERS.json;
    const operations = this.#catalogue.get(service);
    takeShortCut(client, {
      serves: (operation, input) => {
        const served = operations?.get(operation);
        return served !== undefined && isComplete(served, input);
      },
      requestOf: (operation, input): DirectRequest => {
        const served = operations?.get(operation) as Served; // asked for only of what is served
        return { direct: { served, input: inputs.copy(served.shapes.input, input) } };
      },
      outputOf: (response) =>
        'output' in response ? outputOf(response as DirectResponse) : undefined,
    });
  }

  async #handle(
    place: Place,
    request: WireRequest | DirectRequest,
  ): Promise<{ response: WireResponse }> {
    if (!('direct' in request)) return this.#wire.handle(request);
    await this.#options.delay();
    return { response: this.#answer(place, request.direct) };
  }

  #answer({ service, region }: Place, { served, input }: DirectCall): WireResponse {
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
