/** What the router needs of a wire protocol, and the HTTP messages that both sides share. */
import type { ApiError } from './api.ts';
import type { OperationShapes, Structure } from './schema.ts';

export interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** UTF-8 if bytes. */
  readonly body?: unknown;
}

/** The SDK takes bytes as they are; any stream would cost turns of the event loop. */
export interface WireResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** A request whose action is known, and whose input can be read once the shape is. */
export interface Asked {
  readonly action: string;
  /** Throws ApiError for input that does not fit the shape. */
  readonly readInput: (shape: Structure) => unknown;
}

export interface Protocol {
  readonly read: (request: WireRequest) => Asked;
  readonly unknownAction: (action: string) => ApiError;
  readonly answer: (shapes: OperationShapes, output: unknown, requestId: string) => WireResponse;
  readonly fail: (error: ApiError, requestId: string) => WireResponse;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A request's body as text. */
export const bodyText = ({ body }: WireRequest): string => {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return decoder.decode(body);
  throw new TypeError('the embedded cloud takes text or bytes as a request body');
};

/** Finds a header whatever its case. */
export const headerOf = (request: WireRequest, name: string): string | undefined => {
  const exact = request.headers[name];
  if (exact !== undefined) return exact;
  const found = Object.entries(request.headers).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
};

/**
 * A response without a `Date`: in virtual time that would make the SDK correct its signing clock.
 * The SDK takes the request id from the header.
 */
export const respond = (
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  requestId: string,
  body: string,
): WireResponse => ({
  statusCode,
  headers: { ...headers, 'x-amzn-requestid': requestId },
  body: encoder.encode(body),
});
