/**
 * Errors that the wire itself answers, before a service is asked. Codes are those of the EC2 API
 * reference ("Error codes"); the texts of the first three are as seen in public bug reports.
 */
import { ApiError } from './api.ts';

export const invalidAction = (action: string): ApiError =>
  new ApiError('InvalidAction', `The action ${action} is not valid for this web service.`);

export const unknownParameter = (parameter: string): ApiError =>
  new ApiError('UnknownParameter', `The parameter ${parameter} is not recognized`);

export const missingParameter = (parameter: string): ApiError =>
  new ApiError('MissingParameter', `The request must contain the parameter ${parameter}`);

/** EC2 writes parameter names in lower camel case here, though not in the errors above. */
export const invalidParameterValue = (parameter: string, value: string): ApiError => {
  const name = parameter.charAt(0).toLowerCase() + parameter.slice(1);
  return new ApiError(
    'InvalidParameterValue',
    `Value (${value}) for parameter ${name} is invalid.`,
  );
};
