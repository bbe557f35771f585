/** Mutant files: a unified diff under a header that names it and the test that must catch it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @typedef {object} Mutant
 * @property {string} file absolute path of the patch
 * @property {string} name what the mutant does wrong, in words
 * @property {string} test path of the vitest file that must fail, from the root
 * @property {string | undefined} title only tests whose full title matches this pattern count
 * @property {readonly string[]} problems why the patch cannot be judged at all; empty if it can
 */

/**
 * Reads `# key: value` lines that stand before the first diff header.
 * @returns {Mutant}
 */
export const parseMutant = (file, text) => {
  const header = text.split(/^(?:diff --git|---) /m)[0];
  const fields = Object.fromEntries(
    [...header.matchAll(/^# (\w+): *(.*\S)/gm)].map(([, key, value]) => [key, value]),
  );
  const changed = [...text.matchAll(/^\+\+\+ (?:b\/)?(\S+)/gm)].map(([, path]) => path);
  const problems = [];
  if (!fields.name) problems.push('it has no "# name: ..." line');
  if (!fields.test) problems.push('it has no "# test: ..." line');
  if (changed.length === 0) problems.push('it changes no file');
  if (changed.some((path) => path.startsWith('tests/'))) problems.push('it changes a test');
  return { file, name: fields.name ?? file, test: fields.test, title: fields.title, problems };
};

/** Every mutant of a directory, by file name; none if the directory is not there. */
export const readMutants = async (directory) => {
  const names = await readdir(directory).catch(() => []);
  const patches = names.filter((name) => name.endsWith('.patch')).sort();
  return Promise.all(
    patches.map(async (name) =>
      parseMutant(join(directory, name), await readFile(join(directory, name), 'utf8')),
    ),
  );
};

/** The tests of a vitest JSON report that a mutant is judged by. */
const testsOf = (report, { title }) => {
  const pattern = title === undefined ? /(?:)/ : new RegExp(title);
  return report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => pattern.test(fullName));
};

/** The report restricted to one test file. */
const fileOf = (report, test) => ({
  testResults: report.testResults.filter(({ name }) => name.endsWith(`/${test}`)),
});

/**
 * Why a mutant's test proves nothing on the unchanged code, or undefined if it is sound.
 * @param {any} report vitest's JSON report of the unchanged code
 */
export const unsoundness = (report, mutant) => {
  if (report === undefined) return 'vitest wrote no report for the unchanged code';
  const tests = testsOf(fileOf(report, mutant.test), mutant);
  if (tests.some(({ status }) => status === 'failed')) return 'its test fails without it';
  if (!tests.some(({ status }) => status === 'passed')) return `no test of ${mutant.test} runs`;
  return undefined;
};

// A mutant that does not even load is caught by anything, and so shows nothing.
const NOT_AN_ASSERTION =
  /^(?:SyntaxError|ReferenceError|Error: (?:Failed to|Cannot find|Transform))/;

/**
 * Why a mutant counts as not caught, or undefined if a test that ran failed because of it.
 * @param {any} report vitest's JSON report of the changed code
 */
export const survival = (report, mutant) => {
  if (report === undefined) return 'vitest wrote no report';
  const tests = testsOf(report, mutant);
  const failures = tests
    .filter(({ status }) => status === 'failed')
    .flatMap(({ failureMessages }) => failureMessages);
  if (failures.some((message) => !NOT_AN_ASSERTION.test(message))) return undefined;
  if (failures.length > 0) return `it breaks the code: ${failures[0].split('\n')[0]}`;
  if (tests.some(({ status }) => status === 'passed')) return `${mutant.test} passes with it`;
  const message = report.testResults[0]?.message ?? 'unknown';
  return `no test ran: ${message.split('\n')[0]}`;
};
