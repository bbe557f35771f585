import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../shared/domain/explain-report.ts';
import type { Image } from '../../shared/domain/model.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import {
  ELSEWHERE,
  aCopy,
  aPoint,
  aPolicy,
  aPolicySet,
  aSnapshot,
  aTrigger,
  at,
} from '../support/builders.ts';
import { explainIn } from '../support/explain.ts';
import {
  type InventoryParts,
  inventory,
  launchPermissions,
  launchTemplate,
  seenImage,
  seenInstance,
  seenSnapshot,
  templateVersion,
} from '../support/inventory.ts';

const SOURCE = seenInstance({ id: 'i-0aa', tags: { Backup: 'daily' } });

/** Points of these days of November at two, as EC2 shows them; the first is `ami-1`. */
const points = (days: readonly number[], tags: Image['tags'] = {}) =>
  days.map((day) =>
    seenImage(
      aPoint({
        id: `ami-${day}`,
        slot: `2026-11-${String(day).padStart(2, '0')}T02:00Z`,
        sourceInstanceId: 'i-0aa',
        tags: day === days[0] ? tags : {},
      }),
    ),
  );

const explainPoint = (
  id: string,
  parts: InventoryParts,
  policy: Partial<Policy> = {},
  nowMs = at('2026-11-21T12:00Z'),
): Explanation =>
  explainIn(id, {
    inventories: [inventory({ instances: [SOURCE], ...withPermissions(parts) })],
    policySet: aPolicySet({ policies: [aPolicy(policy)] }),
    nowMs,
  });

/** Each image was asked, and is shared with nobody. */
const withPermissions = (parts: InventoryParts): InventoryParts => {
  const { images = [] } = parts;
  const all = 'items' in images ? images.items : images;
  return { permissions: all.map(({ id }) => launchPermissions({ imageId: id })), ...parts };
};

const told = ({ timeline }: Explanation) =>
  timeline.map(({ at: when, verdict, reasons }) => [
    when,
    verdict,
    reasons.map(({ id, evidence }) => (evidence === undefined ? id : `${id} ${evidence}`)),
  ]);

describe('when an image expires', () => {
  test('the slot that makes the point after the last that is kept', () => {
    expect(told(explainPoint('ami-20', { images: points([19, 20, 21]) }))).toEqual([
      ['2026-11-23T02:00:00.000Z', 'retire', ['RET-10 4 of 4']],
    ]);
  });

  test('each change of the rules that keep it is told', () => {
    const keep = { last: 1, daily: 2, weekly: 2 };

    expect(told(explainPoint('ami-21', { images: points([21]) }, { keep }))).toEqual([
      ['2026-11-22T02:00:00.000Z', 'keep', ['RET-04 2026-11-21', 'RET-05 oldest']],
      ['2026-11-23T02:00:00.000Z', 'retire', ['RET-10 3 of 3']],
    ]);
  });

  test('a hold lengthens it to its date, and says so', () => {
    const images = points([19, 20, 21], { 'imago:hold': '2026-11-30' });

    expect(told(explainPoint('ami-19', { images }))).toEqual([
      ['2026-11-22T02:00:00.000Z', 'protect', ['RET-10 4 of 4', 'PRO-03 2026-11-30']],
      ['2026-12-01T00:00:00.000Z', 'retire', ['RET-10 4 of 4']],
    ]);
  });

  test('where retirement has windows, the next one that opens', () => {
    const window = {
      kind: 'weekly',
      days: [3],
      startMinute: 360,
      endMinute: 480,
      timezone: 'UTC',
    } as const;
    const retire = { snapshots: 'delete', during: [window] } as const;

    expect(told(explainPoint('ami-19', { images: points([19, 20, 21]) }, { retire }))).toEqual([
      [
        '2026-11-22T02:00:00.000Z',
        'protect',
        ['RET-10 4 of 4', 'PRO-07 until 2026-11-25T06-00-00Z'],
      ],
      ['2026-11-25T06:00:00.000Z', 'retire', ['RET-10 4 of 4']],
    ]);
  });

  test('never by a count, once its source is not backed up any more', () => {
    const parts = {
      images: points([19, 20, 21]),
      instances: [seenInstance({ id: 'i-0aa', tags: {} })],
    };

    expect(told(explainPoint('ami-19', parts))).toEqual([]);
  });

  test('after the time that whenSourceGone gives, if its source is gone', () => {
    const parts = { images: points([1, 2, 3]), instances: [seenInstance({ id: 'i-0bb' })] };
    const whenSourceGone = {
      keepLast: 3,
      for: { years: 0, months: 0, days: 30, hours: 0, minutes: 0 },
    };

    expect(told(explainPoint('ami-1', parts, { whenSourceGone }))).toEqual([
      ['2026-12-04T00:00:00.000Z', 'retire', ['RET-10 3 of 3, its source is gone']],
    ]);
  });

  test('what uses it holds it for as long as nobody changes that', () => {
    const parts = {
      images: points([19, 20, 21]),
      launchTemplates: [launchTemplate()],
      launchTemplateVersions: [templateVersion({ image: 'ami-19' })],
    };
    const use = 'PRO-02 lt-web web version 1 (default, latest)';

    expect(told(explainPoint('ami-19', parts))).toEqual([
      ['2026-11-22T02:00:00.000Z', 'protect', ['RET-10 4 of 4', use]],
    ]);
  });

  test('a copy by the rule of its destination', () => {
    const home = inventory({ instances: [SOURCE], images: points([21]) });
    const image = seenImage(
      aCopy({ id: 'ami-c', of: 'ami-21', slot: '2026-11-21T02:00Z', sourceImageId: 'ami-21' }),
    );
    const there = inventory({
      target: ELSEWHERE,
      images: [image],
      permissions: [launchPermissions({ imageId: 'ami-c' })],
    });
    const copyTo = [{ region: ELSEWHERE.region, keep: { last: 2 } }];
    const policySet = aPolicySet({ policies: [aPolicy({ copyTo })] });

    expect(told(explainIn('ami-c', { inventories: [home, there], policySet }))).toEqual([
      ['2026-11-23T02:00:00.000Z', 'retire', ['RET-10 3 of 3']],
    ]);
  });
});

