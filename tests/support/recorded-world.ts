/**
 * A world of two thousand images to look at: the product backs up a fleet for ten days, and people
 * have done beside it what people do. Made on a calm embedded cloud; the same each time.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CopyImageCommand,
  CreateFleetCommand,
  CreateImageCommand,
  type CreateImageCommandInput,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeregisterImageCommand,
  DisableImageBlockPublicAccessCommand,
  DisableImageCommand,
  EC2Client,
  EnableImageDeprecationCommand,
  ModifyImageAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { deployEmbedded, EMBEDDED_ACCOUNT, startCloud } from '../../cli/embedded.ts';
import { connectInProcess } from '../../cli/embedded-connection.ts';
import { clientConfig } from '../../shared/aws/connection.ts';
import type { EmbeddedCloud } from '../../simulator/cloud.ts';
import { CALM_MANNERS } from '../../simulator/manners.ts';
import { createRequestHandler } from '../../simulator/wire/in-process.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { type InstanceSpec, type ScenarioWorld, createWorld } from './scenario-world.ts';

const ROOT = join(import.meta.dirname, '../..');
const HOME = 'eu-central-1';
const DR = 'eu-west-1';
const START = '2026-11-01T00:10:00Z';

/** Ten days later, when all of it has been made. */
export const RECORDED_AT = '2026-11-11T00:40:00Z';

const WEB_SERVERS = 60;
const DATABASES = 10;
/** Of each, on one day each, by a script that nobody looks after any more. */
const HAND_MADE = 40;

export interface RecordedWorld extends ScenarioWorld {
  readonly cloud: EmbeddedCloud;
  /** What stands out, by a name for it: ids of images. */
  readonly known: Readonly<Record<string, string>>;
}

const numbered = (role: string, count: number, tags: InstanceSpec['tags']): InstanceSpec[] =>
  Array.from({ length: count }, (_, index) => {
    const name = `${role}-${String(index + 1).padStart(2, '0')}`;
    return { name, tags: { Name: name, role, ...tags } };
  });

const INSTANCES: readonly InstanceSpec[] = [
  ...numbered('web', WEB_SERVERS, { Backup: 'daily', Env: 'prod', 'cost-center': '4711' }),
  ...numbered('db', DATABASES, { Backup: '6h', Env: 'prod' }),
  ...numbered('tool', 4, { Env: 'test' }).map((spec) => ({ ...spec, state: 'stopped' as const })),
];

export const createRecordedWorld = async (): Promise<RecordedWorld> => {
  const started = startCloud({ seed: 11, startMs: Date.parse(START), manners: CALM_MANNERS });
  const { cloud } = started;
  const world = createWorld(cloud, HOME, INSTANCES);
  deployEmbedded(started, {
    homeRegion: HOME,
    wiring: readFileSync(join(ROOT, 'serverless.yml'), 'utf8'),
    params: {
      policyFile: join(ROOT, 'policies/example.yml'),
      retireMode: 'plan',
      deployment: 'imago',
    },
    isDirect: true,
    keepsLog: false,
  });
  await cloud.clock.runUntil(Date.parse(RECORDED_AT) - TWO_HOURS_MS);
  const known = await cloud.clock.runFor(liveIn(cloud, world));
  await cloud.clock.runUntil(Date.parse(RECORDED_AT));
  return { ...world, cloud, known };
};

const TWO_HOURS_MS = 7_200_000;

/** Clients as people's tools have them. */
const clientsOf = (cloud: EmbeddedCloud) => {
  const route = createRouter({
    services: cloud.services,
    accountOf: () => EMBEDDED_ACCOUNT,
    nowMs: () => cloud.clock.nowMs(),
    requestId: cloud.requestId,
  });
  const connection = connectInProcess({
    requestHandler: createRequestHandler(route, { delay: () => Promise.resolve() }),
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    clock: cloud.clock,
    jitter: () => 0.5,
  });
  return {
    ec2: new EC2Client(clientConfig(connection, 'ec2', HOME)),
    ec2There: new EC2Client(clientConfig(connection, 'ec2', DR)),
    ssm: new SSMClient(clientConfig(connection, 'ssm', HOME)),
    groups: new AutoScalingClient(clientConfig(connection, 'autoscaling', HOME)),
  };
};

const tagged = (
  tags: Readonly<Record<string, string>>,
): CreateImageCommandInput['TagSpecifications'] => {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return [
    { ResourceType: 'image', Tags },
    { ResourceType: 'snapshot', Tags },
  ];
};

