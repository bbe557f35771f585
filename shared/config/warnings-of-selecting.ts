import type { Adoption, Policy, Selection, TagPolicy } from '../domain/policy.ts';
import {
  type Demands,
  bothOf,
  demandsOf,
  demandsOfImages,
  describeDemands,
  isPossible,
} from './policy-overlap.ts';
import type { Remark } from './warning-ids.ts';

/** Warnings about what policies select. */

export const selectionWarnings = ({ select }: Policy): readonly Remark[] => {
  const why = contradictionIn(select);
  return why === undefined ? [] : [{ id: 'WRN-01', below: ['select'], message: why }];
};

const INSTANCE = { names: ['i-*'], tags: {}, not: { names: [], tags: {} } };

const contradictionIn = (select: Selection): string | undefined => {
  const { olderThanMs, youngerThanMs } = select;
  if (olderThanMs !== undefined && youngerThanMs !== undefined && olderThanMs >= youngerThanMs) {
    return 'it selects nothing: olderThan is not less than youngerThan';
  }
  const alternatives = demandsOf(select);
  const found = alternatives.filter(isPossible);
  if (found.some((one) => bothOf(one, INSTANCE) !== undefined)) return undefined;
  if (found.length > 0) {
    return `it selects nothing: ids of instances begin with i-, and those that it names do not`;
  }
  return 'it selects nothing: what it demands is left out by not, or excludes itself in anyOf';
};

export const policyOverlaps = (earlier: Policy, later: Policy): readonly Remark[] => {
  const both = meeting(demandsOf(earlier.select), demandsOf(later.select));
  const haveCommonState = earlier.select.states.some((state) =>
    later.select.states.includes(state),
  );
  if (both === undefined || !haveCommonState || !haveCommonAge(earlier.select, later.select)) {
    return [];
  }
  const message = `${earlier.id} can select the same instance: one with ${describeDemands(both)}`;
  return [{ id: 'WRN-02', below: ['select'], message }];
};

const haveCommonAge = (a: Selection, b: Selection): boolean =>
  Math.max(a.olderThanMs ?? 0, b.olderThanMs ?? 0) <
  Math.min(a.youngerThanMs ?? Infinity, b.youngerThanMs ?? Infinity);

const meeting = (a: readonly Demands[], b: readonly Demands[]): Demands | undefined =>
  a.flatMap((one) => b.flatMap((other) => bothOf(one, other) ?? []))[0];

export const adoptionOverlaps = (earlier: Adoption, later: Adoption): readonly Remark[] => {
  const both = bothOf(demandsOfImages(earlier.images), demandsOfImages(later.images));
  if (both === undefined) return [];
  const message = `${earlier.id} can adopt the same image, and then neither does: one with ${describeDemands(both)}`;
  return [{ id: 'WRN-15', below: ['adopt', 'images'], message }];
};

export const tagPolicyOverlaps = (earlier: TagPolicy, later: TagPolicy): readonly Remark[] => {
  const keys = Object.keys(later.set).filter(
    (key) => Object.hasOwn(earlier.set, key) && earlier.set[key] !== later.set[key],
  );
  const both = bothOf(demandsOfImages(earlier.images), demandsOfImages(later.images));
  if (both === undefined) return [];
  return keys.map((key) => ({
    id: 'WRN-16',
    below: ['set', key],
    message: `${earlier.id} wants another value on the same image, and wins: one with ${describeDemands(both)}`,
  }));
};