describe('what is waited for without a date', () => {
  test('is told of what holds an expired image back', () => {
    const parts = {
      images: points([18, 19, 20, 21]),
      instances: [SOURCE, seenInstance({ id: 'i-0bb', imageId: 'ami-18' })],
    };

    const { headline, timeline } = explainPoint('ami-18', parts);

    expect(headline).toBe('It has expired, and is held back');
    expect(timeline.map(({ at: when, what }) => [when, what])).toEqual([
      [undefined, 'once the instance that launched from it is terminated'],
    ]);
  });
});

test('a limit of the run defers to the next one', () => {
  const limits = { maxRemovals: { count: 1, percent: 100 }, keepAtLeast: 1 };
  const images = points([17, 18, 19, 20, 21]);
  const world = inventory({ instances: [SOURCE], ...withPermissions({ images }) });
  const policySet = aPolicySet({ limits, policies: [aPolicy()] });

  const { headline, timeline } = explainIn('ami-18', { inventories: [world], policySet });

  expect(headline).toBe(
    'It has expired, and waits for a later run: this one has reached its limit',
  );
  expect(timeline.map(({ at: when, what }) => [when, what])).toEqual([
    [undefined, 'once the next retirement run begins, or the limit is raised'],
  ]);
});

test('a copy that is owed is taken to arrive by the next slot', () => {
  const images = points([18, 19, 20, 21]);
  const home = inventory({ instances: [SOURCE], ...withPermissions({ images }) });
  const there = inventory({ target: ELSEWHERE });
  const copyTo = [{ region: ELSEWHERE.region, keep: { last: 4 } }];
  const policySet = aPolicySet({ policies: [aPolicy({ copyTo })] });

  const explanation = explainIn('ami-18', { inventories: [home, there], policySet });

  expect(told(explanation)).toEqual([
    ['2026-11-22T02:00:00.000Z', 'retire', ['RET-10 5 of 5']],
    [undefined, undefined, ['PRO-05 eu-west-1']],
  ]);
});

test('what never changes is looked at so far ahead, and then that is said', () => {
  const { timeline } = explainPoint('ami-21', { images: points([21]) }, { keep: { last: 1_500 } });

  expect(timeline.map(({ at: when, what }) => [when, what])).toEqual([
    ['2028-07-13T02:00:00.000Z', 'Still so then, and it was looked no further ahead'],
  ]);
});

