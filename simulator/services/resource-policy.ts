/**
 * Policies of queues and event buses: whether one lets somebody do something. Only what such policies
 * are made of is understood; a statement with a condition that is not understood allows nothing, and
 * denies.
 */

/** Who wants to do what, to which resource. */
export interface Access {
  /** An account's twelve digits, or a service such as `events.amazonaws.com`. */
  readonly principal: { readonly account: string } | { readonly service: string };
  /** Such as `sqs:SendMessage`. */
  readonly action: string;
  readonly resource: string;
  /** Condition keys in lower case, such as `aws:sourcearn`. */
  readonly context?: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];

const textsOf = (value: unknown): readonly string[] =>
  listOf(value).filter((item) => typeof item === 'string');

/** `*` and `?` as IAM has them. */
const isLike = (text: string, pattern: string): boolean => {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
};

const isActionOf = (action: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase()));

const isAccount = (account: string, name: string): boolean =>
  name === '*' || name === account || new RegExp(`^arn:[^:]+:(iam|sts)::${account}:`).test(name);

const isPrincipal = (principal: Access['principal'], value: unknown): boolean => {
  if (value === '*') return true;
  if (!isFields(value)) return false;
  if ('service' in principal) return textsOf(value.Service).includes(principal.service);
  return textsOf(value.AWS).some((name) => isAccount(principal.account, name));
};

type Compare = (text: string, wanted: string) => boolean;

const OPERATORS: Readonly<Record<string, Compare>> = {
  stringequals: (text, wanted) => text === wanted,
  stringequalsignorecase: (text, wanted) => text.toLowerCase() === wanted.toLowerCase(),
  stringlike: isLike,
  arnequals: isLike,
  arnlike: isLike,
};

const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
};

/** Undefined for an operator that is not understood. */
const holds = (
  operator: string,
  held: string | undefined,
  wanted: unknown,
): boolean | undefined => {
  const name = operator.toLowerCase();
  const positive = NEGATED[name];
  const compare = OPERATORS[positive ?? name];
  if (compare === undefined) return undefined;
  const isMatch = held !== undefined && textsOf(wanted).some((text) => compare(held, text));
  return positive === undefined ? isMatch : !isMatch;
};

const conditionOf = (statement: Fields, context: Readonly<Record<string, string>>) => {
  const tests = Object.entries(isFields(statement.Condition) ? statement.Condition : {});
  const results = tests.flatMap(([operator, keys]) =>
    Object.entries(isFields(keys) ? keys : {}).map(([key, wanted]) =>
      holds(operator, context[key.toLowerCase()], wanted),
    ),
  );
  if (results.includes(undefined)) return undefined;
  return results.every((result) => result === true);
};

const concerns = (statement: Fields, access: Access): boolean =>
  isPrincipal(access.principal, statement.Principal) &&
  isActionOf(access.action, textsOf(statement.Action)) &&
  textsOf(statement.Resource).some((pattern) => isLike(access.resource, pattern));

/** The statements of a policy's text; none if it is no policy. */
export const statementsOf = (policy: string | undefined): readonly Fields[] => {
  try {
    const document: unknown = JSON.parse(policy ?? '{}');
    return isFields(document) ? listOf(document.Statement).filter(isFields) : [];
  } catch {
    return [];
  }
};

/** Whether the policy allows it and does not deny it. */
export const isAllowed = (policy: string | undefined, access: Access): boolean => {
  const statements = statementsOf(policy).filter((statement) => concerns(statement, access));
  const matching = (effect: string, ifUnknown: boolean): boolean =>
    statements
      .filter((statement) => statement.Effect === effect)
      .some((statement) => conditionOf(statement, access.context ?? {}) ?? ifUnknown);
  return matching('Allow', false) && !matching('Deny', true);
};
