import { describe, expect, it } from 'vitest';
import { type NewPoint, tagsOfPoint } from '../../shared/domain/image-tags.ts';
import type { Tags } from '../../shared/domain/model.ts';
import type { PointName } from '../../shared/domain/naming.ts';
import type { EventTrigger, Policy, TagRules } from '../../shared/domain/policy.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import type { Tagging } from '../../shared/domain/tag-limit.ts';
import { anInstance, aPolicy, at, HOME } from '../support/builders.ts';

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
  'imago:home': '111122223333/eu-central-1',
};

const rules = (parts: Partial<TagRules>): TagRules => ({
  ...aPolicy().tags,
  ...parts,
});

const tagsOf = (parts: Partial<NewPoint>, policy: Partial<Policy> = {}): Tags =>
  tagsOfPoint(
    { point: POINT, home: HOME, instance: anInstance(), excludedDevices: [], ...parts },
    aPolicy(policy),
  ).tags;

const tagging = (
  tags: Tags,
  parts: Partial<TagRules> = {},
  policy: Partial<Policy> = {},
): Tagging =>
  tagsOfPoint(
    { point: POINT, home: HOME, instance: anInstance({ tags }), excludedDevices: [] },
    aPolicy({ tags: rules(parts), ...policy }),
  );

const pointTags = (tags: Tags, parts: Partial<TagRules> = {}, policy: Partial<Policy> = {}): Tags =>
  tagging(tags, parts, policy).tags;

const waitingFor = (event: EventTrigger['event']): EventTrigger => ({
  kind: 'event',
  event,
  isOptional: false,
  startWithinMs: 3_600_000,
  atMostEveryMs: 3_600_000,
});

const named = (name: string): Policy['image'] => ({ ...aPolicy().image, name });

const linesOf = ({ reasons }: Tagging): readonly string[] => reasons.map(describeReason);

