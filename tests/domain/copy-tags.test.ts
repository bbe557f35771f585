import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagsOfCopy, tagsOfPoint } from '../../shared/domain/image-tags.ts';
import type { Tags } from '../../shared/domain/model.ts';
import type { PointName } from '../../shared/domain/naming.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import type { Tagging } from '../../shared/domain/tag-limit.ts';
import { anInstance, aPolicy, at, ELSEWHERE, freeze, HOME } from '../support/builders.ts';

const POINT: PointName = {
  deployment: 'prod',
  policyId: 'web-daily',
  sourceId: 'i-0aa',
  slotMs: at('2026-11-21T02:00Z'),
  retry: 1,
};

const OWNERSHIP = {
  'imago:deployment': 'prod',
  'imago:policy': 'web-daily',
  'imago:source': 'i-0aa',
  'imago:slot': '2026-11-21T02-00-00Z',
};

const OF_SOURCE = { ...OWNERSHIP, 'imago:home': '111122223333/eu-central-1' };

const OF_COPY = {
  ...OWNERSHIP,
  'imago:home': '111122223333/eu-west-1',
  'imago:copied-from': '111122223333/eu-central-1/ami-1',
  'imago:captured-at': '2026-11-21T02:03:00.000Z',
};

const copyOf = (tags: Tags, policy: Policy = aPolicy()): Tagging =>
  tagsOfCopy(
    POINT,
    ELSEWHERE,
    freeze({ imageId: 'ami-1', home: HOME, capturedMs: at('2026-11-21T02:03Z'), tags }),
    policy,
  );

