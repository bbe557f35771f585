import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Table, type Lag } from '../../simulator/kernel/consistency.ts';
import { OrderedMap } from '../../simulator/kernel/ordered-map.ts';

interface Row {
  state: string;
  readonly tags: Map<string, string>;
}

/** A table whose lag is set by hand, at an instant that is set by hand. */
const createTable = (lagMs: number) => {
  const time = { nowMs: 0, lagMs };
  const lag: Lag = { nowMs: () => time.nowMs, untilMs: () => time.nowMs + time.lagMs };
  return { time, lag, table: new Table<Row>(lag) };
};

const row = (state: string): Row => ({ state, tags: new Map([['state', state]]) });

const change = (table: Table<Row>, id: string, state: string): void => {
  table.changing(id);
  const found = table.get(id);
  if (found === undefined) throw new Error(`no ${id}`);
  found.state = state;
  found.tags.set('state', state);
};

describe('a table with a lag', () => {
  it('shows a change to reads after the lag, and to writes at once', () => {
    const { table, time } = createTable(1_000);
    table.set('a', row('old'));
    time.nowMs = 5_000;

    change(table, 'a', 'new');

    expect(table.get('a')?.state).toBe('new');
    expect(table.seen('a')).toEqual(row('old'));
    time.nowMs = 5_999;
    expect(table.seen('a')).toEqual(row('old'));
    time.nowMs = 6_000;
    expect(table.seen('a')).toBe(table.get('a'));
  });

  it('shows a new row late, and one that is gone a while longer', () => {
    const { table, time } = createTable(1_000);
    table.set('a', row('made'));
    expect([...table.seenAfter()]).toEqual([]);

    time.nowMs = 2_000;
    table.delete('a');

    expect(table.has('a')).toBe(false);
    expect([...table.seenAfter()]).toEqual([row('made')]);
    time.nowMs = 3_000;
    expect([...table.seenAfter()]).toEqual([]);
  });

  it('shows several changes of a row one after the other', () => {
    const { table, time } = createTable(1_000);
    table.set('a', row('one'));
    const seen: (string | undefined)[] = [];
    for (const [nowMs, state] of [
      [2_000, 'two'],
      [2_500, 'three'],
    ] as const) {
      time.nowMs = nowMs;
      change(table, 'a', state);
    }

    for (const nowMs of [2_999, 3_000, 3_499, 3_500]) {
      time.nowMs = nowMs;
      seen.push(table.seen('a')?.state);
    }

    expect(seen).toEqual(['one', 'two', 'two', 'three']);
  });

  it('never shows a later change before an earlier one', () => {
    const { table, time } = createTable(1_000);
    table.set('a', row('one'));
    time.nowMs = 2_000;
    change(table, 'a', 'two');
    time.lagMs = 10;
    change(table, 'a', 'three');

    time.nowMs = 2_999;
    expect(table.seen('a')?.state).toBe('one');
    time.nowMs = 3_000;
    expect(table.seen('a')?.state).toBe('three');
  });

  it('knows which rows reads may see otherwise by now, those that were loaded unseen included', () => {
    const { lag, table, time } = createTable(1_000);
    for (const id of ['a', 'b', 'c']) table.set(id, row('old'));
    time.nowMs = 5_000;
    change(table, 'a', 'new');
    const { changes } = table;
    change(table, 'b', 'new');

    expect(table.changedSince(changes, 5_999)).toEqual(new Set(['a', 'b']));
    expect(table.changedSince(changes, 6_000)).toEqual(new Set(['b']));

    const loaded = new Table<Row>(lag);
    loaded.load([...table], table.saveVersions());

    expect(loaded.changedSince(loaded.changes, 5_999)).toEqual(new Set(['a', 'b']));
    expect(loaded.changedSince(loaded.changes, 6_000)).toEqual(new Set());
  });

  it('goes on as it was after it has been saved and loaded', () => {
    const { table, time, lag } = createTable(1_000);
    table.set('a', row('one'));
    table.set('b', row('gone'));
    time.nowMs = 2_000;
    change(table, 'a', 'two');
    table.delete('b');
    table.set('c', row('new'));

    const loaded = new Table<Row>(lag);
    loaded.load([...table], table.saveVersions());

    const states = () => [...loaded.seenAfter()].map(({ state }) => state);
    expect(states()).toEqual(['one', 'gone']);
    time.nowMs = 3_000;
    expect(states()).toEqual(['two', 'new']);
  });

  it('forgets versions that nobody sees any more', () => {
    const { table, time } = createTable(1_000);
    for (let index = 0; index < 500; index += 1) {
      table.set(`row-${index}`, row('made'));
      time.nowMs += 100;
    }
    time.nowMs += 1_000;

    expect(table.saveVersions().size).toBe(0);
  });
});

