import { describe, expect, it } from 'vitest';
import type { SnapshotRow } from '../../simulator/services/ec2/rows.ts';
import {
  codeOf,
  createBench,
  describeImage,
  HOME,
  HOUR,
  IMAGE_EVENTS,
  listen,
  makeImage,
  MINUTE,
} from './fixture.ts';
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
    const heard = listen(bench, HOME, IMAGE_EVENTS);
    const imageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const [snapshotId] = snapshotsOf(bench, imageId);
    expect(deregister(bench, imageId)).toEqual({
      Return: true,
      DeleteSnapshotResults: [{ SnapshotId: snapshotId, ReturnCode: 'success' }],
    });
    expect(
      bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, bench.home()).Snapshots,
    ).toEqual([]);
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
    expect(
      bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, bench.home()).Snapshots,
    ).toHaveLength(1);
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
    const heard = listen(bench, HOME, IMAGE_EVENTS);
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

  it('lets a describe by id be empty as long as an instance was launched from it, as documented', async () => {
    const bench = createBench({ deregisteredById: 'documented' });
    const imageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const { Instances: [instance] = [] } = bench.cloud.ec2.RunInstances(
      { ImageId: imageId, InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
      bench.home(),
    );
    deregister(bench, imageId);
    expect(describeImage(bench, imageId)).toBeUndefined();
    const InstanceIds = [instance?.InstanceId ?? ''];
    bench.cloud.ec2.TerminateInstances({ InstanceIds }, bench.home());
    await bench.pass(MINUTE);
    expect(codeOf(() => describeImage(bench, imageId))).toBe('InvalidAMIID.NotFound');
  });

  it('is still described for a while if the manners say so, as what it is', async () => {
    const bench = createBench({ deregisteredShownMs: MINUTE });
    const ids = ['one', 'two', 'three'].map((name) => makeImage(bench, name)).toSorted();
    const [, imageId = ''] = ids;
    deregister(bench, imageId);
    const seen = () =>
      bench.cloud.ec2
        .DescribeImages({ Owners: ['self'], MaxResults: 10 }, bench.home())
        .Images?.map((image) => [image.ImageId, image.State]);
    expect(describeImage(bench, imageId)?.State).toBe('deregistered');
    expect(seen()).toEqual([
      [ids[0], 'pending'],
      [ids[1], 'deregistered'],
      [ids[2], 'pending'],
    ]);
    await bench.pass(MINUTE);
    expect(codeOf(() => describeImage(bench, imageId))).toBe('InvalidAMIID.NotFound');
    expect(seen()?.map(([id]) => id)).toEqual([ids[0], ids[2]]);
  });

  it('keeps the name of the image from use as long as the manners say', async () => {
    const bench = createBench({ nameReuseDelayMs: MINUTE });
    const gone = makeImage(bench, 'one');
    deregister(bench, gone);
    expect(() => makeImage(bench, 'one')).toThrow(`AMI name one is already in use by AMI ${gone}`);
    await bench.pass(MINUTE - 1);
    expect(codeOf(() => makeImage(bench, 'one'))).toBe('InvalidAMIName.Duplicate');
    await bench.pass(1);
    expect(codeOf(() => makeImage(bench, 'one'))).toBe('none');
    bench.cloud.behave({ nameReuseDelayMs: 0 });
    deregister(bench, makeImage(bench, 'two'));
    expect(codeOf(() => makeImage(bench, 'two'))).toBe('none');
  });

  it.each([
    [true, 'none'],
    [false, 'InvalidAMIID.Unavailable'],
  ])('takes an image that is being made if the manners say so: %s', async (isAccepted, code) => {
    const bench = createBench({ imagesBeingMadeCanBeDeregistered: isAccepted });
    const imageId = makeImage(bench, 'one');
    expect(codeOf(() => deregister(bench, imageId))).toBe(code);
    await bench.pass(10 * MINUTE);
    const second = makeImage(bench, 'second');
    await bench.pass(10 * MINUTE);
    expect(codeOf(() => deregister(bench, second))).toBe('none');
  });

  it('cancels a copy that is pending, whatever the manners say of images being made', async () => {
    const bench = createBench({ imagesBeingMadeCanBeDeregistered: false });
    const source = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const { ImageId: copied = '' } = bench.cloud.ec2.CopyImage(
      { Name: 'copy', SourceImageId: source, SourceRegion: HOME },
      bench.home(),
    );
    expect(deregister(bench, copied).Return).toBe(true);
    await bench.pass(HOUR);
    const { Images = [] } = bench.cloud.ec2.DescribeImages({ Owners: ['self'] }, bench.home());
    expect(Images.map((image) => image.ImageId)).toEqual([source]);
    const OwnerIds = ['self'];
    expect(bench.cloud.ec2.DescribeSnapshots({ OwnerIds }, bench.home()).Snapshots).toHaveLength(1);
  });

  it('leaves alone a snapshot of another account, and one that is locked', async () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    await bench.pass(10 * MINUTE);
    const [snapshotId = ''] = snapshotsOf(bench, imageId);
    const { snapshots } = bench.cloud.ec2Core.store(HOME);
    const row = snapshots.get(snapshotId);
    const outcomeOf = (name: string): string | undefined => {
      const [result] =
        deregister(bench, registerOn(bench, name, snapshotId)).DeleteSnapshotResults ?? [];
      return result?.ReturnCode;
    };
    deregister(bench, imageId, false);
    if (row !== undefined) row.lock = { mode: 'governance', createdAtMs: 0, durationDays: 1 };
    expect(outcomeOf('locked')).toBe('client-error');
    bench.cloud.behave({ lockedSnapshotReturnCode: 'skipped' });
    expect(outcomeOf('locked too')).toBe('skipped');
    snapshots.set(snapshotId, { ...row, ownerId: '999988887777', isPublic: true } as SnapshotRow);
    expect(outcomeOf('foreign')).toBe('missing-permissions');
    expect(snapshots.has(snapshotId)).toBe(true);
  });

  it('refuses an image that AWS Backup manages', () => {
    const bench = createBench();
    const imageId = makeImage(bench, 'one');
    const row = bench.cloud.ec2Core.store(HOME).images.get(imageId);
    row?.tags.set('aws:backup:source-resource', 'instance');
    expect(() => deregister(bench, imageId)).toThrow(
      'This image is managed by AWS Backup and cannot be deleted via EC2 APIs.',
    );
    expect(codeOf(() => deregister(bench, imageId))).toBe('AuthFailure');
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
