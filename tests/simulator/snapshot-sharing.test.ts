import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../simulator/services/events/event.ts';
import { ACCOUNT, type Bench, codeOf, createBench, HOME, MINUTE } from './fixture.ts';

const FRIEND = '999988887777';
const STRANGER = '444455556666';
const OWN_KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;

const volumeIdOf = (bench: Bench): string | undefined =>
  bench.cloud.ec2.DescribeVolumes(
    { Filters: [{ Name: 'attachment.instance-id', Values: [bench.id('web-1')] }] },
    bench.home(),
  ).Volumes?.[0]?.VolumeId;

const withSnapshot = async (manners = {}) => {
  const bench = createBench(manners);
  const VolumeId = volumeIdOf(bench);
  const id = bench.cloud.ec2.CreateSnapshot({ VolumeId }, bench.home()).SnapshotId ?? '';
  await bench.pass(10 * MINUTE);
  return { bench, id };
};

const as = (bench: Bench, account: string) => bench.cloud.callAs(account, HOME);

const share = (bench: Bench, id: string, permission: object) =>
  bench.cloud.ec2.ModifySnapshotAttribute(
    { SnapshotId: id, CreateVolumePermission: permission },
    bench.home(),
  );

const seenBy = (bench: Bench, account: string, input: object = {}): string[] =>
  bench.cloud.ec2
    .DescribeSnapshots(input, as(bench, account))
    .Snapshots?.filter((one) => one.OwnerId === ACCOUNT)
    .map((one) => one.SnapshotId ?? '') ?? [];

const encryptedCopy = async (bench: Bench, id: string, more: object): Promise<string> => {
  const input = { SourceSnapshotId: id, SourceRegion: HOME, Encrypted: true, ...more };
  const copy = bench.cloud.ec2.CopySnapshot(input, bench.home()).SnapshotId ?? '';
  await bench.pass(10 * MINUTE);
  return copy;
};

