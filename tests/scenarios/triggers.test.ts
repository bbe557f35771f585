import { describe, expect, test } from 'vitest';
import { type Scenario, aScenario } from '../support/scenario.ts';

const policyWith = (when: string, more = ''): string => `
version: 1
policies:
  - id: events
    select: { tags: { Backup: daily } }
    when: ${when}
    rpo: 25h
    keep: { last: 30 }
    ${more}
`;

const ON_STOP = policyWith('[{ event: stopped, atMostEvery: 6h }]');
const ON_TAGS = policyWith('[{ event: tag-changed, atMostEvery: 1h }]');

const begin = (policy: string, startsAt = '2026-11-03T01:03:00Z'): Scenario =>
  aScenario({ policy, startsAt, instances: [{ name: 'web-1', tags: { Backup: 'daily' } }] });

const act = (scenario: Scenario, deed: 'StartInstances' | 'StopInstances'): void => {
  scenario.cloud.ec2[deed]({ InstanceIds: [scenario.id('web-1')] }, scenario.byHand());
};

const tag = (scenario: Scenario, Key: string, Value: string): void => {
  const change = { Resources: [scenario.id('web-1')], Tags: [{ Key, Value }] };
  scenario.cloud.ec2.CreateTags(change, scenario.byHand());
};

/** Slot, instant and the state that the source was in, of each point. */
const points = (scenario: Scenario): readonly (readonly (string | undefined)[])[] =>
  scenario
    .images()
    .map(({ tags, madeAt }) => [tags['imago:slot'], madeAt, tags['imago:source-state']]);

const FIRST = ['2026-11-03T00-00-00Z', '2026-11-03T01:11:01Z', 'stopped'];

describe('an instance that is stopped', () => {
  test('gets one point, soon, and no other while it stays so', async () => {
    const scenario = begin(ON_STOP);
    await scenario.until('2026-11-03T01:10:00Z');
    expect(points(scenario)).toEqual([]);

    act(scenario, 'StopInstances');
    await scenario.until('2026-11-05T01:00:00Z');

    // Stopped after half a minute, told a second later, and half a minute in the queue.
    expect(points(scenario)).toEqual([FIRST]);
  });

  test('gets one point for two stops within the interval, and one more if it stays stopped', async () => {
    const scenario = begin(ON_STOP);
    await scenario.until('2026-11-03T01:10:00Z');
    act(scenario, 'StopInstances');
    await scenario.until('2026-11-03T02:10:00Z');
    act(scenario, 'StartInstances');
    await scenario.until('2026-11-03T03:10:00Z');
    act(scenario, 'StopInstances');

    await scenario.until('2026-11-03T06:00:00Z');
    expect(points(scenario)).toEqual([FIRST]);
    expect(scenario.calls('CreateImage')).toBe(1);

    await scenario.until('2026-11-05T01:00:00Z');
    expect(points(scenario)).toEqual([
      FIRST,
      ['2026-11-03T06-00-00Z', '2026-11-03T06:00:30Z', 'stopped'],
    ]);
  });

  test('gets none more where it runs again when the interval is over', async () => {
    const scenario = begin(ON_STOP);
    await scenario.until('2026-11-03T01:10:00Z');
    for (const hour of ['02', '03', '04', '05']) {
      act(scenario, hour === '02' || hour === '04' ? 'StopInstances' : 'StartInstances');
      await scenario.until(`2026-11-03T${hour}:10:00Z`);
    }

    await scenario.until('2026-11-05T01:00:00Z');

    expect(points(scenario)).toEqual([FIRST]);
  });

  test('gets its point by the sweep where the event is lost', async () => {
    const scenario = begin(ON_STOP);
    scenario.cloud.behave({ eventLoss: 1 });
    await scenario.until('2026-11-03T01:10:00Z');

    act(scenario, 'StopInstances');
    await scenario.until('2026-11-03T03:00:00Z');

    expect(points(scenario)).toEqual([['2026-11-03T00-00-00Z', '2026-11-03T02:00:30Z', 'stopped']]);
  });

  test('gets one point where every event comes twice', async () => {
    const scenario = begin(ON_STOP);
    scenario.cloud.behave({ eventDuplicate: 1 });
    await scenario.until('2026-11-03T01:10:00Z');

    act(scenario, 'StopInstances');
    await scenario.until('2026-11-03T09:00:00Z');

    expect(points(scenario)).toEqual([FIRST]);
    expect(scenario.calls('CreateImage')).toBe(1);
  });

  test('gets another try where its image fails', async () => {
    const scenario = begin(ON_STOP);
    scenario.cloud.behave({ imageFailure: 1 });
    await scenario.until('2026-11-03T01:10:00Z');
    act(scenario, 'StopInstances');
    await scenario.until('2026-11-03T01:15:00Z');
    scenario.cloud.behave({ imageFailure: 0 });

    await scenario.until('2026-11-03T04:00:00Z');

    expect(
      scenario
        .images()
        .map(({ name, state, madeAt }) => [name.replace(/.*T00-00-00Z/, ''), state, madeAt]),
    ).toEqual([
      ['', 'failed', '2026-11-03T01:11:01Z'],
      ['/r1', 'available', '2026-11-03T01:16:32Z'],
    ]);
  });

  test('gets a point that says why', async () => {
    const scenario = begin(ON_STOP);
    await scenario.until('2026-11-03T01:10:00Z');

    act(scenario, 'StopInstances');
    await scenario.until('2026-11-03T01:12:00Z');

    expect(scenario.logged('create imago').map(({ reasons }) => reasons)).toEqual([
      ['SCH-11 event-due stopped'],
    ]);
  });
});

