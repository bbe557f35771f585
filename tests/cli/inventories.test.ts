import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  addInventoryOptions,
  homeOf,
  type Inventories,
  type InventoryOptions,
  openInventories,
} from '../../cli/inventories.ts';
import { observe } from '../../cli/observe.ts';
import { clientConfig } from '../../shared/aws/connection.ts';
import { createCloud } from '../../shared/aws/ec2.ts';
import { liveUses } from '../../cli/live-uses.ts';
import { REFERENCE_SOURCES } from '../../shared/domain/model.ts';
import { referencesIn } from '../../shared/domain/references.ts';
import { ACCOUNT, createStage, DR, HOME, pointsOf, type Stage } from './fixture.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imago-inventories-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (stage: Stage, options: InventoryOptions): Promise<Inventories> =>
  stage.run((surroundings) => openInventories(options, surroundings));

const write = (stage: Stage, region: readonly string[]) =>
  stage.run((surroundings) =>
    observe({ to: dir, region, overwrite: false, json: false }, surroundings),
  );

/** Puts something of each service in the world that names an image. */
const putReferences = async (stage: Stage): Promise<string> => {
  const [imageId = ''] = pointsOf(stage, ['2026-11-01', '2026-11-02']);
  const { connection } = stage.surroundings.access;
  const ec2 = new EC2Client(clientConfig(connection, 'ec2', HOME));
  const groups = new AutoScalingClient(clientConfig(connection, 'autoscaling', HOME));
  const ssm = new SSMClient(clientConfig(connection, 'ssm', HOME));
  await stage.run(async () => {
    const LaunchTemplateName = 'web';
    const LaunchTemplateData = {
      ImageId: 'resolve:ssm:/golden/web',
      InstanceType: 't3.small',
    } as const;
    await ssm.send(
      new PutParameterCommand({ Name: '/golden/web', Type: 'String', Value: imageId }),
    );
    await ssm.send(new PutParameterCommand({ Name: '/secret', Type: 'SecureString', Value: 'x' }));
    await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }));
    const InstanceType = 't3.small';
    const LaunchConfigurationName = 'old-web';
    await groups.send(
      new CreateLaunchConfigurationCommand({
        LaunchConfigurationName,
        ImageId: imageId,
        InstanceType,
      }),
    );
    await groups.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'blue',
        LaunchTemplate: { LaunchTemplateName, Version: '$Latest' },
        MinSize: 0,
        MaxSize: 1,
        AvailabilityZones: [`${HOME}a`],
      }),
    );
  });
  return imageId;
};

describe('inventories of live AWS', () => {
  test('are of the Region that is set, which is home, now', async () => {
    const opened = await open(createStage(), {});

    expect(opened.origin).toMatchObject({ kind: 'live', session: { home: { region: HOME } } });
    expect(opened.inventories.map(({ target }) => target)).toEqual([
      { account: ACCOUNT, region: HOME },
    ]);
    expect(opened.home).toEqual({ account: ACCOUNT, region: HOME });
    expect(opened.nowMs).toBe(Date.UTC(2026, 10, 3, 2, 10));
  });

  test('are of the Regions and as of the instant that are named', async () => {
    const home = { account: ACCOUNT, region: DR };
    const opened = await open(createStage(), { region: [HOME, DR], home, now: 1_000 });

    expect(opened.inventories.map(({ target }) => target.region)).toEqual([HOME, DR]);
    expect(homeOf(opened)).toEqual(home);
    expect(opened.nowMs).toBe(1_000);
  });

  test('with a home that is not looked at are refused before anything is read', async () => {
    const stage = createStage();
    const home = { account: '210987654321', region: HOME };

    await expect(open(stage, { home })).rejects.toThrow(
      '--home: nothing is seen of 210987654321/eu-central-1, but of 111122223333/eu-central-1',
    );
    expect(stage.calls).toEqual([]);
  });

  test('have a part that AWS refused as unknown, and the others whole', async () => {
    const stage = createStage();
    stage.loseAnswer(
      { action: 'DescribeParameters' },
      { code: 'AccessDeniedException', status: 400 },
    );

    const [inventory] = (await open(stage, {})).inventories;

    expect(inventory?.parameters).toMatchObject({
      isComplete: false,
      problem: 'AccessDeniedException: The answer was lost',
    });
    expect(inventory?.instances.isComplete).toBe(true);
  });
});

