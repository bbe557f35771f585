/** RegisterImage. It has no client token: only the name makes it happen once. */
import type { RegisterImageRequest, RegisterImageResult } from '@aws-sdk/client-ec2';
import { draw } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import { invalidParameterValue } from '../../wire/errors.ts';
import type { Ec2 } from './ec2.ts';
import { newId } from './ids.ts';
import { drawFailure, startImage } from './image-life.ts';
import { registeredDisks } from './image-mappings.ts';
import { assertImageTexts, assertNameIsFree } from './image-names.ts';
import { assertImageRoom, keepImage, newImage } from './new-image.ts';
import { assertOneOf } from './parameters.ts';
import type { DiskRow } from './rows.ts';
import { readTagSpecifications } from './tags.ts';

const ARCHITECTURES = ['i386', 'x86_64', 'arm64', 'x86_64_mac', 'arm64_mac'];
const DEFAULT_ROOT = '/dev/sda1';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The manifest of an image that is kept in S3 cannot be read: there is no S3 here. */
const assertNoManifest = ({ ImageLocation }: RegisterImageRequest): void => {
  if (ImageLocation === undefined) return;
  throw new ApiError(
    'InvalidManifest',
    `The specified AMI has an unparsable manifest, or it cannot be accessed: ${ImageLocation}`,
  );
};

const assertKernel = (input: RegisterImageRequest): void => {
  const { KernelId: kernel, RamdiskId: ramdisk } = input;
  if (kernel !== undefined && !/^aki-[0-9a-f]{8,17}$/.test(kernel)) {
    throw new ApiError('InvalidKernelId.Malformed', `Invalid kernel id: "${kernel}"`);
  }
  if (ramdisk !== undefined && !/^ari-[0-9a-f]{8,17}$/.test(ramdisk)) {
    throw new ApiError('InvalidRamDiskId.Malformed', `Invalid RAM disk id: "${ramdisk}"`);
  }
  if (input.VirtualizationType !== 'hvm' || (kernel ?? ramdisk) === undefined) return;
  throw new ApiError(
    'InvalidParameterCombination',
    'A kernel or a RAM disk cannot be specified for an image of the virtualization type hvm',
  );
};

const assertValues = (input: RegisterImageRequest): void => {
  const { Architecture: architecture } = input;
  if (architecture !== undefined && !ARCHITECTURES.includes(architecture)) {
    throw new ApiError(
      'InvalidParameterValue',
      `Invalid value '${architecture}' for architecture.`,
    );
  }
  assertOneOf('VirtualizationType', input.VirtualizationType, ['hvm', 'paravirtual']);
  assertOneOf('BootMode', input.BootMode, ['legacy-bios', 'uefi', 'uefi-preferred']);
  assertOneOf('TpmSupport', input.TpmSupport, ['v2.0']);
  assertOneOf('ImdsSupport', input.ImdsSupport, ['v2.0']);
  assertOneOf('SriovNetSupport', input.SriovNetSupport, ['simple']);
  if (input.UefiData !== undefined && !BASE64.test(input.UefiData)) {
    throw invalidParameterValue('UefiData', input.UefiData);
  }
  assertKernel(input);
  if (input.BillingProducts === undefined || input.BillingProducts.length === 0) return;
  throw new ApiError('AuthFailure', 'The account is not authorized to specify billing products');
};

const assertRoot = (disks: readonly DiskRow[], root: string): void => {
  if (disks.some((disk) => disk.deviceName === root && disk.snapshotId !== undefined)) return;
  throw new ApiError(
    'InvalidBlockDeviceMapping',
    `A snapshot is needed for the root device ${root}`,
  );
};

/** The machine as the request has it, with EC2's defaults: they are older than HVM. */
const machineOf = (input: RegisterImageRequest) => ({
  architecture: input.Architecture ?? 'i386',
  platformDetails: 'Linux/UNIX',
  virtualizationType:
    input.VirtualizationType === 'hvm' ? ('hvm' as const) : ('paravirtual' as const),
  enaSupport: input.EnaSupport ?? false,
  bootMode: input.BootMode,
  tpmSupport: input.TpmSupport,
  imdsSupport: input.ImdsSupport,
  sriovNetSupport: input.SriovNetSupport,
  kernelId: input.KernelId,
  ramdiskId: input.RamdiskId,
  uefiData: input.UefiData,
});

const registerImage = (ec2: Ec2, input: RegisterImageRequest, call: Call): RegisterImageResult => {
  const name = assertImageTexts(input.Name, input.Description);
  assertNoManifest(input);
  assertValues(input);
  const tagsFor = readTagSpecifications(input.TagSpecifications, ['image']);
  const { RootDeviceName: rootDeviceName = DEFAULT_ROOT } = input;
  const disks = registeredDisks(ec2, input.BlockDeviceMappings, call);
  assertRoot(disks, rootDeviceName);
  assertNameIsFree(ec2, call, name);
  assertImageRoom(ec2, call);
  const image = newImage(ec2, call, {
    ...machineOf(input),
    imageId: newId(ec2.kernel, 'ami'),
    name,
    description: input.Description,
    disks,
    rootDeviceName,
    rootDeviceType: 'ebs',
    madeBy: 'RegisterImage',
    tags: tagsFor('image'),
  });
  keepImage(ec2, image, [], 'RegisterImage');
  const { registerPendingMs, imageFailure } = ec2.kernel.manners();
  startImage(ec2, image, [], {
    pendingMs: draw(ec2.kernel.random('images'), registerPendingMs),
    failure: drawFailure(ec2, imageFailure, 'An internal error has occurred during registration'),
  });
  return { ImageId: image.imageId };
};

export const registerImageOperation = (ec2: Ec2) => ({
  /** From snapshots only. Ancestry is not recorded, and the defaults are EC2's legacy ones. */
  RegisterImage: (input: RegisterImageRequest, call: Call) => registerImage(ec2, input, call),
});
