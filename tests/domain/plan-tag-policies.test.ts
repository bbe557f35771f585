import { describe, expect, it } from 'vitest';
import { planTags } from '../../shared/domain/plan-tags.ts';
import type { Policy, TagRules } from '../../shared/domain/policy.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import {
  aCopy,
  anImage,
  anInstance,
  aPlace,
  aPlanInput,
  aPoint,
  aPolicy,
  aTagPolicy,
  ELSEWHERE,
  HOME,
  type PlanParts,
} from '../support/builders.ts';

/** `id verdict policy: reasons`, and what is written, by id. */
const planned = (parts: PlanParts) => {
  const { decisions, actions } = planTags(aPlanInput(parts));
  return {
    decisions: decisions.map(
      ({ kind, id, verdict, policyId, reasons }) =>
        `${kind} ${id} ${verdict} ${policyId}: ${reasons.map(describeReason).join(', ')}`,
    ),
    writes: Object.fromEntries(actions.map(({ resourceId, tags }) => [resourceId, tags])),
  };
};

const tagged = (rules: Partial<TagRules>, parts: Partial<Policy> = {}): Policy =>
  aPolicy({ tags: { copy: [], exclude: [], set: {}, required: [], ...rules }, ...parts });

describe('a tag policy', () => {
  const everything = { names: [], tags: {}, not: { names: [], tags: {} } };

  it('tags an image whoever made it, also one that is disabled', () => {
    const images = [
      anImage({ id: 'ami-1' }),
      anImage({ id: 'ami-2', state: 'disabled', tags: { 'aws:backup:source-resource': 'x' } }),
    ];

    expect(planned({ images, tagPolicies: [aTagPolicy()] })).toEqual({
      decisions: [
        'image ami-1 tag costs: TAG-02 tags-to-repair cost-centre',
        'image ami-2 tag costs: TAG-02 tags-to-repair cost-centre',
      ],
      writes: { 'ami-1': { 'cost-centre': '42' }, 'ami-2': { 'cost-centre': '42' } },
    });
  });

  it('waits for an image that is pending, and passes over one that failed', () => {
    const images = [
      anImage({ id: 'ami-1', state: 'pending' }),
      anImage({ id: 'ami-2', state: 'failed' }),
      anImage({ id: 'ami-3', state: 'deregistered' }),
    ];

    expect(planned({ images, tagPolicies: [aTagPolicy()] })).toEqual({
      decisions: [
        'image ami-1 wait costs: RET-13 pending',
        'image ami-2 ignore costs: RET-15 state-not-judged failed',
        'image ami-3 ignore costs: RET-15 state-not-judged deregistered',
      ],
      writes: {},
    });
  });

  it('says nothing of an image that it does not mean', () => {
    const images = [anImage({ name: 'silver' })];

    expect(planned({ images, tagPolicies: [aTagPolicy()] }).decisions).toEqual([]);
  });

  it('corrects what differs only if it overwrites', () => {
    const images = [anImage({ tags: { 'cost-centre': '7' } })];

    expect(planned({ images, tagPolicies: [aTagPolicy()] }).writes).toEqual({
      'ami-1': { 'cost-centre': '42' },
    });
    expect(planned({ images, tagPolicies: [aTagPolicy({ overwrite: false })] })).toEqual({
      decisions: ['image ami-1 keep costs: TAG-01 tags-in-order'],
      writes: {},
    });
  });

  it('gives way to the one before it in the document, which is said', () => {
    const tagPolicies = [aTagPolicy({ id: 'first', set: { 'cost-centre': '1' } }), aTagPolicy()];

    expect(planned({ images: [anImage()], tagPolicies })).toEqual({
      decisions: [
        'image ami-1 tag first: TAG-02 tags-to-repair cost-centre, TAG-06 tag-set-by-another cost-centre (first, not costs)',
      ],
      writes: { 'ami-1': { 'cost-centre': '1' } },
    });
  });

  it("gives way to a point's own policy", () => {
    const policies = [tagged({ set: { 'cost-centre': '1' } })];
    const tagPolicies = [aTagPolicy({ images: everything, set: { 'cost-centre': '2', b: '3' } })];

    expect(planned({ policies, tagPolicies, images: [aPoint()] })).toEqual({
      decisions: [
        'image ami-1 tag web-daily: TAG-02 tags-to-repair b, cost-centre, TAG-06 tag-set-by-another cost-centre (web-daily, not costs)',
      ],
      writes: { 'ami-1': { 'cost-centre': '1', b: '3' } },
    });
  });

  it('is filled in from the tags that a point gets in the same pass', () => {
    const policies = [tagged({ copy: ['Name'] })];
    const instances = [anInstance({ tags: { Name: 'web' } })];
    const tagPolicies = [aTagPolicy({ images: everything, set: { label: '{image.tag.Name}' } })];

    expect(planned({ policies, tagPolicies, instances, images: [aPoint()] }).writes).toEqual({
      'ami-1': { Name: 'web', label: 'web' },
    });
  });

  it('says what it cannot fill in', () => {
    const tagPolicies = [aTagPolicy({ set: { label: '{image.tag.Name}' } })];

    expect(planned({ tagPolicies, images: [anImage()] }).decisions).toEqual([
      'image ami-1 keep costs: TAG-01 tags-in-order, TAG-08 nothing-to-fill-in label',
    ]);
  });

  it('of a copy stands before what people wrote on its source, and after what its policy wrote', () => {
    const tagPolicies = [aTagPolicy({ images: everything, set: { a: '{region}', b: '{region}' } })];
    const policies = [tagged({ set: { a: 'own' } })];
    const source = aPoint({ tags: { a: 'own', b: 'people', c: 'people' } });

    expect(
      planned({
        target: ELSEWHERE,
        policies,
        tagPolicies,
        images: [aCopy()],
        places: [aPlace(HOME, [source])],
      }),
    ).toEqual({
      decisions: [
        'image ami-copy tag web-daily: TAG-02 tags-to-repair a, b, c, TAG-06 tag-set-by-another a (web-daily, not costs)',
      ],
      writes: { 'ami-copy': { a: 'own', b: 'eu-west-1', c: 'people' } },
    });
  });
});
