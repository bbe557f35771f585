import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
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
  /** How wide what stdout shows may be, in characters: see {@link columnsOf}. */
  readonly columns: number;
  /** Asks on stderr; resolves to the line that was typed, or to nothing if there was none. */
  ask(question: string): Promise<string>;
  /** All of stdin; undefined if it has more than so many bytes. */
  readInput(bytesMax: number): Promise<string | undefined>;
}

/**
 * The terminal of this process.
 * @param onLost told when stdout or stderr takes no more; nothing throws then, so a run goes to its end
 */
export const createTerminal = (environment: Environment, onLost: () => void): Dialogue => {
  const writeError = createWriter(process.stderr, onLost);
  const writeOut = createWriter(process.stdout, ({ code, message }) => {
    onLost();
    // A reader that has seen enough, such as `head`, is no surprise to whoever started it.
    if (code !== 'EPIPE') writeError(`stdout takes no more: ${message}\n`);
  });
  const isWatched = process.stderr.isTTY;
  const isColoured = process.stdout.isTTY && wantsColours(environment);
  return {
    isInteractive: process.stdin.isTTY,
    out: (text) => {
      writeOut(`${text}\n`);
    },
    error: (text) => {
      writeError(`${text}\n`);
    },
    progress: (text) => {
      if (isWatched) writeError(`\r\u001b[2K${text}`);
    },
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
    columns: columnsOf(process.stdout.columns),
    ask: askOnStderr,
    readInput,
  };
};

/** Writes to a stream until it fails, which is told once and ends nothing else. */
export const createWriter = (
  stream: Writable,
  onLost: (error: NodeJS.ErrnoException) => void,
): ((text: string) => void) => {
  let isLost = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (isLost) return;
    isLost = true;
    onLost(error);
  });
  return (text) => {
    if (!isLost) stream.write(text);
  };
};

/** Narrower than this no table fits; wider, a line is hard to follow. */
const COLUMNS = { min: 80, max: 160, otherwise: 100 } as const;

/**
 * How wide tables may be.
 * @param terminalColumns of the terminal; absent, or 0 where it does not say, if there is none
 */
export const columnsOf = (terminalColumns: number | undefined): number =>
  terminalColumns === undefined || terminalColumns <= 0
    ? COLUMNS.otherwise
    : Math.min(Math.max(terminalColumns, COLUMNS.min), COLUMNS.max);

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
