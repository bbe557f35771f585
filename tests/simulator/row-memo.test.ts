import { describe, expect, it } from 'vitest';
import { RowMemo } from '../../simulator/kernel/row-memo.ts';

interface Row {
  state: string;
  error?: string | undefined;
  disks: readonly string[];
  readonly tags: Map<string, string>;
  readonly users: Set<string>;
}

const CHANGING = { state: true, error: true, disks: true, tags: true, users: true } as const;

const createRow = (): Row => ({
  state: 'pending',
  disks: ['sda'],
  tags: new Map([['Name', 'web']]),
  users: new Set(['1']),
});

const makeOf = (row: Row) => ({ said: [row.state, row.error, ...row.tags, ...row.users] });

describe('what is made of a row', () => {
  it('is the same frozen object while the row says the same', () => {
    const memo = new RowMemo<Row, object>(CHANGING);
    const row = createRow();
    const first = memo.of(row, makeOf);
    row.state = 'available';
    row.state = 'pending';
    row.tags.set('Name', 'web');

    expect(memo.of(row, makeOf)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it.each<[string, (row: Row) => void]>([
    ['a field', (row) => (row.state = 'available')],
    ['a field that was not there', (row) => (row.error = 'broken')],
    ['a list', (row) => (row.disks = ['sda'])],
    ['the value of a key', (row) => row.tags.set('Name', 'db')],
    ['a key', (row) => row.tags.delete('Name') && row.tags.set('name', 'web')],
    ['a member of a set', (row) => row.users.delete('1') && row.users.add('2')],
    ['the size of a set', (row) => row.users.add('2')],
  ])('is made anew when %s has changed', (_what, change) => {
    const memo = new RowMemo<Row, object>(CHANGING);
    const row = createRow();
    const first = memo.of(row, makeOf);
    change(row);

    expect(memo.of(row, makeOf)).not.toBe(first);
    expect(memo.of(row, makeOf)).toEqual(makeOf(row));
  });
});
