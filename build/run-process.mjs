import { spawn } from 'node:child_process';

/** What a process may take before it is ended: a hanging tool is a failed one, not a hung build. */
const TIME_LIMIT_MS = 20 * 60_000;

/**
 * Runs a program to its end and keeps what it printed.
 * A program that cannot be started has status 127; one that was ended for its time has 124.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd: string, env: NodeJS.ProcessEnv, timeLimitMs?: number}} options
 * @returns {Promise<{status: number, output: string, durationMs: number}>}
 */
export const runProcess = (program, args, { cwd, env, timeLimitMs = TIME_LIMIT_MS }) =>
  new Promise((resolve) => {
    const startedMs = performance.now();
    const chunks = [];
    const end = (status) =>
      resolve({
        status,
        output: Buffer.concat(chunks).toString('utf8'),
        durationMs: performance.now() - startedMs,
      });
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\nended after ${timeLimitMs / 1000} s\n`));
      child.kill('SIGKILL');
    }, timeLimitMs);
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => {
      clearTimeout(timer);
      chunks.push(Buffer.from(`${error.message}\n`));
      end(127);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      end(code ?? 124);
    });
  });
