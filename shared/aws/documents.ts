import type { Documents } from '../inventory/kinds.ts';
import { inParallel } from '../loop/in-parallel.ts';
import type { FailureKind } from '../loop/ports.ts';
import { describeFailure, toFailure } from './failures.ts';
import { PAGES_MAX } from './pages.ts';

/** What was read, and what kind of failure ended it, if one did. */
export interface Attempt extends Documents {
  readonly failure?: FailureKind;
}

/** One page as the AWS CLI would print it, what AWS left out as undefined, and where the next begins. */
export interface RawPage {
  readonly page: Readonly<Record<string, unknown>>;
  readonly nextToken: string | undefined;
}

/**
 * Reads a list to its end, and leaves its objects as they are. Whatever AWS refuses, or the way to it
 * loses, is a problem beside the pages that came before it. So is an answer without its list: where
 * there is nothing, AWS gives an empty one. Only a defect of ours is thrown.
 */
export const readPages = async (
  readPage: (nextToken: string | undefined) => Promise<RawPage>,
): Promise<Attempt> => {
  const pages: unknown[] = [];
  let token: string | undefined;
  for (let count = 0; count < PAGES_MAX; count += 1) {
    const read = await attempt(() => readPage(token));
    if ('problem' in read) return { pages, ...read };
    const lacking = Object.keys(read.page).find((name) => read.page[name] === undefined);
    if (lacking !== undefined) return { pages, problem: `AWS answered without ${lacking}` };
    pages.push(read.page);
    const { nextToken = '' } = read;
    if (nextToken === '') return { pages };
    if (nextToken === token) return { pages, problem: 'one page token came twice' };
    token = nextToken;
  }
  return { pages, problem: `the list goes on after ${PAGES_MAX} pages` };
};

interface Refusal {
  readonly problem: string;
  readonly failure: FailureKind;
}

const attempt = async <T extends object>(call: () => Promise<T>): Promise<T | Refusal> => {
  try {
    return await call();
  } catch (error) {
    const failure = toFailure(error);
    return { problem: describeFailure(failure), failure: failure.kind };
  }
};

/** What is refused so often is refused for all of a list. */
const FAILURES_MAX = 20;

/**
 * Reads something of each item, several at a time, and names the first that could not be read. What
 * the account may not do is not tried for every item.
 */
export const readEach = async <Item>(
  items: readonly Item[],
  workers: number,
  nameOf: (item: Item) => string,
  read: (item: Item) => Promise<Attempt>,
): Promise<Documents> => {
  const problems: string[] = [];
  let isDenied = false;
  const mayGoOn = (): boolean => !isDenied && problems.length < FAILURES_MAX;
  const { results, defect } = await inParallel(items, workers, mayGoOn, async (item) => {
    const { pages, problem, failure } = await read(item);
    if (problem !== undefined) problems.push(`${nameOf(item)}: ${problem}`);
    isDenied ||= failure === 'denied';
    return pages;
  });
  if (defect !== undefined) throw defect;
  const pages = results.flat();
  const [first] = problems;
  if (first === undefined) return { pages };
  const others = items.length - results.length + problems.length - 1;
  return { pages, problem: others === 0 ? first : `${first} (and ${others} more)` };
};

/** Several lists as one: its problem is the first that any of them has. */
export const joinDocuments = (lists: readonly Documents[]): Documents => {
  const pages = lists.flatMap((list) => list.pages);
  const problem = lists.find((list) => list.problem !== undefined)?.problem;
  return problem === undefined ? { pages } : { pages, problem };
};
