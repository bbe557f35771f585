import { describe, expect, it } from 'vitest';
import { CALLERS, createBusyWorld, INPUTS } from './dry-run-fixture.ts';
import { ACCOUNT, type Bench, codeOf, createBench, HOME, makeImage } from './fixture.ts';

/** What the wire serves. */
const served = (bench: Bench) =>
  bench.cloud.services.find(({ id }) => id === 'ec2')?.operations ?? {};

const ask = (bench: Bench, action: string, input: object) => {
  const [account, region] = CALLERS[action] ?? [ACCOUNT, HOME];
  return served(bench)[action]?.answer(input, bench.cloud.callAs(account, region));
};

const dryRun = (bench: Bench, action: string, input: object): string =>
  codeOf(() => ask(bench, action, { ...input, DryRun: true }));

/** All that is saved of a cloud, but for its chance. */
const stateOf = ({ cloud }: Bench) => {
  const { agenda, parts } = cloud.save();
  return structuredClone({ agenda, parts: { ...parts, chance: undefined } });
};

describe('DryRun', () => {
  it('is tried here with every operation that changes something', () => {
    const changing = Object.keys(served(createBench({}, 0))).filter(
      (name) => !/^(Describe|Get|List)/.test(name) && name !== 'RestoreImageFromRecycleBin',
    );
    expect(Object.keys(INPUTS).sort()).toEqual(changing.sort());
  });

  it.each(Object.entries(INPUTS))('changes nothing where %s would', async (action, inputOf) => {
    const world = await createBusyWorld();
    const { bench } = world;
    const input = inputOf(world);
    const before = stateOf(bench);
    expect(dryRun(bench, action, input)).toBe('DryRunOperation');
    expect(stateOf(bench)).toEqual(before);
    expect(codeOf(() => ask(bench, action, input))).toBe('none');
    expect(stateOf(bench)).not.toEqual(before);
  });

  it('changes no tags of what is never seen late', () => {
    const bench = createBench({}, 0);
    const vpcs = () => bench.cloud.ec2.DescribeVpcs({}, bench.home()).Vpcs;
    const [before] = vpcs() ?? [];
    const input = { Resources: [before?.VpcId], Tags: [{ Key: 'a', Value: '1' }] };
    expect(dryRun(bench, 'CreateTags', input)).toBe('DryRunOperation');
    expect(vpcs()).toEqual([before]);
  });

  it('tells nobody that an image is about to go', () => {
    const bench = createBench();
    const told: string[] = [];
    bench.cloud.onDeregister(({ imageId }) => told.push(imageId));
    const input = { ImageId: makeImage(bench, 'one') };
    expect(dryRun(bench, 'DeregisterImage', input)).toBe('DryRunOperation');
    expect(told).toEqual([]);
  });

  it('has a status of its own', () => {
    const bench = createBench({}, 0);
    expect(() => ask(bench, 'DescribeImages', { DryRun: true })).toThrow(
      expect.objectContaining({ code: 'DryRunOperation', status: 412 }),
    );
  });

  it.each([
    [
      'CreateImage',
      { InstanceId: 'i-0123456789abcdef0', Name: 'one' },
      'InvalidInstanceID.NotFound',
    ],
    ['CreateImage', { InstanceId: 'web', Name: 'one' }, 'InvalidInstanceID.Malformed'],
    ['CopyImage', { SourceImageId: 'ami-1', Name: 'one' }, 'MissingParameter'],
    ['DeregisterImage', { ImageId: 'ami-0123456789abcdef0' }, 'InvalidAMIID.NotFound'],
    ['DeleteSnapshot', { SnapshotId: 'snap-0123456789abcdef0' }, 'InvalidSnapshot.NotFound'],
    ['StopInstances', { InstanceIds: ['i-0123456789abcdef0'] }, 'InvalidInstanceID.NotFound'],
    ['AttachVolume', { VolumeId: 'vol-0123456789abcdef0' }, 'MissingParameter'],
    ['CreateTags', { Resources: ['ami-0123456789abcdef0'], Tags: [] }, 'InvalidAMIID.NotFound'],
    ['DescribeImages', { ImageIds: ['ami-0123456789abcdef0'] }, 'InvalidAMIID.NotFound'],
    ['DescribeInstances', { Filters: [{ Name: 'colour' }] }, 'InvalidParameterValue'],
    ['RestoreImageFromRecycleBin', { ImageId: 'ami-1' }, 'InvalidAMIID.Malformed'],
  ])('says what is wrong with %s %j: %s', (action, input, code) => {
    expect(dryRun(createBench(), action, input)).toBe(code);
  });

  it('says what is found out only while the instance is made', () => {
    const bench = createBench();
    const launch = { ImageId: bench.world.images.ubuntu, MinCount: 1, MaxCount: 1 };
    const UserData = Buffer.alloc(16_385).toString('base64');
    expect(dryRun(bench, 'RunInstances', { ...launch, UserData })).toBe('InvalidParameterValue');
  });

  it('is refused where a part of the call would be', () => {
    const bench = createBench();
    const [first, second] = [bench.id('web-1'), bench.id('web-2')];
    const DisableApiTermination = { Value: true };
    ask(bench, 'ModifyInstanceAttribute', { InstanceId: first, DisableApiTermination });
    const input = { InstanceIds: [first, second] };
    expect(dryRun(bench, 'TerminateInstances', input)).toBe('OperationNotPermitted');
    expect(bench.cloud.ec2Core.store(HOME).instances.get(second)?.state).toBe('running');
  });

  it('leaves the chance of all that follows alone', () => {
    const [tried, untried] = [createBench(), createBench()];
    const input = { InstanceId: tried.id('web-1'), Name: 'dry' };
    expect(dryRun(tried, 'CreateImage', input)).toBe('DryRunOperation');
    expect(makeImage(tried, 'one')).toBe(makeImage(untried, 'one'));
  });

  it('makes the default network that it looks at the one that is there afterwards', () => {
    const [tried, untried] = [createBench({}, 0), createBench({}, 0)];
    const launch = { ImageId: tried.world.images.ubuntu, MinCount: 1, MaxCount: 1 };
    const vpcs = (bench: Bench) => bench.cloud.ec2.DescribeVpcs({}, bench.home()).Vpcs;
    expect(dryRun(tried, 'RunInstances', { ...launch, KeyName: 'none' })).toBe(
      'InvalidKeyPair.NotFound',
    );
    expect(vpcs(tried)).toEqual(vpcs(untried));
  });
});
