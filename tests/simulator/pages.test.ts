import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bench, codeOf, createBench, makeImage } from './fixture.ts';

/** Follows the tokens to the end; throws when one does not advance. */
const allPages = (bench: Bench, MaxResults: number) => {
  const pages: string[][] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const { Images: images = [], NextToken } = bench.cloud.ec2.DescribeImages(
      { Owners: ['self'], MaxResults, NextToken: token },
      bench.home(),
    );
    pages.push(images.map((image) => image.ImageId ?? ''));
    token = NextToken;
    if (token !== undefined && seen.has(token)) throw new Error('the token does not advance');
    seen.add(token ?? '');
  } while (token !== undefined);
  return pages;
};

describe('pages', () => {
  it('give every row once, in full pages, and then no token', () => {
    assert(
      property(integer({ min: 0, max: 23 }), integer({ min: 1, max: 9 }), (count, size) => {
        const bench = createBench({ pendingSnapshotsPerVolume: 100 });
        const ids = Array.from({ length: count }, (_, index) => makeImage(bench, `name-${index}`));
        const pages = allPages(bench, size);
        expect(pages.flat().toSorted()).toEqual(ids.toSorted());
        expect(pages.slice(0, -1).every((page) => page.length === size)).toBe(true);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(count / size)));
      }),
      { numRuns: 40 },
    );
  });

  it('are capped by the manners, whatever MaxResults says', () => {
    const bench = createBench({ pageSizeMax: 2 });
    for (const name of ['one', 'two', 'three', 'four', 'five']) makeImage(bench, name);
    expect(allPages(bench, 1_000).map((page) => page.length)).toEqual([2, 2, 1]);
  });

  it('go on after the last row even if that row is deleted meanwhile', () => {
    const bench = createBench();
    for (const name of ['one', 'two', 'three']) makeImage(bench, name);
    const first = bench.cloud.ec2.DescribeImages({ Owners: ['self'], MaxResults: 1 }, bench.home());
    bench.cloud.ec2.DeregisterImage({ ImageId: first.Images?.[0]?.ImageId }, bench.home());
    const rest = bench.cloud.ec2.DescribeImages(
      { Owners: ['self'], NextToken: first.NextToken },
      bench.home(),
    );
    expect(rest.Images).toHaveLength(2);
  });

  it('are refused for a token that is none, and for a size out of bounds', () => {
    const bench = createBench();
    const { ec2 } = bench.cloud;
    expect(codeOf(() => ec2.DescribeImages({ NextToken: 'nonsense' }, bench.home()))).toBe(
      'InvalidNextToken',
    );
    expect(codeOf(() => ec2.DescribeInstances({ MaxResults: 4 }, bench.home()))).toBe(
      'InvalidParameterValue',
    );
    expect(ec2.DescribeInstances({ MaxResults: 5 }, bench.home()).NextToken).toMatch(/./);
  });
});
