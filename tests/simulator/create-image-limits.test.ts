import { describe, expect, it } from 'vitest';
import { codeOf, createBench, makeImage, MINUTE } from './fixture.ts';

describe('the limits of CreateImage', () => {
  it('leaves fifteen seconds between two snapshots of one volume, and five of it pending', async () => {
    const bench = createBench({ snapshotIntervalMs: 15_000 });
    makeImage(bench, 'one');
    await bench.pass(14_999);
    expect(codeOf(() => makeImage(bench, 'two'))).toBe('SnapshotCreationPerVolumeRateExceeded');
    await bench.pass(1);
    expect(codeOf(() => makeImage(bench, 'two'))).toBe('none');
    bench.cloud.behave({ snapshotIntervalMs: 0 });
    for (const name of ['three', 'four', 'five']) makeImage(bench, name);
    expect(codeOf(() => makeImage(bench, 'six'))).toBe('ConcurrentSnapshotLimitExceeded');
    await bench.pass(10 * MINUTE);
    expect(codeOf(() => makeImage(bench, 'six'))).toBe('none');
  });

  it.each([
    [true, 'ConcurrentSnapshotLimitExceeded'],
    [false, 'none'],
  ])(
    'counts broken snapshots of a volume as pending if the manners say so: %s',
    async (counts, code) => {
      const bench = createBench({
        imageFailure: 1,
        pendingSnapshotsPerVolume: 1,
        brokenSnapshotsCountAsPending: counts,
      });
      const imageId = makeImage(bench, 'one');
      await bench.pass(10 * MINUTE);
      expect(codeOf(() => makeImage(bench, 'two'))).toBe(code);
      const input = { ImageId: imageId, DeleteAssociatedSnapshots: true };
      bench.cloud.ec2.DeregisterImage(input, bench.home());
      await bench.pass(10 * MINUTE);
      bench.cloud.behave({ brokenSnapshotsCountAsPending: false });
      expect(codeOf(() => makeImage(bench, 'three'))).toBe('none');
    },
  );

  it('refuses more images without a reboot at once than the manners say', async () => {
    const bench = createBench({ noRebootImagesPerInstance: 1 });
    const create = (Name: string, NoReboot: boolean) =>
      codeOf(() =>
        bench.cloud.ec2.CreateImage(
          { InstanceId: bench.id('web-1'), Name, NoReboot },
          bench.home(),
        ),
      );
    expect(create('one', true)).toBe('none');
    expect(create('two', true)).toBe('ConcurrentCreateImageNoRebootLimitExceeded');
    expect(create('two', false)).toBe('none');
    await bench.pass(10 * MINUTE);
    expect(create('three', true)).toBe('none');
    bench.cloud.behave({ noRebootImagesPerInstance: 2 });
    expect(create('four', true)).toBe('none');
  });

  it.each([
    ['imageQuota', 'imageQuotaCode', 'AMILimitExceeded', 'AMILimitExceeded'],
    ['imageQuota', 'imageQuotaCode', 'ResourceLimitExceeded', 'ResourceLimitExceeded'],
    ['snapshotQuota', 'protectedCode', '', 'SnapshotLimitExceeded'],
    ['pendingSnapshotQuota', 'protectedCode', '', 'PendingSnapshotLimitExceeded'],
  ])('refuses one more than %s, with %s %j: %s', (quota, switchName, value, code) => {
    const bench = createBench({ [quota]: 1, [switchName]: value });
    makeImage(bench, 'one');
    expect(codeOf(() => makeImage(bench, 'two'))).toBe(code);
    bench.cloud.behave({ [quota]: 100 });
    expect(codeOf(() => makeImage(bench, 'two'))).toBe('none');
  });

  it('does not count failed images to the quota', async () => {
    const bench = createBench({ imageQuota: 1, imageFailure: 1 });
    makeImage(bench, 'one');
    await bench.pass(6 * MINUTE);
    expect(codeOf(() => makeImage(bench, 'two'))).toBe('none');
  });
});
