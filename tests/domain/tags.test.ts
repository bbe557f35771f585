import { describe, expect, it } from 'vitest';
import type { Tags } from '../../shared/domain/model.ts';
import type { PointName } from '../../shared/domain/naming.ts';
import type { TagRules } from '../../shared/domain/policy.ts';
import { tagsOfCopy, tagsOfPoint } from '../../shared/domain/tags.ts';
import { anInstance, at, ELSEWHERE, freeze, HOME } from '../support/builders.ts';

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

const pointTags = (tags: Tags, rules: Partial<TagRules> = {}): Tags =>
  tagsOfPoint(POINT, HOME, anInstance({ tags }), { copy: [], set: {}, ...rules });

const numbered = (count: number): Tags =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`t${String(index).padStart(2, '0')}`, 'x']),
  );

describe('tags of a point', () => {
  it('say who owns it and what it is of', () => {
    expect(pointTags({ Backup: 'daily', Name: 'web' })).toEqual(OWNERSHIP);
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

    expect(tagsOfPoint(POINT, HOME, instance, { copy: [], set: {} })).toEqual({
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

    const tags = tagsOfPoint(POINT, HOME, instance, { copy: [], set: {} });

    expect(tags['imago:security-groups']).toHaveLength(251);
    expect(tags['imago:security-groups.2']).toHaveLength(251);
    expect(tags['imago:security-groups.3']).toBe('sg-0123456789abcde24 sg-0123456789abcde25');
    expect(Object.keys(tags)).toHaveLength(8);
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

  it.each([
    'aws:cloudformation:stack-name',
    'aws:backup:source-resource',
    'AWS:any',
    'imago:hold',
    'imago:deployment',
    'Imago:policy',
    'dlm:managed',
    'AWSBackupManagedResource',
  ])('never carry %s from the instance', (key) => {
    expect(pointTags({ [key]: 'x', Name: 'web' }, { copy: ['*'] })).toEqual({
      ...OWNERSHIP,
      Name: 'web',
    });
  });

  it('fill in the templates of what the policy sets', () => {
    const set = { Slot: '{slot}', From: '{deployment}/{policy}/{source} {source} {other}' };

    expect(pointTags({}, { set })).toEqual({
      ...OWNERSHIP,
      Slot: '2026-11-21T02-00-00Z',
      From: 'prod/web-daily/i-0aa i-0aa {other}',
    });
  });

  it('cut a value at 256 characters, once it is filled in', () => {
    const tags = pointTags({}, { set: { Long: `{slot}${'x'.repeat(250)}` } });

    expect(tags['Long']).toHaveLength(256);
  });

  it('prefer what the policy sets to what it carries', () => {
    expect(pointTags({ Name: 'web' }, { copy: ['*'], set: { Name: 'backup' } })).toEqual({
      ...OWNERSHIP,
      Name: 'backup',
    });
  });

  it('are 50 at most: carried ones give way, last keys first', () => {
    const tags = pointTags(numbered(60), { copy: ['*'], set: { Slot: '{slot}' } });

    expect(Object.keys(tags)).toHaveLength(50);
    expect(tags).toMatchObject({ ...OWNERSHIP, Slot: '2026-11-21T02-00-00Z', t00: 'x', t43: 'x' });
    expect(tags).not.toHaveProperty('t44');
  });
});

describe('tags of a copy', () => {
  const copyTags = (tags: Tags): Tags =>
    tagsOfCopy(
      POINT,
      ELSEWHERE,
      freeze({ imageId: 'ami-1', home: HOME, capturedMs: at('2026-11-21T02:03Z'), tags }),
    );

  const OWN = {
    ...OWNERSHIP,
    'imago:home': '111122223333/eu-west-1',
    'imago:copied-from': '111122223333/eu-central-1/ami-1',
    'imago:captured-at': '2026-11-21T02:03:00.000Z',
  };

  it('name its own home, its origin and when its data was captured', () => {
    expect(copyTags({})).toEqual(OWN);
  });

  it("carry people's tags and what a relaunch needs, and none of the source's marks", () => {
    const tags = {
      ...OWNERSHIP,
      Name: 'web',
      'imago:instance-type': 'm7g.large',
      'imago:security-groups': 'sg-0aa',
      'imago:security-groups.2': 'sg-0bb',
      'imago:hold': '2099-01-01',
      'imago:copied-from': '999900001111/us-east-1/ami-0',
      'aws:ec2:any': 'x',
      'dlm:managed': 'true',
    };

    expect(copyTags(tags)).toEqual({
      ...OWN,
      Name: 'web',
      'imago:instance-type': 'm7g.large',
      'imago:security-groups': 'sg-0aa',
      'imago:security-groups.2': 'sg-0bb',
    });
  });

  it('are 50 at most: what a relaunch needs goes before what people wrote', () => {
    const tags = copyTags({ ...numbered(49), 'imago:subnet': 'subnet-0aa' });

    expect(Object.keys(tags)).toHaveLength(50);
    expect(tags).toMatchObject({ ...OWN, 'imago:subnet': 'subnet-0aa', t00: 'x', t41: 'x' });
    expect(tags).not.toHaveProperty('t42');
  });
});
