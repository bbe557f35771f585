import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApplyCommandOptions, apply } from '../../cli/apply.ts';
import { type ApplyReport, applyReport } from '../../cli/apply-report.ts';
import { type PlanCommandOptions, plan } from '../../cli/plan.ts';
import type { PlanReport } from '../../cli/plan-report.ts';
import type { TagAction } from '../../shared/domain/decision.ts';
import { completePart } from '../../shared/domain/model.ts';
import { aPolicySet } from '../support/builders.ts';
import { createStage, DR, HOME, jsonOf, pointsOf, type Stage } from './fixture.ts';

const OPTIONS = {
  policy: join(import.meta.dirname, 'fixtures/everything.yml'),
  deployment: 'dev',
  retire: 'plan',
  failOnChange: false,
  all: false,
  yes: true,
  verbose: false,
  json: false,
} as const;

const runPlan = (stage: Stage, options: Partial<PlanCommandOptions> = {}): Promise<number> =>
  stage.run((surroundings) => plan({ ...OPTIONS, ...options }, surroundings));

const runApply = (stage: Stage, options: Partial<ApplyCommandOptions> = {}): Promise<number> =>
  stage.run((surroundings) => apply({ ...OPTIONS, ...options }, surroundings));

/** An image that others made, available. Returns its id. */
const byOthers = (
  { cloud, id }: Stage,
  name: string,
  tags: Readonly<Record<string, string>> = {},
): string => {
  const call = cloud.callAs('111122223333', HOME);
  const { ImageId = '' } = cloud.ec2.CreateImage({ InstanceId: id('web-1'), Name: name }, call);
  const row = cloud.ec2Core.store(HOME).images.get(ImageId);
  if (row === undefined) throw new Error(`${name} is not there`);
  row.state = 'available';
  for (const [key, value] of Object.entries(tags)) row.tags.set(key, value);
  return ImageId;
};

/** A stage with nothing due, and one point that has no tags but ours. */
const withPoint = (): Stage & { readonly point: string } => {
  const stage = createStage();
  const [point = ''] = pointsOf(stage, ['2026-11-03']);
  return { ...stage, point };
};

const tagsOf = (stage: Stage, wanted: string, region?: string) =>
  stage.images(region).find(({ imageId }) => imageId === wanted)?.tags;

/** `imago plan` of a world where tags are missing. */
const untidy = () => {
  const stage = withPoint();
  return { ...stage, golden: byOthers(stage, 'golden-1', { role: 'web', 'cost-centre': '7' }) };
};

