import {
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  type Filter,
  type Image as Ec2Image,
} from '@aws-sdk/client-ec2';
import {
  type Image,
  type ImageReference,
  type Instance,
  type Part,
  type Snapshot,
  type Target,
  type Volume,
  completePart,
  targetKey,
} from '../domain/model.ts';
import { instanceReferences } from '../domain/protection.ts';
import { TAG } from '../domain/tags.ts';
import type { Cloud, Ec2 } from '../loop/ports.ts';
import { SHARE_PERCENT_DEFAULT } from './buckets.ts';
import { type Connection, clientConfig } from './connection.ts';
import { createLimiter, limitCalls, type Limiter } from './limiter.ts';
import { FILTER_VALUES_MAX, PAGE_SIZE, VERSIONS_PAGE_SIZE, joinParts, readAll } from './pages.ts';
import { toImage, toInstance, toLaunchTemplateReference, toSnapshot, toVolume } from './shapes.ts';
import { createTagWrites } from './tags.ts';
import { createWrites } from './writes.ts';

/** Asks all who may use images, in other services than EC2 as well: see cli/live-uses.ts. */
export type ReadUses = (limiter: Limiter, target: Target) => Ec2['uses'];

/**
 * EC2 of any target in the account that the connection's credentials belong to.
 * @param sharePercent how much of EC2's request rates all calls together take: see limiter.ts
 * @param readUses     asked where more than launch templates is to be; without it, nobody is
 */
export const createCloud = (
  connection: Connection,
  sharePercent: number = SHARE_PERCENT_DEFAULT,
  readUses?: ReadUses,
): Cloud => {
  const limiter = createLimiter({ ...connection, sharePercent });
  const byTarget = new Map<string, Ec2>();
  return {
    at: (target) => {
      const key = targetKey(target);
      const known = byTarget.get(key);
      if (known !== undefined) return known;
      const made = createEc2(connection, limiter, target, readUses?.(limiter, target));
      byTarget.set(key, made);
      return made;
    },
  };
};

const createEc2 = (
  connection: Connection,
  limiter: Limiter,
  target: Target,
  allUses: Ec2['uses'] | undefined,
): Ec2 => {
  const client = new EC2Client(clientConfig(connection, 'ec2', target.region));
  connection.adapt?.(client, 'ec2');
  limitCalls(client, limiter, target);
  const { uses, ...reads } = createReads(client);
  return {
    ...reads,
    uses: (sources, imageIds) => {
      const asksMore = sources.some((source) => source !== 'launch-templates');
      return (asksMore && allUses !== undefined ? allUses : uses)(sources, imageIds);
    },
    ...createWrites(client),
    ...createTagWrites(client),
  };
};

type Reads = Pick<
  Ec2,
  | 'instances'
  | 'instance'
  | 'instancesById'
  | 'images'
  | 'ownImages'
  | 'availableImages'
  | 'imagesById'
  | 'imagesByName'
  | 'snapshots'
  | 'ownSnapshots'
  | 'snapshotsById'
  | 'volumes'
  | 'uses'
  | 'instancesUsing'
>;

const byId = ({ id }: { readonly id: string }): string => id;
const INSTANCES = { convert: toInstance, keyOf: byId };
const IMAGES = {
  convert: toImage,
  keyOf: byId,
  known: new WeakMap<readonly Ec2Image[], Part<Image>>(),
};
const SNAPSHOTS = { convert: toSnapshot, keyOf: byId };
const VOLUMES = { convert: toVolume, keyOf: byId };
const TEMPLATES = {
  convert: toLaunchTemplateReference,
  keyOf: ({ by }: ImageReference): string => by,
};

