import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { DescribeImages$, DescribeImagesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { SendMessage$, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentity$, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, test } from 'vitest';
import { type Call, operation } from '../../../simulator/wire/api.ts';
import {
  type HttpOptions,
  PortInUseError,
  serveHttp,
} from '../../../simulator/wire/http-server.ts';
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

describe('SDK clients with their default handler', () => {
  const router = routeTo([
    {
      id: 'ec2',
      operations: {
        DescribeImages: operation(
          DescribeImages$,
          ({ NextToken = '' }: { NextToken?: string }) => ({
            Images: [{ ImageId: 'ami-1', Name: 'é😀' }],
            NextToken: `${NextToken}+`,
          }),
        ),
      },
    },
    {
      id: 'sqs',
      operations: {
        SendMessage: operation(SendMessage$, ({ QueueUrl }: { QueueUrl?: string }) => ({
          MessageId: QueueUrl,
        })),
      },
    },
    {
      id: 'sts',
      operations: {
        GetCallerIdentity: operation(GetCallerIdentity$, (_input, { region }: Call) => ({
          Arn: region,
        })),
      },
    },
  ]);
  const settings = {
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };

  test('call EC2, SQS by a queue’s own URL, and STS', async () => {
    const { endpoint, requests, defects } = await serve({ route: (request) => router(request) });
    const ec2 = new EC2Client({ ...settings, endpoint });
    const sqs = new SQSClient({ ...settings, endpoint, md5: false });
    const sts = new STSClient({
      ...settings,
      endpoint: endpoint.replace('127.0.0.1', 'localhost'),
    });

    const page = await ec2.send(new DescribeImagesCommand({ NextToken: 'a&b' }));
    const QueueUrl = `${endpoint}/111122223333/jobs`;
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
    const caller = await sts.send(new GetCallerIdentityCommand({}));
    for (const client of [ec2, sqs, sts]) client.destroy();

    expect(page).toMatchObject({ Images: [{ ImageId: 'ami-1', Name: 'é😀' }], NextToken: 'a&b+' });
    expect(sent.MessageId).toBe(QueueUrl);
    expect(caller.Arn).toBe('eu-west-1');
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
    expect(defects).toEqual([]);
  });
});

describe('a connection', () => {
  test('serves one request after another', async () => {
    const { port } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = () =>
      new Promise<unknown>((resolve, reject) => {
        const sent = httpRequest({ port, host: '127.0.0.1', agent }, (response) => {
          response.resume();
          response.on('end', () => resolve([response.statusCode, sent.reusedSocket]));
        });
        sent.on('error', reject);
        sent.end();
      });

    expect([await get(), await get()]).toEqual([
      [200, false],
      [200, true],
    ]);
    agent.destroy();
  });

  test('is turned away when there are too many, and taken when there is room', async () => {
    const { port } = await serve({ limits: { connections: 1 } });
    const first = connect(port, '127.0.0.1');
    await new Promise((resolve) => first.once('connect', resolve));

    expect(await talk(port, lastRequest('GET /'))).toBe('');
    first.end(lastRequest('GET /'));
    expect(statusOf(await heard(first))).toBe(200);
    expect(statusOf(await talk(port, lastRequest('GET /')))).toBe(200);
  });

  test('can be made over the loopback address alone', async () => {
    const { port } = await serve();
    const other = connect(port, '127.0.0.2');

    await expect(
      new Promise((resolve, reject) => {
        other.once('connect', resolve);
        other.once('error', reject);
      }),
    ).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/);
  });

  test('is cut when the server is closed, and the port is free again', async () => {
    const server = await serveLoopback();
    const idle = connect(server.port, '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const cut = heard(idle);

    await server.close();
    expect(await cut).toBe('');
    const again = await serve({ port: server.port });
    expect(again.port).toBe(server.port);
  });
});

describe('a port that is in use', () => {
  test('is named, with what to do', async () => {
    const { port } = await serve();
    const options = { port, route: () => ({}) as never, sleep: () => Promise.resolve() };

    const second = serveHttp({ ...options, onDefect: () => undefined });

    await expect(second).rejects.toBeInstanceOf(PortInUseError);
    await expect(second).rejects.toMatchObject({
      port,
      message:
        `port ${port} of 127.0.0.1 is in use: stop what listens there, or choose another port ` +
        '(0 takes any that is free)',
    });
  });
});

describe('what is no request', () => {
  test.each([
    ['garbage', '\u0000\u0001garbage\r\n\r\n', 400],
    ['a header without a host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a header that is too long', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'a length that is none',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
      400,
    ],
  ])('is refused, and the server stays up: %s', async (_case, bytes, status) => {
    const { port, requests } = await serve();

    expect(statusOf(await talk(port, bytes))).toBe(status);
    expect(requests).toEqual([]);
    expect(statusOf(await talk(port, lastRequest('GET /')))).toBe(200);
  });

  test.each([
    ['its header', 'POST / HTTP/1.1\r\nHost: localhost\r\n'],
    ['its body', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc'],
  ])('for it never ends %s, is closed with status 408', async (_case, bytes) => {
    const { port, requests, defects } = await serve({ limits: { requestMs: 40 } });

    expect(statusOf(await talk(port, bytes))).toBe(408);
    expect(requests).toEqual([]);
    expect(defects).toEqual([]);
  });

  test('is dropped when its client goes away in the middle', async () => {
    const { port, requests, defects } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc');
    socket.destroySoon();
    await heard(socket);

    expect(statusOf(await talk(port, lastRequest('GET /')))).toBe(200);
    expect(requests).toHaveLength(1);
    expect(defects).toEqual([]);
  });
});
