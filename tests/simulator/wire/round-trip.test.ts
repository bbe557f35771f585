import { describe, expect, test } from 'vitest';
import { OPERATIONS, SERVICE_IDS } from './operations.ts';
import { findLosses } from './round-trip.ts';

/** Literal, so that no service can drop out of the loops below unseen. */
const COUNTS = { autoscaling: 68, ec2: 823, events: 57, sqs: 23, ssm: 154, sts: 11 };

describe('the wire between SDK clients and services', () => {
  test('is tried with every operation that the SDK has', () => {
    const counts = SERVICE_IDS.map((id) => [id, OPERATIONS[id].size]);

    expect(Object.fromEntries(counts)).toEqual(COUNTS);
  });

  test.each(SERVICE_IDS)('reads every input of %s as the SDK wrote it', async (id) => {
    expect(await findLosses(id, OPERATIONS[id], 'input')).toEqual([]);
  });

  test.each(SERVICE_IDS)('writes every output of %s as the SDK reads it', async (id) => {
    expect(await findLosses(id, OPERATIONS[id], 'output')).toEqual([]);
  });
});
