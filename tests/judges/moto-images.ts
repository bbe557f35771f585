/** Images and their snapshots, as moto and the embedded cloud both have them. */
import {
  CopyImageCommand,
  CreateImageCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeTagsCommand,
  type LaunchPermissionModifications,
  ModifyImageAttributeCommand,
} from '@aws-sdk/client-ec2';
import { HOME } from '../simulator/fixture.ts';
import {
  byText,
  codeOf,
  createImage,
  type Deed,
  describeImages,
  namesBy,
  NOBODY,
  sharedInstance,
  tagList,
  tagsOf,
} from './moto-deeds.ts';

export const IMAGE_DEEDS: readonly Deed[] = [
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
    title: 'an image is shared with an account, and not any more',
    on: async (side) => {
      const ImageId = await createImage(side, 'share/one');
      const change = (LaunchPermission: LaunchPermissionModifications) =>
        side.run(side.home.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission })));
      const permissions = async () => {
        const asked = { ImageId, Attribute: 'launchPermission' } as const;
        const answer = await side.run(side.home.send(new DescribeImageAttributeCommand(asked)));
        return (answer.LaunchPermissions ?? []).map(({ UserId = '' }) => UserId).toSorted(byText);
      };
      const found = [await permissions()];
      await change({ Add: [{ UserId: '444455556666' }, { UserId: '555566667777' }] });
      found.push(await permissions());
      await change({ Remove: [{ UserId: '444455556666' }] });
      found.push(await permissions());
      return found;
    },
    comesTo: [[], ['444455556666', '555566667777'], ['555566667777']],
  },
  {
    title: 'a dry run does nothing but say that it would',
    on: async (side) => {
      const { home, dr } = side;
      const ImageId = await createImage(side, 'dry/one');
      const InstanceId = await sharedInstance(side);
      const [DryRun, Name] = [true, 'dry/two'];
      const copy = { Name, SourceImageId: ImageId, SourceRegion: HOME, DryRun };
      const tags = { Resources: [ImageId], Tags: tagList({ a: '1' }), DryRun };
      return [
        await codeOf(side, home.send(new DescribeImagesCommand({ Owners: ['self'], DryRun }))),
        await codeOf(side, home.send(new CreateImageCommand({ InstanceId, Name, DryRun }))),
        await codeOf(side, home.send(new DeregisterImageCommand({ ImageId, DryRun }))),
        await codeOf(side, home.send(new CreateTagsCommand(tags))),
        await codeOf(side, dr.send(new CopyImageCommand(copy))),
        await namesBy(side, 'name', 'dry/*'),
      ];
    },
    comesTo: [...Array.from({ length: 5 }, () => 'DryRunOperation'), ['dry/one']],
  },
  {
    title: 'tags are described by resource, kind, key and value',
    on: async (side) => {
      const ImageId = await createImage(side, 'described/one', { colour: 'red', size: 'big' });
      const tagsBy = async (...filters: readonly (readonly [string, string])[]) => {
        const Filters = filters.map(([Name, value]) => ({ Name, Values: [value] }));
        const { Tags = [] } = await side.run(side.home.send(new DescribeTagsCommand({ Filters })));
        return Tags.map(
          ({ Key, Value, ResourceType }) => `${ResourceType} ${Key}=${Value}`,
        ).toSorted(byText);
      };
      return [
        await tagsBy(['resource-id', ImageId]),
        await tagsBy(['key', 'colour']),
        await tagsBy(['value', 'big'], ['resource-type', 'image']),
        await tagsBy(['key', 'colour'], ['resource-type', 'volume']),
      ];
    },
    comesTo: [['image colour=red', 'image size=big'], ['image colour=red'], ['image size=big'], []],
  },
];
