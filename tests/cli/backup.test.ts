import { describe, expect, test } from 'vitest';
import { apply } from '../../cli/apply.ts';
import { type BackupOptions, type BackupReport, backup } from '../../cli/backup.ts';
import { createStage, HOME, jsonOf, POLICY, pointsOf, type Stage } from './fixture.ts';

const OPTIONS: BackupOptions = {
  deployment: 'dev',
  reboot: false,
  wait: false,
  verbose: false,
  json: false,
};

const HOUR_MS = 3_600_000;

const runBackup = (stage: Stage, options: Partial<BackupOptions> = {}): Promise<number> =>
  stage.run((surroundings) => backup(stage.id('web-1'), { ...OPTIONS, ...options }, surroundings));

const callOf = ({ cloud }: Stage) => cloud.callAs('111122223333', HOME);

describe('imago backup', () => {
  test('makes a point now, that is kept for as long as was said', async () => {
    const stage = createStage({ startsAt: '2026-11-03T09:08:07.654Z' });
    const source = stage.id('web-1');

    const code = await runBackup(stage, { keep: 168 * HOUR_MS });

    const [made] = stage.images();
    expect(code).toBe(0);
    expect(made?.name).toBe(`imago/dev/on-demand/${source}/2026-11-03T09-08-07Z`);
    expect(made?.tags).toMatchObject({
      'imago:deployment': 'dev',
      'imago:policy': 'on-demand',
      'imago:source': source,
      'imago:slot': '2026-11-03T09-08-07Z',
      'imago:home': '111122223333/eu-central-1',
      'imago:instance-type': 't3.small',
      'imago:keep-until': '2026-11-10T09:08:07.000Z',
    });
    expect(made?.snapshotTags).toEqual([made?.tags]);
    expect(stage.screen.stdout).toEqual([
      `done        create  ${made?.imageId}  ${made?.name}`,
      'kept until   2026-11-10T09:08:07.000Z',
    ]);
    expect(stage.screen.stderr).toEqual([
      'endpoint  https://ec2.eu-central-1.amazonaws.com, https://sts.eu-central-1.amazonaws.com',
      'Region    eu-central-1',
      'account   111122223333 (arn:aws:iam::111122223333:user/ops)',
    ]);
  });

  test('without --keep sets no end, and as JSON says so', async () => {
    const stage = createStage();

    await runBackup(stage, { json: true });

    const [made] = stage.images();
    expect(made?.tags['imago:keep-until']).toBeUndefined();
    expect(jsonOf<BackupReport>(stage.screen)).toMatchObject({
      status: 'done',
      id: made?.imageId,
      instance: stage.id('web-1'),
      slot: '2026-11-03T02-10-00Z',
      keepUntil: null,
      state: null,
    });
  });

  test('makes one point of one second, however often it is asked', async () => {
    const stage = createStage();

    expect(await runBackup(stage)).toBe(0);
    expect(await runBackup(stage)).toBe(0);
    expect(stage.images()).toHaveLength(1);
    expect(stage.screen.stdout[1]).toMatch(/^already-so {2}create {2}ami-/);
  });

  test('of a point that another request has just made says how long that one is kept, and ends with 1', async () => {
    const stage = createStage();
    await runBackup(stage, { keep: HOUR_MS });
    const [made] = stage.images();

    expect(await runBackup(stage, { keep: 48 * HOUR_MS })).toBe(1);
    expect(stage.screen.stdout.slice(2)).toEqual([
      `already-so  create  ${made?.imageId}  ${made?.name}  an earlier request made it: it is kept ` +
        'until 2026-11-03T03:10:00.000Z, not until 2026-11-05T02:10:00.000Z',
      'kept until   2026-11-03T03:10:00.000Z',
    ]);
    expect(await runBackup(stage)).toBe(1);
    expect(stage.screen.stdout.at(-2)).toContain(
      'until 2026-11-03T03:10:00.000Z, not until somebody removes it',
    );
    expect(await runBackup(stage, { keep: HOUR_MS })).toBe(0);
  });

  test('of a point without an end, that was to have one, says that it has none', async () => {
    const stage = createStage();
    await runBackup(stage);

    expect(await runBackup(stage, { keep: HOUR_MS, json: true })).toBe(1);
    expect(JSON.parse(stage.screen.stdout.slice(1).join('\n'))).toMatchObject({
      status: 'already-so',
      keepUntil: null,
      why: 'an earlier request made it: it is kept until somebody removes it, not until 2026-11-03T03:10:00.000Z',
    });
  });

  test('of a point that it cannot read does not say how long it is kept', async () => {
    const stage = createStage();
    await runBackup(stage, { keep: HOUR_MS });
    stage.loseAnswer(
      { action: 'DescribeImages', nth: 2 }, // after the one by name
      { code: 'UnauthorizedOperation', status: 403 },
    );

    expect(await runBackup(stage, { keep: HOUR_MS })).toBe(1);
    expect(stage.screen.stdout.at(-1)).toMatch(
      /^already-so .* how long it is kept could not be read: UnauthorizedOperation/,
    );
  });

  test('reboots the instance only with --reboot', async () => {
    const stage = createStage();
    const seen: unknown[] = [];
    stage.beforeCall({ action: 'CreateImage' }, (input) => seen.push(input));

    await runBackup(stage);
    await stage.clock.runUntil(stage.clock.nowMs() + 60_000);
    await runBackup(stage, { reboot: true });

    expect(seen).toMatchObject([{ NoReboot: true }, { NoReboot: false }]);
  });

  test('ends with 1 when EC2 refuses, and names the error', async () => {
    const stage = createStage();
    stage.loseAnswer(
      { action: 'CreateImage', nth: 1 },
      { code: 'UnauthorizedOperation', status: 403 },
    );

    expect(await runBackup(stage)).toBe(1);
    expect(stage.screen.stdout[0]).toMatch(
      /^failed {6}create .* UnauthorizedOperation: The answer was lost$/,
    );
  });
});

