import * as z from 'zod';
import type { Keep } from '../domain/policy.ts';
import { calendarDuration, count, explained, shared, tagKeyOfPeople } from './policy-fields.ts';

/** How long points are kept. */

const PERIODS_MAX = 10_000;

const periods = z.union([count.max(PERIODS_MAX), z.literal('all')]);

const newest = (unit: string, example: string) =>
  explained(
    periods.optional(),
    `The newest point of each of the last so many ${unit} that have one, or of \`all\`.`,
    example,
  );

const withinEach = (unit: string, example: string) =>
  explained(
    calendarDuration.optional(),
    `The newest point of each ${unit}, so far back from the newest point.`,
    example,
  );

const EMPTY =
  'expected at least one rule, such as last, daily or within: an empty rule would keep nothing';

/** Only what is said: a rule that is absent keeps nothing. */
const withoutUndefined = (rules: Readonly<Record<string, unknown>>): Keep =>
  Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));

export const keep = shared(
  z
    .strictObject({
      last: explained(periods.optional(), 'The newest points, so many, or `all`.', '3'),
      hourly: newest('hours', '24'),
      daily: newest('days', '7'),
      weekly: newest('ISO weeks', '4'),
      monthly: newest('months', '12'),
      yearly: newest('years', 'all'),
      within: explained(
        calendarDuration.optional(),
        'All points, so far back from the newest point.',
        '14d',
      ),
      withinHourly: withinEach('hour', '2d'),
      withinDaily: withinEach('day', '1mo'),
      withinWeekly: withinEach('ISO week', '3mo'),
      withinMonthly: withinEach('month', '2y'),
      withinYearly: withinEach('year', '10y'),
    })
    .meta({ expected: 'a map of rules, such as {last: 3, daily: 7} or {within: 30d}' })
    .refine((rules) => Object.values(rules).some((rule) => rule !== undefined), { error: EMPTY })
    .transform(withoutUndefined),
  'keep',
  'At least one rule; any rule keeps. The semantics are those of `restic forget`: see "What is kept".',
);

export const keepFrom = z.strictObject({
  tag: explained(
    tagKeyOfPeople,
    'The key of the tag, on the instance or on the image. Its value is a duration (`30d`), tiers (`daily=7,weekly=4`), `all`, or a bare number if there is a unit.',
    'Retention',
  ),
  unit: explained(
    z.enum(['y', 'mo', 'w', 'd', 'h']).optional(),
    'The unit of a bare number. Without it a bare number is no rule.',
    'd',
  ),
  floor: explained(
    keep.optional(),
    'With it, what the tag says stands instead of `keep`, and this is kept in any case. Without it, what the tag says can only lengthen.',
    '{last: 2}',
  ),
});

export const whenSourceGone = z.strictObject({
  keepLast: explained(
    count.max(PERIODS_MAX).prefault(1),
    'How many of the newest points stay.',
    '2',
  ),
  for: explained(
    calendarDuration.optional(),
    'How long after the newest point they stay; then all may go. Without it, for ever.',
    '90d',
  ),
});
