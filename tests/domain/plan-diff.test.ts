import { describe, expect, test } from 'vitest';
import type { PlanInput } from '../../shared/domain/decision.ts';
import { plan } from '../../shared/domain/plan.ts';
import { diffPlans, type DiffSide, type PlanDiff } from '../../shared/domain/plan-diff.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { TAG } from '../../shared/domain/tags.ts';
import { aPlanInput, aPoint, aPolicy, anInstance, type PlanParts } from '../support/builders.ts';

const POINTS = ['18', '19', '20', '21'].map((day) =>
  aPoint({ id: `ami-${day}`, slot: `2026-11-${day}T02:00Z` }),
);

const sideOf = (input: PlanInput): DiffSide => {
  const { target, decisions, backups, repairs, removals } = plan(input);
  return {
    target,
    decisions: decisions.map((decision) => ({ ...decision, name: `name of ${decision.id}` })),
    actions: [...backups, ...repairs, ...removals],
  };
};

/** What the new policies do otherwise than the old ones, on the same observation. */
const diffOf = (old: readonly Policy[], renewed: readonly Policy[], parts: PlanParts): PlanDiff =>
  diffPlans(
    [sideOf(aPlanInput({ ...parts, policies: old }))],
    [sideOf(aPlanInput({ ...parts, policies: renewed }))],
  );

const verdicts = ({ changes }: PlanDiff): readonly string[] =>
  changes.map(({ id, before, after }) => {
    const words = (fates: readonly { readonly verdict: string }[]): string =>
      fates.map(({ verdict }) => verdict).join(' and ');
    return `${id}: ${words(before)} -> ${words(after)}`;
  });

describe('two plans of one observation', () => {
  test('of the same policies do nothing otherwise', () => {
    expect(diffOf([aPolicy()], [aPolicy()], { images: POINTS })).toEqual({
      changes: [],
      selections: [],
      uncovered: [],
      covered: [],
    });
  });

  test('do nothing otherwise where an image is kept by another rule', () => {
    const seen = diffOf([aPolicy()], [aPolicy({ keep: { daily: 3 } })], { images: POINTS });

    expect(seen.changes).toEqual([]);
  });

  test('differ in what is removed, with the reasons of both', () => {
    const seen = diffOf([aPolicy()], [aPolicy({ keep: { last: 2 } })], { images: POINTS });

    expect(seen.changes).toEqual([
      {
        target: '111122223333/eu-central-1',
        kind: 'image',
        id: 'ami-19',
        name: 'name of ami-19',
        before: [
          {
            verdict: 'keep',
            policyId: 'web-daily',
            reasons: [{ id: 'RET-01', evidence: '3 of 3' }],
          },
        ],
        after: [
          {
            verdict: 'retire',
            policyId: 'web-daily',
            reasons: [{ id: 'RET-10', evidence: '3 of 4' }],
          },
        ],
        differing: [],
      },
    ]);
  });

  test('differ in what is no longer removed', () => {
    const seen = diffOf([aPolicy()], [aPolicy({ keep: { last: 4 } })], { images: POINTS });

    expect(verdicts(seen)).toEqual(['ami-18: retire -> keep']);
  });

  test('differ in what becomes of snapshots, though both remove the image', () => {
    const keeping = aPolicy({ retire: { snapshots: 'keep', during: [] } });

    const seen = diffOf([aPolicy()], [keeping], { images: POINTS });

    expect(verdicts(seen)).toEqual(['ami-18: retire -> retire']);
    expect(seen.changes.map(({ differing }) => differing)).toEqual([['snapshots']]);
  });

  test('differ in what protects an image', () => {
    const window = { kind: 'weekly', days: [0], startMinute: 0, endMinute: 60 } as const;
    const later = aPolicy({
      retire: { snapshots: 'delete', during: [{ ...window, timezone: 'UTC' }] },
    });
    const held = aPoint({ id: 'ami-18', slot: '2026-11-18T02:00Z', tags: { [TAG.hold]: 'audit' } });

    const seen = diffOf([aPolicy()], [later], { images: [held, ...POINTS.slice(1)] });

    expect(verdicts(seen)).toEqual(['ami-18: protect -> protect']);
    expect(seen.changes[0]?.after[0]?.reasons.map(({ id }) => id)).toEqual([
      'RET-10',
      'PRO-03',
      'PRO-07',
    ]);
  });

  test('differ in how a point is made, and in no more', () => {
    const tagged = aPolicy({
      tags: { copy: [], exclude: [], set: { Kind: 'backup' }, required: [] },
    });

    const seen = diffOf([aPolicy()], [tagged], { images: [] });

    expect(seen.changes.map(({ id, differing }) => [id, differing])).toEqual([['i-0aa', ['tags']]]);
    expect(verdicts(seen)).toEqual(['i-0aa: create -> create']);
    expect(seen.selections).toEqual([]);
  });

  test('differ in the instances that a policy takes on and lets go', () => {
    const instances = [
      anInstance(),
      anInstance({ id: 'i-0bb' }),
      anInstance({ id: 'i-0cc', tags: { Backup: 'weekly' } }),
    ];
    const { select } = aPolicy();
    const weekly = aPolicy({ select: { ...select, tags: { Backup: ['weekly'] } } });

    const seen = diffOf([aPolicy()], [weekly], { instances });

    expect(seen.selections).toEqual([
      { policy: 'web-daily', before: 2, after: 1, gained: ['i-0cc'], lost: ['i-0aa', 'i-0bb'] },
    ]);
    expect(seen.uncovered).toEqual(['i-0aa', 'i-0bb']);
    expect(seen.covered).toEqual(['i-0cc']);
    expect(verdicts(seen)).toEqual([
      'i-0aa: create -> ignore',
      'i-0bb: create -> ignore',
      'i-0cc: ignore -> create',
    ]);
  });

  test('leave an instance covered that another policy selects now', () => {
    const seen = diffOf([aPolicy()], [aPolicy({ id: 'nightly' })], {});

    expect(seen.selections).toEqual([
      { policy: 'web-daily', before: 1, after: 0, gained: [], lost: ['i-0aa'] },
      { policy: 'nightly', before: 0, after: 1, gained: ['i-0aa'], lost: [] },
    ]);
    expect([seen.uncovered, seen.covered]).toEqual([[], []]);
    expect(verdicts(seen)).toEqual(['i-0aa: create -> create']);
  });

  test('differ in all of a target that only one of them has', () => {
    const side = sideOf(aPlanInput({ images: [] }));

    expect(verdicts(diffPlans([], [side]))).toEqual(['i-0aa:  -> create']);
    expect(verdicts(diffPlans([side], []))).toEqual(['i-0aa: create -> ']);
  });
});
