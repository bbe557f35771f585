import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AdoptOptions, adopt } from '../../cli/adopt.ts';
import type { AdoptReport } from '../../cli/adopt-report.ts';
import { createStage, HOME, jsonOf, type Stage, type StageOptions } from './fixture.ts';

const OPTIONS: AdoptOptions = {
  policy: join(import.meta.dirname, 'fixtures/everything.yml'),
  deployment: 'dev',
  yes: true,
  verbose: false,
  json: false,
};

const runAdopt = (stage: Stage, options: Partial<AdoptOptions> = {}): Promise<number> =>
  stage.run((surroundings) => adopt({ ...OPTIONS, ...options }, surroundings));

/** An image that others made, with two snapshots, available. Returns its id. */
const byOthers = (
  { cloud, id }: Stage,
  name: string,
  tags: Readonly<Record<string, string>> = {},
): string => {
  const call = cloud.callAs('111122223333', HOME);
  const { ImageId = '' } = cloud.ec2.CreateImage({ InstanceId: id('builder'), Name: name }, call);
  const row = cloud.ec2Core.store(HOME).images.get(ImageId);
  if (row === undefined) throw new Error(`${name} is not there`);
  row.state = 'available';
  for (const [key, value] of Object.entries(tags)) row.tags.set(key, value);
  return ImageId;
};

/** A golden image of each kind: one to adopt, one without a group, one of Data Lifecycle Manager. */
const aGallery = (options: StageOptions = {}) => {
  const stage = createStage({
    instances: [{ name: 'builder', tags: {}, volumesGib: [8, 30] }],
    ...options,
  });
  return {
    ...stage,
    web: byOthers(stage, 'golden-web', { role: 'web' }),
    bare: byOthers(stage, 'golden-bare'),
    managed: byOthers(stage, 'golden-managed', { role: 'web', 'dlm:managed': 'true' }),
    silver: byOthers(stage, 'silver', { role: 'web' }),
  };
};

type Gallery = ReturnType<typeof aGallery>;

const viewOf = (stage: Gallery, wanted: string) =>
  stage.images().find(({ imageId }) => imageId === wanted);

const MARKS = {
  'imago:deployment': 'dev',
  'imago:adopted': 'golden',
  'imago:policy': 'golden',
  'imago:source': 'web',
  'imago:home': '111122223333/eu-central-1',
};

const mutations = ({ calls }: Stage): readonly string[] =>
  calls.map(({ action }) => action).filter((action) => !action.startsWith('Describe'));

describe('imago adopt', () => {
  test('marks the images that a policy adopts, with their snapshots, in one call', async () => {
    const stage = aGallery();

    expect(await runAdopt(stage)).toBe(0);
    expect(viewOf(stage, stage.web)).toMatchObject({
      tags: { role: 'web', ...MARKS },
      snapshotTags: [MARKS, MARKS],
    });
    expect(mutations(stage)).toEqual(['CreateTags']);
  });

  test('tells before what it would mark, what it leaves and why, and afterwards how it went', async () => {
    const stage = aGallery();

    await runAdopt(stage);

    const lines = stage.screen.stdout;
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(`adopt  ${stage.web}  golden-web      golden/web  3 to mark`);
    expect(lines.slice(1, 3).toSorted()).toEqual(
      [
        `leave  ${stage.bare}  golden-bare     golden      ADO-03 no-group role`,
        `leave  ${stage.managed}  golden-managed  golden      ADO-04 managed-by-others dlm:managed`,
      ].toSorted(),
    );
    expect(lines[3]).toBe('1 of 1 adopted');
  });

  test('touches nothing else', async () => {
    const stage = aGallery();
    const others = [stage.bare, stage.managed, stage.silver];
    const before = others.map((id) => viewOf(stage, id));

    await runAdopt(stage);

    expect(others.map((id) => viewOf(stage, id))).toEqual(before);
  });

  test('says endpoint, Region and account first, before any other call', async () => {
    const stage = aGallery();
    let saidBefore: readonly string[] = [];
    stage.beforeCall({ action: 'DescribeImages', nth: 1 }, () => {
      saidBefore = [...stage.screen.stderr];
    });

    await runAdopt(stage);

    expect(saidBefore).toEqual([
      'endpoint  https://ec2.eu-central-1.amazonaws.com, https://sts.eu-central-1.amazonaws.com',
      'Region    eu-central-1',
      'account   111122223333 (arn:aws:iam::111122223333:user/ops)',
    ]);
  });

  test('asked again, finds nothing to adopt, and asks nobody', async () => {
    const stage = aGallery({ isInteractive: true, answer: 'y' });
    await runAdopt(stage, { yes: false });

    expect(await runAdopt(stage, { yes: false })).toBe(0);
    expect(stage.screen.asked).toEqual(['Go on? [y/N] ']);
    expect(stage.screen.stdout.at(-1)).toBe('0 of 0 adopted');
    expect(stage.count('CreateTags')).toBe(1);
  });

  test('completes what was cut short', async () => {
    const stage = aGallery();
    await runAdopt(stage);
    const [snapshotId = ''] = viewOf(stage, stage.web)?.snapshotIds ?? [];
    const call = stage.cloud.callAs('111122223333', HOME);
    const Tags = [{ Key: 'imago:adopted' }];
    stage.cloud.ec2.DeleteTags({ Resources: [snapshotId], Tags }, call);

    expect(await runAdopt(stage)).toBe(0);
    expect(viewOf(stage, stage.web)?.snapshotTags).toEqual([MARKS, MARKS]);
    expect(stage.screen.stdout.at(-1)).toBe('1 of 1 adopted');
  });

  test('as JSON tells what it marked and what it left', async () => {
    const stage = aGallery();

    expect(await runAdopt(stage, { json: true })).toBe(0);

    const report = jsonOf<AdoptReport>(stage.screen);
    expect(report).toMatchObject({ version: 1, deployment: 'dev', problems: [] });
    expect(report.images).toEqual([
      {
        id: stage.web,
        name: 'golden-web',
        policy: 'golden',
        group: 'web',
        resourceIds: [stage.web, ...(viewOf(stage, stage.web)?.snapshotIds ?? [])],
        unmarked: [],
      },
    ]);
    expect(report.left).toHaveLength(2);
    expect(report.left).toContainEqual({
      id: stage.bare,
      name: 'golden-bare',
      policy: 'golden',
      reasons: [{ id: 'ADO-03', name: 'no-group', evidence: 'role' }],
    });
  });
});