describe('imago plan', () => {
  test('tells tags that are missing, in one line for all that get the same', async () => {
    const stage = untidy();

    expect(await runPlan(stage, { failOnChange: true })).toBe(3);
    expect(stage.screen.stdout.slice(2, 12)).toEqual([
      '111122223333/eu-central-1',
      '  to tag: 2 images, 2 snapshots',
      '    cost-centre=42',
      '      1 image, 1 snapshot',
      '    Kind=backup, Name=web-1',
      '      1 image, 1 snapshot',
      '  to adopt: 1 image',
      '    ADO-01 adoption-due',
      `      ${stage.golden}  golden-1  web`,
      '  otherwise: 1 instance unchanged',
    ]);
    expect(stage.screen.stdout.slice(-5)).toEqual([
      '4 to tag · 1 to copy · 1 to adopt',
      'new points and copies take 8 GiB and $0.40 a month, both at most',
      '  $0.05 a GiB and month in eu-west-1 (AWS Price List, EU-EBS:SnapshotUsage, 2026-05-01)',
      'Images are adopted by `imago adopt`, and by nothing else.',
      '--all tells every decision, --json everything.',
    ]);
  });

  test('names the one that alone gets some tags', async () => {
    const stage = untidy();
    const [snapshotId = ''] = stage.images()[1]?.snapshotIds ?? [];
    const call = stage.cloud.callAs('111122223333', HOME);
    const Tags = [{ Key: 'cost-centre', Value: '42' }];
    stage.cloud.ec2.CreateTags({ Resources: [snapshotId], Tags }, call);

    await runPlan(stage);

    expect(stage.screen.stdout.slice(3, 6)).toEqual([
      '  to tag: 2 images, 1 snapshot',
      '    cost-centre=42',
      `      ${stage.golden}  golden-1`,
    ]);
  });

  test('as JSON tells each of them, by the image that it is on or of', async () => {
    const stage = untidy();
    const [point, golden] = stage.images();

    await runPlan(stage, { json: true });

    const report = jsonOf<PlanReport>(stage.screen);
    const reasons = [{ id: 'TAG-02', name: 'tags-to-repair', evidence: 'cost-centre' }];
    const tags = { 'cost-centre': '42' };
    expect(report.targets[0]?.actions.repairs).toHaveLength(4);
    expect(report.targets[0]?.actions.repairs).toEqual(
      expect.arrayContaining([
        { kind: 'tag', id: golden?.imageId, name: 'golden-1', tags, reasons },
        { kind: 'tag', id: golden?.snapshotIds[0], name: '', tags, reasons },
      ]),
    );
    expect(report).toMatchObject({ totals: { tag: 4, adopt: 1 }, pending: 5 });
    const decided = report.targets[0]?.decisions.filter(({ id }) => id === point?.imageId);
    expect(decided?.map(({ verdict }) => verdict)).toEqual(['tag', 'keep']);
  });

  test('decides about images of others that nothing here is concerned with', async () => {
    const stage = createStage({ instances: [{ name: 'web-1', tags: {} }] });
    const silver = byOthers(stage, 'silver');
    const [snapshotId] = stage.images()[0]?.snapshotIds ?? [];

    await runPlan(stage, { json: true });

    const strangers = jsonOf<PlanReport>(stage.screen).targets[0]?.decisions.slice(1);
    const reasons = [{ id: 'OWN-02', name: 'not-ours' }];
    expect(strangers).toEqual([
      { kind: 'image', id: silver, name: 'silver', verdict: 'ignore', reasons },
      { kind: 'snapshot', id: snapshotId, name: '', verdict: 'ignore', reasons },
    ]);
  });

  test('is done with tags once they are written', async () => {
    const stage = untidy();
    await runApply(stage);

    await runPlan(stage);

    expect(stage.screen.stdout.at(-3)).toBe('1 to adopt');
  });
});

