/**
 * The Serverless Framework's variables: `${source:address, fallback}` with the sources param,
 * self, sls and opt. CloudFormation's own `${AWS::Region}` is left to Fn::Sub.
 */
import { type Fields, fieldsAt, isFields, WiringError } from './values.ts';

export interface VariableScope {
  /** The whole file, unresolved. */
  readonly file: Fields;
  readonly stage: string;
  readonly params: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
}

const DEPTH_MAX = 20;
/** An innermost variable, with a source in lower case. */
const VARIABLE = /\$\{([a-z]+:[^${}]*)\}/;

/** Splits at commas outside quotes. */
const alternativesOf = (text: string): string[] =>
  (text.match(/'[^']*'|"[^"]*"|[^,]+/g) ?? []).map((part) => part.trim()).filter(Boolean);

const literalOf = (text: string): { readonly value: unknown } | undefined => {
  const quoted = /^(['"])(.*)\1$/.exec(text);
  if (quoted !== null) return { value: quoted[2] };
  if (text === 'true' || text === 'false') return { value: text === 'true' };
  if (text === 'null') return { value: undefined };
  if (/^-?\d+(\.\d+)?$/.test(text)) return { value: Number(text) };
  return undefined;
};

const paramOf = (scope: VariableScope, name: string): unknown => {
  const given = scope.params[name];
  if (given !== undefined) return given;
  const params = fieldsAt('params', scope.file.params);
  const ofStage = fieldsAt('params', params[scope.stage])[name];
  return ofStage ?? fieldsAt('params', params.default)[name];
};

/** The value at `a.b.c` of the file. */
const selfOf = (scope: VariableScope, address: string): unknown => {
  if (address === 'provider.stage') return scope.stage;
  let value: unknown = scope.file;
  for (const key of address.split('.')) value = isFields(value) ? value[key] : undefined;
  return value;
};

const sourceOf = (scope: VariableScope, path: string, source: string, address: string): unknown => {
  if (source === 'param') return paramOf(scope, address);
  if (source === 'self') return selfOf(scope, address);
  if (source === 'opt') return address === 'stage' ? scope.stage : scope.options[address];
  if (source === 'sls' && address === 'stage') return scope.stage;
  throw new WiringError(path, `the variable \${${source}:${address}} is not served`);
};

const valueOf = (scope: VariableScope, path: string, text: string): unknown => {
  for (const alternative of alternativesOf(text)) {
    const literal = literalOf(alternative);
    if (literal !== undefined) return literal.value;
    const [, source = '', address = ''] = /^([a-z]+):(.*)$/.exec(alternative) ?? [];
    const value = sourceOf(scope, path, source, address.trim());
    if (value !== undefined && value !== null) return value;
  }
  throw new WiringError(path, `the variable \${${text}} has no value`);
};

const resolveText = (scope: VariableScope, path: string, text: string): unknown => {
  let current = text;
  for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
    const match = VARIABLE.exec(current);
    if (match === null) return current;
    const value = valueOf(scope, path, match[1] ?? '');
    if (match[0] === current && typeof value !== 'string') {
      return resolveVariables(scope, path, value);
    }
    current = current.replace(match[0], () => String(value));
  }
  throw new WiringError(path, `the variables of '${text}' never come to an end`);
};

/** A copy of `value` with every variable in it replaced. @throws WiringError */
export const resolveVariables = (scope: VariableScope, path: string, value: unknown): unknown => {
  if (typeof value === 'string') return resolveText(scope, path, value);
  const inside = (key: string): string => (path === '' ? key : `${path}.${key}`);
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => resolveVariables(scope, `${path}[${index}]`, item));
  }
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveVariables(scope, inside(key), item)]),
  );
};
