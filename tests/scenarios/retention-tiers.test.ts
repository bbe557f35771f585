import { describe, expect, test } from 'vitest';
import { type Scenario, type ScenarioOptions, aScenario } from '../support/scenario.ts';

const DAY_MS = 86_400_000;

const policyWith = (lines: string): string => `
version: 1
limits: { maxRemovals: { count: 1000, percent: 100 }, keepAtLeast: 1 }
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
${lines.replaceAll(/^/gm, '    ')}
`;

interface History {
  /** The nights of the first and the last point. */
  readonly from: string;
  readonly to: string;
  readonly failed?: readonly string[];
  readonly missing?: readonly string[];
}

/** One instance with a point of each night, at two UTC. */
const aHistory = (
  policy: string,
  { from, to, failed = [], missing = [] }: History,
  options: Partial<ScenarioOptions> = {},
) => {
  const scenario = aScenario({
    policy: policyWith(policy),
    startsAt: `${to}T04:10:00Z`,
    instances: [{ name: 'web-1', tags: { Backup: 'daily' } }],
    ...options,
  });
  const lastMs = Date.parse(to);
  for (let nightMs = Date.parse(from); nightMs <= lastMs; nightMs += DAY_MS) {
    const night = new Date(nightMs).toISOString().slice(0, 10);
    if (missing.includes(night)) continue;
    const state = failed.includes(night) ? 'failed' : 'available';
    scenario.aPoint({ of: 'web-1', policy: 'daily', slot: `${night}T02:00:00Z`, state });
  }
  return scenario;
};

const nightsOf = ({ images }: Pick<Scenario, 'images'>): readonly string[] =>
  images()
    .filter(({ tags }) => tags['imago:policy'] === 'daily')
    .map(({ tags, state }) =>
      [tags['imago:slot']?.slice(0, 10), ...(state === 'available' ? [] : [state])].join(' '),
    )
    .toReversed();

describe('seven days, four weeks and twelve months', () => {
  const TIERS = 'keep: { daily: 7, weekly: 4, monthly: 12 }';
  const MONTHS = ['2026-10-31', '2026-09-30', '2026-08-30', '2026-07-31', '2026-06-29'];
  const EARLIER = ['2026-05-31', '2026-04-30', '2026-03-31', '2026-02-28', '2026-01-31'];

  test('keep the newest good point of each, and one that failed is made up for by the next', async () => {
    const scenario = aHistory(TIERS, {
      from: '2025-11-01',
      to: '2026-11-28',
      failed: ['2026-08-31'],
      missing: ['2026-06-30'],
    });
    const week = ['28', '27', '26', '25', '24', '23', '22'].map((day) => `2026-11-${day}`);
    const weeks = ['2026-11-15', '2026-11-08'];

    await scenario.until('2026-11-28T04:45:00Z');

    expect(nightsOf(scenario)).toEqual([...week, ...weeks, ...MONTHS, ...EARLIER, '2025-12-31']);
  });

  test('go on over the end of a month whose last night failed', async () => {
    const scenario = aHistory(TIERS, {
      from: '2025-11-01',
      to: '2026-11-28',
      failed: ['2026-08-31'],
      missing: ['2026-06-30'],
    });
    await scenario.until('2026-11-30T01:00:00Z');
    scenario.cloud.behave({ imageFailure: 1, brokenSnapshotsCountAsPending: false });
    await scenario.until('2026-12-01T01:59:00Z');
    scenario.cloud.behave({ imageFailure: 0 });

    await scenario.until('2026-12-03T04:45:00Z');

    const december = ['2026-12-03', '2026-12-02', '2026-12-01'];
    const november = ['29', '28', '27', '26', '22', '15'].map((day) => `2026-11-${day}`);
    expect(nightsOf(scenario)).toEqual([...december, ...november, ...MONTHS, ...EARLIER]);
  });
});

test('if backups stop, expiry stops', async () => {
  const scenario = aHistory(
    'keep: { within: 3d }',
    { from: '2026-11-01', to: '2026-11-06' },
    { startsAt: '2026-12-24T04:10:00Z', instances: [{ name: 'web-1', tags: {} }] },
  );

  await scenario.until('2026-12-26T05:00:00Z');

  expect(nightsOf(scenario)).toEqual(['2026-11-06', '2026-11-05', '2026-11-04']);
  expect(scenario.logged('removed ami-')).toHaveLength(3);
});

