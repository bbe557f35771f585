import { describe, expect, test } from 'vitest';
import { readKinds, type ReadKindsOptions } from '../../shared/aws/inventory.ts';
import { createLimiter } from '../../shared/aws/limiter.ts';
import {
  FILE_KINDS,
  type FileKind,
  type InventoryDocuments,
  KINDS,
} from '../../shared/inventory/kinds.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { type Action, type Answer, type Bench, createBench, HOME } from './fixture.ts';

// Loaded when it is needed: here before virtual time begins, which does not wait for files.
await import('../../shared/aws/launch-reads.ts');

const IMAGE = 'ami-0123456789abcdef0';
const OTHERS = 'ami-0aaaaaaaaaaaaaaaa';
const TEMPLATE = 'lt-0abc';

/** An account with one of everything. */
const ANSWERS: Partial<Record<Action, Answer>> = {
  DescribeInstances: () => ({ Reservations: [{ Instances: [{ ImageId: IMAGE }] }] }),
  DescribeImages: ({ Owners }) => ({
    Images: [{ ImageId: Owners === undefined ? OTHERS : IMAGE }],
  }),
  DescribeImageAttribute: ({ ImageId }) => ({ ImageId, LaunchPermissions: [{ Group: 'all' }] }),
  DescribeSnapshots: () => ({ Snapshots: [{ SnapshotId: 'snap-1' }] }),
  DescribeVolumes: () => ({ Volumes: [{ VolumeId: 'vol-1' }] }),
  DescribeLaunchTemplates: () => ({ LaunchTemplates: [{ LaunchTemplateId: TEMPLATE }] }),
  DescribeLaunchTemplateVersions: ({ LaunchTemplateId }) => ({
    LaunchTemplateVersions: [{ LaunchTemplateId, LaunchTemplateData: { ImageId: OTHERS } }],
  }),
  DescribeFleets: () => ({ Fleets: [{ FleetId: 'fleet-1' }] }),
  DescribeSpotFleetRequests: () => ({
    SpotFleetRequestConfigs: [{ SpotFleetRequestId: 'sfr-1' }],
  }),
  DescribeAutoScalingGroups: () => ({ AutoScalingGroups: [{ AutoScalingGroupName: 'blue' }] }),
  DescribeLaunchConfigurations: () => ({
    LaunchConfigurations: [{ LaunchConfigurationName: 'old-web' }],
  }),
  DescribeParameters: () => ({ Parameters: [{ Name: '/golden/web', Type: 'String' }] }),
  GetParameters: ({ Names }) => ({
    Parameters: (Names as string[]).map((Name) => ({ Name, Type: 'String', Value: IMAGE })),
  }),
};

const benchOf = (answers: Partial<Record<Action, Answer>> = {}): Bench =>
  createBench({ ...ANSWERS, ...answers });

const read = (
  bench: Bench,
  kinds: readonly FileKind[] = FILE_KINDS,
  options?: ReadKindsOptions,
): Promise<InventoryDocuments> => {
  const limiter = createLimiter({ ...bench.connection, sharePercent: 80 });
  return bench.run(readKinds(bench.connection, limiter, HOME, kinds, options));
};

const inputsOf = ({ calls }: Bench, action: Action) =>
  calls.filter((call) => call.action === action).map(({ input }) => input);

const refuse =
  (code: string): Answer =>
  () => {
    throw new ApiError(code, 'no', 403);
  };

const problemsOf = (documents: InventoryDocuments) =>
  Object.fromEntries(
    FILE_KINDS.flatMap((kind) => {
      const problem = documents[kind]?.problem;
      return problem === undefined ? [] : [[kind, problem]];
    }),
  );

