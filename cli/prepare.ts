import type { PolicySet } from '../shared/domain/policy.ts';
import { destinationsOf } from '../shared/loop/loop.ts';
import { loopOf } from './loop-of.ts';
import { type PlanOptions, deploymentOf, readPolicySet } from './plan-options.ts';
import { type TargetPlan, planTargets } from './plan-targets.ts';
import { type Session, homeRegion, openSession } from './session.ts';
import type { Surroundings } from './surroundings.ts';

/** A plan of all targets, and what it was made of. */
export interface Prepared {
  readonly session: Session;
  readonly deployment: string;
  readonly policySet: PolicySet;
  readonly plannedMs: number;
  readonly plans: readonly TargetPlan[];
}

/**
 * What `plan` and `apply` begin with: the input is read, endpoint, Region and account are said, and
 * every target is looked at.
 * @throws NoAccessError | RefusedError | InvalidPolicyError | UnusableFileError
 */
export const prepare = async (
  options: PlanOptions & { readonly eventBus?: string },
  surroundings: Surroundings,
): Promise<Prepared> => {
  const { access, environment, terminal } = surroundings;
  const region = await homeRegion(surroundings);
  const deployment = deploymentOf(options, environment);
  const policySet = readPolicySet(options.policy, region);
  const destinations = destinationsOf(policySet, { account: '', region });
  const session = await openSession(surroundings, {
    home: region,
    calls: [
      ['ec2', region],
      ...destinations.map((place) => ['ec2', place.region] as const),
      ...(options.eventBus === undefined ? [] : [['events', region] as const]),
    ],
  });
  const { connection } = access;
  const parts = { deployment, home: session.home, policySet, isVerbose: options.verbose };
  const plans = await planTargets(loopOf(connection, terminal, parts));
  return { session, deployment, policySet, plannedMs: connection.clock.nowMs(), plans };
};