const createReads = (client: EC2Client): Reads => {
  const describeInstances = (input: DescribeInstancesCommandInput): Promise<Part<Instance>> =>
    readAll(INSTANCES, async (NextToken) => {
      const output = await client.send(
        new DescribeInstancesCommand({ ...input, MaxResults: PAGE_SIZE, NextToken }),
      );
      const instances = output.Reservations?.flatMap(({ Instances }) => Instances ?? []);
      return { items: instances, nextToken: output.NextToken };
    });

  const describeImages = (input: DescribeImagesCommandInput): Promise<Part<Image>> =>
    readAll(IMAGES, async (NextToken) => {
      const output = await client.send(
        new DescribeImagesCommand({
          ...input,
          Owners: ['self'], // else EC2 answers with every public image there is
          IncludeDisabled: true,
          MaxResults: PAGE_SIZE,
          NextToken,
        }),
      );
      return { items: output.Images, nextToken: output.NextToken };
    });

  const describeSnapshots = (Filters: Filter[]): Promise<Part<Snapshot>> =>
    readAll(SNAPSHOTS, async (NextToken) => {
      const output = await client.send(
        new DescribeSnapshotsCommand({
          OwnerIds: ['self'],
          Filters,
          MaxResults: PAGE_SIZE,
          NextToken,
        }),
      );
      return { items: output.Snapshots, nextToken: output.NextToken };
    });

  const describeVolumes = (Filters: Filter[]): Promise<Part<Volume>> =>
    readAll(VOLUMES, async (NextToken) => {
      const output = await client.send(
        new DescribeVolumesCommand({ Filters, MaxResults: PAGE_SIZE, NextToken }),
      );
      return { items: output.Volumes, nextToken: output.NextToken };
    });

  const describeTemplates = (): Promise<Part<ImageReference>> =>
    readAll(TEMPLATES, async (NextToken) => {
      const output = await client.send(
        new DescribeLaunchTemplateVersionsCommand({
          Versions: ['$Latest', '$Default'], // of every template, as none is named
          ResolveAlias: true,
          MaxResults: VERSIONS_PAGE_SIZE,
          NextToken,
        }),
      );
      return { items: output.LaunchTemplateVersions, nextToken: output.NextToken };
    });

  return {
    instances: () => describeInstances({}),
    // A filter, since an id that EC2 does not see yet would fail the call.
    instance: (id) => describeInstances({ Filters: [{ Name: 'instance-id', Values: [id] }] }),
    instancesById: (ids) =>
      inChunks(ids, (Values) => describeInstances({ Filters: [{ Name: 'instance-id', Values }] })),
    images: (deployment) => describeImages({ Filters: ownedBy(deployment) }),
    ownImages: () => describeImages({}),
    availableImages: (deployment) =>
      describeImages({
        Filters: [...ownedBy(deployment), { Name: 'state', Values: ['available'] }],
      }),
    imagesById: (ids) =>
      inChunks(ids, (Values) => describeImages({ Filters: [{ Name: 'image-id', Values }] })),
    imagesByName: (name) => describeImages({ Filters: [{ Name: 'name', Values: [name] }] }),
    snapshots: (deployment) => describeSnapshots(ownedBy(deployment)),
    ownSnapshots: () => describeSnapshots([]),
    snapshotsById: (ids) =>
      inChunks(ids, (Values) => describeSnapshots([{ Name: 'snapshot-id', Values }])),
    volumes: (tagKeys) =>
      inChunks(tagKeys.map(asFilterValue), (Values) =>
        describeVolumes([
          { Name: 'status', Values: ['in-use'] },
          { Name: 'tag-key', Values },
        ]),
      ),
    uses: async (sources) =>
      sources.includes('launch-templates')
        ? [{ source: 'launch-templates', part: await describeTemplates() }]
        : [],
    instancesUsing: async (imageIds) =>
      instanceReferences(
        await inChunks(imageIds, (Values) =>
          describeInstances({ Filters: [{ Name: 'image-id', Values }] }),
        ),
      ),
  };
};

const ownedBy = (deployment: string): Filter[] => [
  { Name: `tag:${TAG.deployment}`, Values: [deployment] },
];

/** A filter knows the wildcards of a policy's patterns, and a backslash before one besides. */
const asFilterValue = (pattern: string): string => pattern.replaceAll('\\', '\\\\');

/** One read per 200 ids. No ids, no read: a describe without its filter would list everything. */
const inChunks = async <T>(
  ids: readonly string[],
  read: (chunk: string[]) => Promise<Part<T>>,
): Promise<Part<T>> => {
  const parts: Part<T>[] = [completePart<T>([])];
  for (let start = 0; start < ids.length; start += FILTER_VALUES_MAX) {
    parts.push(await read(ids.slice(start, start + FILTER_VALUES_MAX)));
  }
  return joinParts(parts);
};
