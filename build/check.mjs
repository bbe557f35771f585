/**
 * `npm test`: the one command that checks all.
 *
 * Each step says in one line whether it passed, and prints what its tool said if it did not; the
 * others go on. Times go to stderr, so that two runs print the same. The last line counts: every
 * test, and each other step as one.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeOf, offlineEnvironment } from './environment.mjs';
import { findJudges, judgesReport } from './independent-judges.mjs';
import { runProcess } from './run-process.mjs';
import { closingLine, outcomesOf, tallyOf } from './tally.mjs';

const root = join(import.meta.dirname, '..');
const options = { cwd: root, env: offlineEnvironment(root) };

const SOURCES = ['functions', 'shared', 'simulator', 'cli', 'bench', 'tests', 'build'];

/** Pure reading, independent of each other: they run in pairs, for two cores. */
const STATIC_STEPS = [
  { name: 'types', tool: ['tsc', '-p', '.'] },
  { name: 'lint', tool: ['oxlint', '--type-aware', '--deny-warnings', '--format=unix'] },
  { name: 'format', tool: ['biome', 'format', '--reporter=summary', '.'] },
  {
    name: 'import directions',
    tool: [
      'depcruise',
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err-long',
      ...SOURCES.filter((directory) => existsSync(join(root, directory))),
    ],
  },
];

const runTool = ([tool, ...args]) =>
  runProcess(nodeOf(root), [join(root, 'node_modules/.bin', tool), ...args], options);

const announce = (name, isPassed, { output, durationMs }) => {
  process.stderr.write(`${(durationMs / 1000).toFixed(1).padStart(6)} s  ${name}\n`);
  console.log(`${isPassed ? 'passed' : 'FAILED'}  ${name}`);
  if (!isPassed) console.log(output.trimEnd());
};

const runStatic = async ({ name, tool }) => {
  const result = await runTool(tool);
  announce(name, result.status === 0, result);
  return result.status === 0;
};

const runStatics = async () => {
  const passed = [];
  for (let index = 0; index < STATIC_STEPS.length; index += 2) {
    passed.push(...(await Promise.all(STATIC_STEPS.slice(index, index + 2).map(runStatic))));
  }
  return passed;
};

const readReport = async (file) => {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined; // vitest ended before it wrote one, which tallyOf counts as a failure
  }
};

const runTests = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'imago-check-'));
  try {
    const file = join(directory, 'report.json');
    const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
    const result = await runTool(['vitest', 'run', ...reporters]);
    const report = await readReport(file);
    const counted = tallyOf(report);
    const isUncounted = result.status !== 0 && counted.failed === 0;
    const tally = isUncounted ? { ...counted, failed: 1 } : counted;
    announce(`tests (${closingLine(tally)})`, tally.failed === 0, result);
    return { tally, outcomes: outcomesOf(report) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** Each judge that others wrote: run or absent. One that is here must have run. */
const sayJudges = (found, outcomes) => {
  const { isSound, lines } = judgesReport(found, outcomes);
  console.log(`${isSound ? 'passed' : 'FAILED'}  independent judges`);
  for (const line of lines) console.log(`        ${line}`);
  return isSound;
};

const runJudge = async () => {
  const result = await runProcess(nodeOf(root), [join(root, 'build/judge.mjs')], options);
  const verdict = result.output.trimEnd().split('\n').at(-1);
  announce(`mutants (${verdict})`, result.status === 0, result);
  return result.status === 0;
};

const main = async () => {
  const judges = findJudges(options);
  const statics = await runStatics();
  const { tally, outcomes } = await runTests();
  const steps = [...statics, sayJudges(await judges, outcomes), await runJudge()];
  const total = {
    passed: tally.passed + steps.filter((isPassed) => isPassed).length,
    failed: tally.failed + steps.filter((isPassed) => !isPassed).length,
    skipped: tally.skipped,
  };
  console.log(closingLine(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
};

await main();
