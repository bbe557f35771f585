import { describe, expect, it } from 'vitest';
import { isSamePartition, REGIONS } from '../../shared/config/regions.ts';

describe('Regions', () => {
  it('are written in small letters, and each of them once', () => {
    expect(REGIONS.filter((name) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(name))).toEqual([]);
    expect(new Set(REGIONS).size).toBe(REGIONS.length);
  });

  it('include those that people use, and none that does not exist', () => {
    expect(REGIONS).toEqual(expect.arrayContaining(['us-east-1', 'eu-west-1', 'cn-north-1']));
    expect(REGIONS).not.toContain('eu-east-1');
  });

  it.each([
    ['eu-west-1', 'us-east-1', true],
    ['cn-north-1', 'cn-northwest-1', true],
    ['us-gov-east-1', 'us-gov-west-1', true],
    ['eu-west-1', 'cn-north-1', false],
    ['us-gov-west-1', 'us-west-1', false],
    ['nowhere-1', 'nowhere-1', false],
  ])('%s and %s in one partition: %s', (a, b, isSame) => {
    expect(isSamePartition(a, b)).toBe(isSame);
  });
});
