/** An instant as reports write it: ISO 8601 in UTC, to the millisecond. */
export const isoOf = (instantMs: number): string => new Date(instantMs).toISOString();
