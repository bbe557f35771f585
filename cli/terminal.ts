/** The process's streams: the one place of the command line that writes to them. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Progress for whoever watches: nothing at all unless stderr is a terminal. */
  progress(text: string): void;
}

export const createTerminal = (): Terminal => {
  const isWatched = process.stderr.isTTY;
  return {
    out: (text) => {
      process.stdout.write(`${text}\n`);
    },
    error: (text) => {
      process.stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (isWatched) process.stderr.write(`\r\u001b[2K${text}`);
    },
  };
};
