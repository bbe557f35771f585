/**
 * The embedded cloud's front door: from an HTTP request to a service's operation and back.
 * Service, Region and caller come from the SigV4 credential scope, as any AWS endpoint could tell.
 */
import type { Operation, Service } from './api.ts';
import { Exchange } from './exchange.ts';
import type { CallRecord, Catalogue, FrontDoor, Served } from './exchange.ts';
import type { WireRequest, WireResponse } from './protocol.ts';
import { readOperation } from './schema.ts';

export type { CallRecord } from './exchange.ts';
export type { WireRequest, WireResponse } from './protocol.ts';

export interface RouterOptions {
  readonly services: readonly Service[];
  /**
   * Twelve-digit account of an access key id; undefined if the key is nobody's, which is answered as
   * the service would. May throw an ApiError of its own.
   */
  readonly accountOf: (accessKeyId: string) => string | undefined;
  /** Whether there is such a Region. Without it, there is any. */
  readonly isRegion?: (region: string) => boolean;
  readonly nowMs: () => number;
  readonly requestId: () => string;
  readonly onCall?: (record: CallRecord) => void;
}

/** Answers at once, even a call that may wait. */
export type Route = (request: WireRequest) => WireResponse;

/** Waits for so many milliseconds of virtual time. What it throws ends the wait, and the call. */
export type Sleep = (delayMs: number) => Promise<void>;

export interface Router extends Route {
  /** Answers a call that may wait when there is something to say, or when its time is over. */
  readonly routeWaiting: (request: WireRequest, sleep: Sleep) => Promise<WireResponse>;
}

/** How often an operation that waits is asked again, in milliseconds of virtual time. */
const ASK_EVERY_MS = 500;

/**
 * Makes the routes of a set of services. Whatever a client sends is answered as AWS answers it, and
 * so is an ApiError; anything else that is thrown is a bug of the simulator, and leaves the route.
 */
export const createRouter = (options: RouterOptions): Router => {
  const door: FrontDoor = {
    catalogue: catalogueOf(options.services),
    accountOf: options.accountOf,
    isRegion: options.isRegion ?? (() => true),
    nowMs: options.nowMs,
    onCall: options.onCall ?? (() => undefined),
  };
  const open = (request: WireRequest) => new Exchange(door, request, options.requestId());
  return Object.assign((request: WireRequest) => answerNow(open(request)), {
    routeWaiting: (request: WireRequest, sleep: Sleep) =>
      answerWaiting(open(request), options.nowMs, sleep),
  });
};

const catalogueOf = (services: readonly Service[]): Catalogue =>
  new Map(
    services.map(({ id, operations }) => [
      id,
      new Map(Object.entries(operations).map(([name, one]) => [name, serve(one)])),
    ]),
  );

const serve = (operation: Operation): Served => ({
  ...operation,
  shapes: readOperation(operation.schema),
});

const answerNow = (exchange: Exchange): WireResponse => {
  try {
    return exchange.answer(exchange.ask().output);
  } catch (error) {
    return exchange.fail(error);
  }
};

const answerWaiting = async (
  exchange: Exchange,
  nowMs: () => number,
  sleep: Sleep,
): Promise<WireResponse> => {
  try {
    let { output, retryUntilMs } = exchange.ask();
    const untilMs = retryUntilMs ?? 0;
    while (retryUntilMs !== undefined && nowMs() < untilMs) {
      await sleep(Math.min(ASK_EVERY_MS, untilMs - nowMs()));
      ({ output, retryUntilMs } = exchange.ask());
    }
    return exchange.answer(output);
  } catch (error) {
    return exchange.fail(error);
  }
};
