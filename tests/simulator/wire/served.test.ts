import { expect, test } from 'vitest';
import { VirtualClock } from '../../../simulator/clock.ts';
import { createCloud } from '../../../simulator/cloud.ts';
import { createRandom } from '../../../simulator/random.ts';
import { OPERATIONS } from './operations.ts';

test('every operation that is served is one whose round trip is tried, by its own name', () => {
  const { services } = createCloud({ clock: new VirtualClock(0), random: createRandom(1) });
  const served = services.flatMap(({ id, operations }) =>
    Object.entries(operations).map(([name, { schema }]) => ({ id, name, schema })),
  );
  const strangers = served.filter(({ id, name, schema }) => OPERATIONS[id].get(name) !== schema);

  expect(served.length).toBeGreaterThan(30);
  expect(strangers).toEqual([]);
});
