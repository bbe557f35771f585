/**
 * moto as a judge of the embedded cloud: the same calls by the same clients, on both. Only what moto
 * is known to have right is compared; its images know no `pending`, no pages and no snapshot tags.
 */
import {
  CopyImageCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type EC2Client,
  type Filter,
  type Image,
  ModifyLaunchTemplateCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOME } from '../simulator/fixture.ts';
import { hasPythonModules, openEmbedded, openMoto, type Side } from './sides.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const describeImages = async (
  { run }: Side,
  client: EC2Client,
  Filters: Filter[],
): Promise<readonly Image[]> => {
  const call = client.send(new DescribeImagesCommand({ Owners: ['self'], Filters }));
  return (await run(call)).Images ?? [];
};

const namesBy = async (side: Side, Name: string, ...Values: string[]) =>
  (await describeImages(side, side.home, [{ Name, Values }]))
    .map((image) => image.Name ?? '')
    .toSorted(byText);

const createImage = async (side: Side, Name: string, tags: Record<string, string> = {}) => {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const made = await side.run(
    side.home.send(
      new CreateImageCommand({
        InstanceId: side.instanceId,
        Name,
        Description: `made as ${Name}`,
        ...(Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: 'image', Tags }] }),
      }),
    ),
  );
  await side.settle();
  return made.ImageId ?? '';
};

/** `done`, or EC2's error code. */
const codeOf = async ({ run }: Side, call: Promise<unknown>): Promise<string> =>
  run(call).then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

const tagsOf = ({ Tags = [] }: Image) =>
  Object.fromEntries(Tags.map(({ Key = '', Value }) => [Key, Value]));

interface Deed {
  readonly title: string;
  readonly on: (side: Side) => Promise<unknown>;
  readonly comesTo: unknown;
}

const NOBODY = '0123456789abcdef0';

