import { describe, expect, it } from 'vitest';
import {
  codeOf,
  createBench,
  describeImage,
  HOME,
  HOUR,
  makeImage,
  MINUTE,
  START_MS,
} from './fixture.ts';

const OTHER = '999988887777';
const DAY = 24 * HOUR;

/** A bench with an available image, made at START_MS, or so long after, ten minutes ago. */
const withImage = async (manners = {}, laterMs = 0) => {
  const bench = createBench({ blocksPublicImages: false, ...manners });
  await bench.pass(laterMs);
  const imageId = makeImage(bench, 'one');
  await bench.pass(10 * MINUTE);
  const { ec2 } = bench.cloud;
  const share = (permission: object) =>
    ec2.ModifyImageAttribute(
      { ImageId: imageId, LaunchPermission: { Add: [permission] } },
      bench.home(),
    );
  const deprecate = (at: string) =>
    ec2.EnableImageDeprecation({ ImageId: imageId, DeprecateAt: new Date(at) }, bench.home());
  const cancel = () => ec2.DisableImageDeprecation({ ImageId: imageId }, bench.home());
  const deprecation = () => describeImage(bench, imageId)?.DeprecationTime;
  return { bench, imageId, ec2, share, deprecate, cancel, deprecation };
};

describe('an image that is made public', () => {
  it.each([
    [29_999, '2028-11-21T03:00:00.000Z'],
    [30_000, '2028-11-21T03:01:00.000Z'],
  ])('two years and %i ms after the minute is deprecated at %s', async (laterMs, at) => {
    const { share, deprecation } = await withImage({}, laterMs);
    share({ Group: 'all' });
    expect(deprecation()).toBe(at);
  });
});

describe('EnableImageDeprecation', () => {
  it.each([
    ['2026-12-01T10:00:29Z', '2026-12-01T10:00:00.000Z'],
    ['2026-12-01T10:00:30Z', '2026-12-01T10:01:00.000Z'],
    ['2026-11-21T03:10:00Z', '2026-11-21T03:10:00.000Z'],
    ['2036-11-21T03:10:00Z', '2036-11-21T03:10:00.000Z'],
  ])('rounds %s to the minute %s', async (at, rounded) => {
    const { deprecate, deprecation } = await withImage();
    expect(deprecate(at)).toEqual({ Return: true });
    expect(deprecation()).toBe(rounded);
  });

  it.each([
    ['2026-11-21T03:09:59Z', 'InvalidParameterValue'],
    ['2036-11-21T03:10:01Z', 'InvalidParameterValue'],
  ])('refuses %s, which is past or more than ten years away', async (at, code) => {
    const { deprecate, deprecation } = await withImage();
    expect(codeOf(() => deprecate(at))).toBe(code);
    expect(deprecation()).toBeUndefined();
  });

  it('hides the image from others who do not ask for it, and never from its owner', async () => {
    const { bench, imageId, ec2, share, deprecate, cancel } = await withImage();
    share({ UserId: OTHER });
    deprecate('2026-11-21T04:00:00Z');
    const other = () => bench.cloud.callAs(OTHER, HOME);
    const seen = (more: object, call = other()) =>
      ec2.DescribeImages({ Owners: ['111122223333'], ...more }, call).Images?.length;
    expect(seen({})).toBe(1);
    await bench.pass(50 * MINUTE);
    expect(seen({})).toBe(0);
    expect(seen({ IncludeDeprecated: true })).toBe(1);
    expect(seen({ ImageIds: [imageId] })).toBe(1);
    expect(seen({ IncludeDeprecated: false }, bench.home())).toBe(1);
    const input = { ImageId: imageId, InstanceType: 't3.small', MinCount: 1, MaxCount: 1 } as const;
    expect(codeOf(() => ec2.RunInstances(input, other()))).toBe('none');
    expect(cancel()).toEqual({ Return: true });
    expect(seen({})).toBe(1);
  });

  it('is refused while the image is pending, and taken of a disabled one', async () => {
    const { bench, imageId, ec2, deprecate } = await withImage();
    const DeprecateAt = new Date(START_MS + DAY);
    const input = { ImageId: makeImage(bench, 'two'), DeprecateAt };
    expect(codeOf(() => ec2.EnableImageDeprecation(input, bench.home()))).toBe(
      'InvalidAMIID.Unavailable',
    );
    ec2.DisableImage({ ImageId: imageId }, bench.home());
    expect(codeOf(() => deprecate('2026-12-01T10:00:00Z'))).toBe('none');
  });

  it.each(['OperationNotPermitted', 'InvalidParameterValue'])(
    'deprecates a public image two years after it was made at the latest, or else %s',
    async (publicDeprecationCode) => {
      const { share, deprecate, cancel, deprecation } = await withImage({ publicDeprecationCode });
      deprecate('2030-01-01T00:00:00Z');
      share({ Group: 'all' });
      expect(deprecation()).toBe('2028-11-21T03:00:00.000Z');
      expect(codeOf(() => deprecate('2028-11-21T03:01:00Z'))).toBe(publicDeprecationCode);
      expect(codeOf(cancel)).toBe(publicDeprecationCode);
      expect(codeOf(() => deprecate('2028-01-01T00:00:00Z'))).toBe('none');
      share({ Group: 'all' });
      expect(deprecation()).toBe('2028-01-01T00:00:00.000Z');
    },
  );
});