describe('inventories from a folder', () => {
  test('are those of live AWS', async () => {
    const stage = createStage();
    const imageId = await putReferences(stage);
    const live = await open(stage, {});
    await write(stage, [HOME]);

    const { inventories } = await open(createStage(), { from: dir });

    const withFleets = ({ inventories: [one] }: Inventories) => ({
      ...one,
      fleets: undefined,
      spotFleetRequests: undefined,
    });
    expect(
      inventories.map((one) => ({ ...one, fleets: undefined, spotFleetRequests: undefined })),
    ).toEqual([withFleets(live)]);
    expect(inventories[0]?.images.items).toHaveLength(2);
    expect(inventories[0]?.parameters).toEqual({
      isComplete: true,
      problem: '',
      items: [
        { name: '/secret', type: 'SecureString', dataType: 'text', version: 1 },
        { name: '/golden/web', type: 'String', dataType: 'text', version: 1, value: imageId },
      ],
    });
  });

  test('ask nobody, and say when they were observed', async () => {
    await write(createStage(), [HOME]);
    const access = { region: () => Promise.reject(new Error('asked')) };
    const stage = createStage({ startsAt: '2026-12-24T00:00:00Z', access });

    const opened = await open(stage, { from: dir });

    expect(stage.calls).toEqual([]);
    expect(stage.screen.stderr).toEqual([`from ${dir}, observed 2026-11-03T02:10:00.000Z`]);
    expect(opened.nowMs).toBe(Date.UTC(2026, 10, 3, 2, 10));
    expect(opened.origin).toEqual({ kind: 'folder', dir });
    expect(opened.home).toEqual({ account: ACCOUNT, region: HOME });
  });

  test('are as of another instant where one is named', async () => {
    await write(createStage(), [HOME]);
    const stage = createStage();

    const opened = await open(stage, { from: dir, now: Date.UTC(2026, 11, 1) });

    expect(opened.nowMs).toBe(Date.UTC(2026, 11, 1));
    expect(stage.screen.stderr).toEqual([
      `from ${dir}, observed 2026-11-03T02:10:00.000Z; as of 2026-12-01T00:00:00.000Z`,
    ]);
  });

  test('say so where the instant is before they were observed', async () => {
    await write(createStage(), [HOME]);
    const stage = createStage();

    await open(stage, { from: dir, now: Date.UTC(2026, 10, 3) });

    expect(stage.screen.stderr).toEqual([
      `from ${dir}, observed 2026-11-03T02:10:00.000Z; as of 2026-11-03T00:00:00.000Z, and what came after is counted all the same`,
    ]);
  });

  test('that does not say when are as of now', async () => {
    await write(createStage(), [HOME]);
    rmSync(join(dir, ACCOUNT, HOME, 'observation.json'));
    const stage = createStage({ startsAt: '2026-12-24T00:00:00Z' });

    const opened = await open(stage, { from: dir });

    expect(opened.nowMs).toBe(Date.UTC(2026, 11, 24));
    expect(opened.inventories[0]?.observedMs).toBe(Date.UTC(2026, 11, 24));
    expect(stage.screen.stderr).toEqual([
      `from ${dir}, which does not say when it was observed; as of 2026-12-24T00:00:00.000Z`,
    ]);
  });

  test('of several targets have no home unless it is named', async () => {
    await write(createStage(), [HOME, DR]);
    const home = { account: ACCOUNT, region: DR };

    const unnamed = await open(createStage(), { from: dir });
    const named = await open(createStage(), { from: dir, home });

    expect(() => homeOf(unnamed)).toThrow(
      `several targets were observed: name the home by --home, one of ${ACCOUNT}/${HOME}, ${ACCOUNT}/${DR}`,
    );
    expect(homeOf(named)).toEqual(home);
  });

  test('that is not there are refused', async () => {
    await expect(open(createStage(), { from: join(dir, 'none') })).rejects.toThrow(
      'expected folders DIR/<12 digits of the account>/<Region>/',
    );
  });
});

