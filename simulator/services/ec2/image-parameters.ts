/** Images that are named by a parameter of Systems Manager: `resolve:ssm:<name>`. */
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';

const PREFIX = 'resolve:ssm:';

/**
 * The id of an image; of a parameter, the id that is its value now.
 * @throws ApiError `InvalidParameterValue` for a parameter that does not exist
 */
export const resolveImageId = (ec2: Ec2, given: string, call: Call): string => {
  if (!given.startsWith(PREFIX)) return given;
  const value = ec2.resolveParameter?.(given.slice(PREFIX.length), call);
  if (value !== undefined) return value;
  throw new ApiError(
    'InvalidParameterValue',
    `The parameter ${given.slice(PREFIX.length)} could not be resolved to an AMI ID`,
  );
};
