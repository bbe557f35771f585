/** Whose an image is, and whether someone holds it, by its tags alone. */
import type { ImageRow } from '../services/ec2/rows.ts';

/** A hold without a date, or with one to come, is a hold. */
export const holdOf = (image: ImageRow, atMs: number): string[] => {
  const hold = image.tags.get('imago:hold');
  if (hold === undefined) return [];
  const untilMs = /^\d{4}-\d\d-\d\d/.test(hold) ? Date.parse(hold) : Number.NaN;
  return untilMs <= atMs ? [] : [`held: ${hold === '' ? 'for good' : hold}`];
};

/**
 * Of another maker: without the deployment's tag; or away from the home (account and Region) that
 * its tags name, which is what a copy by hand looks like.
 */
export const strangerOf = (image: ImageRow): string[] => {
  if (!image.tags.has('imago:deployment')) return ['foreign: it has no tag imago:deployment'];
  const home = image.tags.get('imago:home') ?? '';
  if (home.includes(image.ownerId) && home.includes(image.region)) return [];
  return [`away from home: imago:home is '${home}'`];
};
