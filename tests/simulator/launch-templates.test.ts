import { describe, expect, it } from 'vitest';
import { ACCOUNT, type Bench, codeOf, createBench } from './fixture.ts';

const A = 'ami-0000000000000000a';
const B = 'ami-0000000000000000b';

const create = (bench: Bench, name: string, more: object = {}) =>
  bench.cloud.ec2.CreateLaunchTemplate(
    {
      LaunchTemplateName: name,
      LaunchTemplateData: { ImageId: A, KeyName: 'key' },
      ...more,
    },
    bench.home(),
  ).LaunchTemplate;

const addVersion = (bench: Bench, LaunchTemplateName: string, more: object = {}) =>
  bench.cloud.ec2.CreateLaunchTemplateVersion(
    { LaunchTemplateName, LaunchTemplateData: { ImageId: B }, ...more },
    bench.home(),
  ).LaunchTemplateVersion;

const withTemplates = (manners = {}): Bench => {
  const bench = createBench(manners);
  create(bench, 'one');
  create(bench, 'two');
  addVersion(bench, 'one', { SourceVersion: '1' });
  return bench;
};

const versions = (bench: Bench, input: object): string[] =>
  bench.cloud.ec2
    .DescribeLaunchTemplateVersions(input, bench.home())
    .LaunchTemplateVersions?.map(
      (one) =>
        `${one.LaunchTemplateName} ${one.VersionNumber} ${one.LaunchTemplateData?.ImageId?.at(-1)}`,
    )
    .toSorted() ?? [];

describe('CreateLaunchTemplate', () => {
  it('makes a template with one version, which is the default', () => {
    const bench = createBench();
    const TagSpecifications = [
      { ResourceType: 'launch-template', Tags: [{ Key: 'a', Value: '1' }] },
    ];
    expect(create(bench, 'one', { TagSpecifications })).toMatchObject({
      LaunchTemplateName: 'one',
      DefaultVersionNumber: 1,
      LatestVersionNumber: 1,
      CreatedBy: `arn:aws:iam::${ACCOUNT}:root`,
      Tags: [{ Key: 'a', Value: '1' }],
    });
  });

  it.each([
    ['one', 'InvalidLaunchTemplateName.AlreadyExistsException'],
    ['ab', 'InvalidLaunchTemplateName.MalformedException'],
    ['a b c', 'InvalidLaunchTemplateName.MalformedException'],
    ['three', 'none'],
  ])('answers to the name %j with %s', (name, code) => {
    const bench = withTemplates();
    expect(codeOf(() => create(bench, name))).toBe(code);
  });

  it('makes nothing twice for one client token', () => {
    const bench = createBench();
    const first = create(bench, 'one', { ClientToken: 'token' });
    const again = create(bench, 'one', { ClientToken: 'token' });
    expect(again?.LaunchTemplateId).toBe(first?.LaunchTemplateId);
    expect(codeOf(() => create(bench, 'two', { ClientToken: 'token' }))).toBe(
      'IdempotentParameterMismatch',
    );
  });

  it('keeps to the quotas of templates and of versions', () => {
    const bench = withTemplates({ templateQuota: 2, templateVersionQuota: 2 });
    expect(codeOf(() => create(bench, 'three'))).toBe('MaxTemplateLimitExceeded');
    expect(codeOf(() => addVersion(bench, 'one'))).toBe('MaxTemplateVersionLimitExceeded');
    expect(codeOf(() => addVersion(bench, 'two'))).toBe('none');
  });
});

describe('CreateLaunchTemplateVersion', () => {
  it('takes over from its source all that it does not say itself, but no snapshots', () => {
    const bench = createBench();
    const mapping = (Ebs: object) => [{ DeviceName: '/dev/sdf', Ebs }];
    const ebs = { SnapshotId: 'snap-0000000000000000a', VolumeSize: 9 };
    create(bench, 'one', {
      LaunchTemplateData: { ImageId: A, KeyName: 'key', BlockDeviceMappings: mapping(ebs) },
    });
    expect(addVersion(bench, 'one', { SourceVersion: '$Latest' })?.LaunchTemplateData).toEqual({
      ImageId: B,
      KeyName: 'key',
      BlockDeviceMappings: mapping({ SnapshotId: undefined, VolumeSize: 9 }),
    });
    expect(addVersion(bench, 'one')?.LaunchTemplateData).toEqual({ ImageId: B });
  });

  it('makes nothing twice for one client token', () => {
    const bench = withTemplates();
    const first = addVersion(bench, 'two', { ClientToken: 'token' });
    const again = addVersion(bench, 'two', { ClientToken: 'token' });
    expect([first?.VersionNumber, again?.VersionNumber]).toEqual([2, 2]);
    expect(versions(bench, { LaunchTemplateName: 'two' })).toHaveLength(2);
  });

  it.each([
    [{ LaunchTemplateId: undefined, LaunchTemplateName: undefined }, 'MissingParameter'],
    [{ LaunchTemplateId: 'lt-0123456789abcdef0' }, 'InvalidParameterCombination'],
    [{ LaunchTemplateName: 'nine' }, 'InvalidLaunchTemplateName.NotFoundException'],
    [{ SourceVersion: '9' }, 'InvalidLaunchTemplateId.VersionNotFound'],
    [{ SourceVersion: 'last' }, 'InvalidLaunchTemplateId.VersionMalformed'],
    [{ VersionDescription: 'd'.repeat(256) }, 'InvalidParameterValue'],
  ])('refuses %j with %s', (more, code) => {
    const bench = withTemplates();
    expect(codeOf(() => addVersion(bench, 'one', more))).toBe(code);
  });
});

