/** The embedded cloud and moto, side by side, behind the same clients of the SDK. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import {
  DescribeImagesCommand,
  EC2Client,
  type EC2ClientConfig,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { createRequestHandler } from '../../simulator/wire/in-process.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { ACCOUNT, createBench, DR, HOME, HOUR } from '../simulator/fixture.ts';

export interface Side {
  readonly home: EC2Client;
  readonly dr: EC2Client;
  /** A running instance at home. */
  readonly instanceId: string;
  /** Gives a call the time that it takes. */
  readonly run: <T>(call: Promise<T>) => Promise<T>;
  /** Waits until nothing is pending any more. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const settingsFor = (region: string, more: EC2ClientConfig): EC2ClientConfig => ({
  region,
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
  maxAttempts: 1,
  retryMode: 'standard',
  defaultsMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
  ...more,
});

export const openEmbedded = (): Side => {
  const bench = createBench();
  const { cloud } = bench;
  const requestHandler = createRequestHandler(
    createRouter({
      services: cloud.services,
      accountOf: () => ACCOUNT,
      nowMs: () => cloud.clock.nowMs(),
      requestId: cloud.requestId,
    }),
  );
  const clientIn = (region: string): EC2Client =>
    new EC2Client(settingsFor(region, { requestHandler, disableClockSkewCorrection: true }));
  return {
    home: clientIn(HOME),
    dr: clientIn(DR),
    instanceId: bench.id('web-1'),
    run: (call) => cloud.clock.runFor(call),
    settle: () => bench.pass(HOUR),
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

const FIND_MODULES = `
import importlib.util, sys
sys.exit(any(importlib.util.find_spec(name) is None for name in sys.argv[1:]))
`;

/** Whether Python is here with these modules. Looks for them without loading them. */
export const hasPythonModules = (...names: readonly string[]): boolean =>
  spawnSync('python3', ['-c', FIND_MODULES, ...names]).status === 0;

/** Its log goes nowhere, so that a full pipe cannot stop it. */
const startServer = async () => {
  const child = spawn('python3', ['-c', SERVER], { stdio: ['pipe', 'pipe', 'ignore'] });
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
  try {
    const home = new EC2Client(settingsFor(HOME, { endpoint }));
    const dr = new EC2Client(settingsFor(DR, { endpoint }));
    const { Images: [base] = [] } = await home.send(new DescribeImagesCommand({}));
    const launch = { ImageId: base?.ImageId, MinCount: 1, MaxCount: 1 };
    const { Instances: [instance] = [] } = await home.send(new RunInstancesCommand(launch));
    return {
      home,
      dr,
      instanceId: instance?.InstanceId ?? '',
      run: (call) => call,
      settle: () => Promise.resolve(),
      close: async () => {
        home.destroy();
        dr.destroy();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
