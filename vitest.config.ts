import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'tests/**/fixtures/**'],
    environment: 'node',
    globals: false,
    // The files of one worker share their modules: importing client-ec2 anew for each would cost
    // 0.4 to 0.8 s a file. So no module keeps state, and what a test stubs is put back here.
    pool: 'threads',
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    // A test that asserts nothing fails.
    expect: { requireAssertions: true },
    // Time in tests is virtual; this only bounds the few that start a process.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
