/** Who calls: the SigV4 credential scope of a request. Signatures are not checked. */
import { ApiError } from './api.ts';
import { headerOf } from './protocol.ts';
import type { CredentialErrors, WireRequest } from './protocol.ts';

export interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  /** As the client names it; not necessarily one that is served. */
  readonly service: string;
}

/** Parameters by which a URL is signed; they are no parameters of the action. */
export const SIGNATURE_PARAMETERS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
] as const;

const SCOPE = /^([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request$/;

/**
 * Reads `<key>/<day>/<region>/<service>/aws4_request` from the Authorization header or from a signed
 * URL. `none` means that there is no trace of a signature, `incomplete` that it cannot be read.
 */
export const readScope = (request: WireRequest): Scope | 'none' | 'incomplete' => {
  const authorization = headerOf(request, 'authorization');
  const credential =
    authorization === undefined
      ? new URLSearchParams(request.search).get('X-Amz-Credential')
      : (/Credential=([^,\s]+)/.exec(authorization)?.[1] ?? '');
  if (credential === null) return 'none';
  const [, accessKeyId, region, service] = SCOPE.exec(credential) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    return 'incomplete';
  }
  return { accessKeyId, region, service };
};

export const wrongRegion = (region: string): string =>
  `Credential should be scoped to a valid region, not '${region}'.`;

export const wrongService = (service: string, served: readonly string[]): string =>
  `Credential should be scoped to a service that is served here (${served.join(', ')}), ` +
  `not '${service}'.`;

const INCOMPLETE =
  "Authorization header requires 'Credential' parameter of the form " +
  '<access key>/<day>/<region>/<service>/aws4_request.';
const INVALID_TOKEN = 'The security token included in the request is invalid.';

/**
 * EC2's: seen in public reports are the first, and AuthFailure with its text. That AuthFailure also
 * answers a wrong scope is an inference.
 */
export const EC2_CREDENTIAL_ERRORS: CredentialErrors = {
  missing: () =>
    new ApiError('MissingParameter', 'The request must contain the parameter AWSAccessKeyId'),
  incomplete: () => new ApiError('IncompleteSignature', INCOMPLETE),
  unknownKey: () =>
    new ApiError(
      'AuthFailure',
      'AWS was not able to validate the provided access credentials',
      401,
    ),
  wrongScope: (problem) => new ApiError('AuthFailure', problem, 401),
};

/** Those of services that have spoken the query protocol from of old: STS and SQS. */
export const QUERY_CREDENTIAL_ERRORS: CredentialErrors = {
  missing: () =>
    new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403),
  incomplete: () => new ApiError('IncompleteSignature', INCOMPLETE),
  unknownKey: () => new ApiError('InvalidClientTokenId', INVALID_TOKEN, 403),
  wrongScope: (problem) => new ApiError('SignatureDoesNotMatch', problem, 403),
};

/** Those of services that have always spoken JSON. */
export const JSON_CREDENTIAL_ERRORS: CredentialErrors = {
  missing: () =>
    new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token'),
  incomplete: () => new ApiError('IncompleteSignatureException', INCOMPLETE),
  unknownKey: () => new ApiError('UnrecognizedClientException', INVALID_TOKEN),
  wrongScope: (problem) => new ApiError('InvalidSignatureException', problem),
};
