import { describe, expect, test } from 'vitest';
import { createCloud } from '../../shared/aws/ec2.ts';
import type { CopyAction } from '../../shared/domain/decision.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { COPY, CREATE, createBench, ELSEWHERE, HOME } from './fixture.ts';

const NAME = 'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z';

const TAG_SPECIFICATIONS = ['image', 'snapshot'].map((ResourceType) => ({
  ResourceType,
  Tags: [
    { Key: 'imago:deployment', Value: 'prod' },
    { Key: 'Name', Value: 'web-1' },
  ],
}));

describe('creating an image', () => {
  test.each([
    [false, true],
    [true, false],
  ])('tags image and snapshots in the call; reboot %s is NoReboot %s', async (reboot, NoReboot) => {
    const bench = createBench({ CreateImage: () => ({ ImageId: 'ami-1' }) });

    expect(await bench.run(bench.ec2.createImage({ ...CREATE, reboot }))).toEqual({
      ok: true,
      value: { imageId: 'ami-1' },
    });
    expect(bench.calls).toEqual([
      {
        action: 'CreateImage',
        region: 'eu-central-1',
        afterMs: 0,
        input: {
          InstanceId: 'i-0aa',
          Name: NAME,
          Description: 'web-1 at 2026-11-21T02:00Z',
          NoReboot,
          TagSpecifications: TAG_SPECIFICATIONS,
        },
      },
    ]);
  });
});

describe('an image that leaves out devices', () => {
  test('names each with NoDevice, and no other', async () => {
    const bench = createBench({ CreateImage: () => ({ ImageId: 'ami-1' }) });
    const excludedDevices = ['/dev/sdf', '/dev/sdg'];

    await bench.run(bench.ec2.createImage({ ...CREATE, excludedDevices }));

    expect(bench.calls.map(({ input }) => input['BlockDeviceMappings'])).toEqual([
      [
        { DeviceName: '/dev/sdf', NoDevice: '' },
        { DeviceName: '/dev/sdg', NoDevice: '' },
      ],
    ]);
  });
});

const copyInputs = async (
  ...actions: readonly CopyAction[]
): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const bench = createBench({ CopyImage: () => ({ ImageId: 'ami-2' }) });
  const ec2 = createCloud(bench.connection).at(ELSEWHERE);
  for (const action of actions) await bench.run(ec2.copyImage(action));
  return bench.calls.map(({ region, input }) => ({ region, ...input }));
};

const REQUEST = {
  region: 'eu-west-1',
  Name: NAME,
  Description: 'web-1 from eu-central-1',
  SourceImageId: 'ami-1',
  SourceRegion: 'eu-central-1',
  TagSpecifications: TAG_SPECIFICATIONS,
};

describe('copying an image', () => {
  test('is asked of the destination, tags image and snapshots, and names no encryption', async () => {
    const [input] = await copyInputs(COPY);

    // No `Encrypted: false`: EC2 refuses it where the source is encrypted.
    expect(input).toEqual({ ...REQUEST, ClientToken: expect.any(String) });
  });

  test('encrypts with the key of the policy, if it names one', async () => {
    const [input] = await copyInputs({ ...COPY, kmsKey: 'alias/imago-dr' });

    expect(input).toEqual({
      ...REQUEST,
      Encrypted: true,
      KmsKeyId: 'alias/imago-dr',
      ClientToken: expect.any(String),
    });
  });
});

/** Of {@link COPY}: another value here means that a copy in flight during a deployment is made twice. */
const TOKEN = '71db23715b2171a4fd37d1a8a40edf6c676c2956d2bb000c67e4198f842b3890';

