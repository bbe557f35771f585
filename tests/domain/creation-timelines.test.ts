import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceTagsOf } from '../../shared/domain/event-triggers.ts';
import { jitterOf } from '../../shared/domain/jitter.ts';
import type { EventTrigger, ScheduleTrigger } from '../../shared/domain/policy.ts';
import type { OneWindow } from '../../shared/domain/windows.ts';
import { anEventTrigger, aPolicy, aTrigger } from '../support/builders.ts';
import {
  type Begun,
  DAY_MS,
  type Happening,
  live,
  START_MS,
  type Timeline,
} from '../support/timeline.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LOOK_MS = 5 * MINUTE_MS;
const DAYS = 2;
const RUNS = { numRuns: 12 };

const minute = fc.nat({ max: DAYS * 1_440 });
const minutes = (...choice: number[]) => fc.constantFrom(...choice).map((one) => one * MINUTE_MS);

const schedule: fc.Arbitrary<ScheduleTrigger> = fc
  .record({
    expression: fc.constantFrom(
      'rate(1 hour)',
      'rate(6 hours)',
      'cron(17 3,15 * * ? *)',
      'cron(58 1 * * ? *)',
    ),
    startWithinMs: minutes(10, 60),
    catchUpMs: minutes(20, 360, 720),
    jitterMs: minutes(0, 0, 30, 90),
  })
  .map(({ expression, ...parts }) => aTrigger(expression, parts));

const event: fc.Arbitrary<EventTrigger> = fc
  .record({
    event: fc.constantFrom('stopped', 'running', 'tag-changed'),
    atMostEveryMs: minutes(5, 60, 360, 1_440),
  })
  .map((parts) => anEventTrigger(parts));

const blackout: fc.Arbitrary<readonly OneWindow[]> = fc
  .array(fc.tuple(minute, fc.integer({ min: 5, max: 900 })), { maxLength: 3 })
  .map((all) =>
    all.map(([from, length]) => {
      const startMs = START_MS + from * MINUTE_MS;
      return { kind: 'once', startMs, endMs: startMs + length * MINUTE_MS };
    }),
  );

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constantFrom('stop', 'start'), minute }),
  fc.record({ kind: fc.constant('tag'), minute, value: fc.constantFrom('1', '2') }),
);

const happenings = fc.array(happening, { maxLength: 12 });
const fate = fc.record({ minutes: fc.nat({ max: 40 }), fails: fc.boolean() });
const fates = fc.array(fate, { minLength: 1, maxLength: 7 });

const isOpen = (windows: readonly OneWindow[], atMs: number): boolean =>
  windows.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);

const intervalOf = ({ atMostEveryMs }: EventTrigger, atMs: number): number =>
  Math.floor(atMs / atMostEveryMs) * atMostEveryMs;

const isOfEvent = ({ why }: Begun): boolean => why === 'SCH-11';

