import type { CreateImageRequest } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../simulator/wire/api.ts';
import { type InstanceSpec, type Scenario, aScenario } from '../support/scenario.ts';

const policyWith = (when: string, more = ''): string => `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: ${when}
    rpo: 30h
    keep: { last: 30 }
    ${more}
`;

const web = (nth: number, tags: Readonly<Record<string, string>> = {}): InstanceSpec => ({
  name: `web-${nth}`,
  tags: { Backup: 'daily', ...tags },
});

/** Slot and instant of each point, in the order in which they were made. */
const madeBy = (scenario: Scenario): readonly (readonly (string | undefined)[])[] =>
  scenario.images().map(({ tags, madeAt }) => [tags['imago:slot'], madeAt]);

/** A fleet that has had its first points long before the slot at two o'clock. */
const settled = async (policy: string, instances: readonly InstanceSpec[]): Promise<Scenario> => {
  const scenario = aScenario({ policy, startsAt: '2026-11-02T20:03:00Z', instances });
  for (const { name } of instances) {
    scenario.aPoint({ of: name, policy: 'daily', slot: '2026-11-02T02:00:00Z' });
  }
  await scenario.until('2026-11-03T01:40:00Z');
  expect(scenario.calls('CreateImage')).toBe(0);
  return scenario;
};

const madeSince = (scenario: Scenario) =>
  madeBy(scenario).filter(([slot]) => slot !== '2026-11-02T02-00-00Z');

describe('an instance that picks its schedule by a tag', () => {
  const NAMED = policyWith(`
      - { schedule: cron(0 2 * * ? *), name: nightly }
      - { schedule: cron(0 4 * * ? *), name: late, optional: true }`);

  test('has that schedule, and others have those that are not optional', async () => {
    const scenario = await settled(NAMED, [web(1), web(2, { 'imago:schedule': 'late' })]);

    await scenario.until('2026-11-03T05:00:00Z');

    expect(
      scenario
        .images()
        .slice(2)
        .map(({ tags }) => [tags['imago:source'], tags['imago:slot']]),
    ).toEqual([
      [scenario.id('web-1'), '2026-11-03T02-00-00Z'],
      [scenario.id('web-2'), '2026-11-03T04-00-00Z'],
    ]);
  });

  test("has the policy's own and is reported where there is no such schedule", async () => {
    const scenario = await settled(NAMED, [web(1, { 'imago:schedule': 'hourly' }), web(2)]);

    await scenario.until('2026-11-03T06:01:00Z');

    expect(madeSince(scenario).map(([slot]) => slot)).toEqual([
      '2026-11-03T02-00-00Z',
      '2026-11-03T02-00-00Z',
    ]);
    const reports = scenario.published().filter(({ type }) => type === 'Imago Coverage Report');
    expect(reports).toMatchObject([
      {
        detail: {
          ok: 2,
          attention: [
            {
              instanceId: scenario.id('web-1'),
              status: 'ok',
              reasons: [
                expect.stringMatching(/^SCH-02 slot-served ami-/),
                'SCH-19 schedule-tag-invalid "hourly": expected late or nightly',
              ],
            },
          ],
        },
      },
    ]);
  });
});

test('a source that lacks a required tag is backed up and reported, after what is not covered', async () => {
  const policy = policyWith('[{ schedule: cron(0 2 * * ? *) }]', 'tags: { required: [Owner] }');
  const scenario = await settled(policy, [web(1), web(2, { Owner: 'operations' })]);
  const forgotten = scenario.launchNow({ name: 'forgotten', tags: { Backup: 'dayly' } });
  const late = scenario.launchNow(web(3));
  scenario.beforeCall({ action: 'CreateImage' }, (input) => {
    if ((input as CreateImageRequest).InstanceId === late) {
      throw new ApiError('UnauthorizedOperation', 'Not allowed', 403);
    }
  });

  await scenario.until('2026-11-03T06:01:00Z');

  const [report] = scenario.published().filter(({ type }) => type === 'Imago Coverage Report');
  const attention = report?.detail['attention'] as readonly Record<string, unknown>[];
  expect(attention.slice(0, 2).map(({ instanceId }) => instanceId)).toEqual(
    [forgotten, late].toSorted(),
  );
  expect(attention.slice(2)).toMatchObject([
    {
      instanceId: scenario.id('web-1'),
      status: 'ok',
      reasons: [expect.stringMatching(/^SCH-02/), 'TAG-04 required-tag-missing Owner'],
    },
  ]);
});