describe('imago backup does nothing, and says why,', () => {
  test.each(['web-1', 'i-', 'i-0aa;reboot', ''])('for %j, which is no id', async (id) => {
    const stage = createStage();

    await expect(stage.run((surroundings) => backup(id, OPTIONS, surroundings))).rejects.toThrow(
      'expected the id of an instance',
    );
    expect(stage.calls).toEqual([]);
  });

  test('for an instance that is not there', async () => {
    const stage = createStage();

    await expect(
      stage.run((surroundings) => backup('i-0123456789abcdef0', OPTIONS, surroundings)),
    ).rejects.toThrow(
      'i-0123456789abcdef0: there is no such instance in eu-central-1\nNothing was changed.',
    );
    expect(stage.count('CreateImage')).toBe(0);
  });

  test('for an instance that cannot be read, and ends with 1', async () => {
    const stage = createStage();
    stage.loseAnswer(
      { action: 'DescribeInstances' },
      { code: 'UnauthorizedOperation', status: 403 },
    );

    expect(await runBackup(stage)).toBe(1);
    expect(stage.screen.stderr.slice(3)).toEqual([
      `${stage.id('web-1')}: it could not be read: UnauthorizedOperation: The answer was lost`,
      'Nothing was changed.',
    ]);
    expect([stage.screen.stdout, stage.count('CreateImage')]).toEqual([[], 0]);
  });

  test.each([
    ['StopInstances', 'SCH-09 instance-in-transition stopping'],
    ['TerminateInstances', 'SEL-06 going-away shutting-down'],
  ] as const)('for an instance right after %s', async (action, reason) => {
    const stage = createStage();
    stage.cloud.ec2[action]({ InstanceIds: [stage.id('web-1')] }, callOf(stage));

    await expect(runBackup(stage)).rejects.toThrow(reason);
    expect(stage.count('CreateImage')).toBe(0);
  });
});

