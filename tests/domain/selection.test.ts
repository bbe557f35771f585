import { describe, expect, it } from 'vitest';
import type { Instance, InstanceState, Tags } from '../../shared/domain/model.ts';
import type { Selection } from '../../shared/domain/policy.ts';
import { selectInstance } from '../../shared/domain/selection.ts';
import { anInstance, aPolicy } from '../support/builders.ts';

const reasonFor = (
  instance: Partial<Instance>,
  select: Partial<Selection> = {},
): readonly [boolean, string, string | undefined] => {
  const { isSelected, reason } = selectInstance(
    anInstance(instance),
    aPolicy({ select: { ...aPolicy().select, ...select } }),
  );
  return [isSelected, reason.id, reason.evidence];
};

const SELECTED = [true, 'SEL-01', undefined];

describe('selection by tags', () => {
  const demands = { Backup: ['daily', 'nightly'], Env: ['prod', 'stag*'] };

  it.each<[string, Tags]>([
    ['the first value of each', { Backup: 'daily', Env: 'prod' }],
    ['another value of each', { Backup: 'nightly', Env: 'prod' }],
    ['a value that a wildcard matches', { Backup: 'daily', Env: 'staging' }],
    ['more tags than are asked for', { Backup: 'daily', Env: 'prod', Name: 'web' }],
  ])('SEL-01 takes an instance with %s', (_, tags) => {
    expect(reasonFor({ tags }, { tags: demands })).toEqual(SELECTED);
  });

  it.each<[string, Tags, string]>([
    ['none of the tags', {}, 'no tag Backup'],
    ['only one of two tags', { Backup: 'daily' }, 'no tag Env'],
    ['another value', { Backup: 'weekly', Env: 'prod' }, 'tag Backup=weekly'],
    ['a value in another case', { Backup: 'Daily', Env: 'prod' }, 'tag Backup=Daily'],
    ['a key in another case', { backup: 'daily', Env: 'prod' }, 'no tag Backup'],
    ['a value that goes on', { Backup: 'daily2', Env: 'prod' }, 'tag Backup=daily2'],
  ])('SEL-02 leaves out an instance with %s', (_, tags, evidence) => {
    expect(reasonFor({ tags }, { tags: demands })).toEqual([false, 'SEL-02', evidence]);
  });

  it('SEL-02 leaves out an instance without a tag, though its value might be anything', () => {
    expect(reasonFor({ tags: {} }, { tags: { Backup: ['*'] } })).toEqual([
      false,
      'SEL-02',
      'no tag Backup',
    ]);
  });

  it('SEL-01 takes an instance whose tag is there and empty, if its value may be anything', () => {
    expect(reasonFor({ tags: { Backup: '' } }, { tags: { Backup: ['*'] } })).toEqual(SELECTED);
  });

  it('SEL-03 leaves out an instance that matches any one tag of not', () => {
    const not = { tags: { 'no-backup': ['*'], Env: ['test'] } };

    expect(reasonFor({ tags: { Backup: 'daily', Env: 'test' } }, { not })).toEqual([
      false,
      'SEL-03',
      'tag Env=test',
    ]);
    expect(reasonFor({ tags: { Backup: 'daily', 'no-backup': '' } }, { not })).toEqual([
      false,
      'SEL-03',
      'tag no-backup=',
    ]);
    expect(reasonFor({ tags: { Backup: 'daily', Env: 'prod' } }, { not })).toEqual(SELECTED);
  });
});

describe('selection by kind', () => {
  const member = { Backup: 'daily', 'aws:autoscaling:groupName': 'web' };

  it('SEL-04 leaves out a member of an Auto Scaling group', () => {
    expect(reasonFor({ tags: member })).toEqual([false, 'SEL-04', 'web']);
  });

  it('SEL-01 takes a member of an Auto Scaling group, if the policy says so', () => {
    expect(reasonFor({ tags: member }, { autoScalingMembers: true })).toEqual(SELECTED);
  });

  it('SEL-07 leaves out an instance with an instance-store root', () => {
    expect(reasonFor({ rootDeviceType: 'instance-store' })).toEqual([
      false,
      'SEL-07',
      'cannot be imaged',
    ]);
  });
});

describe('selection by state', () => {
  it.each<[InstanceState, Selection['states']]>([
    ['pending', ['running']],
    ['running', ['running']],
    ['stopping', ['stopped']],
    ['stopped', ['stopped']],
    ['stopped', ['running', 'stopped']],
  ])('SEL-01 takes an instance that is %s, where %j are selected', (state, states) => {
    expect(reasonFor({ state }, { states })).toEqual(SELECTED);
  });

  it.each<[InstanceState, Selection['states']]>([
    ['pending', ['stopped']],
    ['running', ['stopped']],
    ['stopping', ['running']],
    ['stopped', ['running']],
  ])('SEL-05 leaves out an instance that is %s, where %j are selected', (state, states) => {
    expect(reasonFor({ state }, { states })).toEqual([false, 'SEL-05', state]);
  });

  it.each<InstanceState>(['shutting-down', 'terminated'])(
    'SEL-06 leaves out an instance that is %s',
    (state) => {
      expect(reasonFor({ state })).toEqual([false, 'SEL-06', state]);
    },
  );

  it('SEL-02 comes before any other reason: what no policy is about is not looked at further', () => {
    const tags = { 'aws:autoscaling:groupName': 'web' };

    expect(reasonFor({ state: 'terminated', tags })).toEqual([false, 'SEL-02', 'no tag Backup']);
  });
});