describe('reading an account', () => {
  test('gives every kind as the AWS CLI prints it', async () => {
    expect(await read(benchOf())).toEqual({
      instances: { pages: [{ Reservations: [{ Instances: [{ ImageId: IMAGE }] }] }] },
      images: { pages: [{ Images: [{ ImageId: IMAGE }] }] },
      'image-attributes': {
        pages: [{ ImageId: IMAGE, LaunchPermissions: [{ Group: 'all' }] }],
      },
      snapshots: { pages: [{ Snapshots: [{ SnapshotId: 'snap-1' }] }] },
      volumes: { pages: [{ Volumes: [{ VolumeId: 'vol-1' }] }] },
      'launch-templates': { pages: [{ LaunchTemplates: [{ LaunchTemplateId: TEMPLATE }] }] },
      'launch-template-versions': {
        pages: [
          {
            LaunchTemplateVersions: [
              { LaunchTemplateId: TEMPLATE, LaunchTemplateData: { ImageId: OTHERS } },
            ],
          },
        ],
      },
      'auto-scaling-groups': {
        pages: [{ AutoScalingGroups: [{ AutoScalingGroupName: 'blue' }] }],
      },
      'launch-configurations': {
        pages: [{ LaunchConfigurations: [{ LaunchConfigurationName: 'old-web' }] }],
      },
      parameters: {
        pages: [
          { Parameters: [] },
          { Parameters: [{ Name: '/golden/web', Type: 'String', Value: IMAGE }] },
        ],
      },
      fleets: { pages: [{ Fleets: [{ FleetId: 'fleet-1' }] }] },
      'spot-fleet-requests': {
        pages: [{ SpotFleetRequestConfigs: [{ SpotFleetRequestId: 'sfr-1' }] }],
      },
      'used-images': { pages: [{ Images: [{ ImageId: OTHERS }] }] },
    });
  });

  test('goes through every page of a list, and leaves the tokens out', async () => {
    const pageOf =
      (list: string): Answer =>
      ({ NextToken }) =>
        NextToken === undefined ? { [list]: [], NextToken: 'more' } : { [list]: [] };
    const LISTS = {
      DescribeSnapshots: 'Snapshots',
      DescribeVolumes: 'Volumes',
      DescribeAutoScalingGroups: 'AutoScalingGroups',
      DescribeSpotFleetRequests: 'SpotFleetRequestConfigs',
    } as const;
    const bench = benchOf(
      Object.fromEntries(Object.entries(LISTS).map(([action, list]) => [action, pageOf(list)])),
    );

    const documents = await read(bench);

    expect(documents.snapshots).toEqual({ pages: [{ Snapshots: [] }, { Snapshots: [] }] });
    expect(documents.volumes.pages).toHaveLength(2);
    expect(documents['auto-scaling-groups'].pages).toHaveLength(2);
    expect(documents['spot-fleet-requests'].pages).toHaveLength(2);
    expect(inputsOf(bench, 'DescribeSnapshots')).toEqual([
      { OwnerIds: ['self'], MaxResults: 1_000 },
      { OwnerIds: ['self'], MaxResults: 1_000, NextToken: 'more' },
    ]);
  });

  test('keeps what came before a page that is refused, or whose token comes twice', async () => {
    const bench = benchOf({
      DescribeVolumes: () => ({ Volumes: [], NextToken: 'again' }),
      DescribeFleets: ({ NextToken }, count) =>
        NextToken === undefined
          ? { Fleets: [{ FleetId: 'fleet-1' }], NextToken: 'more' }
          : refuse('UnauthorizedOperation')({}, count),
    });

    const documents = await read(bench, ['volumes', 'fleets']);

    expect(documents.volumes.problem).toBe('one page token came twice');
    expect(documents.fleets).toMatchObject({
      pages: [{ Fleets: [{ FleetId: 'fleet-1' }] }],
      problem: 'UnauthorizedOperation: no',
    });
  });

  test('takes an answer without its list for no answer', async () => {
    const nothing: Answer = () => ({});
    const asked = Object.keys(ANSWERS).filter((action) => action !== 'GetParameters');
    const bench = benchOf(Object.fromEntries(asked.map((action) => [action, nothing])));

    const problems = problemsOf(await read(bench, KINDS, { imageIds: [IMAGE] }));

    expect(problems).toEqual({
      instances: 'AWS answered without Reservations',
      images: 'AWS answered without Images',
      'image-attributes': `${IMAGE}: AWS answered without LaunchPermissions`,
      snapshots: 'AWS answered without Snapshots',
      volumes: 'AWS answered without Volumes',
      'launch-templates': 'AWS answered without LaunchTemplates',
      'launch-template-versions': 'launch templates: AWS answered without LaunchTemplates',
      'auto-scaling-groups': 'AWS answered without AutoScalingGroups',
      'launch-configurations': 'AWS answered without LaunchConfigurations',
      parameters: 'AWS answered without Parameters',
      fleets: 'AWS answered without Fleets',
      'spot-fleet-requests': 'AWS answered without SpotFleetRequestConfigs',
    });
  });

  test('asks only for the kinds that are wanted, and for what they hang on', async () => {
    const bench = benchOf();

    const documents = await read(bench, ['volumes', 'launch-template-versions']);

    expect(bench.calls.map(({ action }) => action).toSorted()).toEqual([
      'DescribeLaunchTemplateVersions',
      'DescribeLaunchTemplates',
      'DescribeVolumes',
    ]);
    const unread = KINDS.filter((kind) => documents[kind].problem === 'not read by this pass');
    expect(unread).toEqual(
      KINDS.filter(
        (kind) => !['volumes', 'launch-templates', 'launch-template-versions'].includes(kind),
      ),
    );
    expect(documents).not.toHaveProperty('used-images');
  });

  test('tells which kind has been read', async () => {
    const kinds: FileKind[] = [];

    await read(benchOf(), ['volumes', 'image-attributes'], { onRead: (kind) => kinds.push(kind) });

    expect(kinds.toSorted()).toEqual(['image-attributes', 'images', 'volumes']);
  });
});

