/// <reference types="aws-sdk-client-mock-vitest/extend" />
import {
  DeregisterImageCommand,
  DescribeImagesCommand,
  EC2Client,
  type EC2ClientResolvedConfig,
  EC2ServiceException,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-ec2';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import { allCustomMatcher } from 'aws-sdk-client-mock-vitest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCloud } from '../../shared/aws/ec2.ts';
import { describeFailure, toFailure } from '../../shared/aws/failures.ts';
import type { FailureKind } from '../../shared/loop/ports.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { connectTo, COPY, CREATE, createBench, HOME } from './fixture.ts';

expect.extend(allCustomMatcher);

/** EC2's codes, as its "Error codes" and the pages on each action name them. */
const KINDS: readonly (readonly [FailureKind, readonly string[]])[] = [
  ['throttled', ['RequestLimitExceeded', 'Throttling', 'ThrottlingException']],
  ['throttled', ['EC2ThrottledException']],
  ['busy', ['ConcurrentCreateImageNoRebootLimitExceeded', 'SnapshotCreationPerVolumeRateExceeded']],
  ['busy', ['ConcurrentTagAccess', 'Unavailable', 'InternalError', 'InternalFailure']],
  ['busy', ['ServiceUnavailable', 'RequestTimeout']],
  ['exhausted', ['ResourceLimitExceeded', 'ConcurrentSnapshotLimitExceeded']],
  ['exhausted', ['PendingSnapshotLimitExceeded', 'SnapshotLimitExceeded']],
  ['not-found', ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable']],
  [
    'not-found',
    [
      'InvalidInstanceID.NotFound',
      'InvalidSnapshot.NotFound',
      'InvalidLaunchTemplateId.NotFound',
      'InvalidLaunchTemplateId.VersionNotFound',
      'InvalidLaunchTemplateName.NotFoundException',
    ],
  ],
  ['in-use', ['InvalidSnapshot.InUse']],
  ['name-taken', ['InvalidAMIName.Duplicate']],
  ['wrong-state', ['IncorrectInstanceState', 'IncorrectState']],
  ['denied', ['UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException', 'AuthFailure']],
  ['denied', ['OperationNotPermitted']],
  ['unknown', ['InvalidAMIName.Malformed', 'InvalidParameterValue', 'TagLimitExceeded']],
  ['unknown', ['IdempotentParameterMismatch', 'NonEBSInstance', 'Error']],
];

const serviceError = (name: string): Error =>
  new EC2ServiceException({ name, message: 'Said by EC2.', $fault: 'client', $metadata: {} });

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
    expect(() => toFailure(error)).toThrow(error);
  });
});

describe('a failure of the way to EC2', () => {
  test.each(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EPIPE'])(
    'passes with time: %s',
    (code) => {
      const error = Object.assign(new Error(`connect ${code}`), { code, $metadata: {} });

      expect(toFailure(error)).toEqual({ kind: 'busy', code, message: `connect ${code}` });
    },
  );

  test('passes with time when it is a time-out', () => {
    const error = Object.assign(new Error('Connection timed out'), { name: 'TimeoutError' });

    expect(toFailure(error)).toMatchObject({ kind: 'busy', code: 'TimeoutError' });
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

  test.each([
    [502, '<html><head><title>502 Bad Gateway</head></html>'],
    [503, 'Service Unavailable'],
    [500, ''],
  ])('that a gateway answers with %i comes to a value', async (statusCode, text) => {
    const bench = createBench({});
    const body = new TextEncoder().encode(text);
    const connection = connectTo(
      () => ({ statusCode, headers: { 'content-type': 'text/html' }, body }),
      bench.clock,
    );
    const ec2 = createCloud(connection).at(HOME);

    const part = await bench.run(ec2.images('prod'));
    const result = await bench.run(ec2.deregisterImage('ami-1', 'delete'));

    expect(part).toMatchObject({ items: [], isComplete: false });
    expect(part.problem).not.toBe('');
    expect(result).toMatchObject({ ok: false });
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
