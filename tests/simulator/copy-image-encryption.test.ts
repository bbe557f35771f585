import type { CopyImageRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { codeOf, createBench, describeImage, DR, HOME, MINUTE } from './fixture.ts';

const OTHER = '999988887777';
const KEY_ID = '11111111-2222-3333-4444-555555555555';
const OWN_KEY = `arn:aws:kms:eu-central-1:111122223333:key/${KEY_ID}`;
const MANAGED_KEY = 'arn:aws:kms:eu-central-1:111122223333:alias/aws/ebs';

const byText = (a = '', b = ''): number => (a < b ? -1 : Number(a > b));

/** A bench with an available image, encrypted if so, and how anyone copies it. */
const withImage = async (kmsKeyId?: string, instance = 'web-1') => {
  const bench = createBench();
  const { ImageId: imageId = '' } = bench.cloud.ec2.CreateImage(
    { InstanceId: bench.id(instance), Name: 'one' },
    bench.home(),
  );
  await bench.pass(10 * MINUTE);
  const store = bench.cloud.ec2Core.store(HOME);
  const snapshotId = describeImage(bench, imageId)?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
  const image = store.images.get(imageId);
  const snapshot = store.snapshots.get(snapshotId);
  if (kmsKeyId !== undefined && image !== undefined && snapshot !== undefined) {
    const encryption = { encrypted: true, kmsKeyId };
    Object.assign(snapshot, encryption);
    Object.assign(image, { disks: image.disks.map((disk) => ({ ...disk, ...encryption })) });
  }
  const copy = (more: Partial<CopyImageRequest> = {}, account = '111122223333') =>
    bench.cloud.ec2.CopyImage(
      { Name: 'copy', SourceImageId: imageId, SourceRegion: HOME, ...more },
      bench.cloud.callAs(account, DR),
    ).ImageId ?? '';
  const outcome = async (account = '111122223333') => {
    await bench.pass(10 * MINUTE);
    const call = bench.cloud.callAs(account, DR);
    const [made] = bench.cloud.ec2.DescribeImages({ Owners: ['self'] }, call).Images ?? [];
    const [of] = bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, call).Snapshots ?? [];
    return { image: made, snapshot: of };
  };
  const shareImage = () =>
    bench.cloud.ec2.ModifyImageAttribute(
      { ImageId: imageId, LaunchPermission: { Add: [{ UserId: OTHER }] } },
      bench.home(),
    );
  return { bench, imageId, snapshot, copy, outcome, shareImage };
};

describe('CopyImage of another account', () => {
  it('needs the image and its storage shared', async () => {
    const { copy, snapshot, shareImage, outcome } = await withImage();
    expect(codeOf(() => copy({}, OTHER))).toBe('InvalidAMIID.NotFound');
    shareImage();
    expect(() => copy({}, OTHER)).toThrow(
      'You do not have permission to access the storage of this ami',
    );
    expect(codeOf(() => copy({}, OTHER))).toBe('InvalidRequest');
    snapshot?.createVolumePermissions.add(OTHER);
    expect(codeOf(() => copy({}, OTHER))).toBe('none');
    const { image, snapshot: copied } = await outcome(OTHER);
    expect([image?.OwnerId, image?.State, copied?.OwnerId]).toEqual([OTHER, 'available', OTHER]);
  });

  it('has only those tags of the source that are shared', async () => {
    const { bench, imageId, copy, snapshot, shareImage, outcome } = await withImage();
    const Tags = [
      { Key: 'team', Value: 'shop' },
      { Key: 'ec2:SharedTag/level', Value: 'gold' },
    ];
    bench.cloud.ec2.CreateTags({ Resources: [imageId], Tags }, bench.home());
    shareImage();
    snapshot?.createVolumePermissions.add(OTHER);
    copy({ CopyImageTags: true }, OTHER);
    expect((await outcome(OTHER)).image?.Tags).toEqual([Tags[1]]);
  });

  it('is of a public image with public storage', async () => {
    const { bench, copy } = await withImage();
    const base = { SourceImageId: bench.world.images.ubuntu };
    expect(codeOf(() => copy(base, OTHER))).toBe('none');
  });

  it('takes nothing that the key of AWS has encrypted', async () => {
    const { copy, snapshot, shareImage, bench, imageId } = await withImage(OWN_KEY);
    shareImage();
    snapshot?.createVolumePermissions.add(OTHER);
    expect(codeOf(() => copy({}, OTHER))).toBe('none');
    const store = bench.cloud.ec2Core.store(HOME);
    Object.assign(store.snapshots.get(snapshot?.snapshotId ?? '') ?? {}, { kmsKeyId: MANAGED_KEY });
    expect(store.images.has(imageId)).toBe(true);
    expect(codeOf(() => copy({ Name: 'two' }, OTHER))).toBe('InvalidRequest');
  });
});