describe('a slot that falls into a blackout', () => {
  const blackout = (to: string) =>
    policyWith(
      '[{ schedule: cron(0 2 * * ? *), startWithin: 1h, catchUp: 4h }]',
      `blackout: [{ from: "01:00", to: "${to}" }]`,
    );

  test('is made when the blackout ends', async () => {
    const scenario = await settled(blackout('02:40'), [web(1)]);

    await scenario.until('2026-11-03T02:40:00Z');
    expect(madeSince(scenario)).toEqual([]);

    await scenario.until('2026-11-03T04:00:00Z');
    expect(madeSince(scenario)).toEqual([['2026-11-03T02-00-00Z', '2026-11-03T02:40:30Z']]);
  });

  test('is missed where it may no longer be caught up then', async () => {
    const scenario = await settled(blackout('06:30'), [web(1)]);

    await scenario.until('2026-11-03T07:59:00Z');

    expect(madeSince(scenario)).toEqual([]);
  });
});

test('a jitter spreads the sources of a slot, each to a moment of its own', async () => {
  const fleet = [1, 2, 3, 4, 5, 6].map((nth) => web(nth));
  const scenario = await settled(
    policyWith('[{ schedule: cron(0 2 * * ? *), jitter: 40min }]'),
    fleet,
  );

  await scenario.until('2026-11-03T03:00:00Z');

  const made = madeSince(scenario);
  expect(new Set(made.map(([slot]) => slot))).toEqual(new Set(['2026-11-03T02-00-00Z']));
  expect(made.map(([, madeAt]) => madeAt)).toEqual([
    '2026-11-03T02:05:30Z',
    '2026-11-03T02:20:30Z',
    '2026-11-03T02:25:30Z',
    '2026-11-03T02:30:30Z',
    '2026-11-03T02:40:30Z',
    '2026-11-03T02:40:30Z',
  ]);
});

describe('reboots in batches', () => {
  const rebooting = (batchSize: number): string =>
    policyWith(
      '[{ schedule: cron(0 2 * * ? *), startWithin: 2h }]',
      `image: { reboot: true, batchSize: ${batchSize}, stagger: 15min }`,
    );
  const FLEET = [1, 2, 3, 4, 5].map((nth) => web(nth));

  test('begin two at a time, and the next once the stagger is over', async () => {
    const scenario = await settled(rebooting(2), FLEET);

    await scenario.until('2026-11-03T05:00:00Z');

    expect(madeSince(scenario).map(([, madeAt]) => madeAt)).toEqual([
      '2026-11-03T02:00:30Z',
      '2026-11-03T02:00:30Z',
      '2026-11-03T02:15:30Z',
      '2026-11-03T02:15:30Z',
      '2026-11-03T02:30:30Z',
    ]);
  });

  test.each([1, 2, 3, 4, 5])(
    'go on with the others while web-%i cannot be imaged and leaves no trace',
    async (nth) => {
      const scenario = await settled(rebooting(1), FLEET);
      const broken = scenario.id(`web-${nth}`);
      scenario.beforeCall({ action: 'CreateImage' }, (input) => {
        if ((input as CreateImageRequest).InstanceId === broken) {
          throw new ApiError('UnauthorizedOperation', 'Not allowed', 403);
        }
      });

      await scenario.until('2026-11-03T05:00:00Z');

      const sources = scenario
        .images()
        .slice(5)
        .map(({ tags }) => tags['imago:source'] ?? '');
      const others = FLEET.map(({ name }) => scenario.id(name)).filter((id) => id !== broken);
      expect(sources.toSorted()).toEqual(others.toSorted());
    },
  );
});