describe('a snapshot that is shared', () => {
  it('is seen and copied by those it is shared with, and by nobody else', async () => {
    const { bench, id } = await withSnapshot();
    expect(seenBy(bench, FRIEND)).toEqual([]);
    share(bench, id, { Add: [{ UserId: FRIEND }] });
    expect(seenBy(bench, FRIEND)).toEqual([id]);
    expect(seenBy(bench, STRANGER)).toEqual([]);
    const copy = { SourceSnapshotId: id, SourceRegion: HOME };
    expect(codeOf(() => bench.cloud.ec2.CopySnapshot(copy, as(bench, FRIEND)))).toBe('none');
    expect(codeOf(() => bench.cloud.ec2.CopySnapshot(copy, as(bench, STRANGER)))).toBe(
      'InvalidSnapshot.NotFound',
    );
  });

  it('tells those that it is shared with neither its tags nor how it is shared', async () => {
    const { bench, id } = await withSnapshot();
    bench.cloud.ec2.CreateTags({ Resources: [id], Tags: [{ Key: 'a', Value: '1' }] }, bench.home());
    share(bench, id, { Add: [{ UserId: FRIEND }] });
    const [row] =
      bench.cloud.ec2.DescribeSnapshots({ SnapshotIds: [id] }, as(bench, FRIEND)).Snapshots ?? [];
    expect(row).toMatchObject({ SnapshotId: id, OwnerId: ACCOUNT });
    expect(row?.Tags).toBeUndefined();
    expect(seenBy(bench, FRIEND, { Filters: [{ Name: 'tag:a', Values: ['1'] }] })).toEqual([]);
    const attribute = { SnapshotId: id, Attribute: 'createVolumePermission' } as const;
    expect(
      codeOf(() => bench.cloud.ec2.DescribeSnapshotAttribute(attribute, as(bench, FRIEND))),
    ).toBe('AuthFailure');
    expect(
      codeOf(() => bench.cloud.ec2.DeleteSnapshot({ SnapshotId: id }, as(bench, FRIEND))),
    ).toBe('AuthFailure');
  });

  it('is announced to whom it is newly shared with, and to no other', async () => {
    const { bench, id } = await withSnapshot();
    const heard: CloudEvent[] = [];
    for (const account of [ACCOUNT, FRIEND]) {
      bench.cloud.events.putRule({
        account,
        region: HOME,
        bus: 'default',
        name: 'listener',
        pattern: { 'detail-type': ['EBS Snapshot Notification'] },
        deliver: (event) => heard.push(event as CloudEvent),
      });
    }
    share(bench, id, { Add: [{ UserId: FRIEND }] });
    share(bench, id, { Add: [{ UserId: FRIEND }] });
    await bench.pass(MINUTE);
    expect(heard.map((event) => [event.account, event.detail.event, event.detail.source])).toEqual([
      [FRIEND, 'shareSnapshot', ACCOUNT],
    ]);
  });

  it.each([
    [{ OwnerIds: ['self'] }, 0],
    [{ OwnerIds: [ACCOUNT] }, 1],
    [{ OwnerIds: ['amazon'] }, 0],
    [{ RestorableByUserIds: ['self'] }, 1],
    [{ RestorableByUserIds: [FRIEND] }, 1],
    [{ RestorableByUserIds: [STRANGER] }, 0],
    [{ RestorableByUserIds: ['all'] }, 0],
  ])('is among those of its recipient asked for by %j: %i', async (input, count) => {
    const { bench, id } = await withSnapshot();
    share(bench, id, { Add: [{ UserId: FRIEND }] });
    expect(seenBy(bench, FRIEND, input)).toHaveLength(count);
  });

  it('is told to its owner by whom it can be restored', async () => {
    const { bench, id } = await withSnapshot();
    share(bench, id, { Add: [{ UserId: FRIEND }] });
    expect(seenBy(bench, ACCOUNT, { RestorableByUserIds: [FRIEND] })).toEqual([id]);
    expect(seenBy(bench, ACCOUNT, { RestorableByUserIds: [STRANGER] })).toEqual([]);
    expect(codeOf(() => seenBy(bench, ACCOUNT, { OwnerIds: ['me'] }))).toBe(
      'InvalidUserID.Malformed',
    );
  });

  it('with everyone is everyones, until its owner blocks that', async () => {
    const { bench, id } = await withSnapshot();
    share(bench, id, { Add: [{ Group: 'all' }] });
    expect(seenBy(bench, STRANGER, { RestorableByUserIds: ['all'] })).toEqual([id]);
    const block = (State: 'block-new-sharing' | 'block-all-sharing') =>
      bench.cloud.ec2.EnableSnapshotBlockPublicAccess({ State }, bench.home());
    block('block-new-sharing');
    expect(seenBy(bench, STRANGER)).toEqual([id]);
    block('block-all-sharing');
    expect(seenBy(bench, STRANGER)).toEqual([]);
    expect(codeOf(() => share(bench, id, { Add: [{ Group: 'all' }] }))).toBe(
      'OperationNotPermitted',
    );
    expect(bench.cloud.ec2.GetSnapshotBlockPublicAccessState({}, bench.home()).State).toBe(
      'block-all-sharing',
    );
    bench.cloud.ec2.DisableSnapshotBlockPublicAccess({}, bench.home());
    expect(seenBy(bench, STRANGER)).toEqual([id]);
  });
});

