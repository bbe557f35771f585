import { describe, expect, test } from 'vitest';
import { type ApplyCommandOptions, apply } from '../../cli/apply.ts';
import type { ApplyReport } from '../../cli/apply-report.ts';
import { createStage, DR, HOME, jsonOf, POLICY, pointsOf, type Stage } from './fixture.ts';

const OPTIONS: ApplyCommandOptions = {
  policy: POLICY,
  deployment: 'dev',
  retire: 'plan',
  yes: true,
  verbose: false,
  json: false,
};

const runApply = (stage: Stage, options: Partial<ApplyCommandOptions> = {}): Promise<number> =>
  stage.run((surroundings) => apply({ ...OPTIONS, ...options }, surroundings));

const THREE = ['2026-11-01', '2026-11-02', '2026-11-03'];

const withPoints = (
  days: readonly string[],
  options: Parameters<typeof createStage>[0] = {},
): Stage & { readonly ids: readonly string[] } => {
  const stage = createStage(options);
  return { ...stage, ids: pointsOf(stage, days) };
};

const idsAt = (stage: Stage, region: string): readonly string[] =>
  stage.images(region).map(({ imageId }) => imageId);

const mutations = ({ calls }: Stage): readonly string[] =>
  calls.map(({ action }) => action).filter((action) => !action.startsWith('Describe'));

describe('imago apply', () => {
  test('makes what is due, says the counts before and each outcome after', async () => {
    const stage = createStage();
    const source = stage.id('web-1');

    const code = await runApply(stage);

    const [made] = stage.images();
    expect(code).toBe(0);
    expect(made?.name).toBe(`imago/dev/daily/${source}/2026-11-03T02-00-00Z`);
    expect(stage.screen.stdout).toEqual([
      '111122223333/eu-central-1  create 1  tag 0  copy 0  retire 0  delete-snapshot 0',
      '111122223333/eu-west-1  create 0  tag 0  copy 0  retire 0  delete-snapshot 0',
      `done        create  ${made?.imageId}  ${made?.name}`,
      '1 done',
    ]);
    expect(mutations(stage)).toEqual(['CreateImage']);
  });

  test('copies what a destination is owed, in the destination', async () => {
    const stage = withPoints(['2026-11-03']);

    expect(await runApply(stage)).toBe(0);
    expect(stage.count('CopyImage', DR)).toBe(1);
    expect(stage.images(DR).map(({ name }) => name)).toEqual([
      `imago/dev/daily/${stage.id('web-1')}/2026-11-03T02-00-00Z`,
    ]);
  });

  test('only plans removals unless it is told to do them, and says so', async () => {
    const stage = withPoints(THREE);

    expect(await runApply(stage)).toBe(0);
    expect(stage.count('DeregisterImage')).toBe(0);
    expect(idsAt(stage, HOME)).toEqual(stage.ids);
    expect(stage.screen.stdout).toContain('removals only planned: 1 (--retire apply does them)');
  });

  test('removes with --retire apply what has expired, after reading it again', async () => {
    const stage = withPoints(THREE);
    const [oldest = '', ...rest] = stage.ids;

    const code = await runApply(stage, { retire: 'apply' });

    expect(code).toBe(0);
    expect(idsAt(stage, HOME)).toEqual(rest);
    expect(stage.screen.stdout).toContain(
      `done        retire  ${oldest}  imago/dev/daily/${stage.id('web-1')}/2026-11-01T02-00-00Z`,
    );
  });

  test('removes nothing that it did not announce, though more has expired by its own points', async () => {
    const stage = withPoints(['2026-10-31', '2026-11-01', '2026-11-02']);
    const [oldest = '', ...rest] = stage.ids;
    stage.cloud.behave({ imagePendingMs: { min: 0, max: 0 } });
    stage.slowDown(100);

    await runApply(stage, { retire: 'apply' });

    const retired = stage.screen.stdout.filter((line) => line.startsWith('done        retire'));
    expect(retired).toHaveLength(1);
    expect(retired[0]).toContain(oldest);
    expect(stage.count('CreateImage')).toBe(1);
    expect(idsAt(stage, HOME)).toEqual(expect.arrayContaining([...rest]));
  });

  test('does not remove what came into use since it was planned, and says why', async () => {
    const stage = withPoints(THREE);
    const [oldest = ''] = stage.ids;
    stage.beforeCall({ action: 'DescribeAutoScalingGroups', region: HOME, nth: 2 }, () => {
      const call = stage.cloud.callAs('111122223333', HOME);
      stage.cloud.ec2.CreateTags(
        { Resources: [oldest], Tags: [{ Key: 'imago:hold', Value: 'audit' }] },
        call,
      );
    });

    const code = await runApply(stage, { retire: 'apply' });

    expect(code).toBe(0);
    expect(idsAt(stage, HOME)).toEqual(stage.ids);
    expect(stage.screen.stdout.find((line) => line.startsWith('superseded'))).toMatch(
      /^superseded {2}retire {2}ami-\w+ {2}imago.* PRO-03 held audit$/,
    );
  });

  test('has nothing to say but that, and asks nobody, when there is nothing to do', async () => {
    const stage = withPoints(THREE.slice(1), { isInteractive: true });
    await runApply(stage); // the copy

    expect(await runApply(stage, { yes: false })).toBe(0);
    expect(stage.screen.asked).toEqual([]);
    expect(stage.screen.stdout.at(-1)).toBe('nothing was done');
  });
});

