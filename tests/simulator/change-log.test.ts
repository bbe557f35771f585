import { describe, expect, it } from 'vitest';
import { ChangeLog } from '../../simulator/kernel/change-log.ts';

describe('the changes of a table', () => {
  it('are those after a count, each row once', () => {
    const log = new ChangeLog();
    for (const id of ['a', 'b', 'a', 'c', 'a']) log.add(id, 0);

    expect(log.count).toBe(5);
    expect(log.since(2, 10)).toEqual(new Set(['a', 'c']));
    expect(log.since(5, 10)).toEqual(new Set());
  });

  it('are earlier ones as well, where a describe did not see them yet', () => {
    const log = new ChangeLog();
    log.add('seen', 100);
    log.add('unseen', 101);

    expect(log.since(2, 100)).toEqual(new Set(['unseen']));
  });

  it('are known of the last thousand', () => {
    const log = new ChangeLog();
    for (let index = 0; index < 2_000; index += 1) log.add(`row ${index}`, 0);

    expect(log.count).toBe(2_000);
    expect(log.since(1_000, 10)?.size).toBe(1_000);
    expect(log.since(999, 10)).toBeUndefined();
  });

  it('are not known if one that is forgotten was not seen by then', () => {
    const log = new ChangeLog();
    log.add('slow', 500);
    for (let index = 1; index < 2_000; index += 1) log.add(`row ${index}`, 0);

    expect(log.since(1_500, 499)).toBeUndefined();
    expect(log.since(1_500, 500)?.size).toBe(500);
  });
});
