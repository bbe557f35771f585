import { describe, expect, it } from 'vitest';
import { aPoint, aPolicy, anInstance, ELSEWHERE } from '../support/builders.ts';
import { creationFor, linesFor, namesFor } from '../support/creation.ts';

describe('instances', () => {
  it.each(['pending', 'stopping'] as const)('SCH-09 waits while one is %s', (state) => {
    expect(linesFor({ instances: [anInstance({ state })] })).toEqual([`wait SCH-09 ${state}`]);
  });

  it('SCH-02 tells of a slot that is served, though the instance is in transition', () => {
    const instances = [anInstance({ state: 'stopping' })];

    expect(linesFor({ instances, images: [aPoint()] })).toEqual(['keep SCH-02 ami-1']);
  });

  it('are no concern of a target that is not a home', () => {
    expect(creationFor({ target: ELSEWHERE })).toEqual({ decisions: [], actions: [] });
    expect(creationFor({ homes: [] })).toEqual({ decisions: [], actions: [] });
  });

  it('SEL-02 are ignored where no policy selects them, or none is there', () => {
    const instances = [anInstance({ tags: {} })];

    expect(linesFor({ instances })).toEqual(['ignore SEL-02 no tag Backup']);
    expect(linesFor({ instances, policies: [] })).toEqual(['ignore SEL-02 no policy']);
  });

  it('SEL-03 are ignored for the reason of the policy that came furthest', () => {
    const select = { ...aPolicy().select, not: { ids: [], tags: { 'no-backup': ['*'] } } };
    const policies = [
      aPolicy({ id: 'other', select: { ...select, tags: { Other: ['*'] } } }),
      aPolicy({ select }),
    ];
    const instances = [anInstance({ tags: { Backup: 'daily', 'no-backup': 'true' } })];

    expect(linesFor({ policies, instances })).toEqual(['ignore SEL-03 tag no-backup=true']);
  });

  it('SEL-02 are ignored for a value that differs rather than for a tag that is not there', () => {
    const select = (tags: Readonly<Record<string, readonly string[]>>) => ({
      ...aPolicy().select,
      tags,
    });
    const policies = [
      aPolicy({ id: 'first', select: select({ Role: ['db'] }) }),
      aPolicy({ id: 'second', select: select({ Backup: ['weekly'] }) }),
      aPolicy({ id: 'third', select: select({ Env: ['test'] }) }),
    ];
    const instances = [anInstance({ tags: { Backup: 'daily', Env: 'prod' } })];

    expect(linesFor({ policies, instances })).toEqual(['ignore SEL-02 tag Backup=daily']);
    expect(linesFor({ policies: [policies[0] ?? aPolicy()] })).toEqual([
      'ignore SEL-02 no tag Role',
    ]);
  });

  it('SEL-10 is said beside what becomes of a source of unknown age', () => {
    const select = { ...aPolicy().select, olderThanMs: 3_600_000 };

    expect(linesFor({ policies: [aPolicy({ select })] })).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z SEL-10',
    ]);
  });

  it('TAG-04 names the tags that a source ought to have, whatever becomes of it', () => {
    const tags = { ...aPolicy().tags, required: ['Owner', 'Backup', 'CostCenter', 'toString'] };
    const policies = [aPolicy({ tags })];

    expect(linesFor({ policies })).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z TAG-04 Owner, CostCenter, toString',
    ]);
    expect(linesFor({ policies, images: [aPoint()] })).toEqual([
      'keep SCH-02 ami-1 TAG-04 Owner, CostCenter, toString',
    ]);
    expect(linesFor({ policies: [aPolicy({ tags: { ...tags, required: ['Backup'] } })] })).toEqual([
      'create SCH-01 2026-11-21T02-00-00Z',
    ]);
  });

  it('get a point of every policy that selects them, in the order of the policies, then by id', () => {
    const policies = [aPolicy({ id: 'b-first' }), aPolicy({ id: 'a-second' })];
    const instances = [anInstance({ id: 'i-0bb' }), anInstance({ id: 'i-0aa' })];

    expect(namesFor({ policies, instances })).toEqual([
      'imago/prod/b-first/i-0aa/2026-11-21T02-00-00Z',
      'imago/prod/b-first/i-0bb/2026-11-21T02-00-00Z',
      'imago/prod/a-second/i-0aa/2026-11-21T02-00-00Z',
      'imago/prod/a-second/i-0bb/2026-11-21T02-00-00Z',
    ]);
  });
});
