import type { Image, Instance, Part, Snapshot, Target, Volume } from './model.ts';

/**
 * All that can be seen of one target that has to do with images: what `plan --from`, `audit`,
 * `explain`, `diff`, `forecast` and `catalog` work on. Each part says for itself whether it is whole.
 * All instants are milliseconds since the epoch, all sizes GiB.
 */
export interface Inventory {
  readonly target: Target;
  /** When it was looked at; of files that do not say so, when they were read. */
  readonly observedMs: number;
  readonly instances: Part<Instance>;
  /** Images that the account owns. */
  readonly images: Part<SeenImage>;
  /** Images of others, as far as somebody asked for them: what instances and templates launch from. */
  readonly othersImages: Part<SeenImage>;
  /** Launch permissions, one for each image that was asked about. */
  readonly permissions: Part<LaunchPermissions>;
  readonly snapshots: Part<SeenSnapshot>;
  readonly volumes: Part<SeenVolume>;
  readonly launchTemplates: Part<LaunchTemplate>;
  readonly launchTemplateVersions: Part<LaunchTemplateVersion>;
  readonly autoScalingGroups: Part<AutoScalingGroup>;
  readonly launchConfigurations: Part<LaunchConfiguration>;
  readonly parameters: Part<Parameter>;
  readonly fleets: Part<Fleet>;
  readonly spotFleetRequests: Part<Fleet>;
}

/** An image with what people choose images by. */
export interface SeenImage extends Image {
  /** Twelve digits. */
  readonly ownerId: string;
  readonly description: string;
  readonly isPublic: boolean;
  /** Such as `x86_64` or `arm64`. */
  readonly architecture: string;
  /** Such as `Linux/UNIX` or `Windows`, EC2's PlatformDetails. */
  readonly platform: string;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  /** Marketplace product codes. */
  readonly productCodes: readonly string[];
  /** True if every snapshot is encrypted, false if one is not; absent where EC2 does not say. */
  readonly isEncrypted?: boolean;
  /** From then on it is deprecated. */
  readonly deprecatedMs?: number;
  /** Lags a day; absent means never since April 2017, or not owned (EC2 User Guide). */
  readonly lastLaunchedMs?: number;
  /** Where EC2 says that it was copied from. */
  readonly sourceImageRegion?: string;
}

export interface SeenSnapshot extends Snapshot {
  readonly ownerId: string;
  readonly description: string;
  readonly state: string;
  readonly isEncrypted: boolean;
  readonly isArchived: boolean;
  /** Bytes of the whole snapshot, as far as EC2 says. */
  readonly fullSizeBytes?: number;
}

export interface SeenVolume extends Volume {
  readonly sizeGiB: number;
  readonly isEncrypted: boolean;
  /** The snapshot that it was made of; empty if none. */
  readonly snapshotId: string;
  readonly instanceIds: readonly string[];
}

/** Who but the owner may launch an image. */
export interface LaunchPermissions {
  readonly imageId: string;
  readonly isPublic: boolean;
  readonly accounts: readonly string[];
  /** ARNs of organizations and organizational units. */
  readonly organizations: readonly string[];
}

export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly defaultVersion: number;
  readonly latestVersion: number;
}

export interface LaunchTemplateVersion {
  readonly templateId: string;
  readonly templateName: string;
  readonly version: number;
  /** Whether it was the default one when it was read, which the list of templates may have been before. */
  readonly isDefault?: boolean;
  /** As written: an image id, or `resolve:ssm:...`; absent where the launching side names it. */
  readonly image?: string;
  readonly snapshotIds: readonly string[];
}

/** That something launches by a template: by its id or its name. */
export interface TemplatePin {
  readonly templateId?: string;
  readonly templateName?: string;
  /** `$Default`, `$Latest` or a number. */
  readonly version: string;
}

export interface AutoScalingGroup {
  readonly name: string;
  /** How many instances it wants now: 0 launches none, until somebody wants more. */
  readonly desired: number;
  readonly launchConfiguration?: string;
  /** Its own template first, then those of the overrides of a mixed instances policy. */
  readonly templates: readonly TemplatePin[];
  /** Images that overrides name themselves. */
  readonly images: readonly string[];
  readonly instanceIds: readonly string[];
}

export interface LaunchConfiguration {
  readonly name: string;
  readonly image: string;
  readonly snapshotIds: readonly string[];
}

export interface Parameter {
  readonly name: string;
  /** The number of a version, or a label, by which it was asked for; absent of what it is now. */
  readonly selector?: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  /** `text`, or `aws:ec2:image`. */
  readonly dataType: string;
  /** Absent for what was not read, as a SecureString is not. */
  readonly value?: string;
  /** The number of the version that the value is of. */
  readonly version?: number;
}

/** An EC2 Fleet or a Spot Fleet request. */
export interface Fleet {
  readonly id: string;
  /** EC2's word, such as `active` or `deleted_running`. */
  readonly state: string;
  /** Whether it may still launch instances. */
  readonly isActive: boolean;
  readonly templates: readonly TemplatePin[];
  readonly images: readonly string[];
}
