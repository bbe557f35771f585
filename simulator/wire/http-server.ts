/**
 * The embedded cloud for clients outside of this process: HTTP on the loopback address, and on no
 * other. Whatever comes in, the server stays up: what is not HTTP, too long or too slow is refused,
 * and a bug of a service is answered as AWS answers one of its own.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ApiError } from './api.ts';
import { ADMIN_PREFIX, refusalOf } from './http-guard.ts';
import type { Refusal, RequestHead } from './http-guard.ts';
import type { WireRequest, WireResponse } from './protocol.ts';
import { answerDefect, answerError } from './protocols.ts';
import type { Sleep } from './router.ts';

/** A request below `/_imago/`. */
export interface AdminRequest {
  readonly method: string;
  /** As sent, with the prefix. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface AdminResponse {
  readonly status: number;
  readonly body: string;
  /** Plain text in UTF-8 if absent. */
  readonly contentType?: string;
}

export interface HttpLimits {
  readonly bodyBytes: number;
  /** Of requests below `/_imago/`. */
  readonly adminBodyBytes: number;
  /** Within which a request must have come in whole. */
  readonly requestMs: number;
  /** After which a connection on which nothing moves is closed; no answer may take longer. */
  readonly idleMs: number;
  /** At one time; more are turned away. */
  readonly connections: number;
}

const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: 10 * 1024 * 1024,
  adminBodyBytes: 10 * 1024 * 1024,
  requestMs: 30_000,
  idleMs: 120_000,
  connections: 1_000,
};

export interface HttpOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  /** `sleep` is the one below, which also ends with the client's connection. */
  readonly route: (request: WireRequest, sleep: Sleep) => WireResponse | Promise<WireResponse>;
  /** Waits in virtual time. */
  readonly sleep: Sleep;
  /** Answers requests below `/_imago/`; without it there are none. */
  readonly admin?: (request: AdminRequest) => AdminResponse | Promise<AdminResponse>;
  /** Awaited before each call of the route: virtual time can be brought up to now. */
  readonly beforeRequest?: () => void | Promise<void>;
  /** Told of what the route, the owner's handler or `beforeRequest` threw; the client got a 500. */
  readonly onDefect: (defect: Error) => void;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpServer {
  readonly port: number;
  /** Stops listening, and cuts the connections that are open. */
  readonly close: () => Promise<void>;
}

export class PortInUseError extends Error {
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(
      `port ${port} of ${LOOPBACK} is in use: stop what listens there, or choose another port ` +
        '(0 takes any that is free)',
      { cause },
    );
    this.name = 'PortInUseError';
    this.port = port;
  }
}

const LOOPBACK = '127.0.0.1';

/** @throws PortInUseError | Error of the operating system, if the port cannot be had */
export const serveHttp = async (options: HttpOptions): Promise<HttpServer> => {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const server = createServer(settingsFor(limits), (request, response) => {
    const head = headOf(request);
    serve(options, limits, { head, request, response }).catch((error: unknown) => {
      if (error instanceof ClientGoneError) response.destroy();
      else confess(options, head, error, response);
    });
  });
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idleMs);
  server.on('clientError', refuseGarbage);
  await listen(server, options.port);
  server.on('error', options.onDefect);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => close(server),
  };
};

/** Node looks for slow requests only so often: as a rule every 30 seconds. */
const CHECKS_PER_TIMEOUT = 4;
/** Longer than clients keep a connection that they do not use, so that they are the ones to close. */
const KEEP_ALIVE_MS = 75_000;

const settingsFor = ({ requestMs }: HttpLimits) => ({
  requestTimeout: requestMs,
  headersTimeout: requestMs,
  connectionsCheckingInterval: Math.ceil(requestMs / CHECKS_PER_TIMEOUT),
  keepAliveTimeout: KEEP_ALIVE_MS,
});

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, error) : error);
    };
    server.once('error', fail);
    server.listen(port, LOOPBACK, () => {
      server.off('error', fail);
      resolve();
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeAllConnections();
  });

