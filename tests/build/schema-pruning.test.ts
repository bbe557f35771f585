import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemaPruning, withLiteralKeys } from '../../build/schema-pruning.mjs';

const ROOT = join(import.meta.dirname, '../..');

/** Two operations with lists, structures and names of their own on the wire, and a canned answer. */
const ENTRY = `
import { CreateImageCommand, DescribeImagesCommand, EC2Client } from '@aws-sdk/client-ec2';

const ANSWER = \`<DescribeImagesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
<requestId>r-1</requestId><imagesSet><item><imageId>ami-1</imageId><imageState>available</imageState>
<isPublic>false</isPublic><blockDeviceMapping><item><deviceName>/dev/xvda</deviceName>
<ebs><snapshotId>snap-1</snapshotId><volumeSize>8</volumeSize></ebs></item></blockDeviceMapping>
<tagSet><item><key>Name</key><value>web</value></item></tagSet></item></imagesSet>
</DescribeImagesResponse>\`;

export const exchange = async (toBody) => {
  const sent = [];
  const handle = async ({ method, path, headers, body }) => {
    sent.push({ method, path, type: headers['content-type'], body });
    return { response: { statusCode: 200, headers: {}, body: toBody(ANSWER) } };
  };
  const client = new EC2Client({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    requestHandler: { handle },
  });
  const { Images } = await client.send(new DescribeImagesCommand({
    Owners: ['self'],
    Filters: [{ Name: 'tag:imago:policy', Values: ['web', 'db'] }],
    MaxResults: 1000,
  }));
  await client.send(new CreateImageCommand({
    InstanceId: 'i-1',
    Name: 'web',
    NoReboot: true,
    BlockDeviceMappings: [{ DeviceName: '/dev/xvdb', Ebs: { VolumeSize: 8 } }],
    TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'Name', Value: 'web' }] }],
  }));
  return { sent, Images };
};
`;

interface Bundle {
  readonly bytes: number;
  readonly exchange: (toBody: (text: string) => unknown) => Promise<{
    readonly sent: readonly { readonly body: string }[];
    readonly Images: unknown;
  }>;
}

let directory = '';
let plain: Bundle;
let pruned: Bundle;

const bundle = async (name: string, isPruned: boolean): Promise<Bundle> => {
  const outfile = join(directory, `${name}.mjs`);
  await build({
    stdin: { contents: ENTRY, resolveDir: ROOT },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    plugins: isPruned ? [schemaPruning] : [],
  });
  const { exchange } = (await import(pathToFileURL(outfile).href)) as Pick<Bundle, 'exchange'>;
  return { bytes: (await stat(outfile)).size, exchange };
};

const toBody = (text: string): Uint8Array => Buffer.from(text);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imago-pruning-'));
  plain = await bundle('plain', false);
  pruned = await bundle('pruned', true);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('schema pruning', () => {
  test('leaves requests and answers as they are without it', async () => {
    const expected = await plain.exchange(toBody);

    expect(await pruned.exchange(toBody)).toEqual(expected);
    expect(expected.sent.map(({ body }) => body)).toEqual([
      'Action=DescribeImages&Version=2016-11-15&Owner.1=self&MaxResults=1000' +
        '&Filter.1.Name=tag%3Aimago%3Apolicy&Filter.1.Value.1=web&Filter.1.Value.2=db',
      'Action=CreateImage&Version=2016-11-15&InstanceId=i-1&Name=web' +
        '&TagSpecification.1.ResourceType=image&TagSpecification.1.Tag.1.Key=Name' +
        '&TagSpecification.1.Tag.1.Value=web&NoReboot=true' +
        '&BlockDeviceMapping.1.Ebs.VolumeSize=8&BlockDeviceMapping.1.DeviceName=%2Fdev%2Fxvdb',
    ]);
    expect(expected.Images).toEqual([
      {
        ImageId: 'ami-1',
        State: 'available',
        Public: false,
        BlockDeviceMappings: [
          { DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-1', VolumeSize: 8 } },
        ],
        Tags: [{ Key: 'Name', Value: 'web' }],
      },
    ]);
  });

  test('makes a bundle of two EC2 operations less than half as large', () => {
    expect(plain.bytes).toBeGreaterThan(800_000);
    expect(pruned.bytes).toBeLessThan(350_000);
  });

  test('replaces every computed key of the EC2 schemas', async () => {
    const file = 'node_modules/@aws-sdk/client-ec2/dist-es/schemas/schemas_0.js';
    const source = await readFile(join(ROOT, file), 'utf8');

    expect(source.match(/\[_\w+\]:/g)?.length).toBeGreaterThan(10_000);
    expect(withLiteralKeys(source).match(/\[_\w+\]:/g)).toBeNull();
  });

  test('leaves a computed key alone whose name is not a string constant of the file', () => {
    const source =
      'const _a = "xmlName";\nconst _b = f();\nexport const s = { [_a]: _a, [_b]: 1 };\n';

    expect(withLiteralKeys(source)).toBe(
      'const _a = "xmlName";\nconst _b = f();\nexport const s = { "xmlName": _a, [_b]: 1 };\n',
    );
  });
});
