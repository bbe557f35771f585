import { describe, expect, it } from 'vitest';
import { incompletePart } from '../../shared/domain/model.ts';
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

/** `kind id verdict policy: reasons`, and what is written, by id. */
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

const named = (name: string, parts: Partial<Policy> = {}): Policy =>
  aPolicy({ image: { ...aPolicy().image, name }, ...parts });

describe('a good point at home', () => {
  it('is in order where its policy wants no tags', () => {
    expect(planned({ images: [aPoint()] })).toEqual({
      decisions: ['image ami-1 keep web-daily: TAG-01 tags-in-order'],
      writes: {},
    });
  });

  it('gets what the policy sets, where it is missing or differs', () => {
    const policies = [tagged({ set: { Slot: '{slot}', By: '{policy} {source}', Kind: 'backup' } })];
    const images = [aPoint({ tags: { Slot: 'another', Kind: 'backup' } })];

    expect(planned({ policies, images })).toEqual({
      decisions: ['image ami-1 tag web-daily: TAG-02 tags-to-repair By, Slot'],
      writes: { 'ami-1': { Slot: '2026-11-21T02-00-00Z', By: 'web-daily i-0aa' } },
    });
  });

  it('gets its Name by the template, which stands before what is set and copied', () => {
    const policies = [
      named('{instance.tag.Name} of {region}', {
        tags: { copy: ['Name'], exclude: [], set: { Name: 'set' }, required: [] },
      }),
    ];
    const instances = [anInstance({ tags: { Name: 'web' } })];

    expect(planned({ policies, instances, images: [aPoint()] }).writes).toEqual({
      'ami-1': { Name: 'web of eu-central-1' },
    });
    expect(
      planned({ policies, instances, images: [aPoint({ tags: { Name: 'web of eu-central-1' } })] }),
    ).toEqual({ decisions: ['image ami-1 keep web-daily: TAG-01 tags-in-order'], writes: {} });
  });

  it('gets nothing copied for a key that the policy sets, and nothing is said of it', () => {
    const policies = [tagged({ copy: ['*'], set: { a: '1', b: '{instance.tag.gone}' } })];
    const instances = [anInstance({ tags: { a: '2', b: '3' } })];

    expect(planned({ policies, instances, images: [aPoint()] })).toEqual({
      decisions: ['image ami-1 tag web-daily: TAG-02 tags-to-repair a'],
      writes: { 'ami-1': { a: '1' } },
    });
  });

  it('keeps a value that is filled in from a tag which is not seen any more', () => {
    const policies = [named('{instance.tag.Name} {slot}')];

    for (const instances of [[], [anInstance({ tags: {} })]]) {
      expect(planned({ policies, instances, images: [aPoint()] }).writes).toEqual({});
    }
  });

  it('gets a tag of its instance that it lacks, and keeps one that differs', () => {
    const policies = [tagged({ copy: ['Name', 'cost-*'], exclude: ['cost-secret'] })];
    const tags = { Name: 'new', 'cost-centre': '42', 'cost-secret': 'x', Owner: 'ops' };
    const images = [aPoint({ tags: { Name: 'old' } })];

    expect(planned({ policies, images, instances: [anInstance({ tags })] })).toEqual({
      decisions: ['image ami-1 tag web-daily: TAG-02 tags-to-repair cost-centre'],
      writes: { 'ami-1': { 'cost-centre': '42' } },
    });
  });

  it('gets nothing of another instance, nor of one that is not seen', () => {
    const policies = [tagged({ copy: ['*'] })];
    const instances = [anInstance({ id: 'i-0bb', tags: { Name: 'b' } })];

    expect(planned({ policies, instances, images: [aPoint()] }).writes).toEqual({});
    expect(
      planned({ policies, instances: incompletePart('denied'), images: [aPoint()] }).writes,
    ).toEqual({});
  });

  it('gets what of the copied tags finds room, by the order of the patterns', () => {
    const policies = [tagged({ copy: ['z', '*'] })];
    const instances = [anInstance({ tags: { a: '1', b: '2', z: '3' } })];
    const full = Object.fromEntries(Array.from({ length: 43 }, (_, index) => [`t${index}`, 'x']));

    expect(planned({ policies, instances, images: [aPoint({ tags: full })] })).toEqual({
      decisions: ['image ami-1 tag web-daily: TAG-02 tags-to-repair a, z, TAG-03 tags-left-out b'],
      writes: { 'ami-1': { z: '3', a: '1' } },
    });
  });

  it('is of its policy by a former name, whose name it keeps in its templates', () => {
    const policies = [tagged({ set: { By: '{policy}' } }, { id: 'web', formerly: ['web-daily'] })];

    expect(planned({ policies, images: [aPoint()] })).toEqual({
      decisions: ['image ami-1 tag web: TAG-02 tags-to-repair By'],
      writes: { 'ami-1': { By: 'web-daily' } },
    });
  });

  it('is left as it is where its policy is gone, or somebody asked for it', () => {
    const policies = [tagged({ set: { Kind: 'backup' } })];
    const images = [
      aPoint({ id: 'ami-1', policyId: 'gone' }),
      aPoint({ id: 'ami-2', policyId: 'on-demand' }),
    ];

    expect(planned({ policies, images })).toEqual({
      decisions: [
        'image ami-1 keep gone: TAG-01 tags-in-order',
        'image ami-2 keep on-demand: TAG-01 tags-in-order',
      ],
      writes: {},
    });
  });

  it('keeps the tag in which people write how long it is kept, whatever wants it', () => {
    const policies = [
      tagged({ copy: ['Retention', 'a'], set: {} }, { keepFrom: { tag: 'Retention' } }),
    ];
    const setting = [tagged({ set: { Retention: '1d' } }, { keepFrom: { tag: 'Retention' } })];
    const instances = [anInstance({ tags: { Retention: '30d', a: '1' } })];
    const tagPolicies = [
      aTagPolicy({ images: { ...aTagPolicy().images, names: ['*'] }, set: { Retention: '1d' } }),
    ];
    const images = [aPoint({ tags: { Retention: '9y' } }), aPoint({ id: 'ami-2', retry: 1 })];

    expect(planned({ policies, instances, images }).writes).toEqual({
      'ami-1': { a: '1' },
      'ami-2': { a: '1' },
    });
    expect(planned({ policies: setting, images }).writes).toEqual({});
    expect(planned({ tagPolicies, policies: setting, images }).writes).toEqual({});
  });

  it('never has a mark of a manager set', () => {
    const policies = [tagged({ set: { CreatedBy: 'EC2 Image Builder', a: '1' } })];

    expect(planned({ policies, images: [aPoint()] }).writes).toEqual({ 'ami-1': { a: '1' } });
  });
});