/** What people have made and left: each way to refer to an image once. */
const liveIn = async (
  cloud: EmbeddedCloud,
  { id }: ScenarioWorld,
): Promise<Readonly<Record<string, string>>> => {
  const { ec2, ec2There, ssm, groups } = clientsOf(cloud);
  const bake = async (name: string, tags: Readonly<Record<string, string>>): Promise<string> => {
    const { ImageId = '' } = await ec2.send(
      new CreateImageCommand({
        InstanceId: id('tool-01'),
        Name: name,
        NoReboot: true,
        TagSpecifications: tagged(tags),
      }),
    );
    await cloud.clock.sleep(60_000); // no volume takes two snapshots at once
    return ImageId;
  };
  for (let day = 1; day <= HAND_MADE; day += 1) await bake(`nightly-${day}`, { made: 'by-hand' });
  const golden = (name: string): Promise<string> =>
    bake(`golden-${name}`, { role: 'golden', version: '1.0', stack: 'production' });
  const known = {
    running: await golden('running'),
    templateDefault: await golden('template-default'),
    templateLatest: await golden('template-latest'),
    templateOld: await golden('template-old'),
    pinned: await golden('pinned'),
    override: await golden('override'),
    configuration: await golden('configuration'),
    parameter: await golden('parameter'),
    byParameter: await golden('by-parameter'),
    fleet: await golden('fleet'),
    shared: await golden('shared'),
    public: await golden('public'),
    deprecated: await golden('deprecated'),
    disabled: await golden('disabled'),
    gone: await golden('gone'),
    unused: await golden('unused'),
  };
  const template = async (
    name: string,
    images: readonly string[],
    isDefault = 1,
  ): Promise<void> => {
    const [first = '', ...others] = images;
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: name,
        LaunchTemplateData: { ImageId: first, InstanceType: 't3.small' },
      }),
    );
    for (const ImageId of others) {
      await ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateName: name,
          LaunchTemplateData: { ImageId, InstanceType: 't3.small' },
        }),
      );
    }
    if (isDefault !== 1)
      throw new Error('every template here has its first version as its default');
  };
  await template('web', [known.templateDefault, known.templateOld, known.templateLatest]);
  await template('blue', [known.gone, known.pinned, known.running]);
  await template('mixed', [known.running, known.override, known.running]);
  await template('fleet', [known.fleet]);
  await ssm.send(
    new PutParameterCommand({ Name: '/golden/web', Type: 'String', Value: known.parameter }),
  );
  await ssm.send(
    new PutParameterCommand({ Name: '/golden/launch', Type: 'String', Value: known.byParameter }),
  );
  await template('by-parameter', ['resolve:ssm:/golden/launch']);
  await groups.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'left-behind',
      ImageId: known.configuration,
      InstanceType: 't3.small',
    }),
  );
  const zones = [`${HOME}a`];
  await groups.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'blue',
      MinSize: 0,
      MaxSize: 4,
      DesiredCapacity: 0,
      AvailabilityZones: zones,
      LaunchTemplate: { LaunchTemplateName: 'blue', Version: '2' },
    }),
  );
  await groups.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'mixed',
      MinSize: 0,
      MaxSize: 4,
      DesiredCapacity: 0,
      AvailabilityZones: zones,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateName: 'mixed', Version: '$Default' },
          Overrides: [
            {
              InstanceType: 't3.large',
              LaunchTemplateSpecification: { LaunchTemplateName: 'mixed', Version: '2' },
            },
          ],
        },
      },
    }),
  );
  await ec2.send(
    new CreateFleetCommand({
      Type: 'maintain',
      TargetCapacitySpecification: { TotalTargetCapacity: 0 },
      LaunchTemplateConfigs: [
        { LaunchTemplateSpecification: { LaunchTemplateName: 'fleet', Version: '1' } },
      ],
    }),
  );
  await cloud.clock.sleep(1_800_000); // until all of them are ready
  await ec2.send(
    new RunInstancesCommand({
      ImageId: known.running,
      InstanceType: 't3.small',
      MinCount: 2,
      MaxCount: 2,
    }),
  );
  await ec2.send(new DisableImageBlockPublicAccessCommand({}));
  const share = (ImageId: string, to: { readonly UserId: string } | { readonly Group: 'all' }) =>
    ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [to] } }));
  await share(known.shared, { UserId: '210987654321' });
  await share(known.public, { Group: 'all' });
  for (const [ImageId, InstanceType] of [
    [known.deprecated, 't3.small'],
    [known.disabled, 't3.small'],
    [known.gone, 't3.small'],
  ] as const) {
    await ec2.send(new RunInstancesCommand({ ImageId, InstanceType, MinCount: 1, MaxCount: 1 }));
  }
  const soon = new Date(cloud.clock.nowMs() + 120_000);
  await ec2.send(
    new EnableImageDeprecationCommand({ ImageId: known.deprecated, DeprecateAt: soon }),
  );
  await ec2.send(new DisableImageCommand({ ImageId: known.disabled }));
  await ec2.send(new DeregisterImageCommand({ ImageId: known.gone }));
  await ec2There.send(
    new CopyImageCommand({ Name: 'by-hand', SourceImageId: known.unused, SourceRegion: HOME }),
  );
  return known;
};
