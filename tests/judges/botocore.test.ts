/**
 * botocore as a judge of our wire: its own parser reads what the embedded cloud writes, and its own
 * serializer writes what the embedded cloud reads.
 */
import { execFile } from 'node:child_process';
import { DescribeImages$, DescribeSnapshots$ } from '@aws-sdk/client-ec2';
import { beforeAll, describe, expect, test } from 'vitest';
import { ApiError, operation } from '../../simulator/wire/api.ts';
import { routeTo } from '../simulator/wire/clients.ts';
import { hasPythonModules } from './sides.ts';

/** Reads `{parse: [{operation, status, body}], serialize: [{operation, parameters}]}`. */
const SCRIPT = `
import datetime, json, sys
import botocore.session
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from urllib.parse import urlencode

model = botocore.session.get_session().get_service_model('ec2')
asked = json.load(sys.stdin)

def parse(one):
    shape = model.operation_model(one['operation']).output_shape
    response = {'status_code': one['status'], 'headers': {}, 'body': one['body'].encode('utf-8')}
    return create_parser('ec2').parse(response, shape)

def serialize(one):
    operation = model.operation_model(one['operation'])
    request = create_serializer('ec2').serialize_to_request(one['parameters'], operation)
    return urlencode(request['body'])

def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat()
    raise TypeError(type(value))

json.dump({'parsed': [parse(one) for one in asked['parse']],
           'serialized': [serialize(one) for one in asked['serialize']]}, sys.stdout, default=plain)
`;

interface Judged {
  readonly parsed: readonly Readonly<Record<string, unknown>>[];
  readonly serialized: readonly string[];
}

const judge = (asked: {
  readonly parse: readonly unknown[];
  readonly serialize: readonly unknown[];
}): Promise<Judged> =>
  new Promise((resolve, reject) => {
    const options = { timeout: 20_000, maxBuffer: 16 * 1024 * 1024 };
    const child = execFile('python3', ['-c', SCRIPT], options, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as Judged);
      else reject(new Error(stderr, { cause: error }));
    });
    child.stdin?.end(JSON.stringify(asked));
  });

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/eu-central-1/ec2/aws4_request';

const IMAGE = {
  ImageId: 'ami-0123456789abcdef0',
  Name: 'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
  Description: 'web <1> & "co"\nsecond line, é😀',
  State: 'available',
  Public: false,
  CreationDate: '2026-11-21T02:00:05.000Z',
  OwnerId: '111122223333',
  BlockDeviceMappings: [
    {
      DeviceName: '/dev/sda1',
      Ebs: { SnapshotId: 'snap-1', VolumeSize: 8, Encrypted: true, DeleteOnTermination: false },
    },
    { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
  ],
  Tags: [
    { Key: 'imago:deployment', Value: 'prod' },
    { Key: 'empty', Value: '' },
  ],
  StateReason: { Code: 'pending', Message: ']]>' },
} as const;

const inputs: unknown[] = [];

const route = routeTo([
  {
    id: 'ec2',
    operations: {
      DescribeImages: operation(DescribeImages$, (input) => {
        inputs.push(input);
        return { Images: [IMAGE, { ImageId: 'ami-2', BlockDeviceMappings: [] }], NextToken: 'n+1' };
      }),
      DescribeSnapshots: operation(DescribeSnapshots$, (input: { MaxResults?: number }) => {
        if (input.MaxResults === 1) throw new ApiError('InvalidParameterValue', 'Too <few>.');
        return {
          Snapshots: [{ SnapshotId: 'snap-1', StartTime: new Date('2026-11-21T02:00:05Z') }],
        };
      }),
    },
  },
]);

/** What the embedded cloud answers to a form. */
const answerTo = (body: string) => {
  const answer = route({ headers: { authorization: AUTHORIZATION }, body });
  return { status: answer.statusCode, body: new TextDecoder().decode(answer.body) };
};

const FORM = 'Version=2016-11-15&Action=';

describe.skipIf(!hasPythonModules('botocore'))('the wire of the embedded cloud', () => {
  let judged: Judged;

  beforeAll(async () => {
    judged = await judge({
      parse: [
        { operation: 'DescribeImages', ...answerTo(`${FORM}DescribeImages`) },
        { operation: 'DescribeSnapshots', ...answerTo(`${FORM}DescribeSnapshots`) },
        { operation: 'DescribeSnapshots', ...answerTo(`${FORM}DescribeSnapshots&MaxResults=1`) },
      ],
      serialize: [
        {
          operation: 'DescribeImages',
          parameters: {
            Owners: ['self'],
            IncludeDisabled: true,
            MaxResults: 1000,
            Filters: [
              { Name: 'tag:imago:deployment', Values: ['prod', 'a+b &=é'] },
              { Name: 'state', Values: ['available'] },
            ],
          },
        },
      ],
    });
  });

  test('botocore reads a page of images as it was written, field by field', () => {
    const { ResponseMetadata, ...page } = judged.parsed[0] ?? {};

    expect(ResponseMetadata).toMatchObject({ HTTPStatusCode: 200, RequestId: 'req-1' });
    expect(page).toEqual({
      Images: [IMAGE, { ImageId: 'ami-2', BlockDeviceMappings: [] }],
      NextToken: 'n+1',
    });
  });

  test('botocore reads an instant to the second', () => {
    expect(judged.parsed[1]).toMatchObject({
      Snapshots: [{ SnapshotId: 'snap-1', StartTime: '2026-11-21T02:00:05+00:00' }],
    });
  });

  test('botocore reads a refusal by its code', () => {
    expect(judged.parsed[2]).toMatchObject({
      Error: { Code: 'InvalidParameterValue', Message: 'Too <few>.' },
      ResponseMetadata: { HTTPStatusCode: 400 },
    });
  });

  test('reads what botocore writes as it was asked', () => {
    inputs.length = 0;
    answerTo(judged.serialized[0] ?? '');

    expect(inputs).toEqual([
      {
        Owners: ['self'],
        IncludeDisabled: true,
        MaxResults: 1000,
        Filters: [
          { Name: 'tag:imago:deployment', Values: ['prod', 'a+b &=é'] },
          { Name: 'state', Values: ['available'] },
        ],
      },
    ]);
  });
});
