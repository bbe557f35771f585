/**
 * The shell lines of docs/observe.md, run as they stand there by a shell with the AWS CLI: what they
 * write is read back whole.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { referencesIn } from '../../shared/domain/references.ts';
import { inventoryOf } from '../../shared/inventory/inventory-of.ts';
import { listTargets, readDocuments } from '../../shared/inventory/read-folder.ts';
import {
  ACCOUNT,
  HOME,
  type JudgedCloud,
  makeImage,
  openCloud,
  settingsAt,
} from './judged-cloud.ts';
import { hasProgram, runProgram, WALK_LIMIT_MS } from './programs.ts';

const DOC = join(import.meta.dirname, '../../docs/observe.md');

/** The lines for one Region: each call starts a program. */
const shellLines = (): string => {
  const [, lines = ''] = /```sh\n(.*?)```/s.exec(readFileSync(DOC, 'utf8')) ?? [];
  return lines.replace('eu-central-1 eu-west-1;', `${HOME};`);
};

/** Eleven parameters are two calls; a secret is one more that is not asked for. */
const fill = async (cloud: JudgedCloud): Promise<string> => {
  const { imageId } = await makeImage(cloud, 'cli/observed');
  const ec2 = new EC2Client(settingsAt(cloud, ACCOUNT, HOME));
  const ssm = new SSMClient(settingsAt(cloud, ACCOUNT, HOME));
  const LaunchTemplateData = { ImageId: 'resolve:ssm:/golden/1' };
  await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData }),
  );
  for (let number = 1; number <= 11; number += 1) {
    const Name = `/golden/${number}`;
    await ssm.send(new PutParameterCommand({ Name, Type: 'String', Value: imageId }));
  }
  await ssm.send(new PutParameterCommand({ Name: '/secret', Type: 'SecureString', Value: 'x' }));
  ec2.destroy();
  ssm.destroy();
  return imageId;
};

const PARTS = [
  'instances',
  'images',
  'othersImages',
  'permissions',
  'snapshots',
  'volumes',
  'launchTemplates',
  'launchTemplateVersions',
  'autoScalingGroups',
  'launchConfigurations',
  'parameters',
  'fleets',
  'spotFleetRequests',
] as const;

describe.skipIf(!hasProgram('aws', '--version'))('shell lines for the AWS CLI (aws)', () => {
  let cloud: JudgedCloud;
  let directory = '';
  let imageId = '';
  let inventories: readonly Inventory[] = [];

  beforeAll(async () => {
    cloud = await openCloud();
    directory = mkdtempSync(join(tmpdir(), 'imago-shell-lines-'));
    imageId = await fill(cloud);
    const { environment } = cloud;
    await runProgram('sh', ['-c', shellLines()], {
      environment,
      directory,
      timeLimitMs: WALK_LIMIT_MS,
    });
    const dir = join(directory, 'observed');
    inventories = listTargets(dir).map((target) => {
      const { documents, observedMs = 0 } = readDocuments(dir, target);
      return inventoryOf(target, documents, observedMs);
    });
  }, WALK_LIMIT_MS);

  afterAll(async () => {
    rmSync(directory, { recursive: true, force: true });
    await cloud.close();
  });

  test('write all kinds of a target whole, and when', () => {
    const [inventory] = inventories;

    expect(inventory?.target).toEqual({ account: ACCOUNT, region: HOME });
    expect(inventory?.observedMs).toBeGreaterThan(0);
    expect(PARTS.map((part) => [part, inventory?.[part].problem])).toEqual(
      PARTS.map((part) => [part, '']),
    );
  });

  test('tell who refers to an image, parameters beyond the first ten included', () => {
    const uses = inventories.flatMap((inventory) => referencesIn(inventory).bySource);
    const namesOf = (source: string) =>
      uses
        .filter((one) => one.source === source)
        .flatMap(({ part }) => part.items.filter((one) => one.imageId === imageId))
        .map(({ kind }) => kind);

    expect(namesOf('launch-templates')).toEqual(['launch-template']);
    expect(namesOf('parameters')).toHaveLength(11);
    expect(namesOf('launch-permissions')).toEqual(['launch-permission']);
  });

  test('ask for the images of others that something launches from', () => {
    expect(inventories[0]?.othersImages.items.map(({ name }) => name)).toEqual([
      'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04',
    ]);
  });
});
