import {
  DescribeFleetsCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type DescribeLaunchTemplateVersionsRequest,
  DescribeSnapshotsCommand,
  DescribeSpotFleetRequestsCommand,
  DescribeVolumesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { Documents } from '../inventory/kinds.ts';
import { type Attempt, joinDocuments, readEach, readPages } from './documents.ts';
import { FILTER_VALUES_MAX, PAGE_SIZE, VERSIONS_PAGE_SIZE } from './pages.ts';

/** A version of a launch template, as something names it by its number. */
export interface NamedVersion {
  readonly LaunchTemplateId?: string;
  readonly LaunchTemplateName?: string;
  readonly Version: string;
}

/** What EC2 tells of a target, as the AWS CLI would print it. */
export interface SeenReads {
  readonly instances: () => Promise<Documents>;
  /** Those that the account owns. */
  readonly images: () => Promise<Documents>;
  readonly snapshots: () => Promise<Documents>;
  readonly volumes: () => Promise<Documents>;
  readonly templates: () => Promise<Documents>;
  readonly fleets: () => Promise<Documents>;
  readonly spotFleets: () => Promise<Documents>;
  /** Of each template every version, with its image as it is written. */
  readonly versions: (templateIds: readonly string[]) => Promise<Documents>;
  /** Of every template the default and the latest version, and these; those that are gone have no page. */
  readonly launchingVersions: (named: readonly NamedVersion[]) => Promise<Documents>;
  /** Of each image. One that is gone by then, or is not there yet, has no page. */
  readonly launchPermissions: (imageIds: readonly string[]) => Promise<Documents>;
  /** Images of anybody, as far as the account may see them. */
  readonly imagesById: (imageIds: readonly string[]) => Promise<Documents>;
}

/** Calls that are under way at a time, where there is one for each object. */
const WORKERS = 10;

export const createSeenReads = (client: EC2Client): SeenReads => ({
  ...createLists(client),
  versions: (templateIds) =>
    readEach(templateIds, WORKERS, itself, (LaunchTemplateId) =>
      readVersions(client, { LaunchTemplateId }),
    ),
  launchingVersions: async (named) =>
    joinDocuments([
      await readVersions(client, { Versions: ['$Default', '$Latest'] }),
      await readEach(
        named,
        WORKERS,
        ({ LaunchTemplateId, LaunchTemplateName = '', Version }) =>
          `version ${Version} of ${LaunchTemplateId ?? LaunchTemplateName}`,
        ({ Version, ...template }) => readVersions(client, { ...template, Versions: [Version] }),
      ),
    ]),
  launchPermissions: (imageIds) =>
    readEach(imageIds, WORKERS, itself, (id) => readLaunchPermissions(client, id)),
  imagesById: (imageIds) =>
    readEach(
      chunksOf(imageIds),
      1,
      ([first = '']) => `images from ${first} on`,
      (chunk) => readImages(client, chunk),
    ),
});

const itself = (id: string): string => id;

const chunksOf = (ids: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / FILTER_VALUES_MAX) }, (_, index) =>
    ids.slice(index * FILTER_VALUES_MAX, (index + 1) * FILTER_VALUES_MAX),
  );

type Lists = Omit<SeenReads, 'versions' | 'launchingVersions' | 'launchPermissions' | 'imagesById'>;

const createLists = (client: EC2Client): Lists => ({
  instances: () =>
    readPages(async (NextToken) => {
      const input = { MaxResults: PAGE_SIZE, NextToken };
      const output = await client.send(new DescribeInstancesCommand(input));
      return { page: { Reservations: output.Reservations }, nextToken: output.NextToken };
    }),
  images: () =>
    readPages(async (NextToken) => {
      const input = { Owners: ['self'], IncludeDisabled: true, MaxResults: PAGE_SIZE, NextToken };
      const output = await client.send(new DescribeImagesCommand(input));
      return { page: { Images: output.Images }, nextToken: output.NextToken };
    }),
  snapshots: () =>
    readPages(async (NextToken) => {
      const input = { OwnerIds: ['self'], MaxResults: PAGE_SIZE, NextToken };
      const output = await client.send(new DescribeSnapshotsCommand(input));
      return { page: { Snapshots: output.Snapshots }, nextToken: output.NextToken };
    }),
  volumes: () =>
    readPages(async (NextToken) => {
      const input = { MaxResults: PAGE_SIZE, NextToken };
      const output = await client.send(new DescribeVolumesCommand(input));
      return { page: { Volumes: output.Volumes }, nextToken: output.NextToken };
    }),
  templates: () =>
    readPages(async (NextToken) => {
      const input = { MaxResults: VERSIONS_PAGE_SIZE, NextToken };
      const output = await client.send(new DescribeLaunchTemplatesCommand(input));
      const page = { LaunchTemplates: output.LaunchTemplates };
      return { page, nextToken: output.NextToken };
    }),
  fleets: () =>
    readPages(async (NextToken) => {
      const input = { MaxResults: PAGE_SIZE, NextToken };
      const output = await client.send(new DescribeFleetsCommand(input));
      return { page: { Fleets: output.Fleets }, nextToken: output.NextToken };
    }),
  spotFleets: () =>
    readPages(async (NextToken) => {
      const input = { MaxResults: PAGE_SIZE, NextToken };
      const output = await client.send(new DescribeSpotFleetRequestsCommand(input));
      const page = { SpotFleetRequestConfigs: output.SpotFleetRequestConfigs };
      return { page, nextToken: output.NextToken };
    }),
});

const readVersions = async (
  client: EC2Client,
  asked: Pick<
    DescribeLaunchTemplateVersionsRequest,
    'LaunchTemplateId' | 'LaunchTemplateName' | 'Versions'
  >,
): Promise<Attempt> => {
  const read = await readPages(async (NextToken) => {
    const input = { ...asked, MaxResults: VERSIONS_PAGE_SIZE, NextToken };
    const output = await client.send(new DescribeLaunchTemplateVersionsCommand(input));
    const page = { LaunchTemplateVersions: output.LaunchTemplateVersions };
    return { page, nextToken: output.NextToken };
  });
  return unlessGone(read);
};

/** What is gone by then has no page: whoever names it will say that it was not seen. */
const unlessGone = (read: Attempt): Attempt =>
  read.failure === 'not-found' ? { pages: [] } : read;

const readLaunchPermissions = async (client: EC2Client, ImageId: string): Promise<Attempt> => {
  const read = await readPages(async () => {
    const input = { ImageId, Attribute: 'launchPermission' } as const;
    const { LaunchPermissions } = await client.send(new DescribeImageAttributeCommand(input));
    return { page: { ImageId, LaunchPermissions }, nextToken: undefined };
  });
  return unlessGone(read);
};

const readImages = (client: EC2Client, imageIds: readonly string[]): Promise<Attempt> =>
  readPages(async (NextToken) => {
    const output = await client.send(
      new DescribeImagesCommand({
        // A filter, since an id that is gone would fail the call for all of them.
        Filters: [{ Name: 'image-id', Values: [...imageIds] }],
        IncludeDeprecated: true, // else those of others are left out
        IncludeDisabled: true,
        MaxResults: PAGE_SIZE,
        NextToken,
      }),
    );
    return { page: { Images: output.Images }, nextToken: output.NextToken };
  });
