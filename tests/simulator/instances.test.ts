import { describe, expect, it } from 'vitest';
import { codeOf, createBench, HOUR, listen, makeImage, MINUTE, SECOND } from './fixture.ts';
import type { Bench } from './fixture.ts';

const stateOf = (bench: Bench, id: string) =>
  bench.cloud.ec2.DescribeInstances({ InstanceIds: [id] }, bench.home()).Reservations?.[0]
    ?.Instances?.[0]?.State?.Name;

const run = (bench: Bench, ImageId: string) =>
  bench.cloud.ec2.RunInstances({ ImageId, MinCount: 1, MaxCount: 1 }, bench.home()).Instances?.[0]
    ?.InstanceId ?? '';

describe('the life of an instance', () => {
  it('announces each state on the way from launch to termination', async () => {
    const bench = createBench();
    const heard = listen(bench);
    const id = run(bench, bench.world.images.ubuntu);
    const call = { InstanceIds: [id] };
    await bench.pass(MINUTE);
    bench.cloud.ec2.StopInstances(call, bench.home());
    await bench.pass(MINUTE);
    bench.cloud.ec2.StartInstances(call, bench.home());
    await bench.pass(MINUTE);
    bench.cloud.ec2.TerminateInstances(call, bench.home());
    await bench.pass(MINUTE);
    expect(heard.map((event) => event.detail.state)).toEqual([
      'pending',
      'running',
      'stopping',
      'stopped',
      'pending',
      'running',
      'shutting-down',
      'terminated',
    ]);
    expect(heard[1]).toMatchObject({
      'detail-type': 'EC2 Instance State-change Notification',
      resources: [`arn:aws:ec2:eu-central-1:111122223333:instance/${id}`],
      detail: { 'instance-id': id, state: 'running' },
    });
  });

  it('shows a terminated instance for an hour, without its volumes, and then no more', async () => {
    const bench = createBench();
    const id = bench.id('db-1');
    const volumes = () =>
      bench.cloud.ec2.DescribeVolumes(
        { Filters: [{ Name: 'attachment.instance-id', Values: [id] }] },
        bench.home(),
      ).Volumes?.length;
    expect(volumes()).toBe(4);
    bench.cloud.ec2.TerminateInstances({ InstanceIds: [id] }, bench.home());
    await bench.pass(30 * SECOND);
    expect(stateOf(bench, id)).toBe('terminated');
    expect(volumes()).toBe(0);
    await bench.pass(HOUR);
    expect(codeOf(() => stateOf(bench, id))).toBe('InvalidInstanceID.NotFound');
  });

  it('lets a termination overtake a start', async () => {
    const bench = createBench();
    const id = run(bench, bench.world.images.ubuntu);
    bench.cloud.ec2.TerminateInstances({ InstanceIds: [id] }, bench.home());
    await bench.pass(5 * MINUTE);
    expect(stateOf(bench, id)).toBe('terminated');
    expect(codeOf(() => bench.cloud.ec2.StartInstances({ InstanceIds: [id] }, bench.home()))).toBe(
      'IncorrectInstanceState',
    );
  });
});

describe('RunInstances', () => {
  it.each([
    ['pending', 'InvalidAMIID.Unavailable'],
    ['disabled', 'InvalidAMIID.Unavailable'],
    ['deregistered', 'InvalidAMIID.Unavailable'],
    ['unknown', 'InvalidAMIID.NotFound'],
    ['available', 'none'],
  ] as const)('answers an image that is %s with %s', async (state, code) => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    if (state !== 'pending') await bench.pass(10 * MINUTE);
    if (state === 'disabled') bench.cloud.ec2.DisableImage({ ImageId: imageId }, bench.home());
    if (state === 'deregistered') {
      bench.cloud.ec2.DeregisterImage({ ImageId: imageId }, bench.home());
    }
    const asked = state === 'unknown' ? 'ami-0123456789abcdef0' : imageId;
    expect(codeOf(() => run(bench, asked))).toBe(code);
  });

  it('records the image that an instance was launched from', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const id = run(bench, imageId);
    const Filters = [{ Name: 'image-id', Values: [imageId] }];
    const { Reservations: [reservation] = [] } = bench.cloud.ec2.DescribeInstances(
      { Filters },
      bench.home(),
    );
    expect(reservation?.Instances?.map((instance) => instance.InstanceId)).toEqual([id]);
  });

  it('takes the image of a launch template', () => {
    const bench = createBench();
    const data = { ImageId: bench.world.images.ubuntu, InstanceType: 't3.nano' as const };
    bench.cloud.ec2.CreateLaunchTemplate(
      { LaunchTemplateName: 'web', LaunchTemplateData: data },
      bench.home(),
    );
    const { Instances: [instance] = [] } = bench.cloud.ec2.RunInstances(
      { MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateName: 'web' } },
      bench.home(),
    );
    expect(instance?.ImageId).toBe(bench.world.images.ubuntu);
  });
});

