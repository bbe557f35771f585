/**
 * Programs that others wrote and that judge our work where they are installed: the CloudFormation
 * linter, moto, and the clients that talk to the embedded cloud. Tests that need an absent one skip.
 */
import { runProcess } from './run-process.mjs';

const hasModule = (name) => [
  'python3',
  '-c',
  `import importlib.util, sys; sys.exit(importlib.util.find_spec('${name}') is None)`,
];

const JUDGES = [
  { name: 'cfn-lint', probe: ['cfn-lint', '--version'], pattern: /cfn-?lint/i },
  { name: 'moto', probe: hasModule('moto'), pattern: /moto/i },
  { name: 'boto3', probe: hasModule('boto3'), pattern: /boto/i },
  { name: 'AWS CLI', probe: ['aws', '--version'], pattern: /aws[- ]?cli/i },
  { name: 'Terraform', probe: ['terraform', '-version'], pattern: /terraform/i },
];

/**
 * @param {{cwd: string, env: NodeJS.ProcessEnv}} options
 * @returns {Promise<{present: string[], absent: string[]}>}
 */
export const findJudges = async (options) => {
  const found = await Promise.all(
    JUDGES.map(async ({ name, probe: [program, ...args] }) => {
      const { status } = await runProcess(program, args, { ...options, timeLimitMs: 30_000 });
      return { name, isPresent: status === 0 };
    }),
  );
  const names = (isPresent) =>
    found.filter((judge) => judge.isPresent === isPresent).map(({ name }) => name);
  return { present: names(true), absent: names(false) };
};

const isFor = (judgeName, { file, title }) => {
  const judge = JUDGES.find(({ name }) => name === judgeName);
  return judge.pattern.test(title) || judge.pattern.test(file.split('/').at(-1));
};

/**
 * Says which judges are here, and which tests did not run because one is not.
 * A test belongs to a judge if its title or the name of its file says so.
 */
export const judgesReport = ({ present, absent }, skipped) => {
  const list = (names) => (names.length > 0 ? names.join(', ') : 'none');
  const lines = [`independent judges present: ${list(present)}; absent: ${list(absent)}`];
  const explained = new Set();
  for (const judge of absent) {
    const tests = skipped.filter((test) => isFor(judge, test) && !explained.has(test));
    for (const test of tests) explained.add(test);
    if (tests.length > 0) {
      lines.push(`skipped for want of ${judge}: ${tests.map(({ title }) => title).join('; ')}`);
    }
  }
  const others = skipped.filter((test) => !explained.has(test));
  if (others.length > 0) {
    lines.push(`skipped for another reason: ${others.map(({ title }) => title).join('; ')}`);
  }
  return lines;
};
