import { createHash } from 'node:crypto';
import {
  CopyImageCommand,
  type CopyImageCommandInput,
  CreateImageCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  type Filter,
  type Image as Ec2Image,
  type Instance as Ec2Instance,
  type Snapshot as Ec2Snapshot,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import {
  type Image,
  type ImageReference,
  type Instance,
  type Part,
  type Snapshot,
  type Tags,
  type Target,
  completePart,
  targetKey,
} from '../domain/model.ts';
import { instanceReferences } from '../domain/protection.ts';
import { TAG } from '../domain/tags.ts';
import type { Cloud, Ec2, Result } from '../loop/ports.ts';
import { SHARE_PERCENT_DEFAULT } from './buckets.ts';
import { type Connection, clientConfig } from './connection.ts';
import { toFailure } from './failures.ts';
import { createLimiter, limitCalls, type Limiter } from './limiter.ts';
import { joinParts, readAll } from './pages.ts';
import { toImage, toInstance, toLaunchTemplateReference, toSnapshot } from './shapes.ts';

const PAGE_SIZE = 1_000;
/** The most that DescribeLaunchTemplateVersions gives on one page. */
const VERSIONS_PAGE_SIZE = 200;
/** The most values that one filter takes. */
const FILTER_VALUES_MAX = 200;

/**
 * EC2 of any target in the account that the connection's credentials belong to.
 * @param sharePercent how much of EC2's request rates all calls together take: see limiter.ts
 */
export const createCloud = (
  connection: Connection,
  sharePercent: number = SHARE_PERCENT_DEFAULT,
): Cloud => {
  const limiter = createLimiter({ ...connection, sharePercent });
  const byTarget = new Map<string, Ec2>();
  return {
    at: (target) => {
      const key = targetKey(target);
      const known = byTarget.get(key);
      if (known !== undefined) return known;
      const made = createEc2(connection, limiter, target);
      byTarget.set(key, made);
      return made;
    },
  };
};

const createEc2 = (connection: Connection, limiter: Limiter, target: Target): Ec2 => {
  const client = new EC2Client(clientConfig(connection, 'ec2', target.region));
  limitCalls(client, limiter, target);
  return { ...createReads(client), ...createWrites(client) };
};

type Reads = Pick<
  Ec2,
  | 'instances'
  | 'instance'
  | 'images'
  | 'availableImages'
  | 'imagesById'
  | 'imagesByName'
  | 'snapshots'
  | 'snapshotsById'
  | 'launchTemplateReferences'
  | 'instancesUsing'
>;

const byId = ({ id }: { readonly id: string }): string => id;
const INSTANCES = { convert: (raw: Ec2Instance) => [toInstance(raw)], keyOf: byId };
const IMAGES = { convert: (raw: Ec2Image) => [toImage(raw)], keyOf: byId };
const SNAPSHOTS = { convert: (raw: Ec2Snapshot) => [toSnapshot(raw)], keyOf: byId };
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
      const instances = (output.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
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
      return { items: output.Images ?? [], nextToken: output.NextToken };
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
      return { items: output.Snapshots ?? [], nextToken: output.NextToken };
    });

  return {
    instances: () => describeInstances({}),
    // A filter, since an id that EC2 does not see yet would fail the call.
    instance: (id) => describeInstances({ Filters: [{ Name: 'instance-id', Values: [id] }] }),
    images: (deployment) => describeImages({ Filters: ownedBy(deployment) }),
    availableImages: (deployment) =>
      describeImages({
        Filters: [...ownedBy(deployment), { Name: 'state', Values: ['available'] }],
      }),
    imagesById: (ids) =>
      inChunks(ids, (Values) => describeImages({ Filters: [{ Name: 'image-id', Values }] })),
    imagesByName: (name) => describeImages({ Filters: [{ Name: 'name', Values: [name] }] }),
    snapshots: (deployment) => describeSnapshots(ownedBy(deployment)),
    snapshotsById: (ids) =>
      inChunks(ids, (Values) => describeSnapshots([{ Name: 'snapshot-id', Values }])),
    launchTemplateReferences: () =>
      readAll(TEMPLATES, async (NextToken) => {
        const output = await client.send(
          new DescribeLaunchTemplateVersionsCommand({
            Versions: ['$Latest', '$Default'], // of every template, as none is named
            ResolveAlias: true,
            MaxResults: VERSIONS_PAGE_SIZE,
            NextToken,
          }),
        );
        const versions = output.LaunchTemplateVersions ?? [];
        return { items: versions, nextToken: output.NextToken };
      }),
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

type Writes = Pick<Ec2, 'createImage' | 'copyImage' | 'deregisterImage' | 'deleteSnapshot'>;

const createWrites = (client: EC2Client): Writes => ({
  createImage: ({ point, name, description, tags, reboot }) =>
    attempt(async () => {
      const output = await client.send(
        new CreateImageCommand({
          InstanceId: point.sourceId,
          Name: name,
          Description: description,
          NoReboot: !reboot,
          TagSpecifications: tagEverything(tags),
        }),
      );
      return { imageId: requireId(output.ImageId, 'CreateImage') };
    }),
  copyImage: (action) =>
    attempt(async () => {
      const request: CopyImageCommandInput = {
        Name: action.name,
        Description: action.description,
        SourceImageId: action.sourceImageId,
        SourceRegion: action.sourceRegion,
        ...(action.kmsKey === undefined ? {} : { Encrypted: true, KmsKeyId: action.kmsKey }),
        TagSpecifications: tagEverything(action.tags),
      };
      const ClientToken = tokenOf(request, action.plannedMs);
      const output = await client.send(new CopyImageCommand({ ...request, ClientToken }));
      return { imageId: requireId(output.ImageId, 'CopyImage') };
    }),
  deregisterImage: (ImageId, snapshots) =>
    attempt(async () => {
      const DeleteAssociatedSnapshots = snapshots === 'delete';
      const output = await client.send(
        new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots }),
      );
      return {
        leftSnapshots: (output.DeleteSnapshotResults ?? []).flatMap(({ SnapshotId, ReturnCode }) =>
          SnapshotId === undefined || ReturnCode === 'success'
            ? []
            : [{ snapshotId: SnapshotId, code: ReturnCode ?? 'unknown' }],
        ),
      };
    }),
  deleteSnapshot: (SnapshotId) =>
    attempt(async () => {
      await client.send(new DeleteSnapshotCommand({ SnapshotId }));
    }),
});

const tagEverything = (tags: Tags): TagSpecification[] => {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return [
    { ResourceType: 'image', Tags },
    { ResourceType: 'snapshot', Tags },
  ];
};

const HOUR_MS = 3_600_000;

/**
 * A hash of the whole request and its hour: the same copy asked for twice is one, another try is
 * another. Without the hour EC2 would answer for a copy that is long gone, and never make it again.
 */
const tokenOf = (request: CopyImageCommandInput, plannedMs: number): string =>
  createHash('sha256')
    .update(JSON.stringify([request, Math.floor(plannedMs / HOUR_MS)]))
    .digest('hex');

const requireId = (id: string | undefined, action: string): string => {
  if (id === undefined) throw new Error(`${action} succeeded without an ImageId`);
  return id;
};

const attempt = async <T>(call: () => Promise<T>): Promise<Result<T>> => {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
};
