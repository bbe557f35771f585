import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  type Bench,
  codeOf,
  createBench,
  DR,
  HOME,
  HOUR,
  listen,
  MINUTE,
  SECOND,
} from './fixture.ts';
import { describeOne, snapshotOf, volumeIds } from './snapshot-fixture.ts';

const SNAPSHOT_EVENTS = 'EBS Snapshot Notification';
const SET_EVENTS = 'EBS Multi-Volume Snapshots Completion Status';

const copyTo = (bench: Bench, SourceSnapshotId: string, more: object = {}): string =>
  bench.cloud.ec2.CopySnapshot({ SourceSnapshotId, SourceRegion: HOME, ...more }, bench.dr())
    .SnapshotId ?? '';

describe('CreateSnapshot', () => {
  it('makes a pending snapshot of the volume as it is, and completes it', async () => {
    const bench = createBench();
    const [VolumeId] = volumeIds(bench, 'web-1');
    const made = bench.cloud.ec2.CreateSnapshot(
      {
        VolumeId,
        Description: 'by hand',
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'a', Value: '1' }] }],
      },
      bench.home(),
    );
    expect(made).toMatchObject({
      VolumeId,
      VolumeSize: 12,
      State: 'pending',
      Description: 'by hand',
      OwnerId: ACCOUNT,
      Encrypted: false,
      Tags: [{ Key: 'a', Value: '1' }],
    });
    await bench.pass(5 * MINUTE);
    expect(describeOne(bench, made.SnapshotId ?? '')).toMatchObject({
      State: 'completed',
      Progress: '100%',
      StorageTier: 'standard',
      FullSnapshotSizeInBytes: 12_884_901_888,
      CompletionTime: new Date('2026-11-21T03:05:00.000Z'),
    });
  });

  it('announces its end in the exact shape of an EBS snapshot notification', async () => {
    const bench = createBench();
    const heard = listen(bench, HOME, SNAPSHOT_EVENTS);
    const [volumeId] = volumeIds(bench, 'web-1');
    const id = snapshotOf(bench);
    await bench.pass(6 * MINUTE);
    expect(heard).toMatchObject([
      {
        account: ACCOUNT,
        region: HOME,
        resources: [`arn:aws:ec2::eu-central-1:snapshot/${id}`],
        detail: {
          event: 'createSnapshot',
          result: 'succeeded',
          cause: '',
          'request-id': '',
          snapshot_id: `arn:aws:ec2::eu-central-1:snapshot/${id}`,
          source: `arn:aws:ec2::eu-central-1:volume/${volumeId}`,
          startTime: '2026-11-21T03:00:00Z',
          endTime: '2026-11-21T03:05:00Z',
        },
      },
    ]);
  });

  it('ends in error, and says so, where the manners have it fail', async () => {
    const bench = createBench({ snapshotFailure: 1 });
    const heard = listen(bench, HOME, SNAPSHOT_EVENTS);
    const id = snapshotOf(bench);
    await bench.pass(6 * MINUTE);
    expect(describeOne(bench, id)).toMatchObject({
      State: 'error',
      StateMessage: 'An internal error occurred',
    });
    expect(heard[0]?.detail).toMatchObject({
      result: 'failed',
      cause: 'An internal error occurred',
    });
  });

  it('refuses a second snapshot of a volume within fifteen seconds, and a sixth unfinished one', async () => {
    const bench = createBench({
      snapshotIntervalMs: 15_000,
      snapshotPendingMs: { min: HOUR, max: HOUR },
    });
    snapshotOf(bench);
    await bench.pass(14 * SECOND);
    expect(codeOf(() => snapshotOf(bench))).toBe('SnapshotCreationPerVolumeRateExceeded');
    for (let count = 2; count <= 5; count += 1) {
      await bench.pass(15 * SECOND);
      snapshotOf(bench);
    }
    await bench.pass(15 * SECOND);
    expect(codeOf(() => snapshotOf(bench))).toBe('ConcurrentSnapshotLimitExceeded');
    await bench.pass(HOUR);
    expect(codeOf(() => snapshotOf(bench))).toBe('none');
  });

  it.each([
    [{ VolumeId: 'vol-0123456789abcdef0' }, 'InvalidVolume.NotFound'],
    [{ VolumeId: 'volume' }, 'InvalidParameterValue'],
    [{ OutpostArn: 'arn:aws:outposts:x' }, 'UnsupportedOperation'],
    [{ Description: 'd'.repeat(256) }, 'InvalidParameterValue'],
    [{ TagSpecifications: [{ ResourceType: 'volume', Tags: [] }] }, 'InvalidParameterValue'],
  ])('refuses %j with %s', (more, code) => {
    const bench = createBench();
    expect(codeOf(() => snapshotOf(bench, 'web-1', more))).toBe(code);
  });

  it('refuses one more than the quota', () => {
    const bench = createBench({ snapshotQuota: 1 });
    snapshotOf(bench);
    expect(codeOf(() => snapshotOf(bench, 'web-2'))).toBe('SnapshotLimitExceeded');
  });
});

