/**
 * The environment in which the project's own tools run: offline, and without the developer's AWS
 * credentials, so that no check can reach a real account by mistake.
 */
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { delimiter, join } from 'node:path';

// VITEST*: a tool that is itself under test must not take itself for a test worker.
const DROPPED = /^(AWS_|SERVERLESS_|VITEST|FORCE_COLOR$)/;

/**
 * @param {string} root the project's directory; its tools, Node included, come first in the PATH
 * @returns {NodeJS.ProcessEnv}
 */
export const offlineEnvironment = (root) => {
  const kept = Object.entries(process.env).filter(([name]) => !DROPPED.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    SLS_TELEMETRY_DISABLED: '1',
    NO_COLOR: '1',
  };
};

/** Node as the project pins it where it is installed, else the Node that runs this. */
export const nodeOf = (root) => {
  const pinned = join(root, 'node_modules/.bin/node');
  return existsSync(pinned) ? pinned : process.execPath;
};
