import { describe, expect, test } from 'vitest';
import type { Document } from 'yaml';
import { DR, aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
    tags: { copy: [Name] }
    keep: { last: 7 }
    copyTo: [{ region: eu-west-1, keep: { last: 2 } }]
`;

const WEB = { name: 'web-1', tags: { Backup: 'daily' }, volumesGib: [8, 30] };

const aNight = (rewire?: (wiring: Document) => void) =>
  aScenario({
    policy: POLICY,
    startsAt: '2026-11-03T01:30:00Z',
    instances: [WEB],
    ...(rewire && { rewire }),
  });

const madeAt = (images: readonly { readonly madeAt: string }[]): readonly string[] =>
  images.map((image) => image.madeAt);

describe('a point that became available', () => {
  test('is copied by the destination within a minute of its event', async () => {
    const { until, images, calls } = aNight();

    await until('2026-11-03T02:07:00Z');

    expect(images()).toMatchObject([{ madeAt: '2026-11-03T02:00:30Z', state: 'available' }]);
    // Available at 02:05:30; the event takes a second, and the queue half a minute.
    expect(madeAt(images(DR))).toEqual(['2026-11-03T02:06:01Z']);
    expect(calls('CopyImage', DR)).toBe(1);
    expect(calls('CopyImage')).toBe(1);
  });

  test('has a copy with its own name and tags, and a home and an origin of its own', async () => {
    const { id, until, images, calls } = aNight();

    await until('2026-11-03T02:30:00Z');

    const [point] = images();
    const [copy] = images(DR);
    const tags = {
      ...point?.tags,
      'imago:home': '111122223333/eu-west-1',
      'imago:copied-from': `111122223333/eu-central-1/${point?.imageId}`,
      'imago:captured-at': '2026-11-03T02:00:30.000Z',
    };
    expect(copy).toMatchObject({
      name: `imago/dev/daily/${id('web-1')}/2026-11-03T02-00-00Z`,
      state: 'available',
      description: `Imago daily: copy of ${point?.imageId} (eu-central-1), ${id('web-1')} at 2026-11-03T02-00-00Z`,
      tags,
      snapshotTags: [tags, tags],
    });
    expect(calls('CreateTags')).toBe(0);
  });

  test('is copied by the next sweep where no event tells of it', async () => {
    const { until, images } = aNight((wiring) => {
      const path = ['functions', 'on-ec2-event', 'events', 0];
      expect(wiring.getIn([...path, 'eventBridge', 'pattern', 'detail-type', 0])).toBe(
        'EC2 AMI State Change',
      );
      wiring.deleteIn(path);
    });

    await until('2026-11-03T02:59:00Z');
    expect(madeAt(images(DR))).toEqual([]);

    await until('2026-11-03T03:02:00Z');
    expect(madeAt(images(DR))).toEqual(['2026-11-03T03:01:00Z']);
  });

  test('is copied once, however often its event comes', async () => {
    const { until, images, cloud } = aNight();
    cloud.behave({ eventDuplicate: 1 });

    await until('2026-11-04T01:30:00Z');

    expect(images()).toHaveLength(1);
    expect(images(DR)).toHaveLength(1);
  });
});

test('nothing is made where dispatch has no schedule', async () => {
  const { until, images } = aNight((wiring) => {
    expect(wiring.getIn(['functions', 'dispatch', 'events', 0, 'schedule'])).toBe(
      'cron(0/5 * * * ? *)',
    );
    wiring.setIn(['functions', 'dispatch', 'events'], []);
  });

  await until('2026-11-06T01:30:00Z');

  expect([...images(), ...images(DR)]).toEqual([]);
});

describe('a copy that failed', () => {
  test('is made again under another name by the next wake-up, from the same point', async () => {
    const { id, until, images, cloud } = aNight();
    cloud.behave({ copyFailure: 1 });
    await until('2026-11-03T02:20:00Z');
    cloud.behave({ copyFailure: 0 });

    await until('2026-11-03T03:30:00Z');

    const name = `imago/dev/daily/${id('web-1')}/2026-11-03T02-00-00Z`;
    expect(images(DR).map((image) => [image.name, image.state, image.madeAt])).toEqual([
      [name, 'failed', '2026-11-03T02:06:01Z'],
      [`${name}/r1`, 'available', '2026-11-03T03:01:00Z'],
    ]);
  });
});

test('a destination keeps what its own rule keeps, and its expired copies are retired', async () => {
  const { until, images } = aNight();

  await until('2026-11-07T01:30:00Z');

  expect(images().map(({ tags }) => tags['imago:slot'])).toEqual([
    '2026-11-03T02-00-00Z',
    '2026-11-04T02-00-00Z',
    '2026-11-05T02-00-00Z',
    '2026-11-06T02-00-00Z',
  ]);
  expect(images(DR).map(({ tags }) => tags['imago:slot'])).toEqual([
    '2026-11-05T02-00-00Z',
    '2026-11-06T02-00-00Z',
  ]);
});

test('copies that find the quota full are made later, each one once', async () => {
  const names = ['web-1', 'web-2', 'web-3', 'web-4', 'web-5'];
  const { id, until, images } = aScenario({
    policy: POLICY,
    startsAt: '2026-11-03T01:30:00Z',
    instances: names.map((name) => ({ ...WEB, name })),
    manners: { concurrentCopies: 2 },
  });

  await until('2026-11-03T02:07:00Z');
  expect(images(DR)).toHaveLength(2);

  await until('2026-11-03T04:30:00Z');
  expect(
    images(DR)
      .map(({ tags }) => tags['imago:source'] ?? '')
      .sort(),
  ).toEqual(names.map(id).sort());
});