describe('an image is not judged by a policy', () => {
  const policies = [tagged({ set: { Kind: 'backup' } })];

  it.each([
    ['pending', 'wait web-daily: RET-13 pending'],
    ['failed', 'ignore web-daily: RET-15 state-not-judged failed'],
    ['disabled', 'ignore web-daily: RET-15 state-not-judged disabled'],
  ] as const)('while it is %s', (state, said) => {
    expect(planned({ policies, images: [aPoint({ state })] })).toEqual({
      decisions: [`image ami-1 ${said}`],
      writes: {},
    });
  });

  it.each([
    ['that is of nobody', anImage()],
    ['away from its home', aPoint({ place: ELSEWHERE })],
    ['whose name says something else', aPoint({ name: 'by-hand' })],
    ['that others copied', aPoint({ sourceImageId: 'ami-0' })],
    ['that was adopted', aPoint({ tags: { 'imago:adopted': 'golden' } })],
  ])('%s, and nothing is said', (_, image) => {
    expect(planned({ policies, homes: [HOME], images: [image] }).writes).toEqual({});
  });
});

it('of a point that another stack made, nothing is said or written', () => {
  const policies = [tagged({ set: { Kind: 'backup' } })];

  expect(planned({ policies, homes: [ELSEWHERE], images: [aPoint()] })).toEqual({
    decisions: [],
    writes: {},
  });
});

