import type { AnyAction, Decision, Verdict } from './decision.ts';
import { type Target, targetKey } from './model.ts';
import type { Reason } from './reasons.ts';

/** What one plan says of one target. */
export interface DiffSide {
  readonly target: Target;
  readonly decisions: readonly NamedDecision[];
  readonly actions: readonly AnyAction[];
}

interface NamedDecision extends Decision {
  /** The AMI name of an image, the Name tag of an instance; empty where there is none. */
  readonly name: string;
}

/** What one plan means to do with an object, by one of its policies. */
export interface Fate {
  readonly verdict: Verdict;
  readonly policyId?: string;
  readonly reasons: readonly Reason[];
}

/** One object of which the plans think differently; nothing on a side that does not speak of it. */
export interface FateChange {
  /** `account/region`. */
  readonly target: string;
  readonly kind: Decision['kind'];
  readonly id: string;
  readonly name: string;
  /** What only the one plan says, and what only the other. */
  readonly before: readonly Fate[];
  readonly after: readonly Fate[];
  /** Of what both plans do, and do otherwise: the names of what differs, such as `tags`. */
  readonly differing: readonly string[];
}

/** Instances that one policy of the same id takes on or lets go. */
export interface SelectionChange {
  readonly policy: string;
  readonly before: number;
  readonly after: number;
  /** Ids, sorted. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

export interface PlanDiff {
  readonly changes: readonly FateChange[];
  readonly selections: readonly SelectionChange[];
  /** Instances that some policy selected and none does any more; and the other way round. Ids, sorted. */
  readonly uncovered: readonly string[];
  readonly covered: readonly string[];
}

/**
 * What two plans of one observation would do differently. That an image is kept by another rule is no
 * difference, as long as it is kept; that it is protected by something else is one.
 */
export const diffPlans = (before: readonly DiffSide[], after: readonly DiffSide[]): PlanDiff => {
  const targets = [...new Set([...before, ...after].map(({ target }) => targetKey(target)))];
  const sideOf = (sides: readonly DiffSide[], key: string): DiffSide | undefined =>
    sides.find(({ target }) => targetKey(target) === key);
  return {
    changes: targets.flatMap((key) => changesAt(key, sideOf(before, key), sideOf(after, key))),
    ...selectionChanges(before, after),
  };
};

interface Facts {
  readonly decisions: readonly NamedDecision[];
  readonly actions: readonly AnyAction[];
}

const NO_FACTS: Facts = { decisions: [], actions: [] };

const changesAt = (
  target: string,
  before: DiffSide | undefined,
  after: DiffSide | undefined,
): readonly FateChange[] => {
  const [old, renewed] = [byObject(before), byObject(after)];
  return [...new Set([...old.keys(), ...renewed.keys()])].flatMap((key) =>
    changeOf(target, old.get(key) ?? NO_FACTS, renewed.get(key) ?? NO_FACTS),
  );
};

const byObject = (side: DiffSide | undefined): ReadonlyMap<string, Facts> => {
  const actions = Map.groupBy(side?.actions ?? [], idOf);
  const decisions = Map.groupBy(side?.decisions ?? [], ({ id }) => id);
  return new Map(
    [...decisions].map(([id, all]) => [id, { decisions: all, actions: actions.get(id) ?? [] }]),
  );
};

/** What there is already: the instance, the image that is copied, what is tagged or goes. */
const idOf = (action: AnyAction): string => {
  switch (action.kind) {
    case 'create':
      return action.point.sourceId;
    case 'copy':
      return action.sourceImageId;
    case 'tag':
      return action.resourceId;
    case 'retire':
      return action.imageId;
    case 'delete-snapshot':
      return action.snapshotId;
  }
};

const changeOf = (target: string, before: Facts, after: Facts): readonly FateChange[] => {
  const about = after.decisions[0] ?? before.decisions[0];
  if (about === undefined) return [];
  const differing = differencesOf(before.actions, after.actions);
  const [old, renewed] = [
    without(before.decisions, after.decisions),
    without(after.decisions, before.decisions),
  ];
  if (old.length + renewed.length + differing.length === 0) return [];
  const isOnlyContent = old.length + renewed.length === 0;
  const told = (left: Decided, all: Decided): readonly Fate[] =>
    (isOnlyContent ? all.filter(({ verdict }) => DONE.has(verdict)) : left).map(fateOf);
  const { kind, id, name } = about;
  return [
    {
      target,
      kind,
      id,
      name,
      differing,
      before: told(old, before.decisions),
      after: told(renewed, after.decisions),
    },
  ];
};