describe('DisableImage and EnableImage', () => {
  it('drop every launch permission for good', async () => {
    const { bench, imageId, ec2, share } = await withImage();
    share({ UserId: OTHER });
    share({ Group: 'all' });
    const other = bench.cloud.callAs(OTHER, HOME);
    expect(ec2.DisableImage({ ImageId: imageId }, bench.home())).toEqual({ Return: true });
    expect(codeOf(() => share({ UserId: OTHER }))).toBe('InvalidAMIID.Unavailable');
    expect(codeOf(() => ec2.DescribeImages({ ImageIds: [imageId] }, other))).toBe(
      'InvalidAMIID.NotFound',
    );
    expect(ec2.EnableImage({ ImageId: imageId }, bench.home())).toEqual({ Return: true });
    const attribute = { ImageId: imageId, Attribute: 'launchPermission' } as const;
    expect(ec2.DescribeImageAttribute(attribute, bench.home()).LaunchPermissions).toEqual([]);
    expect(describeImage(bench, imageId)).toMatchObject({ State: 'available', Public: false });
  });

  it('do not bring back an image of which a snapshot is in the archive', async () => {
    const { bench, imageId, ec2 } = await withImage();
    const { images, snapshots } = bench.cloud.ec2Core.store(HOME);
    const [disk] = images.get(imageId)?.disks ?? [];
    const snapshot = snapshots.get(disk?.snapshotId ?? '');
    ec2.DisableImage({ ImageId: imageId }, bench.home());
    const nowMs = bench.cloud.clock.nowMs();
    const tiering = { startedAtMs: nowMs, endsAtMs: nowMs } as const;
    const enable = () => codeOf(() => ec2.EnableImage({ ImageId: imageId }, bench.home()));
    if (snapshot !== undefined) snapshot.tiering = { ...tiering, operation: 'archival' };
    expect(enable()).toBe('IncorrectState');
    if (snapshot !== undefined) snapshot.tiering = { ...tiering, operation: 'permanent-restore' };
    expect(enable()).toBe('none');
  });

  it('refuse a pending or failed image, and a stranger', async () => {
    const { bench, ec2 } = await withImage({ imageFailure: 1 });
    const failed = makeImage(bench, 'failed');
    const disable = (ImageId: string) => codeOf(() => ec2.DisableImage({ ImageId }, bench.home()));
    expect(disable(failed)).toBe('InvalidAMIID.Unavailable');
    await bench.pass(10 * MINUTE);
    expect(disable(failed)).toBe('InvalidAMIID.Unavailable');
    expect(disable(bench.world.images.ubuntu)).toBe('AuthFailure');
  });

  it.each([
    [true, 'none'],
    [false, 'OperationNotPermitted'],
  ])('take a protected image if the manners say so: %s', async (isAccepted, code) => {
    const { bench, imageId, ec2 } = await withImage({ protectedImagesCanBeDisabled: isAccepted });
    ec2.EnableImageDeregistrationProtection({ ImageId: imageId }, bench.home());
    expect(codeOf(() => ec2.DisableImage({ ImageId: imageId }, bench.home()))).toBe(code);
    ec2.DisableImageDeregistrationProtection({ ImageId: imageId }, bench.home());
    expect(codeOf(() => ec2.DisableImage({ ImageId: imageId }, bench.home()))).toBe('none');
  });
});

