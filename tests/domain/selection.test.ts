import { describe, expect, it } from 'vitest';
import type { Instance, InstanceState, Tags } from '../../shared/domain/model.ts';
import type { Selection } from '../../shared/domain/policy.ts';
import { createSelector, looksAt, selectInstance } from '../../shared/domain/selection.ts';
import { anInstance, aPolicy, at } from '../support/builders.ts';

const reasonFor = (
  instance: Partial<Instance>,
  select: Partial<Selection> = {},
): readonly [boolean, string, string | undefined] => {
  const { isSelected, reason } = selectInstance(
    anInstance(instance),
    aPolicy({ select: { ...aPolicy().select, ...select } }),
    NOW_MS,
  );
  return [isSelected, reason.id, reason.evidence];
};

const NOW_MS = at('2026-11-21T02:10Z');
const NOTHING = { ids: [], tags: {} };

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
    const not = { ids: [], tags: { 'no-backup': ['*'], Env: ['test'] } };

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

describe('selection by id', () => {
  it.each([
    ['its very id', ['i-0aa']],
    ['a pattern', ['i-0a*']],
    ['another of several patterns', ['i-0bb', '*aa']],
    ['no pattern at all', []],
  ])('SEL-01 takes an instance that matches %s', (_, ids) => {
    expect(reasonFor({}, { ids })).toEqual(SELECTED);
  });

  it('SEL-02 leaves out an instance that matches none, whatever its tags', () => {
    expect(reasonFor({}, { ids: ['i-0bb', 'i-0a'] })).toEqual([
      false,
      'SEL-02',
      'its id is not among those named',
    ]);
  });

  it('SEL-02 leaves out an instance that is named and lacks a tag', () => {
    expect(reasonFor({ tags: {} }, { ids: ['i-0aa'] })).toEqual([false, 'SEL-02', 'no tag Backup']);
  });

  it('SEL-03 leaves out an instance that not names, before its tags are looked at', () => {
    const not = { ids: ['i-0bb', 'i-0a?'], tags: { Backup: ['daily'] } };

    expect(reasonFor({}, { not })).toEqual([false, 'SEL-03', 'id i-0a?']);
    expect(reasonFor({ id: 'i-0bb' }, { not })).toEqual([false, 'SEL-03', 'id i-0bb']);
    expect(reasonFor({ id: 'i-0cc' }, { not })).toEqual([false, 'SEL-03', 'tag Backup=daily']);
  });
});

describe('selection by alternatives', () => {
  const anyOf = [
    { ids: [], tags: { Role: ['db'], Tier: ['1'] } },
    { ids: ['i-0bb'], tags: {} },
  ];

  it.each<[string, Partial<Instance>]>([
    ['the first', { tags: { Backup: 'daily', Role: 'db', Tier: '1' } }],
    ['the second', { id: 'i-0bb' }],
  ])('SEL-01 takes an instance that meets %s of them', (_, instance) => {
    expect(reasonFor(instance, { anyOf })).toEqual(SELECTED);
  });

  it('SEL-02 leaves out an instance that meets none, and names what each lacks', () => {
    expect(reasonFor({ tags: { Backup: 'daily', Role: 'db' } }, { anyOf })).toEqual([
      false,
      'SEL-02',
      'none of anyOf: no tag Tier; its id is not among those named',
    ]);
    expect(reasonFor({ tags: { Backup: 'daily', Role: 'web' } }, { anyOf })).toEqual([
      false,
      'SEL-02',
      'none of anyOf: tag Role=web; its id is not among those named',
    ]);
  });

  it('SEL-02 demands the tags beside the alternatives all the same', () => {
    expect(reasonFor({ id: 'i-0bb', tags: {} }, { anyOf })).toEqual([
      false,
      'SEL-02',
      'no tag Backup',
    ]);
  });

  it('SEL-01 needs no tags beside them', () => {
    expect(reasonFor({ id: 'i-0bb', tags: {} }, { tags: {}, anyOf })).toEqual(SELECTED);
  });

  it('SEL-03 excludes what meets one of them', () => {
    const not = { ids: ['i-0bb'], tags: {} };

    expect(reasonFor({ id: 'i-0bb' }, { anyOf, not })).toEqual([false, 'SEL-03', 'id i-0bb']);
  });
});

