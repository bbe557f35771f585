import { type AnyAction, NOTHING_SPENT, type PlanInput, type Spent } from '../domain/decision.ts';
import {
  isOneOf,
  type Observation,
  type ReferenceSource,
  type Target,
  targetKey,
} from '../domain/model.ts';
import type { PolicySet } from '../domain/policy.ts';
import type { AnyOutcome } from './outcomes.ts';
import type { Clock, Cloud, EventPublisher, Log, Meter, Queue } from './ports.ts';

/** What every use case works with: the deployment's settings, and the world through its ports. */
export interface Loop {
  readonly deployment: string;
  /** Targets whose instances are backed up. */
  readonly homes: readonly Target[];
  readonly policySet: PolicySet;
  readonly retireMode: 'plan' | 'apply';
  /** Who is asked whether they use an image before it may go. */
  readonly sources: readonly ReferenceSource[];
  readonly clock: Clock;
  readonly cloud: Cloud;
  readonly backupQueue: Queue;
  readonly retireQueue: Queue;
  readonly events: EventPublisher;
  readonly log: Log;
  readonly meter: Meter;
  /** Told of each outcome, for whoever waits for them: the command line does, a function does not. */
  readonly onOutcome?: (target: Target, outcome: AnyOutcome) => void;
  /** Narrows what a pass does to what somebody agreed to. Without it, all that is planned. */
  readonly mayDo?: (target: Target, action: AnyAction) => boolean;
}

/** Places that the policies copy a home's points to. A copy stays in the account of its home. */
export const destinationsOf = (policySet: PolicySet, home: Target): readonly Target[] => {
  const regions = new Set(
    policySet.policies.flatMap(({ copyTo }) => copyTo.map(({ region }) => region)),
  );
  return [...regions].sort().map((region) => ({ account: home.account, region }));
};

/** Every target that this deployment works in, homes first. */
export const targetsOf = ({
  homes,
  policySet,
}: Pick<Loop, 'homes' | 'policySet'>): readonly Target[] => {
  const all = [...homes, ...homes.flatMap((home) => destinationsOf(policySet, home))];
  return [...new Map(all.map((target) => [targetKey(target), target])).values()];
};

/** What a plan of this deployment depends on, now. */
export const planInputOf = (
  { policySet, deployment, homes, clock, sources }: Loop,
  observation: Observation,
  spent: Spent = NOTHING_SPENT,
): PlanInput => ({
  observation,
  policySet,
  deployment,
  homes,
  nowMs: clock.nowMs(),
  sources,
  spent,
});

/** Those of the planned actions that may be done. */
export const permitted = <Action extends AnyAction>(
  { mayDo }: Pick<Loop, 'mayDo'>,
  target: Target,
  actions: readonly Action[],
): readonly Action[] =>
  mayDo === undefined ? actions : actions.filter((action) => mayDo(target, action));

export const isHome = ({ homes }: Pick<Loop, 'homes'>, target: Target): boolean =>
  isOneOf(homes, target);
