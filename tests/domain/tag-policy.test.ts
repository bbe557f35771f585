import { describe, expect, it } from 'vitest';
import { matchesImage } from '../../shared/domain/image-criteria.ts';
import type { Image } from '../../shared/domain/model.ts';
import type { ImageCriteria, TagPolicy } from '../../shared/domain/policy.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import { createTagPolicies, imageTemplateProblem } from '../../shared/domain/tag-policy.ts';
import { anImage, aTagPolicy, freeze, HOME } from '../support/builders.ts';

const criteria = (parts: Partial<ImageCriteria> = {}): ImageCriteria =>
  freeze({ names: [], tags: {}, not: { names: [], tags: {} }, ...parts });

describe('criteria of images', () => {
  const image = anImage({ name: 'web-42', tags: { role: 'web', built: 'packer' } });
  const matches = (parts: Partial<ImageCriteria>): boolean => matchesImage(criteria(parts), image);

  it.each<[string, Partial<ImageCriteria>]>([
    ['that demand nothing', {}],
    ['one of whose names matches', { names: ['db-*', 'web-??'] }],
    ['whose every tag is there', { tags: { role: ['db', 'w*'], built: ['*'] } }],
    ['with exclusions that do not match', { not: { names: ['db-*'], tags: { role: ['db'] } } }],
  ])('%s mean it', (_, parts) => {
    expect(matches(parts)).toBe(true);
  });

  it.each<[string, Partial<ImageCriteria>]>([
    ['none of whose names matches', { names: ['db-*', 'web-?'] }],
    ['whose tag is missing', { tags: { role: ['web'], owner: ['*'] } }],
    ['whose tag has another value', { tags: { role: ['db'] } }],
    ['whose tags match and whose names do not', { names: ['db-*'], tags: { role: ['web'] } }],
    ['whose excluded name matches', { not: { names: ['nope', 'web-*'], tags: {} } }],
    [
      'one of whose excluded tags matches',
      { not: { names: [], tags: { role: ['web'], owner: ['*'] } } },
    ],
  ])('%s do not', (_, parts) => {
    expect(matches(parts)).toBe(false);
  });
});

/** What the policies want of `golden` (`ami-1`), as `key=value` with `!` where it corrects. */
const wishes = (policies: readonly TagPolicy[], image: Partial<Image> = {}) => {
  const found = anImage(image);
  const asked = createTagPolicies(
    freeze(policies),
    HOME,
  )({
    image: found,
    tags: () => found.tags,
  });
  const tell = (list: typeof asked.wishes): readonly string[] =>
    list.map(({ key, value, corrects, by }) => `${by} ${key}=${value}${corrects ? '!' : ''}`);
  return {
    policies: asked.policies.map(({ id }) => id),
    wishes: tell(asked.wishes),
    forSnapshots: tell(asked.forSnapshots),
    reasons: asked.reasons.map(describeReason),
  };
};

describe('tag policies', () => {
  it('want nothing of an image that none of them means', () => {
    expect(wishes([aTagPolicy()], { name: 'silver' })).toEqual({
      policies: [],
      wishes: [],
      forSnapshots: [],
      reasons: [],
    });
  });

  it('want what they set, in the order of the document', () => {
    const owners = aTagPolicy({ id: 'owners', set: { owner: 'ops' }, overwrite: false });
    const others = aTagPolicy({ id: 'others', images: criteria({ names: ['silver'] }) });

    expect(wishes([owners, others, aTagPolicy()])).toEqual({
      policies: ['owners', 'costs'],
      wishes: ['owners owner=ops', 'costs cost-centre=42!'],
      forSnapshots: ['owners owner=ops', 'costs cost-centre=42!'],
      reasons: [],
    });
  });

  it('want it of snapshots only where they say so', () => {
    const here = aTagPolicy({ id: 'here', set: { a: '1' }, snapshots: false });

    expect(wishes([here, aTagPolicy()])).toMatchObject({
      wishes: ['here a=1!', 'costs cost-centre=42!'],
      forSnapshots: ['costs cost-centre=42!'],
    });
  });

  it('fill in what is known of the image and of its place', () => {
    const set = {
      from: '{account}/{region} by {policy}',
      what: '{image.id} {image.name}',
      who: '{image.tag.Owner name}, {{really}}',
    };

    expect(wishes([aTagPolicy({ set })], { tags: { 'Owner name': 'ops' } }).wishes).toEqual([
      'costs from=111122223333/eu-central-1 by costs!',
      'costs what=ami-1 golden!',
      'costs who=ops, {really}!',
    ]);
  });

  it('wait for the tag that they are filled in from, and say so while their own is missing', () => {
    const policy = aTagPolicy({ set: { who: '{image.tag.owner}', a: '1' } });

    expect(wishes([policy])).toMatchObject({
      policies: ['costs'],
      wishes: ['costs a=1!'],
      reasons: ['TAG-08 nothing-to-fill-in who'],
    });
    expect(wishes([policy], { tags: { who: 'x' } })).toMatchObject({
      wishes: ['costs a=1!'],
      reasons: [],
    });
  });

  it('take an empty tag for one that is there', () => {
    const policy = aTagPolicy({ set: { who: 'by {image.tag.owner}' } });

    expect(wishes([policy], { tags: { owner: '' } }).wishes).toEqual(['costs who=by !']);
  });

  it('never correct what is filled in from a tag that one of them sets, or it could go on for ever', () => {
    const self = aTagPolicy({ set: { Name: '{image.tag.Name}-x' } });
    const other = aTagPolicy({ id: 'other', set: { label: '{image.tag.Name}', b: '2' } });

    expect(wishes([self, other], { tags: { Name: 'web' } }).wishes).toEqual([
      'costs Name=web-x',
      'other label=web',
      'other b=2!',
    ]);
  });

  it.each([
    ['imago:deployment', 'prod'],
    ['imago:hold', '2099-01-01'],
    ['Imago:adopted', 'x'],
    ['aws:any', 'x'],
    ['dlm:managed', 'true'],
    ['AWSBackupManagedResource', ''],
    ['CreatedBy', 'EC2 Image Builder'],
  ])('never want %s=%s', (key, value) => {
    expect(wishes([aTagPolicy({ set: { [key]: value, a: '1' } })]).wishes).toEqual(['costs a=1!']);
  });

  it('never want a marking value that a tag of the image brings in', () => {
    const policy = aTagPolicy({ set: { CreatedBy: '{image.tag.by}' } });

    expect(wishes([policy], { tags: { by: 'EC2 Image Builder' } }).wishes).toEqual([]);
    expect(wishes([policy], { tags: { by: 'ops' } }).wishes).toEqual(['costs CreatedBy=ops!']);
  });
});

describe('a template of a tag policy', () => {
  it.each([
    'plain',
    '{image.id} {image.name} {image.tag.x} {account} {region} {policy}',
    '{{braces}}',
  ])('may be %j', (template) => {
    expect(imageTemplateProblem(template)).toBeUndefined();
  });

  it('may not speak of an instance or a slot, and is told what there is', () => {
    expect(imageTemplateProblem('{instance.id}')).toBe(
      '{instance.id} is no variable: do you mean {image.id}? There are ' +
        '{account}, {image.id}, {image.name}, {image.tag.KEY}, {policy}, {region}',
    );
    expect(imageTemplateProblem('{slot}')).toContain('{slot} is no variable');
    expect(imageTemplateProblem('{image.tag.}')).toContain('{image.tag.} is no variable');
  });
});