describe('selection by age', () => {
  const launched = (text: string): Partial<Instance> => ({ launchedMs: at(text) });
  const hourMs = 3_600_000;

  it('SEL-08 leaves out an instance until it is as old as olderThan', () => {
    expect(reasonFor(launched('2026-11-21T01:10:00.001Z'), { olderThanMs: hourMs })).toEqual([
      false,
      'SEL-08',
      'launched 2026-11-21T01-10-00Z',
    ]);
    expect(reasonFor(launched('2026-11-21T01:10Z'), { olderThanMs: hourMs })).toEqual(SELECTED);
  });

  it('SEL-09 leaves out an instance once it is older than youngerThan', () => {
    expect(reasonFor(launched('2026-11-21T01:09:59.999Z'), { youngerThanMs: hourMs })).toEqual([
      false,
      'SEL-09',
      'launched 2026-11-21T01-09-59Z',
    ]);
    expect(reasonFor(launched('2026-11-21T01:10Z'), { youngerThanMs: hourMs })).toEqual(SELECTED);
  });

  it('SEL-01 takes an instance between the two', () => {
    const between = { olderThanMs: hourMs, youngerThanMs: 3 * hourMs };

    expect(reasonFor(launched('2026-11-21T00:10Z'), between)).toEqual(SELECTED);
    expect(reasonFor(launched('2026-11-21T02:00Z'), between)[1]).toBe('SEL-08');
    expect(reasonFor(launched('2026-11-20T02:00Z'), between)[1]).toBe('SEL-09');
  });

  it.each([{ olderThanMs: hourMs }, { youngerThanMs: hourMs }])(
    'SEL-10 takes an instance of unknown age, with %j',
    (ages) => {
      expect(reasonFor({}, ages)).toEqual([true, 'SEL-10', undefined]);
    },
  );

  it('SEL-01 takes an instance of unknown age where age does not matter', () => {
    expect(reasonFor({})).toEqual(SELECTED);
  });

  it('SEL-05 comes before its age: a state tells more', () => {
    const instance = { ...launched('2026-11-21T02:00Z'), state: 'stopped' as const };

    expect(reasonFor(instance, { olderThanMs: hourMs, states: ['running'] })[1]).toBe('SEL-05');
  });
});

describe('what ids and tags alone can tell', () => {
  const wants = (instance: Partial<Instance>, select: Partial<Selection> = {}): boolean =>
    createSelector({ ...aPolicy().select, ...select }, NOW_MS).wantsTagged(anInstance(instance));

  it('is all but the state, the root device and the age', () => {
    const instance = { state: 'terminated', rootDeviceType: 'instance-store' } as const;

    expect(wants(instance, { olderThanMs: 1 })).toBe(true);
    expect(wants({ tags: {} })).toBe(false);
    expect(wants({}, { ids: ['i-0bb'] })).toBe(false);
    expect(wants({}, { not: { ids: ['i-0aa'], tags: {} } })).toBe(false);
    expect(wants({ tags: { Backup: 'daily', 'aws:autoscaling:groupName': 'web' } })).toBe(false);
  });

  it.each<[string, boolean]>([
    ['Backup', true],
    ['Role', true],
    ['no-backup', true],
    ['aws:autoscaling:groupName', true],
    ['Name', false],
    ['constructor', false],
  ])('the tag %s makes a difference: %s', (key, expected) => {
    const rules: Selection = {
      ...aPolicy().select,
      anyOf: [NOTHING, { ids: [], tags: { Role: ['db'] } }],
      not: { ids: [], tags: { 'no-backup': ['*'] } },
    };

    expect(looksAt(rules, key)).toBe(expected);
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

  it('SEL-03, SEL-04, SEL-07, SEL-06 and SEL-05 come in this order', () => {
    const select: Partial<Selection> = {
      not: { ids: ['i-0aa'], tags: {} },
      states: ['stopped'],
    };
    const member = { Backup: 'daily', 'aws:autoscaling:groupName': 'web' };
    const root = 'instance-store' as const;
    const gone = 'terminated' as const;

    expect(
      [
        reasonFor({ tags: member, rootDeviceType: root, state: gone }, select),
        reasonFor({ id: 'i-1', tags: member, rootDeviceType: root, state: gone }, select),
        reasonFor({ id: 'i-1', rootDeviceType: root, state: gone }, select),
        reasonFor({ id: 'i-1', state: gone }, select),
        reasonFor({ id: 'i-1' }, select),
      ].map(([, id]) => id),
    ).toEqual(['SEL-03', 'SEL-04', 'SEL-07', 'SEL-06', 'SEL-05']);
  });

  it('SEL-02 comes before any other reason: what no policy is about is not looked at further', () => {
    const tags = { 'aws:autoscaling:groupName': 'web' };

    expect(reasonFor({ state: 'terminated', tags })).toEqual([false, 'SEL-02', 'no tag Backup']);
  });
});
