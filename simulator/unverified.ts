/**
 * What AWS does not document, or what could not be checked without an account: each fact is a switch
 * with a name, and what runs on the embedded cloud has to be right both ways. The values here are the
 * likelier ones.
 */
export interface UnverifiedFacts {
  /** CopyImage refuses a name that is in use. CreateImage and RegisterImage do. */
  readonly copyRefusesDuplicateNames: boolean;
  /** CreateImage of an instance with an instance-store root. Its code. */
  readonly instanceStoreCode: string;
  /** CreateImage of an instance that is `stopping`: whether it is accepted. */
  readonly stoppingInstancesCanBeImaged: boolean;
  /** StartInstances and CreateImage of an instance whose root volume was detached. Their code. */
  readonly missingRootVolumeCode: string;
  /** CreateImage that leaves out the root device. Its code. */
  readonly rootExclusionCode: string;
  /** CreateImage takes a snapshot even of a volume that it leaves out, and nobody refers to it. */
  readonly excludedVolumesAreSnapshotted: boolean;
  /** Images without a reboot that one instance may have under way; EC2 has the code alone. */
  readonly noRebootImagesPerInstance: number;
  /**
   * Snapshots in `error` count to those of a volume that may be pending, as EC2's list of error codes
   * has it. It is not known whether an image that failed leaves such snapshots behind.
   */
  readonly brokenSnapshotsCountAsPending: boolean;
  /** Snapshots that an account may have pending in a Region; EC2 has the code alone. */
  readonly pendingSnapshotQuota: number;
  /** One image more than the quota. Its code. */
  readonly imageQuotaCode: string;
  /** Sharing with one more than the quota, or one more public image. Its code. */
  readonly sharingQuotaCode: string;
  /** DeregisterImage of a protected image, and DisableImage if that is refused. Its code. */
  readonly protectedCode: string;
  /** Protection without a cooldown, switched on while a cooldown runs, ends that cooldown. */
  readonly protectionWithoutCooldownEndsCooldown: boolean;
  /** DisableImage of a protected image: whether it is accepted. */
  readonly protectedImagesCanBeDisabled: boolean;
  /** DeregisterImage of an image that CreateImage is still making: whether it is accepted. */
  readonly imagesBeingMadeCanBeDeregistered: boolean;
  /** What DeregisterImage says of a snapshot that it is to delete, and that is locked. */
  readonly lockedSnapshotReturnCode: 'client-error' | 'skipped' | 'missing-permissions';
  /** How long the name of a deregistered image is still taken. */
  readonly nameReuseDelayMs: number;
  /** How long describes still show a deregistered image, in the state `deregistered`. */
  readonly deregisteredShownMs: number;
  /** CopyImage of an image that is not `available`. Its code. */
  readonly sourceUnavailableCode: string;
  /** The snapshots of an image's copy count to the quota of snapshot copies. */
  readonly imageCopiesCountAsSnapshotCopies: boolean;
  /** A copy has the deprecation and the protection of its source. */
  readonly copiesKeepSettings: boolean;
  /** How long EC2 remembers a client token. */
  readonly clientTokenLifeMs: number;
  /**
   * What DescribeImages says to the id of a deregistered image. The API reference has it `documented`:
   * nothing as long as an instance launched from it is there, and then that there is no such image.
   */
  readonly deregisteredById: 'documented' | 'not-found' | 'unavailable' | 'empty';
  /** The greatest MaxResults that DescribeImages accepts. */
  readonly describeImagesMax: number;
  /** DescribeImages tells which KMS key a snapshot is encrypted with. */
  readonly imagesShowKmsKeys: boolean;
  /** Whoever an image is shared with sees its tags that begin with `ec2:SharedTag/`. */
  readonly sharedTagsAreVisible: boolean;
  /** DisableImageDeprecation, or a later date, of a public image. Its code. */
  readonly publicDeprecationCode: string;
  /**
   * What DescribeSnapshots and DescribeInstances say to the id of something that is another's, or that
   * is not shared with the caller: the API reference has `left-out`, reports have `not-found`.
   */
  readonly strangersById: 'not-found' | 'left-out';
  /** CreateTags and DeleteTags tag nothing if one of the resources does not exist. */
  readonly oneMissingResourceFailsTagging: boolean;
  /** DeleteSnapshot of a locked snapshot, and what the lock forbids else. Its code. */
  readonly lockedSnapshotCode: string;
  /** Use of a snapshot that is in the archive, and a move between tiers that is refused. Its code. */
  readonly snapshotTierCode: string;
  /** CopySnapshot and others, of a snapshot that is not `completed`. Its code. */
  readonly snapshotStateCode: string;
  /** DeleteLaunchTemplateVersions of the default version: what its answer says of that version. */
  readonly defaultVersionErrorCode: string;
  /** CancelImageLaunchPermission by an account that the image does not name. Its code. */
  readonly notSharedCode: string;
}

export const LIKELY_FACTS: UnverifiedFacts = {
  copyRefusesDuplicateNames: false,
  instanceStoreCode: 'NonEBSInstance',
  stoppingInstancesCanBeImaged: true,
  missingRootVolumeCode: 'InvalidParameterValue',
  rootExclusionCode: 'InvalidBlockDeviceMapping',
  excludedVolumesAreSnapshotted: false,
  noRebootImagesPerInstance: 5,
  brokenSnapshotsCountAsPending: true,
  pendingSnapshotQuota: 100_000,
  imageQuotaCode: 'ResourceLimitExceeded',
  sharingQuotaCode: 'ResourceLimitExceeded',
  protectedCode: 'OperationNotPermitted',
  protectionWithoutCooldownEndsCooldown: false,
  protectedImagesCanBeDisabled: true,
  imagesBeingMadeCanBeDeregistered: true,
  lockedSnapshotReturnCode: 'client-error',
  nameReuseDelayMs: 0,
  deregisteredShownMs: 0,
  sourceUnavailableCode: 'InvalidRequest',
  imageCopiesCountAsSnapshotCopies: false,
  copiesKeepSettings: false,
  clientTokenLifeMs: 24 * 60 * 60 * 1_000,
  deregisteredById: 'documented',
  describeImagesMax: 1_000,
  imagesShowKmsKeys: false,
  sharedTagsAreVisible: true,
  publicDeprecationCode: 'InvalidParameterValue',
  strangersById: 'not-found',
  oneMissingResourceFailsTagging: true,
  lockedSnapshotCode: 'OperationNotPermitted',
  snapshotTierCode: 'IncorrectState',
  snapshotStateCode: 'IncorrectState',
  defaultVersionErrorCode: 'unexpectedError',
  notSharedCode: 'InvalidRequest',
};
