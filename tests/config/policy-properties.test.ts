import {
  anything,
  array,
  assert,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  property,
  record,
  string,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidPolicyError, loadPolicies } from '../../shared/config/policy-file.ts';
import { formatPolicy } from '../../shared/config/policy-format.ts';
import { warningsOf } from '../../shared/config/policy-warnings.ts';

const POLICIES = join(import.meta.dirname, '../../policies');
const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

const EXAMPLES = ['example.yml', 'gfs.yml', 'golden-images.yml'].map((name) =>
  readFileSync(join(POLICIES, name), 'utf8'),
);

/** Whether a place is in the file: one column past the end of a line is where something is missing. */
const isInside = (text: string, { line, column }: { line: number; column: number }): boolean => {
  const lines = text.split('\n');
  return (
    line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1] ?? '').length + 1
  );
};

/** Reads, warns and formats: nothing but an InvalidPolicyError may come out, with places in the file. */
const isHandled = (text: string): boolean => {
  try {
    const loaded = loadPolicies([{ file: 'p.yml', text }], 'eu-central-1');
    const formatted = formatPolicy(text);
    return (
      warningsOf(loaded, NOW_MS).every((warning) => isInside(text, warning)) &&
      (formatted === undefined || formatPolicy(formatted) === formatted)
    );
  } catch (error) {
    if (!(error instanceof InvalidPolicyError)) throw error;
    return error.problems.length > 0 && error.problems.every((problem) => isInside(text, problem));
  }
};

/** What is likely to upset a reader of YAML, by words, and where blanks count by themselves. */
const UPSETTING = [
  '\t',
  '\n',
  '\r\n',
  '---\n',
  '<<: ',
  '!x ',
  '? ',
  ': ',
  '- ',
  '\u0000',
  '\uFEFF',
  'rate(1 day)',
  ...`... &a *a [ ] { } " ' # % | > ~ -1 1e999 .nan on 0x1F __proto__ constructor`.split(' '),
  ...'2026-01-01 all {slot 90m'.split(' '),
];

const fragment = oneof(constantFrom(...UPSETTING), string({ maxLength: 8, unit: 'binary' }));

const mutation = record({ at: nat(), remove: integer({ min: 0, max: 12 }), put: fragment });

describe('any text', () => {
  it('is a policy, or is refused with places that are in it', () => {
    const text = oneof(
      string({ maxLength: 200, unit: 'binary' }),
      array(fragment, { maxLength: 40 }).map((parts) => parts.join('')),
    );

    expect(() => {
      assert(property(text, isHandled), { seed: 7, numRuns: 400 });
    }).not.toThrow();
  });

  it('that is a mutation of a policy is one, or is refused with places that are in it', () => {
    const example = constantFrom(...EXAMPLES);

    expect(() => {
      assert(
        property(example, array(mutation, { minLength: 1, maxLength: 4 }), (text, mutations) =>
          isHandled(
            mutations.reduce((changed, { at, remove, put }) => {
              const from = at % (changed.length + 1);
              return changed.slice(0, from) + put + changed.slice(from + remove);
            }, text),
          ),
        ),
        { seed: 7, numRuns: 250 },
      );
    }).not.toThrow();
  });

  it('that is a policy with any value in any field is one, or is refused', () => {
    const fields =
      'version timezone limits policies tagPolicies id formerly select when blackout rpo image tags keep keepFrom whenSourceGone copyTo retire adopt images set overwrite schedule event days from to'.split(
        ' ',
      );
    const value = oneof(anything({ maxDepth: 3 }), constant({}), constant([]), constant(null));
    const policy = {
      id: 'web',
      select: { tags: { Backup: 'daily' } },
      when: [{ schedule: 'rate(1 day)' }],
      keep: { last: 3 },
    };

    expect(() => {
      assert(
        property(constantFrom(...fields), value, (field, put) =>
          [
            { version: 1, policies: [policy], [field]: put },
            { version: 1, policies: [{ ...policy, [field]: put }] },
            { version: 1, policies: [{ ...policy, when: [{ ...policy.when[0], [field]: put }] }] },
          ].every((document) => isHandled(JSON.stringify(document, jsonable))),
        ),
        { seed: 7, numRuns: 300 },
      );
    }).not.toThrow();
  });
});

const jsonable = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? Number(value) : value;