const numbered = (count: number, prefix = 't'): Tags =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${prefix}${String(index).padStart(2, '0')}`,
      'x',
    ]),
  );

describe('tags of a point', () => {
  it('say who owns it and what it is of', () => {
    expect(tagging({ Backup: 'daily', Name: 'web' })).toEqual({ tags: OWNERSHIP, reasons: [] });
  });

  it('carry what a relaunch needs', () => {
    const instance = anInstance({
      restore: {
        instanceType: 'm7g.large',
        subnetId: 'subnet-0aa',
        securityGroupIds: ['sg-0aa', 'sg-0bb'],
        instanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/web',
        keyName: 'ops',
      },
    });

    expect(tagsOf({ instance })).toEqual({
      ...OWNERSHIP,
      'imago:instance-type': 'm7g.large',
      'imago:subnet': 'subnet-0aa',
      'imago:security-groups': 'sg-0aa sg-0bb',
      'imago:instance-profile': 'arn:aws:iam::111122223333:instance-profile/web',
      'imago:key-name': 'ops',
    });
  });

  it('spread security groups over several tags where one has no more room', () => {
    const securityGroupIds = Array.from(
      { length: 26 },
      (_, index) => `sg-0123456789abcde${String(index).padStart(2, '0')}`,
    );
    const instance = anInstance({ restore: { securityGroupIds } });

    const tags = tagsOf({ instance });

    expect(tags['imago:security-groups']).toHaveLength(251);
    expect(tags['imago:security-groups.2']).toHaveLength(251);
    expect(tags['imago:security-groups.3']).toBe('sg-0123456789abcde24 sg-0123456789abcde25');
    expect(Object.keys(tags)).toHaveLength(8);
  });

  it('use the 256 characters of a value up to the last', () => {
    const word = (length: number): string => 'x'.repeat(length);
    const groups = (...securityGroupIds: readonly string[]): Tags =>
      tagsOf({ instance: anInstance({ restore: { securityGroupIds } }) });

    expect(groups(word(200), word(55))['imago:security-groups']).toHaveLength(256);
    expect(groups(word(200), word(56))['imago:security-groups.2']).toHaveLength(56);
  });

  it('name an instance profile alone where its ARN has no room', () => {
    const profile = (instanceProfileArn: string): string | undefined =>
      tagsOf({ instance: anInstance({ restore: { securityGroupIds: [], instanceProfileArn } }) })[
        'imago:instance-profile'
      ];
    const arn = `arn:aws:iam::111122223333:instance-profile/${'x'.repeat(209)}/web`;

    expect(profile(arn)).toBe(arn);
    expect(profile(arn.replace('x/web', 'xx/web'))).toBe('web');
  });

  it('name the devices that the image leaves out', () => {
    expect(tagsOf({ excludedDevices: ['/dev/sdf', '/dev/sdg'] })).toEqual({
      ...OWNERSHIP,
      'imago:excluded-devices': '/dev/sdf /dev/sdg',
    });
  });

  it('carry the instance tags whose keys the policy names, by wildcard too', () => {
    const tags = { Name: 'web', 'cost-centre': '42', 'cost-unit': 'eu', Owner: 'ops' };

    expect(pointTags(tags, { copy: ['Name', 'cost-*'] })).toEqual({
      ...OWNERSHIP,
      Name: 'web',
      'cost-centre': '42',
      'cost-unit': 'eu',
    });
  });

  it('do not carry those that the policy leaves out after all', () => {
    const tags = { Name: 'web', 'cost-centre': '42', 'cost-unit': 'eu' };

    expect(pointTags(tags, { copy: ['*'], exclude: ['cost-u*', 'Nam'] })).toEqual({
      ...OWNERSHIP,
      Name: 'web',
      'cost-centre': '42',
    });
  });

  it.each([
    ['aws:cloudformation:stack-name', 'x'],
    ['aws:backup:source-resource', 'x'],
    ['AWS:any', 'x'],
    ['imago:hold', 'x'],
    ['imago:deployment', 'x'],
    ['imago:schedule', 'x'],
    ['imago:keep-until', '2030-01-01'],
    ['Imago:policy', 'x'],
    ['dlm:managed', 'x'],
    ['AWSBackupManagedResource', 'x'],
    ['CreatedBy', 'EC2 Image Builder'],
    ['CreatedBy', 'EC2 Fast Launch'],
  ])('never carry %s = %s from the instance', (key, value) => {
    expect(pointTags({ [key]: value, Name: 'web' }, { copy: ['*'] })).toEqual({
      ...OWNERSHIP,
      Name: 'web',
    });
  });

  it('carry keys that only look like marks of others', () => {
    const tags = { CreatedBy: 'ops', Creator: 'EC2 Image Builder', aws: '1', 'my:imago:x': '2' };

    expect(pointTags(tags, { copy: ['*'] })).toEqual({ ...OWNERSHIP, ...tags });
  });

  it('fill in the templates of what the policy sets', () => {
    const set = { Slot: '{slot}', From: '{deployment}/{policy}/{source}/{region}/{account}' };

    expect(pointTags({}, { set })).toEqual({
      ...OWNERSHIP,
      Slot: '2026-11-21T02-00-00Z',
      From: 'prod/web-daily/i-0aa/eu-central-1/111122223333',
    });
  });

  it('cut a value at 256 characters once it is filled in, halving none, and say so', () => {
    const set = {
      Long: `{slot}${'x'.repeat(235)}😀`,
      Fits: `{slot}${'x'.repeat(236)}`,
      Huge: 'x'.repeat(257),
    };

    const { tags, ...rest } = tagging({}, { set });

    expect([tags['Long'], tags['Fits'], tags['Huge']].map((value) => value?.length)).toEqual([
      255, 256, 256,
    ]);
    expect(linesOf({ tags, ...rest })).toEqual(['TAG-05 tag-value-cut Long, Huge']);
  });

  it('prefer what the policy sets to what it carries', () => {
    expect(pointTags({ Name: 'web' }, { copy: ['*'], set: { Name: 'backup' } })).toEqual({
      ...OWNERSHIP,
      Name: 'backup',
    });
  });

  it('take the Name of the template before any other', () => {
    const image = named('{instance.tag.Name} {slot}');
    const tags = pointTags({ Name: 'web' }, { copy: ['*'], set: { Name: 'backup' } }, { image });

    expect(tags).toEqual({ ...OWNERSHIP, Name: 'web 2026-11-21T02-00-00Z' });
  });
});

describe('what people wrote on the instance about how long its points are kept', () => {
  const tags = { 'imago:keep': '1y', Retention: '30d', Other: 'x' };

  it('is on the point, whatever the policy copies', () => {
    expect(pointTags(tags, { exclude: ['*'] }, { keepFrom: { tag: 'Retention' } })).toEqual({
      ...OWNERSHIP,
      'imago:keep': '1y',
      Retention: '30d',
    });
  });

  it('is only what Imago itself reads, where the policy names no tag', () => {
    expect(pointTags(tags)).toEqual({ ...OWNERSHIP, 'imago:keep': '1y' });
  });

  it('goes before what the policy sets, which is for those that say nothing', () => {
    const policy = { keepFrom: { tag: 'Retention' } };
    const set = { Retention: '7d' };

    expect(pointTags(tags, { set }, policy)['Retention']).toBe('30d');
    expect(pointTags({}, { set }, policy)['Retention']).toBe('7d');
  });

  it('is never a mark of others', () => {
    const policy = { keepFrom: { tag: 'aws:retention' } };

    expect(pointTags({ 'aws:retention': '30d' }, {}, policy)).toEqual(OWNERSHIP);
  });
});

describe('the state and the tags of the source', () => {
  const instance = anInstance({ state: 'stopped', tags: { Backup: 'daily' } });

  it.each([
    ['stopped', { 'imago:source-state': 'stopped' }],
    ['running', { 'imago:source-state': 'stopped' }],
    ['tag-changed', { 'imago:source-tags': '3f7c4977f1305de7053ce4220bc3c42d' }],
  ] as const)('are on the points of a policy that waits for %s', (event, tags) => {
    const when = [...aPolicy().when, waitingFor(event)];

    expect(tagsOf({ instance }, { when })).toEqual({ ...OWNERSHIP, ...tags });
  });

  it('are not where the policy waits for no event', () => {
    expect(tagsOf({ instance })).toEqual(OWNERSHIP);
  });
});

describe('where more than 50 tags are wanted', () => {
  it('ours and what is set stay, and the last keys of what is carried are left out', () => {
    const left = tagging(numbered(60), { copy: ['*'], set: { Slot: '{slot}' } });

    expect(Object.keys(left.tags)).toHaveLength(50);
    expect(left.tags).toMatchObject({ ...OWNERSHIP, Slot: '2026-11-21T02-00-00Z', t43: 'x' });
    expect(linesOf(left)).toEqual([
      'TAG-03 tags-left-out t44, t45, t46, t47, t48, t49, t50, t51, t52, t53 and 6 more',
    ]);
  });

  it('50 are not too many', () => {
    const left = tagging(numbered(45), { copy: ['*'] });

    expect(Object.keys(left.tags)).toHaveLength(50);
    expect(left.reasons).toEqual([]);
  });

  it('earlier patterns go before later ones, whatever the keys', () => {
    const left = tagging(
      { ...numbered(22, 'a'), ...numbered(22, 'm'), ...numbered(22, 'z'), Name: 'web' },
      { copy: ['z*', 'Name', 'm*', '*'] },
    );

    expect(left.tags).toMatchObject({ ...OWNERSHIP, ...numbered(22, 'z'), ...numbered(22, 'm') });
    expect(left.tags).toHaveProperty('Name', 'web');
    expect(Object.keys(left.tags)).toHaveLength(50);
    expect(linesOf(left)).toEqual([
      'TAG-03 tags-left-out a00, a01, a02, a03, a04, a05, a06, a07, a08, a09 and 12 more',
    ]);
  });

  it('the Name of the template goes before what is set, and that in the order of the policy', () => {
    const set = { ...numbered(22, 'z'), ...numbered(24, 'b') };
    const left = tagging({ c: 'x' }, { copy: ['*'], set }, { image: named('web') });

    expect(left.tags).toMatchObject({ ...OWNERSHIP, ...numbered(22, 'z'), ...numbered(22, 'b') });
    expect(left.tags).toHaveProperty('Name', 'web');
    expect(linesOf(left)).toEqual(['TAG-03 tags-left-out b22, b23, c']);
  });

  it('a Name that is only copied has no such place', () => {
    const left = tagging({ ...numbered(50), Name: 'web' }, { copy: ['t*', 'Name'] });

    expect(linesOf(left)).toEqual(['TAG-03 tags-left-out t45, t46, t47, t48, t49, Name']);
  });

  it('the Name of the template is the last that is set to be given up', () => {
    const securityGroupIds = Array.from({ length: 44 }, (_, index) => `${index + 10}`.repeat(100));
    const tags = tagsOf(
      { instance: anInstance({ restore: { securityGroupIds } }) },
      { tags: rules({ set: { A: 'x', B: 'x' } }), image: named('web') },
    );

    expect(Object.keys(tags)).toHaveLength(50);
    expect(tags).toHaveProperty('Name', 'web');
    expect(tags).not.toHaveProperty('A');
  });

  it('what Imago needs goes before what a relaunch needs, and both before the rest', () => {
    const policy = {
      keepFrom: { tag: 'Retention' },
      when: [waitingFor('stopped')],
      tags: rules({ set: numbered(50) }),
    };
    const instance = anInstance({
      tags: { 'imago:keep': 'all', Retention: '7d' },
      restore: { instanceType: 't3.small', securityGroupIds: ['sg-0aa'] },
    });

    const tags = tagsOf({ instance, excludedDevices: ['/dev/sdf'] }, policy);

    expect(tags).toEqual({
      ...OWNERSHIP,
      'imago:keep': 'all',
      Retention: '7d',
      'imago:source-state': 'running',
      'imago:excluded-devices': '/dev/sdf',
      'imago:instance-type': 't3.small',
      'imago:security-groups': 'sg-0aa',
      ...numbered(39),
    });
  });

  it('what a relaunch needs gives way to what Imago needs', () => {
    const securityGroupIds = Array.from({ length: 46 }, (_, index) => `${index + 10}`.repeat(100));
    const instance = anInstance({ tags: { 'imago:keep': 'all' }, restore: { securityGroupIds } });

    const tags = tagsOf({ instance });

    expect(Object.keys(tags)).toHaveLength(50);
    expect(tags).toMatchObject({ ...OWNERSHIP, 'imago:keep': 'all' });
  });
});
