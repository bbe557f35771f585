import { describe, expect, it } from 'vitest';
import { copyStates, lacksCopy, owedPoints } from '../../shared/domain/copies.ts';
import { NO_TIME } from '../../shared/domain/duration.ts';
import type { Image } from '../../shared/domain/model.ts';
import { latestFirst, type Point, pointsAt } from '../../shared/domain/point.ts';
import type { Keep } from '../../shared/domain/policy.ts';
import { aCopy, aPoint, DEPLOYMENT, ELSEWHERE, HOME } from '../support/builders.ts';

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T02:00Z`;
const home = (number: number, parts: Parameters<typeof aPoint>[0] = {}): Image =>
  aPoint({ id: `ami-${number}`, slot: day(number), ...parts });
const copy = (number: number, parts: Parameters<typeof aCopy>[0] = {}): Image =>
  aCopy({ id: `copy-${number}`, slot: day(number), ...parts });

const pointsOf = (images: readonly Image[], place = HOME): readonly Point[] =>
  pointsAt(images, DEPLOYMENT, place).toSorted(latestFirst);

/** `ami-21 missing owed 0`: each source with its state and rank. */
const statesOf = (
  atHome: readonly Image[],
  atDestination: readonly Image[],
  keep: Keep,
): readonly string[] => {
  const facts = [pointsOf(atHome), pointsOf(atDestination, ELSEWHERE)] as const;
  const rule = { keep, timezone: 'UTC' };
  const owed = owedPoints(...facts, rule);
  return copyStates(...facts, rule).map(({ source, state, rank }) =>
    [source.image.id, state, ...(owed.has(source) ? ['owed'] : []), rank].join(' '),
  );
};

describe('what a destination is owed', () => {
  it('is what its own rule would keep, newest first', () => {
    expect(statesOf([home(19), home(21), home(20)], [], { last: 2 })).toEqual([
      'ami-21 missing owed 0',
      'ami-20 missing owed 1',
      'ami-19 unwanted 2',
    ]);
  });

  it('is what is young enough beside the newest, where the rule is an age', () => {
    const within = { ...NO_TIME, hours: 25 };

    expect(statesOf([home(19), home(20), home(21)], [], { within })).toEqual([
      'ami-21 missing owed 0',
      'ami-20 missing owed 1',
      'ami-19 unwanted 2',
    ]);
  });

  it('is not what is there already', () => {
    expect(statesOf([home(20), home(21)], [copy(21)], { last: 2 })).toEqual([
      'ami-21 exists 0',
      'ami-20 missing owed 1',
    ]);
  });

  it('is still what is on its way, since its source must stay until it is there', () => {
    expect(statesOf([home(21)], [copy(21, { state: 'pending' })], { last: 1 })).toEqual([
      'ami-21 pending owed 0',
    ]);
  });

  it('is nothing older than what it keeps of points that are only there', () => {
    expect(statesOf([home(18), home(21)], [copy(19), copy(20)], { last: 3 })).toEqual([
      'ami-21 missing owed 0',
      'ami-18 unwanted 3',
    ]);
  });

  it('is only what can be copied: an available point', () => {
    const atHome = [home(21, { state: 'pending' }), home(20, { state: 'failed' }), home(19)];

    expect(statesOf(atHome, [], { last: 3 })).toEqual(['ami-19 missing owed 0']);
  });

  it('is what failed before, and every failure of it is remembered', () => {
    const [state] = copyStates(
      pointsOf([home(21)]),
      pointsOf(
        [
          copy(21, { id: 'copy-a', state: 'failed' }),
          copy(21, { id: 'copy-b', state: 'invalid', retry: 1 }),
          copy(20, { id: 'copy-c', state: 'failed' }),
        ],
        ELSEWHERE,
      ),
      { keep: { last: 1 }, timezone: 'UTC' },
    );

    expect(state?.state).toBe('missing');
    expect(state?.copies.map(({ image }) => image.id)).toEqual(['copy-a', 'copy-b']);
  });

  it('is not what failed once and was then made', () => {
    const there = [copy(21, { id: 'copy-a', state: 'failed' }), copy(21, { retry: 1 })];

    expect(statesOf([home(21)], there, { last: 1 })).toEqual(['ami-21 exists 0']);
  });

  it('is the newest of each period, over all that either place has', () => {
    // The 19th is a Thursday; the week of the 16th has its newest point at the destination.
    const atHome = [home(3), home(8), home(12), home(18)];

    expect(statesOf(atHome, [copy(15), copy(19)], { weekly: 2 })).toEqual([
      'ami-18 unwanted 1',
      'ami-12 unwanted 3',
      'ami-8 unwanted 4',
      'ami-3 unwanted 5',
    ]);
    expect(statesOf(atHome, [copy(19)], { weekly: 3 })).toEqual([
      'ami-18 unwanted 1',
      'ami-12 missing owed 2',
      'ami-8 missing owed 3',
      'ami-3 unwanted 4',
    ]);
  });

  it('is counted in the time zone of the policy', () => {
    const late = home(20, { slot: '2026-11-20T23:30Z' });
    const atHome = pointsOf([home(21), late, home(19), home(18)]);
    const wantedIn = (timezone: string): readonly string[] =>
      copyStates(atHome, [], { keep: { daily: 2 }, timezone })
        .filter(({ state }) => state === 'missing')
        .map(({ source }) => source.image.id);

    expect(wantedIn('UTC')).toEqual(['ami-21', 'ami-20']);
    // There it is noon of the 21st already.
    expect(wantedIn('Pacific/Auckland')).toEqual(['ami-21', 'ami-19']);
  });

  it('is one point of a slot, though a copy of the other stands for both', () => {
    const twice = [home(21, { id: 'ami-a' }), home(21, { id: 'ami-b', policyId: 'web-nightly' })];

    expect(statesOf(twice, [], { last: 2 })).toEqual(['ami-a missing owed 0']);
    expect(statesOf(twice, [copy(21, { policyId: 'web-nightly' })], { last: 2 })).toEqual([
      'ami-a exists 0',
    ]);
  });

  it('is nothing that would expire on arrival, where a destination has a slot twice', () => {
    const there = [copy(21, { id: 'copy-a' }), copy(21, { id: 'copy-b', policyId: 'web-nightly' })];

    expect(statesOf([home(21), home(20)], there, { last: 2 })).toEqual([
      'ami-21 exists 0',
      'ami-20 unwanted 1',
    ]);
  });

  it('is not made of a copy that the home holds for another home', () => {
    const atHome = [home(21), copy(20, { place: HOME })];

    expect(statesOf(atHome, [], { last: 2 })).toEqual(['ami-21 missing owed 0']);
  });

  it('is not displaced by a point that a clock which ran ahead named', () => {
    const ahead = home(20, { slot: '2027-03-20T02:00Z', created: day(20) });

    expect(statesOf([home(21), ahead], [], { last: 1 })).toEqual([
      'ami-21 missing owed 0',
      'ami-20 unwanted 1',
    ]);
  });
});

it('is owed one point of a slot, and no other of the same slot', () => {
  const atHome = pointsOf([
    home(21, { id: 'ami-a' }),
    home(21, { id: 'ami-b', policyId: 'web-nightly' }),
  ]);
  const owedBeside = (...there: readonly Image[]): readonly string[] =>
    [...owedPoints(atHome, pointsOf(there, ELSEWHERE), { keep: { last: 2 }, timezone: 'UTC' })].map(
      ({ image }) => image.id,
    );

  expect(owedBeside()).toEqual(['ami-a']);
  expect(owedBeside(copy(21, { state: 'pending' }))).toEqual(['ami-a']);
  expect(owedBeside(copy(21, { state: 'pending' }), copy(21, { id: 'copy-b' }))).toEqual([]);
});

it('lacks a copy exactly where one is missing', () => {
  const rule = { keep: { last: 2 }, timezone: 'UTC' };
  const lacks = (...there: readonly Image[]): boolean =>
    lacksCopy(pointsOf([home(21), home(20), home(19)]), pointsOf(there, ELSEWHERE), rule);

  expect(lacks()).toBe(true);
  expect(lacks(copy(21))).toBe(true);
  expect(lacks(copy(21), copy(20, { state: 'failed' }))).toBe(true);
  expect(lacks(copy(21), copy(20, { state: 'pending' }))).toBe(false);
  expect(lacks(copy(21), copy(20), copy(19))).toBe(false);
});
