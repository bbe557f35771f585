/** Instance types: which there are, for which architecture, and DescribeInstanceTypes of the usual ones. */
import {
  _InstanceType,
  type DescribeInstanceTypesRequest,
  type DescribeInstanceTypesResult,
  type InstanceTypeInfo,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileTaglessFilters, type Facets } from './filters.ts';
import { assertNoIdsWithPage, pageOf } from './pages.ts';

const NAMES: ReadonlySet<string> = new Set(Object.values(_InstanceType));

/** Families with processors of AWS's own have a `g` behind their number; the first had none. */
const ARM = /^(?:a1|[a-z]+\d+[a-z]*g[a-z]*)(?:-|$)/;
/** Families that 32-bit images can be launched on. */
const OLD = ['t1', 't2', 'm1', 'c1', 'c3'];

const familyOf = (type: string): string => type.slice(0, type.indexOf('.'));

/** Architectures of images that can be launched on a type; undefined if there is no such type. */
export const architecturesOf = (type: string): readonly string[] | undefined => {
  if (!NAMES.has(type)) return undefined;
  const family = familyOf(type);
  if (family === 'mac1') return ['x86_64_mac'];
  if (family.startsWith('mac')) return ['arm64_mac'];
  if (ARM.test(family) || family === 'p6e-gb200') return ['arm64'];
  return OLD.includes(family) ? ['i386', 'x86_64'] : ['x86_64'];
};

/** @throws ApiError `InvalidParameterValue` for no type, and for one that the image cannot run on. */
export const assertInstanceType = (type: string, architecture: string): void => {
  const known = architecturesOf(type);
  if (known === undefined) {
    throw new ApiError('InvalidParameterValue', `Invalid value '${type}' for InstanceType.`);
  }
  if (known.includes(architecture)) return;
  throw new ApiError(
    'InvalidParameterValue',
    `The architecture '${known.join(',')}' of the specified instance type does not match the ` +
      `architecture '${architecture}' of the specified AMI. Specify an instance type and an AMI ` +
      "that have matching architectures, and try again. You can use 'describe-instance-types' or " +
      "'describe-images' to discover the architecture of the instance type or AMI.",
  );
};

interface Family {
  readonly gibPerVcpu: number;
  readonly hypervisor: 'nitro' | 'xen';
  readonly isCurrent: boolean;
}

const nitro = (gibPerVcpu: number): Family => ({
  gibPerVcpu,
  hypervisor: 'nitro',
  isCurrent: true,
});

/** What is told of types that are asked for: the general ones, whose sizes all follow one rule. */
const FAMILIES: Readonly<Record<string, Family>> = {
  c5: nitro(2),
  c6g: nitro(2),
  c6i: nitro(2),
  c7g: nitro(2),
  c7i: nitro(2),
  m4: { gibPerVcpu: 4, hypervisor: 'xen', isCurrent: false },
  m5: nitro(4),
  m6g: nitro(4),
  m6i: nitro(4),
  m7g: nitro(4),
  m7i: nitro(4),
  r5: nitro(8),
  r6g: nitro(8),
  r6i: nitro(8),
  r7g: nitro(8),
  r7i: nitro(8),
};

/** The burstable ones: GiB and vCPUs by size, which are the same in these families. */
const BURSTABLE_FAMILIES = ['t3', 't3a', 't4g'];
const BURSTABLE_SIZES: Readonly<Record<string, readonly [gib: number, vcpus: number]>> = {
  nano: [0.5, 2],
  micro: [1, 2],
  small: [2, 2],
  medium: [4, 2],
  large: [8, 2],
  xlarge: [16, 4],
  '2xlarge': [32, 8],
};

interface TypeFacts {
  readonly type: string;
  readonly architecture: string;
  readonly memoryMib: number;
  readonly vcpus: number;
  readonly hypervisor: 'nitro' | 'xen';
  readonly isCurrent: boolean;
  readonly isBurstable: boolean;
}

const vcpusOf = (size: string): number | undefined => {
  if (size === 'medium') return 1;
  if (size === 'large') return 2;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined ? undefined : 4 * Number(times === '' ? 1 : times);
};

const factsOf = (type: string): TypeFacts[] => {
  const family = familyOf(type);
  const size = type.slice(family.length + 1);
  const architecture = architecturesOf(type)?.at(-1) ?? 'x86_64';
  if (BURSTABLE_FAMILIES.includes(family)) {
    const [gib, vcpus] = BURSTABLE_SIZES[size] ?? [0, 0];
    const rest = { hypervisor: 'nitro', isCurrent: true, isBurstable: true } as const;
    return [{ type, architecture, memoryMib: gib * 1_024, vcpus, ...rest }];
  }
  const rule = FAMILIES[family];
  const vcpus = vcpusOf(size);
  if (rule === undefined || vcpus === undefined) return [];
  const memoryMib = vcpus * rule.gibPerVcpu * 1_024;
  const { hypervisor, isCurrent } = rule;
  return [{ type, architecture, memoryMib, vcpus, hypervisor, isCurrent, isBurstable: false }];
};

const KNOWN: readonly TypeFacts[] = [...NAMES].flatMap(factsOf);

const FACETS: Facets<TypeFacts> = {
  'bare-metal': () => ['false'],
  'burstable-performance-supported': (row) => [String(row.isBurstable)],
  'current-generation': (row) => [String(row.isCurrent)],
  hypervisor: (row) => [row.hypervisor],
  'instance-storage-supported': () => ['false'],
  'instance-type': (row) => [row.type],
  'memory-info.size-in-mib': (row) => [String(row.memoryMib)],
  'processor-info.supported-architecture': (row) => [row.architecture],
  'supported-root-device-type': () => ['ebs'],
  'supported-virtualization-type': () => ['hvm'],
  'vcpu-info.default-vcpus': (row) => [String(row.vcpus)],
};

const typeOut = (row: TypeFacts): InstanceTypeInfo => ({
  InstanceType: row.type as 'm5.large',
  CurrentGeneration: row.isCurrent,
  BareMetal: false,
  BurstablePerformanceSupported: row.isBurstable,
  Hypervisor: row.hypervisor,
  InstanceStorageSupported: false,
  SupportedRootDeviceTypes: ['ebs'],
  SupportedVirtualizationTypes: ['hvm'],
  ProcessorInfo: { SupportedArchitectures: [row.architecture as 'x86_64'] },
  VCpuInfo: { DefaultVCpus: row.vcpus },
  MemoryInfo: { SizeInMiB: row.memoryMib },
});

const named = (types: readonly string[]): TypeFacts[] => {
  const missing = types.filter((type) => !KNOWN.some((row) => row.type === type));
  if (missing.length === 0) return KNOWN.filter((row) => types.includes(row.type));
  throw new ApiError(
    'InvalidInstanceType',
    `The following supplied instance types do not exist: [${missing.join(', ')}]`,
  );
};

export const instanceTypeOperations = (ec2: Ec2) => ({
  /** Of the general families only, and only what all of them have in common. */
  DescribeInstanceTypes: (
    input: DescribeInstanceTypesRequest,
    _call: Call,
  ): DescribeInstanceTypesResult => {
    const { InstanceTypes: types = [] } = input;
    assertNoIdsWithPage(input, types, 'instanceTypes');
    const holds = compileTaglessFilters(input.Filters, FACETS);
    const rows = (types.length > 0 ? named(types) : KNOWN).filter(holds);
    const bounds = { min: 5, max: 100 };
    const page = pageOf(ec2.kernel, rows, (row) => row.type, input, bounds);
    return { InstanceTypes: page.rows.map(typeOut), NextToken: page.nextToken };
  },
});
