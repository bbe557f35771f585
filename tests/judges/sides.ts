/** The embedded cloud and moto, side by side, behind the same clients of the SDK. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { createRequestHandler } from '../../simulator/wire/in-process.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { ACCOUNT, createBench, DR, HOME, HOUR } from '../simulator/fixture.ts';
import { environmentOf } from './programs.ts';

interface Clients {
  readonly home: EC2Client;
  readonly dr: EC2Client;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
  readonly events: EventBridgeClient;
}

export interface Side extends Clients {
  /** Gives a call the time that it takes. */
  readonly run: <T>(call: Promise<T>) => Promise<T>;
  /** Waits until nothing is pending any more. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** All that a client would look up: one that waits for the disk lets virtual time run dry. */
const SETTINGS = {
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
  maxAttempts: 1,
  retryMode: 'standard',
  defaultsMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
  authSchemePreference: [] as string[],
} as const;

/** `place` says where the calls go: an endpoint, or a handler of requests. */
const clientsAt = (place: object): Clients => {
  const atHome = { ...SETTINGS, ...place, region: HOME };
  return {
    home: new EC2Client(atHome),
    dr: new EC2Client({ ...atHome, region: DR }),
    sqs: new SQSClient(atHome),
    ssm: new SSMClient(atHome),
    sts: new STSClient(atHome),
    events: new EventBridgeClient(atHome),
  };
};

export const openEmbedded = (): Side => {
  const { cloud, pass } = createBench();
  const router = createRouter({
    services: cloud.services,
    accountOf: () => ACCOUNT,
    nowMs: () => cloud.clock.nowMs(),
    requestId: cloud.requestId,
  });
  const requestHandler = createRequestHandler((request) =>
    router.routeWaiting(request, (delayMs) => cloud.clock.sleep(delayMs)),
  );
  return {
    ...clientsAt({
      endpoint: 'https://embedded.invalid',
      requestHandler,
      disableClockSkewCorrection: true,
    }),
    run: (call) => cloud.clock.runFor(call),
    settle: () => pass(HOUR),
    close: () => Promise.resolve(),
  };
};

/** Says its port, and ends with its standard input: also when whoever started it is killed. */
const SERVER = `
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
`;

/** Its log goes nowhere, so that a full pipe cannot stop it. */
const startServer = async () => {
  const child = spawn('python3', ['-c', SERVER], {
    env: environmentOf({ MOTO_ACCOUNT_ID: ACCOUNT }),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`moto ended with ${code} before it was ready`)));
  });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      child.once('exit', () => {
        resolve();
      });
      child.stdin.end();
      child.kill();
    });
  return { endpoint: `http://127.0.0.1:${port}`, stop };
};

export const openMoto = async (): Promise<Side> => {
  const { endpoint, stop } = await startServer();
  const clients = clientsAt({ endpoint });
  return {
    ...clients,
    run: (call) => call,
    settle: () => Promise.resolve(),
    close: async () => {
      const { home, dr, sqs, ssm, sts, events } = clients;
      for (const client of [home, dr, sqs, ssm, sts, events]) client.destroy();
      await stop();
    },
  };
};
