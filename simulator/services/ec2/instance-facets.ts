/** The filters of DescribeInstances: all that EC2's model has. */
import { isoOf } from '../../kernel/kernel.ts';
import { PRODUCT_CODE_FACETS, usageOperationOf } from './billing.ts';
import type { Ec2 } from './ec2.ts';
import { type Facets, matchNothing } from './filters.ts';
import { currentBootMode, privateNameOf, stateOut } from './instance-output.ts';
import { groupNameOf } from './network.ts';
import { findZone } from './places.ts';
import type { Attachment } from './volume-rows.ts';
import type { InstanceRow } from './rows.ts';

type Rows = Facets<InstanceRow>;

const always = (value: string) => () => [value];

const attachmentFacets = (ec2: Ec2, region: string): Rows => {
  const { volumes } = ec2.store(region);
  const of =
    (read: (attachment: Attachment) => string) =>
    (row: InstanceRow): (string | undefined)[] =>
      row.disks.map(({ volumeId }) => {
        const attachment = volumes.get(volumeId ?? '')?.attachment;
        return attachment && read(attachment);
      });
  return {
    'block-device-mapping.attach-time': of((one) => isoOf(one.attachedAtMs)),
    'block-device-mapping.delete-on-termination': of((one) => String(one.deleteOnTermination)),
    'block-device-mapping.device-name': (row) => row.disks.map((disk) => disk.deviceName),
    'block-device-mapping.status': of((one) => one.state),
    'block-device-mapping.volume-id': (row) => row.disks.map((disk) => disk.volumeId),
  };
};

const placeFacets = (ec2: Ec2, region: string): Rows => {
  const groupNames = (row: InstanceRow) =>
    row.attributes.securityGroupIds.map((id) => groupNameOf(ec2, region, id));
  return {
    'availability-zone': (row) => [row.availabilityZone],
    'availability-zone-id': (row) => [findZone({ name: row.availabilityZone }, { region })?.id],
    'instance.group-id': (row) => row.attributes.securityGroupIds,
    'instance.group-name': groupNames,
    'private-dns-name': (row) => [privateNameOf(row, region)],
    'private-ip-address': (row) => [row.privateIp],
    'subnet-id': (row) => [row.subnetId],
    'vpc-id': (row) => [row.vpcId],
    'network-interface.addresses.primary': always('true'),
    'network-interface.addresses.private-dns-name': (row) => [privateNameOf(row, region)],
    'network-interface.addresses.private-ip-address': (row) => [row.privateIp],
    'network-interface.availability-zone': (row) => [row.availabilityZone],
    'network-interface.group-id': (row) => row.attributes.securityGroupIds,
    'network-interface.group-name': groupNames,
    'network-interface.private-dns-name': (row) => [privateNameOf(row, region)],
    'network-interface.private-ip-address': (row) => [row.privateIp],
    'network-interface.subnet-id': (row) => [row.subnetId],
    'network-interface.vpc-id': (row) => [row.vpcId],
  };
};

const INTERFACE_FACETS: Rows = {
  'network-interface.attachment.attach-time': (row) => [isoOf(row.launchedAtMs)],
  'network-interface.attachment.attachment-id': (row) => [row.networkInterface.attachmentId],
  'network-interface.attachment.delete-on-termination': (row) => [
    String(row.networkInterface.deleteOnTermination),
  ],
  'network-interface.attachment.device-index': always('0'),
  'network-interface.attachment.instance-id': (row) => [row.instanceId],
  'network-interface.attachment.instance-owner-id': (row) => [row.ownerId],
  'network-interface.attachment.network-card-index': always('0'),
  'network-interface.attachment.status': always('attached'),
  'network-interface.deny-all-igw-traffic': always('false'),
  'network-interface.description': (row) => [row.networkInterface.description],
  'network-interface.ipv6-native': always('false'),
  'network-interface.mac-address': (row) => [row.networkInterface.macAddress],
  'network-interface.network-interface-id': (row) => [row.networkInterface.networkInterfaceId],
  'network-interface.operator.managed': always('false'),
  'network-interface.owner-id': (row) => [row.ownerId],
  'network-interface.requester-managed': always('false'),
  'network-interface.source-dest-check': (row) => [String(row.attributes.sourceDestCheck)],
  'network-interface.status': always('in-use'),
  'network-interface.tag-key': (row) => [...row.networkInterface.tags.keys()],
  'network-interface.tag-value': (row) => [...row.networkInterface.tags.values()],
};