describe('DescribeLaunchTemplateVersions', () => {
  it('describes over all templates by $Latest and $Default, each version once', () => {
    const bench = withTemplates();
    const both = { Versions: ['$Latest', '$Default'] };
    expect(versions(bench, both)).toEqual(['one 1 a', 'one 2 b', 'two 1 a']);
    expect(versions(bench, { Versions: ['$Latest'] })).toEqual(['one 2 b', 'two 1 a']);
  });

  it('describes those of one template by number, in a span, and all without either', () => {
    const bench = withTemplates();
    const one = { LaunchTemplateName: 'one' };
    addVersion(bench, 'one');
    expect(versions(bench, one)).toEqual(['one 1 a', 'one 2 b', 'one 3 b']);
    expect(versions(bench, { ...one, Versions: ['2'] })).toEqual(['one 2 b']);
    expect(versions(bench, { ...one, MinVersion: '2' })).toEqual(['one 2 b', 'one 3 b']);
    expect(versions(bench, { ...one, MinVersion: '2', MaxVersion: '2' })).toEqual(['one 2 b']);
  });

  it.each([
    [{ LaunchTemplateName: 'one', Versions: ['9'] }, 'InvalidLaunchTemplateId.VersionNotFound'],
    [{ Versions: ['1'] }, 'InvalidParameterCombination'],
    [{}, 'InvalidParameterCombination'],
    [
      { LaunchTemplateName: 'one', Versions: ['1'], MinVersion: '1' },
      'InvalidParameterCombination',
    ],
    [{ LaunchTemplateName: 'one', MaxResults: 201 }, 'InvalidParameterValue'],
    [
      { LaunchTemplateName: 'one', Filters: [{ Name: 'tag:a', Values: ['1'] }] },
      'InvalidParameterValue',
    ],
  ])('refuses %j with %s', (input, code) => {
    const bench = withTemplates();
    expect(codeOf(() => versions(bench, input))).toBe(code);
  });

  it.each([
    ['image-id', B, ['one 2 b']],
    ['is-default-version', 'false', ['one 2 b']],
    ['instance-type', 't3.nano', ['three 1 a']],
    ['http-tokens', 'required', ['three 1 a']],
    ['ebs-optimized', 'true', ['three 1 a']],
    ['iam-instance-profile', 'role', ['three 1 a']],
    ['kernel-id', '*', []],
  ])('finds by %s: %s', (Name, value, expected) => {
    const bench = withTemplates();
    create(bench, 'three', {
      LaunchTemplateData: {
        ImageId: A,
        InstanceType: 't3.nano',
        EbsOptimized: true,
        IamInstanceProfile: { Name: 'role' },
        MetadataOptions: { HttpTokens: 'required' },
      },
    });
    const found = versions(bench, {
      Versions: ['$Latest', '$Default'],
      Filters: [{ Name, Values: [value] }],
    });
    expect(found).toEqual(expected);
  });

  it('resolves a parameter only if it is told to', () => {
    const bench = createBench();
    bench.cloud.ec2Core.resolveParameter = (name) => (name === '/golden:3' ? B : undefined);
    create(bench, 'one', { LaunchTemplateData: { ImageId: 'resolve:ssm:/golden:3' } });
    const imageId = (ResolveAlias?: boolean) =>
      bench.cloud.ec2.DescribeLaunchTemplateVersions(
        { LaunchTemplateName: 'one', ResolveAlias },
        bench.home(),
      ).LaunchTemplateVersions?.[0]?.LaunchTemplateData?.ImageId;
    expect([imageId(), imageId(true)]).toEqual(['resolve:ssm:/golden:3', B]);
    create(bench, 'two', { LaunchTemplateData: { ImageId: 'resolve:ssm:/nothing' } });
    const two = { LaunchTemplateName: 'two', ResolveAlias: true };
    expect(codeOf(() => versions(bench, two))).toBe('InvalidParameterValue');
  });
});

