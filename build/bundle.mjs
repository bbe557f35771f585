/**
 * Bundles the project: `node build/bundle.mjs functions|cli [--quiet] [--root DIR]`.
 *
 * functions: every functions/*.ts to dist/functions/<name>.mjs, one self-contained file each.
 * Code is not split: a shared chunk would hold the schemas of all functions together.
 * cli: cli/main.ts to the executable dist/cli/main.mjs, and beside it the parts that only some
 * commands load, so that the others start sooner.
 */
import { chmod, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { schemaPruning } from './schema-pruning.mjs';

/**
 * A few libraries (yaml) are CommonJS on Node, and call `require` for Node's own modules.
 * The import's name is long because minified names must not collide with it.
 */
const REQUIRE = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
].join('\n');

const COMMON = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
  metafile: true,
  plugins: [schemaPruning],
};

const functionsOptions = async (root) => ({
  ...COMMON,
  entryPoints: (await readdir(join(root, 'functions')))
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(root, 'functions', name)),
  outdir: join(root, 'dist/functions'),
  target: 'node24',
  minify: true,
  banner: { js: REQUIRE },
});

const PARTS = 'parts';

/** Not minified: its stack traces are read by people, and nobody pays for its cold start. */
const cliOptions = (root) => ({
  ...COMMON,
  entryPoints: [join(root, 'cli/main.ts')],
  outdir: join(root, 'dist/cli'),
  splitting: true,
  chunkNames: `${PARTS}/[name]-[hash]`,
  target: 'node22.12',
  banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
});

/** Parts of former builds, whose names nothing knows any more. */
const dropOldParts = async (root, { outdir }, outputs) => {
  const folder = join(outdir, PARTS);
  const present = await readdir(folder).catch(() => []);
  const current = new Set(Object.keys(outputs).map((path) => resolve(root, path)));
  const old = present.map((name) => join(folder, name)).filter((path) => !current.has(path));
  await Promise.all(old.map((path) => rm(path)));
};

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

const report = async (root, outputs) => {
  for (const path of Object.keys(outputs)) {
    const file = await readFile(join(root, path));
    const zipped = kilobytes(gzipSync(file, { level: 9 }).length);
    console.log(`${path}  ${kilobytes(file.length)}  (${zipped} zipped)`);
  }
};

const main = async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quiet: { type: 'boolean', default: false }, root: { type: 'string' } },
  });
  const root = resolve(values.root ?? join(import.meta.dirname, '..'));
  const what = positionals[0];
  if (what !== 'functions' && what !== 'cli') {
    throw new Error('usage: node build/bundle.mjs functions|cli [--quiet] [--root DIR]');
  }
  const options = what === 'cli' ? cliOptions(root) : await functionsOptions(root);
  if (what === 'functions') await rm(options.outdir, { recursive: true, force: true });
  const { metafile } = await build({ ...options, absWorkingDir: root });
  if (what === 'cli') {
    await chmod(join(options.outdir, 'main.mjs'), 0o755);
    await dropOldParts(root, options, metafile.outputs);
  }
  if (!values.quiet) await report(root, metafile.outputs);
};

main().catch((error) => {
  // esbuild has printed its own errors; anything else is ours to say.
  if (!error.errors) console.error(error.message);
  process.exitCode = 1;
});
