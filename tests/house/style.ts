import { childrenOf, parse, type Source, type SyntaxNode, walk } from './sources.ts';

/** What is longer than the limits and may stay so, up to a ceiling that only ever comes down. */
export interface Exception {
  /** A file, or a file and a line's function: `shared/loop/apply.ts applyRemovals`. */
  readonly what: string;
  readonly linesMax: number;
  readonly reason: string;
}

export const RATCHET: readonly Exception[] = [];

export const LIMITS = { sourceLines: 300, testLines: 400, functionLines: 60 } as const;

export interface Length {
  readonly what: string;
  readonly lines: number;
}

const lineCount = (text: string): number => text.replace(/\n$/, '').split('\n').length;

export const fileLength = ({ file, text }: Source): Length => ({
  what: file,
  lines: lineCount(text),
});

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** The outermost functions below a node, the node itself left out. */
const innerFunctions = (node: SyntaxNode): readonly SyntaxNode[] =>
  childrenOf(node).flatMap((child) =>
    FUNCTIONS.has(child.type) ? [child] : innerFunctions(child),
  );

/** Lines of its own: a factory is not as long as all the methods that it returns. */
const ownLines = (text: string, node: SyntaxNode): number => {
  const linesOf = ({ start, end }: SyntaxNode): number => lineCount(text.slice(start, end));
  const inner = innerFunctions(node).map((each) => linesOf(each) - 1);
  return linesOf(node) - inner.reduce((sum, lines) => sum + lines, 0);
};

const identifier = (value: unknown): string | undefined => {
  const node = value as SyntaxNode | null | undefined;
  return node?.type === 'Identifier' || node?.type === 'PrivateIdentifier'
    ? (node.name as string)
    : undefined;
};

/** Every function of a file by its name, or by the name of what it is given to. */
export const functionLengths = (source: Source): readonly Length[] => {
  const lengths: Length[] = [];
  walk(parse(source), (node, parent) => {
    if (!FUNCTIONS.has(node.type)) return;
    const name = identifier(node.id) ?? identifier(parent?.id) ?? identifier(parent?.key);
    lengths.push({
      what: `${source.file} ${name ?? 'anonymous'}`,
      lines: ownLines(source.text, node),
    });
  });
  return lengths;
};

/** What is longer than allowed, and exceptions that allow more than is needed. */
export const misfits = (
  lengths: readonly Length[],
  linesMax: number,
  exceptions: readonly Exception[] = RATCHET,
): readonly string[] =>
  lengths.flatMap(({ what, lines }) => {
    const exception = exceptions.find((each) => each.what === what);
    const ceiling = exception?.linesMax ?? linesMax;
    if (lines > ceiling) return [`${what}: ${lines} lines, ${ceiling} at most`];
    if (exception && lines < ceiling) return [`${what}: bring its exception down to ${lines}`];
    return [];
  });
