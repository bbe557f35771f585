/**
 * An esbuild plugin that lets a bundle drop the AWS schemas that it does not use.
 *
 * The SDK writes its schemas with computed keys, `{ [_xN]: _a }`, where `const _xN = "xmlName"`.
 * To esbuild a computed key may have a side effect, so it keeps every schema of the service: some
 * 550 KB for the six EC2 operations of a function. The key's literal value means the same and can
 * be shaken off. See https://github.com/aws/aws-sdk-js-v3/issues/7607.
 */
import { readFile } from 'node:fs/promises';

const SCHEMA_FILE = /dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
const CONSTANT = /^const (_\w+) = ("(?:[^"\\\n]|\\.)*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;

/**
 * Replaces every computed key that names a string constant of the same file by that string.
 * A key that names anything else is left as it is, which is safe: it is then merely not shaken off.
 * @param {string} source
 * @returns {string}
 */
export const withLiteralKeys = (source) => {
  const literals = new Map();
  for (const [, name, literal] of source.matchAll(CONSTANT)) literals.set(name, literal);
  return source.replace(COMPUTED_KEY, (key, name) =>
    literals.has(name) ? `${literals.get(name)}:` : key,
  );
};

/** @type {import('esbuild').Plugin} */
export const schemaPruning = {
  name: 'schema-pruning',
  setup: (build) => {
    build.onLoad({ filter: SCHEMA_FILE }, async ({ path }) => ({
      contents: withLiteralKeys(await readFile(path, 'utf8')),
      loader: 'js',
    }));
  },
};
