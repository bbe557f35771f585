import type { PlanInput } from './decision.ts';
import { newestOf } from './finding.ts';
import { type Instance, type Target, isSameTarget } from './model.ts';
import { planCreation } from './plan-creation.ts';
import { type Lineages, lineageKey, lineagesIn } from './lineage.ts';
import { isGood } from './point.ts';
import type { Policy } from './policy.ts';
import type { Reason } from './reasons.ts';

/** How well one source is covered by one policy; or, without a policy, why it is not at all. */
export interface Coverage {
  readonly instanceId: string;
  readonly label: string;
  readonly state: string;
  readonly status: 'ok' | 'breach' | 'unprotected' | 'excluded';
  readonly policyId?: string;
  readonly rpoMs?: number;
  /** Age by capture of the newest good point; undefined if there is none. */
  readonly newestAgeMs?: number;
  readonly copies: readonly CopyCoverage[];
  readonly reasons: readonly Reason[];
}

export interface CopyCoverage {
  readonly region: string;
  readonly newestAgeMs?: number;
}

/** Instances that a policy leaves out on purpose; any other without a policy deserves a look. */
const ON_PURPOSE: readonly string[] = ['SEL-03', 'SEL-04', 'SEL-05', 'SEL-06', 'SEL-08', 'SEL-09'];

/**
 * Coverage of every instance of a home, stopped and unselected ones included, by instance id.
 * The observation must hold the destinations' images too: a place not read shows no copies.
 */
export const coverageOf = (input: PlanInput): readonly Coverage[] => {
  const { observation, policySet } = input;
  const instances = new Map(observation.instances.items.map((one) => [one.id, one]));
  const policies = new Map(policySet.policies.map((policy) => [policy.id, policy]));
  const { target, places } = observation;
  const lineages = new Map(
    [target, ...places.map(({ place }) => place)]
      .filter(({ account }) => account === target.account)
      .map((place) => [place.region, lineagesAt(input, place)]),
  );
  return planCreation(input).decisions.flatMap(({ id, policyId, reasons }): readonly Coverage[] => {
    const instance = instances.get(id);
    if (instance === undefined || instance.state === 'terminated') return [];
    const policy = policies.get(policyId ?? '');
    return [
      policy === undefined
        ? uncovered(instance, reasons)
        : covered(input, instance, policy, lineages, reasons),
    ];
  });
};

const describe = (instance: Instance): Pick<Coverage, 'instanceId' | 'label' | 'state'> => ({
  instanceId: instance.id,
  label: instance.tags['Name'] ?? '',
  state: instance.state,
});

const uncovered = (instance: Instance, reasons: readonly Reason[]): Coverage => ({
  ...describe(instance),
  status: reasons.some(({ id }) => ON_PURPOSE.includes(id)) ? 'excluded' : 'unprotected',
  copies: [],
  reasons,
});

const covered = (
  { observation, nowMs }: PlanInput,
  instance: Instance,
  policy: Policy,
  lineages: LineagesByRegion,
  reasons: readonly Reason[],
): Coverage => {
  const ageIn = (region: string): number | undefined => {
    const own = lineages.get(region)?.get(lineageKey(policy.id, instance.id));
    const newest = newestOf(own?.points ?? [], isGood);
    return newest === undefined ? undefined : nowMs - newest.capturedMs;
  };
  const newestAgeMs = ageIn(observation.target.region);
  const isOk = newestAgeMs !== undefined && newestAgeMs <= policy.rpoMs;
  return {
    ...describe(instance),
    status: isOk ? 'ok' : 'breach',
    policyId: policy.id,
    rpoMs: policy.rpoMs,
    ...(newestAgeMs === undefined ? {} : { newestAgeMs }),
    copies: policy.copyTo.map(({ region }): CopyCoverage => {
      const copyAgeMs = ageIn(region);
      return copyAgeMs === undefined ? { region } : { region, newestAgeMs: copyAgeMs };
    }),
    reasons,
  };
};

type LineagesByRegion = ReadonlyMap<string, Lineages>;

const lineagesAt = (input: PlanInput, place: Target): Lineages => {
  const { target, images, places } = input.observation;
  const there = isSameTarget(place, target)
    ? images
    : places.find((one) => isSameTarget(one.place, place))?.images;
  return lineagesIn(there?.items ?? [], input, place);
};
