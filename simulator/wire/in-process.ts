/** The SDK's `requestHandler` with the embedded cloud behind it instead of a socket. */
import type { Route, WireRequest, WireResponse } from './router.ts';

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
 * through in one turn of the event loop. What the route throws rejects the call.
 */
export const createRequestHandler = (
  route: Route,
  { delay }: InProcessOptions = {},
): InProcessHandler => ({
  metadata: { handlerProtocol: 'in-process' },
  handle: async (request) => {
    if (delay !== undefined) await delay();
    return { response: route(request) };
  },
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
  destroy: () => undefined,
});
