/**
 * Terraform as a judge of the embedded cloud: its AWS provider applies, plans and destroys a module
 * (walks/terraform). The provider must be on this machine; nothing is downloaded.
 */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProviderMirror } from '../../build/terraform.mjs';
import { type JudgedCloud, makeImage, openCloud } from './judged-cloud.ts';
import { type Ended, hasProgram, runProgram, WALK_LIMIT_MS } from './programs.ts';

const MODULE = join(import.meta.dirname, 'walks/terraform/main.tf');

const mirror = findProviderMirror(process.env);

/** Providers come from the folder that was found, and from nowhere else. */
const settings = (path: string): string => `
disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(path)}
    include = ["registry.terraform.io/hashicorp/aws"]
  }
}
`;

interface Outputs {
  readonly [name: string]: { readonly value: unknown };
}

/**
 * Errors that the provider asks for: it looks for an image until that is gone, and it asks for the
 * UEFI data of an instance by the id of the image.
 */
const EXPECTED_CODES = [
  'InvalidAMIID.NotFound',
  'InvalidAMIID.Unavailable',
  'InvalidInstanceID.Malformed',
];

describe.skipIf(mirror === undefined || !hasProgram('terraform', '-version'))(
  "Terraform's AWS provider, unmodified",
  () => {
    let cloud: JudgedCloud;
    let directory: string;
    const ended: Record<string, Ended> = {};
    let outputs: Outputs = {};

    const terraform = async (verb: string, ...words: readonly string[]): Promise<Ended> => {
      const args = [verb, '-no-color', ...words];
      ended[verb] = await runProgram('terraform', args, {
        directory,
        environment: {
          ...cloud.environment,
          HOME: directory,
          TF_CLI_CONFIG_FILE: join(directory, 'terraform.rc'),
          CHECKPOINT_DISABLE: '1',
          TF_IN_AUTOMATION: '1',
          AWS_MAX_ATTEMPTS: '2',
        },
      });
      return ended[verb];
    };

    beforeAll(async () => {
      cloud = await openCloud();
      directory = await mkdtemp(join(tmpdir(), 'imago-terraform-'));
      await copyFile(MODULE, join(directory, 'main.tf'));
      await writeFile(join(directory, 'terraform.rc'), settings(mirror ?? ''));
      const { instanceId, imageId } = await makeImage(cloud, 'by-hand');
      const variables = {
        instance_id: instanceId,
        source_image_id: imageId,
        friend: '444455556666',
        role: 'golden',
        deprecation_time: '2027-06-01T00:00:00Z',
      };
      await writeFile(join(directory, 'terraform.tfvars.json'), JSON.stringify(variables));
      await terraform('init', '-input=false');
      await terraform('apply', '-input=false', '-auto-approve');
      const said = await terraform('output', '-json');
      outputs = JSON.parse(said.stdout) as Outputs;
      await terraform('plan', '-input=false', '-detailed-exitcode');
      await terraform('destroy', '-input=false', '-auto-approve');
    }, WALK_LIMIT_MS);

    afterAll(async () => {
      await cloud.close();
      await rm(directory, { recursive: true, force: true });
    });

    const said = (verb: string): string => {
      const { status = -1, stdout = '', stderr = '' } = ended[verb] ?? {};
      return status === 0 ? stdout : `${verb} ended with ${status}: ${stderr}${stdout}`;
    };

    test('applies images, copies and a launch permission', () => {
      expect(said('apply')).toContain(
        'Apply complete! Resources: 4 added, 0 changed, 0 destroyed.',
      );
      expect(outputs['account']?.value).toBe('111122223333');
      expect(outputs['ubuntu']?.value).toBe('ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04');
      expect(outputs['golden']?.value).toMatch(/^ami-[0-9a-f]{17}$/);
    });

    test('finds its copy by a data source, with tags and disks', () => {
      expect(outputs['copy']?.value).toEqual({
        id: expect.stringMatching(/^ami-[0-9a-f]{17}$/),
        is_found: true,
        owner: '111122223333',
        state: 'available',
        tags: { role: 'golden' },
        architecture: 'x86_64',
        root_device: '/dev/sda1',
        disks: ['/dev/sda1 8 false'],
      });
      expect(outputs['encrypted']?.value).toEqual([true]);
    });

    test('plans no change to what it has applied', () => {
      expect(said('plan')).toContain('No changes. Your infrastructure matches the configuration.');
    });

    test('destroys all that it made', () => {
      expect(said('destroy')).toContain('Destroy complete! Resources: 4 destroyed.');
    });

    test('is refused nothing but images that are gone, and meets no defect', () => {
      const codes = [...cloud.live.cloud.calls.failures().keys()];

      expect(codes.filter((code) => !EXPECTED_CODES.includes(code))).toEqual([]);
      expect(cloud.defects).toEqual([]);
    });
  },
);
