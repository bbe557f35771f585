/** What was asked for cannot be done as things are: said in plain words, and nothing was done. */
export class RefusedError extends Error {
  constructor(problem: string) {
    super(`${problem}\nNothing was changed.`);
    this.name = 'RefusedError';
  }
}