describe('the uses of images in live AWS', () => {
  test('are those that an inventory shows', async () => {
    const stage = createStage();
    const imageId = await putReferences(stage);
    const { connection } = stage.surroundings.access;
    const [inventory] = (await open(stage, {})).inventories;
    const ec2 = createCloud(connection, 80, liveUses(connection)).at(
      inventory?.target ?? { account: '', region: '' },
    );
    const sources = REFERENCE_SOURCES.filter((source) => source !== 'instances');

    const uses = await stage.run(() => ec2.uses(sources, [imageId]));

    expect(uses.map(({ source }) => source)).toEqual(sources);
    const shown = inventory === undefined ? [] : referencesIn(inventory).bySource;
    for (const { source, part } of uses) {
      const items = shown.find((one) => one.source === source)?.part.items ?? [];
      expect(part.items).toEqual(items.filter((one) => one.imageId === imageId));
    }
    const named = uses.flatMap(({ part }) => part.items).map(({ kind }) => kind);
    expect(new Set(named)).toEqual(
      new Set([
        'launch-template',
        'auto-scaling-group',
        'launch-configuration',
        'parameter',
        'launch-permission',
      ]),
    );
  });

  test('by launch templates are read with two lists, however many templates there are', async () => {
    const stage = createStage();
    const call = stage.cloud.callAs(ACCOUNT, HOME);
    for (let count = 1; count <= 20; count += 1) {
      stage.cloud.ec2.CreateLaunchTemplate(
        { LaunchTemplateName: `web-${count}`, LaunchTemplateData: { InstanceType: 't3.micro' } },
        call,
      );
    }
    const { connection } = stage.surroundings.access;
    const ec2 = createCloud(connection, 80, liveUses(connection)).at({
      account: ACCOUNT,
      region: HOME,
    });

    await stage.run(() => ec2.uses(['launch-templates', 'fleets'], []));

    expect(stage.count('DescribeLaunchTemplates')).toBe(1);
    expect(stage.count('DescribeLaunchTemplateVersions')).toBe(1);
  });

  test('by launch templates alone are asked of EC2 in one call', async () => {
    const stage = createStage();
    const { connection } = stage.surroundings.access;
    const ec2 = createCloud(connection, 80, liveUses(connection)).at({
      account: ACCOUNT,
      region: HOME,
    });

    await stage.run(() => ec2.uses(['launch-templates'], []));

    expect(stage.calls.map(({ action }) => action)).toEqual(['DescribeLaunchTemplateVersions']);
  });
});

describe('options of inventories', () => {
  const parse = (...args: readonly string[]): unknown => {
    const command = addInventoryOptions(
      new Command().exitOverride().configureOutput({ writeErr: () => undefined }),
    );
    return command.parse(args, { from: 'user' }).opts();
  };

  test('are read', () => {
    expect(
      parse('--from', 'x', '--now', '2026-11-21T00:00Z', '--home', '111122223333/us-gov-east-1'),
    ).toEqual({
      from: 'x',
      now: Date.UTC(2026, 10, 21),
      home: { account: '111122223333', region: 'us-gov-east-1' },
    });
    expect(parse('--region', 'eu-central-1, eu-west-1,eu-west-1')).toEqual({
      region: ['eu-central-1', 'eu-west-1'],
    });
  });

  test.each([
    [['--now', 'yesterday'], 'Expected an instant'],
    [['--home', 'eu-central-1'], 'Expected account/Region, such as 111122223333/eu-central-1.'],
    [['--region', 'eu'], 'Unknown Region eu: expected some such as eu-central-1.'],
    [['--region', 'eu-west-1', '--from', 'x'], 'cannot be used with option'],
  ])('are refused in the form of %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});
