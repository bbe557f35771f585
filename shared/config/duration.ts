const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

export const DURATION_FORM = 'a whole number with m, h, d or w, such as 90m, 26h, 7d';

/** Milliseconds of `90m`, `26h`, `7d` or `2w`; undefined for anything else. */
export const parseDuration = (text: string): number | undefined => {
  const match = /^(\d{1,6})([mhdw])$/.exec(text);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  return unitMs === undefined ? undefined : Number(match?.[1]) * unitMs;
};