describe('before it marks anything, imago adopt', () => {
  test.each(['', 'n', 'yep'])('stops at the answer %j, and ends with 1', async (answer) => {
    const stage = aGallery({ isInteractive: true, answer });

    expect(await runAdopt(stage, { yes: false })).toBe(1);
    expect(mutations(stage)).toEqual([]);
    expect(stage.screen.stderr.at(-1)).toBe('Nothing was changed.');
  });

  test('refuses to go on without a terminal and without --yes, before any call', async () => {
    const stage = aGallery();

    await expect(runAdopt(stage, { yes: false })).rejects.toThrow('say --yes');
    expect([stage.calls, stage.screen.stderr]).toEqual([[], []]);
  });

  test('refuses a file in which no policy adopts, before any call', async () => {
    const stage = aGallery();
    const policy = join(import.meta.dirname, 'fixtures/daily.yml');

    await expect(runAdopt(stage, { policy })).rejects.toThrow('no policy adopts images');
    expect(stage.calls).toEqual([]);
  });
});

describe('imago adopt ends with 1', () => {
  test.each(['DescribeImages', 'DescribeSnapshots'])(
    'and marks nothing when %s fell short, which is said',
    async (action) => {
      const stage = aGallery();
      stage.loseAnswer({ action }, { code: 'UnauthorizedOperation', status: 403 });

      expect(await runAdopt(stage)).toBe(1);
      expect(mutations(stage)).toEqual([]);
      const what = action === 'DescribeImages' ? 'images' : 'snapshots';
      expect(stage.screen.stdout).toContain(
        `unread  ${what}: UnauthorizedOperation: The answer was lost`,
      );
    },
  );

  test('when something could not be marked, and names it', async () => {
    const stage = aGallery();
    stage.loseAnswer({ action: 'CreateTags' }, { code: 'UnauthorizedOperation', status: 403 });

    expect(await runAdopt(stage)).toBe(1);
    expect(stage.screen.stdout.slice(-4)).toEqual([
      `not marked  ${stage.web}  UnauthorizedOperation: The answer was lost`,
      ...(viewOf(stage, stage.web)?.snapshotIds ?? []).map(
        (id) => `not marked  ${id}  UnauthorizedOperation: The answer was lost`,
      ),
      '0 of 1 adopted',
    ]);
  });

  test('when the image is gone by then', async () => {
    const stage = aGallery();
    stage.beforeCall({ action: 'CreateTags', nth: 1 }, () => {
      const call = stage.cloud.callAs('111122223333', HOME);
      stage.cloud.ec2.DeregisterImage({ ImageId: stage.web }, call);
    });

    expect(await runAdopt(stage)).toBe(1);
    expect(stage.screen.stdout.at(-2)).toMatch(
      new RegExp(`^not marked {2}${stage.web} {2}TAG-07 gone-before-tagging InvalidAMIID`),
    );
  });
});
