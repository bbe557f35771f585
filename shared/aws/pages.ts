import { type Part, completePart, incompletePart } from '../domain/model.ts';
import { describeFailure, toFailure } from './failures.ts';
import { UnexpectedShapeError } from './shapes.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** More pages than any quota of EC2 could fill; a list that goes on past it is not believed. */
const PAGES_MAX = 1_000;

/**
 * Reads a list to its end. Whatever goes wrong on the way makes the part incomplete: it then holds
 * what was read before, and says what went wrong. Only a defect of ours is thrown. An item that moved
 * from one page to the next while they were read counts once, as it was seen last.
 */
export const readAll = async <T>(
  keyOf: (item: T) => string,
  readPage: (nextToken: string | undefined) => Promise<Page<T>>,
): Promise<Part<T>> => {
  const byKey = new Map<string, T>();
  let token: string | undefined;
  const incomplete = (problem: string): Part<T> => incompletePart(problem, [...byKey.values()]);
  try {
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { items: more, nextToken } = await readPage(token);
      for (const item of more) byKey.set(keyOf(item), item);
      if (nextToken === undefined || nextToken === '') return completePart([...byKey.values()]);
      if (nextToken === token) return incomplete('EC2 gave one page token twice');
      token = nextToken;
    }
    return incomplete(`the list goes on after ${PAGES_MAX} pages`);
  } catch (error) {
    if (error instanceof UnexpectedShapeError) return incomplete(error.message);
    return incomplete(describeFailure(toFailure(error)));
  }
};

/** Several parts of one list as one: complete only if every one of them is. */
export const joinParts = <T>(parts: readonly Part<T>[]): Part<T> => {
  const items = parts.flatMap((part) => part.items);
  const missing = parts.find(({ isComplete }) => !isComplete);
  return missing === undefined ? completePart(items) : incompletePart(missing.problem, items);
};
