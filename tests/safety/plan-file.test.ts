import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, asyncProperty, constant, nat, oneof } from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apply } from '../../cli/apply.ts';
import type { ApplyReport } from '../../cli/apply-report.ts';
import { plan } from '../../cli/plan.ts';
import type { ActionsReport, PlanReport } from '../../cli/plan-report.ts';
import { createStage, HOME, pointsOf, type Stage } from '../cli/fixture.ts';
import type { InstanceSpec } from '../support/scenario-world.ts';

const OPTIONS = {
  policy: join(import.meta.dirname, '../cli/fixtures/everything.yml'),
  deployment: 'dev',
  retire: 'apply',
  verbose: false,
  json: true,
} as const;

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imago-plan-'));
  file = join(folder, 'plan.json');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Has something to create, to tag, to copy, to retire, and a snapshot to delete. */
const aBusyStage = (others: readonly InstanceSpec[] = []): Stage => {
  const backedUp = ['web-1', 'web-2'].map((Name) => ({
    name: Name,
    tags: { Name, Backup: 'daily' },
  }));
  const stage = createStage({ instances: [...backedUp, ...others] });
  const days = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'];
  const [ImageId] = pointsOf(stage, days);
  const { ec2, callAs } = stage.cloud;
  ec2.DeregisterImage({ ImageId }, callAs('111122223333', HOME)); // and its snapshot stays
  return stage;
};

const writePlan = (stage: Stage): Promise<number> =>
  stage.run((surroundings) =>
    plan({ ...OPTIONS, failOnChange: false, all: false, out: file }, surroundings),
  );

/** What it says that it did, and each call that changed something. */
const applyPlan = async (
  stage: Stage,
  named: { readonly plan?: string } = { plan: file },
): Promise<{ readonly report: ApplyReport; readonly changes: readonly string[] }> => {
  const before = stage.calls.length;
  await stage.run((surroundings) => apply({ ...OPTIONS, yes: true, ...named }, surroundings));
  const { stdout } = stage.screen;
  const text = stdout.slice(stdout.lastIndexOf('{')).join('\n');
  const changes = stage.calls
    .slice(before)
    .map(({ action }) => action)
    .filter((action) => !/^(Describe|Get)/.test(action));
  return { report: JSON.parse(text) as ApplyReport, changes };
};

const readPlan = (): PlanReport => JSON.parse(readFileSync(file, 'utf8')) as PlanReport;

const writeActions = (change: (actions: ActionsReport) => object): void => {
  const report = readPlan();
  const targets = report.targets.map((target) => ({ ...target, actions: change(target.actions) }));
  writeFileSync(file, JSON.stringify({ ...report, targets }));
};

const LISTS = [
  ['creates', 'CreateImage', 'create'],
  ['repairs', 'CreateTags', 'tag'],
  ['copies', 'CopyImage', 'copy'],
] as const;

