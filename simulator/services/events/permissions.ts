/** PutPermission and RemovePermission: who else may put events into a bus. */
import type { PutPermissionRequest, RemovePermissionRequest } from '@aws-sdk/client-eventbridge';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { statementsOf } from '../resource-policy.ts';
import type { EventBridge } from './event-bridge.ts';
import { type BusRow, busArnOf } from './rows.ts';

type Statement = Readonly<Record<string, unknown>>;

const BUS_LIMITS = { minLength: 1, maxLength: 256, pattern: '[\\.\\-_A-Za-z0-9]+' } as const;
const SID_LIMITS = { minLength: 1, maxLength: 64, pattern: '[a-zA-Z0-9-_]+' } as const;

const setStatements = (bus: BusRow, statements: readonly Statement[], nowMs: number): void => {
  bus.policy =
    statements.length === 0
      ? undefined
      : JSON.stringify({ Version: '2012-10-17', Statement: statements });
  bus.modifiedAtMs = nowMs;
};

const assertPolicy = (text: string): void => {
  if (statementsOf(text).length > 0) return;
  throw new ApiError('ValidationException', 'Parameter Policy is not valid.');
};

const conditionOf = ({ Condition: condition }: PutPermissionRequest) =>
  condition && {
    Condition: { [condition.Type ?? '']: { [condition.Key ?? '']: condition.Value } },
  };

const statementOf = (bus: BusRow, input: PutPermissionRequest): Statement => {
  const { Principal: principal, StatementId: sid, Action: action } = input;
  const missing = Object.entries({ Principal: principal, StatementId: sid, Action: action }).find(
    ([, value]) => value === undefined,
  );
  if (missing !== undefined) {
    throw new ApiError('ValidationException', `Parameter ${missing[0]} must be specified.`);
  }
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: `arn:aws:iam::${principal}:root` },
    Action: action,
    Resource: busArnOf(bus),
    ...conditionOf(input),
  };
};

export const putPermission = (
  { buses }: EventBridge,
  input: PutPermissionRequest,
  call: Call,
): void => {
  assertNoProblems([
    ...problemsOf('eventBusName', input.EventBusName, BUS_LIMITS),
    ...problemsOf('action', input.Action, {
      minLength: 1,
      maxLength: 64,
      pattern: 'events:[a-zA-Z]+',
    }),
    ...problemsOf('principal', input.Principal, {
      minLength: 1,
      maxLength: 12,
      pattern: '(\\d{12}|\\*)',
    }),
    ...problemsOf('statementId', input.StatementId, SID_LIMITS),
  ]);
  const bus = buses.find(call, input.EventBusName);
  if (input.Policy !== undefined) {
    assertPolicy(input.Policy);
    bus.policy = input.Policy;
    bus.modifiedAtMs = call.nowMs;
    return;
  }
  const statement = statementOf(bus, input);
  const others = statementsOf(bus.policy).filter(({ Sid }) => Sid !== statement.Sid);
  setStatements(bus, [...others, statement], call.nowMs);
};

export const removePermission = (
  { buses }: EventBridge,
  input: RemovePermissionRequest,
  call: Call,
): void => {
  assertNoProblems([
    ...problemsOf('statementId', input.StatementId, SID_LIMITS),
    ...problemsOf('eventBusName', input.EventBusName, BUS_LIMITS),
  ]);
  const bus = buses.find(call, input.EventBusName);
  if (input.RemoveAllPermissions === true) {
    setStatements(bus, [], call.nowMs);
    return;
  }
  if (input.StatementId === undefined) {
    throw new ApiError('ValidationException', 'Parameter StatementId is required.');
  }
  const statements = statementsOf(bus.policy);
  const rest = statements.filter(({ Sid }) => Sid !== input.StatementId);
  if (rest.length === statements.length) {
    throw new ApiError(
      'ResourceNotFoundException',
      'Statement with the provided id does not exist.',
    );
  }
  setStatements(bus, rest, call.nowMs);
};