describe('ModifySnapshotAttribute', () => {
  it('adds and removes, in its newer form and in its older one', async () => {
    const { bench, id } = await withSnapshot();
    const permissions = () =>
      bench.cloud.ec2.DescribeSnapshotAttribute(
        { SnapshotId: id, Attribute: 'createVolumePermission' },
        bench.home(),
      ).CreateVolumePermissions;
    share(bench, id, { Add: [{ UserId: FRIEND }, { UserId: STRANGER }] });
    bench.cloud.ec2.ModifySnapshotAttribute(
      { SnapshotId: id, OperationType: 'add', GroupNames: ['all'] },
      bench.home(),
    );
    expect(permissions()).toEqual([{ Group: 'all' }, { UserId: FRIEND }, { UserId: STRANGER }]);
    share(bench, id, { Remove: [{ UserId: STRANGER }] });
    bench.cloud.ec2.ModifySnapshotAttribute(
      {
        SnapshotId: id,
        Attribute: 'createVolumePermission',
        OperationType: 'remove',
        GroupNames: ['all'],
      },
      bench.home(),
    );
    expect(permissions()).toEqual([{ UserId: FRIEND }]);
    bench.cloud.ec2.ResetSnapshotAttribute(
      { SnapshotId: id, Attribute: 'createVolumePermission' },
      bench.home(),
    );
    expect(permissions()).toEqual([]);
  });

  it.each([
    [{ Add: [{ UserId: FRIEND }], Remove: [{ UserId: STRANGER }] }, 'InvalidParameterCombination'],
    [{ Add: [{ UserId: '12345' }] }, 'InvalidUserID.Malformed'],
    [{ Add: [{ UserId: 'o-organization' }] }, 'InvalidUserID.Malformed'],
    [{ Add: [{ Group: 'friends' }] }, 'InvalidParameterValue'],
    [{ Add: [{}] }, 'InvalidParameterCombination'],
    [{}, 'MissingParameter'],
  ])('refuses %j with %s', async (permission, code) => {
    const { bench, id } = await withSnapshot();
    expect(codeOf(() => share(bench, id, permission))).toBe(code);
  });

  it('takes five hundred changes in a call, and no more', async () => {
    const { bench, id } = await withSnapshot();
    const accounts = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ UserId: String(100_000_000_000 + index) }));
    expect(codeOf(() => share(bench, id, { Add: accounts(501) }))).toBe('InvalidParameterValue');
    expect(codeOf(() => share(bench, id, { Add: accounts(500) }))).toBe('none');
  });

  it.each([
    ['the managed key', {}, { UserId: FRIEND }, 'OperationNotPermitted'],
    ['a key of the owner', { KmsKeyId: OWN_KEY }, { UserId: FRIEND }, 'none'],
    ['a key of the owner', { KmsKeyId: OWN_KEY }, { Group: 'all' }, 'OperationNotPermitted'],
  ])('of a snapshot under %s (%j), for %j, answers %s', async (_, key, permission, code) => {
    const { bench, id } = await withSnapshot();
    const encrypted = await encryptedCopy(bench, id, key);
    expect(codeOf(() => share(bench, encrypted, { Add: [permission] }))).toBe(code);
  });
});

describe('EBS encryption by default', () => {
  it('is a setting of one account in one Region', () => {
    const bench = createBench();
    const managed = `arn:aws:kms:eu-central-1:${ACCOUNT}:alias/aws/ebs`;
    const isOn = (call = bench.home()) =>
      bench.cloud.ec2.GetEbsEncryptionByDefault({}, call).EbsEncryptionByDefault;
    const key = () => bench.cloud.ec2.GetEbsDefaultKmsKeyId({}, bench.home()).KmsKeyId;
    expect([isOn(), key()]).toEqual([false, managed]);
    bench.cloud.ec2.EnableEbsEncryptionByDefault({}, bench.home());
    bench.cloud.ec2.ModifyEbsDefaultKmsKeyId({ KmsKeyId: 'alias/mine' }, bench.home());
    expect([isOn(), key()]).toEqual([true, `arn:aws:kms:eu-central-1:${ACCOUNT}:alias/mine`]);
    expect([isOn(bench.dr()), isOn(as(bench, FRIEND))]).toEqual([false, false]);
    bench.cloud.ec2.ResetEbsDefaultKmsKeyId({}, bench.home());
    bench.cloud.ec2.DisableEbsEncryptionByDefault({}, bench.home());
    expect([isOn(), key()]).toEqual([false, managed]);
  });
});
