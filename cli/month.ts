import { type Coverage, coverageOf } from '../shared/domain/coverage.ts';
import { type Plan, type PlanInput, NOTHING_SPENT } from '../shared/domain/decision.ts';
import { formatSlot, parsePointName } from '../shared/domain/naming.ts';
import { plan } from '../shared/domain/plan.ts';
import { type PolicySet, policyOf } from '../shared/domain/policy.ts';
import { planInputOf, targetsOf } from '../shared/loop/loop.ts';
import { observe } from '../shared/loop/observe.ts';
import { observeForRetirement } from '../shared/loop/retire.ts';
import { type Finding, createCheckers } from '../simulator/checkers/checkers.ts';
import type { Manners } from '../simulator/manners.ts';
import type { LateCall } from '../simulator/services/lambda/late-calls.ts';
import { scheduleLife } from '../simulator/world/life.ts';
import { seedWorld } from '../simulator/world/world.ts';
import {
  EMBEDDED_ACCOUNT,
  type EmbeddedDeployment,
  deployEmbedded,
  startCloud,
} from './embedded.ts';
import { incidentsOf } from './incidents.ts';
import { type Ledger, type LedgerEntry, keepLedger } from './ledger.ts';
import type { Calls, ExpiredImage, MonthResult, PolicyResult } from './month-result.ts';

const DAY_MS = 86_400_000;

export interface MonthOptions {
  readonly seed: number;
  readonly days: number;
  readonly instances: number;
  readonly startMs: number;
  readonly homeRegion: string;
  /** Text and name of the file that wires functions to schedules, events and queues. */
  readonly wiring: { readonly text: string; readonly file: string };
  readonly policy: { readonly set: PolicySet; readonly file: string };
  readonly retireMode: 'plan' | 'apply';
  /** Whether an operator is at work: stops, starts, launches, restores, copies by hand. */
  readonly hasLife: boolean;
  /** What the manners are called: for the report alone. */
  readonly faults?: string;
  readonly manners?: Partial<Manners>;
  /** Whether calls go around the wire: the same results in a fifth of the time. Default false. */
  readonly isDirect?: boolean;
  readonly onDay?: (day: number) => void;
}

/**
 * Runs a number of virtual days of the product on an embedded cloud, and tells what came of them.
 * Everything follows from the options: the same ones give the same result.
 */
export const runMonth = async (options: MonthOptions): Promise<MonthResult> => {
  const { seed, days, instances, startMs, homeRegion, retireMode } = options;
  const { set } = options.policy;
  const embedded = startCloud({ seed, startMs, manners: options.manners });
  const { cloud } = embedded;
  const destinations = destinationRegions(set);
  const drRegion = destinations[0] ?? 'eu-west-1';
  const world = seedWorld(cloud, { account: EMBEDDED_ACCOUNT, homeRegion, drRegion, instances });
  const ledger = keepLedger(cloud);
  const checkers = createCheckers(cloud);
  const deployment = deployEmbedded(embedded, {
    homeRegion,
    wiring: options.wiring.text,
    params: { retireMode, policyFile: options.policy.file },
    isDirect: options.isDirect,
    keepsLog: false,
  });
  if (options.hasLife) scheduleLife(cloud, world, { startMs, days });
  for (let day = 1; day <= days; day += 1) {
    await cloud.clock.runUntil(startMs + day * DAY_MS);
    options.onDay?.(day);
  }
  const calls = countCalls(deployment, ledger);
  const seen = await lookAround(deployment);
  const found = checkers.report([...new Set([homeRegion, drRegion, ...destinations])]);
  return {
    seed,
    days,
    instances,
    account: EMBEDDED_ACCOUNT,
    home: homeRegion,
    destinations,
    from: new Date(startMs).toISOString(),
    until: new Date(startMs + days * DAY_MS - 1).toISOString(),
    wiredFrom: options.wiring.file,
    policyFile: options.policy.file,
    retireMode,
    faults: options.faults ?? 'mild',
    policies: options.policy.set.policies.map(({ id }) =>
      policyResult(id, options.policy.set, ledger, seen.plans),
    ),
    coverage: seen.coverage,
    expiredNotRemoved: expiredImages(seen.plans, seen.names, seen.labels),
    incidents: incidentsOf(cloud, ledger),
    checks: {
      referencedImagesLost: found.lostReferences.map(
        ({ imageId, region, evidence }) => `${imageId} (${region}): ${evidence.join(', ')}`,
      ),
      orphanSnapshots: found.orphanSnapshots.map(describeFinding),
      rpoBreaches: rpoBreaches(options.policy.set, ledger, seen.coverage, cloud.clock.nowMs()),
      brokenInvariants: [
        ...[...found.sharedNames, ...found.brokenImages].map(describeFinding),
        ...found.lateCalls.map(describeLateCall),
      ],
    },
    calls,
    invocations: Object.fromEntries(
      cloud.lambda.functions.map(({ spec, counts }) => [
        spec.name,
        { count: counts.invocations, failed: counts.failures },
      ]),
    ),
  };
};

const describeFinding = ({ subject, region, what }: Finding): string =>
  `${subject} (${region}): ${what}`;

const describeLateCall = ({ functionName, requestId, action, afterMs }: LateCall): string =>
  `${functionName} (${requestId}): its call of ${action} came ${afterMs} ms after it had returned`;

const destinationRegions = ({ policies }: PolicySet): readonly string[] =>
  [...new Set(policies.flatMap(({ copyTo }) => copyTo.map(({ region }) => region)))].sort();

