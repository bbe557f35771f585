import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRouter, type Route } from '../../simulator/wire/router.ts';
import {
  ACCOUNT,
  createStage,
  ENVIRONMENT,
  HOME,
  scheduledEvent,
  type Stage,
} from '../functions/fixture.ts';
import {
  copyProject,
  FUNCTIONS,
  type Packaged,
  type ProjectCopy,
  readArchive,
} from './package-copy.ts';

let project: ProjectCopy;
let planned: Packaged;
let applied: Packaged;

beforeAll(async () => {
  project = await copyProject();
  planned = await project.package();
  applied = await project.package('--param', 'retireMode=apply');
});

afterAll(() => project.remove());

describe('packaging, offline and without credentials', () => {
  test('writes an archive for each function, and the template', () => {
    expect(planned.files).toEqual([
      'backup.zip',
      'cloudformation-template-create-stack.json',
      'cloudformation-template-update-stack.json',
      'dispatch.zip',
      'on-ec2-event.zip',
      'report.zip',
      'retire.zip',
      'serverless-state.json',
    ]);
  });

  test.each(FUNCTIONS)('puts the bundle of %s and the policies into its archive', (name) => {
    const files = readArchive(planned.archives.get(name) ?? Buffer.alloc(0));

    expect([...files.keys()].toSorted()).toEqual([
      `dist/functions/${name}.mjs`,
      'policies/example.yml',
      'policies/gfs.yml',
      'policies/golden-images.yml',
    ]);
  });

  // What a cold start has to load. The ceilings only come down.
  test.each(FUNCTIONS)('keeps the bundle of %s below its ceiling', (name) => {
    const files = readArchive(planned.archives.get(name) ?? Buffer.alloc(0));
    const bundle = files.get(`dist/functions/${name}.mjs`) ?? Buffer.alloc(0);

    expect(bundle.length).toBeGreaterThan(100_000);
    expect(bundle.length).toBeLessThan(1_000_000);
    expect(gzipSync(bundle, { level: 9 }).length).toBeLessThan(300_000);
  });

  test('gives the same archives, and the same template but for what was asked for', () => {
    expect(applied.templateText).toBe(
      planned.templateText.replaceAll(
        '"IMAGO_RETIRE_MODE": "plan"',
        '"IMAGO_RETIRE_MODE": "apply"',
      ),
    );
    for (const name of FUNCTIONS) {
      expect(planned.archives.get(name)?.equals(applied.archives.get(name) as Buffer)).toBe(true);
    }
  });
});

/** Serves a route over loopback HTTP, on a port that the system picks. */
const serve = async (route: Route): Promise<Server> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = request.headers as Readonly<Record<string, string>>;
      const answer = route({ headers, body: Buffer.concat(chunks) });
      response.writeHead(answer.statusCode, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
};

const SCRIPT = `
const context = { awsRequestId: 'request-1', functionName: 'f', functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:f',
  memoryLimitInMB: '512', getRemainingTimeInMillis: () => 600_000 };
const { handler } = await import(process.cwd() + '/dist/functions/' + process.argv[1] + '.mjs');
const reply = await handler(JSON.parse(process.argv[2]), context);
console.log(JSON.stringify({ reply }));
`;

describe('a packaged function, as Lambda unpacks and starts it', () => {
  let directory = '';
  let stage: Stage;
  let server: Server;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'imago-task-'));
    stage = createStage();
    server = await serve(
      createRouter({
        services: stage.cloud.services,
        accountOf: () => ACCOUNT,
        nowMs: () => stage.cloud.clock.nowMs(),
        requestId: stage.cloud.requestId,
        onCall: stage.cloud.calls.record,
      }),
    );
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true, force: true });
  });

  const invoke = async (name: string, event: unknown): Promise<unknown> => {
    for (const [file, content] of readArchive(planned.archives.get(name) ?? Buffer.alloc(0))) {
      await mkdir(dirname(join(directory, name, file)), { recursive: true });
      await writeFile(join(directory, name, file), content);
    }
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = ['--input-type=module', '--eval', SCRIPT, name, JSON.stringify(event)];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: join(directory, name),
      env: {
        ...Object.fromEntries(
          // The SDK sends messages to where the queue's URL says, whatever the endpoint is.
          Object.entries(ENVIRONMENT).map(([variable, value]) => [
            variable,
            value.replace(/^https:\/\/[^/]+/, endpoint),
          ]),
        ),
        IMAGO_POLICY_FILE: 'policies/example.yml',
        _HANDLER: `imago-test-${name}`,
        AWS_REGION: HOME.region,
        AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_ENDPOINT_URL: endpoint,
      },
    });
    return (JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as { reply: unknown }).reply;
  };

  test('answers a schedule with nothing due without a call', async () => {
    expect(await invoke('dispatch', scheduledEvent('2026-11-21T03:15:00Z'))).toEqual({
      reconcile: [],
      retire: [],
    });
    expect(stage.cloud.calls.counts()).toEqual([]);
  });

  test('reads EC2 and writes to its queue over HTTP', async () => {
    const reply = await invoke('on-ec2-event', {
      'detail-type': 'EC2 Instance State-change Notification',
      source: 'aws.ec2',
      account: ACCOUNT,
      region: HOME.region,
      detail: { 'instance-id': stage.id('web-1'), state: 'running' },
    });

    expect(reply).toEqual({ woken: [HOME], because: 'a source may need a point' });
    expect(stage.queue('backup').messages).toHaveLength(1);
  });

  test('publishes on its bus over HTTP', async () => {
    await invoke('report', scheduledEvent('2026-11-21T06:00:00Z'));

    expect(stage.cloud.events.putEvents).toMatchObject([
      { bus: 'outcomes', event: { 'detail-type': 'Imago Coverage Report' } },
    ]);
  });

  test.each(['backup', 'retire'])('%s passes a command over HTTP', async (name) => {
    const command = {
      version: 1,
      kind: name === 'backup' ? 'reconcile' : 'retire',
      target: { account: ACCOUNT, region: 'eu-west-1' },
      runId: 'run-1',
      hop: 0,
      ...(name === 'backup' ? { isSweep: false } : { spent: { removed: 0, counted: 0 } }),
    };
    const attributes = { ApproximateReceiveCount: '1', MessageGroupId: 'group-1' };
    const record = { messageId: 'message-1', body: JSON.stringify(command), attributes };

    expect(await invoke(name, { Records: [record] })).toEqual({ batchItemFailures: [] });
    expect(stage.cloud.calls.count('DescribeImages', 'eu-west-1')).toBeGreaterThan(0);
  });
});
