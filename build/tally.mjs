/** Counting: what vitest's JSON report and the other steps come to. */

/**
 * A file that fails outside its tests (it does not load, a hook throws) counts as one failure, and
 * so does a report that says "failed" without naming anything, or that holds no test at all.
 * @param {any} report vitest's JSON report, or undefined if it wrote none
 */
export const tallyOf = (report) => {
  const files = report?.testResults ?? [];
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
  const broken = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const named = count('failed') + broken;
  const isUnexplained = named === 0 && (report?.success !== true || tests.length === 0);
  return {
    passed: count('passed'),
    failed: isUnexplained ? 1 : named,
    skipped: count('skipped', 'pending', 'disabled', 'todo'),
  };
};

/** The last line that `npm test` prints: `N passed, N failed`, and what was skipped if anything. */
export const closingLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** Every test by its full title, and what became of it. */
export const outcomesOf = (report) =>
  (report?.testResults ?? []).flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({
      title: fullName,
      status: ['passed', 'failed'].includes(status) ? status : 'skipped',
    })),
  );
