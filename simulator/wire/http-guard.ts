/** What the port of the embedded cloud refuses before anything is served. Pure. */

/** A refusal in plain text: whoever gets it has not found, or may not use, an AWS endpoint. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Where the owner's own handler answers, in methods of its choice. */
export const ADMIN_PREFIX = '/_imago/';

const LOOPBACK_HOST = /^(localhost|([a-z0-9-]+\.)+localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/**
 * Why a request is refused by its head alone; undefined if it is not.
 *
 * Whoever can reach the port can change everything behind it, so nobody may make a browser do so: a
 * page whose host name was made to point here (DNS rebinding) is known by its Host header, any other
 * page by its Origin or by what browsers say of where a request comes from (Fetch Metadata).
 */
export const refusalOf = (head: RequestHead): Refusal | undefined => {
  const { method, path, headers } = head;
  const { host = '', origin } = headers;
  if (!LOOPBACK_HOST.test(host)) {
    return forbidden(`The Host header must be localhost, *.localhost, 127.0.0.1 or [::1].`);
  }
  if (origin !== undefined && !isLoopbackOrigin(origin)) {
    return forbidden('Web pages of other hosts may not call this port.');
  }
  if (headers['sec-fetch-site'] === 'cross-site') {
    return forbidden('Web pages of other hosts may not call this port.');
  }
  if (path.startsWith(ADMIN_PREFIX)) return undefined;
  if (method !== 'GET' && method !== 'POST') {
    return {
      status: 405,
      text: `${method} is not served; calls of AWS services are made by GET and POST.`,
      headers: { allow: 'GET, POST' },
    };
  }
  return path === '/' || isCall(head) ? undefined : { status: 404, text: nothingAt(path) };
};

const forbidden = (text: string): Refusal => ({ status: 403, text });

const nothingAt = (path: string): string =>
  `Nothing is served at ${path}. Calls of AWS services are signed, or name their X-Amz-Target.`;

const isLoopbackOrigin = (origin: string): boolean => {
  const [scheme, host] = origin.split('://', 2);
  return (scheme === 'http' || scheme === 'https') && LOOPBACK_HOST.test(host ?? '');
};

/** AWS's endpoints do not look at the path; a queue's URL has one. */
const isCall = ({ headers, search }: RequestHead): boolean =>
  headers.authorization !== undefined ||
  headers['x-amz-target'] !== undefined ||
  new URLSearchParams(search).has('X-Amz-Credential');
