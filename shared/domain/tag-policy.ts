import { matchesImage } from './image-criteria.ts';
import type { Image, Tags, Target } from './model.ts';
import type { TagPolicy } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { listKeys } from './tag-limit.ts';
import type { Wish } from './tag-repair.ts';
import { isReserved } from './tags.ts';
import { type Vocabulary, fillIn, problemIn, tagsIn } from './template.ts';

interface ImageFacts {
  readonly image: Pick<Image, 'id' | 'name'>;
  readonly tags: Tags;
  readonly place: Target;
  readonly policyId: string;
}

const OF_IMAGES: Vocabulary<ImageFacts> = {
  values: new Map([
    ['image.id', ({ image }) => image.id],
    ['image.name', ({ image }) => image.name],
    ['account', ({ place }) => place.account],
    ['region', ({ place }) => place.region],
    ['policy', ({ policyId }) => policyId],
  ]),
  tagPrefix: 'image.tag.',
  tagsOf: ({ tags }) => tags,
};

/** What is wrong with a template of a tag policy, in words for whoever wrote it; undefined if nothing is. */
export const imageTemplateProblem = (template: string): string | undefined =>
  problemIn(OF_IMAGES, template);

/** What tag policies want of one image. */
export interface TagPolicyWishes {
  /** Those that the image is meant by, in the order of the document. */
  readonly policies: readonly TagPolicy[];
  readonly wishes: readonly Wish[];
  /** Of these, what its snapshots are to have too. */
  readonly forSnapshots: readonly Wish[];
  /** What could not be said. */
  readonly reasons: readonly Reason[];
}

/** Of an image that none of them means. */
export const NOTHING_ASKED: TagPolicyWishes = {
  policies: [],
  wishes: [],
  forSnapshots: [],
  reasons: [],
};

/** An image, with the tags that it will have when its own policy's wishes are granted: if it matters. */
export interface Tagged {
  readonly image: Image;
  readonly tags: () => Tags;
}

/** Asks what the tag policies want of an image at a place, whoever made it. */
export const createTagPolicies = (
  all: readonly TagPolicy[],
  place: Target,
): ((tagged: Tagged) => TagPolicyWishes) => {
  const compiled = all.map((policy) => compile(policy, all));
  return ({ image, tags }) => {
    const meant = compiled.filter(({ policy }) => matchesImage(policy.images, image));
    // Stryker disable next-line ConditionalExpression: it comes to the same, and saves the work.
    if (meant.length === 0) return NOTHING_ASKED;
    const facts = { image, tags: tags(), place };
    const asked = meant.map((one) => wishesOf(one, facts));
    const unfilled = asked.flatMap((one) => one.unfilled);
    return {
      policies: meant.map(({ policy }) => policy),
      wishes: asked.flatMap(({ wishes }) => wishes),
      forSnapshots: asked.flatMap(({ wishes, policy }) => (policy.snapshots ? wishes : [])),
      reasons: unfilled.length === 0 ? [] : [reason('TAG-08', listKeys(unfilled))],
    };
  };
};

interface Compiled {
  readonly policy: TagPolicy;
  readonly templates: readonly Template[];
}

interface Template {
  readonly key: string;
  readonly text: string;
  /** Keys of the image's tags that it is filled in with. */
  readonly needs: readonly string[];
  readonly corrects: boolean;
}

/**
 * A template that is filled in from a tag which a tag policy writes never corrects: two of them
 * could otherwise go on changing what the other one reads.
 */
const compile = (policy: TagPolicy, all: readonly TagPolicy[]): Compiled => ({
  policy,
  templates: Object.entries(policy.set).map(([key, text]) => {
    const needs = tagsIn(OF_IMAGES, text);
    const isOfOthers = !needs.some((need) => all.some(({ set }) => Object.hasOwn(set, need)));
    return { key, text, needs, corrects: policy.overwrite && isOfOthers };
  }),
});

interface Asked {
  readonly policy: TagPolicy;
  readonly wishes: readonly Wish[];
  /** Keys that are missing, and stay so for now. */
  readonly unfilled: readonly string[];
}

const wishesOf = ({ policy, templates }: Compiled, parts: Omit<ImageFacts, 'policyId'>): Asked => {
  const facts = { ...parts, policyId: policy.id };
  const has = (key: string): boolean => Object.hasOwn(parts.tags, key);
  const canFill = ({ needs }: Template): boolean => needs.every(has);
  return {
    policy,
    wishes: templates
      .filter(canFill)
      .map(({ key, text, corrects }) => ({
        key,
        value: fillIn(OF_IMAGES, text, facts),
        corrects,
        by: policy.id,
      }))
      .filter(({ key, value }) => !isReserved(key, value)),
    unfilled: templates
      .filter((template) => !canFill(template) && !has(template.key))
      .map(({ key }) => key),
  };
};
