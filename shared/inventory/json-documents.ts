/** What a text holds: JSON values one after the other, as `>>` in a shell's loop writes them. */
export interface JsonDocuments {
  readonly documents: readonly unknown[];
  /** What stands after them that is not JSON, and where. */
  readonly problem?: string;
}

/** Characters of a text that is not JSON which a message shows. */
const SHOWN_MAX = 90;

/**
 * Reads a text as JSON values one after the other. Each is an object or a list: that is all that
 * commands print. Those before a place that cannot be read are kept.
 */
export const parseDocuments = (text: string): JsonDocuments => {
  if (text.trim() === '') return { documents: [], problem: 'it is empty: did its command fail?' };
  try {
    const whole: unknown = JSON.parse(text);
    return { documents: [whole] };
  } catch {
    return parseOneByOne(text);
  }
};

const parseOneByOne = (text: string): JsonDocuments => {
  const documents: unknown[] = [];
  for (let start = afterSpace(text, 0); start < text.length; ) {
    const end = endOf(text, start);
    if (typeof end === 'string') return { documents, problem: end };
    try {
      documents.push(JSON.parse(text.slice(start, end)));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { documents, problem: `no JSON in what begins at ${placeOf(text, start)}: ${why}` };
    }
    start = afterSpace(text, end);
  }
  return { documents };
};

const afterSpace = (text: string, from: number): number => {
  const space = /\S/g;
  space.lastIndex = from;
  return space.exec(text)?.index ?? text.length;
};

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** Where the object or list that begins here ends; or what is wrong with it. */
const endOf = (text: string, start: number): number | string => {
  if (CLOSING[text.charAt(start)] === undefined) {
    const shown = text.slice(start, start + SHOWN_MAX).replaceAll(/\s+/g, ' ');
    return `expected JSON at ${placeOf(text, start)}, found: ${shown.trim()}`;
  }
  const open: string[] = [];
  const marks = /["{}[\]]/g;
  marks.lastIndex = start;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const [sign] = mark;
    if (sign === '"') {
      marks.lastIndex = afterString(text, mark.index);
      if (marks.lastIndex === 0) break;
    } else if (CLOSING[sign] !== undefined) {
      open.push(CLOSING[sign]);
    } else if (open.pop() !== sign) {
      return `no JSON: a ${sign} too many at ${placeOf(text, mark.index)}`;
    } else if (open.length === 0) {
      return marks.lastIndex;
    }
  }
  return `it is cut: the JSON stops in the middle, at ${placeOf(text, text.length)}`;
};

/** Behind the quote that ends the string which begins here; 0 if none does. */
const afterString = (text: string, start: number): number => {
  let quote = start;
  do {
    quote = text.indexOf('"', quote + 1);
  } while (quote > 0 && isEscaped(text, quote));
  return quote + 1;
};

const isEscaped = (text: string, quote: number): boolean => {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
};

const placeOf = (text: string, offset: number): string => {
  let line = 1;
  let lineStart = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', end + 1)) {
    line += 1;
    lineStart = end + 1;
  }
  return `line ${line}, column ${offset - lineStart + 1}`;
};
