import {
  DeregisterImageCommand,
  DescribeImagesCommand,
  EC2Client,
  type EC2ClientResolvedConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-ec2';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import { allCustomMatcher } from 'aws-sdk-client-mock-vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeFailure, toFailure } from '../../shared/aws/failures.ts';
import type { FailureKind } from '../../shared/loop/ports.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { COPY, CREATE, createBench } from './fixture.ts';

expect.extend(allCustomMatcher);

/** EC2's codes, as its "Error codes" and the pages on each action name them. */
const KINDS: readonly (readonly [FailureKind, readonly string[]])[] = [
  ['throttled', ['RequestLimitExceeded', 'Throttling', 'ThrottlingException']],
  ['throttled', ['EC2ThrottledException']],
  ['busy', ['ConcurrentCreateImageNoRebootLimitExceeded', 'SnapshotCreationPerVolumeRateExceeded']],
  ['busy', ['ConcurrentTagAccess', 'Unavailable', 'InternalError', 'InternalFailure']],
  ['busy', ['ServiceUnavailable', 'RequestTimeout', 'TimeoutError']],
  ['exhausted', ['ResourceLimitExceeded', 'ConcurrentSnapshotLimitExceeded']],
  ['exhausted', ['PendingSnapshotLimitExceeded', 'SnapshotLimitExceeded']],
  ['not-found', ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable']],
  ['not-found', ['InvalidInstanceID.NotFound', 'InvalidSnapshot.NotFound']],
  ['in-use', ['InvalidSnapshot.InUse']],
  ['name-taken', ['InvalidAMIName.Duplicate']],
  ['wrong-state', ['IncorrectInstanceState', 'IncorrectState']],
  ['denied', ['UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException', 'AuthFailure']],
  ['denied', ['OperationNotPermitted']],
  ['unknown', ['InvalidAMIName.Malformed', 'InvalidParameterValue', 'TagLimitExceeded']],
  ['unknown', ['IdempotentParameterMismatch', 'NonEBSInstance', 'Error']],
];

const serviceError = (name: string): Error =>
  Object.assign(new Error('Said by EC2.'), { name, $metadata: { httpStatusCode: 400 } });

describe('the kind of a failure', () => {
  const cases = KINDS.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const));

  test.each(cases)('%s is %s', (code, kind) => {
    expect(toFailure(serviceError(code))).toEqual({ kind, code, message: 'Said by EC2.' });
  });

  test('is told in one line, code first', () => {
    expect(describeFailure(toFailure(serviceError('AuthFailure')))).toBe(
      'AuthFailure: Said by EC2.',
    );
  });
});

describe('a defect of ours', () => {
  test.each([
    ['a TypeError', new TypeError('undefined is not a function')],
    ['an error without a mark of the SDK', new Error('CreateImage succeeded without an ImageId')],
    ['what is no error at all', 'text'],
    [
      'a TypeError that Node gave a code',
      Object.assign(new TypeError('The "data" argument must be a string'), {
        code: 'ERR_INVALID_ARG_TYPE',
      }),
    ],
    [
      'a TypeError that passed through the retries, which mark every error',
      Object.assign(new TypeError('undefined is not a function'), { $metadata: { attempts: 1 } }),
    ],
  ])('is no failure, and is thrown on: %s', (_name, error) => {
    expect(() => toFailure(error)).toThrow(error as Error);
  });
});

describe('a call over the wire', () => {
  test('that EC2 refuses comes to a value with its code', async () => {
    const bench = createBench({
      DeregisterImage: () => {
        throw new ApiError('InvalidAMIID.Unavailable', 'The image is no longer available');
      },
    });

    expect(await bench.run(bench.ec2.deregisterImage('ami-1', 'delete'))).toEqual({
      ok: false,
      failure: {
        kind: 'not-found',
        code: 'InvalidAMIID.Unavailable',
        message: 'The image is no longer available',
      },
    });
  });

  test('is rejected when what answers it throws a TypeError', async () => {
    const bench = createBench({
      DeregisterImage: () => {
        throw new TypeError('undefined is not a function');
      },
      DescribeImages: () => {
        throw new TypeError('undefined is not iterable');
      },
    });

    await expect(bench.run(bench.ec2.deregisterImage('ami-1', 'delete'))).rejects.toThrow(
      'undefined is not a function',
    );
    await expect(bench.run(bench.ec2.images('prod'))).rejects.toThrow('undefined is not iterable');
  });

  test('is rejected when an image was made and no id came back, which nothing may hide', async () => {
    const bench = createBench({ CreateImage: () => ({}), CopyImage: () => ({}) });

    await expect(bench.run(bench.ec2.createImage(CREATE))).rejects.toThrow(
      'CreateImage succeeded without an ImageId',
    );
    await expect(bench.run(bench.ec2.copyImage(COPY))).rejects.toThrow(
      'CopyImage succeeded without an ImageId',
    );
  });
});

describe('a call that never reaches EC2', () => {
  const networkError = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const timeOut = Object.assign(new Error('Connection timed out'), { name: 'TimeoutError' });

  let ec2Mock: AwsStub<ServiceInputTypes, ServiceOutputTypes, EC2ClientResolvedConfig>;

  beforeEach(() => {
    ec2Mock = mockClient(EC2Client);
  });

  afterEach(() => {
    ec2Mock.restore();
  });

  test.each([
    ['a connection that is reset', networkError],
    ['a time-out', timeOut],
  ])('comes to a value, or an incomplete part: %s', async (_name, error) => {
    ec2Mock.onAnyCommand().rejects(error);
    const { ec2, run } = createBench({});

    const result = await run(ec2.deregisterImage('ami-1', 'delete'));
    const part = await run(ec2.images('prod'));

    expect(result).toMatchObject({ ok: false, failure: { message: error.message } });
    expect(part).toMatchObject({ items: [], isComplete: false });
    expect(part.problem).toContain(error.message);
    expect(ec2Mock).toHaveReceivedCommandExactlyOnceWith(DeregisterImageCommand, {
      ImageId: 'ami-1',
    });
    expect(ec2Mock).toHaveReceivedCommandTimes(DescribeImagesCommand, 1);
  });
});
