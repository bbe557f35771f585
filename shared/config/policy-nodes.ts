import {
  type Document,
  type Node,
  type Scalar,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
} from 'yaml';

/** YAML nodes as plain data, in which each part knows where it stands. */
export interface Located {
  readonly value: unknown;
  readonly offset: number;
  /** Of a plain value: as it is written. */
  readonly written?: string;
  readonly parts: ReadonlyMap<PropertyKey, Part>;
}

export interface Part {
  /** Of the key; of an entry of a list, of the entry. */
  readonly offset: number;
  readonly located: Located;
}

export interface Fault {
  readonly offset: number;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export interface LocatedDocument {
  readonly root: Located;
  readonly faults: readonly Fault[];
  /** Whether all of it was written out: an alias that leads nowhere, or to too much, is not. */
  readonly isWhole: boolean;
}

/** Values that aliases may bring in. No policy comes near, and a bomb is found at once. */
const ALIASED_VALUES_MAX = 10_000;

/** No field of a policy lies deeper than a dozen levels. */
const DEPTH_MAX = 50;

type Path = readonly PropertyKey[];

interface Walk {
  readonly document: Document;
  readonly faults: Fault[];
  /** Nodes that are being written out, each inside the one before. */
  readonly open: Set<Node>;
  aliasedLeft: number;
  /** Where the outermost alias stands that is being written out; undefined outside of any. */
  alias: { readonly offset: number; readonly path: Path } | undefined;
  isWhole: boolean;
}

const NOTHING: ReadonlyMap<PropertyKey, Part> = new Map();

/** Writes out aliases and merge keys (`<<`), within bounds. */
export const locate = (document: Document): LocatedDocument => {
  const walk: Walk = {
    document,
    faults: [],
    open: new Set(),
    aliasedLeft: ALIASED_VALUES_MAX,
    alias: undefined,
    isWhole: true,
  };
  const root = locateNode(walk, document.contents, 0, []);
  return { root, faults: walk.faults, isWhole: walk.isWhole };
};

const offsetOf = (node: unknown, otherwise: number): number =>
  (isNode(node) ? node.range?.[0] : undefined) ?? otherwise;

const nothingAt = (offset: number): Located => ({ value: null, offset, parts: NOTHING });

/** Nothing more is written out once one thing could not be. */
const giveUp = (walk: Walk, offset: number, path: Path, message: string): Located => {
  if (walk.isWhole) walk.faults.push({ offset, path, message });
  walk.isWhole = false;
  return nothingAt(offset);
};

const locateNode = (walk: Walk, node: unknown, around: number, path: Path): Located => {
  const offset = offsetOf(node, around);
  if (!walk.isWhole || !isNode(node)) return nothingAt(offset);
  if (walk.alias !== undefined) walk.aliasedLeft -= 1;
  if (walk.alias !== undefined && walk.aliasedLeft < 0) {
    const message = `its aliases (*name) bring in more than ${ALIASED_VALUES_MAX} values: write fewer`;
    return giveUp(walk, walk.alias.offset, walk.alias.path, message);
  }
  if (walk.open.size > DEPTH_MAX) return giveUp(walk, offset, path, 'it is nested too deeply');
  if (isAlias(node)) return locateAlias(walk, node, offset, path);
  if (isScalar(node)) return locateScalar(walk, node, offset, path);
  if (walk.open.has(node)) return giveUp(walk, offset, path, 'it contains itself, by an alias');
  walk.open.add(node);
  const located = isSeq(node)
    ? locateList(walk, node.items, offset, path)
    : locateMap(walk, node, offset, path);
  walk.open.delete(node);
  return located;
};

const locateScalar = (walk: Walk, node: Scalar, offset: number, path: Path): Located => {
  if (node.value instanceof Object) {
    const message = `the YAML tag ${node.tag ?? ''} makes it neither text nor number: leave it out`;
    return giveUp(walk, offset, path, message);
  }
  const written = node.source;
  const parts = { offset, parts: NOTHING, ...(written === undefined ? {} : { written }) };
  return { value: node.value, ...parts };
};

const locateAlias = (
  walk: Walk,
  node: Node & { readonly source: string },
  offset: number,
  path: Path,
): Located => {
  const target = resolve(walk, node);
  if (target === undefined) {
    const message = `the alias *${node.source} leads nowhere: no &${node.source} stands before it (a text that begins with * needs quotes)`;
    return giveUp(walk, offset, path, message);
  }
  const { alias } = walk;
  walk.alias = alias ?? { offset, path };
  const located = locateNode(walk, target, offset, path);
  walk.alias = alias;
  return located;
};

/** The last anchor of that name before the alias. */
const resolve = ({ document }: Walk, node: unknown): Node | undefined =>
  isAlias(node) ? (node.resolve(document) ?? undefined) : undefined;

const locateList = (walk: Walk, items: readonly unknown[], offset: number, path: Path): Located => {
  const located = items.map((item, index) => locateNode(walk, item, offset, [...path, index]));
  return {
    value: located.map(({ value }) => value),
    offset,
    parts: new Map(located.map((part, index) => [index, { offset: part.offset, located: part }])),
  };
};

const locateMap = (walk: Walk, node: Node, offset: number, path: Path): Located => {
  const parts = new Map<PropertyKey, Part>();
  const merged: Located[] = [];
  for (const { key, value } of isMap(node) ? node.items : []) {
    const keyOffset = offsetOf(key, offset);
    const name = keyName(walk, key);
    const problem = keyProblem(name, parts);
    if (problem !== undefined) {
      walk.faults.push({
        offset: keyOffset,
        path: name === undefined ? path : [...path, name],
        message: problem,
      });
      continue;
    }
    if (name === undefined) continue;
    const located = locateNode(walk, value, keyOffset, [...path, name]);
    if (isMergeKey(key)) merged.push(...mergedMaps(walk, located, keyOffset, path));
    else parts.set(name, { offset: keyOffset, located });
  }
  for (const { parts: more } of merged) {
    for (const [name, part] of more) if (!parts.has(name)) parts.set(name, part);
  }
  return { value: objectOf(parts), offset, parts };
};

const objectOf = (parts: ReadonlyMap<PropertyKey, Part>): unknown =>
  Object.fromEntries([...parts].map(([name, { located }]) => [name, located.value]));

/** As it is written: `0x10` and `1.0` stay what they are. Undefined for a list or a map. */
const keyName = (walk: Walk, key: unknown): string | undefined => {
  const node = isAlias(key) ? resolve(walk, key) : key;
  if (node === null) return '';
  if (!isScalar(node)) return undefined;
  return node.source ?? '';
};

const keyProblem = (
  name: string | undefined,
  parts: ReadonlyMap<PropertyKey, Part>,
): string | undefined => {
  if (name === undefined) return 'expected a text as a key, found a list or a map';
  if (name === '__proto__') return 'the key __proto__ cannot be used';
  return parts.has(name) ? `the key ${name} is written twice` : undefined;
};

/** `<<: *other` or `<<: [*one, *two]`; in quotes it is a key like any other. */
const isMergeKey = (key: unknown): boolean =>
  isScalar(key) && key.value === '<<' && (key.type === 'PLAIN' || key.type === undefined);

const mergedMaps = (
  walk: Walk,
  located: Located,
  offset: number,
  path: Path,
): readonly Located[] => {
  const maps = Array.isArray(located.value)
    ? [...located.parts.values()].map((part) => part.located)
    : [located];
  if (maps.every(({ value }) => isPlainMap(value))) return maps;
  const message = 'expected a map, or a list of maps, to merge: <<: *name';
  if (walk.isWhole) walk.faults.push({ offset, path: [...path, '<<'], message });
  return [];
};

const isPlainMap = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
