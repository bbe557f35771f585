import {
  AutoScalingClient,
  type AutoScalingInstancesType,
  DeleteAutoScalingGroupCommand,
  type LaunchConfigurationsType,
  paginateDescribeAutoScalingGroups,
  ResourceInUseFault,
  type TagsType,
} from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../../simulator/wire/router.ts';
import { ACCOUNT, DR, HOME, MINUTE } from './fixture.ts';
import { createScalingBench } from './scaling-fixture.ts';
import { settingsFor } from './wire/clients.ts';

const UUID = '[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}';

describe('a list of Auto Scaling', () => {
  it('is of one account and Region, and leaves out names that there are not', () => {
    const { cloud, create, ask } = createScalingBench();
    create('blue');
    const listed = (account: string, region: string) =>
      ask('DescribeAutoScalingGroups', {}, cloud.callAs(account, region))['AutoScalingGroups'];
    expect(listed(ACCOUNT, 'eu-central-1')).toHaveLength(1);
    expect([listed(ACCOUNT, DR), listed('444455556666', 'eu-central-1')]).toEqual([[], []]);
    expect(ask('DescribeAutoScalingGroups', { AutoScalingGroupNames: ['none'] })).toEqual({
      AutoScalingGroups: [],
      NextToken: undefined,
    });
  });

  it('comes in pages', () => {
    const { create, ask } = createScalingBench();
    for (const name of ['c', 'a', 'b']) create(name);
    const page = (NextToken?: unknown) =>
      ask('DescribeAutoScalingGroups', { MaxRecords: 2, NextToken });
    const first = page();
    expect(first['AutoScalingGroups']).toMatchObject([
      { AutoScalingGroupName: 'a' },
      { AutoScalingGroupName: 'b' },
    ]);
    const rest = page(first['NextToken']);
    expect(rest).toMatchObject({ AutoScalingGroups: [{ AutoScalingGroupName: 'c' }] });
    expect(rest['NextToken']).toBeUndefined();
  });

  it('tells the instances of all groups, or some of them, with their health in capitals', async () => {
    const { create, ask, instancesOf, id, pass } = createScalingBench();
    create('a', { MinSize: 1 });
    create('b', { MinSize: 1 });
    await pass(MINUTE);
    const tell = (input: object) =>
      ask<AutoScalingInstancesType>('DescribeAutoScalingInstances', input).AutoScalingInstances;
    const [one] = instancesOf('b');
    expect(tell({})).toHaveLength(2);
    expect(tell({ InstanceIds: [one?.InstanceId, id('web-1')] })).toEqual([
      { ...one, AutoScalingGroupName: 'b', HealthStatus: 'HEALTHY' },
    ]);
  });

  it('leaves the instances out where that is asked', async () => {
    const { create, ask, pass } = createScalingBench();
    create('a', { MinSize: 1 });
    await pass(MINUTE);
    expect(ask('DescribeAutoScalingGroups', { IncludeInstances: false })).toMatchObject({
      AutoScalingGroups: [{ DesiredCapacity: 1, Instances: [] }],
    });
  });
});

describe('the SDK of JavaScript, in process', () => {
  it('pages through groups, and throws by its own classes', async () => {
    const { cloud, create, pass } = createScalingBench();
    for (const name of ['a', 'b', 'c']) create(name, { MinSize: 1 });
    await pass(MINUTE);
    const route = createRouter({
      services: cloud.services,
      accountOf: () => ACCOUNT,
      nowMs: () => cloud.clock.nowMs(),
      requestId: cloud.requestId,
    });
    const client = new AutoScalingClient({ ...settingsFor(route), region: HOME });
    const pages: unknown[] = [];
    const paging = { client, pageSize: 2 };
    for await (const page of paginateDescribeAutoScalingGroups(paging, {})) {
      pages.push(page.AutoScalingGroups?.map((one) => [one.AutoScalingGroupName, one.CreatedTime]));
    }
    const created = new Date('2026-11-21T03:00:00Z');
    expect(pages).toEqual([
      [
        ['a', created],
        ['b', created],
      ],
      [['c', created]],
    ]);
    const remove = new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'a' });
    await expect(client.send(remove)).rejects.toBeInstanceOf(ResourceInUseFault);
  });
});

