import type {
  DescribeRuleResponse,
  ListEventBusesResponse,
  ListRuleNamesByTargetResponse,
  ListRulesResponse,
  ListTargetsByRuleResponse,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { createBench, DR } from './fixture.ts';
import { askOf, refusalOf } from './services.ts';

const QUEUE_ARN = 'arn:aws:sqs:eu-central-1:111122223333:heard';

const aBridge = () => {
  const bench = createBench();
  const ask = askOf(bench.cloud, 'events');
  const putRule = (more: object = {}) =>
    ask('PutRule', { Name: 'rule', EventPattern: '{"source":["a"]}', ...more });
  const putTargets = (...targets: readonly object[]) =>
    ask('PutTargets', { Rule: 'rule', Targets: targets });
  return { ...bench, ask, putRule, putTargets };
};

const inUse = (ask: ReturnType<typeof askOf>, action: string, input: object) =>
  refusalOf(() => ask(action, input));

describe('an event bus', () => {
  it('is made, described, changed and deleted; the default one is always there', () => {
    const { ask } = aBridge();
    const Arn = 'arn:aws:events:eu-central-1:111122223333:event-bus/outcomes';
    expect(ask('CreateEventBus', { Name: 'outcomes', Description: 'mine' })).toMatchObject({
      EventBusArn: Arn,
      Description: 'mine',
    });
    ask('UpdateEventBus', { Name: 'outcomes', Description: 'yours' });
    expect(ask('DescribeEventBus', { Name: 'outcomes' })).toMatchObject({
      Name: 'outcomes',
      Arn,
      Description: 'yours',
      CreationTime: new Date('2026-11-21T03:00:00Z'),
    });
    const names = () =>
      ask<ListEventBusesResponse>('ListEventBuses').EventBuses?.map(({ Name }) => Name);
    expect(names()).toEqual(['default', 'outcomes']);
    ask('DeleteEventBus', { Name: 'outcomes' });
    expect(names()).toEqual(['default']);
  });

  it('is of one account and Region', () => {
    const { ask, cloud, dr } = aBridge();
    ask('CreateEventBus', { Name: 'outcomes' });
    const elsewhere = () => ask('DescribeEventBus', { Name: 'outcomes' }, dr());
    expect(refusalOf(elsewhere)).toBe(
      'ResourceNotFoundException: Event bus outcomes does not exist.',
    );
    const others = () =>
      ask('DescribeEventBus', { Name: 'outcomes' }, cloud.callAs('444455556666', DR));
    expect(refusalOf(others)).toContain('does not exist');
  });

  it('is refused when it is there, deleted by no means when it is not, or the default one', () => {
    const { ask, putRule } = aBridge();
    ask('CreateEventBus', { Name: 'outcomes' });
    putRule({ EventBusName: 'outcomes' });
    expect(inUse(ask, 'CreateEventBus', { Name: 'outcomes' })).toBe(
      'ResourceAlreadyExistsException: Event bus outcomes already exists.',
    );
    expect(inUse(ask, 'DeleteEventBus', { Name: 'none' })).toBe(
      'ResourceNotFoundException: Event bus none does not exist.',
    );
    expect(inUse(ask, 'DeleteEventBus', { Name: 'default' })).toBe(
      'ValidationException: Cannot delete event bus default.',
    );
    expect(inUse(ask, 'DeleteEventBus', { Name: 'outcomes' })).toContain('since it has rules');
    expect(inUse(ask, 'CreateEventBus', { Name: 'no blanks' })).toBe(
      "ValidationException: 1 validation error detected: Value 'no blanks' at 'name' failed to " +
        'satisfy constraint: Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+',
    );
  });
});

describe('a rule', () => {
  it('is put, described and put again; its targets stay', () => {
    const { ask, putRule, putTargets } = aBridge();
    const RuleArn = 'arn:aws:events:eu-central-1:111122223333:rule/rule';
    expect(putRule()).toEqual({ RuleArn });
    putTargets({ Id: 't', Arn: QUEUE_ARN });
    putRule({ EventPattern: '{"source":["b"]}', Description: 'new' });
    expect(ask<DescribeRuleResponse>('DescribeRule', { Name: 'rule' })).toEqual({
      Name: 'rule',
      Arn: RuleArn,
      EventPattern: '{"source":["b"]}',
      State: 'ENABLED',
      Description: 'new',
      ScheduleExpression: undefined,
      RoleArn: undefined,
      EventBusName: 'default',
      CreatedBy: '111122223333',
    });
    expect(ask('ListTargetsByRule', { Rule: 'rule' })).toMatchObject({
      Targets: [{ Id: 't', Arn: QUEUE_ARN }],
    });
  });

  it('on another bus has the bus in its ARN', () => {
    const { ask, putRule } = aBridge();
    ask('CreateEventBus', { Name: 'outcomes' });
    expect(putRule({ EventBusName: 'outcomes' })).toEqual({
      RuleArn: 'arn:aws:events:eu-central-1:111122223333:rule/outcomes/rule',
    });
    expect(inUse(ask, 'DescribeRule', { Name: 'rule' })).toBe(
      'ResourceNotFoundException: Rule rule does not exist on EventBus default.',
    );
  });

  it('is disabled and enabled', () => {
    const { ask, putRule } = aBridge();
    const state = () => ask<DescribeRuleResponse>('DescribeRule', { Name: 'rule' }).State;
    putRule({ State: 'DISABLED' });
    expect(state()).toBe('DISABLED');
    ask('EnableRule', { Name: 'rule' });
    expect(state()).toBe('ENABLED');
    ask('DisableRule', { Name: 'rule' });
    expect(state()).toBe('DISABLED');
    expect(inUse(ask, 'EnableRule', { Name: 'none' })).toContain('ResourceNotFoundException');
  });

  it('is deleted once it has no targets; one that is not there, at once', () => {
    const { ask, putRule, putTargets } = aBridge();
    putRule();
    putTargets({ Id: 't', Arn: QUEUE_ARN });
    expect(inUse(ask, 'DeleteRule', { Name: 'rule' })).toBe(
      "ValidationException: Rule can't be deleted since it has targets.",
    );
    ask('RemoveTargets', { Rule: 'rule', Ids: ['t'] });
    ask('DeleteRule', { Name: 'rule' });
    ask('DeleteRule', { Name: 'rule' });
    expect(ask<ListRulesResponse>('ListRules').Rules).toEqual([]);
  });

  it.each([
    [
      { EventPattern: undefined },
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    ],
    [{ ScheduleExpression: 'rate(1 minutes)' }, 'Parameter ScheduleExpression is not valid.'],
    [
      { ScheduleExpression: 'rate(1 minute)', EventBusName: 'outcomes' },
      'ScheduleExpression is supported only on the default event bus.',
    ],
    [{ State: 'ON' }, 'Member must satisfy enum value set: [ENABLED, DISABLED, '],
    [{ Name: 'x'.repeat(65) }, 'Member must have length less than or equal to 64'],
  ])('with %j is refused', (more, message) => {
    const { ask, putRule } = aBridge();
    ask('CreateEventBus', { Name: 'outcomes' });
    const refusal = refusalOf(() => putRule(more));
    expect(refusal).toMatch(/^ValidationException: /);
    expect(refusal).toContain(message);
  });

  it('comes in pages by name, and by prefix', () => {
    const { ask, putRule } = aBridge();
    for (const Name of ['b-2', 'a', 'b-1', 'b-3']) putRule({ Name });
    const names = ({ Rules }: ListRulesResponse) => Rules?.map(({ Name }) => Name);
    const first = ask<ListRulesResponse>('ListRules', { NamePrefix: 'b', Limit: 2 });
    expect(names(first)).toEqual(['b-1', 'b-2']);
    const page = { NamePrefix: 'b', Limit: 2, NextToken: first.NextToken };
    const second = ask<ListRulesResponse>('ListRules', page);
    expect([names(second), second.NextToken]).toEqual([['b-3'], undefined]);
    expect(inUse(ask, 'ListRules', { NextToken: 'nonsense' })).toBe(
      'ValidationException: Parameter NextToken is not valid.',
    );
    expect(inUse(ask, 'ListRules', { Limit: 101 })).toContain('less than or equal to 100');
  });
});

describe('targets', () => {
  it('are put, replaced by id, listed and removed', () => {
    const { ask, putRule, putTargets } = aBridge();
    putRule();
    expect(putTargets({ Id: 'b', Arn: QUEUE_ARN }, { Id: 'a', Arn: QUEUE_ARN })).toEqual({
      FailedEntryCount: 0,
      FailedEntries: [],
    });
    putTargets({ Id: 'a', Arn: QUEUE_ARN, InputPath: '$.detail' });
    const list = ask<ListTargetsByRuleResponse>('ListTargetsByRule', { Rule: 'rule' });
    expect(list.Targets).toEqual([
      { Id: 'a', Arn: QUEUE_ARN, InputPath: '$.detail' },
      { Id: 'b', Arn: QUEUE_ARN },
    ]);
    expect(
      ask<ListRuleNamesByTargetResponse>('ListRuleNamesByTarget', { TargetArn: QUEUE_ARN }),
    ).toEqual({ RuleNames: ['rule'], NextToken: undefined });
    expect(ask('RemoveTargets', { Rule: 'rule', Ids: ['a', 'none'] })).toMatchObject({
      FailedEntryCount: 1,
      FailedEntries: [{ TargetId: 'none', ErrorCode: 'ResourceNotFoundException' }],
    });
  });

  it('are five at most', () => {
    const { putRule, putTargets } = aBridge();
    putRule();
    const six = Array.from({ length: 6 }, (_, index) => ({ Id: `t${index}`, Arn: QUEUE_ARN }));
    expect(refusalOf(() => putTargets(...six))).toBe(
      'LimitExceededException: The requested resource exceeds the maximum number allowed.',
    );
  });

  it.each([
    [{ Id: '!@#' }, "Value '!@#' at 'targets.1.member.id' failed to satisfy constraint"],
    [
      { Arn: 'heard' },
      'Parameter heard is not valid. Reason: Provided Arn is not in correct format.',
    ],
    [
      { Input: '{}', InputPath: '$' },
      'Only one of Input, InputPath, or InputTransformer must be provided for target t.',
    ],
    [{ Input: '{' }, 'JSON syntax error in input for target t.'],
    [{ InputPath: 'detail' }, 'Invalid InputPath for target t.'],
    [
      { InputTransformer: { InputPathsMap: { a: '$.detail' }, InputTemplate: '"<a> <b>"' } },
      'InputTemplate for target t contains invalid placeholder b.',
    ],
    [{ Arn: `${QUEUE_ARN}.fifo` }, 'Parameter(s) SqsParameters must be specified for target: t.'],
    [{ RetryPolicy: { MaximumRetryAttempts: 186 } }, 'less than or equal to 185'],
    [{ RetryPolicy: { MaximumEventAgeInSeconds: 59 } }, 'greater than or equal to 60'],
  ])('with %j are refused', (more, message) => {
    const { putRule, putTargets } = aBridge();
    putRule();
    const refusal = refusalOf(() => putTargets({ Id: 't', Arn: QUEUE_ARN, ...more }));
    expect(refusal).toMatch(/^ValidationException: /);
    expect(refusal).toContain(message);
  });
});

describe('what else EventBridge is asked', () => {
  it('tries a pattern on an event', () => {
    const { ask } = aBridge();
    const Event = JSON.stringify({
      id: '1',
      account: '111122223333',
      source: 'a',
      time: '2026-11-21T03:00:00Z',
      region: 'eu-central-1',
      'detail-type': 'd',
      detail: { n: 1 },
    });
    const test = (EventPattern: string, event = Event) =>
      ask('TestEventPattern', { EventPattern, Event: event });
    expect(test('{"detail":{"n":[1]}}')).toEqual({ Result: true });
    expect(test('{"detail":{"n":[2]}}')).toEqual({ Result: false });
    expect(refusalOf(() => test('{"detail":{"n":[1]}}', '["no", "event"]'))).toBe(
      'ValidationException: Parameter Event is not valid.',
    );
    expect(refusalOf(() => test('{"n":1}'))).toContain('InvalidEventPatternException');
  });

  it('tags buses and rules', () => {
    const { ask, putRule } = aBridge();
    putRule({ Tags: [{ Key: 'a', Value: '1' }] });
    const ResourceARN = 'arn:aws:events:eu-central-1:111122223333:rule/rule';
    ask('TagResource', { ResourceARN, Tags: [{ Key: 'b', Value: '2' }] });
    ask('UntagResource', { ResourceARN, TagKeys: ['a'] });
    expect(ask('ListTagsForResource', { ResourceARN })).toEqual({
      Tags: [{ Key: 'b', Value: '2' }],
    });
    expect(inUse(ask, 'ListTagsForResource', { ResourceARN: `${ResourceARN}-2` })).toBe(
      'ResourceNotFoundException: Rule rule-2 does not exist on EventBus default.',
    );
    const twice = [
      { Key: 'c', Value: '' },
      { Key: 'c', Value: '' },
    ];
    expect(inUse(ask, 'TagResource', { ResourceARN, Tags: twice })).toBe(
      'ValidationException: Invalid parameter: Duplicated keys are not allowed.',
    );
  });
});
