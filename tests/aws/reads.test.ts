import { describe, expect, test } from 'vitest';
import { notRead, type Part } from '../../shared/domain/model.ts';
import type { Ec2 } from '../../shared/loop/ports.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { type Action, type Answer, createBench } from './fixture.ts';

interface Read {
  readonly name: string;
  readonly read: (ec2: Ec2) => Promise<Part<unknown>>;
  readonly action: Action;
  /** The first page's request, whole. */
  readonly input: Readonly<Record<string, unknown>>;
  /** A page of the list with one object, which `itemOf` shows in the part's items. */
  readonly page: (id: string) => Readonly<Record<string, unknown>>;
  readonly itemOf: (id: string) => unknown;
}

const imagePage = (id: string) => ({
  Images: [{ ImageId: id, State: 'available', CreationDate: '2026-11-20T02:00:00.000Z' }],
});

const instancePage = (id: string) => ({
  Reservations: [
    { Instances: [{ InstanceId: id, ImageId: 'ami-base', State: { Name: 'running' } }] },
  ],
});

const byId = (id: string): unknown => expect.objectContaining({ id });

const READS: readonly Read[] = [
  {
    name: 'instances',
    read: (ec2) => ec2.instances(),
    action: 'DescribeInstances',
    input: { MaxResults: 1000 },
    page: instancePage,
    itemOf: byId,
  },
  {
    name: 'one instance',
    read: (ec2) => ec2.instance('i-0aa'),
    action: 'DescribeInstances',
    input: { Filters: [{ Name: 'instance-id', Values: ['i-0aa'] }], MaxResults: 1000 },
    page: instancePage,
    itemOf: byId,
  },
  {
    name: 'images of a deployment',
    read: (ec2) => ec2.images('prod'),
    action: 'DescribeImages',
    input: {
      Owners: ['self'],
      IncludeDisabled: true,
      Filters: [{ Name: 'tag:imago:deployment', Values: ['prod'] }],
      MaxResults: 1000,
    },
    page: imagePage,
    itemOf: byId,
  },
  {
    name: 'images by id',
    read: (ec2) => ec2.imagesById(['ami-1', 'ami-2']),
    action: 'DescribeImages',
    input: {
      Owners: ['self'],
      IncludeDisabled: true,
      Filters: [{ Name: 'image-id', Values: ['ami-1', 'ami-2'] }],
      MaxResults: 1000,
    },
    page: imagePage,
    itemOf: byId,
  },
  {
    name: 'images by name',
    read: (ec2) => ec2.imagesByName('imago/prod/web/i-0aa/2026-11-21T02-00-00Z'),
    action: 'DescribeImages',
    input: {
      Owners: ['self'],
      IncludeDisabled: true,
      Filters: [{ Name: 'name', Values: ['imago/prod/web/i-0aa/2026-11-21T02-00-00Z'] }],
      MaxResults: 1000,
    },
    page: imagePage,
    itemOf: byId,
  },
  {
    name: 'snapshots of a deployment',
    read: (ec2) => ec2.snapshots('prod'),
    action: 'DescribeSnapshots',
    input: {
      OwnerIds: ['self'],
      Filters: [{ Name: 'tag:imago:deployment', Values: ['prod'] }],
      MaxResults: 1000,
    },
    page: (id) => ({ Snapshots: [{ SnapshotId: id, StartTime: new Date('2026-11-20T02:00Z') }] }),
    itemOf: byId,
  },
  {
    name: 'attached volumes by tag',
    read: (ec2) => ec2.volumes(['scratch', 'cost-*', 'a\\b']),
    action: 'DescribeVolumes',
    input: {
      Filters: [
        { Name: 'status', Values: ['in-use'] },
        { Name: 'tag-key', Values: ['scratch', 'cost-*', 'a\\\\b'] },
      ],
      MaxResults: 1000,
    },
    page: (id) => ({ Volumes: [{ VolumeId: id, Tags: [{ Key: 'scratch', Value: 'yes' }] }] }),
    itemOf: (id) => ({ id, tags: { scratch: 'yes' } }),
  },
  {
    name: 'launch template references',
    read: async (ec2) => (await ec2.uses(['launch-templates'], []))[0]?.part ?? notRead(),
    action: 'DescribeLaunchTemplateVersions',
    input: { Versions: ['$Latest', '$Default'], ResolveAlias: true, MaxResults: 200 },
    page: (id) => ({
      LaunchTemplateVersions: [
        { LaunchTemplateId: id, VersionNumber: 7, LaunchTemplateData: { ImageId: 'ami-1' } },
      ],
    }),
    itemOf: (id) => ({
      imageId: 'ami-1',
      kind: 'launch-template',
      by: `${id} (version 7)`,
      holds: true,
    }),
  },
  {
    name: 'instances that use images',
    read: (ec2) => ec2.instancesUsing(['ami-base']),
    action: 'DescribeInstances',
    input: { Filters: [{ Name: 'image-id', Values: ['ami-base'] }], MaxResults: 1000 },
    page: instancePage,
    itemOf: (id) => ({ imageId: 'ami-base', kind: 'instance', by: `${id} (running)`, holds: true }),
  },
];

