import type { Adoption, Policy, TagPolicy } from '../domain/policy.ts';
import type { Path, PolicyProblem, PolicySource } from './policy-document.ts';
import type { LoadedPolicies } from './policy-file.ts';
import { isBackup } from './policy-schema.ts';
import { toAdoption, toPolicy, toTagPolicy } from './policy-values.ts';
import { type Remark, type WarningId, WARNINGS } from './warning-ids.ts';
import { keepingWarnings } from './warnings-of-keeping.ts';
import {
  adoptionOverlaps,
  policyOverlaps,
  selectionWarnings,
  tagPolicyOverlaps,
} from './warnings-of-selecting.ts';
import { scheduleWarnings } from './warnings-of-schedules.ts';

/** Something that can be used, at its place, and why it is most likely not meant. */
export interface PolicyWarning extends PolicyProblem {
  readonly id: WarningId;
  readonly name: string;
}

/** A policy, and where it is written. */
export interface Written<T> {
  readonly policy: T;
  readonly source: PolicySource;
  readonly path: Path;
}

/**
 * What is odd about policies that can be used, in the order of the files. No account is asked.
 * @param nowMs schedules are looked at from here on
 */
export const warningsOf = ({ files }: LoadedPolicies, nowMs: number): readonly PolicyWarning[] => {
  const placed = files.flatMap(({ policies, timezone }) =>
    policies.map((one) => ({ ...one, timezone })),
  );
  const backups = placed.flatMap(({ entry, timezone, source, path }): readonly Written<Policy>[] =>
    isBackup(entry) ? [{ policy: toPolicy(entry, timezone), source, path }] : [],
  );
  const adoptions = placed.flatMap(
    ({ entry, timezone, source, path }): readonly Written<Adoption>[] =>
      isBackup(entry) ? [] : [{ policy: toAdoption(entry, timezone), source, path }],
  );
  const tagPolicies = files.flatMap((file) =>
    file.tagPolicies.map(
      ({ entry, source, path }): Written<TagPolicy> => ({
        policy: toTagPolicy(entry),
        source,
        path,
      }),
    ),
  );
  const warnings = [
    ...backups.flatMap((one) =>
      [
        ...selectionWarnings(one.policy),
        ...scheduleWarnings(one.policy, nowMs, (below) => says(one, below)),
        ...keepingWarnings(one.policy, says(one, ['rpo']), nowMs),
      ].map((remark) => toWarning(one, remark)),
    ),
    ...pairsOf(backups, policyOverlaps),
    ...pairsOf(adoptions, adoptionOverlaps),
    ...pairsOf(tagPolicies, tagPolicyOverlaps),
  ];
  return inOrder(
    warnings,
    files.map(({ source }) => source.file),
  );
};

const says = ({ source, path }: Written<Policy>, below: Path): boolean =>
  source.valueAt([...path, ...below]) !== undefined;

const toWarning = <T>(
  { source, path }: Written<T>,
  { id, below, message }: Remark,
): PolicyWarning => ({
  ...source.problemAt([...path, ...below], message),
  id,
  name: WARNINGS[id].name,
});

/** Whoever has so many to look at needs no list of a thousand. */
const OTHERS_MAX = 5;

/** What is said of two policies stands at the later one. */
const pairsOf = <T extends { readonly id: string }>(
  all: readonly Written<T>[],
  compare: (earlier: T, later: T) => readonly Remark[],
): readonly PolicyWarning[] =>
  all.flatMap((later, index) => {
    const remarks = all.slice(0, index).flatMap((earlier) => compare(earlier.policy, later.policy));
    const more = remarks.length - OTHERS_MAX;
    return remarks.slice(0, OTHERS_MAX).map((remark, nth) => {
      const isLast = more > 0 && nth === OTHERS_MAX - 1;
      const message = `${remark.message}; and ${more} more like this`;
      return toWarning(later, isLast ? { ...remark, message } : remark);
    });
  });

const inOrder = (
  warnings: readonly PolicyWarning[],
  files: readonly string[],
): readonly PolicyWarning[] =>
  warnings.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