interface Seen {
  readonly coverage: readonly Coverage[];
  readonly plans: readonly Plan[];
  /** Name and Region of every image of ours that is there, by id. */
  readonly names: ReadonlyMap<string, { readonly name: string; readonly region: string }>;
  readonly labels: ReadonlyMap<string, string>;
}

/** What the product itself says of the world at the end, through its own adapters and planner. */
const lookAround = async ({ cloud, runtime: { loop } }: EmbeddedDeployment): Promise<Seen> => {
  const inputs: PlanInput[] = [];
  for (const target of targetsOf(loop)) {
    const looking = observeForRetirement(loop, target, NOTHING_SPENT);
    inputs.push(await cloud.clock.runFor(looking));
  }
  const reports: PlanInput[] = [];
  for (const home of loop.homes) {
    const observation = await cloud.clock.runFor(observe(loop, home, 'report'));
    reports.push(planInputOf(loop, observation));
  }
  const images = inputs.flatMap(({ observation }) =>
    observation.images.items.map((image) => ({ image, region: observation.target.region })),
  );
  return {
    coverage: reports.flatMap(coverageOf),
    plans: inputs.map(plan),
    names: new Map(images.map(({ image, region }) => [image.id, { name: image.name, region }])),
    labels: new Map(images.map(({ image }) => [image.id, image.tags['Name'] ?? ''])),
  };
};

const policyResult = (
  id: string,
  set: PolicySet,
  { entries }: Ledger,
  plans: readonly Plan[],
): PolicyResult => {
  const own = entries.filter(({ point }) => policyOf(set, point.policyId)?.id === id);
  const good = own.filter(({ state }) => state === 'available');
  const retired = good.filter(({ removedMs }) => removedMs !== undefined);
  const points = good.filter(({ kind }) => kind === 'point');
  const vetoed = plans
    .flatMap(({ decisions }) => decisions)
    .filter(({ policyId, verdict }) => policyId === id && verdict === 'protect');
  return {
    id,
    sources: new Set(points.map(({ point }) => point.sourceId)).size,
    points: points.length,
    copies: good.length - points.length,
    retired: retired.length,
    vetoed: vetoed.length,
    freedGiBAtMost: retired.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0),
  };
};

const expiredImages = (
  plans: readonly Plan[],
  names: Seen['names'],
  labels: Seen['labels'],
): readonly ExpiredImage[] =>
  plans
    .flatMap(({ decisions }) => decisions)
    .filter(
      ({ kind, verdict }) => kind === 'image' && (verdict === 'protect' || verdict === 'defer'),
    )
    .flatMap(({ id, policyId, reasons }): readonly ExpiredImage[] => {
      const found = names.get(id);
      const point = parsePointName(found?.name ?? '');
      if (found === undefined || point === undefined) return [];
      return [
        {
          imageId: id,
          region: found.region,
          policy: policyId ?? point.policyId,
          source: point.sourceId,
          label: labels.get(id) ?? '',
          slot: formatSlot(point.slotMs),
          reasons: reasons.filter((why) => why.id.startsWith('PRO') || why.id.startsWith('LIM')),
        },
      ];
    })
    .sort((a, b) => (a.slot < b.slot ? -1 : a.slot > b.slot ? 1 : a.imageId < b.imageId ? -1 : 1));

/**
 * Times at which a source had no good point inside its RPO, from its first good point on. A point
 * counts from when it is available, with the age of its data then.
 */
const rpoBreaches = (
  set: PolicySet,
  { entries }: Ledger,
  coverage: readonly Coverage[],
  nowMs: number,
): readonly string[] => {
  const good = entries.filter(({ kind, state }) => kind === 'point' && state === 'available');
  const lineages = Map.groupBy(good, ({ point }) => `${point.policyId} ${point.sourceId}`);
  return [...lineages].flatMap(([lineage, points]) => {
    const [policyId = '', sourceId = ''] = lineage.split(' ');
    const rpoMs = policyOf(set, policyId)?.rpoMs ?? Number.POSITIVE_INFINITY;
    const isStillThere = coverage.some(
      (row) => row.instanceId === sourceId && row.policyId !== undefined,
    );
    return points.flatMap((point: LedgerEntry, index) => {
      const next = points[index + 1];
      const untilMs = next?.endedMs ?? (isStillThere ? nowMs : point.madeMs);
      const ageMs = untilMs - point.madeMs;
      return ageMs > rpoMs ? [`${lineage} after ${formatSlot(point.madeMs)}`] : [];
    });
  });
};

const countCalls = ({ cloud }: EmbeddedDeployment, { entries }: Ledger): Calls => {
  const wanted = entries.filter(({ state }) => state !== 'failed');
  const count = (of: readonly LedgerEntry[], kind: LedgerEntry['kind']): number =>
    of.filter((entry) => entry.kind === kind).length;
  const fewest = {
    CreateImage: count(wanted, 'point'),
    CopyImage: count(wanted, 'copy'),
    DeregisterImage: wanted.filter(({ removedMs }) => removedMs !== undefined).length,
    DeleteSnapshot: 0,
    CreateTags: 0,
  };
  const mutating = Object.fromEntries(
    Object.entries(fewest).map(([action, least]) => [
      action,
      { made: cloud.calls.count(action), fewest: least },
    ]),
  );
  const sum = (of: 'made' | 'fewest'): number =>
    Object.values(mutating).reduce((total, counts) => total + counts[of], 0);
  const reads = cloud.calls
    .counts()
    .filter(({ service, action }) => service === 'ec2' && action.startsWith('Describe'))
    .reduce((total, { succeeded, failed }) => total + succeeded + failed, 0);
  return { mutating, reads, ratio: sum('fewest') === 0 ? 1 : sum('made') / sum('fewest') };
};
