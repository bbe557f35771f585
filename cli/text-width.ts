/** Most texts, and the only ones whose characters are as many as the columns that they take. */
const PRINTABLE = /^[ -~]*$/;

/** What a terminal shows two columns wide: East Asian Wide and Fullwidth (Unicode annex 11), emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

const segmenter = new Intl.Segmenter();

const charactersIn = (text: string): readonly string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment);

const columnsOf = (character: string): number => (WIDE.test(character) ? 2 : 1);

/** How many columns of a terminal a text takes. */
export const widthOf = (text: string): number =>
  PRINTABLE.test(text)
    ? text.length
    : charactersIn(text).reduce((columns, one) => columns + columnsOf(one), 0);

/** As much of a text as fits so many columns: never half a character. */
export const cutTo = (text: string, columns: number): string => {
  if (PRINTABLE.test(text)) return text.slice(0, Math.max(0, columns));
  let left = columns;
  const kept = charactersIn(text).findIndex((one) => {
    left -= columnsOf(one);
    return left < 0;
  });
  return kept < 0 ? text : charactersIn(text).slice(0, kept).join('');
};

/** The text with blanks behind it, or before it, to so many columns. */
export const padTo = (text: string, columns: number, side: 'left' | 'right'): string => {
  const blanks = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return side === 'left' ? `${text}${blanks}` : `${blanks}${text}`;
};

/** Control characters, which others may have put into a tag or a description, as blanks. */
export const withoutControls = (text: string): string =>
  PRINTABLE.test(text)
    ? text
    : text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
