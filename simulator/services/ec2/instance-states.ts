/** Start, stop and terminate: each takes a while, and each step is announced. */
import type {
  InstanceStateChange,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { agendaKind } from '../../kernel/agenda.ts';
import { draw, isoSecondsOf } from '../../kernel/kernel.ts';
import type { Span } from '../../manners.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { announceInstance } from './events.ts';
import { failPendingImagesOf } from './image-life.ts';
import { findInstances, stateOut } from './instances.ts';
import type { InstanceRow, InstanceState } from './rows.ts';

/** Enters a state and announces it. */
export const enter = (ec2: Ec2, region: string, row: InstanceRow, state: InstanceState): void => {
  row.state = state;
  row.turn += 1;
  announceInstance(ec2, region, row);
};

interface Settling {
  readonly state: InstanceState;
  readonly span: Span;
}

interface InstanceSettles {
  readonly region: string;
  readonly instanceId: string;
  readonly state: InstanceState;
  /** The row's turn when this was decided: another change since then calls it off. */
  readonly turn: number;
}

const INSTANCE_SETTLES = agendaKind<InstanceSettles>('ec2 instance settles');
const INSTANCE_VANISHES = agendaKind<{ readonly region: string; readonly instanceId: string }>(
  'ec2 instance vanishes',
);

/** Enters a state after a while, unless another change comes first. */
export const settleIn = (
  { kernel: { agenda, clock, random } }: Ec2,
  region: string,
  { instanceId, turn }: InstanceRow,
  { state, span }: Settling,
): void => {
  const atMs = clock.nowMs() + draw(random('instances'), span);
  agenda.at(atMs, INSTANCE_SETTLES, { region, instanceId, state, turn });
};

/** A terminated instance lets go of its disks, and is described for a while longer. */
const bury = (ec2: Ec2, region: string, row: InstanceRow): void => {
  releaseDisks(ec2, region, row);
  const { agenda, clock, manners } = ec2.kernel;
  const { instanceId } = row;
  agenda.at(clock.nowMs() + manners().terminatedVisibleMs, INSTANCE_VANISHES, {
    region,
    instanceId,
  });
};

/** Tells the agenda how an instance comes to a new state. */
const defineInstanceLife = (ec2: Ec2): void => {
  const { agenda } = ec2.kernel;
  agenda.define(INSTANCE_SETTLES, ({ region, instanceId, state, turn }) => {
    const row = ec2.store(region).instances.get(instanceId);
    if (row === undefined || row.turn !== turn) return;
    enter(ec2, region, row, state);
    if (state === 'terminated') bury(ec2, region, row);
  });
  agenda.define(INSTANCE_VANISHES, ({ region, instanceId }) => {
    ec2.store(region).instances.delete(instanceId);
  });
};

const incorrect = (row: InstanceRow): ApiError =>
  new ApiError(
    'IncorrectInstanceState',
    `The instance '${row.instanceId}' is not in a state from which this can be done (${row.state})`,
  );

const start = (ec2: Ec2, row: InstanceRow, call: Call): void => {
  if (row.state === 'running' || row.state === 'pending') return;
  row.launchedAtMs = call.nowMs;
  row.transitionReason = '';
  row.stateReason = undefined;
  enter(ec2, call.region, row, 'pending');
  const span = ec2.kernel.manners().instanceStartMs;
  settleIn(ec2, call.region, row, { state: 'running', span });
};

const blame = (row: InstanceRow, call: Call, what: string): void => {
  const at = isoSecondsOf(call.nowMs).replace('T', ' ').replace('Z', ' GMT');
  row.transitionReason = `User initiated (${at})`;
  row.stateReason = {
    code: `Client.UserInitiated${what}`,
    message: `Client.UserInitiated${what}: User initiated ${what.toLowerCase()}`,
  };
};

const stop = (ec2: Ec2, row: InstanceRow, call: Call): void => {
  if (row.state === 'stopped' || row.state === 'stopping') return;
  blame(row, call, 'Shutdown');
  enter(ec2, call.region, row, 'stopping');
  const span = ec2.kernel.manners().instanceStopMs;
  settleIn(ec2, call.region, row, { state: 'stopped', span });
};

/** Volumes go with the instance or stay behind, detached, as each was attached. */
const releaseDisks = (ec2: Ec2, region: string, row: InstanceRow): void => {
  const { volumes } = ec2.store(region);
  for (const disk of row.disks) {
    const volume = volumes.get(disk.volumeId ?? '');
    if (volume === undefined) continue;
    if (disk.deleteOnTermination) volumes.delete(volume.volumeId);
    else volume.attachment = undefined;
  }
  row.disks = [];
};

const terminate = (ec2: Ec2, row: InstanceRow, call: Call): void => {
  if (row.state === 'terminated' || row.state === 'shutting-down') return;
  blame(row, call, 'Shutdown');
  enter(ec2, call.region, row, 'shutting-down');
  failPendingImagesOf(ec2, call.region, row.instanceId);
  const span = ec2.kernel.manners().instanceTerminateMs;
  settleIn(ec2, call.region, row, { state: 'terminated', span });
};

/** What each state allows. */
const STARTABLE: readonly InstanceState[] = ['stopped', 'running', 'pending'];
const STOPPABLE: readonly InstanceState[] = ['running', 'stopped', 'stopping'];

const change = (
  ec2: Ec2,
  ids: readonly string[] | undefined,
  call: Call,
  allowed: readonly InstanceState[] | undefined,
  act: (ec2: Ec2, row: InstanceRow, call: Call) => void,
): InstanceStateChange[] => {
  const rows = findInstances(ec2, ids, call);
  const bad = rows.find((row) => allowed !== undefined && !allowed.includes(row.state));
  if (bad !== undefined) throw incorrect(bad);
  return rows.map((row) => {
    const previous = row.state;
    act(ec2, row, call);
    return {
      InstanceId: row.instanceId,
      PreviousState: stateOut(previous),
      CurrentState: stateOut(row.state),
    };
  });
};

const assertEbsRoots = (ec2: Ec2, ids: readonly string[] | undefined, call: Call): void => {
  const bad = findInstances(ec2, ids, call).find((row) => row.rootDeviceType !== 'ebs');
  if (bad === undefined) return;
  throw new ApiError(
    'UnsupportedOperation',
    `The instance '${bad.instanceId}' does not have an 'ebs' root device type and cannot be stopped`,
  );
};

export const instanceStateOperations = (ec2: Ec2) => {
  defineInstanceLife(ec2);
  return operations(ec2);
};

const operations = (ec2: Ec2) => ({
  StartInstances: (input: StartInstancesRequest, call: Call): StartInstancesResult => ({
    StartingInstances: change(ec2, input.InstanceIds, call, STARTABLE, start),
  }),
  StopInstances: (input: StopInstancesRequest, call: Call): StopInstancesResult => {
    assertEbsRoots(ec2, input.InstanceIds, call);
    return { StoppingInstances: change(ec2, input.InstanceIds, call, STOPPABLE, stop) };
  },
  TerminateInstances: (input: TerminateInstancesRequest, call: Call): TerminateInstancesResult => ({
    TerminatingInstances: change(ec2, input.InstanceIds, call, undefined, terminate),
  }),
});