describe("a copy's client token", () => {
  test('is the same for the same request, in another process too', async () => {
    const tokens = (await copyInputs(COPY, COPY)).map((input) => input['ClientToken']);

    expect(tokens).toEqual([TOKEN, TOKEN]);
  });

  test('does not depend on why the copy is made, or on the failure that it follows', async () => {
    const [input] = await copyInputs({
      ...COPY,
      reasons: [{ id: 'COP-01', evidence: 'owed' }],
      failedImage: { imageId: 'ami-0', message: 'internal error' },
    });

    expect(input?.['ClientToken']).toBe(TOKEN);
  });

  test('is the same for what is planned again within the hour', async () => {
    const [input] = await copyInputs({ ...COPY, plannedMs: COPY.plannedMs + 5 * 60_000 });

    expect(input?.['ClientToken']).toBe(TOKEN);
  });

  test('has no more than the 64 ASCII characters that EC2 takes', () => {
    expect(TOKEN).toMatch(/^[!-~]{1,64}$/);
  });

  test('is another one as soon as anything of the request is', async () => {
    const variations: readonly Partial<CopyAction>[] = [
      {},
      { name: `${NAME}/r1` },
      { description: 'another' },
      { tags: { ...COPY.tags, Name: 'web-2' } },
      { tags: { 'imago:deployment': 'prod' } },
      { sourceImageId: 'ami-9' },
      { sourceRegion: 'eu-north-1' },
      { kmsKey: 'alias/one' },
      { kmsKey: 'alias/two' },
      { plannedMs: COPY.plannedMs + 3_600_000 }, // else EC2 would answer for a copy that is long gone
    ];

    const inputs = await copyInputs(...variations.map((each) => ({ ...COPY, ...each })));

    expect(new Set(inputs.map((input) => input['ClientToken'])).size).toBe(variations.length);
  });
});

describe('deregistering an image', () => {
  test.each([
    ['delete', true],
    ['keep', false],
  ] as const)('with snapshots to %s says so: %s', async (snapshots, isDeleted) => {
    const bench = createBench({ DeregisterImage: () => ({ Return: true }) });

    expect(await bench.run(bench.ec2.deregisterImage('ami-1', snapshots))).toEqual({
      ok: true,
      value: { leftSnapshots: [] },
    });
    expect(bench.calls.map(({ input }) => input)).toEqual([
      { ImageId: 'ami-1', DeleteAssociatedSnapshots: isDeleted },
    ]);
  });

  test('names each snapshot that stayed behind, with what EC2 said of it', async () => {
    const bench = createBench({
      DeregisterImage: () => ({
        Return: true,
        DeleteSnapshotResults: [
          { SnapshotId: 'snap-1', ReturnCode: 'success' },
          { SnapshotId: 'snap-2', ReturnCode: 'skipped' },
          { SnapshotId: 'snap-3', ReturnCode: 'missing-permissions' },
          { SnapshotId: 'snap-4', ReturnCode: 'internal-error' },
          { SnapshotId: 'snap-5', ReturnCode: 'client-error' },
          { SnapshotId: 'snap-6' },
        ],
      }),
    });

    expect(await bench.run(bench.ec2.deregisterImage('ami-1', 'delete'))).toEqual({
      ok: true,
      value: {
        leftSnapshots: [
          { snapshotId: 'snap-2', code: 'skipped' },
          { snapshotId: 'snap-3', code: 'missing-permissions' },
          { snapshotId: 'snap-4', code: 'internal-error' },
          { snapshotId: 'snap-5', code: 'client-error' },
          { snapshotId: 'snap-6', code: 'unknown' },
        ],
      },
    });
  });
});

describe('deleting a snapshot', () => {
  test('names it, and tells why EC2 refuses', async () => {
    const bench = createBench({
      DeleteSnapshot: (_input, count) => {
        if (count === 2) throw new ApiError('InvalidSnapshot.InUse', 'in use by ami-1');
        return {};
      },
    });

    expect(await bench.run(bench.ec2.deleteSnapshot('snap-1'))).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await bench.run(bench.ec2.deleteSnapshot('snap-2'))).toEqual({
      ok: false,
      failure: { kind: 'in-use', code: 'InvalidSnapshot.InUse', message: 'in use by ami-1' },
    });
    expect(bench.calls.map(({ input }) => input)).toEqual([
      { SnapshotId: 'snap-1' },
      { SnapshotId: 'snap-2' },
    ]);
  });
});

describe('the cloud', () => {
  test('keeps one EC2 for a target', () => {
    const cloud = createCloud(createBench({}).connection);

    expect(cloud.at({ ...HOME })).toBe(cloud.at(HOME));
    expect(cloud.at(ELSEWHERE)).not.toBe(cloud.at(HOME));
  });
});
