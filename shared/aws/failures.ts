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
  'InvalidLaunchTemplateId.NotFound': 'not-found',
  'InvalidLaunchTemplateId.VersionNotFound': 'not-found',
  'InvalidLaunchTemplateName.NotFoundException': 'not-found',
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

/** A call that waited for its turn as long as calls may, and was never made: see limiter.ts. */
export class CallNotMadeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CallNotMadeError';
  }
}

/**
 * An error of AWS, or of the way to it, as a value. Anything else is a defect of ours and is thrown
 * on: the SDK's retries mark every error that passes them with `$metadata`, but only what a service
 * answered carries `$fault`, and only what the system says has a code like ECONNRESET.
 */
export const toFailure = (error: unknown): Failure => {
  if (!(error instanceof Error)) throw error;
  const { message } = error;
  if (error instanceof CallNotMadeError) return { kind: 'throttled', code: error.name, message };
  if ('$fault' in error) return { kind: KINDS[error.name] ?? 'unknown', code: error.name, message };
  const code = networkCode(error) ?? gatewayCode(error);
  if (code === undefined) throw error;
  return { kind: 'busy', code, message };
};

const networkCode = (error: Error): string | undefined => {
  if (error.name === 'TimeoutError') return error.name;
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  return /^E[A-Z]+$/.test(error.code) ? error.code : undefined;
};

/** A proxy's or load balancer's page, which is no answer of EC2: the SDK cannot read it. */
const gatewayCode = (error: Error): string | undefined => {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const status = 'httpStatusCode' in metadata ? Number(metadata.httpStatusCode) : 0;
  return status >= 500 ? `HTTP ${status}` : undefined;
};

export const describeFailure = ({ code, message }: Failure): string => `${code}: ${message}`;
