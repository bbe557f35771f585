import { describe, expect, test } from 'vitest';
import { HOME, type Scenario, aScenario } from '../support/scenario.ts';

const policy = (tagPolicies: string): string => `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 48h
    keep: { last: 9 }
tagPolicies:
${tagPolicies}
`;

const COSTS =
  '  - { id: costs, images: { name: "golden*" }, set: { cost-centre: "42", from: "{image.name} of {region}" } }';

const aWorld = (tagPolicies = COSTS): Scenario =>
  aScenario({
    policy: policy(tagPolicies),
    startsAt: '2026-11-03T03:10:00Z',
    instances: [{ name: 'web-1', tags: {} }], // that no policy selects
    retireMode: 'plan',
  });

/** An image that somebody else makes of the instance now: it is pending for a while. */
const byOthers = (
  { cloud, id, byHand }: Scenario,
  name: string,
  tags: Readonly<Record<string, string>> = {},
): string => {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const TagSpecifications = [{ ResourceType: 'image' as const, Tags }];
  const { ImageId = '' } = cloud.ec2.CreateImage(
    { InstanceId: id('web-1'), Name: name, ...(Tags.length > 0 && { TagSpecifications }) },
    byHand(),
  );
  return ImageId;
};

const imageOf = ({ images }: Scenario, wanted: string) => {
  const found = images().find(({ imageId }) => imageId === wanted);
  if (found === undefined) throw new Error(`${wanted} is gone`);
  return found;
};

/** Keys that the product wrote by CreateTags, once each. */
const keysWritten = ({ callLog, cloud }: Scenario, wanted: string): readonly string[] => {
  expect(callLog.filter(({ action }) => action === 'CreateTags')).not.toEqual([]);
  return [...(cloud.ec2Core.store(HOME).images.get(wanted)?.tags.keys() ?? [])].toSorted();
};

describe('a tag policy', () => {
  test('tags what others made in the next hourly sweep, and never as if it were ours', async () => {
    const scenario = aWorld();
    const golden = byOthers(scenario, 'golden-1', { Owner: 'ops', 'cost-centre': '7' });
    const silver = byOthers(scenario, 'silver-1');

    await scenario.until('2026-11-03T03:59:00Z');
    expect(imageOf(scenario, golden).tags).toEqual({ Owner: 'ops', 'cost-centre': '7' });

    await scenario.until('2026-11-03T04:02:00Z');
    expect(imageOf(scenario, golden).tags).toEqual({
      Owner: 'ops',
      'cost-centre': '42',
      from: 'golden-1 of eu-central-1',
    });
    expect(imageOf(scenario, silver).tags).toEqual({});
    expect(keysWritten(scenario, golden)).toEqual(['Owner', 'cost-centre', 'from']);
  });

  test('tags the snapshots once a day', async () => {
    const scenario = aWorld();
    const golden = byOthers(scenario, 'golden-1');

    await scenario.until('2026-11-03T04:59:00Z');
    expect(imageOf(scenario, golden).snapshotTags).toEqual([{}]);

    await scenario.until('2026-11-03T05:02:00Z');
    expect(imageOf(scenario, golden).snapshotTags).toEqual([
      { 'cost-centre': '42', from: 'golden-1 of eu-central-1' },
    ]);
  });

  test('waits while an image is pending', async () => {
    const scenario = aWorld();
    scenario.cloud.behave({ imagePendingMs: { min: 7_200_000, max: 7_200_000 } });
    const golden = byOthers(scenario, 'golden-1');

    await scenario.until('2026-11-03T04:02:00Z');
    expect(imageOf(scenario, golden)).toMatchObject({ state: 'pending', tags: {} });

    await scenario.until('2026-11-03T06:02:00Z');
    expect(imageOf(scenario, golden).tags).toMatchObject({ 'cost-centre': '42' });
  });

  test('writes each thing once: later sweeps find nothing to do', async () => {
    const scenario = aWorld();
    byOthers(scenario, 'golden-1');

    await scenario.until('2026-11-03T05:30:00Z');
    const calls = scenario.calls('CreateTags');
    await scenario.until('2026-11-04T01:30:00Z');

    expect([calls, scenario.calls('CreateTags')]).toEqual([2, 2]);
  });

  test('reads all images of the account only where there is one', async () => {
    const filtersOf = async (scenario: Scenario): Promise<readonly unknown[]> => {
      const seen: unknown[] = [];
      scenario.beforeCall({ action: 'DescribeImages', region: HOME }, (input) => {
        seen.push((input as { readonly Filters?: unknown }).Filters);
      });
      await scenario.until('2026-11-03T04:02:00Z');
      return seen;
    };
    const without = aScenario({
      policy: policy('').replace('tagPolicies:', ''),
      startsAt: '2026-11-03T03:10:00Z',
      instances: [],
    });

    expect((await filtersOf(aWorld())).filter((one) => one === undefined)).toHaveLength(1);
    expect((await filtersOf(without)).filter((one) => one === undefined)).toEqual([]);
  });

  test('goes on with the others where one image is gone before it is tagged', async () => {
    const scenario = aWorld();
    const gone = byOthers(scenario, 'golden-1');
    const there = byOthers(scenario, 'golden-2');
    const alike = aWorld(
      '  - { id: costs, images: { name: "golden*" }, set: { cost-centre: "42" } }',
    );
    const [goneToo, thereToo] = [byOthers(alike, 'golden-1'), byOthers(alike, 'golden-2')];
    for (const [world, imageId] of [
      [scenario, gone],
      [alike, goneToo],
    ] as const) {
      world.beforeCall({ action: 'CreateTags', nth: 1 }, () => {
        world.cloud.ec2.DeregisterImage({ ImageId: imageId }, world.byHand());
      });
      await world.until('2026-11-03T04:02:00Z');
    }

    expect(imageOf(scenario, there).tags).toMatchObject({ 'cost-centre': '42' });
    expect(imageOf(alike, thereToo).tags).toEqual({ 'cost-centre': '42' });
    expect(alike.logged(`not tagged: ${goneToo}`)).toMatchObject([
      { status: 'superseded', reasons: [expect.stringMatching(/^TAG-07 gone-before-tagging Inv/)] },
    ]);
    expect(alike.published().map(({ detail }) => detail['images'])).toEqual([1]);
  });

  test('that may not write says so, and the pass goes on to its end', async () => {
    const scenario = aWorld();
    const golden = byOthers(scenario, 'golden-1');
    scenario.loseAnswer({ action: 'CreateTags' }, { code: 'UnauthorizedOperation', status: 403 });

    await scenario.until('2026-11-03T04:02:00Z');

    expect(scenario.logged(`not tagged: ${golden}`)).toMatchObject([
      { status: 'failed', level: 'ERROR', code: 'UnauthorizedOperation' },
    ]);
    expect(scenario.logged('reconciled').at(-1)).toMatchObject({ tagged: 0, isFinished: true });
    expect(scenario.published()).toEqual([]);
  });
});
