import { describe, expect, test } from 'vitest';
import { DR, aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
    keep: { last: 1 }
    copyTo: [{ region: eu-west-1, keep: { last: 7 } }]
`;

const WEB = { name: 'web-1', tags: { Backup: 'daily' }, volumesGib: [8, 30] };

const aNight = () =>
  aScenario({ policy: POLICY, startsAt: '2026-11-03T01:30:00Z', instances: [WEB] });

describe('what is published', () => {
  test('of a point and of its copy, when each is begun', async () => {
    const { id, until, published, images } = aNight();

    await until('2026-11-03T02:30:00Z');

    const [point] = images();
    const [copy] = images(DR);
    const common = {
      version: 1,
      deployment: 'dev',
      policy: 'daily',
      source: id('web-1'),
      slot: '2026-11-03T02-00-00Z',
    };
    expect(published()).toEqual([
      {
        type: 'Imago Recovery Point Created',
        resources: [point?.imageId],
        detail: {
          ...common,
          place: '111122223333/eu-central-1',
          imageId: point?.imageId,
          kind: 'point',
          attempt: 1,
          reasons: ['SCH-01 slot-due 2026-11-03T02-00-00Z'],
        },
      },
      {
        type: 'Imago Recovery Point Created',
        resources: [copy?.imageId],
        detail: {
          ...common,
          place: '111122223333/eu-west-1',
          imageId: copy?.imageId,
          kind: 'copy',
          attempt: 1,
          copiedFrom: { imageId: point?.imageId, region: 'eu-central-1' },
          reasons: ['COP-01 copy-due'],
        },
      },
    ]);
  });

  test('of a failed copy, with the image that failed', async () => {
    const { id, until, published, images, cloud } = aNight();
    cloud.behave({ copyFailure: 1 });
    await until('2026-11-03T02:20:00Z');
    cloud.behave({ copyFailure: 0 });

    await until('2026-11-03T03:30:00Z');

    const [failed] = images(DR);
    expect(published().filter(({ type }) => type === 'Imago Recovery Point Failed')).toEqual([
      {
        type: 'Imago Recovery Point Failed',
        resources: [failed?.imageId],
        detail: {
          version: 1,
          deployment: 'dev',
          policy: 'daily',
          source: id('web-1'),
          slot: '2026-11-03T02-00-00Z',
          place: '111122223333/eu-west-1',
          imageId: failed?.imageId,
          kind: 'copy',
          attempt: 1,
          error: {
            code: 'ImageFailed',
            message: 'Server.InternalError: Copy image failed with an internal error',
          },
        },
      },
    ]);
  });

  test('of a retired point, with what its removal frees at most', async () => {
    const { id, until, published, images, aPoint } = aNight();
    const old = aPoint({ of: 'web-1', policy: 'daily', slot: '2026-11-02T02:00:00Z' });
    const snapshotIds = images()[0]?.snapshotIds;

    await until('2026-11-03T04:31:00Z');

    expect(published().filter(({ type }) => type === 'Imago Recovery Point Retired')).toEqual([
      {
        type: 'Imago Recovery Point Retired',
        resources: [old],
        detail: {
          version: 1,
          deployment: 'dev',
          policy: 'daily',
          source: id('web-1'),
          slot: '2026-11-02T02-00-00Z',
          place: '111122223333/eu-central-1',
          imageId: old,
          snapshots: 'delete',
          snapshotIds,
          freedGiBAtMost: 38,
          reasons: ['RET-10 expired 2 of 2'],
        },
      },
    ]);
  });

  test('of the coverage, every day at six', async () => {
    const scenario = aScenario({
      policy: POLICY,
      startsAt: '2026-11-03T01:30:00Z',
      instances: [WEB, { name: 'forgotten', tags: {} }],
    });

    await scenario.until('2026-11-03T06:01:00Z');

    const reports = scenario.published().filter(({ type }) => type === 'Imago Coverage Report');
    expect(reports).toEqual([
      {
        type: 'Imago Coverage Report',
        resources: [],
        detail: {
          version: 1,
          deployment: 'dev',
          home: '111122223333/eu-central-1',
          ok: 1,
          breaches: 0,
          unprotected: 1,
          excluded: 0,
          withoutCopy: 0,
          unread: [],
          attention: [
            {
              instanceId: scenario.id('forgotten'),
              status: 'unprotected',
              lacksCopyIn: [],
              reasons: ['SEL-02 no-policy-selects-it no tag Backup'],
            },
          ],
        },
      },
    ]);
  });
});

describe('entries that the bus refuses', () => {
  test('are put again, each event once', async () => {
    const { until, cloud, calls, published, beforeCall } = aNight();
    cloud.behave({ putEventsEntryFailure: 1 });
    beforeCall({ action: 'PutEvents', nth: 2 }, () => {
      cloud.behave({ putEventsEntryFailure: 0 });
    });

    await until('2026-11-03T02:04:00Z');

    expect(calls('PutEvents')).toBe(2);
    expect(published().map(({ type }) => type)).toEqual(['Imago Recovery Point Created']);
  });

  test('are given up after four tries and said loudly, and the point stands', async () => {
    const { until, cloud, calls, images, logged, deadLetters } = aNight();
    cloud.behave({ putEventsEntryFailure: 1 });

    await until('2026-11-03T02:04:00Z');

    expect(calls('PutEvents')).toBe(4);
    expect(images()).toHaveLength(1);
    expect(logged('not published')).toMatchObject([
      { level: 'ERROR', message: 'not published: Imago Recovery Point Created' },
    ]);
    expect(deadLetters('backup')).toEqual([]);
  });
});