test('an instance that is started gets one point each time', async () => {
  const scenario = begin(policyWith('[{ event: running, atMostEvery: 1h }]'));
  await scenario.until('2026-11-03T02:10:00Z');
  act(scenario, 'StopInstances');
  await scenario.until('2026-11-03T03:10:00Z');
  act(scenario, 'StartInstances');

  await scenario.until('2026-11-04T01:00:00Z');

  expect(points(scenario)).toEqual([
    ['2026-11-03T02-00-00Z', '2026-11-03T02:00:30Z', 'running'],
    ['2026-11-03T03-00-00Z', '2026-11-03T03:11:01Z', 'running'],
  ]);
});

describe('an instance whose tags change', () => {
  /** The first sweep has made the point of the tags that it begins with. */
  const settled = async (policy = ON_TAGS): Promise<Scenario> => {
    const scenario = begin(policy);
    await scenario.until('2026-11-03T03:10:00Z');
    expect(scenario.images().map(({ madeAt }) => madeAt)).toEqual(['2026-11-03T02:00:30Z']);
    return scenario;
  };

  test('gets a point', async () => {
    const scenario = await settled();

    tag(scenario, 'Owner', 'operations');
    await scenario.until('2026-11-04T01:00:00Z');

    expect(scenario.images().map(({ tags, madeAt }) => [tags['imago:slot'], madeAt])).toEqual([
      ['2026-11-03T02-00-00Z', '2026-11-03T02:00:30Z'],
      ['2026-11-03T03-00-00Z', '2026-11-03T03:10:31Z'],
    ]);
    expect(new Set(scenario.images().map(({ tags }) => tags['imago:source-tags'])).size).toBe(2);
  });

  test.each(['imago:keep', 'imago:schedule', 'imago:mine'])(
    'gets none where the tag is %s, nor is it looked at',
    async (key) => {
      const scenario = await settled();
      const lookedAt = scenario.calls('DescribeInstances');

      tag(scenario, key, 'all');
      await scenario.until('2026-11-03T03:59:00Z');
      expect(scenario.calls('DescribeInstances')).toBe(lookedAt);

      await scenario.until('2026-11-04T01:00:00Z');
      expect(scenario.images()).toHaveLength(1);
    },
  );

  test('gets its point by the sweep where the event is lost', async () => {
    const scenario = await settled();
    scenario.cloud.behave({ eventLoss: 1 });

    tag(scenario, 'Owner', 'operations');
    await scenario.until('2026-11-04T01:00:00Z');

    expect(scenario.images().map(({ madeAt }) => madeAt)).toEqual([
      '2026-11-03T02:00:30Z',
      '2026-11-03T04:00:30Z',
    ]);
  });

  test('gets its first point at once where they make a policy select it', async () => {
    const scenario = aScenario({
      policy: policyWith('[{ schedule: cron(0 2 * * ? *) }]'),
      startsAt: '2026-11-03T15:03:00Z',
      instances: [{ name: 'web-1', tags: { Backup: 'none' } }],
    });
    await scenario.until('2026-11-03T17:10:00Z');
    expect(scenario.images()).toEqual([]);

    tag(scenario, 'Backup', 'daily');
    await scenario.until('2026-11-03T17:12:00Z');

    expect(scenario.images().map(({ tags, madeAt }) => [tags['imago:slot'], madeAt])).toEqual([
      ['2026-11-03T02-00-00Z', '2026-11-03T17:10:31Z'],
    ]);
  });
});

describe('a schedule and an event of one policy', () => {
  const BOTH = policyWith('[{ schedule: rate(6 hours) }, { event: stopped, atMostEvery: 6h }]');
  const MADE = ['2026-11-03T06-00-00Z', '2026-11-03T06:00:01Z', 'stopped'];

  test('make one point of one name where both are due', async () => {
    const scenario = begin(BOTH, '2026-11-03T05:03:00Z');
    await scenario.until('2026-11-03T05:59:00Z');

    act(scenario, 'StopInstances');
    await scenario.until('2026-11-03T11:59:00Z');

    expect(points(scenario)).toEqual([MADE]);
    expect(scenario.calls('CreateImage')).toBe(1);
  });

  test('make one point in an interval, and none for a stop after it', async () => {
    const scenario = begin(BOTH, '2026-11-03T05:03:00Z');
    await scenario.until('2026-11-03T06:10:00Z');

    act(scenario, 'StopInstances');
    await scenario.until('2026-11-03T12:10:00Z');

    expect(points(scenario)).toEqual([
      ['2026-11-03T06-00-00Z', '2026-11-03T06:00:30Z', 'running'],
      ['2026-11-03T12-00-00Z', '2026-11-03T12:00:30Z', 'stopped'],
    ]);
  });
});