describe('a source that is gone', () => {
  const GONE = 'keep: { last: 3 }\nwhenSourceGone: { keepLast: 1, for: 30d }';

  const aSourceThatIsGone = () => {
    const history = { from: '2026-10-01', to: '2026-10-03' };
    const scenario = aHistory(GONE, history, { startsAt: '2026-11-01T04:10:00Z' });
    scenario.cloud.ec2.TerminateInstances(
      { InstanceIds: [scenario.id('web-1')] },
      scenario.byHand(),
    );
    scenario.launchNow({ name: 'other', tags: {} });
    return scenario;
  };

  test('loses all but the last of its points at once, and that one when its time is over', async () => {
    const scenario = aSourceThatIsGone();

    await scenario.until('2026-11-01T05:00:00Z');
    expect(nightsOf(scenario)).toEqual(['2026-10-03']);
    await scenario.until('2026-11-02T04:29:00Z');
    expect(nightsOf(scenario)).toEqual(['2026-10-03']);
    await scenario.until('2026-11-02T04:45:00Z');

    expect(nightsOf(scenario)).toEqual([]);
    expect(scenario.snapshotIds()).toEqual([]);
  });

  test('keeps it while the instances cannot be listed, and loses it once they can', async () => {
    const scenario = aSourceThatIsGone();
    await scenario.until('2026-11-01T05:00:00Z');
    const [last] = scenario.images();
    const code = 'UnauthorizedOperation';
    const mend = scenario.cloud.inject({ action: 'DescribeInstances', code });

    await scenario.until('2026-11-02T05:00:00Z');
    expect(nightsOf(scenario)).toEqual(['2026-10-03']);
    expect(
      scenario
        .reasonsFor(last?.imageId ?? '')
        .at(-1)
        ?.at(-1),
    ).toMatch(/^PRO-27 unknown-source/);
    mend();
    await scenario.until('2026-11-03T05:00:00Z');

    expect(nightsOf(scenario)).toEqual([]);
  });

  test('leaves no snapshot for good that EC2 would not delete with its image', async () => {
    const scenario = aSourceThatIsGone();
    scenario.cloud.behave({ snapshotDeleteFailure: 1 });
    const code = 'UnauthorizedOperation';
    const mend = scenario.cloud.inject({ action: 'DeleteSnapshot', code });
    await scenario.until('2026-11-01T04:12:00Z'); // the other is running by then
    // Its point, so that the list of images is not empty.
    scenario.aPoint({ of: 'other', policy: 'daily', slot: '2026-10-31T02:00:00Z' });
    await scenario.until('2026-11-02T05:00:00Z');
    expect(nightsOf(scenario)).toEqual(['2026-10-31']);
    expect(scenario.snapshotIds()).toHaveLength(4);

    mend();
    await scenario.until('2026-11-03T05:00:00Z');

    expect(scenario.snapshotIds()).toHaveLength(1);
  });
});

test('retirement comes when a window opens, and removes at no other time', async () => {
  const during = '[{ days: [SUN], from: "12:00", to: "13:00" }]';
  const scenario = aHistory(`keep: { last: 2 }\nretire: { during: ${during} }`, {
    from: '2026-11-18',
    to: '2026-11-21',
  });

  await scenario.until('2026-11-22T11:59:00Z');
  expect(nightsOf(scenario)).toHaveLength(5);
  await scenario.until('2026-11-22T12:10:00Z');

  expect(nightsOf(scenario)).toEqual(['2026-11-22', '2026-11-21']);
});

test('a tag that no rule can be read from is told once, and the policy decides', async () => {
  const scenario = aHistory('keep: { last: 2 }', { from: '2026-11-18', to: '2026-11-21' });
  const Tags = [{ Key: 'imago:keep', Value: 'for long' }];
  scenario.cloud.ec2.CreateTags({ Resources: [scenario.id('web-1')], Tags }, scenario.byHand());

  await scenario.until('2026-11-21T04:45:00Z');

  expect(nightsOf(scenario)).toEqual(['2026-11-21', '2026-11-20']);
  expect(scenario.logged('tag not understood: ')).toMatchObject([
    {
      message: `tag not understood: RET-09 keep-tag-invalid imago:keep=for long of ${scenario.id('web-1')}`,
      images: 4,
    },
  ]);
});
