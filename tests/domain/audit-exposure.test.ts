import { describe, expect, test } from 'vitest';
import { incompletePart } from '../../shared/domain/model.ts';
import { idsIn, sectionIn } from '../support/audit.ts';
import { at } from '../support/builders.ts';
import {
  inventory,
  launchPermissions,
  seenImage,
  seenInstance,
  seenSnapshot,
} from '../support/inventory.ts';

const AMI = 'ami-00000001';
const OTHER = 'ami-00000002';

describe('public images', () => {
  test('are own ones that EC2 or their permissions call public', () => {
    const seen = inventory({
      images: [
        seenImage({ id: AMI, isPublic: true }),
        seenImage({ id: OTHER, isEncrypted: true }),
        seenImage({ id: 'ami-00000003' }),
      ],
      permissions: [launchPermissions({ imageId: OTHER, isPublic: true })],
    });

    expect(
      sectionIn('AUD-06', [seen]).findings.map(({ id, status, evidence }) => [
        id,
        status,
        evidence,
      ]),
    ).toEqual([
      [AMI, 'public', ['unencrypted']],
      [OTHER, 'public', []],
    ]);
  });

  test('are not all known where the images are not', () => {
    expect(sectionIn('AUD-06', [inventory({ images: incompletePart('cut') })]).unknown).toEqual([
      { target: '111122223333/eu-central-1', what: 'images', problem: 'cut' },
    ]);
  });
});

describe('shared images', () => {
  test('are not those that are shared with their own account alone', () => {
    const seen = inventory({
      images: [seenImage({ id: AMI })],
      permissions: [launchPermissions({ imageId: AMI, accounts: ['111122223333'] })],
    });

    expect(idsIn(sectionIn('AUD-07', [seen]))).toEqual([]);
  });

  test('are told with those that may launch them, the most widely shared first', () => {
    const organization = 'arn:aws:organizations::111122223333:organization/o-abc';
    const seen = inventory({
      images: [seenImage({ id: AMI }), seenImage({ id: OTHER }), seenImage({ id: 'ami-00000003' })],
      permissions: [
        launchPermissions({ imageId: AMI, accounts: ['210987654321'] }),
        launchPermissions({
          imageId: OTHER,
          accounts: ['210987654321'],
          organizations: [organization],
        }),
        launchPermissions({ imageId: 'ami-00000003' }),
      ],
    });

    const section = sectionIn('AUD-07', [seen]);

    expect(section.unknown).toEqual([]);
    expect(section.findings.map(({ id, evidence }) => [id, evidence])).toEqual([
      [OTHER, ['account 210987654321', organization]],
      [AMI, ['account 210987654321']],
    ]);
  });

  test('are not known where an image was not asked about', () => {
    const seen = inventory({
      images: [seenImage({ id: AMI }), seenImage({ id: OTHER })],
      permissions: [launchPermissions({ imageId: AMI })],
    });

    expect(sectionIn('AUD-07', [seen]).unknown).toEqual([
      {
        target: '111122223333/eu-central-1',
        what: 'launch-permissions',
        problem: '1 image: nothing was read of them',
      },
    ]);
  });
});

describe('unencrypted images', () => {
  const told = (parts: Parameters<typeof seenImage>[0]) => {
    const { isEncrypted: _said, ...silent } = seenImage({ id: AMI, ...parts });
    return silent;
  };

  test('are those that EC2 says have an unencrypted snapshot, or whose snapshots are', () => {
    const silent = told({
      snapshots: [
        { snapshotId: 'snap-1', sizeGiB: 8 },
        { snapshotId: 'snap-2', sizeGiB: 8 },
      ],
    });
    const seen = inventory({
      images: [
        silent,
        seenImage({ id: OTHER, createdMs: at('2026-01-01T00:00Z') }),
        seenImage({ id: 'ami-00000003', isEncrypted: true }),
      ],
      snapshots: [
        seenSnapshot({ id: 'snap-1' }),
        seenSnapshot({ id: 'snap-2', isEncrypted: true }),
        seenSnapshot({ id: `snap-of-${OTHER}` }),
      ],
    });

    const section = sectionIn('AUD-08', [seen]);

    expect(section.unknown).toEqual([]);
    expect(section.findings.map(({ id, evidence }) => [id, evidence])).toEqual([
      [OTHER, []],
      [AMI, ['snap-1']],
    ]);
  });

  test('are not those whose snapshots are encrypted', () => {
    const silent = told({ snapshots: [{ snapshotId: 'snap-1', sizeGiB: 8 }] });
    const snapshots = [seenSnapshot({ id: 'snap-1', isEncrypted: true })];

    expect(idsIn(sectionIn('AUD-08', [inventory({ images: [silent], snapshots })]))).toEqual([]);
  });

  test('are not known where neither the image nor its snapshots say it', () => {
    const seen = inventory({ images: [told({})], snapshots: incompletePart('no file') });

    expect(sectionIn('AUD-08', [seen])).toMatchObject({
      count: 0,
      unknown: [{ what: 'snapshots', problem: 'no file' }],
    });
  });
});

