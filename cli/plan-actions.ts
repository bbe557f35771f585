import type {
  AnyAction,
  BackupAction,
  CopyAction,
  CreateAction,
  DeleteSnapshotAction,
  RemovalAction,
  RetireAction,
  TagAction,
} from '../shared/domain/decision.ts';
import { type Tags, targetKey } from '../shared/domain/model.ts';
import { type PointName, formatPointName, formatSlot } from '../shared/domain/naming.ts';
import { type Reason, type ReasonId, REASONS } from '../shared/domain/reasons.ts';

/** In the order in which a target's passes do them. */
export const ACTION_KINDS = ['create', 'tag', 'copy', 'retire', 'delete-snapshot'] as const;

export type ActionKind = AnyAction['kind'];

/** A reason with what it is called; docs/reasons.md says what each one means. */
export interface ReasonReport {
  readonly id: ReasonId;
  readonly name: string;
  readonly evidence?: string;
}

export const reasonReport = ({ id, evidence }: Reason): ReasonReport => ({
  id,
  name: REASONS[id],
  ...(evidence === undefined ? {} : { evidence }),
});

/** What all actions are told with. */
interface About {
  /** What is there already: the instance, the image that is copied, what is tagged or goes. */
  readonly id: string;
  /** The AMI name that is given, tagged or goes, as far as there is one. */
  readonly name: string;
  readonly reasons: readonly ReasonReport[];
}

/** The point that an action is about. */
interface AboutPoint extends About {
  readonly policy: string;
  readonly source: string;
  /** As in the AMI name. */
  readonly slot: string;
}

interface Making extends AboutPoint {
  /** 1 for the first try. */
  readonly attempt: number;
  readonly description: string;
  readonly tags: Tags;
}

export interface CreateReport extends Making {
  readonly kind: 'create';
  readonly reboot: boolean;
  readonly excludedDevices: readonly string[];
}

export interface CopyReport extends Making {
  readonly kind: 'copy';
  readonly fromRegion: string;
  readonly kmsKey?: string;
}

export interface TagReport extends About {
  readonly kind: 'tag';
  readonly tags: Tags;
}

export interface RetireReport extends AboutPoint {
  readonly kind: 'retire';
  readonly snapshots: 'delete' | 'keep';
  /** What goes with the image. */
  readonly snapshotIds: readonly string[];
  readonly freedGiBAtMost: number;
  readonly isFailed: boolean;
  readonly isCounted: boolean;
  /** `account/region` of the home where the source is gone. */
  readonly goneFrom?: string;
}

export interface DeleteSnapshotReport extends About {
  readonly kind: 'delete-snapshot';
  readonly freedGiBAtMost: number;
  readonly goneFrom?: string;
}

export type RemovalReport = RetireReport | DeleteSnapshotReport;
export type ActionReport = CreateReport | CopyReport | TagReport | RemovalReport;

const pointReport = ({
  point,
  reasons,
}: {
  readonly point: PointName;
  readonly reasons: readonly Reason[];
}): Omit<AboutPoint, 'id'> => ({
  name: formatPointName(point),
  policy: point.policyId,
  source: point.sourceId,
  slot: formatSlot(point.slotMs),
  reasons: reasons.map(reasonReport),
});

const makingReport = (action: BackupAction): Omit<Making, 'id'> => ({
  ...pointReport(action),
  attempt: action.point.retry + 1,
  description: action.description,
  tags: action.tags,
});

export const createReport = (action: CreateAction): CreateReport => ({
  kind: 'create',
  id: action.point.sourceId,
  ...makingReport(action),
  reboot: action.reboot,
  excludedDevices: action.excludedDevices,
});

export const copyReport = (action: CopyAction): CopyReport => ({
  kind: 'copy',
  id: action.sourceImageId,
  ...makingReport(action),
  fromRegion: action.sourceRegion,
  ...(action.kmsKey === undefined ? {} : { kmsKey: action.kmsKey }),
});

/** @param name of the image that is tagged; empty for a snapshot */
export const tagReport = ({ resourceId, tags, reasons }: TagAction, name = ''): TagReport => ({
  kind: 'tag',
  id: resourceId,
  name,
  tags,
  reasons: reasons.map(reasonReport),
});

const goneFrom = ({ goneFrom: home }: RemovalAction): { readonly goneFrom?: string } =>
  home === undefined ? {} : { goneFrom: targetKey(home) };

const retireReport = (action: RetireAction): RetireReport => ({
  kind: 'retire',
  id: action.imageId,
  ...pointReport(action),
  snapshots: action.snapshots,
  snapshotIds: action.snapshots === 'delete' ? action.snapshotIds : [],
  freedGiBAtMost: action.snapshots === 'delete' ? action.sizeGiB : 0,
  isFailed: action.isFailed,
  isCounted: action.isCounted,
  ...goneFrom(action),
});

const deleteSnapshotReport = (action: DeleteSnapshotAction): DeleteSnapshotReport => ({
  kind: 'delete-snapshot',
  id: action.snapshotId,
  name: '',
  freedGiBAtMost: action.sizeGiB,
  reasons: action.reasons.map(reasonReport),
  ...goneFrom(action),
});

export const removalReport = (action: RemovalAction): RemovalReport =>
  action.kind === 'retire' ? retireReport(action) : deleteSnapshotReport(action);

export const actionReport = (action: AnyAction): ActionReport => {
  switch (action.kind) {
    case 'create':
      return createReport(action);
    case 'copy':
      return copyReport(action);
    case 'tag':
      return tagReport(action);
    case 'retire':
    case 'delete-snapshot':
      return removalReport(action);
  }
};
