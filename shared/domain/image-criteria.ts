import type { Image } from './model.ts';
import type { ImageCriteria } from './policy.ts';
import { matchesAny, matchesTags } from './tag-patterns.ts';

/**
 * Whether an image is meant: all that is demanded holds, and nothing that excludes does. Of what
 * excludes, any one name or tag key suffices.
 */
export const matchesImage = (
  { names, tags, not }: ImageCriteria,
  image: Pick<Image, 'name' | 'tags'>,
): boolean =>
  (names.length === 0 || matchesAny(names, image.name)) &&
  matchesTags(tags, image.tags) &&
  !matchesAny(not.names, image.name) &&
  !Object.entries(not.tags).some(([key, values]) => matchesTags({ [key]: values }, image.tags));