describe('with --wait, imago backup', () => {
  test('ends when the image is available, and not before', async () => {
    const stage = createStage();

    expect(await runBackup(stage, { wait: true })).toBe(0);
    const [made] = stage.images();
    expect(made?.state).toBe('available');
    expect(stage.screen.stdout.at(-1)).toBe(`${made?.imageId} is available`);
    expect(stage.count('DescribeImages')).toBeGreaterThan(1);
  });

  test('ends with 1 when the image fails', async () => {
    const stage = createStage();
    stage.cloud.behave({ imageFailure: 1 });

    expect(await runBackup(stage, { wait: true, json: true })).toBe(1);
    expect(jsonOf<BackupReport>(stage.screen).state).toBe('failed');
  });

  test('gives up after a day, with the state in which it saw the image last', async () => {
    const stage = createStage();
    stage.cloud.behave({ imagePendingMs: { min: 48 * HOUR_MS, max: 48 * HOUR_MS } });
    const beganMs = stage.clock.nowMs();

    expect(await runBackup(stage, { wait: true, json: true })).toBe(1);
    expect(jsonOf<BackupReport>(stage.screen).state).toBe('pending');
    expect(stage.clock.nowMs() - beganMs).toBe(24 * HOUR_MS);
  });

  test('stops looking after eight reads that failed', async () => {
    const stage = createStage();
    stage.loseAnswer({ action: 'DescribeImages' }, { code: 'UnauthorizedOperation', status: 403 });

    expect(await runBackup(stage, { wait: true, json: true })).toBe(1);
    expect(jsonOf<BackupReport>(stage.screen).state).toBe('unseen');
    expect(stage.count('DescribeImages')).toBe(8);
  });

  test('stops at an interruption', async () => {
    const stage = createStage();
    stage.beforeCall({ action: 'DescribeImages', nth: 2 }, stage.interrupt);

    expect(await runBackup(stage, { wait: true })).toBe(1);
    expect(stage.count('DescribeImages')).toBe(2);
  });

  test('says at once that it was interrupted, and ends within a second', async () => {
    const stage = createStage();
    const beganMs = stage.clock.nowMs();
    stage.cloud.behave({ imagePendingMs: { min: 48 * HOUR_MS, max: 48 * HOUR_MS } });
    let said: readonly string[] = [];
    stage.clock.at(beganMs + HOUR_MS + 500, () => {
      stage.interrupt();
      said = stage.screen.stderr.slice(3);
    });

    expect(await runBackup(stage, { wait: true })).toBe(1);
    expect(said).toEqual([`interrupted: ${stage.images()[0]?.imageId} is made all the same`]);
    expect(stage.clock.nowMs() - beganMs - HOUR_MS - 500).toBeLessThanOrEqual(1_000);
  });
});

describe('the end of a point that somebody asked for', () => {
  const runApply = (stage: Stage): Promise<number> =>
    stage.run((surroundings) =>
      apply(
        {
          policy: POLICY,
          deployment: 'dev',
          retire: 'apply',
          yes: true,
          verbose: false,
          json: false,
        },
        surroundings,
      ),
    );

  /** A point for an hour, beside one by the policy, two hours later. */
  const anOldOne = async (): Promise<Stage & { readonly asked: string }> => {
    const stage = createStage();
    pointsOf(stage, ['2026-11-03']);
    await runBackup(stage, { keep: HOUR_MS });
    const asked = stage.images().find(({ name }) => name.includes('/on-demand/'))?.imageId ?? '';
    await stage.clock.runUntil(stage.clock.nowMs() + 2 * HOUR_MS);
    return { ...stage, asked };
  };

  const isThere = ({ images, asked }: Stage & { readonly asked: string }): boolean =>
    images().some(({ imageId }) => imageId === asked);

  /** What is planned is done only after a second look: this comes between the two. */
  const meanwhile = (stage: Stage, deed: () => void): void =>
    stage.beforeCall({ action: 'DescribeAutoScalingGroups', nth: 2 }, deed);

  test('comes by retirement, once its time is over', async () => {
    const stage = await anOldOne();

    expect(await runApply(stage)).toBe(0);
    expect(isThere(stage)).toBe(false);
    expect(stage.images()).toHaveLength(1);
  });

  test('RET-20 does not come when somebody keeps it longer in the last moment', async () => {
    const stage = await anOldOne();
    meanwhile(stage, () => {
      const Tags = [{ Key: 'imago:keep-until', Value: '2026-12-01' }];
      stage.cloud.ec2.CreateTags({ Resources: [stage.asked], Tags }, callOf(stage));
    });

    await runApply(stage);

    expect(isThere(stage)).toBe(true);
    expect(stage.screen.stdout.find((line) => line.startsWith('superseded'))).toContain(
      'RET-20 kept-on-demand-until 2026-12-01',
    );
  });

  test('PRO-06 does not come when the point that was to survive it goes in the last moment', async () => {
    const stage = await anOldOne();
    const other = stage.images().find(({ imageId }) => imageId !== stage.asked)?.imageId;
    meanwhile(stage, () => {
      stage.cloud.ec2.DeregisterImage({ ImageId: other }, callOf(stage));
    });

    await runApply(stage);

    expect(isThere(stage)).toBe(true);
    expect(stage.screen.stdout.find((line) => line.startsWith('superseded'))).toContain(
      'PRO-06 last-good-point a point that was to stay is gone',
    );
  });
});
