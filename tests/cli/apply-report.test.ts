import { describe, expect, test } from 'vitest';
import { type ApplyCommandOptions, apply } from '../../cli/apply.ts';
import type { ApplyReport, OutcomeReport } from '../../cli/apply-report.ts';
import { createStage, DR, HOME, jsonOf, POLICY, pointsOf, type Stage } from './fixture.ts';

const OPTIONS: ApplyCommandOptions = {
  policy: POLICY,
  deployment: 'dev',
  retire: 'plan',
  yes: true,
  verbose: false,
  json: true,
};

const TWELVE = Array.from({ length: 12 }, (_, index) => ({
  name: `web-${index + 1}`,
  tags: { Backup: 'daily' },
}));

const outcomesOf = async (stage: Stage): Promise<readonly OutcomeReport[]> => {
  expect(await stage.run((surroundings) => apply(OPTIONS, surroundings))).toBe(1);
  return jsonOf<ApplyReport>(stage.screen).outcomes;
};

const whysOf = (outcomes: readonly OutcomeReport[]): readonly string[] => [
  ...new Set(outcomes.filter(({ status }) => status === 'not-done').map(({ why }) => why)),
];

const FULL = { code: 'SnapshotLimitExceeded', status: 400 };

describe('what apply has left', () => {
  test('because a quota was full is said to be left for that, with the code of EC2', async () => {
    const stage = createStage({ instances: TWELVE });
    stage.loseAnswer({ action: 'CreateImage' }, FULL);

    const outcomes = await outcomesOf(stage);

    expect(whysOf(outcomes)).toEqual(['left: a quota is full (SnapshotLimitExceeded)']);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'not-done'),
      ...Array.from({ length: 8 }, () => 'retry-later'),
    ]);
  });

  test('for another reason is not said to be left for a quota of another kind or place', async () => {
    const stage = createStage({ instances: TWELVE });
    pointsOf({ aPoint: (point) => stage.aPoint(point) }, ['2026-11-03']);
    stage.loseAnswer({ action: 'CopyImage', region: DR }, FULL);
    stage.beforeCall({ action: 'DescribeInstances', region: HOME, nth: 2 }, () => {
      const InstanceIds = [stage.id('web-2')];
      stage.cloud.ec2.TerminateInstances({ InstanceIds }, stage.cloud.callAs('111122223333', HOME));
    });

    const outcomes = await outcomesOf(stage);

    expect(outcomes.filter(({ action }) => action === 'copy')).toMatchObject([
      { status: 'retry-later', why: 'SnapshotLimitExceeded: The answer was lost' },
    ]);
    expect(whysOf(outcomes)).toEqual(['no longer planned when it was looked at again']);
  });
});
