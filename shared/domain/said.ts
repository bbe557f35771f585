import { completePart, type ImageReference, incompletePart, type Part } from './model.ts';

/** What was found at a source, and what of it could not be resolved. */
export interface Said {
  readonly references: readonly ImageReference[];
  readonly problems: readonly string[];
}

/** A reader is told so many problems; of the rest only how many there are. */
const PROBLEMS_MAX = 3;

/**
 * What a source said, each thing once.
 * @param read the lists that it was found in: what they lack, the source lacks
 */
export const partOf = (
  said: readonly Said[],
  read: readonly Part<unknown>[],
): Part<ImageReference> => {
  const references = said.flatMap((one) => one.references);
  const items = [
    ...new Map(references.map((one) => [`${one.imageId} ${one.by}`, one] as const)).values(),
  ];
  const missing = read.filter(({ isComplete }) => !isComplete).map(({ problem }) => problem);
  const problems = [...new Set([...missing, ...said.flatMap((one) => one.problems)])];
  return problems.length === 0 ? completePart(items) : incompletePart(tell(problems), items);
};

const tell = (problems: readonly string[]): string => {
  const told = problems.slice(0, PROBLEMS_MAX).join('; ');
  const left = problems.length - PROBLEMS_MAX;
  return left > 0 ? `${told}; and ${left} more` : told;
};
