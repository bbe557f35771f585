import { describe, expect, it } from 'vitest';
import {
  type Bench,
  codeOf,
  createBench,
  HOME,
  HOUR,
  listen,
  makeImage,
  MINUTE,
  SECOND,
} from './fixture.ts';

const INSTANCE_EVENTS = 'EC2 Instance State-change Notification';

const stateOf = (bench: Bench, id: string) =>
  bench.cloud.ec2.DescribeInstances({ InstanceIds: [id] }, bench.home()).Reservations?.[0]
    ?.Instances?.[0]?.State?.Name;

const run = (bench: Bench, ImageId: string) =>
  bench.cloud.ec2.RunInstances({ ImageId, MinCount: 1, MaxCount: 1 }, bench.home()).Instances?.[0]
    ?.InstanceId ?? '';

describe('the life of an instance', () => {
  it('announces each state on the way from launch to termination', async () => {
    const bench = createBench();
    const heard = listen(bench, HOME, INSTANCE_EVENTS);
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

describe('StopInstances, StartInstances and RebootInstances', () => {
  const deeds = (bench: Bench) => {
    const { ec2 } = bench.cloud;
    return {
      stop: (...InstanceIds: string[]) => ec2.StopInstances({ InstanceIds }, bench.home()),
      start: (...InstanceIds: string[]) => ec2.StartInstances({ InstanceIds }, bench.home()),
      reboot: (...InstanceIds: string[]) => ec2.RebootInstances({ InstanceIds }, bench.home()),
    };
  };

  it('tell of each instance the state before and the state now', () => {
    const bench = createBench();
    expect(deeds(bench).stop(bench.id('web-1')).StoppingInstances).toEqual([
      {
        InstanceId: bench.id('web-1'),
        PreviousState: { Code: 16, Name: 'running' },
        CurrentState: { Code: 64, Name: 'stopping' },
      },
    ]);
    expect(deeds(bench).start(bench.id('web-5')).StartingInstances).toMatchObject([
      { PreviousState: { Name: 'stopped' }, CurrentState: { Code: 0, Name: 'pending' } },
    ]);
  });

  it('do nothing to any instance if one of them cannot be found or is in a wrong state', () => {
    const bench = createBench();
    const { stop, start, reboot } = deeds(bench);
    const [web, missing] = [bench.id('web-1'), 'i-0123456789abcdef0'];
    expect(codeOf(() => stop(web, missing))).toBe('InvalidInstanceID.NotFound');
    expect(stateOf(bench, web)).toBe('running');
    stop(web);
    expect(codeOf(() => start(web))).toBe('IncorrectInstanceState');
    expect(codeOf(() => reboot(web, bench.id('web-2')))).toBe('IncorrectInstanceState');
    expect(codeOf(() => stop())).toBe('InvalidParameterCombination');
    expect(codeOf(() => stop('i-xyz'))).toBe('InvalidInstanceID.Malformed');
  });

  it('are not for instances whose root is an instance store', () => {
    const bench = createBench();
    const { stop, start } = deeds(bench);
    expect(codeOf(() => stop(bench.id('old-ami')))).toBe('UnsupportedOperation');
    expect(codeOf(() => start(bench.id('old-ami')))).toBe('UnsupportedOperation');
  });

  it('fail an image that is being made when its instance is rebooted', async () => {
    const bench = createBench();
    const ImageIds = [makeImage(bench, 'one')];
    await bench.pass(MINUTE);
    deeds(bench).reboot(bench.id('web-1'));
    expect(stateOf(bench, bench.id('web-1'))).toBe('running');
    expect(bench.cloud.ec2.DescribeImages({ ImageIds }, bench.home()).Images?.[0]?.State).toBe(
      'failed',
    );
  });
});

describe('a protected instance', () => {
  const protect = (bench: Bench, name: string, attribute: object) =>
    bench.cloud.ec2.ModifyInstanceAttribute(
      { InstanceId: bench.id(name), ...attribute },
      bench.home(),
    );

  it('is not terminated, nor are those in its zone; those of other zones are', () => {
    const bench = createBench();
    protect(bench, 'web-1', { DisableApiTermination: { Value: true } });
    const names = ['web-1', 'web-3', 'web-2'];
    const InstanceIds = names.map((name) => bench.id(name));
    const terminate = () => bench.cloud.ec2.TerminateInstances({ InstanceIds }, bench.home());
    expect(codeOf(terminate)).toBe('OperationNotPermitted');
    expect(InstanceIds.map((id) => stateOf(bench, id))).toEqual([
      'running',
      'running',
      'shutting-down',
    ]);
    protect(bench, 'web-1', { Attribute: 'disableApiTermination', Value: 'false' });
    expect(codeOf(terminate)).toBe('none');
  });

  it('by stop protection is neither stopped nor terminated', () => {
    const bench = createBench();
    const InstanceIds = [bench.id('web-1')];
    protect(bench, 'web-1', { DisableApiStop: { Value: true } });
    expect(codeOf(() => bench.cloud.ec2.StopInstances({ InstanceIds }, bench.home()))).toBe(
      'OperationNotPermitted',
    );
    expect(codeOf(() => bench.cloud.ec2.TerminateInstances({ InstanceIds }, bench.home()))).toBe(
      'OperationNotPermitted',
    );
  });
});

describe('DescribeInstances', () => {
  const ids = (bench: Bench, input: object, call = bench.home()): (string | undefined)[] =>
    bench.cloud.ec2
      .DescribeInstances(input, call)
      .Reservations?.flatMap((one) => one.Instances ?? [])
      .map((one) => one.InstanceId) ?? [];

  it('tells all of an instance that EC2 tells', () => {
    const bench = createBench();
    const InstanceIds = [bench.id('db-1')];
    const [instance] =
      bench.cloud.ec2.DescribeInstances({ InstanceIds }, bench.home()).Reservations?.[0]
        ?.Instances ?? [];
    expect(instance).toMatchObject({
      AmiLaunchIndex: 0,
      Architecture: 'x86_64',
      CurrentInstanceBootMode: 'legacy-bios',
      EbsOptimized: false,
      EnaSupport: true,
      IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/db-profile' },
      InstanceType: 'r6i.large',
      KeyName: 'operations',
      MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 1 },
      Placement: { AvailabilityZone: 'eu-central-1a', AvailabilityZoneId: 'euc1-az2' },
      SecurityGroups: [{ GroupId: 'sg-00000000000000a02', GroupName: 'db' }],
      NetworkInterfaces: [{ SubnetId: 'subnet-0a000000000000001', Status: 'in-use' }],
      SourceDestCheck: true,
      State: { Code: 16, Name: 'running' },
      SubnetId: 'subnet-0a000000000000001',
    });
    expect(instance?.PrivateIpAddress).toMatch(/^172\.31\.1(2[89]|3\d|4[0-3])\.\d+$/);
    expect(instance?.BlockDeviceMappings?.map((one) => one.DeviceName)).toEqual([
      '/dev/sda1',
      '/dev/sdf',
      '/dev/sdg',
      '/dev/sdh',
    ]);
  });

  it.each([
    ['instance-state-name', 'stopped', 3],
    ['availability-zone', 'eu-central-1b', 5],
    ['instance-type', 'r6i.*', 2],
    ['instance.group-name', 'db', 2],
    ['network-interface.group-id', 'sg-00000000000000a02', 2],
    ['block-device-mapping.device-name', '/dev/sdg', 2],
    ['block-device-mapping.status', 'attached', 11],
    ['root-device-type', 'instance-store', 1],
    ['iam-instance-profile.arn', '*/ci-profile', 1],
    ['metadata-options.http-tokens', 'required', 0],
    ['ip-address', '*', 0],
    ['launch-index', '0', 12],
    ['tag:Env', 'prod', 9],
    ['tag-key', 'Backup', 11],
    ['subnet-id', 'subnet-0b000000000000001', 5],
    ['state-reason-code', '*', 0],
  ])('finds by %s: %s', (Name, value, count) => {
    const bench = createBench();
    expect(ids(bench, { Filters: [{ Name, Values: [value] }] })).toHaveLength(count);
  });

  it('refuses a filter that it does not know, ids beside a page, and a page that is too small', () => {
    const bench = createBench();
    const ask = (input: object) => codeOf(() => ids(bench, input));
    expect(ask({ Filters: [{ Name: 'colour', Values: ['red'] }] })).toBe('InvalidParameterValue');
    expect(ask({ InstanceIds: [bench.id('web-1')], MaxResults: 5 })).toBe(
      'InvalidParameterCombination',
    );
    expect(ask({ MaxResults: 4 })).toBe('InvalidParameterValue');
    expect(ask({ MaxResults: 5 })).toBe('none');
  });

  it.each([
    ['not-found', 'InvalidInstanceID.NotFound'],
    ['left-out', 'none'],
  ] as const)('answers the id of a stranger with %s', (strangersById, code) => {
    const bench = createBench({ strangersById });
    const other = bench.cloud.callAs('999988887777', HOME);
    const input = { InstanceIds: [bench.id('web-1')] };
    expect(codeOf(() => ids(bench, input, other))).toBe(code);
    expect(ids(bench, {}, other)).toEqual([]);
  });
});

describe('DescribeInstanceStatus', () => {
  const statuses = (bench: Bench, input: object = {}) =>
    bench.cloud.ec2.DescribeInstanceStatus(input, bench.home()).InstanceStatuses ?? [];

  it('tells of running instances only, unless all are asked for', () => {
    const bench = createBench();
    expect(statuses(bench)).toHaveLength(9);
    expect(statuses(bench, { IncludeAllInstances: true })).toHaveLength(12);
    const Filters = [{ Name: 'instance-status.status', Values: ['ok'] }];
    expect(statuses(bench, { Filters })).toHaveLength(9);
  });

  it('says for two minutes after a launch that the checks are not over', async () => {
    const bench = createBench();
    const id = run(bench, bench.world.images.ubuntu);
    await bench.pass(MINUTE);
    const status = () => statuses(bench, { InstanceIds: [id] })[0]?.InstanceStatus?.Status;
    expect(status()).toBe('initializing');
    await bench.pass(MINUTE);
    expect(status()).toBe('ok');
  });
});

describe('the attributes of an instance', () => {
  const modify = (bench: Bench, name: string, change: object) =>
    bench.cloud.ec2.ModifyInstanceAttribute(
      { InstanceId: bench.id(name), ...change },
      bench.home(),
    );
  const attribute = (bench: Bench, name: string, Attribute: string) =>
    bench.cloud.ec2.DescribeInstanceAttribute(
      { InstanceId: bench.id(name), Attribute: Attribute as 'instanceType' },
      bench.home(),
    );

  it('are read one at a time', () => {
    const bench = createBench();
    const InstanceId = bench.id('web-1');
    expect(attribute(bench, 'web-1', 'instanceType')).toEqual({
      InstanceId,
      InstanceType: { Value: 't3.small' },
    });
    expect(attribute(bench, 'web-1', 'instanceInitiatedShutdownBehavior')).toEqual({
      InstanceId,
      InstanceInitiatedShutdownBehavior: { Value: 'stop' },
    });
    expect(attribute(bench, 'web-1', 'groupSet').Groups).toEqual([
      { GroupId: 'sg-00000000000000a01', GroupName: 'web' },
    ]);
    expect(codeOf(() => attribute(bench, 'web-1', 'colour'))).toBe('InvalidParameterValue');
  });

  it('have a type that only a stopped instance changes', () => {
    const bench = createBench();
    const type = { InstanceType: { Value: 't3.large' } };
    expect(codeOf(() => modify(bench, 'web-1', type))).toBe('IncorrectInstanceState');
    modify(bench, 'web-5', type);
    expect(attribute(bench, 'web-5', 'instanceType').InstanceType?.Value).toBe('t3.large');
  });

  it('say which volumes go with the instance', async () => {
    const bench = createBench();
    const mapping = { DeviceName: '/dev/sdf', Ebs: { DeleteOnTermination: false } };
    modify(bench, 'db-1', { BlockDeviceMappings: [mapping] });
    bench.cloud.ec2.TerminateInstances({ InstanceIds: [bench.id('db-1')] }, bench.home());
    await bench.pass(MINUTE);
    const Filters = [{ Name: 'status', Values: ['available'] }];
    expect(bench.cloud.ec2.DescribeVolumes({ Filters }, bench.home()).Volumes).toMatchObject([
      { Size: 200, Attachments: [] },
    ]);
  });

  it.each([
    ['web-5', { InstanceType: { Value: 't9.huge' } }, 'InvalidInstanceAttributeValue'],
    ['web-5', { InstanceType: { Value: 't4g.small' } }, 'InvalidInstanceAttributeValue'],
    ['web-1', {}, 'InvalidParameterCombination'],
    [
      'web-1',
      { SourceDestCheck: { Value: false }, DisableApiStop: { Value: true } },
      'InvalidParameterCombination',
    ],
    ['web-1', { Attribute: 'kernel', Value: 'aki-1' }, 'InvalidParameterValue'],
    ['web-1', { Kernel: { Value: 'aki-1' } }, 'UnsupportedInstanceAttribute'],
    ['web-1', { Groups: ['sg-0123456789abcdef0'] }, 'InvalidGroup.NotFound'],
    ['web-1', { InstanceInitiatedShutdownBehavior: { Value: 'burn' } }, 'InvalidParameterValue'],
    [
      'web-1',
      { BlockDeviceMappings: [{ DeviceName: '/dev/sdz' }] },
      'InvalidInstanceAttributeValue',
    ],
    ['web-1', { Groups: ['sg-00000000000000a02'] }, 'none'],
  ])('of %s are changed by %j with %s', (name, change, code) => {
    const bench = createBench();
    expect(codeOf(() => modify(bench, name, change))).toBe(code);
  });

  it('have UEFI data only where the instance boots in that mode', () => {
    const bench = createBench();
    const data = (InstanceId: string) =>
      codeOf(() => bench.cloud.ec2.GetInstanceUefiData({ InstanceId }, bench.home()));
    expect(data(bench.id('web-1'))).toBe('UnsupportedOperation');
    expect(data(bench.world.images.ubuntu)).toBe('InvalidInstanceID.Malformed');
  });
});
