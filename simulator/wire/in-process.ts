/** The SDK's `requestHandler` with the embedded cloud behind it instead of a socket. */
import type { WireRequest, WireResponse } from './router.ts';

export interface InProcessOptions {
  /** Virtual latency, awaited before the call takes effect. None if absent. */
  readonly delay?: () => Promise<void>;
}

/** Fits the `requestHandler` setting of every SDK client. */
export interface InProcessHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: WireRequest): Promise<{ response: WireResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

/**
 * Answers calls by promises alone: no timer and no I/O, so that the virtual clock sees every call
 * through in one turn of the event loop. What the route throws rejects the call. A route may answer
 * later: let it be `(request) => router.routeWaiting(request, sleep)` for calls to wait as they may.
 */
export const createRequestHandler = (
  route: (request: WireRequest) => WireResponse | Promise<WireResponse>,
  { delay }: InProcessOptions = {},
): InProcessHandler => ({
  metadata: { handlerProtocol: 'in-process' },
  handle: async (request) => {
    if (delay !== undefined) await delay();
    const answer = route(request);
    // An await too many would give a promise its turn before calls that came earlier.
    return { response: answer instanceof Promise ? await answer : answer };
  },
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
  destroy: () => undefined,
});
