/** The adapters in front of an AWS that a test makes up: real clients, real wire, virtual time. */
import { createHash } from 'node:crypto';
import {
  DescribeAutoScalingGroups$,
  DescribeLaunchConfigurations$,
} from '@aws-sdk/client-auto-scaling';
import {
  CopyImage$,
  CreateImage$,
  CreateTags$,
  DeleteSnapshot$,
  DeregisterImage$,
  DescribeFleets$,
  DescribeImageAttribute$,
  DescribeImages$,
  DescribeInstances$,
  DescribeLaunchTemplates$,
  DescribeLaunchTemplateVersions$,
  DescribeSnapshots$,
  DescribeSpotFleetRequests$,
  DescribeVolumes$,
} from '@aws-sdk/client-ec2';
import { PutEvents$ } from '@aws-sdk/client-eventbridge';
import { SendMessageBatch$, type SendMessageBatchRequest } from '@aws-sdk/client-sqs';
import { DescribeParameters$, GetParameters$ } from '@aws-sdk/client-ssm';
import { connectInProcess } from '../../cli/embedded-connection.ts';
import type { Connection } from '../../shared/aws/connection.ts';
import { createCloud } from '../../shared/aws/ec2.ts';
import type { CopyAction, CreateAction } from '../../shared/domain/decision.ts';
import type { Target } from '../../shared/domain/model.ts';
import type { Ec2 } from '../../shared/loop/ports.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { type Operation, operation, type Service } from '../../simulator/wire/api.ts';
import { createRequestHandler } from '../../simulator/wire/in-process.ts';
import { createRouter, type Route } from '../../simulator/wire/router.ts';

export const START_MS = Date.UTC(2026, 10, 21, 3, 0, 0);
export const HOME: Target = { account: '111122223333', region: 'eu-central-1' };
export const ELSEWHERE: Target = { account: '111122223333', region: 'eu-west-1' };

const POINT = {
  deployment: 'prod',
  policyId: 'web-daily',
  sourceId: 'i-0aa',
  slotMs: Date.UTC(2026, 10, 21, 2),
  retry: 0,
};

export const CREATE: CreateAction = {
  kind: 'create',
  point: POINT,
  name: 'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
  description: 'web-1 at 2026-11-21T02:00Z',
  tags: { 'imago:deployment': 'prod', Name: 'web-1' },
  reboot: false,
  excludedDevices: [],
  reasons: [],
};

export const COPY: CopyAction = {
  kind: 'copy',
  point: POINT,
  name: CREATE.name,
  description: 'web-1 from eu-central-1',
  tags: { 'imago:deployment': 'prod', Name: 'web-1' },
  sourceImageId: 'ami-1',
  plannedMs: Date.UTC(2026, 10, 21, 2, 10),
  sourceRegion: 'eu-central-1',
  reasons: [],
};

const SCHEMAS = {
  autoscaling: {
    DescribeAutoScalingGroups: DescribeAutoScalingGroups$,
    DescribeLaunchConfigurations: DescribeLaunchConfigurations$,
  },
  ec2: {
    CopyImage: CopyImage$,
    CreateImage: CreateImage$,
    CreateTags: CreateTags$,
    DeleteSnapshot: DeleteSnapshot$,
    DeregisterImage: DeregisterImage$,
    DescribeFleets: DescribeFleets$,
    DescribeImageAttribute: DescribeImageAttribute$,
    DescribeImages: DescribeImages$,
    DescribeInstances: DescribeInstances$,
    DescribeLaunchTemplates: DescribeLaunchTemplates$,
    DescribeLaunchTemplateVersions: DescribeLaunchTemplateVersions$,
    DescribeSnapshots: DescribeSnapshots$,
    DescribeSpotFleetRequests: DescribeSpotFleetRequests$,
    DescribeVolumes: DescribeVolumes$,
  },
  events: { PutEvents: PutEvents$ },
  sqs: { SendMessageBatch: SendMessageBatch$ },
  ssm: { DescribeParameters: DescribeParameters$, GetParameters: GetParameters$ },
} as const;

type ActionOf = { [Id in keyof typeof SCHEMAS]: keyof (typeof SCHEMAS)[Id] };
export type Action = ActionOf[keyof ActionOf];

/** One call as the service saw it: what was on the wire and nothing else. */
export interface SeenCall {
  readonly action: Action;
  readonly region: string;
  readonly afterMs: number;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Answers the `count`-th call (from 1) of an action; throws ApiError to refuse it. */
export type Answer = (input: Readonly<Record<string, unknown>>, count: number) => unknown;

export interface Bench {
  readonly clock: VirtualClock;
  readonly connection: Connection;
  readonly calls: readonly SeenCall[];
  /** EC2 of {@link HOME} through the adapter. */
  readonly ec2: Ec2;
  /** Moves virtual time on until the promise settles. */
  readonly run: <T>(promise: Promise<T>) => Promise<T>;
  /** Milliseconds of virtual time since the start. */
  readonly afterMs: () => number;
}

/** A connection to whatever answers the route, without latency. */
export const connectTo = (
  route: Route,
  clock: VirtualClock,
  jitter: () => number = () => 0.5,
): Connection =>
  connectInProcess({
    requestHandler: createRequestHandler(route),
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    clock,
    jitter,
  });

/** An AWS that serves the given actions, and refuses all others as unknown. */
export const createBench = (
  answers: Partial<Record<Action, Answer>>,
  jitter?: () => number,
): Bench => {
  const clock = new VirtualClock(START_MS);
  const calls: SeenCall[] = [];
  const afterMs = (): number => clock.nowMs() - START_MS;
  const serve = (action: Action, schema: unknown): Operation =>
    operation(schema, (input: Readonly<Record<string, unknown>>, { region }) => {
      calls.push({ action, region, afterMs: afterMs(), input });
      return answers[action]?.(input, calls.filter((call) => call.action === action).length);
    });
  const services = Object.entries(SCHEMAS).map(([id, schemas]) => ({
    id: id as Service['id'],
    operations: Object.fromEntries(
      Object.entries(schemas)
        .filter(([action]) => action in answers)
        .map(([action, schema]) => [action, serve(action as Action, schema)]),
    ),
  }));
  let requests = 0;
  const route = createRouter({
    services,
    accountOf: () => HOME.account,
    nowMs: () => clock.nowMs(),
    requestId: () => `req-${(requests += 1)}`,
  });
  const connection = connectTo(route, clock, jitter);
  return {
    clock,
    connection,
    calls,
    ec2: createCloud(connection).at(HOME),
    run: (promise) => clock.runFor(promise),
    afterMs,
  };
};

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** SendMessageBatch that refuses the entries whose body is among `refused`, with `InternalError`. */
export const answerBatch = (input: unknown, refused: readonly string[] = []) => {
  const { Entries = [] } = input as SendMessageBatchRequest;
  const isRefused = (body = ''): boolean => refused.includes(body);
  return {
    Successful: Entries.filter(({ MessageBody }) => !isRefused(MessageBody)).map(
      ({ Id, MessageBody = '' }) => ({
        Id,
        MessageId: `message-of-${MessageBody}`,
        MD5OfMessageBody: md5(MessageBody),
      }),
    ),
    Failed: Entries.filter(({ MessageBody }) => isRefused(MessageBody)).map(({ Id }) => ({
      Id,
      Code: 'InternalError',
      SenderFault: false,
    })),
  };
};
