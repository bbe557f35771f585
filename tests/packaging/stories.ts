/** What each function does in its life, on the embedded cloud: whom it calls, and to whom it sends. */
import { join } from 'node:path';
import { createHandler as backup } from '../../functions/backup.ts';
import { createHandler as dispatch } from '../../functions/dispatch.ts';
import { createHandler as onEc2Event } from '../../functions/on-ec2-event.ts';
import { createHandler as report } from '../../functions/report.ts';
import { createHandler as retire } from '../../functions/retire.ts';
import {
  ACCOUNT,
  createStage,
  ELSEWHERE,
  HOME,
  reconcileOf,
  retireOf,
  scheduledEvent,
  sqsBatch,
  type Stage,
} from '../functions/fixture.ts';
import type { FunctionName } from './package-copy.ts';

const HOUR = 3_600_000;

/** A life of a function, on a stage that others have set before `play`. */
export interface Story {
  readonly name: FunctionName;
  readonly start?: string;
  /** Path of the policy file; the example's, if it is not said. */
  readonly policyFile?: string;
  readonly set?: (stage: Stage) => Promise<void>;
  readonly play: (stage: Stage) => Promise<void>;
  /** Allowed, and yet never called by the function itself. */
  readonly uncalled: readonly string[];
}

/** Asked of the role by Lambda, for the log and the queue that the function is fed from. */
const BY_LAMBDA = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const BY_QUEUE_SOURCE = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];

const backUp = async (stage: Stage, days: number): Promise<void> => {
  for (let day = 0; day < days; day += 1) {
    await stage.invoke(backup, sqsBatch([reconcileOf(HOME, { isSweep: true })]));
    await stage.pass(HOUR);
    await stage.invoke(backup, sqsBatch([reconcileOf(ELSEWHERE)]));
    await stage.pass(23 * HOUR);
  }
};

/** Takes a tag off a snapshot of a point, as people do. */
const untag = ({ cloud }: Stage): void => {
  const { snapshots } = cloud.ec2Core.store(HOME.region);
  const ours = [...snapshots.values()].find(({ tags }) => tags.delete('imago:slot'));
  if (ours === undefined) throw new Error('there is no snapshot of a point');
};

export const STORIES: readonly Story[] = [
  {
    name: 'dispatch',
    play: async (stage) => {
      await stage.invoke(dispatch, scheduledEvent('2026-11-21T01:00:00Z'));
      await stage.invoke(dispatch, scheduledEvent('2026-11-21T04:30:00Z'));
    },
    uncalled: BY_LAMBDA,
  },
  {
    name: 'on-ec2-event',
    play: async (stage) => {
      await stage.invoke(onEc2Event, {
        'detail-type': 'EC2 Instance State-change Notification',
        source: 'aws.ec2',
        account: ACCOUNT,
        region: HOME.region,
        detail: { 'instance-id': stage.id('web-1'), state: 'running' },
      });
    },
    uncalled: BY_LAMBDA,
  },
  {
    name: 'report',
    play: async (stage) => {
      await stage.invoke(report, scheduledEvent('2026-11-21T06:00:00Z'));
    },
    uncalled: BY_LAMBDA,
  },
  {
    name: 'backup',
    policyFile: join(import.meta.dirname, 'every-read.yml'),
    play: async (stage) => {
      await backUp(stage, 2);
      untag(stage);
      const tidying = reconcileOf(HOME, { isSweep: true, isTidy: true });
      await stage.invoke(backup, sqsBatch([tidying]));
      await stage.invoke(backup, sqsBatch(['rubbish']));
    },
    uncalled: [...BY_LAMBDA, ...BY_QUEUE_SOURCE],
  },
  {
    name: 'retire',
    start: '2026-11-11T01:03:00Z',
    set: async (stage) => {
      await backUp(stage, 10);
      stage.cloud.behave({ snapshotDeleteFailure: 1 });
    },
    play: async (stage) => {
      await stage.invoke(retire, sqsBatch([retireOf(HOME), 'rubbish']));
    },
    // EC2 asks for GetParameters itself, to resolve a launch template's alias.
    uncalled: [...BY_LAMBDA, ...BY_QUEUE_SOURCE, 'ssm:GetParameters'],
  },
];

/** The IAM action of a call: a batch is allowed by the action on one message. */
const actionOf = ({ service, action }: { readonly service: string; readonly action: string }) =>
  `${service}:${action.replace(/^SendMessageBatch$/, 'SendMessage')}`;

const QUEUES = {
  backup: 'BackupQueue',
  'backup-dead': 'BackupDeadLetters',
  retire: 'RetireQueue',
  'retire-dead': 'RetireDeadLetters',
} as const;

type QueueName = keyof typeof QUEUES;

export interface Played {
  /** IAM actions of the calls that succeeded, sorted. */
  readonly actions: readonly string[];
  /** Logical ids of the queues that were sent to, sorted. */
  readonly sentTo: readonly string[];
}

/** Plays a story; what was called while the stage was set does not count. */
export const playStory = async ({ start, policyFile, set, play }: Story): Promise<Played> => {
  const environment = {
    IMAGO_RETIRE_MODE: 'apply',
    ...(policyFile === undefined ? {} : { IMAGO_POLICY_FILE: policyFile }),
  };
  const stage = createStage({ environment, ...(start === undefined ? {} : { start }) });
  const countCalls = () =>
    new Map(stage.cloud.calls.counts().map((one) => [actionOf(one) + one.region, one]));
  const sentCount = (queue: QueueName): number => stage.queue(queue).sentCount;
  const names = Object.keys(QUEUES) as readonly QueueName[];

  await set?.(stage);
  const callsBefore = countCalls();
  const sentBefore = new Map(names.map((queue) => [queue, sentCount(queue)]));
  await play(stage);

  const called = [...countCalls()]
    .filter(([key, { succeeded }]) => succeeded > (callsBefore.get(key)?.succeeded ?? 0))
    .map(([, one]) => actionOf(one));
  return {
    actions: [...new Set(called)].toSorted(),
    sentTo: names
      .filter((queue) => sentCount(queue) > (sentBefore.get(queue) ?? 0))
      .map((queue) => QUEUES[queue])
      .toSorted(),
  };
};