describe('what AWS refuses', () => {
  test.each([
    ['DescribeInstances', 'instances'],
    ['DescribeSnapshots', 'snapshots'],
    ['DescribeVolumes', 'volumes'],
    ['DescribeFleets', 'fleets'],
    ['DescribeSpotFleetRequests', 'spot-fleet-requests'],
    ['DescribeLaunchConfigurations', 'launch-configurations'],
    ['DescribeAutoScalingGroups', 'auto-scaling-groups'],
    ['DescribeParameters', 'parameters'],
  ] as const)('by %s is a problem of %s alone', async (action, kind) => {
    const documents = await read(benchOf({ [action]: refuse('AccessDenied') }));

    expect(problemsOf(documents)).toEqual({ [kind]: 'AccessDenied: no' });
  });

  test('of images is a problem of their launch permissions too', async () => {
    const documents = await read(benchOf({ DescribeImages: refuse('AuthFailure') }));

    expect(problemsOf(documents)).toEqual({
      images: 'AuthFailure: no',
      'image-attributes': 'images: AuthFailure: no',
      'used-images': `images from ${IMAGE} on: AuthFailure: no`,
    });
  });

  test('of templates is a problem of their versions too', async () => {
    const documents = await read(benchOf({ DescribeLaunchTemplates: refuse('AuthFailure') }));

    expect(problemsOf(documents)).toEqual({
      'launch-templates': 'AuthFailure: no',
      'launch-template-versions': 'launch templates: AuthFailure: no',
    });
  });
});

describe('launch permissions', () => {
  const ids = Array.from({ length: 60 }, (_, index) => `ami-${String(index).padStart(8, '0')}`);
  const manyImages: Answer = ({ Owners }) => ({
    Images: Owners === undefined ? [] : ids.map((ImageId) => ({ ImageId })),
  });

  test('are those of the images that are asked for, where some are', async () => {
    const bench = benchOf();

    const documents = await read(bench, ['image-attributes'], { imageIds: [OTHERS] });

    expect(documents['image-attributes'].pages).toEqual([
      { ImageId: OTHERS, LaunchPermissions: [{ Group: 'all' }] },
    ]);
    expect(inputsOf(bench, 'DescribeImageAttribute')).toEqual([
      { ImageId: OTHERS, Attribute: 'launchPermission' },
    ]);
    expect(inputsOf(bench, 'DescribeImages')).toEqual([]);
  });

  test('of an image that nobody may launch are an empty list', async () => {
    const bench = benchOf({
      DescribeImageAttribute: ({ ImageId }) => ({ ImageId, LaunchPermissions: [] }),
    });

    const documents = await read(bench, ['image-attributes']);

    expect(documents['image-attributes']).toEqual({
      pages: [{ ImageId: IMAGE, LaunchPermissions: [] }],
    });
  });

  test('of an image that is gone have no page, and are no problem', async () => {
    const bench = benchOf({ DescribeImageAttribute: refuse('InvalidAMIID.NotFound') });

    expect((await read(bench, ['image-attributes']))['image-attributes']).toEqual({ pages: [] });
  });

  test('of one image that cannot be read are named, and the others count', async () => {
    const bench = benchOf({
      DescribeImages: manyImages,
      DescribeImageAttribute: (input, count) =>
        input['ImageId'] === 'ami-00000007'
          ? refuse('InvalidRequest')(input, count)
          : { ImageId: input['ImageId'], LaunchPermissions: [] },
    });

    const { pages, problem } = (await read(bench, ['image-attributes']))['image-attributes'];

    expect(pages).toHaveLength(59);
    expect(problem).toBe('ami-00000007: InvalidRequest: no');
  });

  test('that may not be read are not asked for image after image', async () => {
    const bench = benchOf({
      DescribeImages: manyImages,
      DescribeImageAttribute: refuse('UnauthorizedOperation'),
    });

    const { problem } = (await read(bench, ['image-attributes']))['image-attributes'];

    expect(inputsOf(bench, 'DescribeImageAttribute')).toHaveLength(10);
    expect(problem).toBe('ami-00000000: UnauthorizedOperation: no (and 59 more)');
  });

  test('that fail for one image after the other are given up', async () => {
    const bench = benchOf({
      DescribeImages: manyImages,
      DescribeImageAttribute: refuse('InvalidRequest'),
    });

    await read(bench, ['image-attributes']);

    expect(inputsOf(bench, 'DescribeImageAttribute').length).toBeLessThan(40);
  });

  test('of many images come no faster than EC2 lets calls through', async () => {
    const many = Array.from({ length: 400 }, (_, index) => `ami-${String(index).padStart(8, '0')}`);
    const bench = benchOf();

    const documents = await read(bench, ['image-attributes'], { imageIds: many });

    expect(documents['image-attributes'].pages).toHaveLength(400);
    // A burst of 76, and then 16 a second.
    expect(bench.afterMs()).toBeGreaterThan(20_000);
    expect(bench.afterMs()).toBeLessThan(22_000);
  });
});
