import { describe, expect, test } from 'vitest';
import { apply } from '../../cli/apply.ts';
import type { ApplyReport } from '../../cli/apply-report.ts';
import { plan } from '../../cli/plan.ts';
import type { PlanReport } from '../../cli/plan-report.ts';
import { createStage, HOME, jsonOf, POLICY, pointsOf, type Stage } from './fixture.ts';

const OPTIONS = {
  policy: POLICY,
  deployment: 'dev',
  retire: 'apply',
  verbose: false,
  json: true,
} as const;

/** Asks a service beside the wire, as somebody else would. */
const ask = ({ cloud }: Stage, service: string, action: string, input: object): void => {
  const operations = cloud.services.find(({ id }) => id === service)?.operations;
  operations?.[action]?.answer(input, cloud.callAs('111122223333', HOME));
};

const nameInParameter = (stage: Stage, imageId: string): void => {
  const Value = JSON.stringify({ ami: imageId });
  ask(stage, 'ssm', 'PutParameter', { Name: '/golden/web', Type: 'String', Value });
};

const USES: readonly (readonly [string, (stage: Stage, imageId: string) => void, string])[] = [
  ['a parameter', nameInParameter, 'PRO-10'],
  [
    'a launch configuration',
    (stage, ImageId) => {
      const launch = { LaunchConfigurationName: 'old-web', InstanceType: 't3.micro', ImageId };
      ask(stage, 'autoscaling', 'CreateLaunchConfiguration', launch);
    },
    'PRO-09',
  ],
  [
    'another account, which may launch it',
    (stage, ImageId) => {
      const LaunchPermission = { Add: [{ UserId: '444455556666' }] };
      ask(stage, 'ec2', 'ModifyImageAttribute', { ImageId, LaunchPermission });
    },
    'PRO-13',
  ],
];

const withPoints = (): readonly [stage: Stage, oldest: string] => {
  const stage = createStage();
  const [oldest = ''] = pointsOf(stage, ['2026-11-01', '2026-11-02', '2026-11-03']);
  return [stage, oldest];
};

describe('what only is used by', () => {
  test.each(USES)('%s is held back by imago plan, which says so', async (_, use, reason) => {
    const [stage, oldest] = withPoints();
    use(stage, oldest);

    await stage.run((surroundings) =>
      plan({ ...OPTIONS, failOnChange: false, all: false }, surroundings),
    );

    const [home] = jsonOf<PlanReport>(stage.screen).targets;
    const decision = home?.decisions.find(
      ({ id, verdict }) => id === oldest && verdict === 'protect',
    );
    expect(home?.actions.removals).toEqual([]);
    expect(decision?.reasons.map(({ id }) => id)).toEqual(['RET-10', reason]);
  });

  test('a parameter since it was planned is not removed by imago apply', async () => {
    const [stage, oldest] = withPoints();
    stage.beforeCall({ action: 'DescribeParameters', region: HOME, nth: 2 }, () =>
      nameInParameter(stage, oldest),
    );

    await stage.run((surroundings) => apply({ ...OPTIONS, yes: true }, surroundings));

    expect(stage.count('DeregisterImage')).toBe(0);
    expect(
      jsonOf<ApplyReport>({
        ...stage.screen,
        stdout: stage.screen.stdout.slice(stage.screen.stdout.indexOf('{')),
      }).outcomes.find(({ id }) => id === oldest),
    ).toMatchObject({ action: 'retire', status: 'not-done' });
  });
});
