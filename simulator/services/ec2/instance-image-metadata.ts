/** DescribeInstanceImageMetadata: instances with the images that they were launched from. */
import type {
  DescribeInstanceImageMetadataRequest,
  DescribeInstanceImageMetadataResult,
  ImageMetadata,
  InstanceImageMetadata,
} from '@aws-sdk/client-ec2';
import { isoOf } from '../../kernel/kernel.ts';
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, type Facets, matchNothing } from './filters.ts';
import { creationOf } from './image-facets.ts';
import { stateOut } from './instance-output.ts';
import { findInstances } from './instances.ts';
import { assertNoIdsWithPage, listingOf, type Page, pageOf, pageOfListing } from './pages.ts';
import { findZone } from './places.ts';
import type { GoneImageRow, InstanceRow } from './rows.ts';
import { tagsOut } from './tags.ts';

const BOUNDS = { min: 5, max: 1_000 };

/** An instance with what is known of its image, which may be gone. */
type Launched = InstanceRow & {
  readonly image: GoneImageRow | undefined;
  readonly imageState: string;
  readonly zoneId: string | undefined;
};

const FACETS: Facets<Launched> = {
  ...matchNothing(['image-allowed']),
  'availability-zone': (row) => [row.availabilityZone],
  'instance-id': (row) => [row.instanceId],
  'instance-state-name': (row) => [row.state],
  'instance-type': (row) => [row.attributes.instanceType],
  'launch-time': (row) => [isoOf(row.launchedAtMs)],
  'owner-alias': (row) => [row.image?.ownerAlias],
  'owner-id': (row) => [row.image?.ownerId],
  'zone-id': (row) => [row.zoneId],
};

const launchedFrom = (ec2: Ec2, instance: InstanceRow, call: Call): Launched => {
  const { images, imageMemory } = ec2.store(call.region);
  const present = images.get(instance.imageId);
  return {
    ...instance,
    image: present ?? imageMemory.gone.get(instance.imageId),
    imageState: present?.state ?? 'deregistered',
    zoneId: findZone({ name: instance.availabilityZone }, call)?.id,
  };
};

const imageOut = ({ imageId, image, imageState }: Launched): ImageMetadata =>
  image === undefined
    ? { ImageId: imageId }
    : {
        ImageId: imageId,
        Name: image.name,
        OwnerId: image.ownerId,
        State: imageState as 'available',
        ImageOwnerAlias: image.ownerAlias,
        CreationDate: creationOf(image),
        DeprecationTime:
          image.deprecatedAtMs === undefined ? undefined : isoOf(image.deprecatedAtMs),
        IsPublic: image.isPublic,
      };

const metadataOut = (row: Launched): InstanceImageMetadata => ({
  InstanceId: row.instanceId,
  InstanceType: row.attributes.instanceType as 't3.small',
  LaunchTime: new Date(row.launchedAtMs),
  AvailabilityZone: row.availabilityZone,
  ZoneId: row.zoneId,
  State: stateOut(row.state),
  OwnerId: row.ownerId,
  Tags: tagsOut(row.tags),
  ImageMetadata: imageOut(row),
});

const pageOfInstances = (
  ec2: Ec2,
  input: DescribeInstanceImageMetadataRequest,
  call: Call,
): Page<InstanceRow> => {
  assertNoIdsWithPage(input, input.InstanceIds, 'instanceIds');
  const matches = compileFilters(input.Filters, FACETS);
  const holds = (row: InstanceRow): boolean => matches(launchedFrom(ec2, row, call));
  const idOf = (row: InstanceRow): string => row.instanceId;
  if (input.InstanceIds !== undefined && input.InstanceIds.length > 0) {
    const rows = [...new Set(findInstances(ec2, input.InstanceIds, call))].filter(holds);
    return pageOf(ec2.kernel, rows, idOf, input, BOUNDS);
  }
  const isListed = (row: InstanceRow): boolean => row.ownerId === call.account && holds(row);
  const { MaxResults = BOUNDS.max } = input;
  const listing = listingOf(ec2.store(call.region).instances, idOf, isListed);
  return pageOfListing(ec2.kernel, listing, { ...input, MaxResults }, BOUNDS);
};

export const instanceImageMetadataOperation = (ec2: Ec2) => ({
  /** The image is described even if it is deregistered. Pages have 1,000 instances unless it says. */
  DescribeInstanceImageMetadata: (
    input: DescribeInstanceImageMetadataRequest,
    call: Call,
  ): DescribeInstanceImageMetadataResult => {
    const page = pageOfInstances(ec2, input, call);
    return {
      InstanceImageMetadata: page.rows.map((row) => metadataOut(launchedFrom(ec2, row, call))),
      NextToken: page.nextToken,
    };
  },
});
