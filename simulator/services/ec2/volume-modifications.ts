/** ModifyVolume and DescribeVolumesModifications. */
import type {
  DescribeVolumesModificationsRequest,
  DescribeVolumesModificationsResult,
  ModifyVolumeRequest,
  ModifyVolumeResult,
  VolumeModification as ModificationOut,
} from '@aws-sdk/client-ec2';
import { draw, isoOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileTaglessFilters, type Facet, type Facets } from './filters.ts';
import { refuseParameters, required } from './parameters.ts';
import type { VolumeRow } from './rows.ts';
import { pageOfSelection } from './selection.ts';
import { finishModifying } from './volume-life.ts';
import type { VolumeModification, VolumeShape } from './volume-rows.ts';
import { completeShape } from './volume-shapes.ts';
import { findVolume, volumesSelection } from './volumes.ts';

const DEFAULT_IOPS = 3_000;

const stateOf = (
  one: VolumeModification,
  nowMs: number,
): 'modifying' | 'optimizing' | 'completed' => {
  if (one.appliedAtMs > nowMs) return 'modifying';
  return one.completedAtMs > nowMs ? 'optimizing' : 'completed';
};

const progressOf = (one: VolumeModification, nowMs: number): number => {
  const part = (nowMs - one.startedAtMs) / Math.max(1, one.completedAtMs - one.startedAtMs);
  return Math.min(100, Math.floor(part * 100));
};

const modificationOut = (
  volumeId: string,
  one: VolumeModification,
  nowMs: number,
): ModificationOut => {
  const state = stateOf(one, nowMs);
  return {
    VolumeId: volumeId,
    ModificationState: state,
    OriginalSize: one.from.sizeGib,
    OriginalIops: one.from.iops,
    OriginalVolumeType: one.from.volumeType as 'gp3',
    OriginalThroughput: one.from.throughput,
    OriginalMultiAttachEnabled: false,
    TargetSize: one.to.sizeGib,
    TargetIops: one.to.iops,
    TargetVolumeType: one.to.volumeType as 'gp3',
    TargetThroughput: one.to.throughput,
    TargetMultiAttachEnabled: false,
    Progress: progressOf(one, nowMs),
    StartTime: new Date(one.startedAtMs),
    EndTime: state === 'completed' ? new Date(one.completedAtMs) : undefined,
  };
};

/** What is not asked for stays, unless another type has no use for it. */
const targetOf = (input: ModifyVolumeRequest, from: VolumeShape): VolumeShape => {
  const volumeType = input.VolumeType ?? from.volumeType;
  const isSameType = volumeType === from.volumeType;
  const takesIops = ['gp3', 'io1', 'io2'].includes(volumeType);
  const keptIops = isSameType ? from.iops : DEFAULT_IOPS;
  return completeShape({
    volumeType,
    sizeGib: input.Size ?? from.sizeGib,
    iops: input.Iops ?? (takesIops ? keptIops : undefined),
    throughput: input.Throughput ?? (isSameType ? from.throughput : undefined),
  });
};

const assertModifiable = (row: VolumeRow, input: ModifyVolumeRequest, nowMs: number): void => {
  if (row.state !== 'available' && row.state !== 'in-use') {
    throw new ApiError(
      'IncorrectState',
      `Volume '${row.volumeId}' is in the '${row.state}' state.`,
    );
  }
  const { modification } = row;
  if (modification !== undefined && stateOf(modification, nowMs) !== 'completed') {
    throw new ApiError(
      'IncorrectModificationState',
      `Volume ${row.volumeId} is already being modified.`,
    );
  }
  if ((input.Size ?? row.shape.sizeGib) >= row.shape.sizeGib) return;
  throw new ApiError('InvalidParameterValue', 'New size cannot be smaller than existing size');
};

const modifyVolume = (ec2: Ec2, input: ModifyVolumeRequest, call: Call): ModifyVolumeResult => {
  refuseParameters(input, ['MultiAttachEnabled']);
  const row = findVolume(ec2, required('VolumeId', input.VolumeId), call);
  assertModifiable(row, input, call.nowMs);
  const to = targetOf(input, row.shape);
  const { volumeModifyMs, volumeOptimizeMs } = ec2.kernel.manners();
  const random = ec2.kernel.random('volumes');
  const appliedAtMs = call.nowMs + draw(random, volumeModifyMs);
  const modification: VolumeModification = {
    from: row.shape,
    to,
    startedAtMs: call.nowMs,
    appliedAtMs,
    completedAtMs: appliedAtMs + draw(random, volumeOptimizeMs),
  };
  ec2.store(call.region).volumes.changing(row.volumeId);
  row.modification = modification;
  finishModifying(ec2, call.region, row);
  return { VolumeModification: modificationOut(row.volumeId, modification, call.nowMs) };
};

const facets = (nowMs: number): Facets<VolumeRow> => {
  const of =
    (read: (one: VolumeModification) => string | number | undefined): Facet<VolumeRow> =>
    ({ modification }) => {
      const value = modification === undefined ? undefined : read(modification);
      return [value === undefined ? undefined : String(value)];
    };
  return {
    'modification-state': of((one) => stateOf(one, nowMs)),
    'original-iops': of((one) => one.from.iops),
    'original-size': of((one) => one.from.sizeGib),
    'original-volume-type': of((one) => one.from.volumeType),
    originalMultiAttachEnabled: of(() => 'false'),
    'start-time': of((one) => isoOf(one.startedAtMs)),
    'target-iops': of((one) => one.to.iops),
    'target-size': of((one) => one.to.sizeGib),
    'target-volume-type': of((one) => one.to.volumeType),
    targetMultiAttachEnabled: of(() => 'false'),
    'volume-id': (row) => [row.volumeId],
  };
};

export const volumeModificationOperations = (ec2: Ec2) => ({
  ModifyVolume: (input: ModifyVolumeRequest, call: Call) => modifyVolume(ec2, input, call),

  /** The last modification of each volume that ever had one. */
  DescribeVolumesModifications: (
    input: DescribeVolumesModificationsRequest,
    call: Call,
  ): DescribeVolumesModificationsResult => {
    const holds = compileTaglessFilters(input.Filters, facets(call.nowMs));
    const selection = volumesSelection(ec2, input.VolumeIds, call);
    const page = pageOfSelection(ec2, input, {
      ...selection,
      bounds: { min: 5, max: 500 },
      holds: (row: VolumeRow) => row.modification !== undefined && holds(row),
    });
    return {
      VolumesModifications: page.rows.flatMap(({ volumeId, modification }) =>
        modification === undefined ? [] : [modificationOut(volumeId, modification, call.nowMs)],
      ),
      NextToken: page.nextToken,
    };
  },
});