type Decided = readonly NamedDecision[];

/** Verdicts that something is done by. */
const DONE: ReadonlySet<Verdict> = new Set(['create', 'copy', 'tag', 'retire', 'delete-snapshot']);

/** Those decisions that have no equal among the others; each of these is equal to one only. */
const without = (all: Decided, others: Decided): Decided => {
  const left = others.map(sayingOf);
  return all.filter((decision) => {
    const at = left.indexOf(sayingOf(decision));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
};

/** All of a decision that makes a difference. */
const sayingOf = ({ kind, verdict, policyId = '', reasons }: Decision): string => {
  const by = kind === 'instance' ? policyId : '';
  const why = verdict === 'protect' ? reasons.slice(1).map(({ id }) => id) : [];
  return [verdict, by, ...why.sort()].join(' ');
};

const fateOf = ({ verdict, policyId, reasons }: Decision): Fate => ({
  verdict,
  ...(policyId === undefined ? {} : { policyId }),
  reasons,
});

/** What differs between actions that both plans have, or nothing where only one has any. */
const differencesOf = (
  before: readonly AnyAction[],
  after: readonly AnyAction[],
): readonly string[] => {
  const found = after.flatMap((action) => {
    const same = before.find((one) => actionKey(one) === actionKey(action));
    return same === undefined ? [] : differingIn(contentOf(same), contentOf(action));
  });
  return [...new Set(found)].sort();
};

const actionKey = (action: AnyAction): string =>
  action.kind === 'create' ? `create ${action.point.policyId}` : action.kind;

type Content = Readonly<Record<string, unknown>>;

/** What EC2 would be asked for, as far as two plans may want it differently. */
const contentOf = (action: AnyAction): Content => {
  switch (action.kind) {
    case 'create': {
      const { name, description, tags, reboot, excludedDevices } = action;
      return { name, description, tags, reboot, excludedDevices };
    }
    case 'copy': {
      const { name, description, tags, kmsKey } = action;
      return { name, description, tags, kmsKey };
    }
    case 'tag':
      return { tags: action.tags };
    case 'retire':
      return { snapshots: action.snapshots };
    case 'delete-snapshot':
      return {};
  }
};

const differingIn = (before: Content, after: Content): readonly string[] =>
  Object.keys(after).filter((key) => !isDeepEqual(before[key], after[key]));

/** Of values as JSON has them, whatever the order of their keys. */
const isDeepEqual = (a: unknown, b: unknown): boolean => written(a) === written(b);

const written = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  ) ?? '';

const selectionChanges = (
  before: readonly DiffSide[],
  after: readonly DiffSide[],
): Omit<PlanDiff, 'changes'> => {
  const [old, renewed] = [selectedIn(before), selectedIn(after)];
  const lost = minus(allIn(old), allIn(renewed));
  const gained = minus(allIn(renewed), allIn(old));
  return {
    selections: [...new Set([...old.keys(), ...renewed.keys()])].flatMap((policy) =>
      selectionChange(policy, old.get(policy) ?? NONE, renewed.get(policy) ?? NONE),
    ),
    uncovered: lost,
    covered: gained,
  };
};

const NONE: ReadonlySet<string> = new Set();

/** By policy: the instances that it selects. */
const selectedIn = (sides: readonly DiffSide[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const selected = new Map<string, Set<string>>();
  for (const { kind, id, policyId } of sides.flatMap(({ decisions }) => decisions)) {
    if (kind !== 'instance' || policyId === undefined) continue;
    selected.set(policyId, (selected.get(policyId) ?? new Set()).add(id));
  }
  return selected;
};

const allIn = (selected: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> =>
  new Set([...selected.values()].flatMap((ids) => [...ids]));

const minus = (ids: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
  [...ids].filter((id) => !others.has(id)).sort();

const selectionChange = (
  policy: string,
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): readonly SelectionChange[] => {
  const [gained, lost] = [minus(after, before), minus(before, after)];
  return gained.length + lost.length === 0
    ? []
    : [{ policy, before: before.size, after: after.size, gained, lost }];
};
