/** How a volume comes from one state to the next. */
import { type AgendaKind, agendaKind } from '../../kernel/agenda.ts';
import { draw } from '../../kernel/kernel.ts';
import type { Span } from '../../manners.ts';
import { announceVolume } from './ebs-events.ts';
import type { Ec2 } from './ec2.ts';
import type { VolumeRow } from './rows.ts';

interface OfVolume {
  readonly region: string;
  readonly volumeId: string;
}

interface VolumeMade extends OfVolume {
  /** Why it is not made after all; it is gone then. */
  readonly cause?: string | undefined;
}

interface OfAttachment extends OfVolume {
  readonly instanceId: string;
}

const VOLUME_MADE = agendaKind<VolumeMade>('ec2 volume made');
const VOLUME_DELETED = agendaKind<OfVolume>('ec2 volume deleted');
const VOLUME_ATTACHED = agendaKind<OfAttachment>('ec2 volume attached');
const VOLUME_DETACHED = agendaKind<OfAttachment>('ec2 volume detached');
const VOLUME_MODIFIED = agendaKind<OfVolume>('ec2 volume modified');

/** Takes a volume out of the world, and says so. */
export const removeVolume = (ec2: Ec2, region: string, row: VolumeRow): void => {
  ec2.store(region).volumes.delete(row.volumeId);
  announceVolume(ec2, region, row, { event: 'deleteVolume', result: 'deleted' });
};

const at = <Data extends OfVolume>(
  { kernel: { agenda, clock, random } }: Ec2,
  span: Span,
  kind: AgendaKind<Data>,
  data: Data,
): void => {
  agenda.at(clock.nowMs() + draw(random('volumes'), span), kind, data);
};

/** A new volume is `creating` for a while; with a cause it fails then, and is gone. */
export const finishMaking = (ec2: Ec2, region: string, row: VolumeRow, cause?: string): void => {
  const { volumeId } = row;
  at(ec2, ec2.kernel.manners().volumeCreateMs, VOLUME_MADE, { region, volumeId, cause });
};

export const finishDeleting = (ec2: Ec2, region: string, { volumeId }: VolumeRow): void => {
  at(ec2, ec2.kernel.manners().volumeDeleteMs, VOLUME_DELETED, { region, volumeId });
};

export const finishAttaching = (ec2: Ec2, region: string, row: VolumeRow): void => {
  const { volumeId, attachment } = row;
  const instanceId = attachment?.instanceId ?? '';
  const span = ec2.kernel.manners().volumeAttachMs;
  at(ec2, span, VOLUME_ATTACHED, { region, volumeId, instanceId });
};

export const finishDetaching = (ec2: Ec2, region: string, row: VolumeRow): void => {
  const { volumeId, attachment } = row;
  const instanceId = attachment?.instanceId ?? '';
  const span = ec2.kernel.manners().volumeDetachMs;
  at(ec2, span, VOLUME_DETACHED, { region, volumeId, instanceId });
};

/** Puts the new shape into force when the modification is said to. */
export const finishModifying = (ec2: Ec2, region: string, row: VolumeRow): void => {
  const atMs = row.modification?.appliedAtMs ?? 0;
  ec2.kernel.agenda.at(atMs, VOLUME_MODIFIED, { region, volumeId: row.volumeId });
};

/** The row as it is to be changed now; undefined if it is gone. */
const changed = (ec2: Ec2, { region, volumeId }: OfVolume): VolumeRow | undefined => {
  const { volumes } = ec2.store(region);
  const row = volumes.get(volumeId);
  if (row !== undefined) volumes.changing(volumeId);
  return row;
};

const made = (ec2: Ec2, data: VolumeMade): void => {
  const row = changed(ec2, data);
  if (row === undefined || row.state !== 'creating') return;
  const { cause, region } = data;
  if (cause !== undefined) {
    ec2.store(region).volumes.delete(row.volumeId);
    announceVolume(ec2, region, row, { event: 'createVolume', result: 'failed', cause });
    return;
  }
  row.state = 'available';
  announceVolume(ec2, region, row, { event: 'createVolume', result: 'available' });
};

const attached = (ec2: Ec2, data: OfAttachment): void => {
  const row = changed(ec2, data);
  if (row?.attachment?.instanceId !== data.instanceId) return;
  if (row.attachment.state === 'attaching')
    row.attachment = { ...row.attachment, state: 'attached' };
};

const detached = (ec2: Ec2, data: OfAttachment): void => {
  const row = changed(ec2, data);
  if (row?.attachment?.instanceId !== data.instanceId || row.attachment.state !== 'detaching')
    return;
  row.attachment = undefined;
  row.state = 'available';
  const { instances } = ec2.store(data.region);
  const instance = instances.get(data.instanceId);
  if (instance === undefined) return;
  instances.changing(data.instanceId);
  instance.disks = instance.disks.filter((disk) => disk.volumeId !== data.volumeId);
};

const modified = (ec2: Ec2, data: OfVolume): void => {
  const row = changed(ec2, data);
  if (row?.modification === undefined) return;
  row.shape = row.modification.to;
  announceVolume(ec2, data.region, row, { event: 'modifyVolume', result: 'optimizing' });
};

/** Tells the agenda what becomes of volumes. */
export const defineVolumeLife = (ec2: Ec2): void => {
  const { agenda } = ec2.kernel;
  agenda.define(VOLUME_MADE, (data) => {
    made(ec2, data);
  });
  agenda.define(VOLUME_DELETED, ({ region, volumeId }) => {
    const row = ec2.store(region).volumes.get(volumeId);
    if (row !== undefined) removeVolume(ec2, region, row);
  });
  agenda.define(VOLUME_ATTACHED, (data) => {
    attached(ec2, data);
  });
  agenda.define(VOLUME_DETACHED, (data) => {
    detached(ec2, data);
  });
  agenda.define(VOLUME_MODIFIED, (data) => {
    modified(ec2, data);
  });
};
