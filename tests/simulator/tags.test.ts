import { describe, expect, it } from 'vitest';
import { type Bench, codeOf, createBench, HOME, makeImage, MINUTE } from './fixture.ts';

const MISSING = 'i-0123456789abcdef0';

const tag = (bench: Bench, Resources: string[], tags: Record<string, string>) =>
  bench.cloud.ec2.CreateTags(
    { Resources, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
    bench.home(),
  );

const untag = (bench: Bench, Resources: string[], Tags?: { Key?: string; Value?: string }[]) =>
  bench.cloud.ec2.DeleteTags({ Resources, Tags }, bench.home());

const tagsOf = (bench: Bench, id: string): [string | undefined, string | undefined][] =>
  bench.cloud.ec2
    .DescribeTags({ Filters: [{ Name: 'resource-id', Values: [id] }] }, bench.home())
    .Tags?.map((one) => [one.Key, one.Value]) ?? [];

const bare = (): { bench: Bench; id: string } => {
  const bench = createBench();
  const id = bench.id('web-1');
  untag(bench, [id]);
  return { bench, id };
};

describe('CreateTags', () => {
  it('overwrites a value and leaves the other tags', () => {
    const { bench, id } = bare();
    tag(bench, [id], { a: '1', b: '2' });
    tag(bench, [id], { a: '3' });
    expect(tagsOf(bench, id)).toEqual([
      ['a', '3'],
      ['b', '2'],
    ]);
  });

  it('tags everything that has tags', async () => {
    const bench = createBench();
    const call = bench.home();
    const imageId = makeImage(bench, 'one');
    const data = { LaunchTemplateName: 'web', LaunchTemplateData: {} };
    const template = bench.cloud.ec2.CreateLaunchTemplate(data, call).LaunchTemplate;
    const [snapshot] =
      bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, call).Snapshots ?? [];
    const [volume] = bench.cloud.ec2.DescribeVolumes({}, call).Volumes ?? [];
    const [vpc] = bench.cloud.ec2.DescribeVpcs({}, call).Vpcs ?? [];
    const [key] = bench.cloud.ec2.DescribeKeyPairs({}, call).KeyPairs ?? [];
    const ids = [
      [imageId, 'image'],
      [snapshot?.SnapshotId, 'snapshot'],
      [bench.id('web-1'), 'instance'],
      [volume?.VolumeId, 'volume'],
      [template?.LaunchTemplateId, 'launch-template'],
      [vpc?.VpcId, 'vpc'],
      ['subnet-0a000000000000001', 'subnet'],
      ['sg-00000000000000a01', 'security-group'],
      [key?.KeyPairId, 'key-pair'],
    ] as const;
    tag(
      bench,
      ids.map(([id]) => id ?? ''),
      { all: 'yes' },
    );
    const Filters = [{ Name: 'key', Values: ['all'] }];
    const described = bench.cloud.ec2.DescribeTags({ Filters }, call).Tags ?? [];
    const types = new Map(described.map((one) => [one.ResourceId, one.ResourceType]));
    expect(ids.map(([id]) => [id, types.get(id)])).toEqual(ids);
  });

  it.each([
    [{ '': 'x' }, 'InvalidTagKey.Malformed'],
    [{ 'aws:x': 'x' }, 'InvalidTagKey.Malformed'],
    [{ 'AWS:x': 'x' }, 'InvalidTagKey.Malformed'],
    [{ ['k'.repeat(129)]: 'x' }, 'InvalidParameterValue'],
    [{ k: 'v'.repeat(257) }, 'InvalidParameterValue'],
    [{ ['k'.repeat(128)]: 'v'.repeat(256) }, 'none'],
  ])('answers to %j with %s', (tags, code) => {
    const { bench, id } = bare();
    expect(codeOf(() => tag(bench, [id], tags))).toBe(code);
  });

  it('takes fifty tags of the user on a resource, and no more', () => {
    const { bench, id } = bare();
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, '']));
    tag(bench, [id], many(50));
    expect(codeOf(() => tag(bench, [id], { more: '' }))).toBe('TagLimitExceeded');
    expect(codeOf(() => tag(bench, [id], { k0: 'changed' }))).toBe('none');
  });

  it.each([
    [true, []],
    [false, [['a', '1']]],
  ])('for one missing resource fails for all: %s', (oneMissingResourceFailsTagging, expected) => {
    const bench = createBench({ oneMissingResourceFailsTagging });
    const id = bench.id('web-1');
    untag(bench, [id]);
    const code = codeOf(() => tag(bench, [id, MISSING], { a: '1' }));
    expect(code).toBe(oneMissingResourceFailsTagging ? 'InvalidInstanceID.NotFound' : 'none');
    expect(tagsOf(bench, id)).toEqual(expected);
    expect(codeOf(() => tag(bench, [MISSING], { a: '1' }))).toBe('InvalidInstanceID.NotFound');
  });

  it.each([
    ['snap-xyz', 'InvalidParameterValue'],
    ['snap-0123456789abcdef0', 'InvalidSnapshot.NotFound'],
    ['vol-0123456789abcdef0', 'InvalidVolume.NotFound'],
    ['lt-0123456789abcdef0', 'InvalidLaunchTemplateId.NotFound'],
    ['thing-1', 'InvalidID'],
  ])('refuses the resource %s with %s', (id, code) => {
    const bench = createBench();
    expect(codeOf(() => tag(bench, [id], { a: '1' }))).toBe(code);
  });

  it('takes a thousand resources in a call, and at least one', () => {
    const bench = createBench();
    const ids = Array.from({ length: 1_001 }, () => bench.id('web-1'));
    expect(codeOf(() => tag(bench, ids, { a: '1' }))).toBe('InvalidParameterValue');
    expect(codeOf(() => tag(bench, [], { a: '1' }))).toBe('MissingParameter');
  });

  it('refuses keys that cannot be paths where the metadata of an instance tell its tags', () => {
    const bench = createBench();
    const run = (Key: string) =>
      bench.cloud.ec2.RunInstances(
        {
          ImageId: bench.world.images.ubuntu,
          MinCount: 1,
          MaxCount: 1,
          MetadataOptions: { InstanceMetadataTags: 'enabled' },
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key, Value: '' }] }],
        },
        bench.home(),
      ).Instances?.[0]?.InstanceId ?? '';
    expect(codeOf(() => run('a/b'))).toBe('InvalidParameterValue');
    const id = run('a');
    expect(codeOf(() => tag(bench, [id], { 'a b': '' }))).toBe('InvalidParameterValue');
    expect(codeOf(() => tag(bench, [bench.id('web-1')], { 'a b': '' }))).toBe('none');
  });
});

