/** What the wire serves of EventBridge. */
import {
  CreateEventBus$,
  DeleteEventBus$,
  DeleteRule$,
  DescribeEventBus$,
  DescribeRule$,
  DisableRule$,
  EnableRule$,
  ListEventBuses$,
  ListRuleNamesByTarget$,
  ListRules$,
  ListTagsForResource$,
  ListTargetsByRule$,
  PutEvents$,
  type PutEventsRequest,
  PutPermission$,
  PutRule$,
  PutTargets$,
  RemovePermission$,
  RemoveTargets$,
  TagResource$,
  TestEventPattern$,
  UntagResource$,
  UpdateEventBus$,
} from '@aws-sdk/client-eventbridge';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Call, type Operation, operation, type Service } from '../../wire/api.ts';
import {
  createEventBus,
  deleteEventBus,
  describeEventBus,
  listEventBuses,
  updateEventBus,
} from './bus-operations.ts';
import type { EventBridge } from './event-bridge.ts';
import { putPermission, removePermission } from './permissions.ts';
import { putEvents } from './put-events.ts';
import {
  deleteRule,
  describeRule,
  disableRule,
  enableRule,
  listRuleNamesByTarget,
  listRules,
  putRule,
} from './rule-operations.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { listTargetsByRule, putTargets, removeTargets } from './target-operations.ts';
import { testEventPattern } from './test-event-pattern.ts';

export const createEventsService = (kernel: Kernel, bridge: EventBridge): Service => {
  const on = <Input, Output>(
    schema: unknown,
    act: (bridge: EventBridge, input: Input, call: Call) => Output,
  ): Operation => operation<Input, Output>(schema, (input, call) => act(bridge, input, call));
  return {
    id: 'events',
    operations: {
      CreateEventBus: on(CreateEventBus$, createEventBus),
      DeleteEventBus: on(DeleteEventBus$, deleteEventBus),
      DescribeEventBus: on(DescribeEventBus$, describeEventBus),
      ListEventBuses: on(ListEventBuses$, listEventBuses),
      UpdateEventBus: on(UpdateEventBus$, updateEventBus),
      PutPermission: on(PutPermission$, putPermission),
      RemovePermission: on(RemovePermission$, removePermission),
      PutRule: on(PutRule$, putRule),
      DeleteRule: on(DeleteRule$, deleteRule),
      DescribeRule: on(DescribeRule$, describeRule),
      EnableRule: on(EnableRule$, enableRule),
      DisableRule: on(DisableRule$, disableRule),
      ListRules: on(ListRules$, listRules),
      ListRuleNamesByTarget: on(ListRuleNamesByTarget$, listRuleNamesByTarget),
      PutTargets: on(PutTargets$, putTargets),
      RemoveTargets: on(RemoveTargets$, removeTargets),
      ListTargetsByRule: on(ListTargetsByRule$, listTargetsByRule),
      PutEvents: operation(PutEvents$, (input: PutEventsRequest, call) =>
        putEvents(kernel, bridge, input, call),
      ),
      TestEventPattern: operation(TestEventPattern$, testEventPattern),
      TagResource: on(TagResource$, tagResource),
      UntagResource: on(UntagResource$, untagResource),
      ListTagsForResource: on(ListTagsForResource$, listTagsForResource),
    },
  };
};
