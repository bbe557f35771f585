/** One good request for each operation of EC2 that changes something, and a world that it fits. */
import { type Bench, createBench, DR, HOME, makeImage, MINUTE } from './fixture.ts';
import { snapshotOf, volumeIds } from './snapshot-fixture.ts';

export const OTHER = '999988887777';
const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me';

const ROLE = 'arn:aws:iam::111122223333:role/fleet';
const TargetCapacitySpecification = { TotalTargetCapacity: 1 };

const configsOf = (LaunchTemplateName: string) => [
  { LaunchTemplateSpecification: { LaunchTemplateName, Version: '1' } },
];

const spotConfig = (bench: Bench) => ({
  IamFleetRole: ROLE,
  TargetCapacity: 1,
  LaunchSpecifications: [{ ImageId: bench.world.images.ubuntu, InstanceType: 't3.small' as const }],
});

/** A fleet of each kind. */
const makeFleets = (bench: Bench) => {
  const { ec2 } = bench.cloud;
  const home = bench.home();
  const LaunchTemplateData = {
    ImageId: bench.world.images.ubuntu,
    InstanceType: 't3.small' as const,
  };
  ec2.CreateLaunchTemplate({ LaunchTemplateName: 'fleet', LaunchTemplateData }, home);
  const LaunchTemplateConfigs = configsOf('fleet');
  const request = { LaunchTemplateConfigs, TargetCapacitySpecification };
  const fleet = ec2.CreateFleet(request, home).FleetId;
  const SpotFleetRequestConfig = spotConfig(bench);
  const spotFleet = ec2.RequestSpotFleet({ SpotFleetRequestConfig }, home).SpotFleetRequestId;
  return { fleet, spotFleet };
};

const makeRows = (bench: Bench) => {
  const { ec2 } = bench.cloud;
  const home = bench.home();
  const [image, disabled] = ['one', 'two'].map((name) => makeImage(bench, name));
  const [snapshot, archived, locked] = ['one', 'two', 'three'].map(() => snapshotOf(bench));
  const zone = { AvailabilityZone: `${HOME}a` as const };
  const free = ec2.CreateVolume({ ...zone, Size: 8 }, home).VolumeId;
  const data = ec2.CreateVolume({ ...zone, Size: 8 }, home).VolumeId;
  const template = ec2.CreateLaunchTemplate(
    { LaunchTemplateName: 'template', LaunchTemplateData: {} },
    home,
  ).LaunchTemplate?.LaunchTemplateId;
  ec2.CreateLaunchTemplateVersion({ LaunchTemplateId: template, LaunchTemplateData: {} }, home);
  const fleets = makeFleets(bench);
  ec2.ImportKeyPair({ KeyName: 'mine', PublicKeyMaterial: Buffer.from(PUBLIC_KEY) }, home);
  return { image, disabled, snapshot, archived, locked, free, data, template, ...fleets };
};

/** A bench in which there is something to be done for everybody. */
export const createBusyWorld = async () => {
  const bench = createBench();
  const { ec2 } = bench.cloud;
  const rows = makeRows(bench);
  await bench.pass(10 * MINUTE);
  const home = bench.home();
  const { image: ImageId, disabled, snapshot: SnapshotId, archived, locked } = rows;
  ec2.ModifyImageAttribute({ ImageId, LaunchPermission: { Add: [{ UserId: OTHER }] } }, home);
  ec2.EnableImageDeprecation({ ImageId, DeprecateAt: new Date('2027-01-01T00:00:00Z') }, home);
  ec2.DisableImage({ ImageId: disabled }, home);
  ec2.EnableImageDeregistrationProtection({ ImageId: disabled }, home);
  const CreateVolumePermission = { Add: [{ UserId: OTHER }] };
  ec2.ModifySnapshotAttribute({ SnapshotId, CreateVolumePermission }, home);
  ec2.ModifySnapshotTier({ SnapshotId: archived, StorageTier: 'archive' }, home);
  ec2.LockSnapshot({ SnapshotId: locked, LockMode: 'governance', LockDuration: 5 }, home);
  ec2.EnableSnapshotBlockPublicAccess({ State: 'block-all-sharing' }, home);
  const attachment = { VolumeId: rows.data, InstanceId: bench.id('web-1'), Device: '/dev/sdp' };
  ec2.AttachVolume(attachment, home);
  await bench.pass(100 * 60 * MINUTE);
  makeImage(bench, 'pending');
  ec2.DescribeVpcs({}, bench.dr());
  return { ...rows, bench };
};

