import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

export const ROOT = join(import.meta.dirname, '../..');

/** The directories whose code the fences and the style limits hold for. */
export const PRODUCT = ['shared', 'functions', 'simulator', 'cli'] as const;

export interface Source {
  /** From the root, with forward slashes. */
  readonly file: string;
  readonly text: string;
}

/** A node of the ESTree form of a TypeScript file; `start` and `end` are offsets into its text. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** TypeScript files below the given directories of `root`, sorted; a missing directory holds none. */
export const listSources = (
  directories: readonly string[],
  root: string = ROOT,
): readonly string[] =>
  directories
    .flatMap((directory) =>
      namesBelow(join(root, directory)).map((name) => `${directory}/${name.replaceAll('\\', '/')}`),
    )
    .filter((file) => file.endsWith('.ts') && !file.includes('/fixtures/'))
    .sort();

const namesBelow = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
};

export const readSources = (directories: readonly string[]): readonly Source[] =>
  listSources(directories).map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));

export const parse = ({ file, text }: Source): SyntaxNode =>
  parseAst(text, { lang: 'ts' }, file) as unknown as SyntaxNode;

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

export const childrenOf = (node: SyntaxNode): readonly SyntaxNode[] =>
  Object.values(node).flat().filter(isNode);

/** Calls `visit` with every node below and including `node`, and the one that holds it. */
export const walk = (
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined) => void,
  parent?: SyntaxNode,
): void => {
  visit(node, parent);
  for (const child of childrenOf(node)) walk(child, visit, node);
};

/** One-based line of an offset. */
export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length;
