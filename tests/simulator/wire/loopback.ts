/** Sockets of tests against the embedded cloud's port. */
import { type Socket, connect } from 'node:net';
import {
  type HttpOptions,
  type HttpServer,
  serveHttp,
} from '../../../simulator/wire/http-server.ts';
import type { WireRequest, WireResponse } from '../../../simulator/wire/router.ts';

export interface Loopback extends HttpServer {
  readonly endpoint: string;
  /** What the route was asked. */
  readonly requests: readonly WireRequest[];
  readonly defects: readonly Error[];
}

const ok: WireResponse = {
  statusCode: 200,
  headers: { 'content-type': 'text/plain' },
  body: new TextEncoder().encode('ok'),
};

/** A server on a free port whose route says `ok`, or what the options say. */
export const serveLoopback = async (options: Partial<HttpOptions> = {}): Promise<Loopback> => {
  const requests: WireRequest[] = [];
  const defects: Error[] = [];
  const server = await serveHttp({
    port: 0,
    sleep: () => Promise.resolve(),
    onDefect: (defect) => defects.push(defect),
    ...options,
    route: (request, sleep) => {
      requests.push(request);
      return options.route?.(request, sleep) ?? ok;
    },
  });
  return { ...server, endpoint: `http://127.0.0.1:${server.port}`, requests, defects };
};

/** Opens a socket, sends bytes, and resolves to all that comes back until the server closes it. */
export const talk = (port: number, text: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  return heard(socket);
};

/** All that comes over a socket until it is closed, by whomever. */
export const heard = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    // A socket that is cut is closed as well.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });

/** A request that asks for its connection to be closed after the answer. */
export const lastRequest = (
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string => {
  const fields = Object.entries({
    Host: 'localhost:4566',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${fields.join('')}\r\n${body}`;
};
