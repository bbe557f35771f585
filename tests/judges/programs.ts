/** Programs of others: whether they are here, and running them to their end. */
import { spawn, spawnSync } from 'node:child_process';

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** All that the program gets beside PATH: nothing of this machine's settings goes with it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directory?: string;
  readonly timeLimitMs?: number;
}

/** For one program: much longer than any takes, on a machine that has other things to do. */
const TIME_LIMIT_MS = 120_000;

/** For the programs of one judge, one after another. */
export const WALK_LIMIT_MS = 300_000;

/** A program's own environment: where programs are found, and what it is given. */
export const environmentOf = (given: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'] ?? '',
  ...given,
});

/** Whether a program is here and answers, as installed programs do to `--version`. */
export const hasProgram = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore', timeout: 30_000 }).status === 0;

const FIND_MODULES = `
import importlib.util, sys
sys.exit(any(importlib.util.find_spec(name) is None for name in sys.argv[1:]))
`;

/** Whether Python is here with these modules. Looks for them without loading them. */
export const hasPythonModules = (...names: readonly string[]): boolean =>
  hasProgram('python3', '-c', FIND_MODULES, ...names);

/**
 * Runs a program to its end. It is the first of a process group, which is ended as a whole when its
 * time is over: Terraform's plug-ins outlive a Terraform that is killed alone.
 * @throws Error if it cannot be started, or has not ended within its time
 */
export const runProgram = (
  program: string,
  args: readonly string[],
  { environment, directory, timeLimitMs = TIME_LIMIT_MS }: RunOptions,
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: directory,
      env: environmentOf(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      const said = `${text(stdout)}${text(stderr)}`;
      reject(new Error(`${program} ${args.join(' ')} was ended after ${timeLimitMs} ms: ${said}`));
    }, timeLimitMs);
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ status: code ?? -1, stdout: text(stdout), stderr: text(stderr) });
    });
  });
