/** Start, stop, reboot and terminate: each takes a while, and each step is announced. */
import type {
  InstanceStateChange,
  RebootInstancesRequest,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { isoSecondsOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { failPendingImagesOf } from './image-life.ts';
import { defineInstanceLife, enter, settleIn } from './instance-life.ts';
import { stateOut } from './instance-output.ts';
import { assertRootVolumes, findInstances } from './instances.ts';
import { refuseParameters } from './parameters.ts';
import type { InstanceRow, InstanceState } from './rows.ts';

type Act = (ec2: Ec2, row: InstanceRow, call: Call) => void;

const start: Act = (ec2, row, call) => {
  if (row.state === 'running' || row.state === 'pending') return;
  enter(ec2, call.region, row, 'pending');
  row.launchedAtMs = call.nowMs;
  row.transitionReason = '';
  row.stateReason = undefined;
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

const stop: Act = (ec2, row, call) => {
  if (row.state === 'stopped' || row.state === 'stopping') return;
  enter(ec2, call.region, row, 'stopping');
  blame(row, call, 'Shutdown');
  const span = ec2.kernel.manners().instanceStopMs;
  settleIn(ec2, call.region, row, { state: 'stopped', span });
};

const terminate: Act = (ec2, row, call) => {
  if (row.state === 'terminated' || row.state === 'shutting-down') return;
  enter(ec2, call.region, row, 'shutting-down');
  blame(row, call, 'Shutdown');
  failPendingImagesOf(ec2, call.region, row.instanceId);
  const span = ec2.kernel.manners().instanceTerminateMs;
  settleIn(ec2, call.region, row, { state: 'terminated', span });
};

/** What each state allows. */
const STARTABLE: readonly InstanceState[] = ['stopped', 'running', 'pending'];
const STOPPABLE: readonly InstanceState[] = ['running', 'stopped', 'stopping'];
const REBOOTABLE: readonly InstanceState[] = ['running'];

/** @throws ApiError `IncorrectInstanceState` unless all of them are in one of the states. */
const assertStates = (
  rows: readonly InstanceRow[],
  allowed: readonly InstanceState[],
  deed: string,
): void => {
  const bad = rows.find((row) => !allowed.includes(row.state));
  if (bad === undefined) return;
  throw new ApiError(
    'IncorrectInstanceState',
    `The instance '${bad.instanceId}' is not in a state from which it can be ${deed}.`,
  );
};

const change = (
  ec2: Ec2,
  rows: readonly InstanceRow[],
  call: Call,
  act: Act,
): InstanceStateChange[] =>
  rows.map((row) => {
    const previous = row.state;
    act(ec2, row, call);
    return {
      InstanceId: row.instanceId,
      PreviousState: stateOut(previous),
      CurrentState: stateOut(row.state),
    };
  });

const notPermitted = (row: InstanceRow, deed: string, attribute: string): ApiError =>
  new ApiError(
    'OperationNotPermitted',
    `The instance '${row.instanceId}' may not be ${deed}. Modify its '${attribute}' instance ` +
      'attribute and try again.',
  );

const startInstances = (
  ec2: Ec2,
  input: StartInstancesRequest,
  call: Call,
): StartInstancesResult => {
  refuseParameters(input, ['AdditionalInfo']);
  const rows = findInstances(ec2, input.InstanceIds, call);
  assertEbsRoots(rows, 'started');
  assertStates(rows, STARTABLE, 'started');
  assertRootVolumes(ec2, rows);
  return { StartingInstances: change(ec2, rows, call, start) };
};

const assertEbsRoots = (rows: readonly InstanceRow[], deed: string): void => {
  const bad = rows.find((row) => row.rootDeviceType !== 'ebs');
  if (bad === undefined) return;
  throw new ApiError(
    'UnsupportedOperation',
    `The instance '${bad.instanceId}' does not have an 'ebs' root device type and cannot be ${deed}`,
  );
};

/** `Force` and `SkipOsShutdown` change nothing: no operating system shuts down here. */
const stopInstances = (ec2: Ec2, input: StopInstancesRequest, call: Call): StopInstancesResult => {
  const rows = findInstances(ec2, input.InstanceIds, call);
  assertEbsRoots(rows, 'stopped');
  if (input.Hibernate === true) {
    throw new ApiError(
      'UnsupportedHibernationConfiguration',
      `The instance '${rows[0]?.instanceId}' is not configured for hibernation`,
    );
  }
  const guarded = rows.find((row) => row.attributes.disableApiStop);
  if (guarded !== undefined) throw notPermitted(guarded, 'stopped', 'disableApiStop');
  assertStates(rows, STOPPABLE, 'stopped');
  return { StoppingInstances: change(ec2, rows, call, stop) };
};

const isProtected = ({ attributes }: InstanceRow): boolean =>
  attributes.disableApiTermination || attributes.disableApiStop;

const guardedError = (row: InstanceRow): ApiError =>
  notPermitted(
    row,
    'terminated',
    row.attributes.disableApiTermination ? 'disableApiTermination' : 'disableApiStop',
  );

/**
 * A protected instance fails the call, and saves all those in its zone that are named with it; in the
 * other zones they are terminated all the same (API reference).
 */
export const terminateInstances = (
  ec2: Ec2,
  input: TerminateInstancesRequest,
  call: Call,
): TerminateInstancesResult => {
  const rows = findInstances(ec2, input.InstanceIds, call);
  const guarded = rows.filter(isProtected);
  const zones = new Set(guarded.map((row) => row.availabilityZone));
  const doomed = rows.filter((row) => !zones.has(row.availabilityZone));
  const [first] = guarded;
  // What would be refused after the others have been terminated.
  if (first !== undefined && ec2.rehearsal.isOn()) throw guardedError(first);
  const changes = change(ec2, doomed, call, terminate);
  if (first === undefined) return { TerminatingInstances: changes };
  throw guardedError(first);
};

/** The instance stays `running` all the while; an image that is being made of it fails. */
const rebootInstances = (ec2: Ec2, input: RebootInstancesRequest, call: Call): void => {
  const rows = findInstances(ec2, input.InstanceIds, call);
  assertStates(rows, REBOOTABLE, 'rebooted');
  for (const row of rows) failPendingImagesOf(ec2, call.region, row.instanceId);
};

export const instanceStateOperations = (ec2: Ec2) => {
  defineInstanceLife(ec2);
  return operations(ec2);
};

const operations = (ec2: Ec2) => ({
  StartInstances: (input: StartInstancesRequest, call: Call) => startInstances(ec2, input, call),
  StopInstances: (input: StopInstancesRequest, call: Call) => stopInstances(ec2, input, call),
  TerminateInstances: (input: TerminateInstancesRequest, call: Call) =>
    terminateInstances(ec2, input, call),
  RebootInstances: (input: RebootInstancesRequest, call: Call) => rebootInstances(ec2, input, call),
});
