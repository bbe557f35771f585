import { cutTo, padTo, widthOf, withoutControls } from './text-width.ts';

type Rows = readonly (readonly string[])[];

/** Columns as wide as their widest cell; those named in `right` to the right. */
export const table = (rows: Rows, right: readonly number[] = []): readonly string[] =>
  layOut(rows, widthsOf(rows), right);

/**
 * The same, in lines of at most so many characters: the widest columns are shortened, and what they
 * lose is marked by an ellipsis. Columns of up to {@link NARROW} characters stay as they are.
 * @param columns how wide it may be, indent not included
 */
export const fitTable = (
  rows: Rows,
  columns: number,
  right: readonly number[] = [],
): readonly string[] => layOut(rows, fitWidths(widthsOf(rows), columns), right);

/** The text, or as much of it as fits and an ellipsis. */
export const shorten = (text: string, width: number): string => {
  const plain = withoutControls(text);
  return widthOf(plain) <= width ? plain : `${cutTo(plain, width - 1).trimEnd()}…`;
};

/** The text in lines of at most so many characters, broken between words; a longer word stays whole. */
export const wrap = (text: string, columns: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of withoutControls(text).split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || widthOf(line) + 1 + widthOf(word) > columns) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
};

const GAP = '  ';

/** No column is made narrower: less would tell nothing. */
const NARROW = 12;

const widthsOf = (rows: Rows): readonly number[] => {
  const count = rows.reduce((most, row) => Math.max(most, row.length), 0);
  return Array.from({ length: count }, (_, column) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(withoutControls(row[column] ?? ''))), 0),
  );
};

/** A limit for all columns, the highest with which they fit: it is the widest that give way. */
const fitWidths = (widths: readonly number[], columns: number): readonly number[] => {
  const room = columns - GAP.length * Math.max(0, widths.length - 1);
  const limitedTo = (limit: number): readonly number[] =>
    widths.map((width) => Math.min(width, limit));
  for (let limit = Math.max(NARROW, ...widths); limit > NARROW; limit -= 1) {
    const limited = limitedTo(limit);
    if (sum(limited) <= room) return limited;
  }
  return limitedTo(NARROW);
};

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

const layOut = (
  rows: Rows,
  widths: readonly number[],
  right: readonly number[],
): readonly string[] =>
  rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        const text = shorten(cell, width);
        return padTo(text, width, right.includes(column) ? 'right' : 'left');
      })
      .join(GAP)
      .trimEnd(),
  );
