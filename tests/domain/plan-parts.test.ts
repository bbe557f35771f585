import { describe, expect, it } from 'vitest';
import type { Decision } from '../../shared/domain/decision.ts';
import { incompletePart, notRead } from '../../shared/domain/model.ts';
import { plan, planBackups, planStrangers, planSweep } from '../../shared/domain/plan.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import {
  anAdoption,
  anImage,
  anInstance,
  aPlace,
  aPlanInput,
  aPoint,
  aPolicy,
  aSnapshot,
  aTagPolicy,
  ELSEWHERE,
  HOME,
  type PlanParts,
} from '../support/builders.ts';

const SETTING = aPolicy({ tags: { copy: [], exclude: [], set: { Kind: 'b' }, required: [] } });

const tell = (decisions: readonly Decision[]): readonly string[] =>
  decisions.map(
    ({ kind, id, verdict, reasons }) =>
      `${kind} ${id} ${verdict}: ${reasons.map(describeReason).join(', ')}`,
  );

describe('a sweep', () => {
  const input = aPlanInput({
    policies: [SETTING],
    images: [aPoint()],
    instances: [anInstance(), anInstance({ id: 'i-0bb' })],
  });

  it('repairs tags beside what every pass does, and a pass that is none does not', () => {
    const { repairs, ...swept } = planSweep(input);
    const { repairs: none, ...backups } = planBackups(input);

    expect(repairs.map(({ resourceId, tags }) => [resourceId, tags])).toEqual([
      ['ami-1', { Kind: 'b' }],
    ]);
    expect(none).toEqual([]);
    expect(backups.backups).toHaveLength(1);
    expect({ ...swept, decisions: [] }).toEqual({ ...backups, decisions: [] });
    expect(swept.decisions.slice(0, backups.decisions.length)).toEqual(backups.decisions);
    expect(tell(swept.decisions.slice(backups.decisions.length))).toEqual([
      'image ami-1 tag: TAG-02 tags-to-repair Kind',
    ]);
  });
});

describe('a plan', () => {
  it('decides on creation, tags, adoption and retirement, in this order', () => {
    const { decisions, repairs } = plan(
      aPlanInput({
        images: [aPoint(), anImage({ id: 'ami-2' })],
        snapshots: [aSnapshot({ id: 'snap-of-ami-1' })],
        adoptions: [anAdoption()],
        tagPolicies: [aTagPolicy()],
      }),
    );

    expect(tell(decisions)).toEqual([
      'instance i-0aa keep: SCH-02 slot-served ami-1',
      'image ami-1 keep: TAG-01 tags-in-order',
      'image ami-2 tag: TAG-02 tags-to-repair cost-centre',
      'snapshot snap-of-ami-1 tag: TAG-02 tags-to-repair imago:slot',
      'image ami-2 adopt: ADO-01 adoption-due',
      'image ami-2 ignore: OWN-02 not-ours',
      'image ami-1 keep: RET-01 kept-as-last 1 of 3',
      'snapshot snap-of-ami-1 keep: RET-17 snapshot-in-use',
    ]);
    expect(repairs.map(({ resourceId }) => resourceId)).toEqual(['ami-2', 'snap-of-ami-1']);
  });

  it('never holds the marks of an adoption among what is to be done', () => {
    const parts = { images: [anImage()], instances: [], adoptions: [anAdoption()] };
    const made = plan(aPlanInput(parts));

    expect([made.backups, made.repairs, made.removals]).toEqual([[], [], []]);
  });
});

describe('problems', () => {
  const problemsOf = (parts: PlanParts): readonly string[] =>
    planBackups(aPlanInput(parts)).problems;

  it('are none of parts that were not looked at', () => {
    expect(problemsOf({ snapshots: notRead(), volumes: notRead() })).toEqual([]);
  });

  it('name each part that was looked at and is not whole', () => {
    expect(
      problemsOf({
        homes: [HOME, ELSEWHERE],
        instances: incompletePart('1'),
        images: incompletePart('2'),
        snapshots: incompletePart('3'),
        volumes: incompletePart('4'),
        places: [aPlace(ELSEWHERE, incompletePart('5'))],
      }),
    ).toEqual([
      'instances: 1',
      'images: 2',
      'snapshots: 3',
      'volumes: 4',
      'images of eu-west-1: 5',
    ]);
  });

  it('are none of instances away from a home, nor of a destination that is none', () => {
    expect(problemsOf({ target: ELSEWHERE, instances: incompletePart('1') })).toEqual([]);
    expect(problemsOf({ places: [aPlace(ELSEWHERE, incompletePart('2'))] })).toEqual([]);
  });
});

describe('strangers', () => {
  const strangers = (parts: PlanParts, decided: readonly Decision[] = []): readonly string[] =>
    tell(planStrangers(aPlanInput(parts), decided));

  it('are all images and snapshots that nothing was decided on, by id', () => {
    const images = [
      anImage({ id: 'ami-3' }),
      anImage({ id: 'ami-1' }),
      aPoint({ id: 'ami-2', name: 'by-hand' }),
    ];
    const bare = { sizeGiB: 8, startedMs: 0, tags: {} };
    const snapshots = [
      { ...bare, id: 'snap-2' },
      { ...bare, id: 'snap-1' },
    ];

    expect(strangers({ images, snapshots })).toEqual([
      'image ami-1 ignore: OWN-02 not-ours',
      'image ami-2 ignore: OWN-04 name-does-not-match-tags by-hand',
      'image ami-3 ignore: OWN-02 not-ours',
      'snapshot snap-1 ignore: OWN-02 not-ours',
      'snapshot snap-2 ignore: OWN-02 not-ours',
    ]);
  });

  it('are none of those that something was decided on', () => {
    const decided: Decision = { kind: 'image', id: 'ami-1', verdict: 'tag', reasons: [] };

    expect(strangers({ images: [anImage()] }, [decided])).toEqual([]);
  });

  it('are points of another stack, and snapshots of ours that nobody could judge', () => {
    const images = [aPoint({ tags: {} })];
    const parts = { images, snapshots: [aSnapshot()], homes: [ELSEWHERE] };

    expect(strangers(parts)).toEqual([
      'image ami-1 ignore: OWN-06 of-another-home',
      'snapshot snap-1 ignore: PRO-25 unknown-snapshots',
    ]);
  });
});
