import { describe, expect, it } from 'vitest';
import { codeOf, createBench, describeImage, HOUR, listen, makeImage, MINUTE } from './fixture.ts';
import type { Bench } from './fixture.ts';

const deregister = (bench: Bench, imageId: string, DeleteAssociatedSnapshots = true) =>
  bench.cloud.ec2.DeregisterImage({ ImageId: imageId, DeleteAssociatedSnapshots }, bench.home());

const snapshotsOf = (bench: Bench, imageId: string): string[] =>
  describeImage(bench, imageId)?.BlockDeviceMappings?.map(
    (mapping) => mapping.Ebs?.SnapshotId ?? '',
  ) ?? [];

/** An image registered on the snapshot of another. */
const registerOn = (bench: Bench, name: string, snapshotId: string | undefined): string =>
  bench.cloud.ec2.RegisterImage(
    {
      Name: name,
      RootDeviceName: '/dev/sda1',
      BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId: snapshotId } }],
    },
    bench.home(),
  ).ImageId ?? '';

describe('DeregisterImage', () => {
  it('removes image and snapshots, and reports success for each snapshot', async () => {
    const bench = createBench();
    const heard = listen(bench);
    const imageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const [snapshotId] = snapshotsOf(bench, imageId);
    expect(deregister(bench, imageId)).toEqual({
      Return: true,
      DeleteSnapshotResults: [{ SnapshotId: snapshotId, ReturnCode: 'success' }],
    });
    expect(bench.cloud.ec2.DescribeSnapshots({}, bench.home()).Snapshots).toEqual([]);
    await bench.pass(MINUTE);
    expect(heard.map((event) => event.detail.State)).toEqual(['available', 'deregistered']);
  });

  it('skips a snapshot that another image is built on', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const [snapshotId] = snapshotsOf(bench, imageId);
    const second = registerOn(bench, 'two', snapshotId);
    expect(deregister(bench, imageId).DeleteSnapshotResults).toEqual([
      { SnapshotId: snapshotId, ReturnCode: 'skipped' },
    ]);
    expect(deregister(bench, second).DeleteSnapshotResults).toEqual([
      { SnapshotId: snapshotId, ReturnCode: 'success' },
    ]);
  });

  it('deregisters although a snapshot could not be deleted, and leaves that one behind', async () => {
    const bench = createBench({ snapshotDeleteFailure: 1 });
    const imageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const [snapshotId = ''] = snapshotsOf(bench, imageId);
    expect(deregister(bench, imageId)).toEqual({
      Return: true,
      DeleteSnapshotResults: [{ SnapshotId: snapshotId, ReturnCode: 'internal-error' }],
    });
    expect(bench.cloud.ec2Core.store('eu-central-1').snapshots.has(snapshotId)).toBe(true);
    bench.cloud.ec2.DeleteSnapshot({ SnapshotId: snapshotId }, bench.home());
    expect(bench.cloud.ec2Core.store('eu-central-1').snapshots.has(snapshotId)).toBe(false);
  });

  it('touches no snapshot unless it is told to', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    expect(deregister(bench, imageId, false)).toEqual({ Return: true });
    expect(bench.cloud.ec2.DescribeSnapshots({}, bench.home()).Snapshots).toHaveLength(1);
  });

  it.each([
    ['not-found', 'InvalidAMIID.NotFound'],
    ['unavailable', 'InvalidAMIID.Unavailable'],
    ['empty', 'none'],
  ] as const)('lets a describe by id be %s afterwards, as the manners say', (manner, code) => {
    const bench = createBench({ deregisteredById: manner });
    const imageId = makeImage(bench, 'one');
    deregister(bench, imageId);
    expect(codeOf(() => describeImage(bench, imageId))).toBe(code);
    const Filters = [{ Name: 'image-id', Values: [imageId] }];
    expect(bench.cloud.ec2.DescribeImages({ Filters }, bench.home()).Images).toEqual([]);
    expect(codeOf(() => deregister(bench, imageId))).toBe('InvalidAMIID.Unavailable');
  });

  it('ends an image that is still pending, which then never becomes available', async () => {
    const bench = createBench();
    const heard = listen(bench);
    deregister(bench, makeImage(bench, 'one'));
    await bench.pass(HOUR);
    expect(heard.map((event) => event.detail.State)).toEqual(['deregistered']);
  });

  it('refuses a protected image, and after a cooldown of a day no longer', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const { ec2 } = bench.cloud;
    const enabled = { ImageId: imageId, WithCooldown: true };
    expect(ec2.EnableImageDeregistrationProtection(enabled, bench.home())).toEqual({
      Return: 'enabled-with-cooldown',
    });
    expect(codeOf(() => deregister(bench, imageId))).toBe('OperationNotPermitted');
    ec2.DisableImageDeregistrationProtection({ ImageId: imageId }, bench.home());
    expect(describeImage(bench, imageId)?.DeregistrationProtection).toBe(
      'disabled after 2026-11-22T03:10:00.000Z',
    );
    expect(codeOf(() => deregister(bench, imageId))).toBe('OperationNotPermitted');
    await bench.pass(24 * HOUR);
    expect(deregister(bench, imageId).Return).toBe(true);
  });

  it('refuses an image of another account', () => {
    const bench = createBench();
    expect(codeOf(() => deregister(bench, bench.world.images.ubuntu))).toBe('AuthFailure');
  });
});

describe('DeleteSnapshot', () => {
  it('refuses while an image, even a disabled one, is built on the snapshot', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const [snapshotId] = snapshotsOf(bench, imageId);
    const remove = () =>
      codeOf(() => bench.cloud.ec2.DeleteSnapshot({ SnapshotId: snapshotId }, bench.home()));
    expect(remove()).toBe('InvalidSnapshot.InUse');
    bench.cloud.ec2.DisableImage({ ImageId: imageId }, bench.home());
    expect(remove()).toBe('InvalidSnapshot.InUse');
    deregister(bench, imageId, false);
    expect(remove()).toBe('none');
    expect(remove()).toBe('InvalidSnapshot.NotFound');
  });
});
