/**
 * `npm run judge`: are the tests able to fail?
 *
 * Each tests/safety/mutants/*.patch makes the product dangerous in one way, and names the test that
 * must notice. The judge applies it to a copy of the tree, runs that test and requires it to fail
 * by assertion. It exits 1 unless every mutant is caught and there are enough of them.
 *
 * Options, for its own tests: --root DIR, --at-least N.
 */
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeOf, offlineEnvironment } from './environment.mjs';
import { readMutants, survival, unsoundness } from './mutants.mjs';
import { runProcess } from './run-process.mjs';

const MUTANTS_MIN = 8;
/** A mutant may make a loop endless; its test has had its chance by then. */
const TEST_TIME_LIMIT_MS = 180_000;
const NOT_COPIED = new Set(['node_modules', '.git', 'dist', 'out', 'coverage', '.serverless']);

const copyTree = async (root, copy) => {
  await cp(root, copy, {
    recursive: true,
    filter: (source) => !NOT_COPIED.has(relative(root, source).split(sep)[0]),
  });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
};

/** Runs vitest on the named files of a copy; undefined if it wrote no report. */
const runVitest = async (copy, files, title) => {
  const report = join(dirname(copy), `${Math.random().toString(36).slice(2)}.json`);
  const vitest = join(copy, 'node_modules/.bin/vitest');
  const args = ['run', ...files, '--reporter=json', `--outputFile=${report}`];
  if (files.length === 1) args.push('--maxWorkers=1');
  if (title !== undefined) args.push('--testNamePattern', title);
  await runProcess(nodeOf(copy), [vitest, ...args], {
    cwd: copy,
    env: offlineEnvironment(copy),
    timeLimitMs: TEST_TIME_LIMIT_MS,
  });
  return readFile(report, 'utf8').then(JSON.parse, () => undefined);
};

const git = (copy, ...args) =>
  runProcess('git', args, {
    cwd: copy,
    // The copy is no repository; without the ceiling git would look for one above it.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(copy) },
  });

/** Why the mutant is not caught, or undefined if it is. The copy is as before when this ends. */
const judge = async (copy, mutant) => {
  const applied = await git(copy, 'apply', mutant.file);
  if (applied.status !== 0) return `it does not apply: ${applied.output.trim().split('\n')[0]}`;
  const report = await runVitest(copy, [mutant.test], mutant.title);
  const reverted = await git(copy, 'apply', '--reverse', mutant.file);
  if (reverted.status !== 0) throw new Error(`${mutant.file}: cannot be reverted`);
  return survival(report, mutant);
};

const say = ({ name }, reason) =>
  console.log(reason === undefined ? `caught      ${name}` : `NOT CAUGHT  ${name}: ${reason}`);

/** Takes mutants off the queue for as long as there are any, in one copy of the tree. */
const judgeQueue = async (copy, queue, reasons) => {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    reasons.set(mutant, await judge(copy, mutant));
  }
};

const judgeAll = async (mutants, root, directory) => {
  const reasons = new Map(mutants.map((mutant) => [mutant, mutant.problems[0]]));
  const sound = () => mutants.filter((mutant) => reasons.get(mutant) === undefined);
  const count = Math.max(1, Math.min(availableParallelism(), 4, mutants.length));
  const copies = Array.from({ length: count }, (_, index) => join(directory, `copy-${index}`));
  await Promise.all(copies.map((copy) => copyTree(root, copy)));

  const tests = [...new Set(sound().map(({ test }) => test))];
  const unchanged = tests.length > 0 ? await runVitest(copies[0], tests) : undefined;
  for (const mutant of sound()) reasons.set(mutant, unsoundness(unchanged, mutant));

  const queue = sound();
  await Promise.all(copies.map((copy) => judgeQueue(copy, queue, reasons)));
  for (const mutant of mutants) say(mutant, reasons.get(mutant));
  return sound().length;
};

const main = async () => {
  const { values } = parseArgs({
    options: {
      root: { type: 'string', default: join(import.meta.dirname, '..') },
      'at-least': { type: 'string', default: String(MUTANTS_MIN) },
    },
  });
  const root = resolve(values.root);
  const wanted = Number(values['at-least']);
  const mutants = await readMutants(join(root, 'tests/safety/mutants'));
  const directory = await mkdtemp(join(tmpdir(), 'imago-judge-'));
  try {
    const caught = await judgeAll(mutants, root, directory);
    const isEnough = mutants.length >= wanted;
    const shortfall = isEnough ? '' : `; at least ${wanted} mutants are required`;
    console.log(`${caught}/${mutants.length} caught${shortfall}`);
    process.exitCode = isEnough && caught === mutants.length ? 0 : 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

await main();
