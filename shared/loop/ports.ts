import type { CopyAction, CreateAction } from '../domain/decision.ts';
import type { Image, ImageReference, Instance, Part, Snapshot, Target } from '../domain/model.ts';

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

/**
 * EC2 of one target. What AWS refuses or the way to it loses makes a read's part incomplete; reads
 * reject only for defects, and for credentials that cannot be had at all.
 */
export interface Ec2 {
  instances(): Promise<Part<Instance>>;
  instance(instanceId: string): Promise<Part<Instance>>;
  /** Images that carry the deployment's tag, disabled ones included. */
  images(deployment: string): Promise<Part<Image>>;
  /** Of those, the ones that can be copied. */
  availableImages(deployment: string): Promise<Part<Image>>;
  imagesById(imageIds: readonly string[]): Promise<Part<Image>>;
  imagesByName(name: string): Promise<Part<Image>>;
  snapshots(deployment: string): Promise<Part<Snapshot>>;
  snapshotsById(snapshotIds: readonly string[]): Promise<Part<Snapshot>>;
  /** Images named by the default and the latest version of every launch template. */
  launchTemplateReferences(): Promise<Part<ImageReference>>;
  /** Instances, in any state but terminated, that were launched from one of these images. */
  instancesUsing(imageIds: readonly string[]): Promise<Part<ImageReference>>;

  createImage(action: CreateAction): Promise<Result<{ readonly imageId: string }>>;
  copyImage(action: CopyAction): Promise<Result<{ readonly imageId: string }>>;
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
  | 'StrangersSeen';

export interface Meter {
  count(name: CountName, value: number): void;
}
