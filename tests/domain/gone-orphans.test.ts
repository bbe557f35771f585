import { describe, expect, it } from 'vitest';
import { NO_TIME } from '../../shared/domain/duration.ts';
import {
  completePart,
  incompletePart,
  type PlaceImages,
  type Snapshot,
} from '../../shared/domain/model.ts';
import { planOrphans } from '../../shared/domain/plan-orphans.ts';
import type { WhenSourceGone } from '../../shared/domain/policy.ts';
import {
  aCopy,
  anInstance,
  aPlanInput,
  aPoint,
  aPolicy,
  aSnapshot,
  at,
  ELSEWHERE,
  HOME,
  type PlanParts,
} from '../support/builders.ts';

/** What is left of the last point of `i-0aa`, which was of 1 November. */
const REST = aSnapshot({ tags: { 'imago:slot': '2026-11-01T02-00-00Z' } });
const OTHER = anInstance({ id: 'i-0bb' });

const policyWith = (whenSourceGone: WhenSourceGone) => aPolicy({ whenSourceGone });

const GONE: PlanParts = {
  now: '2026-12-01T04:30Z',
  policies: [policyWith({ keepLast: 1, for: { ...NO_TIME, days: 30 } })],
  instances: [OTHER],
  images: [aPoint({ source: 'i-0bb' })],
};

const planFor = (snapshots: readonly Snapshot[], parts: PlanParts = {}) =>
  planOrphans(aPlanInput({ ...GONE, ...parts, snapshots }), 0);

const linesFor = (snapshots: readonly Snapshot[], parts: PlanParts = {}): readonly string[] =>
  planFor(snapshots, parts).decisions.map(({ id, verdict, reasons }) =>
    [id, verdict, ...reasons.map((why) => `${why.id} ${why.evidence ?? ''}`.trim())].join(' '),
  );

const KEPT = ['snap-1 keep PRO-06 its source has no good point'];

describe('what is left of a source that is gone', () => {
  it('RET-16 goes once the policy would want none of its points any more', () => {
    expect(linesFor([REST])).toEqual(['snap-1 delete-snapshot RET-16 its source is gone']);
    expect(planFor([REST]).actions).toEqual([
      {
        kind: 'delete-snapshot',
        snapshotId: 'snap-1',
        sizeGiB: 8,
        goneFrom: HOME,
        reasons: [{ id: 'RET-16', evidence: 'its source is gone' }],
      },
    ]);
  });

  it('PRO-06 stays until the time after the newest of it is over, to the very instant', () => {
    expect(linesFor([REST], { now: '2026-12-01T01:59:59Z' })).toEqual(KEPT);
    expect(linesFor([REST], { now: '2026-12-01T02:00:00Z' })).toEqual([
      'snap-1 delete-snapshot RET-16 its source is gone',
    ]);
  });

  it('PRO-06 stays with a newer one, of whatever policy, held or not', () => {
    const newer = aSnapshot({
      id: 'snap-2',
      startedMs: at('2026-11-05T02:00Z'),
      tags: { 'imago:policy': 'other', 'imago:hold': '' },
    });

    expect(linesFor([REST, newer])[0]).toBe(KEPT[0]);
  });

  it('PRO-06 stays while any image of the source is there, good or not', () => {
    const images = [aPoint({ source: 'i-0bb' }), aPoint({ id: 'ami-2', state: 'disabled' })];

    expect(linesFor([REST], { images })).toEqual(KEPT);
  });

  it.each<[string, PlanParts]>([
    ['its home shows the source', { instances: [OTHER, anInstance()] }],
    ['the policy does not speak of it', { policies: [aPolicy()] }],
    ['the policy keeps some for ever', { policies: [policyWith({ keepLast: 1 })] }],
  ])('PRO-06 stays where %s', (_, parts) => {
    expect(linesFor([REST], parts)).toEqual(KEPT);
  });

  it('goes where the policy wants none, but not while it is young', () => {
    const policies = [policyWith({ keepLast: 0 })];

    expect(linesFor([REST], { policies, now: '2026-11-08T01:59Z' })).toEqual(KEPT);
    expect(linesFor([REST], { policies, now: '2026-11-08T02:00Z' })).toEqual([
      'snap-1 delete-snapshot RET-16 its source is gone',
    ]);
  });

  it.each<[string, PlanParts, string]>([
    ['not all seen', { instances: incompletePart('denied', [OTHER]) }, 'denied'],
    ['none at all', { instances: [] }, 'none seen'],
  ])('PRO-27 stays where the instances are %s', (_, parts, why) => {
    expect(linesFor([REST], parts)).toEqual([
      `snap-1 keep PRO-27 instances of eu-central-1: ${why}`,
    ]);
  });

  it('PRO-03 RET-18 stays under a hold, and where snapshots are kept', () => {
    const held = { ...REST, tags: { ...REST.tags, 'imago:hold': 'audit' } };
    const [policy] = GONE.policies ?? [];
    const policies = [aPolicy({ ...policy, retire: { snapshots: 'keep', during: [] } })];

    expect(linesFor([held])).toEqual(['snap-1 keep PRO-03 audit']);
    expect(linesFor([REST], { policies })).toEqual(['snap-1 keep RET-18']);
  });

  it('RET-08 stays for as long as its own tag says, from now on', () => {
    const kept = (text: string): Snapshot => ({
      ...REST,
      tags: { ...REST.tags, 'imago:keep': text },
    });

    expect(linesFor([kept('31d')])).toEqual(['snap-1 keep RET-08 imago:keep=31d']);
    expect(linesFor([kept('30d')])).toEqual(['snap-1 delete-snapshot RET-16 its source is gone']);
  });
});

describe('what is left of the copies of a source that is gone', () => {
  const rest = aSnapshot({
    tags: {
      'imago:slot': '2026-11-01T02-00-00Z',
      'imago:home': '111122223333/eu-west-1',
      'imago:copied-from': '111122223333/eu-central-1/ami-1',
    },
  });
  const home = (parts: Partial<PlaceImages> = {}): PlaceImages => ({
    place: HOME,
    images: completePart([]),
    instances: completePart([OTHER]),
    ...parts,
  });
  const linesAt = (...places: readonly PlaceImages[]): readonly string[] =>
    linesFor([rest], {
      target: ELSEWHERE,
      instances: [],
      images: [aCopy({ source: 'i-0bb' })],
      places,
    });

  it('RET-16 goes when nothing of it is left at home either', () => {
    expect(linesAt(home())).toEqual(['snap-1 delete-snapshot RET-16 its source is gone']);
  });

  it('PRO-06 stays while the home has a point of it, or the source itself', () => {
    const old = aPoint({ slot: '2026-11-01T02:00Z' });

    expect(linesAt(home({ images: completePart([old]) }))).toEqual(KEPT);
    expect(linesAt(home({ instances: completePart([anInstance()]) }))).toEqual(KEPT);
  });

  it('PRO-27 stays while the home was not read', () => {
    expect(linesAt()).toEqual([
      'snap-1 keep PRO-27 instances of eu-central-1: not read by this pass',
    ]);
  });
});