describe('tags', () => {
  it('are written to all resources or, for one bad id, to none', () => {
    const bench = createBench();
    const Tags = [{ Key: 'a', Value: '1' }];
    const Resources = [bench.id('web-1'), 'i-0123456789abcdef0'];
    expect(codeOf(() => bench.cloud.ec2.CreateTags({ Resources, Tags }, bench.home()))).toBe(
      'InvalidInstanceID.NotFound',
    );
    const count = () =>
      bench.cloud.ec2.DescribeInstances(
        { Filters: [{ Name: 'tag:a', Values: ['1'] }] },
        bench.home(),
      ).Reservations?.length;
    expect(count()).toBe(0);
    bench.cloud.ec2.CreateTags({ Resources: [bench.id('web-1')], Tags }, bench.home());
    expect(count()).toBe(1);
  });

  it('of AWS can neither be written nor taken away by users, and stay when all others go', () => {
    const bench = createBench();
    const Resources = [bench.id('ci-asg')];
    const Tags = [{ Key: 'aws:autoscaling:groupName', Value: 'mine' }];
    expect(codeOf(() => bench.cloud.ec2.CreateTags({ Resources, Tags }, bench.home()))).toBe(
      'InvalidTagKey.Malformed',
    );
    expect(codeOf(() => bench.cloud.ec2.DeleteTags({ Resources, Tags }, bench.home()))).toBe(
      'InvalidTagKey.Malformed',
    );
    bench.cloud.ec2.DeleteTags({ Resources }, bench.home());
    const tags = bench.cloud.ec2Core.store('eu-central-1').instances.get(bench.id('ci-asg'))?.tags;
    expect([...(tags ?? [])]).toEqual([['aws:autoscaling:groupName', 'ci-workers']]);
  });
});

describe('launch template versions', () => {
  const withTemplates = () => {
    const bench = createBench();
    const create = (name: string) =>
      bench.cloud.ec2.CreateLaunchTemplate(
        {
          LaunchTemplateName: name,
          LaunchTemplateData: { ImageId: 'ami-0000000000000000a', KeyName: 'key' },
        },
        bench.home(),
      );
    create('one');
    create('two');
    bench.cloud.ec2.CreateLaunchTemplateVersion(
      {
        LaunchTemplateName: 'one',
        SourceVersion: '1',
        LaunchTemplateData: { ImageId: 'ami-0000000000000000b' },
      },
      bench.home(),
    );
    return bench;
  };
  const versions = (bench: Bench, input: object) =>
    bench.cloud.ec2
      .DescribeLaunchTemplateVersions(input, bench.home())
      .LaunchTemplateVersions?.map(
        (one) =>
          `${one.LaunchTemplateName} ${one.VersionNumber} ${one.LaunchTemplateData?.ImageId?.at(-1)}`,
      )
      .toSorted();

  it('are described over all templates by $Latest and $Default, each version once', () => {
    const bench = withTemplates();
    expect(versions(bench, { Versions: ['$Latest', '$Default'] })).toEqual([
      'one 1 a',
      'one 2 b',
      'two 1 a',
    ]);
    expect(versions(bench, { Versions: ['$Latest'] })).toEqual(['one 2 b', 'two 1 a']);
  });

  it('are described of one template by number, and all without one', () => {
    const bench = withTemplates();
    const one = { LaunchTemplateName: 'one' };
    expect(versions(bench, one)).toEqual(['one 1 a', 'one 2 b']);
    expect(versions(bench, { ...one, Versions: ['2'] })).toEqual(['one 2 b']);
    expect(codeOf(() => versions(bench, { ...one, Versions: ['3'] }))).toBe(
      'InvalidLaunchTemplateId.VersionNotFound',
    );
    expect(codeOf(() => versions(bench, { Versions: ['1'] }))).toBe('InvalidParameterCombination');
  });

  it('merge their source, and the default moves when it is told to', () => {
    const bench = withTemplates();
    bench.cloud.ec2.ModifyLaunchTemplate(
      { LaunchTemplateName: 'one', DefaultVersion: '2' },
      bench.home(),
    );
    const { LaunchTemplateVersions: [version] = [] } =
      bench.cloud.ec2.DescribeLaunchTemplateVersions(
        { LaunchTemplateName: 'one', Versions: ['$Default'] },
        bench.home(),
      );
    expect(version).toMatchObject({
      VersionNumber: 2,
      DefaultVersion: true,
      LaunchTemplateData: { ImageId: 'ami-0000000000000000b', KeyName: 'key' },
    });
  });
});
