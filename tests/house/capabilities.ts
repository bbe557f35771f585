import { lineAt, parse, type Source, type SyntaxNode, walk } from './sources.ts';

/** Something that makes a run depend on more than its inputs, and the only files that may use it. */
export interface Capability {
  readonly name: string;
  readonly homes: readonly string[];
  /** Why it is fenced, and what to use instead. */
  readonly reason: string;
  /** Global names, and `object.property` pairs. */
  readonly uses: readonly string[];
  /** Modules, and `module#export` where only some exports count. */
  readonly modules: readonly string[];
}

export const CAPABILITIES: readonly Capability[] = [
  {
    name: 'real time',
    homes: ['shared/aws/system.ts'],
    reason: 'take the instant, or a Clock, as an argument',
    uses: ['Date.now', 'new Date()', 'Date()', 'performance', 'process.hrtime', 'process.uptime'],
    modules: ['node:perf_hooks'],
  },
  {
    name: 'waiting',
    homes: ['shared/aws/system.ts'],
    reason: 'wait with Clock.sleep, which the simulation can move on',
    uses: ['setTimeout', 'setInterval'],
    modules: ['node:timers', 'node:timers/promises'],
  },
  {
    name: 'turns of the event loop',
    homes: ['simulator/clock.ts'],
    reason: 'only the virtual clock lets promises run dry between two instants',
    uses: ['setImmediate'],
    modules: [],
  },
  {
    name: 'chance',
    homes: ['shared/aws/system.ts'],
    reason: 'draw from the seeded simulator/random.ts, or derive a hash from the facts',
    uses: ['Math.random', 'crypto.randomUUID', 'crypto.getRandomValues'],
    modules: [
      'node:crypto#randomUUID',
      'node:crypto#randomBytes',
      'node:crypto#randomInt',
      'node:crypto#webcrypto',
    ],
  },
  {
    name: 'environment',
    homes: ['shared/config/environment.ts', 'cli/main.ts'],
    reason: 'take validated settings as an argument',
    uses: ['process.env', 'process'],
    modules: ['node:process'],
  },
  {
    name: 'files',
    homes: ['shared/config/files.ts', 'cli/output-files.ts'],
    reason: 'take the text as an argument, and return what is to be written',
    uses: [],
    modules: ['node:fs', 'node:fs/promises'],
  },
  {
    name: 'sockets',
    homes: ['simulator/wire/http-server.ts'],
    reason: 'call AWS through the SDK client that you are given; only the server listens',
    uses: ['fetch', 'WebSocket'],
    modules: [
      'node:dgram',
      'node:http',
      'node:http2',
      'node:https',
      'node:net#*',
      'node:net#connect',
      'node:net#createConnection',
      'node:net#createServer',
      'node:net#Server',
      'node:net#Socket',
      'node:tls',
    ],
  },
  {
    name: 'console',
    homes: ['cli/terminal.ts', 'shared/observability/logger.ts'],
    reason: 'log through shared/observability; the command line prints through its terminal',
    uses: ['console', 'process.stdout', 'process.stderr'],
    modules: ['node:console'],
  },
];

const KEYED = new Set([
  'Property',
  'PropertyDefinition',
  'MethodDefinition',
  'TSPropertySignature',
  'TSMethodSignature',
]);

const nameOf = (value: unknown): string | undefined => {
  const node = value as SyntaxNode | null | undefined;
  if (node?.type === 'Identifier') return node.name as string;
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  return undefined;
};

/** `a.b` for both `a.b` and `a['b']`; `globalThis.` is left out. */
const memberName = (node: SyntaxNode): string | undefined => {
  const property = nameOf(node.property);
  const object = node.object as SyntaxNode;
  if (object.type === 'MemberExpression' && nameOf(object.object) === 'globalThis') {
    return `${nameOf(object.property)}.${property}`;
  }
  const name = object.type === 'Identifier' ? nameOf(object) : undefined;
  return name === 'globalThis' ? property : name && `${name}.${property}`;
};

/** A name that is read as a value: no property, no key, no type. */
const isRead = (node: SyntaxNode, parent: SyntaxNode | undefined): boolean => {
  if (parent === undefined) return false;
  if (parent.type === 'MemberExpression')
    return parent.object === node && nameOf(node) !== 'process';
  if (KEYED.has(parent.type)) return parent.value === node || parent.computed === true;
  return !parent.type.startsWith('TS') || 'expression' in parent;
};

const expressionUses = (node: SyntaxNode, parent: SyntaxNode | undefined): readonly string[] => {
  if (node.type === 'MemberExpression') return [memberName(node) ?? ''];
  if (node.type === 'Identifier' && isRead(node, parent)) return [nameOf(node) ?? ''];
  const isDate = 'callee' in node && nameOf(node.callee) === 'Date';
  if (isDate && node.type === 'CallExpression') return ['Date()'];
  if (isDate && (node.arguments as readonly unknown[]).length === 0) return ['new Date()'];
  return [];
};

const importedModules = (node: SyntaxNode): readonly string[] => {
  const source = nameOf(node.source);
  if (source === undefined || node.importKind === 'type') return [];
  const module = `node:${source.replace(/^node:/, '')}`;
  const specifiers = (node.specifiers ?? []) as readonly SyntaxNode[];
  return [module, ...specifiers.map((each) => `${module}#${nameOf(each.imported) ?? '*'}`)];
};

export interface Trespass {
  readonly file: string;
  readonly line: number;
  readonly use: string;
  readonly capability: string;
  readonly advice: string;
}

const trespassesOf = (
  capability: Capability,
  source: Source,
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
): readonly Trespass[] => {
  const uses = expressionUses(node, parent).filter((use) => capability.uses.includes(use));
  const modules = importedModules(node).filter((use) => capability.modules.includes(use));
  return [...uses, ...modules].map((use) => ({
    file: source.file,
    line: lineAt(source.text, node.start),
    use,
    capability: capability.name,
    advice: `${capability.reason}; only ${capability.homes.join(', ')} may use it`,
  }));
};

/** Every use of a fenced capability outside its homes. Comments, strings and types do not count. */
export const findTrespasses = (source: Source): readonly Trespass[] => {
  const fenced = CAPABILITIES.filter(({ homes }) => !homes.includes(source.file));
  const found: Trespass[] = [];
  walk(parse(source), (node, parent) => {
    for (const capability of fenced) found.push(...trespassesOf(capability, source, node, parent));
  });
  return found;
};
