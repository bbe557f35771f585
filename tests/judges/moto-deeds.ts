/** What is done on both sides, and the words for it. */
import {
  CreateImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  type EC2Client,
  type Filter,
  type Image,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  type Tag,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import type { Side } from './sides.ts';

/** Something done on a side, and what comes of it as plain values, without ids and instants. */
export type On = (side: Side) => Promise<unknown>;

/** What both sides agree on. */
export interface Deed {
  readonly title: string;
  readonly on: On;
  readonly comesTo: unknown;
}

/** An id that nothing has. */
export const NOBODY = '0123456789abcdef0';

export const CANONICAL = '099720109477';

export const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** `done`, or the error's code. */
export const codeOf = async ({ run }: Side, call: Promise<unknown>): Promise<string> =>
  run(call).then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

export const tagList = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const tagsOf = ({ Tags = [] }: { readonly Tags?: readonly Tag[] | undefined }) =>
  Object.fromEntries(Tags.map(({ Key = '', Value }) => [Key, Value]));

export const tagging = (
  ResourceType: 'image' | 'snapshot' | 'instance' | 'volume' | 'launch-template',
  tags: Readonly<Record<string, string>>,
): { TagSpecifications: TagSpecification[] } => ({
  TagSpecifications: [{ ResourceType, Tags: tagList(tags) }],
});

export const describeImages = async (
  { run }: Side,
  client: EC2Client,
  Filters: Filter[],
): Promise<readonly Image[]> => {
  const call = client.send(new DescribeImagesCommand({ Owners: ['self'], Filters }));
  return (await run(call)).Images ?? [];
};

export const namesBy = async (side: Side, Name: string, ...Values: string[]) =>
  (await describeImages(side, side.home, [{ Name, Values }]))
    .map((image) => image.Name ?? '')
    .toSorted(byText);

/** One of Canonical's images, which both sides have. */
export const baseImage = async (side: Side): Promise<string> => {
  const Filters = [{ Name: 'root-device-type', Values: ['ebs'] }];
  const asked = new DescribeImagesCommand({ Owners: [CANONICAL], Filters });
  return (await side.run(side.home.send(asked))).Images?.[0]?.ImageId ?? '';
};

const DISKS = [
  { DeviceName: '/dev/sda1', Ebs: { VolumeSize: 9, VolumeType: 'gp3', DeleteOnTermination: true } },
  { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 5, VolumeType: 'gp3', DeleteOnTermination: false } },
] as const;

/** Launches one instance with two volumes, and waits until it runs. */
export const launch = async (
  side: Side,
  name: string,
  more: Partial<RunInstancesCommandInput> = {},
): Promise<string> => {
  const asked = new RunInstancesCommand({
    ImageId: await baseImage(side),
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
    BlockDeviceMappings: [...DISKS],
    ...tagging('instance', { Name: name }),
    ...more,
  });
  const { Instances: [instance] = [] } = await side.run(side.home.send(asked));
  await side.settle();
  return instance?.InstanceId ?? '';
};

/** The instance that deeds on images share; launched by the first of them. */
export const sharedInstance = async (side: Side): Promise<string> => {
  const Filters = [
    { Name: 'tag:Name', Values: ['shared'] },
    { Name: 'instance-state-name', Values: ['running'] },
  ];
  const asked = new DescribeInstancesCommand({ Filters });
  const { Reservations: [reservation] = [] } = await side.run(side.home.send(asked));
  return reservation?.Instances?.[0]?.InstanceId ?? launch(side, 'shared');
};

export const createImage = async (
  side: Side,
  Name: string,
  tags: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const asked = new CreateImageCommand({
    InstanceId: await sharedInstance(side),
    Name,
    Description: `made as ${Name}`,
    ...(Object.keys(tags).length === 0 ? {} : tagging('image', tags)),
  });
  const made = await side.run(side.home.send(asked));
  await side.settle();
  return made.ImageId ?? '';
};
