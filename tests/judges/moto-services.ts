/** EventBridge, SSM and STS, as moto and the embedded cloud both have them. */
import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { byText, codeOf, type Deed } from './moto-deeds.ts';
import { arnOf, createQueue, listen, putRule, receive } from './moto-queues.ts';

const RULE_DEEDS: readonly Deed[] = [
  {
    title: 'a rule is put, described, listed by prefix, disabled and deleted',
    on: async (side) => {
      const { run, events } = side;
      const made = await putRule(side, 'images-changed', { source: ['walk.images'] });
      const asked = { Name: 'images-changed' };
      const described = await run(events.send(new DescribeRuleCommand(asked)));
      await run(events.send(new DisableRuleCommand(asked)));
      const listed = await run(events.send(new ListRulesCommand({ NamePrefix: 'images-' })));
      await run(events.send(new DeleteRuleCommand(asked)));
      return {
        arn: made.RuleArn,
        described: [described.Name, described.EventPattern, described.State],
        listed: listed.Rules?.map(({ Name, State }) => [Name, State]),
        after: await codeOf(side, events.send(new DescribeRuleCommand(asked))),
      };
    },
    comesTo: {
      arn: 'arn:aws:events:eu-central-1:111122223333:rule/images-changed',
      described: ['images-changed', '{"source":["walk.images"]}', 'ENABLED'],
      listed: [['images-changed', 'DISABLED']],
      after: 'ResourceNotFoundException',
    },
  },
  {
    title: 'events that a rule matches reach the queue that is its target, others do not',
    on: async (side) => {
      const { run, events } = side;
      const heard = await listen(side, 'heard', { source: ['walk.one'] });
      const Entries = ['walk.one', 'walk.two'].map((Source) => ({
        Source,
        DetailType: 'a thing happened',
        Detail: JSON.stringify({ of: Source }),
      }));
      const put = await run(events.send(new PutEventsCommand({ Entries })));
      return {
        failed: put.FailedEntryCount,
        heard: (await heard()).map((event) => [
          event['source'],
          event['detail-type'],
          event['region'],
          event['detail'],
        ]),
      };
    },
    comesTo: {
      failed: 0,
      heard: [['walk.one', 'a thing happened', 'eu-central-1', { of: 'walk.one' }]],
    },
  },
  {
    title: 'targets are listed and removed',
    on: async (side) => {
      const { run, events } = side;
      const Rule = 'aimed';
      await putRule(side, Rule, { source: ['walk.aimed'] });
      const Arn = await arnOf(side, await createQueue(side, 'aimed'));
      const Targets = ['one', 'two'].map((Id) => ({ Id, Arn }));
      await run(events.send(new PutTargetsCommand({ Rule, Targets })));
      const list = async () => {
        const answer = await run(events.send(new ListTargetsByRuleCommand({ Rule })));
        return (answer.Targets ?? []).map(({ Id = '' }) => Id).toSorted(byText);
      };
      const found = [await list()];
      await run(events.send(new RemoveTargetsCommand({ Rule, Ids: ['one'] })));
      return [...found, await list()];
    },
    comesTo: [['one', 'two'], ['two']],
  },
  {
    title: 'a target for a rule that is not there is refused',
    on: (side) => {
      const Targets = [{ Id: 'x', Arn: 'arn:aws:sqs:eu-central-1:111122223333:x' }];
      return codeOf(side, side.events.send(new PutTargetsCommand({ Rule: 'none', Targets })));
    },
    comesTo: 'ResourceNotFoundException',
  },
  {
    title: 'a bus of its own carries the events that are put on it, and only those',
    on: async (side) => {
      const { run, events } = side;
      const Name = 'walk-bus';
      const made = await run(events.send(new CreateEventBusCommand({ Name })));
      const QueueUrl = await createQueue(side, 'bus');
      const rule = { Name: 'on-bus', EventBusName: Name, EventPattern: '{"source":["walk.bus"]}' };
      await run(events.send(new PutRuleCommand(rule)));
      const Targets = [{ Id: 'queue', Arn: await arnOf(side, QueueUrl) }];
      const aim = { Rule: 'on-bus', EventBusName: Name, Targets };
      await run(events.send(new PutTargetsCommand(aim)));
      const event = { Source: 'walk.bus', DetailType: 'd' };
      const Entries = [
        { ...event, Detail: '{"on":"default"}' },
        { ...event, Detail: '{"on":"bus"}', EventBusName: Name },
      ];
      await run(events.send(new PutEventsCommand({ Entries })));
      await side.settle();
      const heard = (await receive(side, QueueUrl)).map(
        ({ Body = '{}' }) => (JSON.parse(Body) as { readonly detail: unknown }).detail,
      );
      const { EventBuses = [] } = await run(events.send(new ListEventBusesCommand({})));
      return {
        arn: made.EventBusArn,
        heard,
        buses: EventBuses.map((bus) => bus.Name ?? '').toSorted(byText),
      };
    },
    comesTo: {
      arn: 'arn:aws:events:eu-central-1:111122223333:event-bus/walk-bus',
      heard: [{ on: 'bus' }],
      buses: ['default', 'walk-bus'],
    },
  },
  {
    title: 'patterns match by value, prefix, exception, number and absence',
    on: async (side) => {
      const patterns = [
        { state: ['available', 'failed'] },
        { state: ['failed'] },
        { state: [{ prefix: 'avail' }] },
        { state: [{ 'anything-but': ['available'] }] },
        { size: [{ numeric: ['>', 4, '<=', 5] }] },
        { none: [{ exists: false }] },
      ];
      const listeners = [];
      for (const [index, detail] of patterns.entries()) {
        const pattern = { source: ['walk.patterns'], detail };
        listeners.push(await listen(side, `pattern-${index}`, pattern));
      }
      const Detail = JSON.stringify({ state: 'available', size: 5 });
      const entry = { Source: 'walk.patterns', DetailType: 'd', Detail };
      await side.run(side.events.send(new PutEventsCommand({ Entries: [entry] })));
      const heard = [];
      for (const listener of listeners) heard.push((await listener()).length);
      return heard;
    },
    comesTo: [1, 0, 1, 0, 1, 1],
  },
  {
    title: 'rules are found by their target, and tagged',
    on: async (side) => {
      const { run, events } = side;
      const { RuleArn } = await putRule(side, 'by-target', { source: ['walk.target'] });
      const Arn = await arnOf(side, await createQueue(side, 'by-target'));
      const aim = { Rule: 'by-target', Targets: [{ Id: 'queue', Arn }] };
      await run(events.send(new PutTargetsCommand(aim)));
      const named = new ListRuleNamesByTargetCommand({ TargetArn: Arn });
      const ResourceARN = RuleArn;
      const Tags = [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ];
      await run(events.send(new TagResourceCommand({ ResourceARN, Tags })));
      await run(events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a'] })));
      const tags = await run(events.send(new ListTagsForResourceCommand({ ResourceARN })));
      return [(await run(events.send(named))).RuleNames, tags.Tags];
    },
    comesTo: [['by-target'], [{ Key: 'b', Value: '2' }]],
  },
];

const PARAMETER_DEEDS: readonly Deed[] = [
  {
    title: 'a parameter is put once, overwritten when asked, read and deleted',
    on: async (side) => {
      const { run, ssm } = side;
      const Name = '/golden/web';
      const put = (Value: string, Overwrite: boolean) =>
        codeOf(side, ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite })));
      const puts = [await put('ami-1', false), await put('ami-2', false), await put('ami-3', true)];
      const { Parameter } = await run(ssm.send(new GetParameterCommand({ Name })));
      const Names = [Name, '/golden/none'];
      const several = await run(ssm.send(new GetParametersCommand({ Names })));
      const forget = () => codeOf(side, ssm.send(new DeleteParameterCommand({ Name })));
      return {
        puts,
        read: [Parameter?.Value, Parameter?.Version, Parameter?.Type, Parameter?.ARN],
        several: [several.Parameters?.map(({ Value }) => Value), several.InvalidParameters],
        removed: [await forget(), await forget()],
        after: await codeOf(side, ssm.send(new GetParameterCommand({ Name }))),
      };
    },
    comesTo: {
      puts: ['done', 'ParameterAlreadyExists', 'done'],
      read: ['ami-3', 2, 'String', 'arn:aws:ssm:eu-central-1:111122223333:parameter/golden/web'],
      several: [['ami-3'], ['/golden/none']],
      removed: ['done', 'ParameterNotFound'],
      after: 'ParameterNotFound',
    },
  },
];

const IDENTITY_DEEDS: readonly Deed[] = [
  {
    title: 'a caller is an account, and a role that it takes on is in the ARN',
    on: async ({ run, sts }) => {
      const { Account } = await run(sts.send(new GetCallerIdentityCommand({})));
      const role = { RoleArn: 'arn:aws:iam::111122223333:role/imago', RoleSessionName: 'walk' };
      const assumed = await run(sts.send(new AssumeRoleCommand(role)));
      return {
        account: Account,
        arn: assumed.AssumedRoleUser?.Arn,
        key: assumed.Credentials?.AccessKeyId?.slice(0, 4),
      };
    },
    comesTo: {
      account: '111122223333',
      arn: 'arn:aws:sts::111122223333:assumed-role/imago/walk',
      key: 'ASIA',
    },
  },
];

export const SERVICE_DEEDS: readonly Deed[] = [
  ...RULE_DEEDS,
  ...PARAMETER_DEEDS,
  ...IDENTITY_DEEDS,
];
