/** Making, changing and finding rules. */
import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  DescribeRuleResponse,
  DisableRuleRequest,
  EnableRuleRequest,
  ListRuleNamesByTargetRequest,
  ListRuleNamesByTargetResponse,
  ListRulesRequest,
  ListRulesResponse,
  PutRuleRequest,
  PutRuleResponse,
  Rule,
  Target,
} from '@aws-sdk/client-eventbridge';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { DEFAULT_BUS, noRule } from './buses.ts';
import type { EventBridge } from './event-bridge.ts';
import { compilePattern } from './event-pattern.ts';
import { arnProblems, busNameOrArnProblems, descriptionProblems, nameProblems } from './limits.ts';
import { pageOf, pageProblems } from './pages.ts';
import { type BusRow, ruleArnOf, type RuleRow, type RuleState } from './rows.ts';
import { parseSchedule } from './schedule-expression.ts';
import { addTags } from './tags.ts';

const RULES_MAX = 300;
const STATES: readonly RuleState[] = [
  'ENABLED',
  'DISABLED',
  'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
];

const problemsIn = (input: PutRuleRequest): readonly string[] => [
  ...nameProblems('name', input.Name),
  ...problemsOf('scheduleExpression', input.ScheduleExpression, { maxLength: 256 }),
  ...problemsOf('eventPattern', input.EventPattern, { maxLength: 4_096 }),
  ...problemsOf('state', input.State, { oneOf: STATES }),
  ...descriptionProblems(input.Description),
  ...arnProblems('roleArn', input.RoleArn),
  ...busNameOrArnProblems('eventBusName', input.EventBusName),
];

/** @throws ApiError for a rule that is no rule. */
const assertTrigger = (input: PutRuleRequest, bus: BusRow, nowMs: number): void => {
  const { EventPattern: pattern, ScheduleExpression: schedule } = input;
  if (!pattern && !schedule) {
    throw new ApiError(
      'ValidationException',
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    );
  }
  if (pattern) compilePattern(pattern);
  if (!schedule) return;
  if (bus.name !== DEFAULT_BUS) {
    throw new ApiError(
      'ValidationException',
      'ScheduleExpression is supported only on the default event bus.',
    );
  }
  parseSchedule(schedule, nowMs);
};

/** A schedule that stays as it was goes on as it was. */
const scheduleOf = (
  known: RuleRow | undefined,
  schedule: string | undefined,
  state: RuleState,
  nowMs: number,
): Pick<RuleRow, 'scheduledAtMs' | 'scheduleRevision'> & { readonly isNew: boolean } => {
  const isSame =
    known !== undefined &&
    known.schedule === schedule &&
    (known.state === 'DISABLED') === (state === 'DISABLED');
  return isSame
    ? {
        scheduledAtMs: known.scheduledAtMs,
        scheduleRevision: known.scheduleRevision,
        isNew: false,
      }
    : { scheduledAtMs: nowMs, scheduleRevision: (known?.scheduleRevision ?? 0) + 1, isNew: true };
};

const assertRoom = ({ rules }: BusRow): void => {
  if (rules.size < RULES_MAX) return;
  throw new ApiError(
    'LimitExceededException',
    'The requested resource exceeds the maximum number allowed.',
  );
};

const store = (bridge: EventBridge, bus: BusRow, rule: RuleRow, isNewSchedule: boolean): void => {
  bus.rules.set(rule.name, rule);
  if (isNewSchedule) bridge.startSchedule(rule);
};

export const putRule = (
  bridge: EventBridge,
  input: PutRuleRequest,
  call: Pick<Call, 'account' | 'region' | 'nowMs'>,
): PutRuleResponse => {
  assertNoProblems(problemsIn(input));
  const bus = bridge.buses.find(call, input.EventBusName);
  assertTrigger(input, bus, call.nowMs);
  const name = input.Name ?? '';
  const known = bus.rules.get(name);
  if (known === undefined) assertRoom(bus);
  const state = input.State ?? 'ENABLED';
  const schedule = input.ScheduleExpression || undefined;
  const { isNew, ...scheduling } = scheduleOf(known, schedule, state, call.nowMs);
  const rule: RuleRow = {
    account: bus.account,
    region: bus.region,
    bus: bus.name,
    name,
    pattern: input.EventPattern || undefined,
    schedule,
    description: input.Description,
    roleArn: input.RoleArn,
    state,
    ...scheduling,
    targets: known?.targets ?? new Map<string, Target>(),
    tags: known?.tags ?? new Map<string, string>(),
  };
  if (known === undefined) addTags(rule.tags, input.Tags ?? []);
  store(bridge, bus, rule, isNew);
  return { RuleArn: ruleArnOf(rule) };
};

