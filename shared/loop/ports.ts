import type { CopyAction, CreateAction } from '../domain/decision.ts';
import type {
  Image,
  ImageReference,
  ReferenceSource,
  SourceReferences,
  Instance,
  Part,
  Snapshot,
  Tags,
  Target,
  Volume,
} from '../domain/model.ts';

/**
 * What the loop needs of the world, as interfaces. Adapters in shared/aws implement them; nothing
 * else does, in tests or in the embedded cloud: those stand on the other side of the wire.
 */

/** The one way to time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  sleep(delayMs: number): Promise<void>;
}

/** How long the platform lets this invocation go on. */
export interface Deadline {
  remainingMs(): number;
}

/**
 * Why a call failed, as far as the loop must tell apart.
 * `throttled` and `busy` pass with time; `exhausted` is a quota that others have filled.
 */
export type FailureKind =
  | 'throttled'
  | 'busy'
  | 'exhausted'
  | 'not-found'
  | 'in-use'
  | 'name-taken'
  | 'wrong-state'
  | 'denied'
  | 'unknown';

export interface Failure {
  readonly kind: FailureKind;
  /** EC2's error code. */
  readonly code: string;
  readonly message: string;
}

/** A failed call is a value: the loop goes on with the next action, and reports this one. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** Per-snapshot results of a removal: DeregisterImage succeeds even where a snapshot stays behind. */
export interface RemovedImage {
  readonly leftSnapshots: readonly { readonly snapshotId: string; readonly code: string }[];
}

/** A resource that tags could not be written on. */
export interface UntaggedResource {
  readonly resourceId: string;
  readonly failure: Failure;
}

/**
 * EC2 of one target. What AWS refuses or the way to it loses makes a read's part incomplete; reads
 * reject only for defects, and for credentials that cannot be had at all.
 */
export interface Ec2 {
  instances(): Promise<Part<Instance>>;
  instance(instanceId: string): Promise<Part<Instance>>;
  /** Those of these instances that there are. */
  instancesById(instanceIds: readonly string[]): Promise<Part<Instance>>;
  /** Images that carry the deployment's tag, disabled ones included. */
  images(deployment: string): Promise<Part<Image>>;
  /** All images that the account owns, whoever made them. */
  ownImages(): Promise<Part<Image>>;
  /** Of those of the deployment, the ones that can be copied. */
  availableImages(deployment: string): Promise<Part<Image>>;
  imagesById(imageIds: readonly string[]): Promise<Part<Image>>;
  imagesByName(name: string): Promise<Part<Image>>;
  snapshots(deployment: string): Promise<Part<Snapshot>>;
  /** All snapshots that the account owns, whoever made them. */
  ownSnapshots(): Promise<Part<Snapshot>>;
  snapshotsById(snapshotIds: readonly string[]): Promise<Part<Snapshot>>;
  /** Attached volumes that have a tag whose key matches one of these patterns. */
  volumes(tagKeys: readonly string[]): Promise<Part<Volume>>;
  /**
   * Who uses images, by source; one that this cannot ask is not in the answer, or not complete.
   * @param sources any but the instances, for which there is {@link instancesUsing}
   * @param imageIds whose launch permissions are read, as they are read image by image
   */
  uses(
    sources: readonly ReferenceSource[],
    imageIds: readonly string[],
  ): Promise<readonly SourceReferences[]>;
  /** Instances, in any state but terminated, that were launched from one of these images. */
  instancesUsing(imageIds: readonly string[]): Promise<Part<ImageReference>>;

  createImage(action: CreateAction): Promise<Result<{ readonly imageId: string }>>;
  copyImage(action: CopyAction): Promise<Result<{ readonly imageId: string }>>;
  /**
   * Writes tags on resources, at most the 1,000 that one call takes (EC2 API Reference, CreateTags).
   * Resolves to those that it could not write them on.
   */
  createTags(resourceIds: readonly string[], tags: Tags): Promise<readonly UntaggedResource[]>;
  deregisterImage(imageId: string, snapshots: 'delete' | 'keep'): Promise<Result<RemovedImage>>;
  deleteSnapshot(snapshotId: string): Promise<Result<void>>;
}

export interface Cloud {
  at(target: Target): Ec2;
}

/** A message for a worker's queue. Throws if it could not be handed over. */
export interface QueuedMessage {
  readonly body: string;
  readonly groupId: string;
  readonly deduplicationId: string;
}

export interface Queue {
  send(messages: readonly QueuedMessage[]): Promise<void>;
}

/** An outcome as others see it on the event bus: see docs/events.md. */
export interface DomainEvent {
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** ARNs or ids that the event is about. */
  readonly resources: readonly string[];
}

export interface EventPublisher {
  /** Publishes all, trying failed entries again; resolves to those that could not be published. */
  publish(events: readonly DomainEvent[]): Promise<readonly DomainEvent[]>;
}

/** One line of the log: a sentence, and fields to search by. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export type CountName =
  | 'PointsCreated'
  | 'PointsFailed'
  | 'CopiesStarted'
  | 'ImagesRetired'
  | 'SnapshotsDeleted'
  | 'RemovalsVetoed'
  | 'RemovalsDeferred'
  | 'RpoBreaches'
  | 'EventsNotPublished'
  | 'MalformedMessages'
  | 'PassesFailed'
  | 'StrangersSeen'
  | 'TagsRepaired';

export interface Meter {
  count(name: CountName, value: number): void;
}
