import { InvalidPolicyError, parsePolicyFiles } from '../../shared/config/policy-file.ts';

/** Nine lines with one policy: `web`, every day at two, the last three. */
export const BASE = `version: 1
policies:
  - id: web
    select:
      tags: {Backup: daily}
    when:
      - schedule: cron(0 2 * * ? *)
    keep: {last: 3}
`;

export const refusal = (text: string, ...others: readonly string[]): InvalidPolicyError => {
  const texts = [text, ...others].map((one, index) => ({
    file: index === 0 ? 'p.yml' : `p${index + 1}.yml`,
    text: one,
  }));
  try {
    parsePolicyFiles(texts, 'eu-central-1');
  } catch (error) {
    if (error instanceof InvalidPolicyError) return error;
    throw error;
  }
  throw new Error('the policy file was accepted');
};

/** `3:5 policies[0].id: message`: the problems of a file, a line each. */
export const problemsOf = (text: string): readonly string[] =>
  refusal(text).problems.map(
    ({ line, column, field, message }) => `${line}:${column} ${field}: ${message}`,
  );

export const changed = (from: string, to: string): readonly string[] =>
  problemsOf(BASE.replace(from, () => to));

/** With more lines at the end, where the keys of the policy stand. */
export const withMore = (more: string): readonly string[] => problemsOf(`${BASE}${more}\n`);
