import { describe, expect, test } from 'vitest';
import { DEFAULT_MANNERS } from '../../simulator/manners.ts';
import { readAllManners, readManners } from '../../simulator/manners-schema.ts';
import { FAULT_LEVELS, PROFILES } from '../../simulator/profiles.ts';

const problemOf = (value: unknown): string => {
  const read = readManners(value);
  return read.ok ? 'none' : read.problem;
};

describe('manners from outside', () => {
  test('are taken one by one', () => {
    expect(readManners({ imageFailure: 0.5, buckets: 'published' })).toEqual({
      ok: true,
      changes: { imageFailure: 0.5, buckets: 'published' },
    });
  });

  test.each([
    [[], 'expected an object of manners by name'],
    [{ imageFailures: 1 }, 'imageFailures: no manner is called that; GET them for their names'],
    [{ imageFailure: 2 }, 'imageFailure: expected a number of 0 or more, 1 at most'],
    [{ imageFailure: '1' }, 'imageFailure: expected a number of 0 or more, 1 at most'],
    [{ imageQuota: -1 }, 'imageQuota: expected a number of 0 or more'],
    [{ imageQuota: Number.NaN }, 'imageQuota: expected a number of 0 or more'],
    [{ buckets: 'many' }, 'buckets: expected one of none, published'],
    [{ copiesKeepSettings: 1 }, 'copiesKeepSettings: expected boolean'],
    [{ instanceStoreCode: 7 }, 'instanceStoreCode: expected string'],
    [{ unusableKmsKeys: 'alias/a' }, 'unusableKmsKeys: expected a list of texts'],
    [{ membershipsOf: { a: 'b' } }, 'membershipsOf: expected lists of texts by name'],
    [
      { eventDelayMs: { min: 2, max: 1 } },
      'eventDelayMs: expected {"min": <number>, "max": <number>}, not less than min',
    ],
    [
      { eventDelayMs: { min: 1, max: 2, mean: 1 } },
      'eventDelayMs: expected {"min": <number>, "max": <number>}, not less than min',
    ],
  ])('%j is refused, with what is expected', (value, problem) => {
    expect(problemOf(value)).toBe(problem);
  });

  test.each(Object.entries({ ...PROFILES, ...FAULT_LEVELS }))(
    'of the profile %s are whole',
    (_, manners) => {
      expect(readAllManners(manners).ok).toBe(true);
    },
  );

  test('of a saved world are refused when one is missing', () => {
    const { serverError, ...rest } = DEFAULT_MANNERS;

    expect(serverError).toBe(0);
    expect(readAllManners(rest)).toEqual({ ok: false, problem: 'serverError: is missing' });
  });
});
