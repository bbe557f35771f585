import { describe, expect, test } from 'vitest';
import { judgesReport } from '../../build/independent-judges.mjs';
import { closingLine, skippedTests, tallyOf } from '../../build/tally.mjs';

const file = (name: string, status: string, statuses: readonly string[]) => ({
  name: `/repo/tests/${name}.test.ts`,
  status,
  assertionResults: statuses.map((each, index) => ({
    status: each,
    fullName: `${name} ${index + 1}`,
  })),
});

describe('the tally of a test run', () => {
  test('counts what passed, failed and was skipped over all files', () => {
    const report = {
      success: false,
      testResults: [
        file('a', 'passed', ['passed', 'passed', 'skipped']),
        file('b', 'failed', ['passed', 'failed', 'todo']),
      ],
    };

    expect(tallyOf(report)).toEqual({ passed: 3, failed: 1, skipped: 2 });
    expect(skippedTests(report)).toEqual([
      { file: '/repo/tests/a.test.ts', title: 'a 3' },
      { file: '/repo/tests/b.test.ts', title: 'b 3' },
    ]);
  });

  test('counts a file that does not load as one failure', () => {
    const report = {
      success: false,
      testResults: [file('a', 'passed', ['passed']), file('b', 'failed', [])],
    };

    expect(tallyOf(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test('counts an error outside every test as one failure', () => {
    const report = { success: false, testResults: [file('a', 'passed', ['passed'])] };

    expect(tallyOf(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test('fails when there is no report, and when it holds no test', () => {
    expect(tallyOf(undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(tallyOf({ success: true, testResults: [] })).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });
});

describe('the closing line', () => {
  test('names skipped tests only if there are any', () => {
    expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(closingLine({ passed: 9, failed: 1, skipped: 2 })).toBe('9 passed, 1 failed, 2 skipped');
  });
});

describe('the line on independent judges', () => {
  test('says which are here, and gives skipped tests to the one that is not', () => {
    const found = { present: ['cfn-lint', 'moto', 'boto3'], absent: ['AWS CLI', 'Terraform'] };
    const skipped = [
      { file: '/repo/tests/contracts/terraform.test.ts', title: 'an AMI copy is applied' },
      { file: '/repo/tests/contracts/http.test.ts', title: 'the AWS CLI lists images' },
      { file: '/repo/tests/contracts/http.test.ts', title: 'a port is free' },
    ];

    expect(judgesReport(found, skipped)).toEqual([
      'independent judges present: cfn-lint, moto, boto3; absent: AWS CLI, Terraform',
      'skipped for want of AWS CLI: the AWS CLI lists images',
      'skipped for want of Terraform: an AMI copy is applied',
      'skipped for another reason: a port is free',
    ]);
  });

  test('says none when nothing is absent', () => {
    expect(judgesReport({ present: ['moto'], absent: [] }, [])).toEqual([
      'independent judges present: moto; absent: none',
    ]);
  });
});