describe('over days of slots, events, blackouts and failures, a point', () => {
  it('takes a name of its own, and a slot beside nothing but failures, in no blackout', () => {
    const timeline = fc.record({
      when: fc.tuple(fc.array(schedule, { maxLength: 2 }), fc.array(event, { maxLength: 2 })),
      blackout,
      happenings,
      fates,
    });
    fc.assert(
      fc.property(timeline, ({ when: [schedules, events], ...parts }) => {
        const policy = aPolicy({ when: [...schedules, ...events], blackout: parts.blackout });
        const { begun } = live({ ...parts, policy, days: DAYS });
        const slotsOfNow = (one: Begun): readonly number[] =>
          isOfEvent(one)
            ? events.map((trigger) => intervalOf(trigger, one.atMs))
            : [Math.max(...schedules.map((each) => each.schedule.newestSlot(one.atMs) ?? 0))];

        expect(begun.filter(({ name, taken }) => taken.includes(name))).toEqual([]);
        expect(begun.filter((one) => one.beside.some(({ state }) => state !== 'failed'))).toEqual(
          [],
        );
        expect(begun.filter((one) => !slotsOfNow(one).includes(one.slotMs))).toEqual([]);
        expect(begun.filter(({ atMs }) => isOpen(parts.blackout, atMs))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('of a slot is begun once, at the first look after its moment and any blackout, if in time', () => {
    fc.assert(
      fc.property(schedule, blackout, (trigger, windows) => {
        const policy = aPolicy({ when: [trigger], blackout: windows });
        const { begun } = live({ policy, days: DAYS, happenings: [], fates: [QUICK] });
        const timesOf = (slotMs: number): readonly number[] =>
          begun.filter((one) => one.slotMs === slotMs).map(({ atMs }) => atMs);
        const slots = slotsOf(trigger);
        const inTime = slots.flatMap((slotMs) => {
          const dueMs = firstLookMs(trigger, windows, slotMs);
          return dueMs === undefined ? [] : { slotMs, times: [dueMs] };
        });

        expect(inTime.map(({ slotMs }) => ({ slotMs, times: timesOf(slotMs) }))).toEqual(inTime);
        // What is too late for its slot may still be called for by the RPO.
        expect(slots.filter((slotMs) => timesOf(slotMs).length > 1)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('of an event is the first of its interval, and tries that fail come hourly in the end', () => {
    fc.assert(
      fc.property(event, happenings, fates, (trigger, all, ends) => {
        const timeline = { policy: aPolicy({ when: [trigger] }), days: DAYS, happenings: all };
        const good = live({ ...timeline, fates: ends }).begun.filter(({ fails }) => !fails);
        const intervals = good.map(({ atMs }) => intervalOf(trigger, atMs));
        const failing = live({ ...timeline, fates: [{ minutes: 1, fails: true }] }).begun;
        const gaps = failing.slice(4).map(({ atMs }, nth) => atMs - (failing[nth + 3]?.atMs ?? 0));

        expect(new Set(intervals).size).toBe(intervals.length);
        expect(gaps.filter((gapMs) => gapMs < HOUR_MS - MINUTE_MS)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('of an event is not made again once the source has been left alone', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 2 }), happenings, (events, all) => {
        const everyMs = Math.max(...events.map(({ atMostEveryMs }) => atMostEveryMs));
        const timeline = {
          policy: aPolicy({ when: events }),
          days: DAYS + 4,
          happenings: all,
          fates: [QUICK],
        };
        const { begun, source, images } = live(timeline);
        const quietMs = START_MS + DAYS * DAY_MS + 2 * everyMs;
        const said = images.at(-1)?.tags;
        const isAsSaid = ({ event: kind }: EventTrigger): boolean =>
          kind === 'tag-changed'
            ? said?.['imago:source-tags'] === sourceTagsOf(source.tags)
            : kind !== source.state || said?.['imago:source-state'] === kind;

        expect(begun.filter(({ atMs }) => atMs >= quietMs)).toEqual([]);
        expect(events.filter((one) => !isAsSaid(one))).toEqual([]);
      }),
      RUNS,
    );
  });
});

const QUICK: Timeline['fates'][number] = { minutes: 4, fails: false };

/** Slots of the timeline whose moments and windows it sees whole, each with one that follows. */
const slotsOf = ({ schedule: { nextSlot } }: ScheduleTrigger): readonly number[] => {
  const slots: number[] = [];
  let slotMs = nextSlot(START_MS);
  while (slotMs !== undefined && slotMs < START_MS + (DAYS - 1) * DAY_MS) {
    slots.push(slotMs);
    slotMs = nextSlot(slotMs);
  }
  return slots;
};

/** When a slot ought to be begun; undefined if that is too late for it. */
const firstLookMs = (
  { schedule: { nextSlot }, jitterMs, startWithinMs, catchUpMs }: ScheduleTrigger,
  windows: readonly OneWindow[],
  slotMs: number,
): number | undefined => {
  const untilMs = nextSlot(slotMs) ?? Number.POSITIVE_INFINITY;
  const spreadMs = Math.min(jitterMs, untilMs - slotMs - LOOK_MS);
  const momentMs = slotMs + jitterOf(`web-daily/i-0aa/${slotMs}`, spreadMs);
  let lookMs = Math.ceil(momentMs / LOOK_MS) * LOOK_MS;
  while (isOpen(windows, lookMs)) lookMs += LOOK_MS;
  const isInTime = lookMs - momentMs <= startWithinMs || lookMs - slotMs <= catchUpMs;
  return isInTime && lookMs < untilMs ? lookMs : undefined;
};
