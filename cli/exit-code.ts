/** What the process ends with: docs/cli.md says which command uses which. */
export const EXIT = {
  done: 0,
  /** Something was tried and failed, or could not be seen. */
  failedInPart: 1,
  /** Input that cannot be used: said in plain words, and nothing was done. */
  badInput: 2,
  /** With --fail-on-change: something is to be done. */
  changesPending: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
