/** DescribeInstanceAttribute, ModifyInstanceAttribute and GetInstanceUefiData. */
import type {
  DescribeInstanceAttributeRequest,
  GetInstanceUefiDataRequest,
  GetInstanceUefiDataResult,
  InstanceAttribute,
  InstanceBlockDeviceMappingSpecification,
  ModifyInstanceAttributeRequest,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { invalidParameterValue } from '../../wire/errors.ts';
import { productCodesOut } from './billing.ts';
import type { Ec2 } from './ec2.ts';
import { currentBootMode, instanceDiskOut } from './instance-output.ts';
import type { InstanceAttributes } from './instance-rows.ts';
import { architecturesOf } from './instance-types.ts';
import { changing, findInstance } from './instances.ts';
import { userDataOf } from './launch-request.ts';
import { findGroups, groupNameOf } from './network.ts';
import { assertOneOf, required } from './parameters.ts';
import type { InstanceRow } from './rows.ts';

type Reader = (ec2: Ec2, row: InstanceRow, call: Call) => Partial<InstanceAttribute>;

const ATTRIBUTES: Readonly<Record<string, Reader>> = {
  instanceType: (_, { attributes }) => ({ InstanceType: { Value: attributes.instanceType } }),
  userData: (_, { attributes }) => ({ UserData: { Value: attributes.userData } }),
  disableApiTermination: (_, { attributes }) => ({
    DisableApiTermination: { Value: attributes.disableApiTermination },
  }),
  disableApiStop: (_, { attributes }) => ({ DisableApiStop: { Value: attributes.disableApiStop } }),
  instanceInitiatedShutdownBehavior: (_, { attributes }) => ({
    InstanceInitiatedShutdownBehavior: { Value: attributes.shutdownBehavior },
  }),
  rootDeviceName: (_, row) => ({ RootDeviceName: { Value: row.rootDeviceName } }),
  blockDeviceMapping: (ec2, row, { region }) => ({
    BlockDeviceMappings: row.disks.flatMap((disk) => instanceDiskOut(ec2, region, disk)),
  }),
  productCodes: (_, row) => ({ ProductCodes: productCodesOut(row) }),
  sourceDestCheck: (_, { attributes }) => ({
    SourceDestCheck: { Value: attributes.sourceDestCheck },
  }),
  groupSet: (ec2, { attributes }, { region }) => ({
    Groups: attributes.securityGroupIds.map((GroupId) => ({
      GroupId,
      GroupName: groupNameOf(ec2, region, GroupId),
    })),
  }),
  ebsOptimized: (_, { attributes }) => ({ EbsOptimized: { Value: attributes.ebsOptimized } }),
  sriovNetSupport: () => ({ SriovNetSupport: {} }),
  enclaveOptions: () => ({ EnclaveOptions: { Enabled: false } }),
  kernel: () => ({ KernelId: {} }),
  ramdisk: () => ({ RamdiskId: {} }),
};

const describeAttribute = (
  ec2: Ec2,
  input: DescribeInstanceAttributeRequest,
  call: Call,
): InstanceAttribute => {
  const attribute = required('Attribute', input.Attribute);
  const read = Object.hasOwn(ATTRIBUTES, attribute) ? ATTRIBUTES[attribute] : undefined;
  if (read === undefined) throw invalidParameterValue('Attribute', attribute);
  const row = findInstance(ec2, required('InstanceId', input.InstanceId), call);
  return { InstanceId: row.instanceId, ...read(ec2, row, call) };
};

/** What a request changes, and whether the instance has to be stopped for it. */
interface Change {
  readonly name: string;
  readonly needsStop: boolean;
  readonly apply: (row: InstanceRow) => void;
}

const booleanOf = (text: string | undefined, parameter: string): boolean => {
  assertOneOf(parameter, required(parameter, text), ['true', 'false']);
  return text === 'true';
};

/** The older form names the attribute and gives its value as text. */
const fromOlderForm = (input: ModifyInstanceAttributeRequest): ModifyInstanceAttributeRequest => {
  const { Attribute: attribute, Value: text } = input;
  if (attribute === undefined || text === undefined) return input;
  const flag = () => ({ Value: booleanOf(text, 'Value') });
  const forms: Readonly<Record<string, () => Partial<ModifyInstanceAttributeRequest>>> = {
    disableApiTermination: () => ({ DisableApiTermination: flag() }),
    disableApiStop: () => ({ DisableApiStop: flag() }),
    ebsOptimized: () => ({ EbsOptimized: flag() }),
    enaSupport: () => ({ EnaSupport: flag() }),
    sourceDestCheck: () => ({ SourceDestCheck: flag() }),
    instanceType: () => ({ InstanceType: { Value: text } }),
    instanceInitiatedShutdownBehavior: () => ({
      InstanceInitiatedShutdownBehavior: { Value: text },
    }),
    userData: () => ({ UserData: { Value: Buffer.from(text, 'base64') } }),
  };
  const form = Object.hasOwn(forms, attribute) ? forms[attribute] : undefined;
  if (form === undefined) throw invalidParameterValue('Attribute', attribute);
  return { InstanceId: input.InstanceId, ...form() };
};

const set = (name: string, changes: Partial<InstanceAttributes>, needsStop = false): Change => ({
  name,
  needsStop,
  apply: (row) => {
    row.attributes = { ...row.attributes, ...changes };
  },
});

const newType = (type: string, row: InstanceRow): Change => {
  if (architecturesOf(type)?.includes(row.architecture) === true) {
    return set('instanceType', { instanceType: type }, true);
  }
  throw new ApiError('InvalidInstanceAttributeValue', `Invalid value '${type}' for InstanceType.`);
};

const newBehavior = (behavior: string | undefined): Change => {
  const name = 'instanceInitiatedShutdownBehavior';
  assertOneOf(name, required(name, behavior), ['stop', 'terminate']);
  return set(name, { shutdownBehavior: behavior === 'stop' ? 'stop' : 'terminate' });
};

/** Only whether a volume goes with the instance can be changed of a mapping. */
const newMapping = (
  ec2: Ec2,
  mappings: readonly InstanceBlockDeviceMappingSpecification[],
  row: InstanceRow,
  call: Call,
): Change => {
  const { volumes } = ec2.store(call.region);
  const changes = mappings.map((mapping) => {
    const device = required('BlockDeviceMapping.DeviceName', mapping.DeviceName);
    const disk = row.disks.find((one) => one.deviceName === device);
    const volume = volumes.get(disk?.volumeId ?? '');
    if (volume === undefined) {
      throw new ApiError(
        'InvalidInstanceAttributeValue',
        `No device is currently mapped at ${device}`,
      );
    }
    return { device, volume, isDeleted: mapping.Ebs?.DeleteOnTermination ?? true };
  });
  return {
    name: 'blockDeviceMapping',
    needsStop: false,
    apply: (instance) => {
      for (const { device, volume, isDeleted } of changes) {
        if (volume.attachment === undefined) continue;
        volumes.changing(volume.volumeId);
        volume.attachment = { ...volume.attachment, deleteOnTermination: isDeleted };
        instance.disks = instance.disks.map((disk) =>
          disk.deviceName === device ? { ...disk, deleteOnTermination: isDeleted } : disk,
        );
      }
    },
  };
};

const changesOf = (
  ec2: Ec2,
  input: ModifyInstanceAttributeRequest,
  row: InstanceRow,
  call: Call,
): Change[] => {
  const flag = (
    name:
      | 'disableApiTermination'
      | 'disableApiStop'
      | 'ebsOptimized'
      | 'enaSupport'
      | 'sourceDestCheck',
    value: { readonly Value?: boolean | undefined } | undefined,
    needsStop = false,
  ): Change[] =>
    value === undefined ? [] : [set(name, { [name]: value.Value ?? true }, needsStop)];
  const { InstanceType, InstanceInitiatedShutdownBehavior: behavior, UserData } = input;
  const groups = (ids: readonly string[]): Change => {
    const found = findGroups(ec2, { ids }, row.vpcId, call);
    return set('groupSet', { securityGroupIds: found.map((group) => group.groupId) });
  };
  const data = UserData && Buffer.from(UserData.Value ?? []).toString('base64');
  return [
    ...flag('disableApiTermination', input.DisableApiTermination),
    ...flag('disableApiStop', input.DisableApiStop),
    ...flag('ebsOptimized', input.EbsOptimized, true),
    ...flag('enaSupport', input.EnaSupport, true),
    ...flag('sourceDestCheck', input.SourceDestCheck),
    ...(InstanceType === undefined ? [] : [newType(InstanceType.Value ?? '', row)]),
    ...(behavior === undefined ? [] : [newBehavior(behavior.Value)]),
    ...(data === undefined ? [] : [set('userData', { userData: userDataOf(data) }, true)]),
    ...(input.Groups === undefined ? [] : [groups(input.Groups)]),
    ...(input.BlockDeviceMappings === undefined
      ? []
      : [newMapping(ec2, input.BlockDeviceMappings, row, call)]),
  ];
};

const modifyAttribute = (ec2: Ec2, given: ModifyInstanceAttributeRequest, call: Call): void => {
  const row = findInstance(ec2, required('InstanceId', given.InstanceId), call);
  const input = fromOlderForm(given);
  for (const name of ['Kernel', 'Ramdisk', 'SriovNetSupport'] as const) {
    if (input[name] === undefined) continue;
    throw new ApiError('UnsupportedInstanceAttribute', `The attribute ${name} cannot be modified.`);
  }
  const changes = changesOf(ec2, input, row, call);
  const [change, other] = changes;
  if (change === undefined) {
    throw new ApiError('InvalidParameterCombination', 'No attributes specified.');
  }
  if (other !== undefined) {
    throw new ApiError(
      'InvalidParameterCombination',
      'Fields for multiple attribute types specified: ' + changes.map((one) => one.name).join(', '),
    );
  }
  if (change.needsStop && row.state !== 'stopped') {
    throw new ApiError(
      'IncorrectInstanceState',
      `The instance '${row.instanceId}' is not in the 'stopped' state.`,
    );
  }
  changing(ec2, call.region, row);
  change.apply(row);
};

/** The variable store of an instance that nothing was ever written to. */
const EMPTY_STORE = Buffer.from('AMZNUEFI').toString('base64');

const uefiData = (
  ec2: Ec2,
  input: GetInstanceUefiDataRequest,
  call: Call,
): GetInstanceUefiDataResult => {
  const row = findInstance(ec2, required('InstanceId', input.InstanceId), call);
  if (currentBootMode(row) !== 'uefi') {
    throw new ApiError(
      'UnsupportedOperation',
      `The instance '${row.instanceId}' does not boot in the UEFI mode`,
    );
  }
  return { InstanceId: row.instanceId, UefiData: EMPTY_STORE };
};

export const instanceAttributeOperations = (ec2: Ec2) => ({
  DescribeInstanceAttribute: (input: DescribeInstanceAttributeRequest, call: Call) =>
    describeAttribute(ec2, input, call),
  /** One attribute in a call. */
  ModifyInstanceAttribute: (input: ModifyInstanceAttributeRequest, call: Call): void => {
    modifyAttribute(ec2, input, call);
  },
  GetInstanceUefiData: (input: GetInstanceUefiDataRequest, call: Call) =>
    uefiData(ec2, input, call),
});
