import type { LaunchPermission } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { codeOf, createBench, describeImage, HOME, makeImage, MINUTE } from './fixture.ts';

const OTHER = '999988887777';
const THIRD = '444455556666';
const ORGANIZATION = 'arn:aws:organizations::111122223333:organization/o-abcdefghij';
const UNIT = 'arn:aws:organizations::111122223333:ou/o-abcdefghij/ou-ab12-abcdefgh';
const ALL: LaunchPermission = { Group: 'all' };

/** A bench with two available images, and how the first is shared and seen by another account. */
const withImage = async (manners = {}) => {
  const bench = createBench(manners);
  const imageId = makeImage(bench, 'shared');
  makeImage(bench, 'private');
  await bench.pass(10 * MINUTE);
  const { ec2 } = bench.cloud;
  const modify = (what: 'Add' | 'Remove', ...permissions: LaunchPermission[]) =>
    ec2.ModifyImageAttribute(
      { ImageId: imageId, LaunchPermission: { [what]: permissions } },
      bench.home(),
    );
  const seenBy = (account: string, more: object = {}) =>
    ec2
      .DescribeImages({ Owners: ['111122223333'], ...more }, bench.cloud.callAs(account, HOME))
      .Images?.map((image) => image.Name);
  const launchBy = (account: string) =>
    codeOf(() =>
      ec2.RunInstances(
        { ImageId: imageId, InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
        bench.cloud.callAs(account, HOME),
      ),
    );
  return { bench, imageId, modify, seenBy, launchBy };
};

/** The disks of an image, encrypted with a key. */
const encrypt = (bench: ReturnType<typeof createBench>, imageId: string, key: string): void => {
  const row = bench.cloud.ec2Core.store(HOME).images.get(imageId);
  if (row === undefined) return;
  const disks = row.disks.map((disk) => ({ ...disk, encrypted: true, kmsKeyId: key }));
  Object.assign(row, { disks });
};

describe('sharing an image', () => {
  it('lets an account see and launch it as long as it is named', async () => {
    const { modify, seenBy, launchBy } = await withImage();
    expect(launchBy(OTHER)).toBe('InvalidAMIID.NotFound');
    modify('Add', { UserId: OTHER });
    expect([seenBy(OTHER), seenBy(THIRD)]).toEqual([['shared'], []]);
    expect([launchBy(OTHER), launchBy(THIRD)]).toEqual(['none', 'InvalidAMIID.NotFound']);
    modify('Remove', { UserId: OTHER }, { UserId: THIRD });
    expect(seenBy(OTHER)).toEqual([]);
  });

  it('lets the members of an organization, or of a unit, use it, whatever is taken from one', async () => {
    const membershipsOf = { [OTHER]: [ORGANIZATION, UNIT], [THIRD]: [ORGANIZATION] };
    const { modify, seenBy, launchBy } = await withImage({ membershipsOf });
    modify('Add', { OrganizationalUnitArn: UNIT });
    expect([seenBy(OTHER), seenBy(THIRD)]).toEqual([['shared'], []]);
    modify('Add', { OrganizationArn: ORGANIZATION });
    modify('Remove', { UserId: THIRD });
    expect([launchBy(OTHER), launchBy(THIRD)]).toEqual(['none', 'none']);
  });

  it('tells by ExecutableUsers what is shared with whom', async () => {
    const membershipsOf = { [OTHER]: [ORGANIZATION] };
    const { bench, modify, seenBy } = await withImage({ membershipsOf });
    modify('Add', { OrganizationArn: ORGANIZATION }, { UserId: THIRD });
    expect(seenBy(OTHER, { ExecutableUsers: ['self'] })).toEqual(['shared']);
    expect(seenBy(OTHER, { ExecutableUsers: [OTHER] })).toEqual(['shared']);
    expect(seenBy('111122223333', { ExecutableUsers: [OTHER] })).toEqual([]);
    expect(seenBy('111122223333', { ExecutableUsers: [THIRD] })).toEqual(['shared']);
    expect(seenBy('111122223333', { ExecutableUsers: ['self'] })).toEqual([]);
    expect(seenBy('111122223333', { ExecutableUsers: ['all'] })).toEqual([]);
    expect(seenBy('111122223333', { ExecutableUsers: ['all', THIRD] })).toEqual(['shared']);
    const input = { ExecutableUsers: ['everyone'] };
    expect(codeOf(() => bench.cloud.ec2.DescribeImages(input, bench.home()))).toBe(
      'InvalidUserID.Malformed',
    );
  });

  it.each([true, false])(
    'hides tags from others, but not shared ones if so: %s',
    async (isSeen) => {
      const { bench, imageId, modify } = await withImage({ sharedTagsAreVisible: isSeen });
      const Tags = [
        { Key: 'team', Value: 'shop' },
        { Key: 'ec2:SharedTag/level', Value: 'gold' },
      ];
      bench.cloud.ec2.CreateTags({ Resources: [imageId], Tags }, bench.home());
      modify('Add', { UserId: OTHER });
      const call = bench.cloud.callAs(OTHER, HOME);
      const find = (Name: string) =>
        bench.cloud.ec2.DescribeImages({ Filters: [{ Name, Values: ['*'] }] }, call).Images?.length;
      const [image] = bench.cloud.ec2.DescribeImages({ ImageIds: [imageId] }, call).Images ?? [];
      expect(image?.Tags).toEqual(isSeen ? [Tags[1]] : undefined);
      expect(image?.DeregistrationProtection).toBeUndefined();
      expect(find('tag:team')).toBe(0);
      expect(find('source-instance-id')).toBe(0);
      expect(find('tag:ec2:SharedTag/level')).toBe(isSeen ? 1 : 0);
    },
  );

  it.each(['SharingLimitExceeded', 'ResourceLimitExceeded'])(
    'refuses more entities than the quota with the code that the manners name: %s',
    async (sharingQuotaCode) => {
      const { modify } = await withImage({ sharingQuota: 2, sharingQuotaCode });
      modify('Add', { UserId: OTHER }, { OrganizationArn: ORGANIZATION });
      expect(codeOf(() => modify('Add', { UserId: THIRD }))).toBe(sharingQuotaCode);
      expect(codeOf(() => modify('Add', { UserId: OTHER }))).toBe('none');
    },
  );

  it('refuses more accounts than one request may have', async () => {
    const { modify } = await withImage();
    const many = Array.from({ length: 10_001 }, () => ({ UserId: OTHER }));
    expect(codeOf(() => modify('Add', ...many))).toBe('InvalidParameterValue');
  });

  it('refuses what is encrypted with the key of AWS, and to make public what is encrypted', async () => {
    const { bench, imageId, modify } = await withImage({ blocksPublicImages: false });
    encrypt(bench, imageId, 'arn:aws:kms:eu-central-1:111122223333:alias/aws/ebs');
    expect(() => modify('Add', { UserId: OTHER })).toThrow(
      "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.",
    );
    encrypt(
      bench,
      imageId,
      'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
    );
    expect(codeOf(() => modify('Add', ALL))).toBe('InvalidParameter');
    expect(codeOf(() => modify('Add', { UserId: OTHER }))).toBe('none');
  });
});

describe('CancelImageLaunchPermission', () => {
  it.each(['UnsupportedOperation', 'InvalidRequest'])(
    'ends what the account itself was given, and nothing else: %s',
    async (notSharedCode) => {
      const { bench, imageId, modify, seenBy } = await withImage({ notSharedCode });
      const cancel = () =>
        bench.cloud.ec2.CancelImageLaunchPermission(
          { ImageId: imageId },
          bench.cloud.callAs(OTHER, HOME),
        );
      expect(codeOf(cancel)).toBe('InvalidAMIID.NotFound');
      modify('Add', { UserId: OTHER });
      expect(cancel()).toEqual({ Return: true });
      expect(seenBy(OTHER)).toEqual([]);
      bench.cloud.behave({ membershipsOf: { [OTHER]: [ORGANIZATION] } });
      modify('Add', { OrganizationArn: ORGANIZATION });
      expect(codeOf(cancel)).toBe(notSharedCode);
    },
  );
});

describe('block public access for images', () => {
  const state = (bench: ReturnType<typeof createBench>) =>
    bench.cloud.ec2.GetImageBlockPublicAccessState({}, bench.home());

  it('is on for an account that never said anything, and keeps images from becoming public', async () => {
    const { bench, modify, seenBy } = await withImage();
    expect(state(bench)).toEqual({
      ImageBlockPublicAccessState: 'block-new-sharing',
      ManagedBy: 'account',
    });
    expect(() => modify('Add', ALL)).toThrow(
      "You can't publicly share this image because block public access for AMIs is enabled",
    );
    expect(codeOf(() => modify('Add', ALL))).toBe('OperationNotPermitted');
    expect(bench.cloud.ec2.DisableImageBlockPublicAccess({}, bench.home())).toEqual({
      ImageBlockPublicAccessState: 'unblocked',
    });
    modify('Add', ALL);
    expect([seenBy(THIRD), seenBy(THIRD, { ExecutableUsers: ['all'] })]).toEqual([
      ['shared'],
      ['shared'],
    ]);
  });

  it('is off where the manners say so, and leaves public what is public', async () => {
    const { bench, imageId, modify, seenBy } = await withImage({ blocksPublicImages: false });
    expect(state(bench).ImageBlockPublicAccessState).toBe('unblocked');
    modify('Add', ALL);
    const block = (ImageBlockPublicAccessState: 'block-new-sharing') =>
      bench.cloud.ec2.EnableImageBlockPublicAccess({ ImageBlockPublicAccessState }, bench.home());
    expect(block('block-new-sharing')).toEqual({
      ImageBlockPublicAccessState: 'block-new-sharing',
    });
    expect(codeOf(() => block('unblocked' as 'block-new-sharing'))).toBe('InvalidParameterValue');
    expect([seenBy(THIRD), describeImage(bench, imageId)?.Public]).toEqual([['shared'], true]);
    modify('Remove', ALL);
    expect(codeOf(() => modify('Add', ALL))).toBe('OperationNotPermitted');
  });

  it('counts only some minutes after it was changed', async () => {
    const span = { min: 10 * MINUTE, max: 10 * MINUTE };
    const { bench, modify } = await withImage({ blockPublicAccessMs: span });
    bench.cloud.ec2.DisableImageBlockPublicAccess({}, bench.home());
    await bench.pass(10 * MINUTE - 1);
    expect(state(bench).ImageBlockPublicAccessState).toBe('block-new-sharing');
    expect(codeOf(() => modify('Add', ALL))).toBe('OperationNotPermitted');
    await bench.pass(1);
    expect(state(bench).ImageBlockPublicAccessState).toBe('unblocked');
    expect(codeOf(() => modify('Add', ALL))).toBe('none');
  });

  it('is of one account in one Region', async () => {
    const { bench } = await withImage();
    bench.cloud.ec2.DisableImageBlockPublicAccess({}, bench.home());
    const of = (account: string, region: string) =>
      bench.cloud.ec2.GetImageBlockPublicAccessState({}, bench.cloud.callAs(account, region));
    expect(of('111122223333', 'eu-west-1').ImageBlockPublicAccessState).toBe('block-new-sharing');
    expect(of(OTHER, HOME).ImageBlockPublicAccessState).toBe('block-new-sharing');
  });

  it('lets an account have so many public images', async () => {
    const manners = { blocksPublicImages: false, publicImageQuota: 0 };
    const { bench, modify } = await withImage(manners);
    expect(codeOf(() => modify('Add', ALL))).toBe('ResourceLimitExceeded');
    bench.cloud.behave({ publicImageQuota: 1 });
    expect(codeOf(() => modify('Add', ALL))).toBe('none');
    expect(codeOf(() => modify('Add', ALL))).toBe('none');
  });
});
