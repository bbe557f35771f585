import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { ENVIRONMENT, ROOT } from './fixture.ts';

const FUNCTIONS = ['backup', 'dispatch', 'on-ec2-event', 'report', 'retire'] as const;

/** What a process that imports each function's module, and calls its handler, comes to. */
type Findings = Readonly<
  Record<string, { readonly type?: string; readonly load?: string; readonly call?: string }>
>;

const SCRIPT = `
const context = { awsRequestId: 'request-1', functionName: 'f', functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:f',
  memoryLimitInMB: '512', getRemainingTimeInMillis: () => 600_000 };
const textOf = (error) => error.name + ': ' + error.message;
const findings = {};
for (const name of process.argv.slice(1)) {
  try {
    const { handler, createHandler } = await import(process.env.FUNCTIONS + '/' + name + '.ts');
    const call = await Promise.resolve().then(() => handler({}, context)).then(() => 'resolved', textOf);
    findings[name] = { type: typeof handler + ' ' + typeof createHandler, call };
  } catch (error) {
    findings[name] = { load: textOf(error) };
  }
}
console.log(JSON.stringify(findings));
`;

/** In a process of its own, since Lambda's variables and modules are the process's. */
const loadAll = async (environment: Readonly<Record<string, string>>): Promise<Findings> => {
  const args = [
    '--experimental-strip-types',
    '--input-type=module',
    '--eval',
    SCRIPT,
    ...FUNCTIONS,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: ROOT,
    env: {
      FUNCTIONS: join(ROOT, 'functions'),
      PATH: process.env['PATH'],
      NODE_NO_WARNINGS: '1',
      ...environment,
    },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Findings;
};

const ON_LAMBDA = { _HANDLER: 'imago-test', AWS_REGION: 'eu-central-1' };
const { IMAGO_EVENT_BUS: _eventBus, ...withoutBus } = ENVIRONMENT;

/** Four processes for all functions together: each takes most of a second. */
let found: Promise<readonly [Findings, Findings, Findings, Findings]> | undefined;

describe.each(FUNCTIONS)('the exported handler of %s', (name) => {
  let elsewhere: Findings = {};
  let onLambda: Findings = {};
  let incomplete: Findings = {};
  let unreadable: Findings = {};

  beforeAll(async () => {
    found ??= Promise.all([
      loadAll({}),
      loadAll({ ...ENVIRONMENT, ...ON_LAMBDA }),
      loadAll({ ...withoutBus, ...ON_LAMBDA }),
      loadAll({ ...ENVIRONMENT, ...ON_LAMBDA, IMAGO_POLICY_FILE: 'policies/nowhere.yml' }),
    ]);
    [elsewhere, onLambda, incomplete, unreadable] = await found;
  });

  test('can be imported where no variable is set, beside createHandler', () => {
    expect(elsewhere[name]?.type).toBe('function function');
  });

  test('names the variables that are missing when it is called there', () => {
    const call = elsewhere[name]?.call;

    expect(call).toMatch(/^InvalidEnvironmentError: the environment cannot be used: /);
    for (const variable of Object.keys(ENVIRONMENT)) expect(call).toContain(`${variable}: `);
  });

  test('is composed while it loads on Lambda, and refuses what is no event of its own', () => {
    expect(onLambda[name]?.type).toBe('function function');
    expect(onLambda[name]?.call).toMatch(/^MalformedError: malformed /);
  });

  test('does not load on Lambda without a variable, and names it', () => {
    expect(incomplete[name]?.load).toMatch(
      /^InvalidEnvironmentError: the environment cannot be used: IMAGO_EVENT_BUS: /,
    );
  });

  test('does not load on Lambda without its policy file, and names that', () => {
    expect(unreadable[name]?.load).toMatch(/^UnusableFileError: .*policies\/nowhere\.yml/);
  });
});
