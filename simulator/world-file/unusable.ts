/** A text that is no world that can be loaded, in words for the one who named its file. */
export class UnusableWorldError extends Error {
  /** Where in the file: a line and a column, or a path such as `parts.ec2.eu-central-1.images[3]`. */
  readonly place: string;

  /** @param remedy what to do about it, as a sentence */
  constructor(file: string, place: string, problem: string, remedy: string) {
    const where = place === '' ? '' : `${place}: `;
    super(`${file}: ${where}${problem}\nNothing was loaded. ${remedy}`);
    this.name = 'UnusableWorldError';
    this.place = place;
  }
}

/** `parts.ec2.eu-central-1.images[3].imageId` */
export const placeOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
