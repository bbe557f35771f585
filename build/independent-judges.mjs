/**
 * Programs that others wrote and that judge our work where they are installed: the CloudFormation
 * linter, moto, and the clients that talk to the embedded cloud. Tests that need an absent one skip.
 */
import { runProcess } from './run-process.mjs';
import { findProviderMirror } from './terraform.mjs';

/** What is lacking of a judge, in words; undefined if it is here. */
const program =
  (name, ...args) =>
  async (options) => {
    const { status } = await runProcess(name, args, { ...options, timeLimitMs: 30_000 });
    return status === 0 ? undefined : 'it is not installed';
  };

const pythonModules = (...names) =>
  program(
    'python3',
    '-c',
    'import importlib.util, sys\n' +
      'sys.exit(any(importlib.util.find_spec(name) is None for name in sys.argv[1:]))',
    ...names,
  );

const terraform = async (options) => {
  const lacks = await program('terraform', '-version')(options);
  if (lacks !== undefined || findProviderMirror(options.env) !== undefined) return lacks;
  return 'its AWS provider is not on this machine';
};

const JUDGES = [
  { name: 'cfn-lint', lacking: program('cfn-lint', '--version'), titles: /\bcfn-lint\b/ },
  { name: 'moto_server', lacking: pythonModules('moto', 'flask'), titles: /\bmoto(_server)?\b/ },
  { name: 'boto3', lacking: pythonModules('boto3'), titles: /\b(boto3|botocore)\b/ },
  { name: 'AWS CLI', lacking: program('aws', '--version'), titles: /\bAWS CLI\b/ },
  { name: 'jsonschema', lacking: pythonModules('jsonschema'), titles: /\bjsonschema\b/ },
  { name: 'Terraform', lacking: terraform, titles: /\bTerraform\b/ },
];

/**
 * @param {{cwd: string, env: NodeJS.ProcessEnv}} options
 * @returns {Promise<{name: string, lacks: string | undefined}[]>}
 */
export const findJudges = (options) =>
  Promise.all(JUDGES.map(async ({ name, lacking }) => ({ name, lacks: await lacking(options) })));

const counted = (count) => `${count} ${count === 1 ? 'test' : 'tests'}`;

const titlesOf = (name) => JUDGES.find((judge) => judge.name === name).titles;

const verdictOn = ({ name, lacks }, tests) => {
  const its = tests.filter(({ title }) => titlesOf(name).test(title));
  const run = its.filter(({ status }) => status !== 'skipped').length;
  if (run > 0) return { isSound: true, line: `run     ${name}: ${counted(run)}` };
  if (lacks === undefined) {
    return { isSound: false, line: `NOT RUN ${name}: it is here, but judged nothing` };
  }
  return { isSound: true, line: `absent  ${name} (${lacks}): ${counted(its.length)} skipped` };
};

/**
 * Says of each judge whether it has judged or is absent, and which tests were skipped for another
 * reason. A test belongs to the judges that its full title names. It is unsound that a judge is here
 * and has not judged.
 * @param {readonly {name: string, lacks: string | undefined}[]} found
 * @param {readonly {title: string, status: 'passed' | 'failed' | 'skipped'}[]} tests
 */
export const judgesReport = (found, tests) => {
  const verdicts = found.map((judge) => verdictOn(judge, tests));
  const absent = found.filter(({ lacks }) => lacks !== undefined);
  const isExplained = ({ title }) => absent.some(({ name }) => titlesOf(name).test(title));
  const others = tests.filter((test) => test.status === 'skipped' && !isExplained(test));
  return {
    isSound: verdicts.every(({ isSound }) => isSound),
    lines: [
      ...verdicts.map(({ line }) => line),
      ...others.map(({ title }) => `skipped for another reason: ${title}`),
    ],
  };
};