describe('a copy', () => {
  const there = (parts: PlanParts) =>
    planned({ target: ELSEWHERE, homes: [HOME], policies: [tagged({ copy: ['Name'] })], ...parts });

  it('gets what it lacks of what it is a copy of, and what differs', () => {
    const source = aPoint({
      tags: { Name: 'web', Note: 'people', 'imago:instance-type': 'm7g.large' },
    });
    const images = [aCopy({ tags: { Name: 'old', Own: 'x' } })];

    expect(there({ images, places: [aPlace(HOME, [source])] })).toEqual({
      decisions: [
        'image ami-copy tag web-daily: TAG-02 tags-to-repair Name, Note, imago:instance-type',
      ],
      writes: {
        'ami-copy': { 'imago:instance-type': 'm7g.large', Name: 'web', Note: 'people' },
      },
    });
  });

  it('never gets what people write of keeping, nor the marks of its source', () => {
    const source = aPoint({
      tags: {
        'imago:hold': '',
        'imago:keep': '9y',
        'imago:keep-until': '2099-01-01',
        Retention: '1d',
        'dlm:managed': 'true',
      },
    });
    const policies = [tagged({ copy: ['*'] }, { keepFrom: { tag: 'Retention' } })];
    const places = [aPlace(HOME, [source])];

    expect(there({ policies, places, images: [aCopy()] }).writes).toEqual({});
  });

  it.each([
    ['is gone', []],
    ['is of another slot', [aPoint({ tags: { Name: 'web' }, slot: '2026-11-20T02:00Z' })]],
    ['is of another source', [aPoint({ tags: { Name: 'web' }, source: 'i-0bb' })]],
    ['is not ours', [aPoint({ tags: { Name: 'web' }, name: 'by-hand' })]],
    ['is another one', [aPoint({ id: 'ami-2', tags: { Name: 'web' } })]],
  ])('is left as it is where what it is a copy of %s', (_, images) => {
    expect(there({ images: [aCopy()], places: [aPlace(HOME, images)] }).writes).toEqual({});
  });

  it('is left as it is by a place that is no home', () => {
    const places = [aPlace(ELSEWHERE, [aPoint({ tags: { Name: 'web' } })])];

    expect(there({ images: [aCopy()], places, homes: [HOME] }).writes).toEqual({});
  });

  it('is not filled in by the templates of its policy, but by what its source has', () => {
    const policies = [tagged({ set: { Where: '{region}' } })];
    const source = aPoint({ tags: { Where: 'eu-central-1' } });
    const places = [aPlace(HOME, [source])];

    expect(there({ policies, places, images: [aCopy()] }).writes).toEqual({
      'ami-copy': { Where: 'eu-central-1' },
    });
  });
});

it('decisions and actions come by id, in whatever order EC2 answers', () => {
  const policies = [tagged({ set: { Kind: 'backup' } })];
  const points = ['ami-3', 'ami-1', 'ami-2'].map((id, retry) => aPoint({ id, retry }));

  const { decisions, actions } = planTags(aPlanInput({ policies, images: points }));

  expect(decisions.map(({ id }) => id)).toEqual(['ami-1', 'ami-2', 'ami-3']);
  expect(actions.map(({ resourceId }) => resourceId)).toEqual(['ami-1', 'ami-2', 'ami-3']);
  expect(actions[0]).toEqual({
    kind: 'tag',
    resourceId: 'ami-1',
    tags: { Kind: 'backup' },
    reasons: [{ id: 'TAG-02', evidence: 'Kind' }],
  });
});

it('a list of images that is not whole hides nothing of those that it shows', () => {
  const policies = [tagged({ set: { Kind: 'backup' } })];

  expect(planned({ policies, images: incompletePart('throttled', [aPoint()]) }).writes).toEqual({
    'ami-1': { Kind: 'backup' },
  });
});