describe('images that other managers made', () => {
  test.each([
    [
      'Data Lifecycle Manager (aws:dlm:lifecycle-policy-id)',
      { tags: { 'aws:dlm:lifecycle-policy-id': 'p' } },
    ],
    ['Data Lifecycle Manager (dlm:managed)', { tags: { 'dlm:managed': 'true' } }],
    ['AWS Backup (aws:backup:source-resource)', { tags: { 'aws:backup:source-resource': 'x' } }],
    ['AWS Backup (AWSBackupManagedResource)', { tags: { AWSBackupManagedResource: 'x' } }],
    ['AWS Backup (AwsBackup_i-0bb_1)', { name: 'AwsBackup_i-0bb_1' }],
    ['AWS Backup (aws-backup-vault)', { ownerAlias: 'aws-backup-vault' }],
    ['EC2 Image Builder (Ec2ImageBuilderArn)', { tags: { Ec2ImageBuilderArn: 'arn' } }],
    ['EC2 Fast Launch (CreatedBy)', { tags: { CreatedBy: 'EC2 Fast Launch' } }],
  ])('are those of %s', (evidence, parts) => {
    const images = [seenImage({ id: AMI, ...parts })];

    expect(sectionIn('AUD-11', [inventory({ images })]).findings[0]?.evidence[0]).toBe(evidence);
  });

  test.each([
    ['Imago', { tags: { 'imago:policy': 'daily' } }],
    ['Imago, by their name', { name: 'imago/prod/daily/i-0aa/2026-11-21T02-00-00Z' }],
    ['people', { tags: { CreatedBy: 'Joe' } }],
  ])('are not those of %s', (_who, parts) => {
    const images = [seenImage({ id: AMI, ...parts })];

    expect(idsIn(sectionIn('AUD-11', [inventory({ images })]))).toEqual([]);
  });

  const tags = { 'aws:dlm:lifecycle-policy-id': 'p' };

  test('are left behind if the instance is gone, and those come first', () => {
    const seen = inventory({
      instances: [
        seenInstance({ id: 'i-0aa' }),
        seenInstance({ id: 'i-0cc', state: 'terminated' }),
      ],
      images: [
        seenImage({ id: AMI, tags, sourceInstanceId: 'i-0aa' }),
        seenImage({ id: OTHER, tags, sourceInstanceId: 'i-0cc' }),
      ],
    });

    const section = sectionIn('AUD-11', [seen]);

    expect(section.notes).toEqual(['left behind, as their instance is gone: 1']);
    expect(section.findings).toMatchObject([
      { id: OTHER, status: 'left behind', evidence: [expect.anything(), 'i-0cc is gone'] },
      { id: AMI, status: 'managed', evidence: [expect.anything(), 'i-0aa (running)'] },
    ]);
  });

  const copied = { account: '111122223333', region: 'eu-west-1' };

  test('are not left behind by an instance that is in the Region of the copy', () => {
    const home = inventory({ instances: [seenInstance({ id: 'i-0aa' })] });
    const there = inventory({
      target: copied,
      images: [seenImage({ id: AMI, tags: { ...tags, 'instance-id': 'i-0aa' } })],
    });

    expect(sectionIn('AUD-11', [home, there]).findings).toMatchObject([
      { status: 'managed', evidence: [expect.anything(), 'i-0aa (running)'] },
    ]);
  });

  test.each([
    ['EC2 says that they are copies', { sourceImageId: OTHER, sourceImageRegion: 'us-east-1' }, ''],
    ['their snapshots do', {}, `Copied for DestinationAmi ${AMI} from SourceAmi ${OTHER}`],
  ])('are not left behind where their Region was not looked at: %s', (_why, parts, description) => {
    const there = inventory({
      target: copied,
      images: [seenImage({ id: AMI, tags: { ...tags, 'instance-id': 'i-0aa' }, ...parts })],
      snapshots: [seenSnapshot({ id: `snap-of-${AMI}`, description })],
    });

    expect(sectionIn('AUD-11', [there]).findings).toMatchObject([
      { status: 'managed', evidence: [expect.anything(), 'i-0aa'] },
    ]);
  });

  test.each([
    ['AWS Backup, whose images expire by themselves', { name: 'AwsBackup_i-0cc_0b4c' }],
    [
      'Image Builder, whose instances are not to stay',
      { tags: { CreatedBy: 'EC2 Image Builder' }, sourceInstanceId: 'i-0cc' },
    ],
  ])('are not left behind by %s', (_who, parts) => {
    const seen = inventory({ images: [seenImage({ id: AMI, ...parts })] });

    expect(sectionIn('AUD-11', [seen]).findings).toMatchObject([
      { status: 'managed', evidence: [expect.anything(), 'i-0cc is gone'] },
    ]);
  });

  test('are not said to be left behind where the instances were not all read', () => {
    const seen = inventory({
      instances: incompletePart('cut'),
      images: [seenImage({ id: AMI, tags, sourceInstanceId: 'i-0cc' })],
    });

    expect(sectionIn('AUD-11', [seen])).toMatchObject({
      findings: [{ status: 'managed', evidence: [expect.anything(), 'i-0cc'] }],
      unknown: [{ what: 'instances', problem: 'cut' }],
    });
  });
});
