import { describe, expect, test } from 'vitest';
import { CAPABILITIES, findTrespasses } from './capabilities.ts';
import { PRODUCT, readSources } from './sources.ts';

/** One use of each kind, and the capability that it takes. */
const PLANTED: readonly (readonly [capability: string, code: string])[] = [
  ['real time', 'export const at = Date.now();'],
  ['real time', 'export const at = new Date();'],
  ['real time', 'export const at = new Date;'],
  ['real time', 'export const at = Date();'],
  ['real time', "export const at = Date['now']();"],
  ['real time', 'export const clock = { nowMs: Date.now };'],
  ['real time', 'export const at = performance.now();'],
  ['waiting', 'setTimeout(() => undefined, 5);'],
  ['waiting', 'globalThis.setTimeout(() => undefined, 5);'],
  ['waiting', 'setInterval(() => undefined, 5);'],
  ['waiting', "import { setTimeout as wait } from 'node:timers/promises'; await wait(5);"],
  ['turns of the event loop', 'setImmediate(() => undefined);'],
  ['chance', 'export const draw = (): number => Math.random();'],
  ['chance', "import { randomUUID } from 'node:crypto'; export const id = randomUUID();"],
  ['chance', 'export const id = crypto.randomUUID();'],
  ['environment', 'export const region = process.env.AWS_REGION;'],
  ['environment', 'export const region = globalThis.process.env.AWS_REGION;'],
  ['environment', 'export const { env } = process;'],
  ['environment', "import { env } from 'node:process'; export const region = env.AWS_REGION;"],
  ['files', "import { readFileSync } from 'node:fs'; readFileSync('a');"],
  ['files', "import { readFile } from 'fs/promises'; await readFile('a');"],
  ['files', "const { readFile } = await import('node:fs/promises'); await readFile('a');"],
  ['sockets', "import { createServer } from 'node:http'; createServer();"],
  ['sockets', "import { connect } from 'net'; connect(80);"],
  ['sockets', "export const page = fetch('http://localhost');"],
  ['console', "console.log('hello');"],
  ['console', 'export const print = console.error;'],
  ['console', "process.stdout.write('hello');"],
];

const INNOCENT = `
// Date.now(), new Date(), Math.random() and process.env in a comment
import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { isIP } from 'node:net';
interface Window { readonly console: string; setTimeout(): void }
type Wait = typeof setTimeout;
export const text = "Date.now() and console.log and process.env";
export const pattern = /console.log(Math.random())/;
export const template = \`setTimeout \${text} new Date()\`;
export const at = (ms: number, window: Window): Date => (window.setTimeout(), new Date(ms));
export const parsed = Date.parse('2026-11-21') + Date.UTC(2026, 10);
export const view = { console: createHash('sha256'), process: isIP('::1') };
export const read = (clock: { now(): number }, stats: Stats): number => clock.now() + stats.size;
`;

describe('capability fences', () => {
  test('no file uses time, chance, environment, files or console outside their homes', () => {
    expect(readSources(PRODUCT).flatMap(findTrespasses)).toEqual([]);
  });

  test.each(PLANTED)('%s is seen in: %s', (capability, text) => {
    const found = findTrespasses({ file: 'shared/domain/planted.ts', text });

    expect([...new Set(found.map((trespass) => trespass.capability))]).toEqual([capability]);
    expect(found[0]).toMatchObject({ file: 'shared/domain/planted.ts', line: 1 });
  });

  test.each(CAPABILITIES)('$name has a planted use', ({ name }) => {
    expect(PLANTED.map(([capability]) => capability)).toContain(name);
  });

  test('a capability is free in its home, and there alone', () => {
    const text = '\nexport const nowMs = (): number => Date.now();\n';

    expect(findTrespasses({ file: 'shared/aws/system.ts', text })).toEqual([]);
    expect(findTrespasses({ file: 'simulator/clock.ts', text })).toEqual([
      {
        file: 'simulator/clock.ts',
        line: 2,
        use: 'Date.now',
        capability: 'real time',
        advice:
          'take the instant, or a Clock, as an argument; only shared/aws/system.ts may use it',
      },
    ]);
  });

  test('comments, strings, types, keys and dates made of a number do not count', () => {
    expect(findTrespasses({ file: 'shared/domain/innocent.ts', text: INNOCENT })).toEqual([]);
  });
});