interface Named {
  readonly Name: string | undefined;
  readonly EventBusName?: string | undefined;
}

const problemsInName = ({ Name: name, EventBusName: bus }: Named): readonly string[] => [
  ...nameProblems('name', name),
  ...busNameOrArnProblems('eventBusName', bus),
];

/** @throws ApiError `ResourceNotFoundException` */
export const findRule = (
  { buses }: EventBridge,
  { Name: name = '', EventBusName: busName }: Named,
  call: Pick<Call, 'account' | 'region'>,
): { readonly bus: BusRow; readonly rule: RuleRow } => {
  const bus = buses.find(call, busName);
  const rule = bus.rules.get(name);
  if (rule === undefined) throw noRule(name, bus.name);
  return { bus, rule };
};

/** A rule that is not there is deleted already. */
export const deleteRule = (bridge: EventBridge, input: DeleteRuleRequest, call: Call): void => {
  assertNoProblems(problemsInName(input));
  const bus = bridge.buses.find(call, input.EventBusName);
  const rule = bus.rules.get(input.Name ?? '');
  if (rule === undefined) return;
  if (rule.targets.size > 0) {
    throw new ApiError('ValidationException', "Rule can't be deleted since it has targets.");
  }
  bus.rules.delete(rule.name);
};

const describe = (rule: RuleRow): Rule => ({
  Name: rule.name,
  Arn: ruleArnOf(rule),
  EventPattern: rule.pattern,
  State: rule.state,
  Description: rule.description,
  ScheduleExpression: rule.schedule,
  RoleArn: rule.roleArn,
  EventBusName: rule.bus,
});

export const describeRule = (
  bridge: EventBridge,
  input: DescribeRuleRequest,
  call: Call,
): DescribeRuleResponse => {
  assertNoProblems(problemsInName(input));
  const { rule } = findRule(bridge, input, call);
  return { ...describe(rule), CreatedBy: rule.account };
};

const setState = (bridge: EventBridge, input: Named, state: RuleState, call: Call): void => {
  assertNoProblems(problemsInName(input));
  const { bus, rule } = findRule(bridge, input, call);
  const { isNew, ...scheduling } = scheduleOf(rule, rule.schedule, state, call.nowMs);
  store(bridge, bus, { ...rule, ...scheduling, state }, isNew);
};

export const enableRule = (bridge: EventBridge, input: EnableRuleRequest, call: Call): void => {
  setState(bridge, input, 'ENABLED', call);
};

export const disableRule = (bridge: EventBridge, input: DisableRuleRequest, call: Call): void => {
  setState(bridge, input, 'DISABLED', call);
};

export const listRules = (
  { buses }: EventBridge,
  input: ListRulesRequest,
  call: Call,
): ListRulesResponse => {
  assertNoProblems([
    ...nameProblems('namePrefix', input.NamePrefix),
    ...busNameOrArnProblems('eventBusName', input.EventBusName),
    ...pageProblems(input),
  ]);
  const prefix = input.NamePrefix ?? '';
  const bus = buses.find(call, input.EventBusName);
  const found = [...bus.rules.values()].filter(({ name }) => name.startsWith(prefix));
  const { rows, next } = pageOf(found, ({ name }) => name, input);
  return { Rules: rows.map(describe), NextToken: next };
};

export const listRuleNamesByTarget = (
  { buses }: EventBridge,
  input: ListRuleNamesByTargetRequest,
  call: Call,
): ListRuleNamesByTargetResponse => {
  assertNoProblems([
    ...arnProblems('targetArn', input.TargetArn),
    ...busNameOrArnProblems('eventBusName', input.EventBusName),
    ...pageProblems(input),
  ]);
  const bus = buses.find(call, input.EventBusName);
  const names = [...bus.rules.values()]
    .filter(({ targets }) => [...targets.values()].some(({ Arn }) => Arn === input.TargetArn))
    .map(({ name }) => name);
  const { rows, next } = pageOf(names, (name) => name, input);
  return { RuleNames: [...rows], NextToken: next };
};
