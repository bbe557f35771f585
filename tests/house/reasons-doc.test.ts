import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REASONS } from '../../shared/domain/reasons.ts';
import { ROOT } from './sources.ts';

/** `| PRO-01 | in-use-by-instance | What it means and what a user can do. |` */
const ROW = /^\| (?<id>[A-Z]{3}-\d\d) \| (?<name>[a-z-]+) \| (?<text>.*) \|$/;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

const rowsOf = (markdown: string): readonly Row[] =>
  markdown.split('\n').flatMap((line) => {
    const { id, name, text } = ROW.exec(line)?.groups ?? {};
    return id === undefined || name === undefined || text === undefined ? [] : [{ id, name, text }];
  });

describe('docs/reasons.md', () => {
  const markdown = readFileSync(join(ROOT, 'docs/reasons.md'), 'utf8');
  const rows = rowsOf(markdown);

  test('lists every reason of the code once, by its id and name, and no other', () => {
    const documented = rows.map(({ id, name }) => `${id} ${name}`).sort();
    const known = Object.entries(REASONS).map(([id, name]) => `${id} ${name}`);

    expect(documented).toEqual(known.sort());
  });

  test('says of each in a sentence or more what it means', () => {
    const short = rows.filter(({ text }) => text.length < 40 || !text.endsWith('.'));

    expect(short.map(({ id }) => id)).toEqual([]);
  });

  test('has no row that a typing error hides from these tests', () => {
    const odd = markdown
      .split('\n')
      .filter((line) => line.startsWith('|') && !ROW.test(line))
      .filter((line) => !/^\|(?: Id |---)\|/.test(line));

    expect(odd).toEqual([]);
  });
});
