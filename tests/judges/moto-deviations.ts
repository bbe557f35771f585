/** Where moto 5 is known to be wrong or to lack something, so that it cannot judge us there. */
import {
  CopyImageCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteLaunchTemplateCommand,
  DeleteLaunchTemplateVersionsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DisableEbsEncryptionByDefaultCommand,
  DisableImageCommand,
  EnableEbsEncryptionByDefaultCommand,
  EnableImageDeprecationCommand,
  EnableImageDeregistrationProtectionCommand,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
  ResetImageAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { HOME } from '../simulator/fixture.ts';
import {
  codeOf,
  createImage,
  describeImages,
  launch,
  namesBy,
  NOBODY,
  type On,
  sharedInstance,
  tagging,
  tagList,
  tagsOf,
} from './moto-deeds.ts';
import { listen } from './moto-queues.ts';
import type { Side } from './sides.ts';

/** Something on which both sides differ. */
export interface Deviation {
  readonly name: string;
  /** What moto does instead of what EC2 does. */
  readonly reason: string;
  readonly on: On;
  readonly ours: unknown;
  readonly motos: unknown;
}

/** What the SDK makes of moto's answer when it lacks something: status 500, and no XML. */
const LACKING = 'Error';

const imageNamed = async (side: Side, name: string, client = side.home) => {
  const [image] = await describeImages(side, client, [{ Name: 'name', Values: [name] }]);
  return image;
};

const IMAGE_DEVIATIONS: readonly Deviation[] = [
  {
    name: 'images-at-once',
    reason: 'its images are available at once, and never pending',
    on: async (side) => {
      const InstanceId = await sharedInstance(side);
      await side.run(
        side.home.send(new CreateImageCommand({ InstanceId, Name: 'deviate/at-once' })),
      );
      const state = (await imageNamed(side, 'deviate/at-once'))?.State;
      await side.settle();
      return state;
    },
    ours: 'pending',
    motos: 'available',
  },
  {
    name: 'one-made-up-disk',
    reason: 'its images have one disk of 15 GiB, whatever the instance has',
    on: async (side) => {
      await createImage(side, 'deviate/disks');
      const image = await imageNamed(side, 'deviate/disks');
      return image?.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => [
        DeviceName,
        Ebs?.VolumeSize,
        Ebs?.DeleteOnTermination,
      ]);
    },
    ours: [
      ['/dev/sda1', 9, true],
      ['/dev/sdf', 5, false],
    ],
    motos: [['/dev/sda1', 15, false]],
  },
  {
    name: 'duplicate-names',
    reason: 'it makes a second image of a name that is taken',
    on: async (side) => {
      await createImage(side, 'deviate/twice');
      const again = { InstanceId: await sharedInstance(side), Name: 'deviate/twice' };
      return codeOf(side, side.home.send(new CreateImageCommand(again)));
    },
    ours: 'InvalidAMIName.Duplicate',
    motos: 'done',
  },
  {
    name: 'any-name',
    reason: 'it does not look at the characters of a name',
    on: async (side) => {
      const InstanceId = await sharedInstance(side);
      return codeOf(
        side,
        side.home.send(new CreateImageCommand({ InstanceId, Name: 'deviate:colon' })),
      );
    },
    ours: 'InvalidAMIName.Malformed',
    motos: 'done',
  },
  {
    name: 'images-of-the-terminated',
    reason: 'it makes an image of an instance that is terminated',
    on: async (side) => {
      const InstanceId = await launch(side, 'terminated');
      await side.run(side.home.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] })));
      const asked = new CreateImageCommand({ InstanceId, Name: 'deviate/terminated' });
      return codeOf(side, side.home.send(asked));
    },
    ours: 'IncorrectInstanceState',
    motos: 'done',
  },
  {
    name: 'copies-forget-their-token',
    reason: 'it copies an image twice for one ClientToken',
    on: async (side) => {
      const SourceImageId = await createImage(side, 'deviate/token');
      const copy = async () => {
        const asked = new CopyImageCommand({
          Name: 'deviate/token',
          SourceImageId,
          SourceRegion: HOME,
          ClientToken: 'once',
        });
        return (await side.run(side.dr.send(asked))).ImageId;
      };
      return (await copy()) === (await copy());
    },
    ours: true,
    motos: false,
  },
  {
    name: 'copies-forget-their-source',
    reason: 'its copies name neither their source image nor its Region, and are not tagged',
    on: async (side) => {
      const SourceImageId = await createImage(side, 'deviate/source', { role: 'web' });
      const asked = new CopyImageCommand({
        Name: 'deviate/source',
        SourceImageId,
        SourceRegion: HOME,
        CopyImageTags: true,
        ...tagging('image', { copied: 'yes' }),
      });
      await side.run(side.dr.send(asked));
      await side.settle();
      const copy = await imageNamed(side, 'deviate/source', side.dr);
      return [copy?.SourceImageId === SourceImageId, copy?.SourceImageRegion, tagsOf(copy ?? {})];
    },
    ours: [true, 'eu-central-1', { role: 'web', copied: 'yes' }],
    motos: [false, undefined, {}],
  },
  {
    name: 'snapshots-outlive-their-image',
    reason: 'it ignores DeleteAssociatedSnapshots',
    on: async (side) => {
      const ImageId = await createImage(side, 'deviate/snapshots');
      const asked = new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots: true });
      const { DeleteSnapshotResults = [] } = await side.run(side.home.send(asked));
      return DeleteSnapshotResults.map(({ ReturnCode }) => ReturnCode);
    },
    ours: ['success', 'success'],
    motos: [],
  },
  {
    name: 'one-of-two-is-enough',
    reason: 'it passes over an unknown image when another one is known',
    on: async (side) => {
      const ImageIds = [await createImage(side, 'deviate/two'), `ami-${NOBODY}`];
      return codeOf(side, side.home.send(new DescribeImagesCommand({ ImageIds })));
    },
    ours: 'InvalidAMIID.NotFound',
    motos: 'done',
  },
  {
    name: 'pages-are-ignored',
    reason: 'it ignores MaxResults, also where MaxResults is not allowed',
    on: async (side) => {
      const ids = [];
      for (const index of [1, 2, 3, 4, 5, 6]) {
        ids.push(await createImage(side, `deviate/page-${index}`));
      }
      const Filters = [{ Name: 'name', Values: ['deviate/page-*'] }];
      const page = new DescribeImagesCommand({ Owners: ['self'], Filters, MaxResults: 5 });
      const { Images = [], NextToken } = await side.run(side.home.send(page));
      const both = new DescribeImagesCommand({ ImageIds: ids, MaxResults: 5 });
      return [Images.length, NextToken !== undefined, await codeOf(side, side.home.send(both))];
    },
    ours: [5, true, 'InvalidParameterCombination'],
    motos: [6, false, 'done'],
  },
  {
    name: 'registered-without-disks',
    reason: 'it registers the name of an image, and neither its architecture nor its disks',
    on: async (side) => {
      await createImage(side, 'deviate/registered-from');
      const from = await imageNamed(side, 'deviate/registered-from');
      const SnapshotId = from?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId;
      const asked = new RegisterImageCommand({
        Name: 'deviate/registered',
        Architecture: 'arm64',
        RootDeviceName: '/dev/xvda',
        VirtualizationType: 'hvm',
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }],
      });
      await side.run(side.home.send(asked));
      await side.settle();
      const made = await imageNamed(side, 'deviate/registered');
      return [
        made?.Architecture,
        made?.RootDeviceName,
        made?.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.SnapshotId === SnapshotId),
      ];
    },
    ours: ['arm64', '/dev/xvda', [true]],
    motos: [undefined, '/dev/sda1', [false]],
  },
  {
    name: 'launches-of-nothing',
    reason: 'it launches an image that does not exist',
    on: (side) => {
      const asked = { ImageId: `ami-${NOBODY}`, MinCount: 1, MaxCount: 1 };
      return codeOf(side, side.home.send(new RunInstancesCommand(asked)));
    },
    ours: 'InvalidAMIID.NotFound',
    motos: 'done',
  },
  {
    name: 'descriptions-stay',
    reason: 'it changes of an image its launch permissions, and nothing else',
    on: async (side) => {
      const ImageId = await createImage(side, 'deviate/description');
      const asked = { ImageId, Description: { Value: 'another' } };
      await side.run(side.home.send(new ModifyImageAttributeCommand(asked)));
      return (await imageNamed(side, 'deviate/description'))?.Description;
    },
    ours: 'another',
    motos: 'made as deviate/description',
  },
  {
    name: 'reserved-tags',
    reason: "it takes tags whose keys begin with 'aws:'",
    on: async (side) => {
      const Resources = [await createImage(side, 'deviate/reserved')];
      const Tags = tagList({ 'aws:mine': '1' });
      return codeOf(side, side.home.send(new CreateTagsCommand({ Resources, Tags })));
    },
    ours: 'InvalidTagKey.Malformed',
    motos: 'done',
  },
  {
    name: 'filters-that-are-missing',
    reason: 'it does not know the filters source-image-id and block-device-mapping.snapshot-id',
    on: async (side) => {
      const by = (Name: string) => codeOf(side, namesBy(side, Name, 'snap-0123456789abcdef0'));
      return [await by('source-image-id'), await by('block-device-mapping.snapshot-id')];
    },
    ours: ['done', 'done'],
    motos: [LACKING, LACKING],
  },
];

