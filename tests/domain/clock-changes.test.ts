import { describe, expect, it } from 'vitest';
import { localClock } from '../../shared/domain/calendar.ts';
import { clockChanges, firstReachedMs, furthestWallMs } from '../../shared/domain/clock-changes.ts';
import { at } from '../support/builders.ts';

const BERLIN = localClock('Europe/Berlin');
const APIA = localClock('Pacific/Apia');

const iso = (atMs: number): string => new Date(atMs).toISOString();

describe('how far the clocks have got', () => {
  it.each([
    ['2027-07-01T10:00:00.000Z', '2027-07-01T12:00:00.000Z'],
    // Put forward over an hour.
    ['2027-03-28T00:59:59.999Z', '2027-03-28T01:59:59.999Z'],
    ['2027-03-28T01:00:00.000Z', '2027-03-28T03:00:00.000Z'],
    // Put back: the end of the hour, until it is over for the second time.
    ['2027-10-31T00:59:59.999Z', '2027-10-31T02:59:59.999Z'],
    ['2027-10-31T01:00:00.000Z', '2027-10-31T02:59:59.999Z'],
    ['2027-10-31T01:59:59.999Z', '2027-10-31T02:59:59.999Z'],
    ['2027-10-31T02:00:00.000Z', '2027-10-31T03:00:00.000Z'],
    ['2027-11-01T01:00:00.000Z', '2027-11-01T02:00:00.000Z'],
  ])('in Berlin at %s is %s', (now, expected) => {
    expect(iso(furthestWallMs(BERLIN, at(now)))).toBe(expected);
  });
});

describe('when the clocks first reach a time', () => {
  it.each([
    ['2027-07-01T12:00:00.000Z', '2027-07-01T10:00:00.000Z'],
    ['2027-03-28T01:59:59.999Z', '2027-03-28T00:59:59.999Z'],
    ['2027-03-28T02:00:00.000Z', '2027-03-28T01:00:00.000Z'],
    ['2027-03-28T02:59:59.999Z', '2027-03-28T01:00:00.000Z'],
    ['2027-03-28T03:00:00.000Z', '2027-03-28T01:00:00.000Z'],
    ['2027-10-31T02:00:00.000Z', '2027-10-31T00:00:00.000Z'],
    ['2027-10-31T02:59:59.999Z', '2027-10-31T00:59:59.999Z'],
    ['2027-10-31T03:00:00.000Z', '2027-10-31T02:00:00.000Z'],
  ])('%s in Berlin is at %s', (wall, expected) => {
    expect(iso(firstReachedMs(BERLIN, at(wall)))).toBe(expected);
  });

  it.each(['2011-12-30T00:00Z', '2011-12-30T12:00Z', '2011-12-30T23:59Z', '2011-12-31T00:00Z'])(
    '%s in Apia is at the end of the 29th, for there was no 30th',
    (wall) => {
      expect(iso(firstReachedMs(APIA, at(wall)))).toBe('2011-12-30T10:00:00.000Z');
    },
  );
});

describe('clock changes', () => {
  it('are those of a year', () => {
    const changes = clockChanges(BERLIN, at('2027-01-01T12:34Z'), at('2028-01-01T00:00Z'));

    expect(changes.map(iso)).toEqual(['2027-03-28T01:00:00.000Z', '2027-10-31T01:00:00.000Z']);
  });

  it.each([
    ['after the beginning', '2027-03-28T00:59:59.999Z', '2027-03-28T01:00Z', 1],
    ['and not at the beginning', '2027-03-28T01:00Z', '2027-03-29T00:00Z', 0],
    ['and not after the end', '2027-03-20T00:00Z', '2027-03-28T00:59:59.999Z', 0],
    ['and up to the end', '2027-03-20T00:00Z', '2027-03-28T01:00Z', 1],
  ])('are found %s', (_, from, to, count) => {
    expect(clockChanges(BERLIN, at(from), at(to))).toHaveLength(count);
  });

  it('are none in UTC', () => {
    const clock = localClock('UTC');

    expect(clockChanges(clock, at('2026-01-01T00:00Z'), at('2028-01-01T00:00Z'))).toEqual([]);
  });
});
