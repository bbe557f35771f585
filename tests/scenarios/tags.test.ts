import { describe, expect, test } from 'vitest';
import { DR, HOME, type Scenario, type ScenarioOptions, aScenario } from '../support/scenario.ts';

/** Nothing is due here, so that all that happens is about tags. */
const policy = (more = '', tagPolicies = ''): string => `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 48h
    keep: { last: 5000 }
${more}
${tagPolicies}
`;

const WEB = { name: 'web-1', tags: { Backup: 'daily', Name: 'web-1' }, volumesGib: [8, 30] };

const KIND = '    tags: { set: { Kind: backup } }';

const aWorld = (text: string, parts: Partial<ScenarioOptions> = {}): Scenario =>
  aScenario({
    policy: text,
    startsAt: '2026-11-03T03:10:00Z',
    instances: [WEB],
    retireMode: 'plan',
    ...parts,
  });

/** A world with last night's point, made as the product makes it. */
const aNight = async (text: string, parts: Partial<ScenarioOptions> = {}): Promise<Scenario> => {
  const scenario = aWorld(text, { startsAt: '2026-11-03T01:30:00Z', ...parts });
  await scenario.until('2026-11-03T02:30:00Z');
  return scenario;
};

const removeTag = ({ cloud, byHand }: Scenario, id: string, key: string): void => {
  cloud.ec2.DeleteTags({ Resources: [id], Tags: [{ Key: key }] }, byHand());
};

const writeTag = ({ cloud, byHand }: Scenario, id: string, key: string, value: string): void => {
  cloud.ec2.CreateTags({ Resources: [id], Tags: [{ Key: key, Value: value }] }, byHand());
};

const tagWrites = ({ callLog }: Scenario): readonly string[] =>
  callLog.filter(({ action }) => action === 'CreateTags').map(({ region }) => region);

/** The point and the ids of its two snapshots. */
const onlyPoint = ({ images }: Scenario) => {
  const [point, ...others] = images();
  const [root = '', data = ''] = point?.snapshotIds ?? [];
  if (point === undefined || others.length > 0) throw new Error('expected one point');
  return { point, root, data };
};

describe('a tag that somebody took off', () => {
  const COPIED = '    tags: { copy: [Name] }';

  test('a snapshot comes back in the next sweep that tidies, and not before', async () => {
    const scenario = await aNight(policy(COPIED));
    const { point, root } = onlyPoint(scenario);
    removeTag(scenario, root, 'Name');
    removeTag(scenario, root, 'imago:slot');

    await scenario.until('2026-11-03T04:59:00Z');
    expect(scenario.images()[0]?.snapshotTags[0]).not.toHaveProperty('Name');

    await scenario.until('2026-11-03T05:02:00Z');
    expect(scenario.images()[0]).toEqual(point);
    expect(tagWrites(scenario)).toEqual([HOME]);
  });

  test('an image comes back too, on image and snapshots in one call', async () => {
    const scenario = await aNight(policy(COPIED));
    const { point, root, data } = onlyPoint(scenario);
    for (const id of [point.imageId, root, data]) removeTag(scenario, id, 'Name');

    await scenario.until('2026-11-03T05:02:00Z');

    expect(scenario.images()[0]).toEqual(point);
    expect(tagWrites(scenario)).toEqual([HOME]);
  });

  test('stays off where it said how long something is kept or held', async () => {
    const scenario = await aNight(policy());
    const { point, root } = onlyPoint(scenario);
    writeTag(scenario, point.imageId, 'imago:hold', 'audit');
    writeTag(scenario, point.imageId, 'imago:keep', '90d');
    writeTag(scenario, root, 'imago:keep', '1d');
    const before = scenario.images();

    await scenario.until('2026-11-04T01:59:00Z');

    expect(scenario.images()).toEqual(before);
    expect(tagWrites(scenario)).toEqual([]);
  });

  test('a copy comes back from its source, by the pass of its own Region', async () => {
    const copying = `${COPIED}\n    copyTo: [{ region: eu-west-1, keep: { last: 9 } }]`;
    const scenario = await aNight(policy(copying));
    const [copy] = scenario.images(DR);
    const [root = ''] = copy?.snapshotIds ?? [];
    const call = scenario.byHand(DR);
    scenario.cloud.ec2.DeleteTags(
      { Resources: [copy?.imageId ?? '', root], Tags: [{ Key: 'Name' }] },
      call,
    );

    await scenario.until('2026-11-03T05:05:00Z');

    expect(copy?.tags['Name']).toBe('web-1');
    expect(scenario.images(DR)).toEqual([copy]);
    expect(tagWrites(scenario)).toEqual([DR]);
  });
});

test('what the policy sets is written on points that were there before it said so', async () => {
  const scenario = aWorld(policy(KIND));
  scenario.aPoint({ of: 'web-1', policy: 'daily', slot: '2026-11-03T02:00:00Z' });

  await scenario.until('2026-11-03T05:02:00Z');

  const { point } = onlyPoint(scenario);
  expect([point.tags, ...point.snapshotTags].map((tags) => tags['Kind'])).toEqual([
    'backup',
    'backup',
    'backup',
  ]);
  expect(scenario.published()).toEqual([
    {
      type: 'Imago Tags Repaired',
      detail: {
        version: 1,
        deployment: 'dev',
        place: '111122223333/eu-central-1',
        images: 1,
        snapshots: 2,
        keys: ['Kind'],
      },
      resources: [point.imageId, ...point.snapshotIds.toSorted()],
    },
  ]);
  expect(scenario.logged('reconciled').at(-1)).toMatchObject({ planned: 3, tagged: 3, done: 0 });
});

test('a snapshot gets the tags of its own volume, and no other', async () => {
  const scenario = await aNight(policy('    image: { volumeTags: [mount] }'));
  const { data } = onlyPoint(scenario);
  const { volumeId = '' } = scenario.cloud.ec2Core.store(HOME).snapshots.get(data) ?? {};
  writeTag(scenario, volumeId, 'mount', '/data');
  writeTag(scenario, volumeId, 'other', 'x');

  await scenario.until('2026-11-03T05:02:00Z');

  const { point } = onlyPoint(scenario);
  const mounts = [point.tags, ...point.snapshotTags].map(({ mount, other }) => [mount, other]);
  expect(mounts).toEqual([
    [undefined, undefined],
    [undefined, undefined],
    ['/data', undefined],
  ]);
});
