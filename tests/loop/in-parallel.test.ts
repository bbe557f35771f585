import { describe, expect, test } from 'vitest';
import { inParallel } from '../../shared/loop/in-parallel.ts';

const always = (): boolean => true;
const turn = (): Promise<void> => Promise.resolve();

describe('work in parallel', () => {
  test('gives its results in the order of the items, however they finish', async () => {
    const waits = [3, 1, 2];

    const worked = await inParallel(waits, 3, always, async (turns) => {
      for (let index = 0; index < turns; index += 1) await turn();
      return turns;
    });

    expect(worked).toEqual({ results: [3, 1, 2] });
  });

  test('never has more under way than there are workers', async () => {
    let underWay = 0;
    let most = 0;

    await inParallel([1, 2, 3, 4, 5, 6, 7], 2, always, async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await turn();
      underWay -= 1;
    });

    expect(most).toBe(2);
  });

  test('leaves the rest once it may not go on', async () => {
    let left = 3;

    const { results } = await inParallel(
      ['a', 'b', 'c', 'd', 'e'],
      1,
      () => left > 0,
      (item) => {
        left -= 1;
        return Promise.resolve(item);
      },
    );

    expect(results).toEqual(['a', 'b', 'c']);
  });

  test('stops at a defect, waits for what is under way, and tells what is done', async () => {
    const started: number[] = [];

    const worked = await inParallel([1, 2, 3, 4, 5], 2, always, async (item) => {
      started.push(item);
      if (item === 1) throw new Error('a defect');
      await turn();
      return item;
    });

    expect(worked).toEqual({ results: [2], defect: new Error('a defect') });
    expect(started).toEqual([1, 2]);
  });
});
