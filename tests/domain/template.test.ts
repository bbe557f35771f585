import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cutText,
  fillTemplate,
  instanceTagsIn,
  type TemplateFacts,
  templateProblem,
} from '../../shared/domain/template.ts';
import { at, freeze, HOME } from '../support/builders.ts';

const FACTS: TemplateFacts = freeze({
  deployment: 'prod',
  policyId: 'web-daily',
  place: HOME,
  instance: { id: 'i-0aa', tags: { Name: 'web', 'team/a.b c': 'shop', Odd: '{slot} $& $1' } },
  slotMs: at('2026-11-21T02:00Z'),
});

const fill = (template: string): string => fillTemplate(template, FACTS);

describe('a template', () => {
  it.each([
    ['{instance.id}', 'i-0aa'],
    ['{source}', 'i-0aa'],
    ['{slot}', '2026-11-21T02-00-00Z'],
    ['{policy}', 'web-daily'],
    ['{account}', '111122223333'],
    ['{region}', 'eu-central-1'],
    ['{deployment}', 'prod'],
    ['{instance.tag.Name}', 'web'],
  ])('fills in %s', (template, filled) => {
    expect(fill(template)).toBe(filled);
    expect(templateProblem(template)).toBeUndefined();
  });

  it('fills in each variable wherever it stands, and leaves the rest as it is', () => {
    expect(fill('{source} by {policy}: {source}!')).toBe('i-0aa by web-daily: i-0aa!');
    expect(fill('plain')).toBe('plain');
    expect(fill('')).toBe('');
  });

  it('takes a tag whose key has any characters but braces', () => {
    expect(fill('[{instance.tag.team/a.b c}]')).toBe('[shop]');
  });

  it.each(['Missing', 'name', 'constructor', 'toString', 'id'])(
    'fills in nothing for the tag %s that the instance does not have',
    (key) => {
      expect(fill(`<{instance.tag.${key}}>`)).toBe('<>');
    },
  );

  it('takes what it fills in as it is: no variable in it, and no pattern of a replacement', () => {
    expect(fill('{instance.tag.Odd}')).toBe('{slot} $& $1');
  });

  it('fills in nothing of an instance or a slot where there is none', () => {
    const { instance: _instance, slotMs: _slotMs, ...rest } = FACTS;

    expect(fillTemplate('<{source}{instance.id}{instance.tag.Name}{slot}>{policy}', rest)).toBe(
      '<>web-daily',
    );
  });

  it.each([
    ['{{', '{'],
    ['}}', '}'],
    ['{{slot}}', '{slot}'],
    ['{{{slot}}}', '{2026-11-21T02-00-00Z}'],
    ['{slot}}}', '2026-11-21T02-00-00Z}'],
    ['{{{{', '{{'],
  ])('takes a doubled brace for one: %s', (template, filled) => {
    expect(fill(template)).toBe(filled);
    expect(templateProblem(template)).toBeUndefined();
  });
});

describe('the instance tags that a template is filled in with', () => {
  it('are named each once, in order, whatever else it holds', () => {
    const template = '{instance.tag.b c}{slot}{instance.tag.a}{instance.tag.b c}{instance.tag.}x';

    expect(instanceTagsIn(template)).toEqual(['b c', 'a']);
  });

  it('are not those of which only the text is there', () => {
    expect(instanceTagsIn('{{instance.tag.a}} {none} }')).toEqual([]);
  });
});

describe('what is wrong with a template', () => {
  const KNOWN =
    'There are {account}, {deployment}, {instance.id}, {instance.tag.KEY}, {policy}, {region}, {slot}, {source}';

  it.each([
    ['{sloot}', '{slot}'],
    ['{Slot}', '{slot}'],
    ['{ slot }', '{slot}'],
    ['{regoin}', '{region}'],
    ['{instance}', '{instance.id}'],
    ['{instance.tags.Cost Centre}', '{instance.tag.Cost Centre}'],
    ['{tag.Name}', '{instance.tag.Name}'],
    ['{tags.Name}', '{instance.tag.Name}'],
    ['{mytag.Name}', '{instance.tag.mytag.Name}'],
    ['{instance.tag.}', '{instance.tag.KEY}'],
    ['{constructor}', '{instance.tag.constructor}'],
  ])('is the unknown variable of %s, with the one that is like it', (template, like) => {
    const said = `${template} is no variable: do you mean ${like}? ${KNOWN}`;

    expect(templateProblem(`{slot} ${template}`)).toBe(said);
    expect(fill(template)).toBe(template);
  });

  it.each([
    ['{', 'a brace stands alone: write {{ for the character { itself'],
    ['slot}', 'a brace stands alone: write }} for the character } itself'],
    ['{slot}}', 'a brace stands alone: write }} for the character } itself'],
    ['{{slot}', 'a brace stands alone: write }} for the character } itself'],
    ['{slot', 'a brace stands alone: write {{ for the character { itself'],
    ['{slot} {', 'a brace stands alone: write {{ for the character { itself'],
    ['{ {{ {slot}', 'a brace stands alone: write {{ for the character { itself'],
    ['} {slot}', 'a brace stands alone: write }} for the character } itself'],
  ])('is the brace of %s that stands alone', (template, problem) => {
    expect(templateProblem(template)).toBe(problem);
  });

  it('is a variable inside other braces', () => {
    const template = '{instance.tag.{policy}}';

    expect(templateProblem(template)).toBe(
      '{policy} stands inside other braces, and variables cannot be nested',
    );
    expect(fill(template)).toBe('{instance.tag.web-daily}');
  });

  it('is what comes first', () => {
    expect(templateProblem('{nope} }')).toContain('{nope} is no variable');
    expect(templateProblem('} {nope}')).toContain('a brace stands alone');
  });
});

describe('any template', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '{{',
    '}}',
    'a',
    '.',
    '{slot}',
    '{source}',
    '{instance.tag.k}',
    '{none}',
    '😀',
  );
  const template = fc.oneof(
    fc.array(piece).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  );
  const facts = fc.record<TemplateFacts>({
    deployment: fc.constant('prod'),
    policyId: fc.constant('web'),
    place: fc.constant(HOME),
    instance: fc.record({
      id: fc.constant('i-0aa'),
      tags: fc.dictionary(fc.string(), fc.string()),
    }),
    slotMs: fc.constant(0),
  });

  it('is filled in and judged without an error', () => {
    fc.assert(
      fc.property(template, facts, (text, given) => {
        expect(typeof fillTemplate(text, given)).toBe('string');
        expect(templateProblem(text)).not.toBe('');
      }),
    );
  });

  it('has a problem exactly if a brace is left that was not doubled', () => {
    fc.assert(
      fc.property(template, (text) => {
        const withoutPairs = text.replaceAll(/\{\{|\}\}|\{(slot|source|instance\.tag\.k)\}/g, '');

        expect(templateProblem(text) === undefined).toBe(!/[{}]/.test(withoutPairs));
      }),
    );
  });

  it('says what it says where every brace of it is doubled', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), facts, (text, given) => {
        const escaped = text.replaceAll('{', '{{').replaceAll('}', '}}');

        expect(templateProblem(escaped)).toBeUndefined();
        expect(fillTemplate(escaped, given)).toBe(text);
      }),
    );
  });
});

describe('a text that is too long', () => {
  it('is cut, and left as it is where it fits', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('abc');
  });

  it('keeps no half of a character', () => {
    expect(cutText('ab😀', 4)).toBe('ab😀');
    expect(cutText('ab😀', 3)).toBe('ab');
    expect(cutText('a😀b', 3)).toBe('a😀');
  });
});