describe('deregistration protection', () => {
  it.each(['OperationNotPermitted', 'InvalidParameterValue'])(
    'keeps an image without a cooldown only as long as it is on: %s',
    async (protectedCode) => {
      const { bench, imageId, ec2 } = await withImage({ protectedCode });
      const input = { ImageId: imageId };
      expect(ec2.EnableImageDeregistrationProtection(input, bench.home())).toEqual({
        Return: 'enabled-without-cooldown',
      });
      expect(describeImage(bench, imageId)?.DeregistrationProtection).toBe(
        'enabled-without-cooldown',
      );
      expect(codeOf(() => ec2.DeregisterImage(input, bench.home()))).toBe(protectedCode);
      expect(ec2.DisableImageDeregistrationProtection(input, bench.home()).Return).toBe('disabled');
      expect(codeOf(() => ec2.DeregisterImage(input, bench.home()))).toBe('none');
    },
  );

  it('ends its cooldown after a day, and not when it is disabled once more', async () => {
    const { bench, imageId, ec2 } = await withImage();
    const input = { ImageId: imageId };
    ec2.EnableImageDeregistrationProtection({ ...input, WithCooldown: true }, bench.home());
    ec2.DisableImageDeregistrationProtection(input, bench.home());
    ec2.DisableImageDeregistrationProtection(input, bench.home());
    expect(describeImage(bench, imageId)?.DeregistrationProtection).toBe(
      'disabled after 2026-11-22T03:10:00.000Z',
    );
    await bench.pass(DAY - 1);
    expect(codeOf(() => ec2.DeregisterImage(input, bench.home()))).toBe('OperationNotPermitted');
    await bench.pass(1);
    expect(describeImage(bench, imageId)?.DeregistrationProtection).toBe('disabled');
    expect(codeOf(() => ec2.DeregisterImage(input, bench.home()))).toBe('none');
  });

  /** An image whose cooldown has run for an hour, and what is said of its protection. */
  const withCooldown = async (manners = {}) => {
    const { bench, imageId, ec2 } = await withImage(manners);
    const input = { ImageId: imageId };
    const enable = (WithCooldown: boolean) =>
      ec2.EnableImageDeregistrationProtection({ ...input, WithCooldown }, bench.home()).Return;
    const disable = () => ec2.DisableImageDeregistrationProtection(input, bench.home()).Return;
    enable(true);
    disable();
    await bench.pass(HOUR);
    const shown = () => describeImage(bench, imageId)?.DeregistrationProtection;
    return { enable, disable, shown };
  };

  it.each([
    [false, 'disabled-with-cooldown', 'disabled after 2026-11-22T03:10:00.000Z'],
    [true, 'disabled', 'disabled'],
  ])(
    'without a cooldown ends one that runs: %s',
    async (protectionWithoutCooldownEndsCooldown, answer, after) => {
      const { enable, disable, shown } = await withCooldown({
        protectionWithoutCooldownEndsCooldown,
      });
      expect([enable(false), shown()]).toEqual([
        'enabled-without-cooldown',
        'enabled-without-cooldown',
      ]);
      expect([disable(), disable(), shown()]).toEqual([answer, answer, after]);
    },
  );

  it('with a cooldown begins it anew each time that it is disabled', async () => {
    const { enable, disable, shown } = await withCooldown({
      protectionWithoutCooldownEndsCooldown: true,
    });
    expect([enable(true), shown()]).toEqual(['enabled-with-cooldown', 'enabled-with-cooldown']);
    expect([disable(), shown()]).toEqual([
      'disabled-with-cooldown',
      'disabled after 2026-11-22T04:10:00.000Z',
    ]);
  });
});
