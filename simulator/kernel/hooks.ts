/**
 * Where observers look into the embedded cloud. They are told at the very moment, before what they
 * are told of is done, so they see the state in which it was decided.
 */

/** An image is about to be deregistered, by whomever. */
export interface Deregistering {
  readonly atMs: number;
  readonly account: string;
  readonly region: string;
  readonly requestId: string;
  readonly imageId: string;
}

/** An image has been made, by CreateImage, CopyImage or RegisterImage. */
export interface ImageMade {
  readonly atMs: number;
  readonly account: string;
  readonly region: string;
  readonly imageId: string;
  readonly name: string;
  readonly by: 'CreateImage' | 'CopyImage' | 'RegisterImage';
}

/** An image is no longer pending. */
export interface ImageEnded {
  readonly atMs: number;
  readonly region: string;
  readonly imageId: string;
  readonly state: 'available' | 'failed';
}

/** A snapshot has been deleted. */
export interface SnapshotDeleted {
  readonly atMs: number;
  readonly account: string;
  readonly region: string;
  readonly snapshotId: string;
}

interface Occasions {
  deregistering: Deregistering;
  imageMade: ImageMade;
  imageEnded: ImageEnded;
  snapshotDeleted: SnapshotDeleted;
}

type Listeners = { [Name in keyof Occasions]: ((occasion: Occasions[Name]) => void)[] };

export interface Hooks {
  on<Name extends keyof Occasions>(name: Name, listener: (occasion: Occasions[Name]) => void): void;
  tell<Name extends keyof Occasions>(name: Name, occasion: Occasions[Name]): void;
}

export const createHooks = (): Hooks => {
  const listeners: Listeners = {
    deregistering: [],
    imageMade: [],
    imageEnded: [],
    snapshotDeleted: [],
  };
  return {
    on: (name, listener) => {
      listeners[name].push(listener);
    },
    tell: (name, occasion) => {
      for (const listener of listeners[name]) listener(occasion);
    },
  };
};
