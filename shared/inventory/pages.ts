/** A page that holds the list of its kind. */
export type Page = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Page =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether it is the answer that it should be: each kind's answer has a list of a name of its own. */
export const isPage = (content: unknown, list: string): content is Page =>
  isObject(content) && Array.isArray(content[list]);

const KEYS_SHOWN_MAX = 3;

/** What a page is instead of what it should be, in a reader's words. */
export const notThePage = (content: unknown, list: string): string => {
  if (isObject(content) && content[list] !== undefined) return `expected "${list}" to be a list`;
  return `expected an object with "${list}", found ${described(content)}`;
};

const described = (content: unknown): string => {
  if (Array.isArray(content)) return 'a list: leave out --query';
  if (!isObject(content)) return typeof content === 'object' ? 'null' : `a ${typeof content}`;
  const keys = Object.keys(content);
  const shown = keys.slice(0, KEYS_SHOWN_MAX).map((key) => `"${key}"`);
  return keys.length === 0 ? 'an empty one' : shown.join(', ');
};

/** Whether the list goes on after this page: EC2 and the AWS CLI say `NextToken`, others `nextToken`. */
export const goesOn = (content: unknown): boolean => {
  if (!isObject(content)) return false;
  const token = content.NextToken ?? content.nextToken ?? '';
  return token !== '';
};
