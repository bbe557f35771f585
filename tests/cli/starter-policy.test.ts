import { array, assert, dictionary, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { starterFile } from '../../cli/starter-policy.ts';
import { loadPolicies } from '../../shared/config/policy-file.ts';
import { warningsOf } from '../../shared/config/policy-warnings.ts';
import type { Tags } from '../../shared/domain/model.ts';
import { auditIn } from '../support/audit.ts';
import { inventory, OBSERVED_MS, seenInstance } from '../support/inventory.ts';

const starterFor = (tags: readonly Tags[]): string =>
  starterFile(
    'imago.yml',
    auditIn([
      inventory({
        instances: tags.map((one, index) => seenInstance({ id: `i-0${index}`, tags: one })),
      }),
    ]).starter,
  );

const load = (text: string) => loadPolicies([{ file: 'imago.yml', text }], 'eu-central-1');

const selectIn = (text: string): Readonly<Record<string, readonly string[]>> =>
  load(text).set.policies[0]?.select.tags ?? {};

describe('a starter policy', () => {
  test('without a fleet selects by the tag of the docs, and is without warnings', () => {
    const loaded = load(starterFile('imago.yml'));

    expect(loaded.set.policies[0]?.select.tags).toEqual({ Backup: ['daily'] });
    expect(warningsOf(loaded, OBSERVED_MS)).toEqual([]);
  });

  test('selects by the tags of a fleet, carries its common keys on, and says how many have it', () => {
    const text = starterFor([
      { Backup: 'daily', Name: 'a', Team: 'x' },
      { Backup: 'true', Name: 'b', Team: 'y' },
      { Name: 'c', Team: 'y' },
    ]);
    const { set } = load(text);

    expect(set.policies[0]?.select.tags).toEqual({ Backup: ['daily', 'true'] });
    expect(set.policies[0]?.tags.copy).toEqual(['Name', 'Team', 'Backup']);
    expect(text).toContain(
      '# 2 of the 3 instances that were seen outside Auto Scaling groups have it.',
    );
    expect(warningsOf(load(text), OBSERVED_MS)).toEqual([]);
  });

  test('says so where no tag suits', () => {
    expect(starterFor([{ Name: 'a' }])).toContain(
      '# No tag of theirs suits, so none of the 1 instances that were seen outside Auto Scaling groups has this one yet.',
    );
  });

  test('names the schema by the way from where it is', () => {
    expect(starterFile('deep/er/imago.yml')).toContain('$schema=../../docs/policy.schema.json');
  });

  test.each(['<<', 'constructor', 'null', '123', 'a: b', 'it\'s # "x"'])(
    'takes %s for a key and for a value, and for nothing else',
    (word) => {
      const text = starterFor([Object.fromEntries([[word, word]])]);

      expect(Object.entries(selectIn(text))).toEqual([[word, [word]]]);
    },
  );

  const text = string({ unit: 'binary', minLength: 1, maxLength: 40 });

  test('is valid whatever the tags are, and selects what it says it selects', () => {
    assert(
      property(array(dictionary(text, text, { maxKeys: 4 }), { maxLength: 5 }), (tags) => {
        const instances = tags.map((one, index) => seenInstance({ id: `i-0${index}`, tags: one }));
        const { starter } = auditIn([inventory({ instances })]);
        const wanted =
          starter.tag === undefined
            ? { Backup: ['daily'] }
            : { [starter.tag.key]: starter.tag.values };

        expect(selectIn(starterFile('imago.yml', starter))).toEqual(wanted);
      }),
    );
  });
});
