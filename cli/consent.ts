import { RefusedError } from './refused-error.ts';
import type { Dialogue } from './terminal.ts';

export interface ConsentOptions {
  readonly yes: boolean;
}

/** @throws RefusedError if nobody has agreed beforehand and nobody can be asked */
export const requireConsenter = ({ yes }: ConsentOptions, { isInteractive }: Dialogue): void => {
  if (yes || isInteractive) return;
  throw new RefusedError('nobody can be asked, since stdin is no terminal: say --yes');
};

/** Whether to go on, by `--yes` or by what is answered; says so if not. */
export const hasConsent = async ({ yes }: ConsentOptions, terminal: Dialogue): Promise<boolean> => {
  if (yes || isYes(await terminal.ask('Go on? [y/N] '))) return true;
  terminal.error('Nothing was changed.');
  return false;
};

const isYes = (answer: string): boolean => /^y(es)?$/i.test(answer.trim());
