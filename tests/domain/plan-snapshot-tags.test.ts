import { describe, expect, it } from 'vitest';
import { type Image, incompletePart, notRead, type Tags } from '../../shared/domain/model.ts';
import { planTags } from '../../shared/domain/plan-tags.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import {
  aCopy,
  anImage,
  anInstance,
  aPlanInput,
  aPoint,
  aPolicy,
  aSnapshot,
  aTagPolicy,
  ELSEWHERE,
  type PlanParts,
} from '../support/builders.ts';

/** What is decided and written of snapshots alone. */
const planned = (parts: PlanParts) => {
  const { decisions, actions } = planTags(aPlanInput(parts));
  return {
    decisions: decisions
      .filter(({ kind }) => kind === 'snapshot')
      .map(
        ({ id, verdict, policyId, reasons }) =>
          `${id} ${verdict} ${policyId}: ${reasons.map(describeReason).join(', ')}`,
      ),
    writes: Object.fromEntries(
      actions
        .filter(({ resourceId }) => resourceId.startsWith('snap-'))
        .map(({ resourceId, tags }) => [resourceId, tags]),
    ),
  };
};

/** A point, and its one snapshot with the same tags but for these. */
const withSnapshot = (tags: Tags, snapshotTags: Tags = tags): PlanParts => {
  const image = aPoint({ tags });
  return {
    images: [image],
    snapshots: [
      aSnapshot({ id: 'snap-of-ami-1', tags: { ...ownershipOf(image), ...snapshotTags } }),
    ],
  };
};

const ownershipOf = ({ tags }: Image): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => key.startsWith('imago:')));

const volumeTags = (patterns: readonly string[], parts: Partial<Policy> = {}): Policy =>
  aPolicy({ image: { ...aPolicy().image, volumeTags: patterns }, ...parts });

