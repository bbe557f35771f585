/**
 * `npm run mutate [-- --mutate shared/domain/retention.ts]`: would the tests of the domain notice?
 *
 * Stryker changes one operator, boundary or text of shared/domain at a time and runs the tests that
 * reach it. What survives is either a test that is missing, or no change in behaviour at all; the
 * latter is marked in the code with the sentence that proves it. Arguments go to Stryker. It ends
 * with 1 below the score that stryker.config.json demands. The whole takes the better part of an hour.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { nodeOf, offlineEnvironment } from './environment.mjs';

const root = join(import.meta.dirname, '..');
const stryker = join(root, 'node_modules/.bin/stryker');

const child = spawn(nodeOf(root), [stryker, 'run', ...process.argv.slice(2)], {
  cwd: root,
  env: offlineEnvironment(root),
  stdio: 'inherit',
});
child.on('close', (status) => {
  process.exitCode = status ?? 1;
});
