/** Instances, volumes, launch templates and networks as they are saved. */
import * as z from 'zod';
import type { EncryptionRow, SavedEbsMemory } from '../services/ec2/ebs-memory.ts';
import type {
  InstanceAttributes,
  InstanceRow,
  InterfaceRow,
  MetadataOptions,
} from '../services/ec2/instance-rows.ts';
import type {
  KeyPairRow,
  SavedNetwork,
  SecurityGroupRow,
  SubnetRow,
  VpcRow,
} from '../services/ec2/network-memory.ts';
import type { TemplateRow, TemplateVersionRow } from '../services/ec2/template-rows.ts';
import type {
  Attachment,
  VolumeModification,
  VolumeRow,
  VolumeShape,
} from '../services/ec2/volume-rows.ts';
import { DISK, PRODUCT_CODES, REASON } from './image-rows.ts';
import {
  anyObject,
  flag,
  listOf,
  number,
  readonlyMapOf,
  rowOf,
  tags,
  text,
  texts,
} from './shapes.ts';

const ATTRIBUTES = rowOf<InstanceAttributes>()({
  instanceType: text,
  securityGroupIds: texts,
  disableApiTermination: flag,
  disableApiStop: flag,
  shutdownBehavior: z.enum(['stop', 'terminate']),
  ebsOptimized: flag,
  enaSupport: flag,
  sourceDestCheck: flag,
  userData: text.optional(),
});

const METADATA = rowOf<MetadataOptions>()({
  httpEndpoint: text,
  httpTokens: text,
  hopLimit: number,
  protocolIpv6: text,
  instanceTags: text,
});

const INTERFACE = rowOf<InterfaceRow>()({
  networkInterfaceId: text,
  attachmentId: text,
  macAddress: text,
  description: text,
  deleteOnTermination: flag,
  tags,
});

export const INSTANCE = rowOf<InstanceRow>()({
  instanceId: text,
  reservationId: text,
  launchIndex: number,
  clientToken: text.optional(),
  ownerId: text,
  imageId: text,
  architecture: text,
  platformDetails: text,
  productCodes: PRODUCT_CODES.optional(),
  virtualizationType: z.enum(['hvm', 'paravirtual']),
  bootMode: text.optional(),
  rootDeviceName: text,
  rootDeviceType: z.enum(['ebs', 'instance-store']),
  subnetId: text,
  vpcId: text,
  availabilityZone: text,
  privateIp: text,
  networkInterface: INTERFACE,
  keyName: text.optional(),
  instanceProfile: rowOf<NonNullable<InstanceRow['instanceProfile']>>()({
    arn: text,
    id: text,
  }).optional(),
  metadata: METADATA,
  isMonitored: flag,
  autoRecovery: text,
  tags,
  tagVersion: number.optional(),
  attributes: ATTRIBUTES,
  disks: listOf(DISK),
  launchedAtMs: number,
  state: z.enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated']),
  stateReason: REASON.optional(),
  transitionReason: text,
  turn: number,
});

const ATTACHMENT = rowOf<Attachment>()({
  instanceId: text,
  deviceName: text,
  deleteOnTermination: flag,
  attachedAtMs: number,
  state: z.enum(['attaching', 'attached', 'detaching']),
});

const VOLUME_SHAPE = rowOf<VolumeShape>()({
  sizeGib: number,
  volumeType: text,
  iops: number.optional(),
  throughput: number.optional(),
});

const MODIFICATION = rowOf<VolumeModification>()({
  from: VOLUME_SHAPE,
  to: VOLUME_SHAPE,
  startedAtMs: number,
  appliedAtMs: number,
  completedAtMs: number,
});

export const VOLUME = rowOf<VolumeRow>()({
  volumeId: text,
  ownerId: text,
  encrypted: flag,
  kmsKeyId: text.optional(),
  snapshotId: text.optional(),
  availabilityZone: text,
  createdAtMs: number,
  multiAttach: flag,
  tags,
  tagVersion: number.optional(),
  shape: VOLUME_SHAPE,
  state: z.enum(['creating', 'available', 'in-use', 'deleting']),
  attachment: ATTACHMENT.optional(),
  modification: MODIFICATION.optional(),
  recentSnapshotIds: texts.optional(),
});

const TEMPLATE_VERSION = rowOf<TemplateVersionRow>()({
  version: number,
  description: text.optional(),
  createdAtMs: number,
  data: anyObject<object>(),
  imageId: text.optional(),
});

export const TEMPLATE = rowOf<TemplateRow>()({
  templateId: text,
  ownerId: text,
  name: text,
  createdAtMs: number,
  versions: listOf(TEMPLATE_VERSION),
  nextVersion: number,
  tags,
  defaultVersion: number,
});

export const EBS = rowOf<SavedEbsMemory>()({
  encryption: readonlyMapOf(rowOf<EncryptionRow>()({ isEnabled: flag, kmsKeyId: text.optional() })),
  snapshotAccess: readonlyMapOf(z.enum(['unblocked', 'block-new-sharing', 'block-all-sharing'])),
});

const VPC = rowOf<VpcRow>()({
  vpcId: text,
  ownerId: text,
  cidrBlock: text,
  isDefault: flag,
  dhcpOptionsId: text,
  tags,
});

const SUBNET = rowOf<SubnetRow>()({
  subnetId: text,
  vpcId: text,
  ownerId: text,
  availabilityZone: text,
  cidrBlock: text,
  isDefaultForAz: flag,
  tags,
});

const SECURITY_GROUP = rowOf<SecurityGroupRow>()({
  groupId: text,
  groupName: text,
  description: text,
  vpcId: text,
  ownerId: text,
  tags,
});

const KEY_PAIR = rowOf<KeyPairRow>()({
  keyPairId: text,
  keyName: text,
  ownerId: text,
  createdAtMs: number,
  fingerprint: text,
  keyType: z.enum(['rsa', 'ed25519']),
  publicKey: text,
  tags,
});

export const NETWORK = rowOf<SavedNetwork>()({
  vpcs: listOf(VPC),
  subnets: listOf(SUBNET),
  securityGroups: listOf(SECURITY_GROUP),
  keyPairs: listOf(KEY_PAIR),
});