describe('CreateSnapshots', () => {
  it('takes all volumes of an instance but those left out, with their tags on demand', async () => {
    const bench = createBench();
    const heard = listen(bench, HOME, SET_EVENTS);
    const [, , scratch] = volumeIds(bench, 'db-1');
    const made = bench.cloud.ec2.CreateSnapshots(
      {
        InstanceSpecification: { InstanceId: bench.id('db-1'), ExcludeBootVolume: true },
        CopyTagsFromSource: 'volume',
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'set', Value: '1' }] }],
      },
      bench.home(),
    ).Snapshots;
    expect(made?.map((one) => [one.VolumeSize, one.State])).toEqual([
      [200, 'pending'],
      [50, 'pending'],
      [100, 'pending'],
    ]);
    expect(made?.find((one) => one.VolumeId === scratch)?.Tags).toEqual([
      { Key: 'scratch', Value: 'true' },
      { Key: 'set', Value: '1' },
    ]);
    await bench.pass(6 * MINUTE);
    expect(heard).toHaveLength(1);
    expect(heard[0]?.detail).toMatchObject({
      event: 'createSnapshots',
      result: 'succeeded',
      snapshots: [{ status: 'completed' }, { status: 'completed' }, { status: 'completed' }],
    });
  });

  it('leaves out single data volumes, and no root volume by its id', () => {
    const bench = createBench();
    const [root = '', data = ''] = volumeIds(bench, 'db-1');
    const make = (ExcludeDataVolumeIds: string[]) =>
      bench.cloud.ec2.CreateSnapshots(
        { InstanceSpecification: { InstanceId: bench.id('db-1'), ExcludeDataVolumeIds } },
        bench.home(),
      ).Snapshots;
    expect(make([data])?.map((one) => one.VolumeSize)).toEqual([20, 200, 100]);
    expect(codeOf(() => make([root]))).toBe('InvalidParameterValue');
    expect(codeOf(() => make(volumeIds(bench, 'web-1')))).toBe('InvalidParameterValue');
  });
});