describe('a launch configuration', () => {
  it('is told with empty texts where nothing was said', () => {
    const { ask, imageId } = createScalingBench();
    const { LaunchConfigurations } = ask<LaunchConfigurationsType>('DescribeLaunchConfigurations');
    expect(LaunchConfigurations).toEqual([
      {
        LaunchConfigurationName: 'old-web',
        LaunchConfigurationARN: expect.stringMatching(
          new RegExp(
            `^arn:aws:autoscaling:eu-central-1:111122223333:launchConfiguration:${UUID}:` +
              'launchConfigurationName/old-web$',
          ),
        ),
        ImageId: imageId,
        InstanceType: 't3.small',
        KeyName: '',
        SecurityGroups: [],
        ClassicLinkVPCSecurityGroups: [],
        UserData: '',
        KernelId: '',
        RamdiskId: '',
        BlockDeviceMappings: [],
        InstanceMonitoring: { Enabled: true },
        EbsOptimized: false,
        CreatedTime: new Date('2026-11-21T03:00:00Z'),
      },
    ]);
  });

  it('is made of an instance, by itself or for a group', () => {
    const { ask, create, group, id, instance } = createScalingBench();
    const InstanceId = id('web-1');
    const LaunchConfigurationName = 'of-web-1';
    ask('CreateLaunchConfiguration', { LaunchConfigurationName, InstanceId, KeyName: 'mine' });
    create('green', { LaunchTemplate: undefined, InstanceId });
    const { LaunchConfigurations = [] } = ask<LaunchConfigurationsType>(
      'DescribeLaunchConfigurations',
      { LaunchConfigurationNames: ['of-web-1', 'green'] },
    );
    const { ImageId, InstanceType, KeyName } = instance(InstanceId) ?? {};
    expect(LaunchConfigurations.map((one) => [one.ImageId, one.InstanceType, one.KeyName])).toEqual(
      [
        [ImageId, InstanceType, KeyName],
        [ImageId, InstanceType, 'mine'],
      ],
    );
    expect(group('green')).toMatchObject({ LaunchConfigurationName: 'green' });
  });

  it('is deleted when no group launches by it', () => {
    const { ask } = createScalingBench();
    ask('DeleteLaunchConfiguration', { LaunchConfigurationName: 'old-web' });
    expect(ask('DescribeLaunchConfigurations')).toMatchObject({ LaunchConfigurations: [] });
  });
});

describe('tags of groups', () => {
  it('are set, changed, filtered and deleted', () => {
    const { ask, create } = createScalingBench();
    const tag = (ResourceId: string, Key: string, Value: string, PropagateAtLaunch = false) => ({
      ResourceId,
      ResourceType: 'auto-scaling-group',
      Key,
      Value,
      PropagateAtLaunch,
    });
    const told = (Filters?: object) => ask<TagsType>('DescribeTags', { Filters }).Tags;
    create('a', { Tags: [{ Key: 'role', Value: 'web' }] });
    create('b', { Tags: [{ Key: 'team', Value: 'x', PropagateAtLaunch: true }] });
    ask('CreateOrUpdateTags', { Tags: [tag('a', 'role', 'db'), tag('a', 'Name', 'n', true)] });
    expect(told()).toEqual([
      tag('a', 'Name', 'n', true),
      tag('a', 'role', 'db'),
      tag('b', 'team', 'x', true),
    ]);
    expect(told([{ Name: 'auto-scaling-group', Values: ['b'] }])).toHaveLength(1);
    expect(told([{ Name: 'propagate-at-launch', Values: ['false'] }])).toEqual([
      tag('a', 'role', 'db'),
    ]);
    expect(
      told([
        { Name: 'key', Values: ['team', 'role'] },
        { Name: 'value', Values: ['x'] },
      ]),
    ).toEqual([tag('b', 'team', 'x', true)]);
    const kept = { ResourceId: 'a', Key: 'role', Value: 'web' };
    const gone = { ResourceId: 'a', Key: 'Name' };
    ask('DeleteTags', { Tags: [kept, gone] });
    expect(told([{ Name: 'auto-scaling-group', Values: ['a'] }])).toEqual([tag('a', 'role', 'db')]);
  });

  it.each([
    [{ Name: 'tag:role', Values: ['web', 'db'] }, ['a', 'b']],
    [{ Name: 'tag:role', Values: ['db'] }, ['b']],
    [{ Name: 'tag-key', Values: ['team'] }, ['b']],
    [{ Name: 'tag-value', Values: ['web'] }, ['a']],
    [{ Name: 'tag:none', Values: [''] }, []],
  ])('select groups by %j', (filter, expected) => {
    const { ask, create } = createScalingBench();
    create('a', { Tags: [{ Key: 'role', Value: 'web' }] });
    create('b', {
      Tags: [
        { Key: 'role', Value: 'db' },
        { Key: 'team', Value: 'x' },
      ],
    });
    const { AutoScalingGroups } = ask('DescribeAutoScalingGroups', { Filters: [filter] });
    expect(AutoScalingGroups).toMatchObject(
      expected.map((AutoScalingGroupName) => ({ AutoScalingGroupName })),
    );
    expect(AutoScalingGroups).toHaveLength(expected.length);
  });
});
