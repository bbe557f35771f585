import { connect } from 'node:net';
import { ReceiveMessage$ } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from 'vitest';
import { operation } from '../../../simulator/wire/api.ts';
import type { AdminRequest, HttpOptions } from '../../../simulator/wire/http-server.ts';
import { routeTo } from './clients.ts';
import { heard, lastRequest, type Loopback, serveLoopback, talk } from './loopback.ts';

const open: Loopback[] = [];

const serve = async (options: Partial<HttpOptions> = {}): Promise<Loopback> => {
  const server = await serveLoopback(options);
  open.push(server);
  return server;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const statusOf = (answer: string): number => Number(answer.slice(9, 12));
const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);

const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKID/20270115/eu-west-1/${service}/aws4_request`,
});

describe('the host that a request names', () => {
  test.each([
    'localhost',
    'localhost:4566',
    'LOCALHOST:4566',
    '127.0.0.1:4566',
    '[::1]:4566',
    'sqs.eu-west-1.localhost:4566',
  ])('may be %s', async (Host) => {
    const { port } = await serve();

    expect(statusOf(await talk(port, lastRequest('POST /', { Host })))).toBe(200);
  });

  test.each([
    'evil.example:4566',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evillocalhost',
    '169.254.169.254',
    '',
  ])('may not be %j', async (Host) => {
    const { port, requests } = await serve();

    const answer = await talk(port, lastRequest('POST /', { Host }));

    expect(statusOf(answer)).toBe(403);
    expect(bodyOf(answer)).toBe(
      'The Host header must be localhost, *.localhost, 127.0.0.1 or [::1].\n',
    );
    expect(requests).toEqual([]);
  });
});

describe('a request of a web page', () => {
  test.each([
    ['POST /', { Origin: 'https://evil.example' }],
    ['POST /', { Origin: 'null' }],
    ['GET /?Action=TerminateInstances', { 'Sec-Fetch-Site': 'cross-site' }],
    ['POST /_imago/reset', { Origin: 'http://evil.example' }],
  ])('of another host is refused: %s %j', async (line, headers) => {
    const { port, requests } = await serve({ admin: () => ({ status: 200, body: 'done' }) });

    const answer = await talk(port, lastRequest(line, { ...headers }));

    expect(statusOf(answer)).toBe(403);
    expect(bodyOf(answer)).toBe('Web pages of other hosts may not call this port.\n');
    expect(requests).toEqual([]);
  });

  test('of this host is served', async () => {
    const { port } = await serve();
    const headers = { Origin: 'http://localhost:3000', 'Sec-Fetch-Site': 'same-site' };

    expect(statusOf(await talk(port, lastRequest('POST /', headers)))).toBe(200);
  });
});

describe('the method and the path of a request', () => {
  test.each(['OPTIONS', 'PUT', 'DELETE', 'PATCH'])('%s is not allowed', async (method) => {
    const { port, requests } = await serve();

    const answer = await talk(port, lastRequest(`${method} /`, signedFor('s3')));

    expect(statusOf(answer)).toBe(405);
    expect(answer).toContain('\r\nallow: GET, POST\r\n');
    expect(bodyOf(answer)).toBe(
      `${method} is not served; calls of AWS services are made by GET and POST.\n`,
    );
    expect(requests).toEqual([]);
  });

  test('HEAD is not allowed, and has no body', async () => {
    const { port } = await serve();

    const answer = await talk(port, lastRequest('HEAD /'));

    expect(statusOf(answer)).toBe(405);
    expect(bodyOf(answer)).toBe('');
  });

  test.each([
    ['/111122223333/jobs', signedFor('sqs'), 200],
    ['/111122223333/jobs', { 'X-Amz-Target': 'AmazonSQS.SendMessage' }, 200],
    ['/111122223333/jobs?X-Amz-Credential=x', {}, 200],
    ['http://127.0.0.1/', {}, 200],
    ['/favicon.ico', {}, 404],
    ['/_imagoes', {}, 404],
    ['//', {}, 404],
    ['*', {}, 404],
  ])('give %s with %j the status %i', async (path, headers, status) => {
    const { port } = await serve();

    expect(statusOf(await talk(port, lastRequest(`GET ${path}`, headers)))).toBe(status);
  });

  test('reach the route, with what stands behind the question mark', async () => {
    const { port, requests } = await serve();
    const body = 'Version=1';

    await talk(port, lastRequest('POST /?Action=A&x=?', { 'X-Who': 'me' }, body));

    expect(requests).toMatchObject([
      { method: 'POST', search: 'Action=A&x=?', headers: { 'x-who': 'me' } },
    ]);
    expect(String(requests[0]?.body)).toBe(body);
  });
});

describe('a body that is too long', () => {
  const limits = { bodyBytes: 10, adminBodyBytes: 20 };
  const TOO_LONG = 'The body of the request is longer than 10 bytes.';

  test.each([
    ['of a length that is told', '11-bytes---', {}],
    ['in pieces', '6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n', { 'Transfer-Encoding': 'chunked' }],
  ])('%s is refused as the service would, and the server stays up', async (_case, body, more) => {
    const { port, requests } = await serve({ limits });
    const text = lastRequest('POST /', { ...signedFor('ec2'), ...more }, body);
    const chunked = 'Transfer-Encoding' in more;

    const answer = await talk(port, chunked ? text.replace(/Content-Length: \d+\r\n/, '') : text);

    expect(statusOf(answer)).toBe(413);
    expect(bodyOf(answer)).toContain(
      `<Errors><Error><Code>RequestEntityTooLarge</Code><Message>${TOO_LONG}</Message></Error>`,
    );
    expect(requests).toEqual([]);
    expect(statusOf(await talk(port, lastRequest('POST /', {}, '10-bytes--')))).toBe(200);
  });

  test('has a limit of its own below /_imago/', async () => {
    const admin = ({ body }: AdminRequest) => ({ status: 200, body: `${body.length}` });
    const { port } = await serve({ limits, admin });
    const put = (length: number) =>
      talk(port, lastRequest('PUT /_imago/world', {}, 'x'.repeat(length)));

    expect(bodyOf(await put(20))).toBe('20');
    expect(bodyOf(await put(21))).toBe('The body of the request is longer than 20 bytes.\n');
  });
});

describe('a request below /_imago/', () => {
  test('goes to the owner’s handler, whatever its method', async () => {
    const asked: AdminRequest[] = [];
    const admin = (request: AdminRequest) => {
      asked.push(request);
      return Promise.resolve({ status: 409, body: '{"é":1}', contentType: 'application/json' });
    };
    const { port, requests } = await serve({ admin });

    const answer = await talk(port, lastRequest('PATCH /_imago/clock?to=now', {}, '{"a":"é"}'));

    expect(asked.map(({ query, ...request }) => ({ ...request, to: query.get('to') }))).toEqual([
      { method: 'PATCH', path: '/_imago/clock', body: '{"a":"é"}', to: 'now' },
    ]);
    expect(statusOf(answer)).toBe(409);
    expect(answer).toContain('\r\ncontent-type: application/json\r\n');
    expect(bodyOf(answer)).toBe('{"é":1}');
    expect(requests).toEqual([]);
  });

  test('is not found if the owner has no handler', async () => {
    const { port } = await serve();

    expect(statusOf(await talk(port, lastRequest('GET /_imago/clock')))).toBe(404);
  });
});

describe('before the route is asked', () => {
  test('the owner can do something that takes its time', async () => {
    const order: string[] = [];
    const { port } = await serve({
      beforeRequest: async () => {
        order.push('before');
        await new Promise((resolve) => setImmediate(resolve));
        order.push('ready');
      },
      route: () => {
        order.push('route');
        return { statusCode: 204, headers: {}, body: new Uint8Array() };
      },
    });

    expect(statusOf(await talk(port, lastRequest('POST /')))).toBe(204);
    expect(order).toEqual(['before', 'ready', 'route']);
  });
});

describe('a bug', () => {
  const bug = new TypeError('undefined is not a row');
  const fail = (): never => {
    throw bug;
  };

  test.each([
    ['ec2', '<Error><Code>InternalError</Code><Message>An internal error has occurred</Message>'],
    ['sts', '<Error><Type>Receiver</Type><Code>InternalFailure</Code>'],
    ['ssm', '{"__type":"InternalFailure","message":"The request processing has failed'],
  ])('of the route is answered as %s does, and told to the owner', async (service, body) => {
    const { port, defects } = await serve({ route: fail });

    const answer = await talk(port, lastRequest('POST /', signedFor(service)));

    expect(statusOf(answer)).toBe(500);
    expect(bodyOf(answer)).toContain(body);
    expect(defects).toEqual([bug]);
    expect(statusOf(await talk(port, lastRequest('HEAD /')))).toBe(405);
  });

  test('of what comes before the route is told to the owner', async () => {
    const { port, defects } = await serve({ beforeRequest: () => Promise.reject(bug) });

    expect(statusOf(await talk(port, lastRequest('POST /')))).toBe(500);
    expect(defects).toEqual([bug]);
  });

  test('of the owner’s handler is told to both', async () => {
    const { port, defects } = await serve({ admin: fail });

    const answer = await talk(port, lastRequest('POST /_imago/reset'));

    expect(statusOf(answer)).toBe(500);
    expect(bodyOf(answer)).toBe('undefined is not a row\n');
    expect(defects).toEqual([bug]);
  });
});

describe('an answer', () => {
  test('has the real date, its length, and what the route gave', async () => {
    const { port } = await serve();

    const answer = await talk(port, lastRequest('POST /'));

    expect(answer).toMatch(/\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/);
    expect(answer).toMatch(/\r\ncontent-length: 2\r\n/);
    expect(bodyOf(answer)).toBe('ok');
  });

  test('that waits is given up when its client goes away', async () => {
    const router = routeTo([
      {
        id: 'sqs',
        operations: {
          ReceiveMessage: operation(
            ReceiveMessage$,
            () => ({}),
            () => Infinity,
          ),
        },
      },
    ]);
    const over = Promise.withResolvers<void>();
    const asleep = Promise.withResolvers<void>();
    const givenUp = Promise.withResolvers<string>();
    const { port, defects } = await serve({
      sleep: () => {
        asleep.resolve();
        return over.promise;
      },
      route: (request, sleep) =>
        router.routeWaiting(request, sleep).catch((error: unknown) => {
          givenUp.resolve('given up');
          throw error;
        }),
    });
    const socket = connect(port, '127.0.0.1');
    const closed = heard(socket);
    const headers = {
      ...signedFor('sqs'),
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'AmazonSQS.ReceiveMessage',
      Connection: 'keep-alive',
    };
    socket.write(lastRequest('POST /', headers, '{"QueueUrl":"q"}'));
    await asleep.promise;
    socket.destroy();
    await closed;
    // The server has seen it once it has answered somebody else.
    expect(statusOf(await talk(port, lastRequest('HEAD /')))).toBe(405);
    over.resolve();

    expect(await givenUp.promise).toBe('given up');
    expect(defects).toEqual([]);
  });
});
