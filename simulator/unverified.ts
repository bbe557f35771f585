/**
 * What AWS does not document, or what could not be checked without an account: each fact is a switch
 * with a name, and what runs on the embedded cloud has to be right both ways. The values here are the
 * likelier ones.
 */
export interface UnverifiedFacts {
  /** CopyImage refuses a name that is in use. CreateImage and RegisterImage do. */
  readonly copyRefusesDuplicateNames: boolean;
  /** CreateImage of an instance with an instance-store root. Its code. */
  readonly instanceStoreCode: string;
  /** DeregisterImage of a protected image. Its code. */
  readonly protectedCode: string;
  /** CopyImage of an image that is not `available`. Its code. */
  readonly sourceUnavailableCode: string;
  /** What DescribeImages says to the id of a deregistered image: both are documented. */
  readonly deregisteredById: 'not-found' | 'unavailable' | 'empty';
}

export const LIKELY_FACTS: UnverifiedFacts = {
  copyRefusesDuplicateNames: false,
  instanceStoreCode: 'NonEBSInstance',
  protectedCode: 'OperationNotPermitted',
  sourceUnavailableCode: 'InvalidRequest',
  deregisteredById: 'not-found',
};
