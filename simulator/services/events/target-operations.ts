/** Giving rules their targets. Texts as recorded of EventBridge, where they were. */
import type {
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
  Target,
} from '@aws-sdk/client-eventbridge';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import type { EventBridge } from './event-bridge.ts';
import { arnProblems, busNameOrArnProblems, nameProblems } from './limits.ts';
import { pageOf, pageProblems } from './pages.ts';
import { findRule } from './rule-operations.ts';
import { isPath, placeholdersOf, RESERVED_VARIABLES } from './target-input.ts';

const TARGETS_MAX = 5;
const ARN = /^arn:[^:]+:([^:]+):[^:]*:[^:]*:.+$/;

const invalid = (message: string): ApiError => new ApiError('ValidationException', message);

const targetProblems = (target: Target, index: number): readonly string[] => {
  const place = `targets.${index + 1}.member`;
  const { RetryPolicy: retry, InputTransformer: transformer } = target;
  return [
    ...nameProblems(`${place}.id`, target.Id),
    ...arnProblems(`${place}.arn`, target.Arn),
    ...arnProblems(`${place}.roleArn`, target.RoleArn),
    ...problemsOf(`${place}.input`, target.Input, { maxLength: 8_192 }),
    ...problemsOf(`${place}.inputPath`, target.InputPath, { maxLength: 256 }),
    ...problemsOf(`${place}.inputTransformer.inputTemplate`, transformer?.InputTemplate, {
      minLength: 1,
      maxLength: 8_192,
    }),
    ...problemsOf(`${place}.sqsParameters.messageGroupId`, target.SqsParameters?.MessageGroupId, {
      maxLength: 100,
    }),
    ...arnProblems(`${place}.deadLetterConfig.arn`, target.DeadLetterConfig?.Arn),
    ...problemsOf(`${place}.retryPolicy.maximumRetryAttempts`, retry?.MaximumRetryAttempts, {
      min: 0,
      max: 185,
    }),
    ...problemsOf(
      `${place}.retryPolicy.maximumEventAgeInSeconds`,
      retry?.MaximumEventAgeInSeconds,
      {
        min: 60,
        max: 86_400,
      },
    ),
  ];
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const assertTransformer = ({ Id: id, InputTransformer: transformer }: Target): void => {
  if (transformer === undefined) return;
  const { InputPathsMap: paths = {}, InputTemplate: template = '' } = transformer;
  const reserved = Object.keys(paths).find((name) => name.startsWith('aws.events.'));
  if (reserved !== undefined) {
    throw invalid(`InputPathsMap for target ${id} contains reserved placeholder ${reserved}.`);
  }
  if (Object.keys(paths).length > 100 || Object.values(paths).some((path) => !isPath(path ?? ''))) {
    throw invalid(`Invalid InputPathsMap for target ${id}.`);
  }
  const stranger = placeholdersOf(template).find(
    (name) => !Object.hasOwn(paths, name) && !RESERVED_VARIABLES.includes(name),
  );
  if (stranger === undefined) return;
  throw invalid(`InputTemplate for target ${id} contains invalid placeholder ${stranger}.`);
};

const assertInput = (target: Target): void => {
  const { Id: id, Input: input, InputPath: path, InputTransformer: transformer } = target;
  if ([input, path, transformer].filter((one) => one !== undefined).length > 1) {
    throw invalid(
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`,
    );
  }
  if (input !== undefined && !isJson(input)) {
    throw invalid(`JSON syntax error in input for target ${id}.`);
  }
  if (path !== undefined && !isPath(path)) throw invalid(`Invalid InputPath for target ${id}.`);
  assertTransformer(target);
};

const assertTarget = (target: Target): void => {
  const arn = target.Arn ?? '';
  const [, service] = ARN.exec(arn) ?? [];
  if (service === undefined) {
    throw invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if (service === 'sqs' && arn.endsWith('.fifo') && !target.SqsParameters?.MessageGroupId) {
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${target.Id}.`);
  }
  assertInput(target);
};

interface OfRule {
  readonly Rule: string | undefined;
  readonly EventBusName?: string | undefined;
}

const problemsInRule = ({ Rule: rule, EventBusName: bus }: OfRule): readonly string[] => [
  ...nameProblems('rule', rule),
  ...busNameOrArnProblems('eventBusName', bus),
];

type At = Pick<Call, 'account' | 'region'>;

const ruleOf = (bridge: EventBridge, { Rule: Name, EventBusName }: OfRule, call: At) =>
  findRule(bridge, { Name, EventBusName }, call).rule;

export const putTargets = (
  bridge: EventBridge,
  input: PutTargetsRequest,
  call: At,
): PutTargetsResponse => {
  const targets = input.Targets ?? [];
  assertNoProblems([
    ...problemsInRule(input),
    ...problemsOf('targets', targets, { minLength: 1, maxLength: 100 }),
    ...targets.flatMap(targetProblems),
  ]);
  const rule = ruleOf(bridge, input, call);
  for (const target of targets) assertTarget(target);
  const ids = targets.map(({ Id: id = '' }) => id);
  if (new Set([...rule.targets.keys(), ...ids]).size > TARGETS_MAX) {
    throw new ApiError(
      'LimitExceededException',
      'The requested resource exceeds the maximum number allowed.',
    );
  }
  for (const target of targets) rule.targets.set(target.Id ?? '', target);
  return { FailedEntryCount: 0, FailedEntries: [] };
};

export const removeTargets = (
  bridge: EventBridge,
  input: RemoveTargetsRequest,
  call: At,
): RemoveTargetsResponse => {
  const ids = input.Ids ?? [];
  assertNoProblems([
    ...problemsInRule(input),
    ...problemsOf('ids', ids, { minLength: 1, maxLength: 100 }),
    ...ids.flatMap((id, index) => nameProblems(`ids.${index + 1}.member`, id)),
  ]);
  const rule = ruleOf(bridge, input, call);
  const missing = ids.filter((id) => !rule.targets.delete(id));
  return {
    FailedEntryCount: missing.length,
    FailedEntries: missing.map((TargetId) => ({
      TargetId,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Rule ${rule.name} does not have a target with the Id ${TargetId}.`,
    })),
  };
};

export const listTargetsByRule = (
  bridge: EventBridge,
  input: ListTargetsByRuleRequest,
  call: At,
): ListTargetsByRuleResponse => {
  assertNoProblems([...problemsInRule(input), ...pageProblems(input)]);
  const { targets } = ruleOf(bridge, input, call);
  const { rows, next } = pageOf([...targets.values()], ({ Id: id = '' }) => id, input);
  return { Targets: [...rows], NextToken: next };
};