describe('a snapshot of a point', () => {
  it('is in order when it has the tags of its image, whatever else people wrote on it', () => {
    expect(planned(withSnapshot({ Name: 'web' }, { Name: 'web', Note: 'x' }))).toEqual({
      decisions: ['snap-of-ami-1 keep web-daily: TAG-01 tags-in-order'],
      writes: {},
    });
  });

  it('gets what it lacks of its image, and what differs', () => {
    expect(planned(withSnapshot({ Name: 'web', Owner: 'ops' }, { Name: 'old' }))).toEqual({
      decisions: ['snap-of-ami-1 tag web-daily: TAG-02 tags-to-repair Name, Owner'],
      writes: { 'snap-of-ami-1': { Name: 'web', Owner: 'ops' } },
    });
  });

  it('gets our own tags back, but is not ours any more without the one that says so', () => {
    const image = aPoint();
    const { 'imago:slot': slot, ...rest } = ownershipOf(image);
    const { 'imago:deployment': _, ...nobodys } = rest;
    const bare = { id: 'snap-of-ami-1', sizeGiB: 8, startedMs: 0 };

    expect(planned({ images: [image], snapshots: [{ ...bare, tags: rest }] }).writes).toEqual({
      'snap-of-ami-1': { 'imago:slot': slot },
    });
    expect(planned({ images: [image], snapshots: [{ ...bare, tags: nobodys }] })).toEqual({
      decisions: ['snap-of-ami-1 ignore web-daily: OWN-02 not-ours'],
      writes: {},
    });
  });

  it('gets in the same pass what its image gets', () => {
    const parts = withSnapshot({});
    const policies = [
      aPolicy({ tags: { copy: ['Name'], exclude: [], set: { a: '1' }, required: [] } }),
    ];
    const instances = [anInstance({ tags: { Name: 'web' } })];

    expect(planned({ ...parts, policies, instances }).writes).toEqual({
      'snap-of-ami-1': { a: '1', Name: 'web' },
    });
  });

  it('never gets what people write of holding and keeping, nor marks of other managers', () => {
    const tags = {
      'imago:hold': '',
      'imago:keep': '9y',
      'imago:keep-until': '2099-01-01',
      Retention: '1d',
      'dlm:managed': 'true',
      AWSBackupManagedResource: '',
      CreatedBy: 'EC2 Image Builder',
      'aws:ec2:any': 'x',
    };
    const policies = [aPolicy({ keepFrom: { tag: 'Retention' } })];

    expect(planned({ ...withSnapshot(tags, {}), policies })).toEqual({
      decisions: ['snap-of-ami-1 keep web-daily: TAG-01 tags-in-order'],
      writes: {},
    });
  });

  it('gets ours before those of others, where not all find room', () => {
    const image = aPoint({ tags: { c: '3', a: '1', b: '2', 'imago:subnet': 'subnet-1' } });
    const full = Object.fromEntries(Array.from({ length: 43 }, (_, index) => [`t${index}`, 'x']));
    const tags = { ...full, ...ownershipOf(aPoint()) };
    const snapshots = [{ id: 'snap-of-ami-1', sizeGiB: 8, startedMs: 0, tags }];

    expect(planned({ images: [image], snapshots })).toEqual({
      decisions: [
        'snap-of-ami-1 tag web-daily: TAG-02 tags-to-repair a, imago:subnet, TAG-03 tags-left-out b, c',
      ],
      writes: { 'snap-of-ami-1': { 'imago:subnet': 'subnet-1', a: '1' } },
    });
  });

  it('is told apart from those of other images, and comes by its id', () => {
    const images = ['ami-2', 'ami-3', 'ami-1'].map((id, retry) =>
      aPoint({ id, retry, tags: { Name: `of ${id}` } }),
    );
    const snapshots = images.map((image) =>
      aSnapshot({ id: `snap-of-${image.id}`, tags: ownershipOf(image) }),
    );
    const { actions } = planTags(aPlanInput({ images, snapshots }));

    const reasons = [{ id: 'TAG-02', evidence: 'Name' }];
    expect(actions).toEqual(
      ['ami-1', 'ami-2', 'ami-3'].map((id) => ({
        kind: 'tag',
        resourceId: `snap-of-${id}`,
        tags: { Name: `of ${id}` },
        reasons,
      })),
    );
    expect(planned({ images, snapshots }).decisions).toEqual(
      ['ami-1', 'ami-2', 'ami-3'].map(
        (id) => `snap-of-${id} tag web-daily: TAG-02 tags-to-repair Name`,
      ),
    );
  });

  it('has the tags of its point, whatever other image somebody made of it', () => {
    const point = aPoint({ id: 'ami-2', tags: { Name: 'web' } });
    const other = anImage({ id: 'ami-1', tags: { Name: 'x' }, snapshots: point.snapshots });
    const snapshots = [aSnapshot({ id: 'snap-of-ami-2', tags: ownershipOf(point) })];
    const tagPolicies = [aTagPolicy()];

    expect(planned({ images: [other, point], snapshots, tagPolicies }).writes).toEqual({
      'snap-of-ami-2': { Name: 'web' },
    });
  });

  it.each([
    ['asked for by somebody', 'on-demand'],
    ['of a policy that is gone', 'gone'],
  ])('%s has the tags of its image all the same', (_, policyId) => {
    const image = aPoint({ policyId, tags: { Name: 'web', 'imago:keep-until': '2099-01-01' } });
    const { 'imago:keep-until': _keep, ...ours } = ownershipOf(image);
    const snapshots = [aSnapshot({ id: 'snap-of-ami-1', tags: ours })];

    expect(planned({ images: [image], snapshots }).writes).toEqual({
      'snap-of-ami-1': { Name: 'web' },
    });
  });

  it.each(['pending', 'failed'] as const)('whose image is %s is left as it is', (state) => {
    const image = aPoint({ state, tags: { Name: 'web' } });
    const snapshots = [aSnapshot({ id: 'snap-of-ami-1', tags: ownershipOf(image) })];

    expect(planned({ images: [image], snapshots })).toEqual({ decisions: [], writes: {} });
  });

  it('whose image is not seen is left as it is', () => {
    expect(planned({ images: [], snapshots: [aSnapshot()] })).toEqual({
      decisions: [],
      writes: {},
    });
  });

  it('is left as it is by a pass that did not read snapshots, and judged where a list is cut short', () => {
    const { images = [], snapshots = [] } = withSnapshot({ Name: 'web' }, {});
    const items = 'items' in snapshots ? snapshots.items : snapshots;

    expect(planned({ images, snapshots: notRead() })).toEqual({ decisions: [], writes: {} });
    expect(planned({ images, snapshots: incompletePart('throttled', items) }).writes).toEqual({
      'snap-of-ami-1': { Name: 'web' },
    });
  });
});

