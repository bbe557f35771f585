/** What a parameter may be called, and how a call names one: by name or ARN, a version or a label. */
import { ApiError, type Call } from '../../wire/api.ts';
import type { Place } from '../events/rows.ts';

const LEVELS_MAX = 15;
const NAME_CHARS_MAX = 1_011;

const RULES =
  'If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be ' +
  'formed as a mix of letters, numbers and the following 3 symbols .-_';

const invalid = (message: string): ApiError => new ApiError('ValidationException', message);

/** `/name` is `name`, as long as there is no other slash. */
export const canonical = (name: string): string => (/^\/[^/]+$/.test(name) ? name.slice(1) : name);

const isWellFormed = (name: string): boolean =>
  /^[A-Za-z0-9_.-]+$/.test(name) || /^(\/[A-Za-z0-9_.-]+)+$/.test(name);

/** @throws ApiError `ValidationException` */
export const assertWellFormed = (name: string): void => {
  if (isWellFormed(name)) return;
  throw invalid(`Parameter name: can't be prefixed with "ssm" (case-insensitive). ${RULES}`);
};

/** Of a parameter that is to be made. @throws ApiError */
export const assertNewName = (name: string): void => {
  const first = name.replace(/^\//, '').toLowerCase();
  if (/^\/(aws|ssm)\//i.test(name) || (first.startsWith('aws') && name.startsWith('/'))) {
    throw new ApiError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  }
  if (first.startsWith('aws') || first.startsWith('ssm')) {
    throw invalid('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  }
  assertWellFormed(name);
  if (name.split('/').length - 1 > LEVELS_MAX) {
    throw new ApiError(
      'HierarchyLevelLimitExceededException',
      `Parameter name can have a maximum of ${LEVELS_MAX} levels.`,
    );
  }
  if (name.length <= NAME_CHARS_MAX) return;
  throw invalid(`Parameter name must have length less than or equal to ${NAME_CHARS_MAX}.`);
};

/** What a call names. */
export interface Reference extends Place {
  /** As it was given, without selector. */
  readonly name: string;
  /** `:3` or `:label`. */
  readonly selector: string | undefined;
}

const ARN = /^arn:[^:]+:ssm:([^:]+):(\d{12}):parameter\/([^:]+)(:[^:]+)?$/;

/** @throws ApiError `ValidationException` */
export const readReference = (given: string, { account, region }: Call): Reference => {
  const [, arnRegion, owner, path, ofArn] = ARN.exec(given) ?? [];
  if (arnRegion !== undefined && owner !== undefined && path !== undefined) {
    const name = path.includes('/') ? `/${path}` : path;
    return { account: owner, region: arnRegion, name, selector: ofArn };
  }
  const colon = given.indexOf(':');
  const name = colon === -1 ? given : given.slice(0, colon);
  assertWellFormed(name);
  return { account, region, name, selector: colon === -1 ? undefined : given.slice(colon) };
};
