const escapeForRegExp = (text: string): string => text.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');

/** Whether `text` matches `pattern` as a whole, where `*` is any run of characters and `?` any one. */
export const matchesWildcard = (pattern: string, text: string): boolean => {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const source = escapeForRegExp(pattern).replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
};