const OPTION_FACETS: Rows = {
  'capacity-reservation-specification.capacity-reservation-preference': always('open'),
  'ebs-optimized': (row) => [String(row.attributes.ebsOptimized)],
  'ena-support': (row) => [String(row.attributes.enaSupport)],
  'enclave-options.enabled': always('false'),
  'hibernation-options.configured': always('false'),
  hypervisor: always('xen'),
  'iam-instance-profile.arn': (row) => [row.instanceProfile?.arn],
  'iam-instance-profile.id': (row) => [row.instanceProfile?.id],
  'maintenance-options.auto-recovery': (row) => [row.autoRecovery],
  'metadata-options.http-endpoint': (row) => [row.metadata.httpEndpoint],
  'metadata-options.http-protocol-ipv4': always('enabled'),
  'metadata-options.http-protocol-ipv6': (row) => [row.metadata.protocolIpv6],
  'metadata-options.http-put-response-hop-limit': (row) => [String(row.metadata.hopLimit)],
  'metadata-options.http-tokens': (row) => [row.metadata.httpTokens],
  'metadata-options.instance-metadata-tags': (row) => [row.metadata.instanceTags],
  'metadata-options.state': (row) => [row.state === 'pending' ? 'pending' : 'applied'],
  'monitoring-state': (row) => [row.isMonitored ? 'enabled' : 'disabled'],
  'operator.managed': always('false'),
  'private-dns-name-options.enable-resource-name-dns-a-record': always('false'),
  'private-dns-name-options.enable-resource-name-dns-aaaa-record': always('false'),
  'private-dns-name-options.hostname-type': always('ip-name'),
  'source-dest-check': (row) => [String(row.attributes.sourceDestCheck)],
  tenancy: always('default'),
  'usage-operation': (row) => [usageOperationOf(row)],
  'usage-operation-update-time': (row) => [isoOf(row.launchedAtMs)],
};

const OWN_FACETS: Rows = {
  architecture: (row) => [row.architecture],
  'boot-mode': (row) => [row.bootMode],
  'client-token': (row) => [row.clientToken],
  'current-instance-boot-mode': (row) => [currentBootMode(row)],
  'image-id': (row) => [row.imageId],
  'instance-id': (row) => [row.instanceId],
  'instance-state-code': (row) => [String(stateOut(row.state).Code)],
  'instance-state-name': (row) => [row.state],
  'instance-type': (row) => [row.attributes.instanceType],
  'key-name': (row) => [row.keyName],
  'launch-index': (row) => [String(row.launchIndex)],
  'launch-time': (row) => [isoOf(row.launchedAtMs)],
  'owner-id': (row) => [row.ownerId],
  platform: (row) => [row.platformDetails.startsWith('Windows') ? 'windows' : undefined],
  'platform-details': (row) => [row.platformDetails],
  reason: (row) => [row.transitionReason],
  'reservation-id': (row) => [row.reservationId],
  'root-device-name': (row) => [row.rootDeviceName],
  'root-device-type': (row) => [row.rootDeviceType],
  'state-reason-code': (row) => [row.stateReason?.code],
  'state-reason-message': (row) => [row.stateReason?.message],
  'virtualization-type': (row) => [row.virtualizationType],
};

/** Of what no instance here has. */
const NOTHING = matchNothing([
  'affinity',
  'capacity-reservation-id',
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id',
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn',
  'dns-name',
  'host-id',
  'instance-lifecycle',
  'ip-address',
  'ipv6-address',
  'kernel-id',
  'network-interface.addresses.association.allocation-id',
  'network-interface.addresses.association.association-id',
  'network-interface.addresses.association.carrier-ip',
  'network-interface.addresses.association.customer-owned-ip',
  'network-interface.addresses.association.ip-owner-id',
  'network-interface.addresses.association.public-dns-name',
  'network-interface.addresses.association.public-ip',
  'network-interface.association.allocation-id',
  'network-interface.association.association-id',
  'network-interface.association.carrier-ip',
  'network-interface.association.customer-owned-ip',
  'network-interface.association.ip-owner-id',
  'network-interface.association.public-dns-name',
  'network-interface.association.public-ip',
  'network-interface.ipv4-prefixes.ipv4-prefix',
  'network-interface.ipv6-address',
  'network-interface.ipv6-addresses.ipv6-address',
  'network-interface.ipv6-addresses.is-primary-ipv6',
  'network-interface.ipv6-prefixes.ipv6-prefix',
  'network-interface.operator.principal',
  'network-interface.outpost-arn',
  'network-interface.public-dns-name',
  'network-interface.requester-id',
  'network-performance-options.bandwidth-weighting',
  'operator.principal',
  'outpost-arn',
  'placement-group-name',
  'placement-partition-number',
  'ramdisk-id',
  'requester-id',
  'spot-instance-request-id',
  'tpm-support',
]);

export const instanceFacets = (ec2: Ec2, region: string): Rows => ({
  ...OWN_FACETS,
  ...OPTION_FACETS,
  ...INTERFACE_FACETS,
  ...attachmentFacets(ec2, region),
  ...placeFacets(ec2, region),
  ...PRODUCT_CODE_FACETS,
  ...NOTHING,
});
