/** Terraform's AWS provider is a program of its own: it is used only if it is on this machine. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const PROVIDER = 'registry.terraform.io/hashicorp/aws';

/** Where Terraform itself looks, and what is usual for a mirror. */
const mirrorsOf = (environment) => [
  ...(environment.TF_PLUGIN_DIR ? [environment.TF_PLUGIN_DIR] : []),
  join(homedir(), '.terraform.d/plugins'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
  '/opt/tf-plugins',
];

const namesIn = (directory) => (existsSync(directory) ? readdirSync(directory) : []);

const PLATFORMS = { x64: 'amd64', arm64: 'arm64' };

/**
 * The first plug-in folder that holds the AWS provider for this machine; undefined if none does.
 * @param {NodeJS.ProcessEnv} environment TF_PLUGIN_DIR names a folder that is looked at first
 */
export const findProviderMirror = (environment, mirrors = mirrorsOf(environment)) => {
  const platform = `${process.platform}_${PLATFORMS[process.arch]}`;
  return mirrors.find((mirror) =>
    namesIn(join(mirror, PROVIDER)).some((version) =>
      namesIn(join(mirror, PROVIDER, version, platform)).some((name) =>
        name.startsWith('terraform-provider-aws'),
      ),
    ),
  );
};
