import { describe, expect, it } from 'vitest';
import { copyStates, isOwed } from '../../shared/domain/copies.ts';
import type { Image } from '../../shared/domain/model.ts';
import { pointsAt } from '../../shared/domain/point.ts';
import type { Keep } from '../../shared/domain/policy.ts';
import { aCopy, aPoint, at, DEPLOYMENT, ELSEWHERE, HOME } from '../support/builders.ts';

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T02:00Z`;
const home = (number: number, parts: Parameters<typeof aPoint>[0] = {}): Image =>
  aPoint({ id: `ami-${number}`, slot: day(number), ...parts });
const copy = (number: number, parts: Parameters<typeof aCopy>[0] = {}): Image =>
  aCopy({ id: `copy-${number}`, slot: day(number), ...parts });

/** `ami-21 missing owed 0`: each source with its state and rank. */
const statesOf = (
  atHome: readonly Image[],
  atDestination: readonly Image[],
  keep: Keep,
): readonly string[] =>
  copyStates(
    pointsAt(atHome, DEPLOYMENT, HOME),
    pointsAt(atDestination, DEPLOYMENT, ELSEWHERE),
    keep,
    at('2026-11-21T03:00Z'),
  ).map((one) =>
    [one.source.image.id, one.state, ...(isOwed(one) ? ['owed'] : []), one.rank].join(' '),
  );

describe('what a destination is owed', () => {
  it('is what its own rule would keep, newest first', () => {
    expect(statesOf([home(19), home(21), home(20)], [], { last: 2 })).toEqual([
      'ami-21 missing owed 0',
      'ami-20 missing owed 1',
      'ami-19 unwanted 2',
    ]);
  });

  it('is what is young enough, where the rule is an age', () => {
    expect(statesOf([home(19), home(20), home(21)], [], { withinMs: 90_000_000 })).toEqual([
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
      pointsAt([home(21)], DEPLOYMENT, HOME),
      pointsAt(
        [
          copy(21, { id: 'copy-a', state: 'failed' }),
          copy(21, { id: 'copy-b', state: 'invalid', retry: 1 }),
          copy(20, { id: 'copy-c', state: 'failed' }),
        ],
        DEPLOYMENT,
        ELSEWHERE,
      ),
      { last: 1 },
      at('2026-11-21T03:00Z'),
    );

    expect(state?.state).toBe('missing');
    expect(state?.copies.map(({ image }) => image.id)).toEqual(['copy-a', 'copy-b']);
  });

  it('is not what failed once and was then made', () => {
    const there = [copy(21, { id: 'copy-a', state: 'failed' }), copy(21, { retry: 1 })];

    expect(statesOf([home(21)], there, { last: 1 })).toEqual(['ami-21 exists 0']);
  });
});
