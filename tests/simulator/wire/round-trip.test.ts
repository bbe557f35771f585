import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../simulator/clock.ts';
import { createCloud } from '../../../simulator/cloud.ts';
import { createRandom } from '../../../simulator/random.ts';
import { testRoundTrips } from './round-trip.ts';

/** Whatever the embedded cloud serves, so that no operation can be served without its round trip. */
const { services } = createCloud({ clock: new VirtualClock(0), random: createRandom(1) });

describe('the wire between SDK clients and services', () => {
  test('carries every operation that is served', () => {
    const counts = services.map(({ id, operations }) => [id, Object.keys(operations).length]);

    expect(counts).toEqual([
      ['ec2', 27],
      ['events', 1],
      ['sqs', 8],
    ]);
  });

  testRoundTrips(services);
});
