import type { CopyImageRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { type Bench, codeOf, createBench, listen, makeImage, MINUTE } from './fixture.ts';

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

describe('CopyImage', () => {
  it('makes an image in the destination that remembers its source, with new snapshots', async () => {
    const { bench, imageId, copy } = await withImage();
    const heard = listen(bench, 'eu-west-1');
    const copied = copy();
    expect(there(bench, copied)?.State).toBe('pending');
    await bench.pass(9 * MINUTE);
    expect(there(bench, copied)).toMatchObject({
      State: 'available',
      Name: 'copy',
      SourceImageId: imageId,
      SourceImageRegion: 'eu-central-1',
      SourceInstanceId: undefined,
      Tags: undefined,
    });
    const [snapshot] = bench.cloud.ec2.DescribeSnapshots({}, bench.dr()).Snapshots ?? [];
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

  it('encrypts with the key given, and never back to plain', async () => {
    const { bench, copy } = await withImage();
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/1';
    expect(codeOf(() => copy({ KmsKeyId: key }))).toBe('InvalidParameterCombination');
    const copied = copy({ Encrypted: true, KmsKeyId: key });
    await bench.pass(9 * MINUTE);
    const ebs = there(bench, copied)?.BlockDeviceMappings?.[0]?.Ebs;
    expect([ebs?.Encrypted, ebs?.KmsKeyId]).toEqual([true, key]);
    const back = { SourceImageId: copied, SourceRegion: 'eu-west-1' };
    expect(codeOf(() => copy({ ...back, Encrypted: false }))).toBe('InvalidRequest');
    expect(codeOf(() => copy(back))).toBe('none');
  });

  it('finds out about a key of another Region only after the call', async () => {
    const { bench, copy } = await withImage();
    const KmsKeyId = 'arn:aws:kms:eu-central-1:111122223333:key/1';
    const copied = copy({ Encrypted: true, KmsKeyId });
    await bench.pass(9 * MINUTE);
    expect(there(bench, copied)?.State).toBe('failed');
    const [snapshot] = bench.cloud.ec2.DescribeSnapshots({}, bench.dr()).Snapshots ?? [];
    expect(snapshot?.StateMessage).toBe('Given key ID is not accessible');
  });

  it('refuses more copies at once than the destination takes', async () => {
    const { copy } = await withImage({ concurrentCopies: 2 });
    copy();
    copy();
    expect(codeOf(() => copy())).toBe('ResourceLimitExceeded');
  });
});
