import { describe, expect, test } from 'vitest';
import { judgesReport } from '../../build/independent-judges.mjs';
import { closingLine, outcomesOf, tallyOf } from '../../build/tally.mjs';

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
    expect(outcomesOf(report)).toEqual([
      { title: 'a 1', status: 'passed' },
      { title: 'a 2', status: 'passed' },
      { title: 'a 3', status: 'skipped' },
      { title: 'b 1', status: 'passed' },
      { title: 'b 2', status: 'failed' },
      { title: 'b 3', status: 'skipped' },
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

describe('the lines on programs of others that judge us', () => {
  const found = [
    { name: 'moto_server', lacks: undefined },
    { name: 'boto3', lacks: undefined },
    { name: 'AWS CLI', lacks: 'it is not installed' },
    { name: 'Terraform', lacks: 'its AWS provider is not on this machine' },
  ];
  const outcome = (title: string, status: 'passed' | 'failed' | 'skipped') => ({ title, status });
  const outcomes = [
    outcome('the embedded cloud and moto_server moto agrees that tags are removed', 'passed'),
    outcome('the embedded cloud and moto_server moto agrees that queues are found', 'failed'),
    outcome('boto3, unmodified copies an image', 'passed'),
    outcome('the AWS CLI, unmodified copies an image', 'skipped'),
    outcome('a remote machine is out of reach', 'passed'),
  ];

  test('say of each whether it has run or is absent', () => {
    expect(judgesReport(found.slice(0, 3), outcomes)).toEqual({
      isSound: true,
      lines: [
        'run     moto_server: 2 tests',
        'run     boto3: 1 test',
        'absent  AWS CLI (it is not installed): 1 test skipped',
      ],
    });
  });

  test('do not pass over one that is here and has judged nothing', () => {
    const { isSound, lines } = judgesReport(found.slice(1), [
      outcome('boto3, unmodified copies an image', 'skipped'),
      outcome("Terraform's AWS provider, unmodified destroys what it made", 'skipped'),
    ]);

    expect(isSound).toBe(false);
    expect(lines.slice(0, 3)).toEqual([
      'NOT RUN boto3: it is here, but judged nothing',
      'absent  AWS CLI (it is not installed): 0 tests skipped',
      'absent  Terraform (its AWS provider is not on this machine): 1 test skipped',
    ]);
  });

  test('name what was skipped though its judge is here', () => {
    expect(
      judgesReport(found.slice(1, 2), [
        ...outcomes,
        outcome('boto3, unmodified waits', 'skipped'),
        outcome('a port is free', 'skipped'),
      ]).lines,
    ).toEqual([
      'run     boto3: 1 test',
      'skipped for another reason: the AWS CLI, unmodified copies an image',
      'skipped for another reason: boto3, unmodified waits',
      'skipped for another reason: a port is free',
    ]);
  });
});