type World = Awaited<ReturnType<typeof createBusyWorld>>;
type Inputs = Readonly<Record<string, (world: World) => object>>;

const ofImage = ({ image }: World) => ({ ImageId: image });
const ofSnapshot = ({ snapshot }: World) => ({ SnapshotId: snapshot });
const ofWeb = ({ bench }: World) => ({ InstanceIds: [bench.id('web-1')] });
const ofTemplate = ({ template }: World) => ({ LaunchTemplateId: template });
const nothing = () => ({});
const sharing = { Remove: [{ UserId: OTHER }] };

const IMAGES: Inputs = {
  CreateImage: ({ bench }) => ({ InstanceId: bench.id('web-2'), Name: 'three' }),
  RegisterImage: ({ snapshot }) => ({
    Name: 'three',
    BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId: snapshot } }],
  }),
  CopyImage: ({ image }) => ({
    SourceImageId: image,
    SourceRegion: HOME,
    Name: 'copy',
    ClientToken: 'a',
  }),
  DeregisterImage: (world) => ({ ...ofImage(world), DeleteAssociatedSnapshots: true }),
  ModifyImageAttribute: (world) => ({ ...ofImage(world), LaunchPermission: sharing }),
  ResetImageAttribute: (world) => ({ ...ofImage(world), Attribute: 'launchPermission' }),
  CancelImageLaunchPermission: ofImage,
  EnableImage: ({ disabled }) => ({ ImageId: disabled }),
  DisableImage: ofImage,
  EnableImageDeprecation: (world) => ({
    ...ofImage(world),
    DeprecateAt: new Date('2028-01-01T00:00:00Z'),
  }),
  DisableImageDeprecation: ofImage,
  EnableImageDeregistrationProtection: ofImage,
  DisableImageDeregistrationProtection: ({ disabled }) => ({ ImageId: disabled }),
  EnableImageBlockPublicAccess: () => ({ ImageBlockPublicAccessState: 'block-new-sharing' }),
  DisableImageBlockPublicAccess: nothing,
};

const SNAPSHOTS: Inputs = {
  CreateSnapshot: ({ bench }) => ({ VolumeId: volumeIds(bench, 'web-1')[0] }),
  CreateSnapshots: ({ bench }) => ({ InstanceSpecification: { InstanceId: bench.id('web-1') } }),
  CopySnapshot: ({ snapshot }) => ({ SourceSnapshotId: snapshot, SourceRegion: HOME }),
  DeleteSnapshot: ofSnapshot,
  ModifySnapshotAttribute: (world) => ({ ...ofSnapshot(world), CreateVolumePermission: sharing }),
  ResetSnapshotAttribute: (world) => ({
    ...ofSnapshot(world),
    Attribute: 'createVolumePermission',
  }),
  ModifySnapshotTier: (world) => ({ ...ofSnapshot(world), StorageTier: 'archive' }),
  RestoreSnapshotTier: ({ archived }) => ({ SnapshotId: archived, PermanentRestore: true }),
  LockSnapshot: (world) => ({ ...ofSnapshot(world), LockMode: 'governance', LockDuration: 1 }),
  UnlockSnapshot: ({ locked }) => ({ SnapshotId: locked }),
  EnableSnapshotBlockPublicAccess: () => ({ State: 'block-new-sharing' }),
  DisableSnapshotBlockPublicAccess: nothing,
};