/** Runs one read on an EC2 that answers its action so. */
const readWith = async ({ action, read }: Read, answer: Answer) => {
  const bench = createBench({ [action]: answer });
  const part = await bench.run(read(bench.ec2));
  return { part, inputs: bench.calls.map(({ input }) => input) };
};

const deny = (): never => {
  throw new ApiError('UnauthorizedOperation', 'You are not authorized.', 403);
};

describe.each(READS)('reading $name', (given) => {
  const { input, page, itemOf } = given;

  test('asks for what it needs, and for nothing else', async () => {
    const { part, inputs } = await readWith(given, () => page('x-1'));

    expect(inputs).toEqual([input]);
    expect(part).toEqual({ items: [itemOf('x-1')], isComplete: true, problem: '' });
  });

  test('goes on to the last page, each with the token of the one before', async () => {
    const tokens = ['second', 'third', undefined];

    const { part, inputs } = await readWith(given, (_input, count) => ({
      ...page(`x-${count}`),
      NextToken: tokens[count - 1],
    }));

    expect(inputs).toEqual([
      input,
      { ...input, NextToken: 'second' },
      { ...input, NextToken: 'third' },
    ]);
    expect(part.isComplete).toBe(true);
    expect(part.items).toEqual([itemOf('x-1'), itemOf('x-2'), itemOf('x-3')]);
  });

  test('ends with an empty page token as with none', async () => {
    const { part, inputs } = await readWith(given, () => ({ ...page('x-1'), NextToken: '' }));

    expect(inputs).toHaveLength(1);
    expect(part.isComplete).toBe(true);
  });

  test('is incomplete when an answer has no list, not even an empty one', async () => {
    const { part } = await readWith(given, (_input, count) =>
      count === 1 ? { ...page('x-1'), NextToken: 'second' } : {},
    );

    expect(part).toEqual({
      items: [itemOf('x-1')],
      isComplete: false,
      problem: 'EC2 answered without a list',
    });
  });

  test('is incomplete when a page token comes twice', async () => {
    const { part, inputs } = await readWith(given, (_input, count) => ({
      ...page(`x-${count}`),
      NextToken: 'again',
    }));

    expect(inputs).toHaveLength(2);
    expect(part).toEqual({
      items: [itemOf('x-1'), itemOf('x-2')],
      isComplete: false,
      problem: 'EC2 gave one page token twice',
    });
  });

  test('is incomplete, with nothing in it, when it is denied', async () => {
    const { part, inputs } = await readWith(given, deny);

    expect(inputs).toHaveLength(1);
    expect(part).toEqual({
      items: [],
      isComplete: false,
      problem: 'UnauthorizedOperation: You are not authorized.',
    });
  });

  test('keeps the first page, and is incomplete, when the second is refused', async () => {
    const { part } = await readWith(given, (_input, count) => {
      if (count === 1) return { ...page('x-1'), NextToken: 'second' };
      throw new ApiError('InvalidNextToken', 'The token has expired.');
    });

    expect(part).toEqual({
      items: [itemOf('x-1')],
      isComplete: false,
      problem: 'InvalidNextToken: The token has expired.',
    });
  });
});

describe('reading by ids', () => {
  const ids = Array.from({ length: 401 }, (_, index) => `ami-${index}`);
  const valuesOf = (input: Readonly<Record<string, unknown>>): readonly string[] =>
    (input['Filters'] as readonly { readonly Values: readonly string[] }[])[0]?.Values ?? [];

  const READS_OF_NOTHING: readonly (readonly [string, Read['read']])[] = [
    ['images by id', (ec2) => ec2.imagesById([])],
    ['instances that use images', (ec2) => ec2.instancesUsing([])],
    ['volumes by no tag', (ec2) => ec2.volumes([])],
  ];

  test.each(READS_OF_NOTHING)(
    'makes no call for no ids, since it would list everything: %s',
    async (_name, read) => {
      const bench = createBench({
        DescribeImages: deny,
        DescribeInstances: deny,
        DescribeVolumes: deny,
      });

      expect(await bench.run(read(bench.ec2))).toEqual({
        items: [],
        isComplete: true,
        problem: '',
      });
      expect(bench.calls).toEqual([]);
    },
  );

  test('asks for 200 ids at a time, the most values that a filter takes', async () => {
    const bench = createBench({ DescribeImages: (_input, count) => imagePage(`ami-${count}`) });

    const part = await bench.run(bench.ec2.imagesById(ids));

    const asked = bench.calls.map(({ input }) => valuesOf(input));
    expect(asked.map(({ length }) => length)).toEqual([200, 200, 1]);
    expect(asked.flat()).toEqual(ids);
    expect(part.isComplete).toBe(true);
    expect(part.items.map(({ id }) => id)).toEqual(['ami-1', 'ami-2', 'ami-3']);
  });

  test('is incomplete when one chunk of several is denied, and keeps the others', async () => {
    const bench = createBench({
      DescribeInstances: (_input, count) => (count === 2 ? deny() : instancePage(`i-${count}`)),
    });

    const part = await bench.run(bench.ec2.instancesUsing(ids));

    expect(part.isComplete).toBe(false);
    expect(part.problem).toBe('UnauthorizedOperation: You are not authorized.');
    expect(part.items.map(({ by }) => by)).toEqual(['i-1 (running)', 'i-3 (running)']);
  });
});