const numbered = (count: number, prefix = 't'): Tags =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${prefix}${String(index).padStart(2, '0')}`,
      'x',
    ]),
  );

describe('tags of a copy', () => {
  it('name its own home, its origin and when its data was captured', () => {
    expect(copyOf(OF_SOURCE)).toEqual({ tags: OF_COPY, reasons: [] });
  });

  it("carry people's tags and all that is true of the data anywhere", () => {
    const carried = {
      Name: 'web',
      'imago:instance-type': 'm7g.large',
      'imago:subnet': 'subnet-0aa',
      'imago:instance-profile': 'arn:aws:iam::111122223333:instance-profile/web',
      'imago:key-name': 'ops',
      'imago:security-groups': 'sg-0aa',
      'imago:security-groups.2': 'sg-0bb',
      'imago:excluded-devices': '/dev/sdf',
      'imago:excluded-devices.2': '/dev/sdg',
      'imago:keep': '1y',
      'imago:source-state': 'stopped',
      'imago:source-tags': '0123',
    };

    expect(copyOf({ ...OF_SOURCE, ...carried }).tags).toEqual({ ...OF_COPY, ...carried });
  });

  it.each([
    ['imago:hold', '2099-01-01'],
    ['imago:keep-until', '2099-01-01'],
    ['imago:copied-from', '999900001111/us-east-1/ami-0'],
    ['imago:captured-at', '2020-01-01T00:00:00.000Z'],
    ['imago:adopted', 'golden'],
    ['imago:security-groups-old', 'sg-0aa'],
    ['imago:excluded-devices-old', '/dev/sdf'],
    ['aws:ec2:any', 'x'],
    ['dlm:managed', 'true'],
    ['CreatedBy', 'EC2 Image Builder'],
  ])('do not carry %s = %s', (key, value) => {
    expect(copyOf({ ...OF_SOURCE, [key]: value }).tags).toEqual(OF_COPY);
  });

  it('are those of the point, where all of them fit', () => {
    const policy = aPolicy({ tags: { ...aPolicy().tags, copy: ['*'], set: { Slot: '{slot}' } } });
    const instance = anInstance({
      tags: { ...numbered(30), 'imago:keep': '1y' },
      restore: { instanceType: 't3.small', securityGroupIds: ['sg-0aa'] },
    });
    const point = tagsOfPoint(
      { point: POINT, home: HOME, instance, excludedDevices: ['/dev/sdf'] },
      policy,
    );

    expect(copyOf(point.tags, policy)).toEqual({
      tags: { ...point.tags, ...OF_COPY },
      reasons: [],
    });
  });

  it('give way as those of the point do, and what people wrote on it goes last', () => {
    const policy = aPolicy({
      tags: { ...aPolicy().tags, copy: ['z*', 'm*'], set: { Set: 'x' } },
      image: { ...aPolicy().image, name: 'web' },
    });
    const source = {
      ...OF_SOURCE,
      ...numbered(10, 'a'),
      ...numbered(20, 'm'),
      ...numbered(20, 'z'),
      Set: 'x',
      Name: 'web',
      'imago:subnet': 'subnet-0aa',
    };

    const { tags, reasons } = copyOf(source, policy);

    expect(tags).toEqual({
      ...OF_COPY,
      'imago:subnet': 'subnet-0aa',
      Name: 'web',
      Set: 'x',
      ...numbered(20, 'z'),
      ...numbered(20, 'm'),
    });
    expect(reasons.map(describeReason)).toEqual([
      'TAG-03 tags-left-out a00, a01, a02, a03, a04, a05, a06, a07, a08, a09',
    ]);
  });
});

const keys = fc.oneof(
  fc.constantFrom('Name', 'Owner', 'aws:x', 'imago:hold', 'imago:keep', 'dlm:managed', 'cost-a'),
  fc.string({ minLength: 1, maxLength: 6 }),
);
const manyTags = fc
  .uniqueArray(keys, { minLength: 0, maxLength: 80 })
  .map((list) => Object.fromEntries(list.map((key) => [key, 'x'])) as Tags);
const policies = fc
  .record({
    copy: fc.array(fc.constantFrom('*', 'a*', '?', 'Name', 'cost-*', '*b*'), { maxLength: 4 }),
    exclude: fc.array(fc.constantFrom('a?', 'Owner', '??????'), { maxLength: 2 }),
    set: fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), fc.constant('{slot}'), {
      maxKeys: 30,
    }),
  })
  .map((rules) => aPolicy({ tags: { ...rules, required: [] } }));

const pointOf = (tags: Tags, policy: Policy): Tagging =>
  tagsOfPoint(
    { point: POINT, home: HOME, instance: anInstance({ tags }), excludedDevices: [] },
    policy,
  );

const shuffled = (tags: Tags): Tags => Object.fromEntries(Object.entries(tags).toReversed());

describe('tags of any point and of its copy', () => {
  it('are 50 at most, ours among them, and every other one is asked for', () => {
    fc.assert(
      fc.property(manyTags, policies, (tags, policy) => {
        const point = pointOf(tags, policy).tags;
        const copy = copyOf(point, policy).tags;

        expect(Object.keys(point).length).toBeLessThanOrEqual(50);
        expect(Object.keys(copy).length).toBeLessThanOrEqual(50);
        expect(point).toMatchObject(OF_SOURCE);
        expect(copy).toMatchObject(OF_COPY);
        const asked = new Set([...Object.keys(tags), ...Object.keys(policy.tags.set)]);
        const added = Object.keys(point).filter((key) => !Object.hasOwn(OF_SOURCE, key));
        expect(added.filter((key) => !asked.has(key))).toEqual([]);
      }),
    );
  });

  it('never hold a mark of EC2 or of another manager that the instance carries', () => {
    fc.assert(
      fc.property(manyTags, policies, (tags, policy) => {
        const point = pointOf(tags, policy).tags;
        const marks = [...Object.keys(point), ...Object.keys(copyOf(point, policy).tags)];

        expect(marks.filter((key) => /^aws:|^dlm:|^imago:hold$/.test(key))).toEqual([]);
      }),
    );
  });

  it('do not depend on the order in which EC2 lists them', () => {
    fc.assert(
      fc.property(manyTags, policies, (tags, policy) => {
        const point = pointOf(tags, policy);
        const again = pointOf(shuffled(tags), policy);

        expect(JSON.stringify(again)).toBe(JSON.stringify(point));
        expect(JSON.stringify(copyOf(shuffled(point.tags), policy))).toBe(
          JSON.stringify(copyOf(point.tags, policy)),
        );
      }),
    );
  });

  it('leave nothing out while there is room', () => {
    fc.assert(
      fc.property(manyTags, policies, (tags, policy) => {
        const { tags: kept, reasons } = pointOf(tags, policy);

        expect(reasons.length > 0 && Object.keys(kept).length < 50).toBe(false);
        for (const key of Object.keys(policy.tags.set)) expect(kept).toHaveProperty([key]);
      }),
    );
  });
});
