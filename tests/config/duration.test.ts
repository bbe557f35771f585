import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../shared/config/duration.ts';

describe('durations', () => {
  it.each([
    ['1m', 60_000],
    ['90m', 5_400_000],
    ['26h', 93_600_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['0d', 0],
    ['999999w', 604_799_395_200_000],
  ])('%s are %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '7',
    'd',
    '7 d',
    '7D',
    '7s',
    '7M',
    '1.5h',
    '-1h',
    '+1h',
    '1h30m',
    '1000000d',
    ' 7d',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
