/**
 * Who may import whom. The rules run in `npm test`; tests/house/imports.test.ts plants one violation
 * of each, so that a rule cannot quietly stop to see.
 *
 *   domain <- loop <- functions, cli        aws implements loop's ports
 *   domain <- inventory <- aws, cli         documents of AWS as values of the domain
 *   simulator: the other side of the wire   tests: may import all, nobody imports them
 */
const OURS = '^(shared|functions|simulator|cli|bench|build|tests)/';
const PACKAGES = 'node_modules/';

/** One direction: modules below `from` may import of ours nothing but `may`. */
const direction = ({ name, comment, from, may }) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: OURS, pathNot: `^(${may.join('|')})/` },
});

/** One list of packages: modules below `from` may import from npm nothing but `may`. */
const packages = ({ name, comment, from, may }) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: PACKAGES, ...(may.length > 0 && { pathNot: `${PACKAGES}(${may.join('|')})/` }) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    direction({
      name: 'domain-imports-domain-only',
      comment:
        'shared/domain decides, and only that: it is pure. Pass what it needs in as an argument, ' +
        'or move the deciding part of what it wants to import into the domain.',
      from: 'shared/domain',
      may: ['shared/domain'],
    }),
    packages({
      name: 'domain-packages',
      comment: 'The domain knows no library but croner (cron expressions): no SDK, not even types.',
      from: 'shared/domain',
      may: ['croner'],
    }),
    direction({
      name: 'loop-imports-domain-only',
      comment:
        'Use cases in shared/loop speak to the world through ports: declare an interface there and ' +
        'implement it in shared/aws.',
      from: 'shared/loop',
      may: ['shared/loop', 'shared/domain'],
    }),
    packages({
      name: 'loop-packages',
      comment:
        'shared/loop needs no library. An SDK type in a port would leak AWS into the use case.',
      from: 'shared/loop',
      may: [],
    }),
    {
      name: 'pure-code-imports-no-io',
      comment:
        'The domain and the loop do no I/O. Of Node they may use node:crypto, for hashes of request ' +
        'tokens, and nothing else.',
      severity: 'error',
      from: { path: '^shared/(domain|loop)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    direction({
      name: 'aws-imports-inward',
      comment: 'Adapters implement the ports of shared/loop. They know nothing of who calls them.',
      from: 'shared/aws',
      may: [
        'shared/aws',
        'shared/inventory',
        'shared/loop',
        'shared/domain',
        'shared/config',
        'shared/observability',
      ],
    }),
    {
      name: 'sdk-only-in-adapters',
      comment:
        'shared/aws is the only run-time importer of the AWS SDK: errors, pages and retries are ' +
        'handled there, once. `import type` is fine where the SDK names a type well.',
      severity: 'error',
      from: { path: '^(shared|functions|cli)/', pathNot: '^shared/aws/' },
      to: { path: `${PACKAGES}(@aws-sdk|@smithy)/`, dependencyTypesNot: ['type-only'] },
    },
    direction({
      name: 'config-imports-domain-only',
      comment: 'shared/config turns documents and the environment into values of the domain.',
      from: 'shared/config',
      may: ['shared/config', 'shared/domain'],
    }),
    packages({
      name: 'config-packages',
      comment: 'shared/config reads YAML and validates with zod; it needs no other library.',
      from: 'shared/config',
      may: ['zod', 'yaml'],
    }),
    {
      name: 'inventory-imports-inward',
      comment:
        'shared/inventory turns what was read of AWS, by whatever way, into values of the domain. Of ' +
        'shared/aws it may use the shapes, which are pure; who reads AWS calls it, and not it them.',
      severity: 'error',
      from: { path: '^shared/inventory/' },
      to: {
        path: OURS,
        pathNot: '^shared/((inventory|config|domain|loop)/|aws/((launch|seen)-)?shapes\\.ts$)',
      },
    },
    {
      name: 'inventory-knows-types-of-the-loop',
      comment: 'A recording implements the ports: use `import type`, and run no use case from it.',
      severity: 'error',
      from: { path: '^shared/inventory/' },
      to: { path: '^shared/loop/', dependencyTypesNot: ['type-only'] },
    },
    packages({
      name: 'inventory-packages',
      comment: 'shared/inventory validates with zod, and takes names of types from the AWS SDK.',
      from: 'shared/inventory',
      may: ['zod', '@aws-sdk'],
    }),
    direction({
      name: 'observability-imports-inward',
      comment: 'Logs and metrics describe what the domain and the loop return.',
      from: 'shared/observability',
      may: ['shared/observability', 'shared/domain', 'shared/loop'],
    }),
    {
      name: 'observability-knows-types-of-the-loop',
      comment:
        'What is logged is a value: use `import type`, and do not run use cases from a logger.',
      severity: 'error',
      from: { path: '^shared/observability/' },
      to: { path: '^shared/loop/', dependencyTypesNot: ['type-only'] },
    },
    packages({
      name: 'observability-packages',
      comment: 'shared/observability wraps Powertools; nothing else writes logs or metrics.',
      from: 'shared/observability',
      may: ['@aws-lambda-powertools'],
    }),
    direction({
      name: 'functions-import-shared-only',
      comment:
        'A function is one file: it narrows its event, calls one use case, returns a reply. What ' +
        'two functions share belongs to shared/.',
      from: 'functions',
      may: ['shared'],
    }),
    {
      name: 'functions-are-five',
      comment:
        'functions/ holds one file per Lambda and nothing else. A new Lambda is named here and in ' +
        'serverless.yml; anything else belongs to shared/.',
      severity: 'error',
      from: {
        path: '^functions/',
        pathNot: '^functions/(dispatch|on-ec2-event|backup|retire|report)\\.ts$',
      },
      to: {},
    },
    direction({
      name: 'shared-serves-functions',
      comment: 'shared/ is what the functions are made of; it does not know what it is made into.',
      from: 'shared',
      may: ['shared'],
    }),
    direction({
      name: 'cli-imports-the-product',
      comment:
        'The command line runs the product and the embedded cloud. It needs no test or tool.',
      from: 'cli',
      may: ['cli', 'shared', 'functions', 'simulator'],
    }),
    direction({
      name: 'simulator-is-the-other-side',
      comment:
        'The embedded cloud judges the product over the wire. Code shared with the product would ' +
        'make both wrong in the same way.',
      from: 'simulator',
      may: ['simulator'],
    }),
    {
      name: 'nothing-imports-tests',
      comment: 'Test code is for tests. Move what the product needs out of tests/.',
      severity: 'error',
      from: { pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
    {
      name: 'no-circular-imports',
      comment:
        'A circle has no first part to understand or to test alone. Move the shared part out.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-development-package-at-run-time',
      comment: 'What a deployed function runs on is listed under `dependencies` in package.json.',
      severity: 'error',
      from: { path: '^(shared|functions)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'every-import-resolves',
      comment: 'This import leads nowhere: a wrong path, or a package that is not in package.json.',
      severity: 'error',
      from: {},
      // Packages of types alone (@types/aws-lambda) lead nowhere at run time; the compiler sees them.
      to: { couldNotResolve: true, pathNot: '^aws-lambda$' },
    },
  ],
  options: {
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // From the root on: many a package's own files lie in its dist/, and must stay in sight.
    exclude: { path: '^(dist|out)/|^tests/.*/fixtures/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.d.mts', '.mjs', '.js', '.json'],
    },
  },
};
