import { InvalidArgumentError } from 'commander';

const INSTANT_FORM =
  'Expected an instant with its offset, such as 2026-11-21T02:00:00Z or 2026-11-21T02:00+01:00, or a date, whose midnight in UTC is meant.';

/** Reads an option as an instant, or a date at its midnight in UTC. */
export const instant = (text: string): number => {
  const [, date, time = 'T00:00Z'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/.exec(text) ?? [];
  const atMs = Date.parse(`${date}${time}`);
  const midnightMs = Date.parse(`${date}T00:00Z`);
  // Date reads 30 February as 2 March.
  if (Number.isNaN(atMs) || !new Date(midnightMs).toISOString().startsWith(`${date}T`)) {
    throw new InvalidArgumentError(INSTANT_FORM);
  }
  return atMs;
};