describe('the encryption of a copy', () => {
  it('is under the key of AWS in the destination unless a key is given', async () => {
    const { copy, outcome } = await withImage(OWN_KEY);
    copy();
    expect((await outcome()).snapshot).toMatchObject({
      Encrypted: true,
      KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:alias/aws/ebs',
    });
  });

  it.each([
    ['alias/dr', 'arn:aws:kms:eu-west-1:111122223333:alias/dr'],
    [KEY_ID, `arn:aws:kms:eu-west-1:111122223333:key/${KEY_ID}`],
    [`mrk-${'1a'.repeat(16)}`, `arn:aws:kms:eu-west-1:111122223333:key/mrk-${'1a'.repeat(16)}`],
  ])('takes a key by %s', async (KmsKeyId, arn) => {
    const { copy, outcome } = await withImage();
    copy({ Encrypted: true, KmsKeyId });
    const { image, snapshot } = await outcome();
    expect([image?.State, snapshot?.KmsKeyId]).toEqual(['available', arn]);
  });

  it.each([
    ['alias/dr', 'alias/dr', 'failed'],
    [`arn:aws:kms:eu-west-1:111122223333:key/${KEY_ID}`, KEY_ID, 'failed'],
    ['alias/dr', 'alias/other', 'available'],
  ])('finds out later about the key %s when %s is unusable: %s', async (KmsKeyId, bad, state) => {
    const { bench, copy, outcome } = await withImage();
    bench.cloud.behave({ unusableKmsKeys: [bad] });
    expect(codeOf(() => copy({ Encrypted: true, KmsKeyId }))).toBe('none');
    const { image, snapshot } = await outcome();
    expect([image?.State, snapshot?.StateMessage]).toEqual([
      state,
      state === 'failed' ? 'Given key ID is not accessible' : undefined,
    ]);
  });

  it.each([
    '',
    'mine',
    '1234abcd',
    'alias/',
    'alias/of mine',
    `arn:aws:kms:eu-west-1:111122223333:key/alias/dr`,
    `arn:aws:kms:eu-west-1:111122223333:${KEY_ID}`,
  ])('finds out later that %j is no key, and no snapshot is completed', async (KmsKeyId) => {
    const { bench, copy } = await withImage(undefined, 'db-1');
    expect(codeOf(() => copy({ Encrypted: true, KmsKeyId }))).toBe('none');
    await bench.pass(10 * MINUTE);
    const own = { call: bench.dr(), error: 'Given key ID is not accessible' };
    const { Images = [] } = bench.cloud.ec2.DescribeImages({ Owners: ['self'] }, own.call);
    const { Snapshots = [] } = bench.cloud.ec2.DescribeSnapshots({ OwnerIds: ['self'] }, own.call);
    expect(Images.map(({ State }) => State)).toEqual(['failed']);
    expect(Snapshots).toHaveLength(4);
    for (const one of Snapshots) {
      expect([one.State, one.StateMessage]).toEqual(['error', own.error]);
    }
  });

  it('leaves one snapshot in error, and no more, when a copy fails by chance', async () => {
    const { bench, copy } = await withImage(undefined, 'db-1');
    bench.cloud.behave({ copyFailure: 1 });
    copy();
    await bench.pass(10 * MINUTE);
    const { Snapshots = [] } = bench.cloud.ec2.DescribeSnapshots(
      { OwnerIds: ['self'] },
      bench.dr(),
    );
    expect(Snapshots.map(({ State }) => State).toSorted(byText)).toEqual([
      'completed',
      'completed',
      'completed',
      'error',
    ]);
  });

  it('fails when the key of the source cannot be used any more', async () => {
    const { bench, copy, outcome } = await withImage(OWN_KEY);
    bench.cloud.behave({ unusableKmsKeys: [OWN_KEY] });
    copy();
    expect((await outcome()).image).toMatchObject({
      State: 'failed',
      StateReason: {
        Code: 'Server.InternalError',
        Message: 'Server.InternalError: Copy image failed with an internal error',
      },
    });
  });
});
