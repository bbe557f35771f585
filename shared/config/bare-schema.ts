import * as z from 'zod';
import { didYouMean } from './did-you-mean.ts';

/** A schema without its default, optional or transforming wrappers. */
export const bare = (schema: unknown): unknown => {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  ) {
    return bare(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? bare(schema.in) : schema;
};

/**
 * Of several options the one that a value is most likely meant to be: the list for a list, for a map
 * the one that knows most of its keys; among equals the one that comes first.
 */
export const optionFor = (options: readonly unknown[], value: unknown): unknown =>
  optionsFor(options, value)[0];

/** All that are equally likely. A key that is merely near one counts where nothing else decides. */
export const optionsFor = (options: readonly unknown[], value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return options.filter((option) => option instanceof z.ZodArray);
  if (typeof value !== 'object' || value === null) return [];
  const keys = Object.keys(value);
  const maps = options.filter((option) => option instanceof z.ZodObject);
  const known = mostOf(maps, ({ shape }) => keys.filter((key) => Object.hasOwn(shape, key)).length);
  if (known.length < 2) return known;
  const isNear = ({ shape }: z.ZodObject, key: string): boolean =>
    didYouMean(key, Object.keys(shape)) !== undefined;
  return mostOf(known, (option) => keys.filter((key) => isNear(option, key)).length);
};

const mostOf = <T>(all: readonly T[], countOf: (one: T) => number): readonly T[] => {
  const counts = all.map(countOf);
  const most = Math.max(...counts);
  return all.filter((_, nth) => counts[nth] === most);
};