describe('DeleteTags', () => {
  it('looks at a value if it is given, also at an empty one', () => {
    const { bench, id } = bare();
    tag(bench, [id], { a: '1', b: '', c: '3', d: '4' });
    untag(
      bench,
      [id],
      [
        { Key: 'a', Value: '2' },
        { Key: 'c', Value: '' },
      ],
    );
    expect(tagsOf(bench, id)).toHaveLength(4);
    untag(bench, [id], [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '' }, { Key: 'c' }]);
    expect(tagsOf(bench, id)).toEqual([['d', '4']]);
  });

  it('without tags takes away all but those of AWS, which no user can touch', () => {
    const bench = createBench();
    const id = bench.id('ci-asg');
    const mine = [{ Key: 'aws:autoscaling:groupName', Value: 'mine' }];
    expect(codeOf(() => untag(bench, [id], mine))).toBe('InvalidTagKey.Malformed');
    untag(bench, [id]);
    expect(tagsOf(bench, id)).toEqual([['aws:autoscaling:groupName', 'ci-workers']]);
  });
});

describe('DescribeTags', () => {
  const withTags = (): Bench => {
    const bench = createBench();
    tag(bench, [bench.id('web-1')], { colour: 'red', size: 'big' });
    tag(bench, [bench.id('web-2')], { colour: 'blue' });
    return bench;
  };
  const count = (bench: Bench, Name: string, ...Values: string[]) =>
    bench.cloud.ec2.DescribeTags(
      {
        Filters: [
          { Name, Values },
          { Name: 'key', Values: ['colour', 'size'] },
        ],
      },
      bench.home(),
    ).Tags?.length;

  it.each([
    ['value', ['red'], 1],
    ['value', ['*'], 3],
    ['tag:colour', ['red', 'blue'], 2],
    ['tag:size', ['red'], 0],
    ['resource-type', ['instance'], 3],
    ['resource-type', ['image'], 0],
    ['key', ['size'], 1],
  ])('finds by %s %j: %i', (name, values, expected) => {
    expect(count(withTags(), name, ...values)).toBe(expected);
  });

  it('refuses a filter of its neighbours', () => {
    const bench = withTags();
    expect(codeOf(() => count(bench, 'tag-key', 'colour'))).toBe('InvalidParameterValue');
  });

  it('gives pages of five at least, and each tag once', async () => {
    const bench = withTags();
    await bench.pass(MINUTE);
    const all = bench.cloud.ec2.DescribeTags({}, bench.home()).Tags?.length ?? 0;
    const seen = new Set<string>();
    let NextToken: string | undefined;
    do {
      const page = bench.cloud.ec2.DescribeTags({ MaxResults: 5, NextToken }, bench.home());
      for (const one of page.Tags ?? []) seen.add(`${one.ResourceId} ${one.Key}`);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(all).toBeGreaterThan(20);
    expect(seen.size).toBe(all);
    expect(codeOf(() => bench.cloud.ec2.DescribeTags({ MaxResults: 4 }, bench.home()))).toBe(
      'InvalidParameterValue',
    );
  });

  it('tells nobody of the tags of others', () => {
    const bench = withTags();
    const other = bench.cloud.callAs('999988887777', HOME);
    expect(bench.cloud.ec2.DescribeTags({}, other).Tags).toEqual([]);
    expect(
      codeOf(() =>
        bench.cloud.ec2.CreateTags(
          { Resources: [bench.id('web-1')], Tags: [{ Key: 'a', Value: '' }] },
          other,
        ),
      ),
    ).toBe('UnauthorizedOperation');
  });
});
