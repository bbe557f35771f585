/** One request at the front door: who it is from, what it asks, and how it is answered. */
import { ApiError } from './api.ts';
import type { Call, Operation, ServiceId } from './api.ts';
import { readScope, wrongRegion, wrongService } from './credentials.ts';
import type { Scope } from './credentials.ts';
import type { Asked, CredentialErrors, Protocol, WireRequest, WireResponse } from './protocol.ts';
import { PROTOCOLS, serviceOf } from './protocols.ts';
import type { OperationShapes } from './schema.ts';

/** One call that was answered, whatever the answer. */
export interface CallRecord {
  /** Virtual time at which it came, in milliseconds since the epoch. */
  readonly atMs: number;
  /** Twelve digits; empty if the access key is nobody's, or there is none. */
  readonly account: string;
  /** Empty if the request does not say. */
  readonly region: string;
  readonly service: ServiceId;
  /** Empty if the request does not say. */
  readonly action: string;
  /** Absent when the call succeeded. */
  readonly errorCode?: string;
  readonly requestId: string;
}

export interface Served extends Operation {
  readonly shapes: OperationShapes;
}

/** What is served, by service and by the action's name. */
export type Catalogue = ReadonlyMap<string, ReadonlyMap<string, Served>>;

export interface FrontDoor {
  readonly catalogue: Catalogue;
  readonly accountOf: (accessKeyId: string) => string | undefined;
  readonly isRegion: (region: string) => boolean;
  readonly nowMs: () => number;
  readonly onCall: (record: CallRecord) => void;
}

/** What an operation said: an output, and perhaps an instant until which to ask again. */
export interface Outcome {
  readonly output: unknown;
  readonly retryUntilMs: number | undefined;
}

/** Where a call that nobody signed is answered: STS's global endpoint is in this Region. */
const GLOBAL_REGION = 'us-east-1';

interface Caller {
  readonly account: string;
  readonly region: string;
  readonly accessKeyId?: string;
}

/** An operation that is served, and the input that was read for it. */
interface Accepted {
  readonly served: Served;
  readonly input: unknown;
}

/** An exchange with one client: read once, asked at least once, closed once. */
export class Exchange {
  readonly #door: FrontDoor;
  readonly #request: WireRequest;
  readonly #requestId: string;
  readonly #atMs: number;
  readonly #scope: Scope | 'none' | 'incomplete';
  readonly #service: ServiceId;
  #caller: Caller = { account: '', region: '' };
  #action = '';
  #accepted: Accepted | undefined;

  constructor(door: FrontDoor, request: WireRequest, requestId: string) {
    this.#door = door;
    this.#request = request;
    this.#requestId = requestId;
    this.#atMs = door.nowMs();
    this.#scope = readScope(request);
    this.#service = serviceOf(request, this.#scope);
  }

  /**
   * Asks the operation; at each call but the first, as a repetition.
   * Throws ApiError for what is refused; anything else that is thrown is a bug of a service.
   */
  ask(): Outcome {
    const isRepeat = this.#accepted !== undefined;
    const { served, input } = (this.#accepted ??= this.#accept());
    const first: Call = { ...this.#caller, nowMs: this.#door.nowMs(), requestId: this.#requestId };
    const call = isRepeat ? { ...first, isRepeat } : first;
    const output = served.answer(input, call);
    return { output, retryUntilMs: served.retryUntilMs?.(input, call, output) };
  }

  /** Closes the exchange with an output of the operation. */
  answer(output: unknown): WireResponse {
    const { served } = (this.#accepted ??= this.#accept());
    const response = this.#protocol.answer(served.shapes, output, this.#requestId);
    this.#report();
    return response;
  }

  /** Closes the exchange with an error as AWS answers it; throws on what is no ApiError. */
  fail(error: unknown): WireResponse {
    if (!(error instanceof ApiError)) throw error;
    this.#report(error.code);
    return this.#protocol.fail(error, this.#requestId);
  }

  get #protocol(): Protocol {
    return PROTOCOLS[this.#service];
  }

  get #errors(): CredentialErrors {
    return this.#protocol.credentialErrors;
  }

  #accept(): Accepted {
    this.#refuseForeigners();
    const asked = this.#protocol.read(this.#request);
    this.#action = asked.action;
    this.#caller = this.#identify(asked);
    const operations = this.#door.catalogue.get(this.#service);
    const served = asked.isAddressed ? operations?.get(asked.action) : undefined;
    if (served === undefined) throw asked.unknownAction();
    return { served, input: asked.readInput(served.shapes.input) };
  }

  /** A request to a service that is not served may be of any form: it is refused unread. */
  #refuseForeigners(): void {
    if (typeof this.#scope !== 'object') return;
    const { accessKeyId, region, service } = this.#scope;
    this.#caller = { account: '', region, accessKeyId };
    const { catalogue } = this.#door;
    if (catalogue.has(service)) return;
    throw this.#errors.wrongScope(wrongService(service, [...catalogue.keys()]));
  }

  #identify(asked: Asked): Caller {
    const scope = this.#scope;
    if (scope === 'incomplete') throw this.#errors.incomplete();
    if (scope === 'none') {
      const isUnsigned = asked.isAddressed && this.#protocol.unsigned.has(asked.action);
      if (isUnsigned) return { account: '', region: GLOBAL_REGION };
      throw this.#errors.missing();
    }
    const { accessKeyId, region } = scope;
    if (!this.#door.isRegion(region)) throw this.#errors.wrongScope(wrongRegion(region));
    const account = this.#door.accountOf(accessKeyId);
    if (account === undefined) throw this.#errors.unknownKey();
    return { account, region, accessKeyId };
  }

  #report(errorCode?: string): void {
    const { account, region } = this.#caller;
    this.#door.onCall({
      atMs: this.#atMs,
      account,
      region,
      service: this.#service,
      action: this.#action,
      requestId: this.#requestId,
      ...(errorCode !== undefined && { errorCode }),
    });
  }
}
