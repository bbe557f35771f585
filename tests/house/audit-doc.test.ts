import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AUDIT_SECTIONS } from '../../shared/domain/audit-report.ts';
import { ROOT } from './sources.ts';

/** `| AUD-01 | unreferenced-images | What it means, and what you can do. |` */
const ROW = /^\| (AUD-\d\d) \| ([a-z-]+) \| (.*) \|$/;

describe('docs/audit.md', () => {
  const rows = readFileSync(join(ROOT, 'docs/audit.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, id, name, text] = ROW.exec(line) ?? [];
      return id === undefined || text === undefined ? [] : [{ id, name, text }];
    });

  test('lists every section of the code once, by its id and name, in their order', () => {
    expect(rows.map(({ id, name }) => [id, name])).toEqual(
      Object.entries(AUDIT_SECTIONS).map(([id, { name }]) => [id, name]),
    );
  });

  test('says of each in a sentence or more what it means', () => {
    expect(rows.filter(({ text }) => text.length < 40 || !text.endsWith('.'))).toEqual([]);
  });
});
