import type { Failure, FailureKind } from '../loop/ports.ts';

/**
 * EC2's error codes, as far as the loop tells them apart (EC2 Developer Guide, "Error codes").
 * Codes only: texts change, and are for people. A code that is not here is `unknown`.
 */
const KINDS: Readonly<Record<string, FailureKind>> = {
  RequestLimitExceeded: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  EC2ThrottledException: 'throttled',
  ConcurrentCreateImageNoRebootLimitExceeded: 'busy',
  SnapshotCreationPerVolumeRateExceeded: 'busy',
  ConcurrentTagAccess: 'busy',
  Unavailable: 'busy',
  InternalError: 'busy',
  InternalFailure: 'busy',
  ServiceUnavailable: 'busy',
  RequestTimeout: 'busy',
  TimeoutError: 'busy',
  ResourceLimitExceeded: 'exhausted',
  ConcurrentSnapshotLimitExceeded: 'exhausted',
  PendingSnapshotLimitExceeded: 'exhausted',
  SnapshotLimitExceeded: 'exhausted',
  'InvalidAMIID.NotFound': 'not-found',
  'InvalidAMIID.Unavailable': 'not-found',
  'InvalidInstanceID.NotFound': 'not-found',
  'InvalidSnapshot.NotFound': 'not-found',
  'InvalidSnapshot.InUse': 'in-use',
  'InvalidAMIName.Duplicate': 'name-taken',
  IncorrectInstanceState: 'wrong-state',
  IncorrectState: 'wrong-state',
  UnauthorizedOperation: 'denied',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  AuthFailure: 'denied',
  OperationNotPermitted: 'denied',
};

/** An error of the SDK as a value. Anything that is no error of AWS is a defect, and is thrown on. */
export const toFailure = (error: unknown): Failure => {
  if (!(error instanceof Error) || !isServiceError(error)) throw error;
  return { kind: KINDS[error.name] ?? 'unknown', code: error.name, message: error.message };
};

/** The SDK marks what a service or the way to it answered; a TypeError of ours has no such mark. */
const isServiceError = (error: Error): boolean =>
  '$metadata' in error || '$fault' in error || 'code' in error || error.name === 'TimeoutError';

export const describeFailure = ({ code, message }: Failure): string => `${code}: ${message}`;