describe('a shape that is not known', () => {
  const image = { ImageId: 'ami-2', State: 'available', CreationDate: '2026-11-20T02:00:00Z' };
  const instance = { InstanceId: 'i-2', ImageId: 'ami-base', State: { Name: 'running' } };
  const good = { ...image, ImageId: 'ami-1' };

  const CASES: readonly (readonly [string, Action, unknown, string])[] = [
    [
      'an image without its id',
      'DescribeImages',
      { Images: [good, { ...image, ImageId: undefined }] },
      'EC2 answered an image without ImageId',
    ],
    [
      'an image without a state',
      'DescribeImages',
      { Images: [good, { ...image, State: undefined }] },
      'EC2 answered ami-2 without State',
    ],
    [
      'an image in an unknown state',
      'DescribeImages',
      { Images: [good, { ...image, State: 'archived' }] },
      'EC2 answered ami-2 without a known state (archived)',
    ],
    [
      'an image whose creation date cannot be read',
      'DescribeImages',
      { Images: [good, { ...image, CreationDate: 'yesterday' }] },
      'EC2 answered ami-2 without a readable CreationDate',
    ],
    [
      'an instance in an unknown state',
      'DescribeInstances',
      { Reservations: [{ Instances: [{ ...instance, State: { Name: 'hibernated' } }] }] },
      'EC2 answered i-2 without a known state (hibernated)',
    ],
    [
      'an instance without the image that it was launched from',
      'DescribeInstances',
      { Reservations: [{ Instances: [{ ...instance, ImageId: undefined }] }] },
      'EC2 answered i-2 without ImageId',
    ],
    [
      'a snapshot without its start',
      'DescribeSnapshots',
      { Snapshots: [{ SnapshotId: 'snap-2' }] },
      'EC2 answered snap-2 without StartTime',
    ],
    [
      'a volume without its id',
      'DescribeVolumes',
      { Volumes: [{ Tags: [] }] },
      'EC2 answered a volume without VolumeId',
    ],
    [
      'a launch template version without its template',
      'DescribeLaunchTemplateVersions',
      { LaunchTemplateVersions: [{ VersionNumber: 3, LaunchTemplateData: { ImageId: 'ami-1' } }] },
      'EC2 answered a launch template version without LaunchTemplateId',
    ],
    [
      'a launch template version without what it launches',
      'DescribeLaunchTemplateVersions',
      { LaunchTemplateVersions: [{ LaunchTemplateId: 'lt-2', VersionNumber: 3 }] },
      'EC2 answered lt-2 (version 3) without LaunchTemplateData',
    ],
    [
      'a launch template whose alias EC2 did not resolve',
      'DescribeLaunchTemplateVersions',
      {
        LaunchTemplateVersions: [
          {
            LaunchTemplateId: 'lt-2',
            VersionNumber: 3,
            LaunchTemplateData: { ImageId: 'resolve:ssm:/golden/web' },
          },
        ],
      },
      'EC2 answered lt-2 (version 3) without a resolved image (resolve:ssm:/golden/web)',
    ],
  ];

  test.each(CASES)('makes its part incomplete: %s', async (_name, action, output, problem) => {
    const given = READS.find((read) => read.action === action);
    if (given === undefined) throw new Error(`no read for ${action}`);

    const { part } = await readWith(given, () => output);

    expect(part.isComplete).toBe(false);
    expect(part.problem).toBe(problem);
  });

  test('leaves what was read before it', async () => {
    const bench = createBench({
      DescribeImages: (_input, count) =>
        count === 1
          ? { ...imagePage('ami-1'), NextToken: 'second' }
          : { Images: [{ ...image, ImageId: 'ami-3' }, { State: 'available' }] },
    });

    const part = await bench.run(bench.ec2.images('prod'));

    expect(part.isComplete).toBe(false);
    expect(part.items.map(({ id }) => id)).toContain('ami-1');
  });
});