describe('apply of a plan file', () => {
  test('does all five kinds of actions that are in it, so that leaving one out says something', async () => {
    const stage = aBusyStage();
    await writePlan(stage);

    const { changes } = await applyPlan(stage);

    expect(new Set(changes)).toEqual(
      new Set(['CreateImage', 'CreateTags', 'CopyImage', 'DeregisterImage', 'DeleteSnapshot']),
    );
  });

  test.each(LISTS)('does nothing of %s that is not in it', async (list, call, action) => {
    const stage = aBusyStage();
    await writePlan(stage);
    writeActions((actions) => ({ ...actions, [list]: [] }));

    const { changes, report } = await applyPlan(stage);

    expect(changes).not.toContain(call);
    expect(changes).toContain('DeregisterImage');
    expect(report.notInPlanFile.map((one) => one.action)).toContain(action);
    expect(report.outcomes.map((one) => one.action)).not.toContain(action);
  });

  test.each([
    ['retire', 'DeregisterImage', 'DeleteSnapshot'],
    ['delete-snapshot', 'DeleteSnapshot', 'DeregisterImage'],
  ])('removes nothing by %s that is not in it', async (kind, call, other) => {
    const stage = aBusyStage();
    await writePlan(stage);
    writeActions(({ removals, ...actions }) => ({
      ...actions,
      removals: removals.filter((one) => one.kind !== kind),
    }));

    const { changes, report } = await applyPlan(stage);

    expect(changes).not.toContain(call);
    expect(changes).toContain(other);
    expect(report.notInPlanFile.map((one) => one.action)).toContain(kind);
  });

  test('removes nothing that it wants and the new look does not, and says why', async () => {
    const stage = aBusyStage();
    await writePlan(stage);
    const kept = stage.images().map(({ imageId }) => imageId);
    writeActions(({ removals, ...actions }) => ({
      ...actions,
      removals: kept.flatMap((id) => removals.slice(0, 1).map((one) => ({ ...one, id }))),
    }));
    const wanted = readPlan().targets[0]?.actions.removals ?? [];

    const { report, changes } = await applyPlan(stage);

    const done = report.outcomes.filter(
      ({ action, status }) => action === 'retire' && status === 'done',
    );
    expect(wanted.length).toBe(kept.length);
    expect(done.length).toBeLessThan(kept.length);
    expect(changes.filter((call) => call === 'DeregisterImage')).toHaveLength(done.length);
    const left = report.outcomes.filter(
      ({ action, status }) => action === 'retire' && status === 'superseded',
    );
    expect(left.map(({ why }) => why.replace(/\d+ of.*/, ''))).toContain(
      'now keep: RET-01 kept-as-last ',
    );
  });

  test.each([
    ['snapshots', { snapshots: 'keep' }],
    ['snapshotIds', { snapshotIds: ['snap-0123456789abcdef0'] }],
    ['goneFrom', { goneFrom: '111122223333/eu-west-3' }],
    ['reasons', { reasons: [{ id: 'RET-11', name: 'failed-and-superseded' }] }],
  ])('removes nothing of which it says other %s', async (field, edit) => {
    const stage = aBusyStage();
    await writePlan(stage);
    writeActions(({ removals, ...actions }) => ({
      ...actions,
      removals: removals.map((one) => (one.kind === 'retire' ? { ...one, ...edit } : one)),
    }));

    const { report, changes } = await applyPlan(stage);

    expect(changes).not.toContain('DeregisterImage');
    const whys = report.outcomes.filter(({ action }) => action === 'retire').map(({ why }) => why);
    expect(new Set(whys)).toEqual(new Set([`it would be done otherwise now: ${field}`]));
  });

  test.each([
    ['creates', 'CreateImage', { reboot: true }],
    ['creates', 'CreateImage', { tags: { Name: 'other' } }],
    ['creates', 'CreateImage', { excludedDevices: ['/dev/sdf'] }],
    ['repairs', 'CreateTags', { tags: { Name: 'other' } }],
    ['copies', 'CopyImage', { kmsKey: 'alias/other' }],
    ['copies', 'CopyImage', { fromRegion: 'eu-west-3' }],
  ] as const)('does nothing of %s (%s) that it has with %j', async (list, call, edit) => {
    const stage = aBusyStage();
    await writePlan(stage);
    writeActions((actions) => ({
      ...actions,
      [list]: actions[list].map((one) => ({ ...one, ...edit })),
    }));

    const { changes } = await applyPlan(stage);

    expect(changes).not.toContain(call);
    expect(changes).toContain('DeregisterImage');
  });

  test.each([
    ['without a plan file makes what only the pass finds', false, 3],
    ['makes nothing that only the pass finds, after the new look', true, 2],
  ])('%s', async (_, hasPlan, points) => {
    const stage = aBusyStage([{ name: 'web-3', tags: {} }]);
    await writePlan(stage);
    const nth = stage.count('DescribeInstances', HOME) + 1;
    stage.beforeCall({ action: 'DescribeInstances', region: HOME, nth }, () => {
      stage.cloud.ec2.CreateTags(
        { Resources: [stage.id('web-3')], Tags: [{ Key: 'Backup', Value: 'daily' }] },
        stage.cloud.callAs('111122223333', HOME),
      );
    });

    const { changes } = await applyPlan(stage, hasPlan ? { plan: file } : {});

    expect(changes.filter((call) => call === 'CreateImage')).toHaveLength(points - 1);
  });

  test('tags what is in it and no other, though the pass would', async () => {
    const stage = aBusyStage();
    await writePlan(stage);
    writeActions(({ repairs, ...actions }) => ({ ...actions, repairs: repairs.slice(0, 1) }));
    const wanted = readPlan().targets.flatMap(({ actions }) => actions.repairs.map(({ id }) => id));

    const { report } = await applyPlan(stage);

    const tagged = report.outcomes.filter(({ action }) => action === 'tag');
    expect(wanted).toHaveLength(1);
    expect(tagged.map(({ id }) => id)).toEqual(wanted);
    expect(report.notInPlanFile.filter(({ action }) => action === 'tag')).toHaveLength(7);
  });

  test('does not remove what it said it would not, though the pass would', async () => {
    const stage = aBusyStage();
    await writePlan(stage);
    const [removal] = readPlan().targets[0]?.actions.removals ?? [];
    const call = stage.cloud.callAs('111122223333', HOME);
    const Resources = [removal?.id ?? ''];
    const Tags = [{ Key: 'imago:hold', Value: 'audit' }];
    stage.cloud.ec2.CreateTags({ Resources, Tags }, call);
    stage.beforeCall({ action: 'CreateImage', region: HOME }, () => {
      stage.cloud.ec2.DeleteTags({ Resources, Tags }, call);
    });

    const { report } = await applyPlan(stage);

    const removals = report.outcomes.filter(({ action }) => action === 'retire');
    expect(removals.filter(({ id }) => id === removal?.id)).toEqual([
      expect.objectContaining({
        status: 'superseded',
        why: expect.stringMatching(/^now protect: RET-10 expired .*, PRO-03 held audit$/),
      }),
    ]);
    expect(stage.images().map(({ imageId }) => imageId)).toContain(removal?.id);
  });

  test('does not make a point otherwise than it says, though only the pass sees the difference', async () => {
    const stage = aBusyStage();
    await writePlan(stage);
    const nth = stage.count('DescribeInstances', HOME) + 1;
    stage.beforeCall({ action: 'DescribeInstances', region: HOME, nth }, () => {
      stage.cloud.ec2.CreateTags(
        { Resources: [stage.id('web-2')], Tags: [{ Key: 'Name', Value: 'renamed' }] },
        stage.cloud.callAs('111122223333', HOME),
      );
    });

    const { changes, report } = await applyPlan(stage);

    expect(changes).not.toContain('CreateImage');
    expect(report.outcomes.find(({ action }) => action === 'create')).toMatchObject({
      status: 'not-done',
      why: 'no longer planned when it was looked at again',
    });
  });

  test('never does more than apply without one, whatever was written into it', async () => {
    const plain = aBusyStage();
    await writePlan(plain);
    const original = readFileSync(file, 'utf8');
    const most = doneIn((await applyPlan(plain, {})).report);

    await assert(
      asyncProperty(SWAPS, async (swaps) => {
        const stage = aBusyStage();
        writeFileSync(file, swapIds(original, swaps));
        const before = stage.calls.length;
        // A file that cannot be read is refused, and nobody is called.
        const [done, calls] = await applyPlan(stage).then(
          ({ report }) => [doneIn(report), before] as const,
          (error: unknown) => [[String(error)].filter(isNotRefusal), stage.calls.length] as const,
        );
        expect(most).toEqual(expect.arrayContaining([...done]));
        expect(calls).toBe(before);
      }),
      { numRuns: 25 },
    );
  });
});