const DEEDS: readonly Deed[] = [
  {
    title: 'images are found by name, wildcard, tag, tag key and state',
    on: async (side) => {
      await createImage(side, 'find/one', { role: 'web', 'imago:deployment': 'prod' });
      await createImage(side, 'find/two', { role: 'db' });
      return [
        await namesBy(side, 'name', 'find/one'),
        await namesBy(side, 'name', 'find/*'),
        await namesBy(side, 'name', 'find/t?o', 'find/one'),
        await namesBy(side, 'name', 'FIND/*'),
        await namesBy(side, 'tag:imago:deployment', 'prod'),
        await namesBy(side, 'tag:role', 'web', 'cache'),
        await namesBy(side, 'tag-key', 'role'),
        await namesBy(side, 'state', 'failed'),
      ];
    },
    comesTo: [
      ['find/one'],
      ['find/one', 'find/two'],
      ['find/one', 'find/two'],
      [],
      ['find/one'],
      ['find/one'],
      ['find/one', 'find/two'],
      [],
    ],
  },
  {
    title: 'an image tells its name, description, state and tags',
    on: async (side) => {
      await createImage(side, 'tell/one', { Name: 'web <1> & "co"', empty: '' });
      const filters = [{ Name: 'name', Values: ['tell/one'] }];
      return (await describeImages(side, side.home, filters)).map((image) => ({
        name: image.Name,
        description: image.Description,
        state: image.State,
        isPublic: image.Public,
        tags: tagsOf(image),
        hasSnapshots: image.BlockDeviceMappings?.some(({ Ebs }) => Ebs?.SnapshotId !== undefined),
        isDated: !Number.isNaN(Date.parse(image.CreationDate ?? '')),
      }));
    },
    comesTo: [
      {
        name: 'tell/one',
        description: 'made as tell/one',
        state: 'available',
        isPublic: false,
        tags: { Name: 'web <1> & "co"', empty: '' },
        hasSnapshots: true,
        isDated: true,
      },
    ],
  },
  {
    title: 'a copy is another image, in the Region that was asked, without the tags',
    on: async (side) => {
      const source = await createImage(side, 'copy/one', { role: 'web' });
      const request = { Name: 'copy/two', SourceImageId: source, SourceRegion: HOME };
      const copy = await side.run(side.dr.send(new CopyImageCommand(request)));
      await side.settle();
      const filters = [{ Name: 'name', Values: ['copy/*'] }];
      const [here, there] = [
        await describeImages(side, side.home, filters),
        await describeImages(side, side.dr, filters),
      ];
      return {
        here: here.map(({ Name }) => Name),
        there: there.map((image) => [image.Name, image.State, tagsOf(image)]),
        isAnother: copy.ImageId !== source && there[0]?.ImageId === copy.ImageId,
      };
    },
    comesTo: { here: ['copy/one'], there: [['copy/two', 'available', {}]], isAnother: true },
  },
  {
    title: 'a snapshot goes only after its image, and once',
    on: async (side) => {
      const ImageId = await createImage(side, 'snapshot/one');
      const filters = [{ Name: 'image-id', Values: [ImageId] }];
      const [image] = await describeImages(side, side.home, filters);
      const SnapshotId = image?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId;
      const remove = () => codeOf(side, side.home.send(new DeleteSnapshotCommand({ SnapshotId })));
      const inUse = await remove();
      const gone = await codeOf(side, side.home.send(new DeregisterImageCommand({ ImageId })));
      return [
        inUse,
        gone,
        await namesBy(side, 'image-id', ImageId),
        await remove(),
        await remove(),
      ];
    },
    comesTo: ['InvalidSnapshot.InUse', 'done', [], 'done', 'InvalidSnapshot.NotFound'],
  },
  {
    title: 'tags are overwritten and removed one by one',
    on: async (side) => {
      const ImageId = await createImage(side, 'tags/one', { a: '1', b: '2', c: '3' });
      const Resources = [ImageId];
      const Tags = [{ Key: 'a', Value: '9' }];
      await side.run(side.home.send(new CreateTagsCommand({ Resources, Tags })));
      const gone = [{ Key: 'b' }, { Key: 'c', Value: 'another' }, { Key: 'never' }];
      await side.run(side.home.send(new DeleteTagsCommand({ Resources, Tags: gone })));
      const filters = [{ Name: 'image-id', Values: [ImageId] }];
      return (await describeImages(side, side.home, filters)).map(tagsOf);
    },
    comesTo: [{ a: '9', c: '3' }],
  },
  {
    title: 'the fifty-first tag is refused',
    on: async (side) => {
      const ImageId = await createImage(side, 'tags/two');
      const tag = (count: number) => {
        const Tags = Array.from({ length: count }, (_, index) => ({
          Key: `k${index}`,
          Value: 'v',
        }));
        return codeOf(side, side.home.send(new CreateTagsCommand({ Resources: [ImageId], Tags })));
      };
      return [await tag(50), await tag(51)];
    },
    comesTo: ['done', 'TagLimitExceeded'],
  },
  {
    title: 'what is not there is refused by the code of its kind',
    on: async (side) => {
      const { home, dr } = side;
      const [ImageId, InstanceId] = [`ami-${NOBODY}`, `i-${NOBODY}`];
      const Tags = [{ Key: 'a', Value: '1' }];
      const request = { Name: 'gone/one', SourceImageId: ImageId, SourceRegion: HOME };
      const tag = (id: string) => home.send(new CreateTagsCommand({ Resources: [id], Tags }));
      return [
        await codeOf(side, home.send(new DescribeImagesCommand({ ImageIds: [ImageId] }))),
        await codeOf(side, home.send(new DeregisterImageCommand({ ImageId }))),
        await codeOf(side, dr.send(new CopyImageCommand(request))),
        await codeOf(side, home.send(new CreateImageCommand({ InstanceId, Name: 'gone/two' }))),
        await codeOf(side, home.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }))),
        await codeOf(side, home.send(new DeleteSnapshotCommand({ SnapshotId: `snap-${NOBODY}` }))),
        await codeOf(side, tag(ImageId)),
        await codeOf(side, tag(`snap-${NOBODY}`)),
      ];
    },
    comesTo: [
      'InvalidAMIID.NotFound',
      'InvalidAMIID.NotFound',
      'InvalidAMIID.NotFound',
      'InvalidInstanceID.NotFound',
      'InvalidInstanceID.NotFound',
      'InvalidSnapshot.NotFound',
      'InvalidAMIID.NotFound',
      'InvalidSnapshot.NotFound',
    ],
  },
  {
    title: 'an image id that cannot be one is malformed',
    on: async (side) => [
      await codeOf(side, side.home.send(new DescribeImagesCommand({ ImageIds: ['web-1'] }))),
    ],
    comesTo: ['InvalidAMIID.Malformed'],
  },
  {
    title: 'an id in a filter is merely not found',
    on: async (side) => {
      const Filters = [{ Name: 'instance-id', Values: [`i-${NOBODY}`] }];
      const call = side.home.send(new DescribeInstancesCommand({ Filters }));
      const { Reservations } = await side.run(call);
      return [Reservations ?? [], await namesBy(side, 'image-id', `ami-${NOBODY}`)];
    },
    comesTo: [[], []],
  },
  {
    title: 'the latest and the default version of a launch template are told apart',
    on: async (side) => {
      const { home, run } = side;
      const LaunchTemplateName = 'web';
      const data = (letter: string) => ({ ImageId: `ami-0123456789abcdef${letter}` });
      const template = { LaunchTemplateName, LaunchTemplateData: data('a') };
      await run(home.send(new CreateLaunchTemplateCommand(template)));
      for (const letter of ['b', 'c']) {
        const version = { LaunchTemplateName, LaunchTemplateData: data(letter) };
        await run(home.send(new CreateLaunchTemplateVersionCommand(version)));
      }
      const change = { LaunchTemplateName, DefaultVersion: '2' };
      await run(home.send(new ModifyLaunchTemplateCommand(change)));
      const found = [];
      for (const version of ['$Latest', '$Default', '1']) {
        const wanted = { LaunchTemplateName, Versions: [version] };
        const answer = await run(home.send(new DescribeLaunchTemplateVersionsCommand(wanted)));
        for (const { VersionNumber, LaunchTemplateData } of answer.LaunchTemplateVersions ?? []) {
          found.push([VersionNumber, LaunchTemplateData?.ImageId]);
        }
      }
      return found;
    },
    comesTo: [
      [3, 'ami-0123456789abcdefc'],
      [2, 'ami-0123456789abcdefb'],
      [1, 'ami-0123456789abcdefa'],
    ],
  },
];

describe.skipIf(!hasPythonModules('moto', 'flask'))('the embedded cloud and moto', () => {
  const embedded = openEmbedded();
  let moto: Side | undefined;

  beforeAll(async () => {
    moto = await openMoto();
  });

  afterAll(() => moto?.close());

  test.each(DEEDS)('moto agrees that $title', async ({ on, comesTo }) => {
    if (moto === undefined) throw new Error('moto is not there');

    expect({ embedded: await on(embedded), moto: await on(moto) }).toEqual({
      embedded: comesTo,
      moto: comesTo,
    });
  });
});
