/** How an instance comes from one state to the next, and what becomes of its disks. */
import { agendaKind } from '../../kernel/agenda.ts';
import { draw } from '../../kernel/kernel.ts';
import type { Span } from '../../manners.ts';
import type { Ec2 } from './ec2.ts';
import { announceInstance } from './events.ts';
import { changing } from './instances.ts';
import type { InstanceRow, InstanceState, Reason } from './rows.ts';
import { removeVolume } from './volume-life.ts';

/** Enters a state and announces it. */
export const enter = (ec2: Ec2, region: string, row: InstanceRow, state: InstanceState): void => {
  changing(ec2, region, row);
  row.state = state;
  row.turn += 1;
  announceInstance(ec2, region, row);
};

interface Settling {
  readonly state: InstanceState;
  readonly span: Span;
  /** Why, if it is not what was asked for. */
  readonly reason?: Reason | undefined;
}

interface InstanceSettles extends Omit<Settling, 'span'> {
  readonly region: string;
  readonly instanceId: string;
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
  { state, span, reason }: Settling,
): void => {
  const atMs = clock.nowMs() + draw(random('instances'), span);
  agenda.at(atMs, INSTANCE_SETTLES, { region, instanceId, state, turn, reason });
};

/** Volumes go with the instance or stay behind, detached, as each was attached. */
const releaseDisks = (ec2: Ec2, region: string, row: InstanceRow): void => {
  const { volumes } = ec2.store(region);
  for (const { volumeId } of row.disks) {
    const volume = volumes.get(volumeId ?? '');
    if (volume?.attachment === undefined) continue;
    if (volume.attachment.deleteOnTermination) removeVolume(ec2, region, volume);
    else {
      volumes.changing(volume.volumeId);
      volume.attachment = undefined;
      volume.state = 'available';
    }
  }
  row.disks = [];
};

/** A terminated instance lets go of its disks, and is described for a while longer. */
const bury = (ec2: Ec2, region: string, row: InstanceRow): void => {
  releaseDisks(ec2, region, row);
  const { agenda, clock, manners } = ec2.kernel;
  const { instanceId } = row;
  const atMs = clock.nowMs() + manners().terminatedVisibleMs;
  agenda.at(atMs, INSTANCE_VANISHES, { region, instanceId });
};

/** Tells the agenda how an instance comes to a new state. */
export const defineInstanceLife = (ec2: Ec2): void => {
  const { agenda } = ec2.kernel;
  agenda.define(INSTANCE_SETTLES, ({ region, instanceId, state, turn, reason }) => {
    const row = ec2.store(region).instances.get(instanceId);
    if (row === undefined || row.turn !== turn) return;
    enter(ec2, region, row, state);
    if (reason !== undefined) row.stateReason = reason;
    if (state === 'terminated') bury(ec2, region, row);
  });
  agenda.define(INSTANCE_VANISHES, ({ region, instanceId }) => {
    ec2.store(region).instances.delete(instanceId);
  });
};