describe('imago apply', () => {
  test('writes the tags, in as few calls as can be, and counts them at the end', async () => {
    const stage = untidy();

    expect(await runApply(stage)).toBe(0);
    expect(stage.screen.stdout).toEqual([
      '111122223333/eu-central-1  create 0  tag 4  copy 0  retire 0  delete-snapshot 0',
      '111122223333/eu-west-1  create 0  tag 0  copy 1  retire 0  delete-snapshot 0',
      expect.stringMatching(/^done {8}copy {2}ami-/),
      'done        tag  2 images, 2 snapshots',
      '5 done',
    ]);
    expect(stage.count('CreateTags')).toBe(2);
    expect(tagsOf(stage, stage.golden)).toEqual({ role: 'web', 'cost-centre': '42' });
    expect(tagsOf(stage, stage.point)).toMatchObject({ Kind: 'backup', Name: 'web-1' });
    expect(stage.images().map(({ snapshotTags }) => snapshotTags[0]?.['Kind'])).toEqual([
      'backup',
      undefined,
    ]);
  });

  test('adopts nothing', async () => {
    const stage = untidy();

    await runApply(stage);

    expect(Object.keys(tagsOf(stage, stage.golden) ?? {})).toEqual(['role', 'cost-centre']);
  });

  test('copies what it has just tagged with its tags', async () => {
    const stage = withPoint();

    await runApply(stage);

    const [copy] = stage.images(DR);
    expect(copy?.tags).toMatchObject({ Kind: 'backup', Name: 'web-1' });
  });

  test('tells which ones it could not tag, and ends with 1', async () => {
    const stage = withPoint();
    stage.loseAnswer({ action: 'CreateTags' }, { code: 'UnauthorizedOperation', status: 403 });

    expect(await runApply(stage)).toBe(1);
    const told = stage.screen.stdout.filter((line) => line.startsWith('failed'));
    const [snapshotId] = stage.images()[0]?.snapshotIds ?? [];
    expect(told).toEqual([
      `failed      tag  ${stage.point}  UnauthorizedOperation: The answer was lost`,
      `failed      tag  ${snapshotId}  UnauthorizedOperation: The answer was lost`,
    ]);
  });

  test('as JSON tells the outcome of each', async () => {
    const stage = withPoint();

    await runApply(stage, { json: true });

    const [snapshotId] = stage.images()[0]?.snapshotIds ?? [];
    const { outcomes } = jsonOf<ApplyReport>(stage.screen);
    const tagged = { target: `111122223333/${HOME}`, action: 'tag', status: 'done', why: '' };
    expect(outcomes.filter(({ action }) => action === 'tag')).toEqual([
      { ...tagged, id: stage.point, name: '' },
      { ...tagged, id: snapshotId, name: '' },
    ]);
  });

  test('that is interrupted before it tags says what is left', async () => {
    const stage = withPoint();
    stage.beforeCall({ action: 'DescribeSnapshots', region: HOME, nth: 3 }, stage.interrupt);

    expect(await runApply(stage)).toBe(1);
    expect(stage.count('CreateTags')).toBe(0);
    expect(stage.screen.stdout.filter((line) => line.startsWith('not-done'))).toEqual([
      expect.stringMatching(/^not-done {4}tag {2}ami-\S+ {2}not begun$/),
      expect.stringMatching(/^not-done {4}tag {2}snap-\S+ {2}not begun$/),
      expect.stringMatching(/^not-done {4}copy {2}ami-\S+ {2}\S+ {2}not begun$/),
    ]);
  });
});

const NOTHING_PLANNED = {
  backups: [],
  repairs: [],
  removals: [],
  decisions: [],
  problems: [],
  nameOf: () => '',
  seen: { instances: completePart<never>([]), places: [] },
};

test('what a pass leaves of many tags is said to be left for that', () => {
  const target = { account: '111122223333', region: HOME };
  const repairs = Array.from(
    { length: 5_002 },
    (_, index): TagAction => ({
      kind: 'tag',
      resourceId: `snap-${index}`,
      tags: { Kind: 'backup' },
      reasons: [],
    }),
  );
  const report = (doneCount: number) =>
    applyReport(
      {
        prepared: {
          session: {
            endpoints: [],
            caller: { account: target.account, arn: 'arn:aws:iam::111122223333:user/ops' },
            home: target,
          },
          deployment: 'dev',
          policySet: aPolicySet(),
          plannedMs: 0,
          origin: { kind: 'live' },
          plans: [],
          readVolumes: () => Promise.resolve(completePart([])),
        },
        agreed: { plans: [{ ...NOTHING_PLANNED, target, repairs }], superseded: [], added: [] },
      },
      OPTIONS,
      {
        outcomes: repairs.slice(0, doneCount).map((action) => ({
          target,
          outcome: { status: 'done', action, id: action.resourceId },
        })),
        problems: [],
        isInterrupted: false,
      },
    )
      .outcomes.filter(({ status }) => status === 'not-done')
      .map(({ id, why }) => `${id} ${why}`);

  expect(report(5_000)).toEqual([
    'snap-5000 left: a pass tags 5000 at most',
    'snap-5001 left: a pass tags 5000 at most',
  ]);
  expect(report(4_999)).toContain('snap-5001 no longer planned when it was looked at again');
});