const OTHER_DEVIATIONS: readonly Deviation[] = [
  {
    name: 'operations-that-are-missing',
    reason: 'it has no deprecation, no disabling, no protection and no reset of permissions',
    on: async (side) => {
      const ImageId = await createImage(side, 'deviate/missing');
      const { home } = side;
      const DeprecateAt = new Date('2027-06-01T00:00:00Z');
      const reset = { ImageId, Attribute: 'launchPermission' } as const;
      const protect = new EnableImageDeregistrationProtectionCommand({ ImageId });
      return [
        await codeOf(side, home.send(new ResetImageAttributeCommand(reset))),
        await codeOf(side, home.send(new EnableImageDeprecationCommand({ ImageId, DeprecateAt }))),
        await codeOf(side, home.send(new DisableImageCommand({ ImageId }))),
        await codeOf(side, home.send(protect)),
      ];
    },
    ours: ['done', 'done', 'done', 'done'],
    motos: [LACKING, LACKING, LACKING, LACKING],
  },
  {
    name: 'versions-that-stay',
    reason: 'it deletes no version of a launch template',
    on: async (side) => {
      const LaunchTemplateName = 'versions';
      const template = {
        LaunchTemplateName,
        LaunchTemplateData: { InstanceType: 't3.nano' },
      } as const;
      await side.run(side.home.send(new CreateLaunchTemplateCommand(template)));
      await side.run(side.home.send(new CreateLaunchTemplateVersionCommand(template)));
      const asked = { LaunchTemplateName, Versions: ['2'] };
      return codeOf(side, side.home.send(new DeleteLaunchTemplateVersionsCommand(asked)));
    },
    ours: 'done',
    motos: LACKING,
  },
  {
    name: 'encryption-by-default-without-effect',
    reason: 'it remembers that volumes are to be encrypted by default, and does not encrypt them',
    on: async (side) => {
      const { run, dr } = side;
      await run(dr.send(new EnableEbsEncryptionByDefaultCommand({})));
      const volume = { AvailabilityZone: 'eu-west-1a', Size: 1 };
      const { Encrypted } = await run(dr.send(new CreateVolumeCommand(volume)));
      await run(dr.send(new DisableEbsEncryptionByDefaultCommand({})));
      return Encrypted;
    },
    ours: true,
    motos: false,
  },
  {
    name: 'types-without-wildcards',
    reason: 'its filter instance-type knows no wildcards',
    on: async (side) => {
      await launch(side, 'deviate', { InstanceType: 'm5.xlarge' });
      const Filters = [{ Name: 'instance-type', Values: ['m5.x*'] }];
      const asked = new DescribeInstancesCommand({ Filters });
      const { Reservations = [] } = await side.run(side.home.send(asked));
      return Reservations.length;
    },
    ours: 1,
    motos: 0,
  },
  {
    name: 'templates-by-another-name',
    reason: 'it says of an unknown template id that the name is unknown',
    on: (side) => {
      const LaunchTemplateId = `lt-${NOBODY}`;
      return codeOf(side, side.home.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId })));
    },
    ours: 'InvalidLaunchTemplateId.NotFound',
    motos: 'InvalidLaunchTemplateName.NotFoundException',
  },
  {
    name: 'events-without-account',
    reason: 'the events that it delivers name no account',
    on: async (side) => {
      const heard = await listen(side, 'account', { source: ['walk.account'] });
      const entry = { Source: 'walk.account', DetailType: 'a thing happened', Detail: '{}' };
      await side.run(side.events.send(new PutEventsCommand({ Entries: [entry] })));
      return (await heard()).map((event) => event['account']);
    },
    ours: ['111122223333'],
    motos: [undefined],
  },
  {
    name: 'images-without-events',
    reason: 'nothing that happens to an image reaches EventBridge',
    on: async (side) => {
      const pattern = { source: ['aws.ec2'], 'detail-type': ['EC2 AMI State Change'] };
      const heard = await listen(side, 'images', pattern);
      await createImage(side, 'deviate/events');
      return (await heard()).map(({ detail }) => (detail as { readonly State: string }).State);
    },
    ours: ['available'],
    motos: [],
  },
];

export const DEVIATIONS: readonly Deviation[] = [...IMAGE_DEVIATIONS, ...OTHER_DEVIATIONS];
