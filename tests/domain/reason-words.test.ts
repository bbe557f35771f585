import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REASON_WORDS } from '../../shared/domain/reason-words.ts';

test('what an explanation says of a reason is what docs/reasons.md says', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/reasons.md'), 'utf8');
  const rows = [...text.matchAll(/^\| ([A-Z]{3}-\d\d) \| \S+ \| (.*) \|$/gm)];

  expect(Object.fromEntries(rows.map(([, id, words]) => [id, words]))).toEqual(REASON_WORDS);
});
