import { describe } from 'vitest';

import { SERVICE_TABLES } from './operations.ts';
import { testRoundTrips } from './round-trip.ts';

describe('the wire between SDK clients and services', () => {
  testRoundTrips(SERVICE_TABLES);
});