const VOLUMES: Inputs = {
  CreateVolume: () => ({ AvailabilityZone: `${HOME}a`, Size: 8, ClientToken: 'a' }),
  DeleteVolume: ({ free }) => ({ VolumeId: free }),
  AttachVolume: ({ bench, free }) => ({
    VolumeId: free,
    InstanceId: bench.id('web-1'),
    Device: '/dev/sdz',
  }),
  DetachVolume: ({ data }) => ({ VolumeId: data }),
  ModifyVolume: ({ free }) => ({ VolumeId: free, Size: 9 }),
  EnableEbsEncryptionByDefault: nothing,
  DisableEbsEncryptionByDefault: nothing,
  ModifyEbsDefaultKmsKeyId: () => ({ KmsKeyId: 'alias/mine' }),
  ResetEbsDefaultKmsKeyId: nothing,
};

const INSTANCES: Inputs = {
  RunInstances: ({ bench }) => ({
    ImageId: bench.world.images.ubuntu,
    MinCount: 2,
    MaxCount: 2,
    ClientToken: 'a',
  }),
  StartInstances: ({ bench }) => ({ InstanceIds: [bench.id('legacy')] }),
  StopInstances: ofWeb,
  RebootInstances: ofWeb,
  TerminateInstances: ofWeb,
  ModifyInstanceAttribute: ({ bench }) => ({
    InstanceId: bench.id('web-1'),
    DisableApiTermination: { Value: true },
  }),
};

const OTHERS: Inputs = {
  CreateLaunchTemplate: () => ({ LaunchTemplateName: 'other', LaunchTemplateData: {} }),
  CreateLaunchTemplateVersion: (world) => ({ ...ofTemplate(world), LaunchTemplateData: {} }),
  ModifyLaunchTemplate: (world) => ({ ...ofTemplate(world), ClientToken: 'a' }),
  DeleteLaunchTemplate: ofTemplate,
  DeleteLaunchTemplateVersions: (world) => ({ ...ofTemplate(world), Versions: ['2'] }),
  CreateTags: ({ image }) => ({ Resources: [image], Tags: [{ Key: 'a', Value: '1' }] }),
  DeleteTags: ({ bench }) => ({ Resources: [bench.id('web-1')], Tags: [{ Key: 'Name' }] }),
  ImportKeyPair: () => ({ KeyName: 'other', PublicKeyMaterial: Buffer.from(PUBLIC_KEY) }),
  DeleteKeyPair: () => ({ KeyName: 'mine' }),
};

const FLEETS: Inputs = {
  CreateFleet: () => ({
    LaunchTemplateConfigs: configsOf('fleet'),
    TargetCapacitySpecification,
    Type: 'instant',
    ClientToken: 'a',
  }),
  ModifyFleet: ({ fleet }) => ({ FleetId: fleet, TargetCapacitySpecification }),
  DeleteFleets: ({ fleet }) => ({ FleetIds: [fleet], TerminateInstances: true }),
  RequestSpotFleet: ({ bench }) => ({ SpotFleetRequestConfig: spotConfig(bench) }),
  CancelSpotFleetRequests: ({ spotFleet }) => ({
    SpotFleetRequestIds: [spotFleet],
    TerminateInstances: false,
  }),
};

/** By operation. */
export const INPUTS: Inputs = {
  ...IMAGES,
  ...SNAPSHOTS,
  ...VOLUMES,
  ...INSTANCES,
  ...OTHERS,
  ...FLEETS,
};

/** Who calls the operation, and where, if it is not the owner at home. */
export const CALLERS: Readonly<Record<string, readonly [account: string, region: string]>> = {
  CancelImageLaunchPermission: [OTHER, HOME],
  CopyImage: ['111122223333', DR],
  CopySnapshot: ['111122223333', DR],
};
