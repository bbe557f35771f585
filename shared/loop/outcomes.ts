import type { BackupAction, RemovalAction, TagAction } from '../domain/decision.ts';
import type { Reason } from '../domain/reasons.ts';
import type { Failure } from './ports.ts';

/**
 * What became of one action. Another type than the decision behind it: a decision says what was
 * wanted, an outcome what happened.
 */
export type Outcome<Action> =
  | { readonly status: 'done'; readonly action: Action; readonly id: string }
  | { readonly status: 'already-so'; readonly action: Action; readonly id: string }
  /** The facts changed since planning; nothing was done. */
  | { readonly status: 'superseded'; readonly action: Action; readonly reasons: readonly Reason[] }
  | { readonly status: 'retry-later'; readonly action: Action; readonly failure: Failure }
  | { readonly status: 'failed'; readonly action: Action; readonly failure: Failure };

export type BackupOutcome = Outcome<BackupAction>;
export type TagOutcome = Outcome<TagAction>;
export type RemovalOutcome = Outcome<RemovalAction>;

/** What became of anything that a pass or a run did. */
export type AnyOutcome = BackupOutcome | TagOutcome | RemovalOutcome;

export const done = <A>(action: A, id: string): Outcome<A> => ({ status: 'done', action, id });

export const alreadySo = <A>(action: A, id: string): Outcome<A> => ({
  status: 'already-so',
  action,
  id,
});

export const superseded = <A>(action: A, reasons: readonly Reason[]): Outcome<A> => ({
  status: 'superseded',
  action,
  reasons,
});

/** Some failures pass by themselves: the next pass finds the work undone and does it. */
export const fromFailure = <A>(action: A, failure: Failure): Outcome<A> => {
  switch (failure.kind) {
    case 'throttled':
    case 'busy':
    case 'exhausted':
    case 'wrong-state':
    case 'name-taken':
      return { status: 'retry-later', action, failure };
    case 'not-found':
    case 'in-use':
    case 'denied':
    case 'unknown':
      return { status: 'failed', action, failure };
  }
};
