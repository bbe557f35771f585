/** XML straight into bytes: a page of a thousand images costs a third of what joining strings costs. */

const encoder = new TextEncoder();

/** Small enough for Node to cut it from a larger piece: most answers are small. */
const FIRST_SIZE = 2048;
/** Room that a finished document has left for the next; more than this is given back. */
const SPARE_MAX = 4 * 1024 * 1024;
/** Growing anew for each page would be most of the memory that it takes, and its collection. */
let spare: Uint8Array | undefined;
/** UTF-8 takes no more bytes for each of JavaScript's characters. */
const BYTES_PER_CHARACTER_MAX = 3;

const AMPERSAND = 0x26;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const SPACE = 0x20;
const LAST_PRINTABLE = 0x7e;

/** XML's own characters, and those that a parser would drop or normalise. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const EVERY_SPECIAL = /[&<>\u0000-\u0008\u000b-\u001f]/g;

export class XmlWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor() {
    this.#bytes = spare ?? Buffer.allocUnsafe(FIRST_SIZE);
    spare = undefined;
  }

  /** What was written so far, in bytes. */
  get length(): number {
    return this.#length;
  }

  /** Takes back what was written after `length`. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Markup, as it is. */
  markup(bytes: Uint8Array): void {
    const count = bytes.length;
    this.#reserve(count);
    const target = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < count; index += 1) target[at++] = bytes[index] as number;
    this.#length = at;
  }

  /** Markup in ASCII, as it is. */
  raw(markup: string): void {
    this.markup(encoder.encode(markup));
  }

  /** Text content, escaped. */
  text(text: string): void {
    const count = text.length;
    this.#reserve(count);
    const target = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < count; index += 1) {
      const code = text.charCodeAt(index);
      if (!isPlain(code)) {
        this.#awkward(text);
        return;
      }
      target[at++] = code;
    }
    this.#length = at;
  }

  /** The document. It must not be written to any more. */
  bytes(): Uint8Array {
    const document = Buffer.allocUnsafe(this.#length);
    document.set(this.#bytes.subarray(0, this.#length));
    if (this.#bytes.length <= SPARE_MAX) spare = this.#bytes;
    return document;
  }

  /** Text that is not all printable ASCII, or that holds markup. */
  #awkward(text: string): void {
    const escaped = text.replaceAll(EVERY_SPECIAL, reference);
    this.#reserve(escaped.length * BYTES_PER_CHARACTER_MAX);
    this.#length += encoder.encodeInto(escaped, this.#bytes.subarray(this.#length)).written;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

const isPlain = (code: number): boolean =>
  code >= SPACE &&
  code <= LAST_PRINTABLE &&
  code !== AMPERSAND &&
  code !== LESS_THAN &&
  code !== GREATER_THAN;

const reference = (character: string): string => {
  if (character === '&') return '&amp;';
  if (character === '<') return '&lt;';
  if (character === '>') return '&gt;';
  return `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
};
