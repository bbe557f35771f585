/** The embedded cloud on a port of this machine, for programs of others: as `imago cloud` serves it. */
import { join } from 'node:path';
import {
  CreateImageCommand,
  DescribeImagesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { serveCloud } from '../../cli/cloud.ts';
import type { LiveCloud } from '../../cli/live-cloud.ts';
import { runProgram } from './programs.ts';

export const ACCOUNT = '111122223333';
export const FRIEND = '444455556666';
export const HOME = 'eu-central-1';
export const DR = 'eu-west-1';

/** Canonical's image, which every embedded cloud has. */
export const UBUNTU = 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04';

export interface JudgedCloud {
  readonly live: LiveCloud;
  readonly endpoint: string;
  /** What a user of the AWS tools is told to set; no file of this machine is read. */
  readonly environment: Readonly<Record<string, string>>;
  /** What went wrong inside of the embedded cloud; must stay empty. */
  readonly defects: readonly string[];
  readonly close: () => Promise<void>;
}

/** A calm cloud with public images and nothing else in it. */
export const openCloud = async (): Promise<JudgedCloud> => {
  const defects: string[] = [];
  const served = await serveCloud({ port: 0, profile: 'calm', seed: 1 }, (defect) => {
    defects.push(defect.stack ?? defect.message);
  });
  return {
    ...served,
    defects,
    environment: {
      AWS_ENDPOINT_URL: served.endpoint,
      AWS_ACCESS_KEY_ID: ACCOUNT,
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_REGION: HOME,
      AWS_DEFAULT_REGION: HOME,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
  };
};

/** What a walk (walks/*.py), by whatever of Python's clients it uses, has found in this cloud. */
export const walkThrough = async (
  { environment }: JudgedCloud,
  walk: string,
): Promise<Readonly<Record<string, unknown>>> => {
  const path = join(import.meta.dirname, 'walks', walk);
  const { status, stdout, stderr } = await runProgram('python3', ['-B', path], { environment });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
};

export const settingsAt = ({ endpoint }: JudgedCloud, account: string, region: string) => ({
  endpoint,
  region,
  credentials: { accessKeyId: account, secretAccessKey: 'any' },
});

/** An instance and an image of it, in a cloud that has none, over HTTP. */
export const makeImage = async (cloud: JudgedCloud, Name: string) => {
  const client = new EC2Client(settingsAt(cloud, ACCOUNT, HOME));
  try {
    const images = await client.send(
      new DescribeImagesCommand({ Filters: [{ Name: 'name', Values: [UBUNTU] }] }),
    );
    const launch = { ImageId: images.Images?.[0]?.ImageId, MinCount: 1, MaxCount: 1 };
    const { Instances: [instance] = [] } = await client.send(new RunInstancesCommand(launch));
    const instanceId = instance?.InstanceId ?? '';
    const made = await client.send(new CreateImageCommand({ InstanceId: instanceId, Name }));
    return { instanceId, imageId: made.ImageId ?? '' };
  } finally {
    client.destroy();
  }
};