describe('before it does anything, imago apply', () => {
  test('asks whoever sits there, and goes on at y', async () => {
    const stage = createStage({ isInteractive: true, answer: 'y' });

    expect(await runApply(stage, { yes: false })).toBe(0);
    expect(stage.screen.asked).toEqual(['Go on? [y/N] ']);
    expect(mutations(stage)).toEqual(['CreateImage']);
  });

  test.each(['', 'n', 'yep', 'no'])('stops at the answer %j, and ends with 1', async (answer) => {
    const stage = createStage({ isInteractive: true, answer });

    expect(await runApply(stage, { yes: false })).toBe(1);
    expect(mutations(stage)).toEqual([]);
    expect(stage.screen.stderr.at(-1)).toBe('Nothing was changed.');
  });

  test('refuses to go on without a terminal and without --yes, before any call', async () => {
    const stage = createStage();

    await expect(runApply(stage, { yes: false })).rejects.toThrow('say --yes');
    expect([stage.calls, stage.screen.stderr]).toEqual([[], []]);
  });
});

describe('imago apply ends with 1', () => {
  test('when a call was refused, and names the error', async () => {
    const stage = createStage();
    stage.loseAnswer(
      { action: 'CreateImage', nth: 1 },
      { code: 'UnauthorizedOperation', status: 403 },
    );

    expect(await runApply(stage, { json: true })).toBe(1);
    expect(jsonOf<ApplyReport>(stage.screen).outcomes).toEqual([
      {
        target: '111122223333/eu-central-1',
        action: 'create',
        status: 'failed',
        id: stage.id('web-1'),
        name: `imago/dev/daily/${stage.id('web-1')}/2026-11-03T02-00-00Z`,
        why: 'UnauthorizedOperation: The answer was lost',
      },
    ]);
  });

  test('when a read fell short, and still does what could be done without it', async () => {
    const stage = withPoints(['2026-11-03']);
    stage.loseAnswer(
      { action: 'DescribeInstances', region: HOME },
      { code: 'UnauthorizedOperation', status: 403 },
    );

    expect(await runApply(stage, { json: true })).toBe(1);
    expect(jsonOf<ApplyReport>(stage.screen)).toMatchObject({
      outcomes: [{ action: 'copy', status: 'done' }],
      problems: [
        '111122223333/eu-central-1: instances: UnauthorizedOperation: The answer was lost',
      ],
    });
  });

  test('when what it announced is no longer planned as it looks again', async () => {
    const stage = createStage();
    stage.beforeCall({ action: 'DescribeInstances', region: HOME, nth: 2 }, () => {
      stage.cloud.ec2.TerminateInstances(
        { InstanceIds: [stage.id('web-1')] },
        stage.cloud.callAs('111122223333', HOME),
      );
    });

    expect(await runApply(stage, { json: true })).toBe(1);
    expect(jsonOf<ApplyReport>(stage.screen).outcomes).toMatchObject([
      { status: 'not-done', why: 'no longer planned when it was looked at again' },
    ]);
    expect(mutations(stage)).toEqual([]);
  });
});

const TWELVE = Array.from({ length: 12 }, (_, index) => ({
  name: `web-${index + 1}`,
  tags: { Backup: 'daily' },
}));

describe('an interruption', () => {
  test('lets the calls under way end, begins nothing more, and says what is left', async () => {
    const stage = createStage({ instances: TWELVE });
    stage.beforeCall({ action: 'CreateImage', nth: 1 }, stage.interrupt);

    const code = await runApply(stage, { retire: 'apply', json: true });

    const report = jsonOf<ApplyReport>(stage.screen);
    const done = report.outcomes.filter(({ status }) => status === 'done');
    const left = report.outcomes.filter(({ status }) => status === 'not-done');
    expect([code, report.isInterrupted]).toEqual([1, true]);
    expect(done.map(({ id }) => id).sort()).toEqual([...idsAt(stage, HOME)].sort());
    expect([done.length, left.length]).toEqual([8, 4]);
    expect([...new Set(left.map(({ why }) => why))]).toEqual(['not begun']);
  });
});

test('a pass that runs out of time goes on in the same process, by its own message', async () => {
  const stage = createStage({ instances: TWELVE });
  // Eight calls at once, which leave less than the margin of the ten minutes that a pass has.
  stage.beforeCall({ action: 'DescribeInstances', nth: 2 }, () => stage.slowDown(560_000));
  stage.beforeCall({ action: 'CreateImage', nth: 8 }, () => stage.slowDown(0));

  expect(await runApply(stage)).toBe(0);
  expect(stage.images()).toHaveLength(12);
  expect([stage.count('CreateImage'), stage.count('DescribeInstances')]).toEqual([12, 3]);
});

describe('outcomes', () => {
  test('are published only on the bus that is named', async () => {
    const silent = createStage();
    const loud = createStage();
    for (const { cloud } of [silent, loud]) cloud.events.createBus('111122223333', HOME, 'ops');

    await runApply(silent);
    await runApply(loud, { eventBus: 'ops' });

    expect(silent.cloud.events.putEvents).toEqual([]);
    expect(loud.cloud.events.putEvents.map(({ event }) => event['detail-type'])).toEqual([
      'Imago Recovery Point Created',
    ]);
  });

  test('go to stderr as the log of the functions, too, with --verbose', async () => {
    const stage = createStage();

    await runApply(stage, { verbose: true });

    const logged = stage.screen.stderr.filter((line) => line.startsWith('{'));
    expect(logged.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      `create imago/dev/daily/${stage.id('web-1')}/2026-11-03T02-00-00Z`,
      `create done: ${stage.images()[0]?.imageId}`,
    ]);
  });
});