describe('a table without a lag', () => {
  it('keeps no versions, and shows the rows themselves', () => {
    const { table } = createTable(0);
    table.set('a', row('one'));
    change(table, 'a', 'two');
    table.set('b', row('gone'));
    table.delete('b');

    expect(table.saveVersions().size).toBe(0);
    expect(table.seen('a')).toBe(table.get('a'));
    expect([...table.seenAfter()]).toEqual([row('two')]);
  });
});

describe('a search of a table', () => {
  it('finds the first of many and the few of many, in the order of their ids', () => {
    const { table, time } = createTable(1_000);
    const idOf = (index: number): string => String((index * 7_919) % 10_000).padStart(4, '0');
    for (let index = 0; index < 10_000; index += 1) table.set(idOf(index), row(idOf(index)));
    time.nowMs = 2_000;
    change(table, '9998', 'changed');
    table.delete('9999');
    const stateOf = ({ state }: Row): string => state;
    const isRare = ({ state }: Row): boolean => state === 'changed' || state.endsWith('99');

    expect(table.matchesAfter('0010', () => true, 3).map(stateOf)).toEqual([
      '0011',
      '0012',
      '0013',
    ]);
    expect(table.matchesAfter('9000', isRare, 3).map(stateOf)).toEqual(['9099', '9199', '9299']);
    expect(table.matchesAfter('9700', isRare, 1_000).map(stateOf)).toEqual([
      '9799',
      '9899',
      '9999',
    ]);
    expect(table.matchesAfter('', isRare, 1_000)).toHaveLength(100);
    time.nowMs = 3_000;
    expect(table.matchesAfter('9900', isRare, 1_000).map(stateOf)).toEqual(['changed']);
    expect(table.matchesAfter('', isRare, 1_000).at(-1)?.state).toBe('changed');
  });
});

describe('an ordered Map', () => {
  const step = record({
    what: constantFrom('set', 'delete', 'read', 'set many', 'delete many', 'clear'),
    key: integer({ min: 0, max: 300 }),
  });

  it('gives its values in the order of their keys, whatever was set and deleted before', () => {
    const keyOf = (key: number): string => `k${String(key % 301).padStart(3, '0')}`;
    const acts: Readonly<Record<string, (map: Map<string, number>, key: number) => void>> = {
      set: (map, key) => map.set(keyOf(key), key),
      delete: (map, key) => map.delete(keyOf(key)),
      'set many': (map, key) => {
        for (let next = key; next < key + 100; next += 1) map.set(keyOf(next), key);
      },
      'delete many': (map, key) => {
        for (let next = key; next < key + 250; next += 1) map.delete(keyOf(next));
      },
      clear: (map) => {
        map.clear();
      },
      read: (map) => {
        if (map instanceof OrderedMap) Array.from(map.after(''));
      },
    };
    assert(
      property(array(step, { maxLength: 40 }), integer({ min: 0, max: 300 }), (steps, from) => {
        const map = new OrderedMap<number>();
        const model = new Map<string, number>();
        for (const { what, key } of steps) {
          acts[what]?.(map, key);
          acts[what]?.(model, key);
        }
        const expected = [...model]
          .filter(([key]) => key > keyOf(from))
          .sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...map.after(keyOf(from))]).toEqual(expected.map(([, value]) => value));
        expect([...map.after('')]).toHaveLength(model.size);
      }),
      { numRuns: 300 },
    );
  });
});
