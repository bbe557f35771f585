/**
 * Errors that the wire itself answers, before a service is asked. EC2's codes are those of the EC2
 * API reference ("Error codes"). Texts are as seen in public reports, except where it says so.
 */
import { ApiError } from './api.ts';

export const invalidAction = (action: string): ApiError =>
  new ApiError('InvalidAction', `The action ${action} is not valid for this web service.`);

/** The code is documented; STS itself sends a browser on to a page instead. The text is ours. */
export const missingAction = (): ApiError =>
  new ApiError('MissingAction', 'The request must contain the parameter Action');

export const unknownParameter = (parameter: string): ApiError =>
  new ApiError('UnknownParameter', `The parameter ${parameter} is not recognized`);

export const missingParameter = (parameter: string): ApiError =>
  new ApiError('MissingParameter', `The request must contain the parameter ${parameter}`);

/** EC2 writes parameter names in lower camel case here, though not in the errors above. */
export const invalidParameterValue = (parameter: string, value: string): ApiError =>
  new ApiError(
    'InvalidParameterValue',
    `Value (${value}) for parameter ${lowerFirst(parameter)} is invalid.`,
  );

/** What services made of AWS's own framework say of members that are missing: all of them at once. */
export const nullMembers = (code: string, paths: readonly string[]): ApiError => {
  const problems = paths.map(
    (path) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  return new ApiError(code, `${count}: ${problems.join('; ')}`);
};

/** What services other than EC2 say when they have a bug: see "Common errors" of their references. */
export const internalFailure = (): ApiError =>
  new ApiError(
    'InternalFailure',
    'The request processing has failed because of an unknown error, exception or failure.',
    500,
  );

/** No endpoint of AWS that is served here takes encoded bodies. Code and text are ours. */
export const encodedBody = (encoding: string): ApiError =>
  new ApiError(
    'UnsupportedMediaTypeException',
    `The content encoding ${encoding} is not supported: send the body as it is.`,
    415,
  );

export const unreadableBody = (): ApiError =>
  new ApiError('SerializationException', 'Could not parse request body');

export const malformedQuery = (message = 'The query string contains a syntax error.'): ApiError =>
  new ApiError('MalformedQueryString', message);

export const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
