import { createInterface } from 'node:readline';
import { styleText } from 'node:util';
import type { Environment } from '../shared/config/environment.ts';

/** The process's streams: the one place of the command line that writes to them. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Progress for whoever watches: nothing at all unless stderr is a terminal. */
  progress(text: string): void;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

export type Paint = (style: Style, text: string) => string;

/** A terminal that can also be asked, and that may show colours. */
export interface Dialogue extends Terminal {
  /** Whether somebody is there to answer. */
  readonly isInteractive: boolean;
  /** The text as stdout shows it: coloured only where that is a terminal that wants colours. */
  readonly paint: Paint;
  /** Asks on stderr; resolves to the line that was typed, or to nothing if there was none. */
  ask(question: string): Promise<string>;
  /** All of stdin; undefined if it has more than so many bytes. */
  readInput(bytesMax: number): Promise<string | undefined>;
}

export const createTerminal = (environment: Environment): Dialogue => {
  const isWatched = process.stderr.isTTY;
  const isColoured = process.stdout.isTTY && wantsColours(environment);
  return {
    isInteractive: process.stdin.isTTY,
    out: (text) => {
      process.stdout.write(`${text}\n`);
    },
    error: (text) => {
      process.stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (isWatched) process.stderr.write(`\r\u001b[2K${text}`);
    },
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
    ask: askOnStderr,
    readInput,
  };
};

/** NO_COLOR counts when it is there and not empty (no-color.org). */
export const wantsColours = (environment: Environment): boolean =>
  (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';

const askOnStderr = (question: string): Promise<string> =>
  new Promise((resolve) => {
    // Not in raw mode, so that Ctrl-C stays a signal; it ends the question as Ctrl-D does.
    const lines = createInterface({ input: process.stdin, terminal: false });
    const end = (): void => lines.close();
    process.once('SIGINT', end);
    process.stderr.write(question);
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('close', () => {
      process.off('SIGINT', end);
      if (answer === undefined) process.stderr.write('\n'); // nobody ended the line
      resolve(answer ?? '');
    });
  });

const readInput = async (bytesMax: number): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    if (bytes > bytesMax) return undefined;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
};
