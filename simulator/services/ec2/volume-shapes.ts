/** What sizes and what performance each volume type can have (EBS User Guide, "Volume types"). */
import { ApiError } from '../../wire/api.ts';
import { assertOneOf } from './parameters.ts';
import type { VolumeShape } from './volume-rows.ts';

interface Bounds {
  readonly min: number;
  readonly max: number;
}

interface TypeRule {
  readonly sizeGib: Bounds;
  /** Absent where IOPS cannot be asked for. */
  readonly iops?: Bounds;
  readonly iopsPerGibMax?: number;
  /** IOPS of a volume for which none are asked for. */
  readonly defaultIops?: (sizeGib: number) => number | undefined;
  /** MiB per second; absent where it cannot be asked for. */
  readonly throughput?: Bounds;
}

const HDD: TypeRule = { sizeGib: { min: 125, max: 16_384 } };

const RULES: Readonly<Record<string, TypeRule>> = {
  gp2: {
    sizeGib: { min: 1, max: 16_384 },
    defaultIops: (sizeGib) => Math.min(16_000, Math.max(100, 3 * sizeGib)),
  },
  gp3: {
    sizeGib: { min: 1, max: 65_536 },
    iops: { min: 3_000, max: 80_000 },
    iopsPerGibMax: 500,
    defaultIops: () => 3_000,
    throughput: { min: 125, max: 2_000 },
  },
  io1: {
    sizeGib: { min: 4, max: 16_384 },
    iops: { min: 100, max: 64_000 },
    iopsPerGibMax: 50,
  },
  io2: {
    sizeGib: { min: 4, max: 65_536 },
    iops: { min: 100, max: 256_000 },
    iopsPerGibMax: 1_000,
  },
  st1: HDD,
  sc1: HDD,
  standard: { sizeGib: { min: 1, max: 1_024 } },
};

/** The types by name. */
export const VOLUME_TYPES: readonly string[] = Object.keys(RULES);

const refusal = (message: string): ApiError => new ApiError('InvalidParameterValue', message);

const assertSize = ({ sizeGib, volumeType }: VolumeShape, { min, max }: Bounds): void => {
  if (sizeGib < min || !Number.isInteger(sizeGib)) {
    throw refusal(
      `Volume of ${sizeGib}GiB is too small for volume type ${volumeType}; minimum is ${min}GiB.`,
    );
  }
  if (sizeGib > max) {
    throw refusal(
      `Volume of ${sizeGib}GiB is too large for volume type ${volumeType}; maximum is ${max}GiB.`,
    );
  }
};

/** @throws ApiError if the type takes no such parameter, or not that value. */
const assertRate = (
  parameter: string,
  value: number | undefined,
  bounds: Bounds | undefined,
  volumeType: string,
): void => {
  if (value === undefined) return;
  if (bounds === undefined) {
    throw new ApiError(
      'InvalidParameterCombination',
      `The parameter ${parameter} is not supported for ${volumeType} volumes.`,
    );
  }
  if (value >= bounds.min && value <= bounds.max) return;
  throw refusal(
    `Volume ${parameter} of ${value} is out of range; it must be between ${bounds.min} and ` +
      `${bounds.max} for ${volumeType} volumes.`,
  );
};

const assertRatio = (asked: VolumeShape, max: number | undefined): void => {
  if (asked.iops === undefined || max === undefined) return;
  if (asked.volumeType === 'gp3' && asked.iops <= 3_000) return;
  if (asked.iops <= max * asked.sizeGib) return;
  const ratio = (asked.iops / asked.sizeGib).toFixed(1);
  throw refusal(`Iops to volume size ratio of ${ratio} is too high; maximum is ${max.toFixed(1)}`);
};

/**
 * A volume as it is asked for, with what its type has by itself.
 * @throws ApiError `InvalidParameterValue`, `InvalidParameterCombination`, `MissingParameter`
 */
export const completeShape = (asked: VolumeShape): VolumeShape => {
  const { sizeGib, volumeType, throughput } = asked;
  assertOneOf('VolumeType', volumeType, VOLUME_TYPES);
  const rule = RULES[volumeType] ?? HDD;
  assertSize(asked, rule.sizeGib);
  assertRate('iops', asked.iops, rule.iops, volumeType);
  assertRate('throughput', throughput, rule.throughput, volumeType);
  assertRatio(asked, rule.iopsPerGibMax);
  const iops = asked.iops ?? rule.defaultIops?.(sizeGib);
  if (rule.iops !== undefined && iops === undefined) {
    throw new ApiError(
      'MissingParameter',
      `The parameter iops must be specified for ${volumeType} volumes.`,
    );
  }
  return { sizeGib, volumeType, iops, throughput: throughput ?? rule.throughput?.min };
};