interface Visit {
  readonly head: RequestHead;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const headOf = ({ method = '', url = '', headers }: IncomingMessage): RequestHead => {
  const [target = '', ...search] = url.split('?');
  return {
    method,
    // A client that thinks this is a proxy sends the whole URL.
    path: target.replace(/^https?:\/\/[^/]*/, '') || '/',
    search: search.join('?'),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ),
  };
};

const serve = async (options: HttpOptions, limits: HttpLimits, visit: Visit): Promise<void> => {
  const { head, request, response } = visit;
  const refusal = refusalOf(head);
  if (refusal !== undefined) {
    refuse(response, refusal);
    return;
  }
  const isAdmin = head.path.startsWith(ADMIN_PREFIX);
  const bytesMax = isAdmin ? limits.adminBodyBytes : limits.bodyBytes;
  const body = await readBody(request, bytesMax);
  if (body === undefined) refuseLength(head, bytesMax, response);
  else if (isAdmin) await answerAdmin(options, head, body, response);
  else await answerCall(options, visit, body);
};

/** The client closed its connection: there is nobody to answer. */
class ClientGoneError extends Error {}

/** Undefined for a body that is too long: its rest is read, and dropped, so that it can be told. */
const readBody = (request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bytesMax) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve(undefined);
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(new ClientGoneError()));
  });

const answerCall = async (
  options: HttpOptions,
  { head, request, response }: Visit,
  body: Buffer,
): Promise<void> => {
  const sleep: Sleep = async (delayMs) => {
    await options.sleep(delayMs);
    if (request.socket.destroyed) throw new ClientGoneError();
  };
  await options.beforeRequest?.();
  send(response, await options.route({ ...head, body }, sleep));
};

const answerAdmin = async (
  { admin }: HttpOptions,
  { method, path, search }: RequestHead,
  body: Buffer,
  response: ServerResponse,
): Promise<void> => {
  if (admin === undefined) {
    refuse(response, { status: 404, text: `Nothing is served at ${path}.` });
    return;
  }
  const query = new URLSearchParams(search);
  const answer = await admin({ method, path, query, body: body.toString('utf8') });
  const contentType = answer.contentType ?? PLAIN_TEXT;
  send(response, {
    statusCode: answer.status,
    headers: { 'content-type': contentType },
    body: Buffer.from(answer.body),
  });
};

const PLAIN_TEXT = 'text/plain; charset=utf-8';

const refuse = (response: ServerResponse, { status, text, headers }: Refusal): void => {
  const body = Buffer.from(`${text}\n`);
  send(response, { statusCode: status, headers: { ...headers, 'content-type': PLAIN_TEXT }, body });
};

/** What fails before the route has given it an id. */
const NO_REQUEST_ID = '00000000-0000-0000-0000-000000000000';

const refuseLength = (head: RequestHead, bytesMax: number, response: ServerResponse): void => {
  const text = `The body of the request is longer than ${bytesMax} bytes.`;
  if (head.path.startsWith(ADMIN_PREFIX)) refuse(response, { status: 413, text });
  else
    send(
      response,
      answerError(head, new ApiError('RequestEntityTooLarge', text, 413), NO_REQUEST_ID),
    );
};

/** Tells the owner of a defect, and the client as much as AWS would. */
const confess = (
  { onDefect }: HttpOptions,
  head: RequestHead,
  thrown: unknown,
  response: ServerResponse,
): void => {
  const defect = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (response.headersSent) response.destroy();
  else if (head.path.startsWith(ADMIN_PREFIX))
    refuse(response, { status: 500, text: defect.message });
  else send(response, answerDefect(head, NO_REQUEST_ID));
  onDefect(defect);
};

const send = (response: ServerResponse, { statusCode, headers, body }: WireResponse): void => {
  response.writeHead(statusCode, { ...headers, 'content-length': body.byteLength });
  response.end(body);
};

/** By Node's error code; all else is no HTTP. */
const GARBAGE: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Answers, and closes, a connection on which there is no request that could be served. */
const refuseGarbage = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = GARBAGE[error.code ?? ''] ?? '400 Bad Request';
  socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroySoon();
};