describe('tags of its volume', () => {
  const point = aPoint({ tags: { Name: 'web', mount: 'image' } });
  const volume = (tags: Tags) => ({ id: 'vol-1', tags });
  const snapshot = (tags: Tags) =>
    aSnapshot({ id: 'snap-of-ami-1', volumeId: 'vol-1', tags: { ...ownershipOf(point), ...tags } });
  const written = (policy: Policy, volumeOf: Tags, tags: Tags, volumeId = 'vol-1') =>
    planned({
      policies: [policy],
      images: [point],
      volumes: [volume(volumeOf)],
      snapshots: [{ ...snapshot(tags), volumeId }],
    }).writes['snap-of-ami-1'];

  it('are added where the policy asks for them, and nothing that it does not ask for', () => {
    expect(written(volumeTags(['fs-*']), { 'fs-type': 'xfs', other: 'x' }, point.tags)).toEqual({
      'fs-type': 'xfs',
    });
    expect(written(aPolicy(), { 'fs-type': 'xfs' }, point.tags)).toBeUndefined();
  });

  it("stand before the image's own, which the creating call wrote", () => {
    expect(written(volumeTags(['mount']), { mount: '/data' }, point.tags)).toEqual({
      mount: '/data',
    });
    expect(
      written(volumeTags(['mount']), { mount: '/data' }, { ...point.tags, mount: '/data' }),
    ).toBeUndefined();
  });

  it("are written in place of the image's where both are missing, and nothing more is said", () => {
    const { mount: _, ...without } = point.tags;
    const snapshots = [snapshot(without)];

    expect(
      planned({
        policies: [volumeTags(['mount'])],
        images: [point],
        volumes: [volume({ mount: '/data' })],
        snapshots,
      }),
    ).toEqual({
      decisions: ['snap-of-ami-1 tag web-daily: TAG-02 tags-to-repair mount'],
      writes: { 'snap-of-ami-1': { mount: '/data' } },
    });
  });

  it('are no more corrected once they differ: the snapshot tells of its volume as it was', () => {
    expect(
      written(volumeTags(['mount']), { mount: '/new' }, { ...point.tags, mount: '/old' }),
    ).toBeUndefined();
  });

  it('stay when the volume is gone, and the image stands in where there are none', () => {
    const kept = { ...point.tags, mount: '/data' };
    const { mount: _, ...without } = point.tags;

    expect(written(volumeTags(['mount']), { mount: '/data' }, kept, 'vol-2')).toBeUndefined();
    expect(written(volumeTags(['mount']), {}, without)).toEqual({ mount: 'image' });
  });

  it('are none of a copy, of which EC2 names a volume that it was not made of', () => {
    const copy = aCopy({ tags: { Name: 'web' } });
    const tags = ownershipOf(copy);
    const snapshots = [aSnapshot({ id: 'snap-of-ami-copy', volumeId: 'vol-1', tags })];

    expect(
      planned({
        target: ELSEWHERE,
        policies: [volumeTags(['*'])],
        images: [copy],
        volumes: [volume({ mount: '/data' })],
        snapshots,
      }).writes,
    ).toEqual({ 'snap-of-ami-copy': { Name: 'web' } });
  });

  it('give way to what the policy sets, and are never what people write of keeping', () => {
    const policy = volumeTags(['*'], {
      tags: { copy: [], exclude: [], set: { mount: 'image' }, required: [] },
      keepFrom: { tag: 'Retention' },
    });
    const tags = {
      mount: '/data',
      'imago:hold': 'x',
      'imago:slot': 'x',
      Retention: '1d',
      'dlm:managed': 'x',
    };

    expect(written(policy, tags, point.tags)).toBeUndefined();
  });

  it("still have the image's tags of ours corrected, whatever the patterns", () => {
    expect(written(volumeTags(['*']), {}, { ...point.tags, 'imago:slot': 'x' })).toEqual({
      'imago:slot': '2026-11-21T02-00-00Z',
    });
  });
});

