import { describe, expect, test } from 'vitest';
import { aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
    keep: { last: 7 }
`;

const aNightThatFails = () => {
  const scenario = aScenario({
    policy: POLICY,
    startsAt: '2026-11-03T01:30:00Z',
    instances: [{ name: 'web-1', tags: { Backup: 'daily' } }],
    manners: { imageFailure: 1, brokenSnapshotsCountAsPending: false },
  });
  const name = `imago/dev/daily/${scenario.id('web-1')}/2026-11-03T02-00-00Z`;
  const tries = () =>
    scenario.images().map((image) => [image.name.replace(name, 'slot'), image.state, image.madeAt]);
  return { ...scenario, tries };
};

describe('an image that failed', () => {
  test('is made again for the same slot five minutes later, under another name', async () => {
    const { until, tries, cloud } = aNightThatFails();
    await until('2026-11-03T02:05:45Z');
    cloud.behave({ imageFailure: 0 });

    await until('2026-11-03T04:29:00Z');

    expect(tries()).toEqual([
      ['slot', 'failed', '2026-11-03T02:00:30Z'],
      ['slot/r1', 'available', '2026-11-03T02:06:01Z'],
    ]);
  });

  test('stays until a good point exists, and goes in the next retirement run', async () => {
    const { until, tries, cloud, images, reasonsFor, snapshotIds } = aNightThatFails();
    await until('2026-11-03T02:05:45Z');
    cloud.behave({ imageFailure: 0 });
    await until('2026-11-03T04:29:00Z');
    const [failed, good] = images();

    await until('2026-11-03T04:31:00Z');

    expect(tries()).toEqual([['slot/r1', 'available', '2026-11-03T02:06:01Z']]);
    expect(reasonsFor(failed?.imageId ?? '')).toEqual([
      [`RET-11 failed-and-superseded ${good?.imageId}`],
    ]);
    expect(snapshotIds()).toEqual(good?.snapshotIds);
  });

  test('is published when the next try follows it, and so is each try', async () => {
    const { id, until, cloud, images, published } = aNightThatFails();
    await until('2026-11-03T02:05:45Z');
    cloud.behave({ imageFailure: 0 });
    await until('2026-11-03T04:29:00Z');
    const [failed, good] = images().map(({ imageId }) => imageId);

    const point = {
      version: 1,
      deployment: 'dev',
      policy: 'daily',
      source: id('web-1'),
      slot: '2026-11-03T02-00-00Z',
      place: '111122223333/eu-central-1',
      kind: 'point',
    };
    const reasons = ['SCH-01 slot-due 2026-11-03T02-00-00Z'];
    expect(published()).toEqual([
      {
        type: 'Imago Recovery Point Created',
        detail: { ...point, imageId: failed, attempt: 1, reasons },
        resources: [failed],
      },
      {
        type: 'Imago Recovery Point Failed',
        detail: {
          ...point,
          imageId: failed,
          attempt: 1,
          error: {
            code: 'ImageFailed',
            message: 'Server.InternalError: An internal error has occurred during AMI creation',
          },
        },
        resources: [failed],
      },
      {
        type: 'Imago Recovery Point Created',
        detail: { ...point, imageId: good, attempt: 2, reasons },
        resources: [good],
      },
    ]);
  });

  test('is followed by tries at the wake-ups of its slot, then hourly, while each fails, none under a name that was used', async () => {
    const { until, tries } = aNightThatFails();

    await until('2026-11-03T05:30:00Z');

    expect(tries()).toEqual([
      ['slot', 'failed', '2026-11-03T02:00:30Z'],
      ['slot/r1', 'failed', '2026-11-03T02:06:01Z'],
      ['slot/r2', 'failed', '2026-11-03T02:15:30Z'],
      ['slot/r3', 'failed', '2026-11-03T03:00:30Z'],
      ['slot/r4', 'failed', '2026-11-03T04:00:30Z'],
      ['slot/r5', 'failed', '2026-11-03T05:00:30Z'],
    ]);
  });

  test('is not retired while no point is good', async () => {
    const { until, images, calls, logged } = aNightThatFails();

    await until('2026-11-04T05:30:00Z');

    expect(logged('retired')).toHaveLength(2);
    expect(calls('DeregisterImage')).toBe(0);
    expect(new Set(images().map(({ state }) => state))).toEqual(new Set(['failed']));
  });
});

describe('a try that left no image', () => {
  test('is repeated by the wake-up five minutes after the slot', async () => {
    const { until, images, cloud } = aScenario({
      policy: POLICY,
      startsAt: '2026-11-03T01:30:00Z',
      instances: [{ name: 'web-1', tags: { Backup: 'daily' } }],
    });
    cloud.inject({
      action: 'CreateImage',
      code: 'SnapshotCreationPerVolumeRateExceeded',
      times: 1,
    });

    await until('2026-11-03T02:30:00Z');

    expect(images()).toMatchObject([{ madeAt: '2026-11-03T02:05:30Z', state: 'available' }]);
    expect(images()[0]?.name).toMatch(/\/2026-11-03T02-00-00Z$/);
  });

  test('is published as failed where waiting will not help, and the others are made', async () => {
    const { id, until, images, cloud, published } = aScenario({
      policy: POLICY,
      startsAt: '2026-11-03T01:30:00Z',
      instances: [
        { name: 'web-1', tags: { Backup: 'daily' } },
        { name: 'web-2', tags: { Backup: 'daily' } },
      ],
    });
    cloud.inject({ action: 'CreateImage', code: 'UnauthorizedOperation', message: 'No', times: 1 });

    await until('2026-11-03T02:01:00Z');

    const [first = '', second] = [id('web-1'), id('web-2')].sort();
    expect(images().map(({ tags }) => tags['imago:source'])).toEqual([second]);
    expect(published()).toMatchObject([
      {
        type: 'Imago Recovery Point Failed',
        detail: {
          source: first,
          attempt: 1,
          error: { code: 'UnauthorizedOperation', message: 'No' },
        },
        resources: [],
      },
      { type: 'Imago Recovery Point Created', detail: { source: second } },
    ]);
  });
});
