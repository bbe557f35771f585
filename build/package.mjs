/**
 * `npm run package`: bundles the functions and packages the serverless application into .serverless/.
 * It needs neither network nor credentials; arguments go on to `serverless package`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { nodeOf, offlineEnvironment } from './environment.mjs';

const root = join(import.meta.dirname, '..');

const run = (script, ...args) => {
  const { status } = spawnSync(nodeOf(root), [join(root, script), ...args], {
    cwd: root,
    env: offlineEnvironment(root),
    stdio: 'inherit',
  });
  return status === 0;
};

const isPackaged =
  run('build/bundle.mjs', 'functions') &&
  run('node_modules/.bin/serverless', 'package', ...process.argv.slice(2));
process.exitCode = isPackaged ? 0 : 1;
