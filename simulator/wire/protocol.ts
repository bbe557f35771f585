/** What the router needs of a wire protocol, and the HTTP messages that both sides share. */
import type { ApiError } from './api.ts';
import { encodedBody } from './errors.ts';
import type { OperationShapes, Structure } from './schema.ts';

export interface WireRequest {
  /** POST if absent. */
  readonly method?: string;
  /** What stands behind the `?` of the URL, if anything. */
  readonly search?: string;
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
  /** False if the request speaks of an API version, or to a service, that has no such actions. */
  readonly isAddressed: boolean;
  /** The error for an action that is not served. */
  readonly unknownAction: () => ApiError;
  /** Throws ApiError for input that does not fit the shape. */
  readonly readInput: (shape: Structure) => unknown;
}

/** What a service says of credentials that it cannot use. */
export interface CredentialErrors {
  /** Nobody signed. */
  readonly missing: () => ApiError;
  /** There is a signature, but not one that tells who signed for what. */
  readonly incomplete: () => ApiError;
  /** The access key is nobody's. */
  readonly unknownKey: () => ApiError;
  /** Signed for another Region or service than there is; `problem` says so. */
  readonly wrongScope: (problem: string) => ApiError;
}

export interface Protocol {
  /** Throws ApiError for a request that the protocol cannot make sense of. */
  readonly read: (request: WireRequest) => Asked;
  readonly credentialErrors: CredentialErrors;
  /** Actions that nobody signs. */
  readonly unsigned: ReadonlySet<string>;
  readonly answer: (shapes: OperationShapes, output: unknown, requestId: string) => WireResponse;
  readonly fail: (error: ApiError, requestId: string) => WireResponse;
  /** What an AWS service says when it has a bug. */
  readonly defect: () => ApiError;
}

/** For the services that answer nobody who does not sign. */
export const ALL_SIGNED: ReadonlySet<string> = new Set();

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

/**
 * A request's body as text. Throws ApiError UnsupportedMediaTypeException if it is compressed, and
 * what `garbled` makes if it is no UTF-8.
 */
export const bodyText = (request: WireRequest, garbled: () => ApiError): string => {
  const { body } = request;
  const encoding = headerOf(request, 'content-encoding') ?? 'identity';
  if (encoding !== 'identity') throw encodedBody(encoding);
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return decodeUtf8(body, garbled);
  throw new TypeError('the embedded cloud takes text or bytes as a request body');
};

const decodeUtf8 = (bytes: Uint8Array, garbled: () => ApiError): string => {
  try {
    return decoder.decode(bytes);
  } catch {
    throw garbled();
  }
};

/** The media type of a request's body in lower case, without parameters. */
export const mediaTypeOf = (request: WireRequest): string | undefined =>
  headerOf(request, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase();

/** Finds a header whatever its case. */
export const headerOf = ({ headers }: WireRequest, name: string): string | undefined => {
  const exact = headers[name];
  if (exact !== undefined) return exact;
  for (const key of Object.keys(headers)) {
    if (key.length === name.length && key.toLowerCase() === name) return headers[key];
  }
  return undefined;
};

/**
 * A response without a `Date`: in virtual time that would make the SDK correct its signing clock.
 * The SDK takes the request id from the header.
 */
export const respond = (
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  requestId: string,
  body: string | Uint8Array,
): WireResponse => ({
  statusCode,
  headers: { ...headers, 'x-amzn-requestid': requestId },
  body: typeof body === 'string' ? encoder.encode(body) : body,
});
