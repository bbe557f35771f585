/** IAM policies of a packaged template, statement by statement. */
import type { FunctionName, Template } from './package-copy.ts';

export interface Statement {
  readonly role: string;
  readonly actions: readonly string[];
  /** As written: texts and intrinsic functions. */
  readonly resources: readonly unknown[];
  readonly condition: unknown;
}

interface WrittenStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface WrittenRole {
  readonly Policies: readonly {
    readonly PolicyDocument: { readonly Statement: readonly WrittenStatement[] };
  }[];
}

const ROLES: Readonly<Record<FunctionName, string>> = {
  backup: 'BackupRole',
  dispatch: 'DispatchRole',
  'on-ec2-event': 'OnEc2EventRole',
  report: 'ReportRole',
  retire: 'RetireRole',
};

export const roleOf = (name: FunctionName): string => ROLES[name];

const listOf = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** Every statement of every role. Throws for what is not a plain `Allow`. */
export const statementsOf = ({ Resources }: Template): readonly Statement[] =>
  Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .flatMap(([role, { Properties }]) =>
      (Properties as unknown as WrittenRole).Policies.flatMap(({ PolicyDocument }) =>
        PolicyDocument.Statement.map((written) => toStatement(role, written)),
      ),
    );

const toStatement = (
  role: string,
  { Effect, Action, Resource, Condition }: WrittenStatement,
): Statement => {
  if (Effect !== 'Allow') throw new Error(`${role}: ${Effect} is not expected`);
  return { role, actions: listOf(Action), resources: listOf(Resource), condition: Condition };
};

/** All actions that a function's role allows, whatever on, sorted. */
export const allowedActions = (template: Template, name: FunctionName): readonly string[] =>
  [
    ...new Set(
      statementsOf(template)
        .filter(({ role }) => role === roleOf(name))
        .flatMap(({ actions }) => actions),
    ),
  ].toSorted();

/** Logical ids of the resources on which a role allows an action. */
export const allowedOn = (template: Template, name: FunctionName, action: string) =>
  statementsOf(template)
    .filter(({ role, actions }) => role === roleOf(name) && actions.includes(action))
    .flatMap(({ resources }) => resources.map(logicalIdOf))
    .toSorted();

const logicalIdOf = (resource: unknown): string => {
  const attribute = (resource as { readonly 'Fn::GetAtt'?: readonly string[] })['Fn::GetAtt'];
  return attribute?.[0] ?? JSON.stringify(resource);
};