describe('snapshots of others', () => {
  const image = anImage({ snapshots: [{ snapshotId: 'snap-1', sizeGiB: 8 }] });
  const bare = { id: 'snap-1', sizeGiB: 8, startedMs: 0, tags: {} };

  it('get what a tag policy wants of them', () => {
    expect(planned({ images: [image], snapshots: [bare], tagPolicies: [aTagPolicy()] })).toEqual({
      decisions: ['snap-1 tag costs: TAG-02 tags-to-repair cost-centre'],
      writes: { 'snap-1': { 'cost-centre': '42' } },
    });
  });

  it('get nothing of the tags of their image', () => {
    const tagged = { ...image, tags: { Name: 'golden', 'cost-centre': '42' } };

    expect(
      planned({ images: [tagged], snapshots: [bare], tagPolicies: [aTagPolicy()] }).writes,
    ).toEqual({ 'snap-1': { 'cost-centre': '42' } });
  });

  it('are passed over where the tag policy wants images alone', () => {
    const tagPolicies = [aTagPolicy({ snapshots: false })];

    expect(planned({ images: [image], snapshots: [bare], tagPolicies })).toEqual({
      decisions: [],
      writes: {},
    });
  });

  it('that several images hold get what the first wants, which is said', () => {
    const tagPolicies = [aTagPolicy({ set: { of: '{image.id}' } })];
    const images = [{ ...image, id: 'ami-2' }, { ...image, id: 'ami-3' }, image];

    expect(planned({ images, snapshots: [bare], tagPolicies })).toEqual({
      decisions: [
        'snap-1 tag costs: TAG-02 tags-to-repair of, TAG-06 tag-set-by-another of (costs, not costs), of (costs, not costs)',
      ],
      writes: { 'snap-1': { of: 'ami-1' } },
    });
  });

  it('with our tag that no point of ours holds get no more than any other', () => {
    const snapshots = [aSnapshot({ id: 'snap-1' })];

    expect(planned({ images: [image], snapshots, tagPolicies: [aTagPolicy()] }).writes).toEqual({
      'snap-1': { 'cost-centre': '42' },
    });
  });

  it('that a point of ours holds never get the tag in which people say how long it is kept', () => {
    const tagPolicies = [
      aTagPolicy({ images: { ...aTagPolicy().images, names: ['*'] }, set: { Retention: '1d' } }),
    ];
    const snapshots = [{ ...bare, id: 'snap-of-ami-1' }];
    const policies = [aPolicy({ keepFrom: { tag: 'Retention' } })];

    expect(planned({ images: [aPoint()], snapshots, tagPolicies, policies })).toEqual({
      decisions: ['snap-of-ami-1 ignore web-daily: OWN-02 not-ours'],
      writes: {},
    });
  });

  it('that a point of ours holds get what the tag policy wants, and nothing of the point', () => {
    const point = aPoint({ tags: { Name: 'web' } });
    const tagPolicies = [aTagPolicy({ images: { ...aTagPolicy().images, names: ['*'] } })];
    const snapshots = [{ ...bare, id: 'snap-of-ami-1' }];

    expect(planned({ images: [point], snapshots, tagPolicies }).writes).toEqual({
      'snap-of-ami-1': { 'cost-centre': '42' },
    });
  });
});
