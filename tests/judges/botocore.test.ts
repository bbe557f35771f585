/**
 * botocore as a judge of our wire: its own parser reads what the embedded cloud writes, and its own
 * serializer writes what the embedded cloud reads.
 */
import { DescribeImages$, DescribeSnapshots$ } from '@aws-sdk/client-ec2';
import { beforeAll, describe, expect, test } from 'vitest';
import { ApiError, operation, type ServiceId } from '../../simulator/wire/api.ts';
import { PROTOCOLS } from '../../simulator/wire/protocols.ts';
import type { WireResponse } from '../../simulator/wire/router.ts';
import { routeTo } from '../simulator/wire/clients.ts';
import { OPERATIONS } from '../simulator/wire/operations.ts';
import { judge, type Judgement, type ToRead } from './botocore.ts';
import { hasPythonModules } from './programs.ts';

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
      DescribeSnapshots: operation(DescribeSnapshots$, () => ({
        Snapshots: [{ SnapshotId: 'snap-1', StartTime: new Date('2026-11-21T02:00:05Z') }],
      })),
    },
  },
]);

const toRead = (
  service: ServiceId,
  name: string,
  { statusCode, headers, body }: WireResponse,
): ToRead => ({
  service,
  operation: name,
  status: statusCode,
  headers,
  body: new TextDecoder().decode(body),
});

/** What the embedded cloud answers to a form. */
const answerTo = (body: string): WireResponse =>
  route({ headers: { authorization: AUTHORIZATION }, body });

const FORM = 'Version=2016-11-15&Action=';

const QUERY = {
  Owners: ['self'],
  IncludeDisabled: true,
  MaxResults: 1000,
  Filters: [
    { Name: 'tag:imago:deployment', Values: ['prod', 'a+b &=é'] },
    { Name: 'state', Values: ['available'] },
  ],
};

/** Errors by the service, what it throws, and the code by which botocore's users know it. */
const REFUSALS: readonly (readonly [ServiceId, string, string])[] = [
  ['autoscaling', 'ResourceInUseFault', 'ResourceInUse'],
  ['ec2', 'InvalidParameterValue', 'InvalidParameterValue'],
  ['events', 'ResourceNotFoundException', 'ResourceNotFoundException'],
  ['sqs', 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  ['ssm', 'ParameterNotFound', 'ParameterNotFound'],
  ['sts', 'IDPRejectedClaimException', 'IDPRejectedClaim'],
];

const refusal = (service: ServiceId, code: string): ToRead => {
  const response = PROTOCOLS[service].fail(new ApiError(code, 'Too <few>.', 403), 'req-1');
  const [name = ''] = OPERATIONS[service].keys();
  return toRead(service, name, response);
};

describe.skipIf(!hasPythonModules('botocore'))('the wire of the embedded cloud', () => {
  let judged: Judgement;

  beforeAll(async () => {
    judged = await judge({
      read: [
        toRead('ec2', 'DescribeImages', answerTo(`${FORM}DescribeImages`)),
        toRead('ec2', 'DescribeSnapshots', answerTo(`${FORM}DescribeSnapshots`)),
        ...REFUSALS.map(([service, code]) => refusal(service, code)),
      ],
      write: [{ service: 'ec2', operation: 'DescribeImages', input: QUERY }],
    });
  });

  test('botocore reads a page of images as it was written, field by field', () => {
    const { ResponseMetadata, ...page } = judged.read[0]?.parsed ?? {};

    expect(ResponseMetadata).toMatchObject({ HTTPStatusCode: 200, RequestId: 'req-1' });
    expect(page).toEqual({
      Images: [IMAGE, { ImageId: 'ami-2', BlockDeviceMappings: [] }],
      NextToken: 'n+1',
    });
  });

  test('botocore reads an instant', () => {
    expect(judged.read[1]?.parsed).toMatchObject({
      Snapshots: [{ SnapshotId: 'snap-1', StartTime: new Date('2026-11-21T02:00:05Z') }],
    });
  });

  test('botocore reads a refusal of each service by its code', () => {
    const parsed = judged.read.slice(2).map((one) => one?.parsed);

    expect(parsed).toMatchObject(
      REFUSALS.map(([, , Code]) => ({
        Error: { Code, Message: 'Too <few>.' },
        ResponseMetadata: { HTTPStatusCode: 403, RequestId: 'req-1' },
      })),
    );
    expect(parsed).toHaveLength(6);
  });

  test('reads what botocore writes as it was asked', () => {
    inputs.length = 0;
    answerTo(judged.written[0]?.body ?? '');

    expect(inputs).toEqual([QUERY]);
  });
});