describe('CopySnapshot', () => {
  const withSource = async (manners = {}) => {
    const bench = createBench(manners);
    const source = snapshotOf(bench, 'web-1', {
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'a', Value: '1' }] }],
    });
    await bench.pass(10 * MINUTE);
    return { bench, source };
  };

  it('copies data but no tags, and announces it where it copies to', async () => {
    const { bench, source } = await withSource();
    const heard = listen(bench, DR, SNAPSHOT_EVENTS);
    const id = copyTo(bench, source);
    expect(describeOne(bench, id, DR)).toMatchObject({
      State: 'pending',
      VolumeId: 'vol-ffffffff',
      VolumeSize: 12,
      Description: `[Copied ${source} from eu-central-1]`,
      TransferType: 'standard',
    });
    expect(describeOne(bench, id, DR)?.Tags).toBeUndefined();
    await bench.pass(9 * MINUTE);
    expect(describeOne(bench, id, DR)?.State).toBe('completed');
    expect(heard.map((event) => event.detail)).toMatchObject([
      {
        event: 'copySnapshot',
        result: 'succeeded',
        source: `arn:aws:ec2::eu-central-1:snapshot/${source}`,
        incremental: 'false',
        transferType: 'standard',
      },
    ]);
  });

  it('is incremental once an earlier copy of the volume is there, under the same key', async () => {
    const { bench, source } = await withSource();
    const heard = listen(bench, DR, SNAPSHOT_EVENTS);
    copyTo(bench, source);
    const later = snapshotOf(bench);
    await bench.pass(10 * MINUTE);
    copyTo(bench, later);
    copyTo(bench, later, { Encrypted: true });
    await bench.pass(10 * MINUTE);
    expect(heard.map((event) => event.detail.incremental)).toEqual(['false', 'true', 'false']);
  });

  it.each([
    ['pending', 'IncorrectState', {}],
    ['completed', 'InvalidRegion', { SourceRegion: 'eu-east-9' }],
    ['completed', 'InvalidSnapshot.NotFound', { SourceRegion: DR }],
    ['completed', 'InvalidParameterDependency', { KmsKeyId: 'alias/mine' }],
    ['completed', 'InvalidParameterValue', { CompletionDurationMinutes: 20 }],
    ['completed', 'UnsupportedOperation', { DestinationOutpostArn: 'arn:x' }],
    ['completed', 'none', { PresignedUrl: 'https://x', DestinationRegion: DR }],
  ] as const)('of a %s snapshot answers %s for %j', async (state, code, more) => {
    const bench = createBench();
    const source = snapshotOf(bench);
    if (state === 'completed') await bench.pass(10 * MINUTE);
    expect(codeOf(() => copyTo(bench, source, more))).toBe(code);
  });

  it.each(['IncorrectState', 'InvalidParameterValue'])(
    'of an unfinished snapshot is refused with the code that the manners name: %s',
    (snapshotStateCode) => {
      const bench = createBench({ snapshotStateCode });
      expect(codeOf(() => copyTo(bench, snapshotOf(bench)))).toBe(snapshotStateCode);
    },
  );

  it('finds out only afterwards that a key cannot be used', async () => {
    const { bench, source } = await withSource({ unusableKmsKeys: ['alias/broken'] });
    const id = copyTo(bench, source, { Encrypted: true, KmsKeyId: 'alias/broken' });
    expect(describeOne(bench, id, DR)?.State).toBe('pending');
    await bench.pass(10 * MINUTE);
    expect(describeOne(bench, id, DR)).toMatchObject({
      State: 'error',
      StateMessage: 'Given key ID is not accessible',
    });
  });

  it('cannot take encryption away', async () => {
    const { bench, source } = await withSource();
    const encrypted = copyTo(bench, source, { Encrypted: true });
    await bench.pass(10 * MINUTE);
    expect(describeOne(bench, encrypted, DR)).toMatchObject({
      Encrypted: true,
      KmsKeyId: `arn:aws:kms:eu-west-1:${ACCOUNT}:alias/aws/ebs`,
    });
    const again = { SourceSnapshotId: encrypted, SourceRegion: DR, Encrypted: false };
    expect(codeOf(() => bench.cloud.ec2.CopySnapshot(again, bench.dr()))).toBe('InvalidRequest');
  });

  it('encrypts by default where that is the setting of the destination', async () => {
    const { bench, source } = await withSource();
    const key = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
    bench.cloud.ec2.EnableEbsEncryptionByDefault({}, bench.dr());
    bench.cloud.ec2.ModifyEbsDefaultKmsKeyId({ KmsKeyId: key }, bench.dr());
    expect(describeOne(bench, copyTo(bench, source), DR)).toMatchObject({
      Encrypted: true,
      KmsKeyId: key,
    });
  });

  it('refuses a twenty-first copy while twenty are pending', async () => {
    const { bench, source } = await withSource();
    for (let count = 1; count <= 20; count += 1) copyTo(bench, source);
    expect(codeOf(() => copyTo(bench, source))).toBe('ResourceLimitExceeded');
    await bench.pass(9 * MINUTE);
    expect(codeOf(() => copyTo(bench, source))).toBe('none');
  });

  it('refuses one more than the quota of the destination', async () => {
    const { bench, source } = await withSource({ snapshotQuota: 1 });
    expect(codeOf(() => copyTo(bench, source))).toBe('none');
    expect(codeOf(() => copyTo(bench, source))).toBe('SnapshotLimitExceeded');
  });

  it('is done in time if a time is asked for', async () => {
    const { bench, source } = await withSource({ copyPendingMs: { min: 5 * HOUR, max: 5 * HOUR } });
    const id = copyTo(bench, source, { CompletionDurationMinutes: 15 });
    await bench.pass(15 * MINUTE);
    expect(describeOne(bench, id, DR)).toMatchObject({
      State: 'completed',
      TransferType: 'time-based',
      CompletionDurationMinutes: 15,
    });
  });
});
