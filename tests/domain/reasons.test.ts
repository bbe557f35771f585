import { describe, expect, it } from 'vitest';
import { describeReason, REASONS, reason } from '../../shared/domain/reasons.ts';

describe('reasons', () => {
  it('have ids of one family and two digits', () => {
    const odd = Object.keys(REASONS).filter(
      (id) => !/^(SEL|SCH|TAG|COP|RET|PRO|OWN|ADO|LIM)-\d\d$/.test(id),
    );

    expect(odd).toEqual([]);
  });

  it('have names in kebab-case, no two the same', () => {
    const names = Object.values(REASONS);

    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
    expect(new Set<string>(names).size).toBe(names.length);
  });

  it('are told with their id, their name and what shows them', () => {
    expect(describeReason(reason('PRO-01', 'i-0aa (stopped)'))).toBe(
      'PRO-01 in-use-by-instance i-0aa (stopped)',
    );
    expect(describeReason(reason('RET-16'))).toBe('RET-16 orphan-snapshot');
  });

  it('carry no evidence where there is none to carry', () => {
    expect(reason('PRO-03', '')).toEqual({ id: 'PRO-03' });
    expect(reason('PRO-03')).toEqual({ id: 'PRO-03' });
  });
});
