/** Instances and their volumes, as moto and the embedded cloud both have them. */
import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeRegionsCommand,
  type Filter,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  type Deed,
  baseImage,
  byText,
  codeOf,
  launch,
  NOBODY,
  tagging,
  tagsOf,
} from './moto-deeds.ts';
import { volumesBy } from './moto-storage.ts';
import type { Side } from './sides.ts';

const instancesBy = async (side: Side, Filters: Filter[]) => {
  const asked = new DescribeInstancesCommand({ Filters });
  const { Reservations = [] } = await side.run(side.home.send(asked));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
};

const stateOf = async (side: Side, instanceId: string): Promise<string | undefined> => {
  await side.settle();
  const filters = [{ Name: 'instance-id', Values: [instanceId] }];
  const [instance] = await instancesBy(side, filters);
  return instance?.State?.Name;
};

export const INSTANCE_DEEDS: readonly Deed[] = [
  {
    title: 'an instance tells its type, image, state, tags and volumes',
    on: async (side) => {
      const id = await launch(side, 'told');
      const base = await baseImage(side);
      const [instance] = await instancesBy(side, [{ Name: 'instance-id', Values: [id] }]);
      return {
        type: instance?.InstanceType,
        isOfBase: instance?.ImageId === base,
        state: instance?.State,
        tags: tagsOf(instance ?? {}),
        rootDevice: instance?.RootDeviceType,
        devices: instance?.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName),
      };
    },
    comesTo: {
      type: 't3.micro',
      isOfBase: true,
      state: { Code: 16, Name: 'running' },
      tags: { Name: 'told' },
      rootDevice: 'ebs',
      devices: ['/dev/sda1', '/dev/sdf'],
    },
  },
  {
    title: 'instances are found by state, tag, type and image',
    on: async (side) => {
      const id = await launch(side, 'found', { InstanceType: 'm5.large' });
      const isFoundBy = async (Name: string, ...Values: string[]) => {
        const filters = [
          { Name: 'tag:Name', Values: ['found'] },
          { Name, Values },
        ];
        return (await instancesBy(side, filters)).map(({ InstanceId }) => InstanceId === id);
      };
      return [
        await isFoundBy('instance-state-name', 'running', 'stopped'),
        await isFoundBy('instance-state-name', 'stopped'),
        await isFoundBy('instance-type', 'm5.large'),
        await isFoundBy('image-id', await baseImage(side)),
        await isFoundBy('tag-key', 'Name'),
        await isFoundBy('tag-key', 'name'),
      ];
    },
    comesTo: [[true], [], [true], [true], [true], []],
  },
  {
    title: 'an instance is stopped, started and terminated',
    on: async (side) => {
      const id = await launch(side, 'lived');
      const InstanceIds = [id];
      const states = [await stateOf(side, id)];
      await side.run(side.home.send(new StopInstancesCommand({ InstanceIds })));
      states.push(await stateOf(side, id));
      await side.run(side.home.send(new StartInstancesCommand({ InstanceIds })));
      states.push(await stateOf(side, id));
      await side.run(side.home.send(new StopInstancesCommand({ InstanceIds })));
      states.push(await stateOf(side, id));
      return states;
    },
    comesTo: ['running', 'stopped', 'running', 'stopped'],
  },
  {
    title: 'volumes tell their size, type, state and attachment',
    on: async (side) => {
      const id = await launch(side, 'attached');
      return (await volumesBy(side, ['attachment.instance-id', id])).map((volume) => ({
        size: volume.Size,
        type: volume.VolumeType,
        state: volume.State,
        encrypted: volume.Encrypted,
        attachments: volume.Attachments?.map(({ InstanceId, Device, State }) => [
          InstanceId === id,
          Device,
          State,
        ]),
      }));
    },
    comesTo: [
      {
        size: 5,
        type: 'gp3',
        state: 'in-use',
        encrypted: false,
        attachments: [[true, '/dev/sdf', 'attached']],
      },
      {
        size: 9,
        type: 'gp3',
        state: 'in-use',
        encrypted: false,
        attachments: [[true, '/dev/sda1', 'attached']],
      },
    ],
  },
  {
    title: 'of a terminated instance those volumes are left that were to stay',
    on: async (side) => {
      const id = await launch(side, 'gone', tagging('volume', { of: 'gone' }));
      await side.run(side.home.send(new TerminateInstancesCommand({ InstanceIds: [id] })));
      await side.settle();
      const left = await volumesBy(side, ['tag:of', 'gone']);
      return left.map(({ Size, State, Attachments }) => [Size, State, Attachments ?? []]);
    },
    comesTo: [[5, 'available', []]],
  },
  {
    title: 'an instance protected from termination is not terminated',
    on: async (side) => {
      const InstanceId = await launch(side, 'protected');
      const protect = (Value: boolean) => {
        const DisableApiTermination = { Value };
        const change = { InstanceId, DisableApiTermination };
        return side.run(side.home.send(new ModifyInstanceAttributeCommand(change)));
      };
      const isProtected = async () => {
        const asked = { InstanceId, Attribute: 'disableApiTermination' } as const;
        const answer = await side.run(side.home.send(new DescribeInstanceAttributeCommand(asked)));
        return answer.DisableApiTermination?.Value;
      };
      const terminate = () =>
        codeOf(side, side.home.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] })));
      const before = await isProtected();
      await protect(true);
      const between = [await isProtected(), await terminate()];
      await protect(false);
      return [before, ...between, await isProtected(), await terminate()];
    },
    comesTo: [false, true, 'OperationNotPermitted', false, 'done'],
  },
  {
    title: 'the status of running instances is told, and of others when asked',
    on: async (side) => {
      const InstanceId = await launch(side, 'status');
      const InstanceIds = [InstanceId];
      const tell = async (IncludeAllInstances: boolean) => {
        const asked = new DescribeInstanceStatusCommand({ InstanceIds, IncludeAllInstances });
        const { InstanceStatuses = [] } = await side.run(side.home.send(asked));
        return InstanceStatuses.map(({ InstanceState }) => InstanceState?.Name);
      };
      const running = await tell(false);
      await side.run(side.home.send(new StopInstancesCommand({ InstanceIds })));
      await side.settle();
      return [running, await tell(false), await tell(true)];
    },
    comesTo: [['running'], [], ['stopped']],
  },
  {
    title: 'an instance that is not there is refused',
    on: async (side) => {
      const { home } = side;
      const InstanceId = `i-${NOBODY}`;
      const InstanceIds = [InstanceId];
      const asked = { InstanceId, Attribute: 'instanceType' } as const;
      return [
        await codeOf(side, home.send(new StopInstancesCommand({ InstanceIds }))),
        await codeOf(side, home.send(new StartInstancesCommand({ InstanceIds }))),
        await codeOf(side, home.send(new TerminateInstancesCommand({ InstanceIds }))),
        await codeOf(side, home.send(new RebootInstancesCommand({ InstanceIds }))),
        await codeOf(side, home.send(new DescribeInstanceAttributeCommand(asked))),
      ];
    },
    comesTo: [
      'InvalidInstanceID.NotFound',
      'InvalidInstanceID.NotFound',
      'InvalidInstanceID.NotFound',
      'InvalidInstanceID.NotFound',
      'InvalidInstanceID.NotFound',
    ],
  },
  {
    title: 'Regions are told apart',
    on: async (side) => {
      const id = await launch(side, 'regional');
      const Filters = [{ Name: 'tag:Name', Values: ['regional'] }];
      const elsewhere = side.dr.send(new DescribeInstancesCommand({ Filters }));
      const RegionNames = ['eu-central-1', 'eu-west-1'];
      const regions = side.home.send(new DescribeRegionsCommand({ RegionNames }));
      return {
        here: (await instancesBy(side, Filters)).map(({ InstanceId }) => InstanceId === id),
        there: (await side.run(elsewhere)).Reservations ?? [],
        regions: (await side.run(regions)).Regions?.map(
          ({ RegionName = '' }) => RegionName,
        ).toSorted(byText),
      };
    },
    comesTo: { here: [true], there: [], regions: ['eu-central-1', 'eu-west-1'] },
  },
];