describe('DescribeLaunchTemplates', () => {
  it('fails as a whole for one id or name that is not there', () => {
    const bench = withTemplates();
    const ask = (input: object) =>
      codeOf(() => bench.cloud.ec2.DescribeLaunchTemplates(input, bench.home()));
    expect(ask({ LaunchTemplateNames: ['one', 'nine'] })).toBe(
      'InvalidLaunchTemplateName.NotFoundException',
    );
    expect(ask({ LaunchTemplateIds: ['lt-0123456789abcdef0'] })).toBe(
      'InvalidLaunchTemplateId.NotFound',
    );
    expect(ask({ LaunchTemplateIds: ['template'] })).toBe('InvalidLaunchTemplateId.Malformed');
    expect(ask({ LaunchTemplateNames: ['one', 'two'] })).toBe('none');
  });

  it('gives pages, and finds by name and by tag', () => {
    const bench = withTemplates();
    const first = bench.cloud.ec2.DescribeLaunchTemplates({ MaxResults: 1 }, bench.home());
    const rest = { MaxResults: 1, NextToken: first.NextToken };
    const second = bench.cloud.ec2.DescribeLaunchTemplates(rest, bench.home());
    const names = [...(first.LaunchTemplates ?? []), ...(second.LaunchTemplates ?? [])].map(
      (one) => one.LaunchTemplateName,
    );
    expect(names).toHaveLength(2);
    expect(new Set(names)).toEqual(new Set(['one', 'two']));
    expect(second.NextToken).toBeUndefined();
    const Filters = [{ Name: 'launch-template-name', Values: ['t*'] }];
    expect(
      bench.cloud.ec2.DescribeLaunchTemplates({ Filters }, bench.home()).LaunchTemplates,
    ).toMatchObject([{ LaunchTemplateName: 'two' }]);
  });
});

describe('the default version', () => {
  const setDefault = (bench: Bench, DefaultVersion: string) =>
    bench.cloud.ec2.ModifyLaunchTemplate(
      { LaunchTemplateName: 'one', DefaultVersion },
      bench.home(),
    ).LaunchTemplate?.DefaultVersionNumber;

  it('moves when it is told to', () => {
    const bench = withTemplates();
    expect(setDefault(bench, '2')).toBe(2);
    expect(versions(bench, { LaunchTemplateName: 'one', Versions: ['$Default'] })).toEqual([
      'one 2 b',
    ]);
    expect(codeOf(() => setDefault(bench, '3'))).toBe('InvalidLaunchTemplateId.VersionNotFound');
  });

  it.each(['unexpectedError', 'launchTemplateVersionDoesNotExist'])(
    'is not deleted, which its outcome says as %s, and numbers are not given again',
    (defaultVersionErrorCode) => {
      const bench = withTemplates({ defaultVersionErrorCode });
      const outcome = bench.cloud.ec2.DeleteLaunchTemplateVersions(
        { LaunchTemplateName: 'one', Versions: ['1', '2', '7'] },
        bench.home(),
      );
      expect(outcome).toMatchObject({
        SuccessfullyDeletedLaunchTemplateVersions: [{ VersionNumber: 2 }],
        UnsuccessfullyDeletedLaunchTemplateVersions: [
          { VersionNumber: 1, ResponseError: { Code: defaultVersionErrorCode } },
          { VersionNumber: 7, ResponseError: { Code: 'launchTemplateVersionDoesNotExist' } },
        ],
      });
      expect(addVersion(bench, 'one')?.VersionNumber).toBe(3);
      expect(versions(bench, { LaunchTemplateName: 'one' })).toEqual(['one 1 a', 'one 3 b']);
    },
  );
});

describe('DeleteLaunchTemplate', () => {
  it('takes all versions with it, and frees the name', () => {
    const bench = withTemplates();
    bench.cloud.ec2.DeleteLaunchTemplate({ LaunchTemplateName: 'one' }, bench.home());
    expect(versions(bench, { Versions: ['$Latest'] })).toEqual(['two 1 a']);
    expect(codeOf(() => create(bench, 'one'))).toBe('none');
  });
});

describe('GetLaunchTemplateData', () => {
  it('gives what an instance could be launched with again', () => {
    const bench = createBench();
    const data = bench.cloud.ec2.GetLaunchTemplateData(
      { InstanceId: bench.id('db-1') },
      bench.home(),
    ).LaunchTemplateData;
    expect(data).toMatchObject({
      ImageId: bench.world.images.ubuntu,
      InstanceType: 'r6i.large',
      KeyName: 'operations',
      NetworkInterfaces: [{ Groups: ['sg-00000000000000a02'] }],
    });
    expect(data?.BlockDeviceMappings?.map((one) => one.Ebs?.VolumeSize)).toEqual([
      20, 200, 50, 100,
    ]);
  });
});