describe('when a snapshot goes', () => {
  const left = (tags = {}) =>
    seenSnapshot(aSnapshot({ id: 'snap-1', startedMs: at('2026-11-21T11:30Z'), tags }));

  test('once it is old enough to be called an orphan', () => {
    const parts = { images: points([21]), snapshots: [left()] };

    expect(told(explainPoint('snap-1', parts))).toEqual([
      ['2026-11-21T12:30:00.000Z', 'delete-snapshot', ['RET-16']],
    ]);
  });

  test('when its hold is over', () => {
    const parts = { images: points([21]), snapshots: [left({ 'imago:hold': '2026-11-24' })] };

    expect(told(explainPoint('snap-1', parts))).toEqual([
      ['2026-11-21T12:30:00.000Z', 'keep', ['PRO-03 2026-11-24']],
      ['2026-11-25T00:00:00.000Z', 'delete-snapshot', ['RET-16']],
    ]);
  });

  test('with its image, if one is made of it', () => {
    const parts = {
      images: points([21]),
      snapshots: [seenSnapshot(aSnapshot({ id: 'snap-of-ami-21' }))],
    };

    const { timeline, notes } = explainPoint('snap-of-ami-21', parts);

    expect(notes).toEqual(['No orphan: ami-21 is made of it.']);
    expect(timeline.map(({ what }) => what)).toEqual([
      'its image ami-21 decides: imago explain ami-21',
    ]);
  });
});

describe('what comes of an instance', () => {
  test('its next slots, and when it breaches its RPO', () => {
    const { timeline } = explainPoint('i-0aa', { images: points([21]) });

    expect(timeline.map(({ at: when, what }) => [when, what])).toEqual([
      ['2026-11-22T02:00:00.000Z', 'slot of web-daily: a point is made'],
      [
        '2026-11-22T04:00:00.000Z',
        'breach of the RPO of web-daily, if no point newer than ami-21 is made by then',
      ],
      ['2026-11-23T02:00:00.000Z', 'slot of web-daily: a point is made'],
      ['2026-11-24T02:00:00.000Z', 'slot of web-daily: a point is made'],
    ]);
  });

  test('its own moment of each slot, where the policy spreads its instances', () => {
    const when = [aTrigger('cron(0 2 * * ? *)', { jitterMs: 1_800_000 })];
    const { timeline } = explainPoint('i-0aa', { images: points([21]) }, { when });
    const slots = timeline.filter(({ what }) => what.startsWith('slot'));

    expect(slots.map(({ what }) => what)).toEqual(
      Array(3).fill('slot of web-daily: a point is made'),
    );
    expect(slots.map(({ at: moment }) => moment?.slice(0, 13))).toEqual([
      '2026-11-22T02',
      '2026-11-23T02',
      '2026-11-24T02',
    ]);
    expect(slots.map(({ at: moment }) => moment?.slice(13))).not.toContain(':00:00.000Z');
  });

  test('the moment of a slot that has begun, where it has not come', () => {
    const when = [aTrigger('cron(0 2 * * ? *)', { jitterMs: 1_800_000 })];
    const nowMs = at('2026-11-22T02:00Z');
    const { timeline } = explainPoint('i-0aa', { images: points([21]) }, { when }, nowMs);
    const slots = timeline.filter(({ what }) => what.startsWith('slot'));

    expect(slots.map(({ at: moment }) => moment?.slice(0, 10))).toEqual([
      '2026-11-22',
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
    ]);
  });

  test('a slot that falls into a blackout is made up for at its end', () => {
    const blackout = [
      { kind: 'once', startMs: at('2026-11-22T01:00Z'), endMs: at('2026-11-22T05:00Z') } as const,
    ];

    const { timeline } = explainPoint('i-0aa', { images: points([21]) }, { blackout });

    expect(timeline.map(({ at: when, what }) => [when, what]).slice(0, 3)).toEqual([
      ['2026-11-22T02:00:00.000Z', 'slot of web-daily: none is made yet'],
      [
        '2026-11-22T04:00:00.000Z',
        'breach of the RPO of web-daily, if no point newer than ami-21 is made by then',
      ],
      ['2026-11-22T05:00:00.000Z', 'end of a blackout of web-daily: a point is made'],
    ]);
  });
});
