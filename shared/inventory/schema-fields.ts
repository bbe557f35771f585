import * as z from 'zod';

/**
 * Fields of AWS's objects. Each may be absent: what an object cannot be understood without, the
 * shapes in shared/aws ask for.
 */
export const text = z.string().optional();
export const flag = z.boolean().optional();
export const whole = z.int().optional();

export const list = <Item extends z.ZodType>(item: Item) => z.array(item).optional();

/** A word of a list that AWS may add to: the shapes refuse what they must know. */
export const word = <Word extends string>() =>
  z.custom<Word>((value) => typeof value === 'string', 'expected a word').optional();

/** A Date of the SDK, or the text that the AWS CLI prints of it: `2026-11-01T03:00:00+00:00`. */
export const instant = z
  .union([z.date(), z.iso.datetime({ offset: true }).transform((iso) => new Date(iso))])
  .optional();
