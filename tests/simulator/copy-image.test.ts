import type { CopyImageRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import {
  type Bench,
  codeOf,
  createBench,
  DR,
  HOME,
  HOUR,
  IMAGE_EVENTS,
  listen,
  makeImage,
  MINUTE,
} from './fixture.ts';

/** A bench with an available image that has a tag, and how to copy it to the DR Region. */
const withImage = async (manners = {}) => {
  const bench = createBench(manners);
  const imageId = makeImage(bench, 'one');
  const Tags = [{ Key: 'team', Value: 'shop' }];
  bench.cloud.ec2.CreateTags({ Resources: [imageId], Tags }, bench.home());
  await bench.pass(10 * MINUTE);
  const copy = (more: Partial<CopyImageRequest> = {}) =>
    bench.cloud.ec2.CopyImage(
      { Name: 'copy', SourceImageId: imageId, SourceRegion: 'eu-central-1', ...more },
      bench.dr(),
    ).ImageId ?? '';
  return { bench, imageId, copy };
};

const there = (bench: Bench, imageId: string) =>
  bench.cloud.ec2.DescribeImages({ ImageIds: [imageId] }, bench.dr()).Images?.[0];

const copiedSnapshots = (bench: Bench) =>
  bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, bench.dr()).Snapshots ?? [];