/** What was made, tagged or removed: by its name, as what is made has another id each time. */
const doneIn = ({ outcomes }: ApplyReport): readonly string[] =>
  outcomes
    .filter(({ status }) => status === 'done')
    .map(({ target, action, id, name }) =>
      [target, action, action === 'create' || action === 'copy' ? name : id].join(' '),
    );

const isNotRefusal = (problem: string): boolean => !problem.startsWith('UnusableFileError');

/** By place: 0 leaves an id as it is, any other number stands for another one. */
const SWAPS = array(oneof({ arbitrary: constant(0), weight: 12 }, nat()), { size: 'large' });

const ID = /\b(?:ami|snap|i)-[0-9a-f]{17}\b/g;

const idsIn = (text: string): ReadonlySet<string> => new Set(text.match(ID));

/** The plan with ids of its actions, in some places, replaced by others of their kind. */
const swapIds = (original: string, swaps: readonly number[]): string => {
  const report = JSON.parse(original) as PlanReport;
  const ids = [...idsIn(original)];
  let place = 0;
  const swapped = JSON.stringify(report.targets).replaceAll(ID, (id) => {
    const swap = swaps[(place += 1)] ?? 0;
    const alike = ids.filter((one) => one.split('-')[0] === id.split('-')[0]);
    return swap === 0 ? id : (alike[swap % alike.length] ?? id);
  });
  return JSON.stringify({ ...report, targets: JSON.parse(swapped) as unknown });
};
