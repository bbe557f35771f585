/**
 * The words of the domain as types: what is observed of a target, and what a part of it is worth.
 * All instants are milliseconds since the epoch, all sizes GiB.
 */

/** One account in one Region. */
export interface Target {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** `account/region`: the written form of a target, in tags, message groups and reports. */
export const targetKey = (target: Target): string => `${target.account}/${target.region}`;

export const isSameTarget = (a: Target, b: Target): boolean =>
  a.account === b.account && a.region === b.region;

export const isOneOf = (targets: readonly Target[], target: Target): boolean =>
  targets.some((one) => isSameTarget(one, target));

export type Tags = Readonly<Record<string, string>>;

export type InstanceState =
  | 'pending'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'shutting-down'
  | 'terminated';

export interface Instance {
  readonly id: string;
  readonly state: InstanceState;
  readonly tags: Tags;
  /** The image it was launched from. */
  readonly imageId: string;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  /** When it was last started (EC2's LaunchTime), where EC2 says so. */
  readonly launchedMs?: number;
  readonly rootDevice?: string;
  readonly volumes: readonly AttachedVolume[];
  /** What a relaunch needs, and what is gone once the instance is. */
  readonly restore: RestoreData;
}

export interface AttachedVolume {
  /** Such as `/dev/xvda`. */
  readonly device: string;
  readonly volumeId: string;
}

export interface Volume {
  readonly id: string;
  readonly tags: Tags;
}

export interface RestoreData {
  readonly instanceType?: string;
  readonly subnetId?: string;
  readonly securityGroupIds: readonly string[];
  readonly instanceProfileArn?: string;
  readonly keyName?: string;
}

/** EC2's image states (ImageState of the EC2 API model). */
export type ImageState =
  | 'pending'
  | 'available'
  | 'failed'
  | 'error'
  | 'invalid'
  | 'deregistered'
  | 'transient'
  | 'disabled';

export interface ImageSnapshot {
  readonly snapshotId: string;
  readonly sizeGiB: number;
  /** Device name in the image's mapping, where EC2 gave it. */
  readonly device?: string;
}

export interface Image {
  readonly id: string;
  readonly name: string;
  readonly state: ImageState;
  readonly createdMs: number;
  readonly tags: Tags;
  readonly snapshots: readonly ImageSnapshot[];
  readonly isDeregistrationProtected: boolean;
  /** The instance that EC2 made it of; only an image by CreateImage has one. */
  readonly sourceInstanceId?: string;
  /** The image that EC2 says it comes from: of a copy, the copied one. */
  readonly sourceImageId?: string;
  /** Of an image that belongs to a service of AWS, such as `aws-backup-vault`. */
  readonly ownerAlias?: string;
  /** EC2's own words for a failure, where it gave any. */
  readonly stateMessage?: string;
}

export interface Snapshot {
  readonly id: string;
  readonly tags: Tags;
  readonly sizeGiB: number;
  readonly startedMs: number;
  /** The volume that it was made of, where EC2 says so; of a copy it says nothing true. */
  readonly volumeId?: string;
}

/** Where it is looked up who uses an image; in this order it is told. */
export const REFERENCE_SOURCES = [
  'instances',
  'launch-templates',
  'auto-scaling-groups',
  'launch-configurations',
  'parameters',
  'fleets',
  'spot-fleets',
  'launch-permissions',
] as const;

export type ReferenceSource = (typeof REFERENCE_SOURCES)[number];

/** What the functions read before they remove anything. */
export const FUNCTION_SOURCES: readonly ReferenceSource[] = ['instances', 'launch-templates'];

/** Something that names an image. */
export interface ImageReference {
  readonly imageId: string;
  readonly kind:
    | 'instance'
    | 'launch-template'
    | 'auto-scaling-group'
    | 'launch-configuration'
    | 'parameter'
    | 'fleet'
    | 'spot-fleet'
    | 'launch-permission';
  /** Evidence for a reader, such as `i-0aa (stopped)`. */
  readonly by: string;
  /** True if it launches from the image, or may: that protects. Else it is only told. */
  readonly holds: boolean;
}

/**
 * A list together with what it is worth. A part that is not complete says why, and may never make
 * anything more removable: what it does not show, it does not disprove.
 */
export interface Part<T> {
  readonly items: readonly T[];
  readonly isComplete: boolean;
  /** Why it is not complete, in a reader's words; empty if it is. */
  readonly problem: string;
}

export const completePart = <T>(items: readonly T[]): Part<T> => ({
  items,
  isComplete: true,
  problem: '',
});

export const incompletePart = <T>(problem: string, items: readonly T[] = []): Part<T> => ({
  items,
  isComplete: false,
  problem,
});

/** What one source says of the images that it was asked about. */
export interface SourceReferences {
  readonly source: ReferenceSource;
  /**
   * Of `launch-permissions`, which are read image by image, an image without an item here was not
   * asked about, and counts as unknown.
   */
  readonly part: Part<ImageReference>;
}

const NOT_READ = 'not read by this pass';

/** A part that this pass had no use for. It counts as unknown, like any other that is missing. */
export const notRead = <T>(): Part<T> => incompletePart(NOT_READ);

/** Whether anything was tried: a part that is incomplete all the same fell short. */
export const wasRead = ({ problem }: Part<unknown>): boolean => problem !== NOT_READ;

/** Those of these parts that are not complete, each with why: `images: UnauthorizedOperation …`. */
export const shortfallsOf = (
  parts: readonly (readonly [what: string, part: Part<unknown>])[],
): readonly string[] =>
  parts.flatMap(([what, { isComplete, problem }]) => (isComplete ? [] : [`${what}: ${problem}`]));

/** Images of another place: a home that is copied from, or a destination that is copied to. */
export interface PlaceImages {
  readonly place: Target;
  readonly images: Part<Image>;
  /** Of a home, where it is asked whether a source is gone: its instances. */
  readonly instances?: Part<Instance>;
}

export interface Observation {
  readonly target: Target;
  readonly observedMs: number;
  readonly instances: Part<Instance>;
  readonly images: Part<Image>;
  readonly snapshots: Part<Snapshot>;
  /** Those that have a tag which a policy asks for; read only where one does. */
  readonly volumes: Part<Volume>;
  /** Who uses images, by source; instances are above. A source that is not here was not read. */
  readonly uses: readonly SourceReferences[];
  readonly places: readonly PlaceImages[];
}