describe('CopyImage', () => {
  it('makes an image in the destination that remembers its source, with new snapshots', async () => {
    const { bench, imageId, copy } = await withImage();
    const heard = listen(bench, DR, IMAGE_EVENTS);
    const copied = copy();
    expect(there(bench, copied)?.State).toBe('pending');
    await bench.pass(9 * MINUTE);
    expect(there(bench, copied)).toMatchObject({
      State: 'available',
      Name: 'copy',
      SourceImageId: imageId,
      SourceImageRegion: 'eu-central-1',
    });
    expect(there(bench, copied)).not.toHaveProperty('SourceInstanceId');
    expect(there(bench, copied)).not.toHaveProperty('Tags');
    const [snapshot] =
      bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, bench.dr()).Snapshots ?? [];
    expect(snapshot?.VolumeId).toBe('vol-ffffffff');
    expect(snapshot?.Description).toContain(
      `Copied for DestinationAmi ${copied} from SourceAmi ${imageId} for SourceSnapshot snap-`,
    );
    expect(heard.map((event) => [event.region, event.detail.State])).toEqual([
      ['eu-west-1', 'available'],
    ]);
  });

  it('makes nothing new for a client token that was used, and refuses other parameters with it', async () => {
    const { bench, copy } = await withImage();
    const first = copy({ ClientToken: 'token' });
    expect(copy({ ClientToken: 'token' })).toBe(first);
    expect(codeOf(() => copy({ ClientToken: 'token', Name: 'other' }))).toBe(
      'IdempotentParameterMismatch',
    );
    expect(copy()).not.toBe(first);
    expect(bench.cloud.ec2.DescribeImages({ Owners: ['self'] }, bench.dr()).Images).toHaveLength(2);
  });

  it('refuses a name in use only if the manners say so', async () => {
    const { bench, copy } = await withImage();
    copy();
    expect(codeOf(() => copy())).toBe('none');
    bench.cloud.behave({ copyRefusesDuplicateNames: true });
    expect(codeOf(() => copy())).toBe('InvalidAMIName.Duplicate');
  });

  it('carries the user tags of the source only with CopyImageTags, under those of the call', async () => {
    const { bench, copy } = await withImage();
    const copied = copy({
      CopyImageTags: true,
      TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'team', Value: 'dr' }] }],
    });
    expect(there(bench, copied)?.Tags).toEqual([{ Key: 'team', Value: 'dr' }]);
    expect(there(bench, copy({ CopyImageTags: true }))?.Tags).toEqual([
      { Key: 'team', Value: 'shop' },
    ]);
  });

  it('refuses a source that is not available, unknown or gone', async () => {
    const { bench, imageId, copy } = await withImage();
    const pending = makeImage(bench, 'two');
    expect(codeOf(() => copy({ SourceImageId: pending }))).toBe('InvalidRequest');
    expect(codeOf(() => copy({ SourceImageId: 'ami-0123456789abcdef0' }))).toBe(
      'InvalidAMIID.NotFound',
    );
    bench.cloud.ec2.DeregisterImage({ ImageId: imageId }, bench.home());
    expect(codeOf(() => copy())).toBe('InvalidAMIID.Unavailable');
  });

  it.each(['InvalidRequest', 'InvalidAMIID.Unavailable'])(
    'refuses a disabled source with the code that the manners name: %s',
    async (sourceUnavailableCode) => {
      const { bench, imageId, copy } = await withImage({ sourceUnavailableCode });
      bench.cloud.ec2.DisableImage({ ImageId: imageId }, bench.home());
      expect(codeOf(() => copy())).toBe(sourceUnavailableCode);
    },
  );

  it('encrypts with the key given, and never back to plain', async () => {
    const { bench, copy } = await withImage();
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
    expect(codeOf(() => copy({ KmsKeyId: key }))).toBe('InvalidParameterCombination');
    const copied = copy({ Encrypted: true, KmsKeyId: key });
    await bench.pass(9 * MINUTE);
    const [snapshot] = copiedSnapshots(bench);
    expect([snapshot?.Encrypted, snapshot?.KmsKeyId]).toEqual([true, key]);
    expect(there(bench, copied)?.BlockDeviceMappings?.[0]?.Ebs?.Encrypted).toBe(true);
    const back = { SourceImageId: copied, SourceRegion: 'eu-west-1' };
    expect(codeOf(() => copy({ ...back, Encrypted: false }))).toBe('InvalidRequest');
    expect(codeOf(() => copy(back))).toBe('none');
  });

  it('finds out about a key of another Region only after the call', async () => {
    const { bench, copy } = await withImage();
    const KmsKeyId =
      'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';
    const copied = copy({ Encrypted: true, KmsKeyId });
    await bench.pass(9 * MINUTE);
    expect(there(bench, copied)?.State).toBe('failed');
    const [snapshot] =
      bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, bench.dr()).Snapshots ?? [];
    expect(snapshot?.StateMessage).toBe('Given key ID is not accessible');
  });

  it('refuses more copies at once than the destination takes', async () => {
    const { copy } = await withImage({ concurrentCopies: 2 });
    copy();
    copy();
    expect(codeOf(() => copy())).toBe('ResourceLimitExceeded');
  });

  it('counts only the copies of the caller to the destination', async () => {
    const { bench, copy } = await withImage({ concurrentCopies: 1 });
    copy();
    expect(codeOf(() => copy())).toBe('ResourceLimitExceeded');
    const base = { SourceImageId: bench.world.images.ubuntu, SourceRegion: HOME, Name: 'base' };
    const other = bench.cloud.callAs('999988887777', DR);
    expect(codeOf(() => bench.cloud.ec2.CopyImage(base, other))).toBe('none');
    await bench.pass(9 * MINUTE);
    expect(codeOf(() => copy({ Name: 'again' }))).toBe('none');
  });

  it.each([
    [true, 'ResourceLimitExceeded'],
    [false, 'none'],
  ])('counts to the quota of snapshot copies if the manners say so: %s', async (counts, code) => {
    const { copy } = await withImage({
      imageCopiesCountAsSnapshotCopies: counts,
      concurrentSnapshotCopies: 2,
    });
    for (const Name of ['one', 'two']) copy({ Name });
    expect(codeOf(() => copy({ Name: 'three' }))).toBe(code);
  });

  it.each<[Partial<CopyImageRequest>, string]>([
    [{ Name: 'ab' }, 'InvalidAMIName.Malformed'],
    [{ SourceRegion: 'Frankfurt' }, 'InvalidRegion'],
    [{ SourceRegion: 'eu-nowhere-1' }, 'InvalidRegion'],
    [{ SourceRegion: 'cn-north-1' }, 'InvalidRegion'],
    [{ SourceRegion: 'us-east-1' }, 'InvalidAMIID.NotFound'],
    [{ SourceImageId: 'image' }, 'InvalidAMIID.Malformed'],
    [{ SnapshotCopyCompletionDurationMinutes: 14 }, 'InvalidParameterValue'],
    [{ SnapshotCopyCompletionDurationMinutes: 20 }, 'InvalidParameterValue'],
    [{ SnapshotCopyCompletionDurationMinutes: 2_895 }, 'InvalidParameterValue'],
    [{ SnapshotCopyCompletionDurationMinutes: 2_880 }, 'none'],
    [{ DestinationOutpostArn: 'arn:aws:outposts:::outpost/op-1' }, 'UnsupportedOperation'],
    [{ DestinationAvailabilityZone: 'eu-west-1a' }, 'UnsupportedOperation'],
    [
      { DestinationAvailabilityZone: 'a', DestinationAvailabilityZoneId: 'b' },
      'InvalidParameterCombination',
    ],
    [{ TagSpecifications: [{ ResourceType: 'volume', Tags: [] }] }, 'InvalidParameterValue'],
    [{ ClientToken: 't'.repeat(65) }, 'InvalidClientToken'],
    [{ ClientToken: 'tökén' }, 'InvalidClientToken'],
    [{ ClientToken: 't'.repeat(64) }, 'none'],
  ])('answers to %j with %s', async (more, code) => {
    const { copy } = await withImage();
    expect(codeOf(() => copy(more))).toBe(code);
  });

  it('refuses a copy beyond the quota of images, and one with more than fifty tags', async () => {
    const { bench, imageId, copy } = await withImage({ imageQuota: 1 });
    copy();
    expect(codeOf(() => copy({ Name: 'two' }))).toBe('ResourceLimitExceeded');
    bench.cloud.behave({ imageQuota: 10 });
    const Tags = Array.from({ length: 49 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    bench.cloud.ec2.CreateTags({ Resources: [imageId], Tags }, bench.home());
    const TagSpecifications = [
      { ResourceType: 'image' as const, Tags: [{ Key: 'more', Value: '' }] },
    ];
    expect(codeOf(() => copy({ TagSpecifications }))).toBe('none');
    expect(codeOf(() => copy({ TagSpecifications, CopyImageTags: true }))).toBe('TagLimitExceeded');
  });

  it('takes the time that its largest snapshot needs, or the time that it was given', async () => {
    const { bench, copy } = await withImage({ copyPendingPerGibMs: 10_000 });
    const full = copy();
    const timed = copy({ Name: 'timed', SnapshotCopyCompletionDurationMinutes: 15 });
    await bench.pass(10 * MINUTE - 1);
    expect(there(bench, full)?.State).toBe('pending');
    await bench.pass(1);
    expect([full, timed].map((id) => there(bench, id)?.State)).toEqual(['available', 'pending']);
    await bench.pass(5 * MINUTE);
    expect(there(bench, timed)?.State).toBe('available');
  });

  it('moves less of a volume whose newest copy is there, under the same key', async () => {
    const { bench, copy } = await withImage({ copyPendingPerGibMs: 10_000 });
    const heard = listen(bench, DR, 'EBS Snapshot Notification');
    const first = copy({ Name: 'first' });
    await bench.pass(HOUR);
    copy({ Name: 'second' });
    await bench.pass(8 * MINUTE + 12_000);
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
    copy({ Name: 'third', Encrypted: true, KmsKeyId: key });
    await bench.pass(HOUR);
    copy({ Name: 'fourth' });
    await bench.pass(HOUR);
    expect(heard.map(({ detail }) => [detail.event, detail.incremental])).toEqual([
      ['copySnapshot', 'false'],
      ['copySnapshot', 'true'],
      ['copySnapshot', 'false'],
      ['copySnapshot', 'false'],
    ]);
    expect(there(bench, first)?.State).toBe('available');
    const { Images = [] } = bench.cloud.ec2.DescribeImages({ Owners: ['self'] }, bench.dr());
    for (const { ImageId } of Images) {
      const input = { ImageId, DeleteAssociatedSnapshots: true };
      bench.cloud.ec2.DeregisterImage(input, bench.dr());
    }
    copy({ Name: 'fifth' });
    await bench.pass(HOUR);
    expect(heard.at(-1)?.detail.incremental).toBe('false');
  });

  it.each([true, false])(
    'keeps deprecation and protection if the manners say so: %s',
    async (isKept) => {
      const { bench, imageId, copy } = await withImage({ copiesKeepSettings: isKept });
      const DeprecateAt = new Date('2027-01-01T00:00:00Z');
      bench.cloud.ec2.EnableImageDeprecation({ ImageId: imageId, DeprecateAt }, bench.home());
      bench.cloud.ec2.EnableImageDeregistrationProtection({ ImageId: imageId }, bench.home());
      const image = there(bench, copy());
      expect([image?.DeprecationTime, image?.DeregistrationProtection]).toEqual(
        isKept ? ['2027-01-01T00:00:00.000Z', 'enabled-without-cooldown'] : [undefined, 'disabled'],
      );
    },
  );

  it.each([
    [HOUR, HOUR, 'same'],
    [HOUR, HOUR + 1, 'another'],
  ])(
    'remembers a client token for %i ms: after %i it makes the %s one',
    async (life, after, which) => {
      const { bench, copy } = await withImage({ clientTokenLifeMs: life });
      const first = copy({ ClientToken: 'token' });
      await bench.pass(after);
      expect(copy({ ClientToken: 'token' }) === first).toBe(which === 'same');
    },
  );

  it('keeps no client token for longer than it counts', async () => {
    const { bench, copy } = await withImage({ clientTokenLifeMs: HOUR });
    copy({ ClientToken: 'first' });
    await bench.pass(HOUR + 1);
    copy({ ClientToken: 'second', Name: 'other' });
    const { tokens } = bench.cloud.ec2Core.store(DR);
    expect([...tokens.keys()]).toEqual(['CopyImage 111122223333 second']);
  });

  it('keeps tokens of Regions and accounts apart, and none of a call that failed', async () => {
    const { bench, copy } = await withImage();
    const first = copy({ ClientToken: 'token' });
    const input = { SourceImageId: first, SourceRegion: DR, ClientToken: 'token', Name: 'back' };
    await bench.pass(9 * MINUTE);
    expect(codeOf(() => bench.cloud.ec2.CopyImage(input, bench.home()))).toBe('none');
    expect(codeOf(() => copy({ ClientToken: 'failed', KmsKeyId: 'key' }))).toBe(
      'InvalidParameterCombination',
    );
    expect(codeOf(() => copy({ ClientToken: 'failed', Name: 'other' }))).toBe('none');
  });
});
