import {
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  EC2Client,
  EnableImageDeprecationCommand,
  GetImageAncestryCommand,
  GetImageBlockPublicAccessStateCommand,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createRequestHandler } from '../../simulator/wire/in-process.ts';
import { createRouter } from '../../simulator/wire/router.ts';
import { ACCOUNT, createBench, HOME, makeImage, MINUTE } from './fixture.ts';
import { settingsFor } from './wire/clients.ts';

const OTHER = '999988887777';

/** An SDK client, how a story of its calls is told, and the answers as they are on the wire. */
const withClient = async () => {
  const bench = createBench();
  const { cloud } = bench;
  const imageId = makeImage(bench, 'one');
  await bench.pass(10 * MINUTE);
  const router = createRouter({
    services: cloud.services,
    accountOf: () => ACCOUNT,
    nowMs: () => cloud.clock.nowMs(),
    requestId: cloud.requestId,
  });
  const answers: string[] = [];
  const client = new EC2Client({
    ...settingsFor(() => {
      throw new Error('never asked');
    }),
    region: HOME,
    authSchemePreference: ['sigv4'],
    disableClockSkewCorrection: true,
    endpoint: `https://embedded.${HOME}.amazonaws.com`,
    requestHandler: createRequestHandler(
      (request) => {
        const response = router(request);
        answers.push(String(response.body));
        return response;
      },
      { delay: cloud.latency },
    ),
  });
  const tell = <T>(story: Promise<T>): Promise<T> => cloud.clock.runFor(story);
  return { bench, client, imageId, tell, answers };
};

const nameOf = (story: Promise<unknown>): Promise<string> =>
  story.then(
    () => 'none',
    (error: unknown) => (error instanceof Error ? error.name : 'no error'),
  );

describe('images, to an SDK client', () => {
  it('have an empty mapping as an empty element, and no element for tags that are not there', async () => {
    const { bench, client, imageId, tell, answers } = await withClient();
    const row = bench.cloud.ec2Core.store(HOME).images.get(imageId);
    Object.assign(row ?? {}, { disks: [] });
    await tell(client.send(new DescribeImagesCommand({ ImageIds: [imageId] })));
    expect(answers[0]).toContain('<blockDeviceMapping/>');
    expect(answers[0]).not.toContain('tagSet');
    expect(answers[0]).toContain('<imageState>available</imageState>');
  });

  it('are shared by lists, and tell with whom', async () => {
    const { client, imageId, tell } = await withClient();
    const modified = new ModifyImageAttributeCommand({
      ImageId: imageId,
      Attribute: 'launchPermission',
      OperationType: 'add',
      UserIds: [OTHER],
    });
    await tell(client.send(modified));
    const asked = { ImageId: imageId, Attribute: 'launchPermission' } as const;
    const answer = await tell(client.send(new DescribeImageAttributeCommand(asked)));
    expect(answer.LaunchPermissions).toEqual([{ UserId: OTHER }]);
  });

  it('have an attribute without a value as an empty element', async () => {
    const { client, imageId, tell, answers } = await withClient();
    const asked = { ImageId: imageId, Attribute: 'description' } as const;
    await tell(client.send(new DescribeImageAttributeCommand(asked)));
    expect(answers[0]).toContain('<description/>');
  });

  it('take instants, and give them back', async () => {
    const { client, imageId, tell } = await withClient();
    const DeprecateAt = new Date('2027-01-01T00:00:00Z');
    await tell(client.send(new EnableImageDeprecationCommand({ ImageId: imageId, DeprecateAt })));
    const { Images } = await tell(client.send(new DescribeImagesCommand({ ImageIds: [imageId] })));
    expect(Images?.[0]?.DeprecationTime).toBe('2027-01-01T00:00:00.000Z');
    const ancestry = await tell(client.send(new GetImageAncestryCommand({ ImageId: imageId })));
    expect(ancestry.ImageAncestryEntries?.[0]?.CreationDate).toEqual(
      new Date('2026-11-21T03:00:00Z'),
    );
    const access = await tell(client.send(new GetImageBlockPublicAccessStateCommand({})));
    expect(access.ImageBlockPublicAccessState).toBe('block-new-sharing');
  });

  it('are refused with the codes of EC2, and dry runs with its own', async () => {
    const { client, imageId, tell } = await withClient();
    const filtered = new DescribeImagesCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] });
    const dry = new DescribeImagesCommand({ ImageIds: [imageId], DryRun: true });
    const manifest = new RegisterImageCommand({ Name: 'one', ImageLocation: 'bucket/manifest' });
    const names = [];
    for (const command of [filtered, dry, manifest]) {
      names.push(await tell(nameOf(client.send(command as typeof filtered))));
    }
    expect(names).toEqual(['InvalidParameterValue', 'DryRunOperation', 'InvalidManifest']);
  });
});
