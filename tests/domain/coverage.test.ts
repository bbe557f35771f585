import { describe, expect, it } from 'vitest';
import { type Coverage, coverageOf } from '../../shared/domain/coverage.ts';
import {
  aCopy,
  anInstance,
  at,
  aPlace,
  aPlanInput,
  aPoint,
  aPolicy,
  ELSEWHERE,
  type PlanParts,
} from '../support/builders.ts';

const rowsFor = (parts: PlanParts): readonly Coverage[] => coverageOf(aPlanInput(parts));

const statusFor = (parts: PlanParts): readonly string[] =>
  rowsFor(parts).map(({ instanceId, status }) => `${instanceId} ${status}`);

describe('a source that a policy covers', () => {
  it('is ok with a good point inside its RPO, and has a row with the ages of its copies', () => {
    const parts = {
      instances: [
        anInstance({ state: 'stopped' as const, tags: { Backup: 'daily', Name: 'web' } }),
      ],
      policies: [aPolicy({ copyTo: [{ region: 'eu-west-1', keep: { last: 1 } }] })],
      images: [aPoint({ slot: '2026-11-20T02:00Z' }), aPoint({ id: 'ami-2' })],
      places: [aPlace(ELSEWHERE, [aCopy({ slot: '2026-11-20T02:00Z' })])],
    };

    expect(rowsFor(parts)).toEqual([
      {
        instanceId: 'i-0aa',
        label: 'web',
        state: 'stopped',
        status: 'ok',
        policyId: 'web-daily',
        rpoMs: 93_600_000,
        newestAgeMs: 600_000,
        copies: [{ region: 'eu-west-1', newestAgeMs: 87_000_000 }],
        reasons: [{ id: 'SCH-02', evidence: 'ami-2' }],
      },
    ]);
  });

  it('is ok with a point as old as its RPO, and a breach a millisecond later', () => {
    const images = [aPoint({ slot: '2026-11-20T02:00Z' })];

    expect(statusFor({ images, now: '2026-11-21T04:00Z' })).toEqual(['i-0aa ok']);
    expect(statusFor({ images, now: '2026-11-21T04:00:00.001Z' })).toEqual(['i-0aa breach']);
  });

  it('is a breach without any point, and its row has no age', () => {
    expect(rowsFor({})).toEqual([
      {
        instanceId: 'i-0aa',
        label: '',
        state: 'running',
        status: 'breach',
        policyId: 'web-daily',
        rpoMs: 93_600_000,
        copies: [],
        reasons: [{ id: 'SCH-01', evidence: '2026-11-21T02-00-00Z' }],
      },
    ]);
  });

  it.each([
    ['pending', aPoint({ state: 'pending' })],
    ['failed', aPoint({ state: 'failed' })],
    ['disabled', aPoint({ state: 'disabled' })],
    ['of another policy', aPoint({ policyId: 'db-6h' })],
    ['of another source', aPoint({ source: 'i-0bb' })],
    ["a person's copy", aPoint({ name: 'mine' })],
  ])('is a breach with only a point that is %s', (_, image) => {
    expect(statusFor({ images: [image] })).toEqual(['i-0aa breach']);
  });

  it('counts a point under a former id of its policy', () => {
    const policies = [aPolicy({ formerly: ['web-nightly'] })];

    expect(statusFor({ policies, images: [aPoint({ policyId: 'web-nightly' })] })).toEqual([
      'i-0aa ok',
    ]);
  });

  it('has a row for each policy', () => {
    const policies = [aPolicy(), aPolicy({ id: 'db-6h' })];

    expect(statusFor({ policies, images: [aPoint()] })).toEqual(['i-0aa ok', 'i-0aa breach']);
  });

  it('has no age for a copy at a place that was not read', () => {
    const policies = [aPolicy({ copyTo: [{ region: 'eu-west-1', keep: { last: 1 } }] })];

    expect(rowsFor({ policies }).map(({ copies }) => copies)).toEqual([[{ region: 'eu-west-1' }]]);
  });
});

describe('an instance that no policy covers', () => {
  const select = { ...aPolicy().select, not: { ids: [], tags: { 'no-backup': ['*'] } } };
  const policies = [aPolicy({ select: { ...select, states: ['running'] } })];

  it.each([
    ['unprotected', 'has no tag that selects it', anInstance({ tags: {} })],
    ['unprotected', 'cannot be imaged', anInstance({ rootDeviceType: 'instance-store' })],
    ['excluded', 'not', anInstance({ tags: { Backup: 'daily', 'no-backup': '' } })],
    [
      'excluded',
      'its group',
      anInstance({ tags: { Backup: 'daily', 'aws:autoscaling:groupName': 'web' } }),
    ],
    ['excluded', 'its state', anInstance({ state: 'stopped' })],
    ['excluded', 'being on its way out', anInstance({ state: 'shutting-down' })],
  ])('is %s for %s', (status, _, instance) => {
    expect(statusFor({ policies, instances: [instance] })).toEqual([`i-0aa ${status}`]);
  });

  it.each([
    ['too young', 'olderThanMs', '2026-11-21T02:00Z'],
    ['too old', 'youngerThanMs', '2026-11-20T02:00Z'],
  ])('is excluded for being %s', (_, rule, launched) => {
    const byAge = [aPolicy({ select: { ...aPolicy().select, [rule]: 3_600_000 } })];
    const instances = [anInstance({ launchedMs: at(launched) })];

    expect(statusFor({ policies: byAge, instances })).toEqual(['i-0aa excluded']);
  });

  it('is not listed once it is terminated', () => {
    expect(statusFor({ instances: [anInstance({ state: 'terminated' })] })).toEqual([]);
  });

  it('stands among the others by id', () => {
    const instances = [
      anInstance({ id: 'i-0cc', tags: {} }),
      anInstance({ id: 'i-0bb' }),
      anInstance({ id: 'i-0aa', tags: {} }),
    ];

    expect(statusFor({ instances })).toEqual([
      'i-0aa unprotected',
      'i-0bb breach',
      'i-0cc unprotected',
    ]);
  });
});
