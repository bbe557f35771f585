import type { Tags, Target } from './model.ts';
import { formatSlot } from './naming.ts';
import { nearest } from './nearest.ts';

/**
 * Texts with variables in braces, for tags and descriptions: `{slot}`, `{instance.tag.Name}`. A brace
 * that is meant as such is written twice: `{{` and `}}`.
 */
export interface TemplateFacts {
  readonly deployment: string;
  readonly policyId: string;
  /** Where the point is made. */
  readonly place: Target;
  /** Without an instance, what is to be filled in of it is empty; and so it is without a slot. */
  readonly instance?: { readonly id: string; readonly tags: Tags };
  readonly slotMs?: number;
}

/** A set of variables, each with what it is filled in with. */
export interface Vocabulary<Facts> {
  readonly values: ReadonlyMap<string, (facts: Facts) => string>;
  /** Such as `instance.tag.`: what follows it, up to the closing brace, is the key of a tag. */
  readonly tagPrefix: string;
  readonly tagsOf: (facts: Facts) => Tags;
}

const instanceId = ({ instance }: TemplateFacts): string => instance?.id ?? '';

const OF_POINTS: Vocabulary<TemplateFacts> = {
  values: new Map([
    ['instance.id', instanceId],
    ['source', instanceId],
    ['slot', ({ slotMs }) => (slotMs === undefined ? '' : formatSlot(slotMs))],
    ['policy', ({ policyId }) => policyId],
    ['account', ({ place }) => place.account],
    ['region', ({ place }) => place.region],
    ['deployment', ({ deployment }) => deployment],
  ]),
  tagPrefix: 'instance.tag.',
  tagsOf: ({ instance }) => instance?.tags ?? {},
};

/** The key of the tag that a variable stands for, if it stands for one. */
const tagKeyOf = <Facts>({ tagPrefix }: Vocabulary<Facts>, variable: string): string | undefined =>
  variable.startsWith(tagPrefix) && variable.length > tagPrefix.length
    ? variable.slice(tagPrefix.length)
    : undefined;

const valueOf = <Facts>(
  vocabulary: Vocabulary<Facts>,
  variable: string,
): ((facts: Facts) => string) | undefined => {
  const key = tagKeyOf(vocabulary, variable);
  if (key === undefined) return vocabulary.values.get(variable);
  return (facts) => {
    const tags = vocabulary.tagsOf(facts);
    return (Object.hasOwn(tags, key) ? tags[key] : undefined) ?? '';
  };
};

/** A pair of braces, a variable, or a brace that stands alone: all that is no plain text. */
const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/**
 * The text with its variables filled in; not cut to any length. What {@link problemIn} finds fault
 * with stays as it is.
 */
export const fillIn = <Facts>(
  vocabulary: Vocabulary<Facts>,
  template: string,
  facts: Facts,
): string =>
  template.replaceAll(PIECE, (piece, variable: string | undefined) => {
    if (piece === '{{' || piece === '}}') return piece.slice(1);
    return variable === undefined ? piece : (valueOf(vocabulary, variable)?.(facts) ?? piece);
  });

/** {@link fillIn} for what is said of a point. */
export const fillTemplate = (template: string, facts: TemplateFacts): string =>
  fillIn(OF_POINTS, template, facts);

/** Keys of the tags whose values a template holds, each once. */
export const tagsIn = <Facts>(
  vocabulary: Vocabulary<Facts>,
  template: string,
): readonly string[] => {
  const variables = [...template.matchAll(PIECE)].flatMap(([, variable]) => variable ?? []);
  return [...new Set(variables.flatMap((variable) => tagKeyOf(vocabulary, variable) ?? []))];
};

/** {@link tagsIn} for tags of the instance. */
export const instanceTagsIn = (template: string): readonly string[] => tagsIn(OF_POINTS, template);

/** What is wrong with a template, in words for whoever wrote it; undefined if nothing is. */
export const problemIn = <Facts>(
  vocabulary: Vocabulary<Facts>,
  template: string,
): string | undefined => {
  const pieces = [...template.matchAll(PIECE)];
  for (const [index, [piece, variable]] of pieces.entries()) {
    if (variable !== undefined && valueOf(vocabulary, variable) === undefined) {
      return unknown(vocabulary, variable);
    }
    if (piece !== '{' && piece !== '}') continue;
    const next = pieces[index + 1];
    return piece === '{' && next?.[1] !== undefined
      ? `${next[0]} stands inside other braces, and variables cannot be nested`
      : `a brace stands alone: write ${piece}${piece} for the character ${piece} itself`;
  }
  return undefined;
};

/** {@link problemIn} for what is said of a point. */
export const templateProblem = (template: string): string | undefined =>
  problemIn(OF_POINTS, template);

const unknown = <Facts>({ values, tagPrefix }: Vocabulary<Facts>, variable: string): string => {
  const anyTag = `${tagPrefix}KEY`;
  const key = variable.replace(/[^.]*\.[^.]*\.|^tags?\./, '');
  const names = [...values.keys()];
  const like = nearest(variable, [...names, key === '' ? anyTag : `${tagPrefix}${key}`]) ?? anyTag;
  const known = [...names, anyTag].toSorted().map((one) => `{${one}}`);
  return `{${variable}} is no variable: do you mean {${like}}? There are ${known.join(', ')}`;
};

/** The text with as many characters as it may have, none of them halved. */
export const cutText = (text: string, lengthMax: number): string =>
  text.slice(0, lengthMax).replace(/[\uD800-\uDBFF]$/, '');
