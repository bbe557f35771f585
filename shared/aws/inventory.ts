import { EC2Client } from '@aws-sdk/client-ec2';
import { notRead, type Target } from '../domain/model.ts';
import {
  type Documents,
  type FileKind,
  type InventoryDocuments,
  USED_IMAGES,
  forEachKind,
} from '../inventory/kinds.ts';
import { type Connection, clientConfig } from './connection.ts';
import type { LaunchReads } from './launch-reads.ts';
import { type Limiter, limitCalls } from './limiter.ts';
import { type NamedVersion, type SeenReads, createSeenReads } from './seen-reads.ts';

export interface ReadKindsOptions {
  /** Whose launch permissions are read; without it, those of all images of the account. */
  readonly imageIds?: readonly string[];
  /** Whether versions of templates that nobody can launch without naming them anew are left out. */
  readonly launchingOnly?: boolean;
  /** Told when one has been read. */
  readonly onRead?: (kind: FileKind) => void;
}

/**
 * Reads these kinds of a live target, and those that they are found by. What AWS refuses is a problem
 * of its kind and of those that hang on it; the others are read. A kind that nobody asked for counts
 * as not read.
 */
export const readKinds = async (
  connection: Connection,
  limiter: Limiter,
  target: Target,
  kinds: readonly FileKind[],
  options: ReadKindsOptions = {},
): Promise<InventoryDocuments> => {
  const client = new EC2Client(clientConfig(connection, 'ec2', target.region));
  connection.adapt?.(client, 'ec2');
  limitCalls(client, limiter, target);
  const { createLaunchReads } = await import('./launch-reads.ts');
  const launch = createLaunchReads(connection, limiter, target);
  return readTask({ seen: createSeenReads(client), launch, kinds: new Set(kinds), options });
};

interface Task {
  readonly seen: SeenReads;
  readonly launch: LaunchReads;
  readonly kinds: ReadonlySet<FileKind>;
  readonly options: ReadKindsOptions;
}

type Found = Map<FileKind, Documents>;

const readTask = async (task: Task): Promise<InventoryDocuments> => {
  const found: Found = new Map();
  const { seen, launch } = task;
  const wanted = withNeeded(task);
  const read = async (kind: FileKind, of: () => Promise<Documents>): Promise<void> => {
    if (!wanted.has(kind)) return;
    found.set(kind, await of());
    task.options.onRead?.(kind);
  };
  await Promise.all([
    read('instances', seen.instances),
    read('images', seen.images),
    read('snapshots', seen.snapshots),
    read('volumes', seen.volumes),
    read('launch-templates', seen.templates),
    read('auto-scaling-groups', launch.groups),
    read('launch-configurations', launch.configurations),
    read('fleets', seen.fleets),
    read('spot-fleet-requests', seen.spotFleets),
  ]);
  await Promise.all([
    read('image-attributes', () => readPermissions(task, found)),
    read('launch-template-versions', () => readVersions(task, found)),
  ]);
  await read('parameters', () => readParameters(task, found));
  await read(USED_IMAGES, () => readUsedImages(task, found));
  const usedImages = found.get(USED_IMAGES);
  return {
    ...forEachKind((kind) => found.get(kind) ?? UNREAD),
    ...(usedImages === undefined ? {} : { [USED_IMAGES]: usedImages }),
  };
};

const UNREAD: Documents = { pages: [], problem: notRead().problem };

/** Kinds together with those without which nobody knows what to ask for. */
const withNeeded = ({ kinds, options }: Task): ReadonlySet<FileKind> => {
  const needed = new Set(kinds);
  if (kinds.has('image-attributes') && options.imageIds === undefined) needed.add('images');
  if (kinds.has('launch-template-versions')) needed.add('launch-templates');
  if (kinds.has(USED_IMAGES)) needed.add('images');
  return needed;
};

const of =
  (found: Found) =>
  (kind: FileKind): Documents =>
    found.get(kind) ?? UNREAD;

/** What hangs on a list that is not whole is not whole either. */
const hangingOn = (list: Documents, what: string, read: Documents): Documents =>
  list.problem === undefined ? read : { ...read, problem: `${what}: ${list.problem}` };

const readPermissions = async ({ seen, options }: Task, found: Found): Promise<Documents> => {
  if (options.imageIds !== undefined) return seen.launchPermissions(options.imageIds);
  const images = of(found)('images');
  const ids = idsIn(images, 'Images', 'ImageId');
  return hangingOn(images, 'images', await seen.launchPermissions(ids));
};

const readVersions = async ({ seen, options }: Task, found: Found): Promise<Documents> => {
  const templates = of(found)('launch-templates');
  if (options.launchingOnly === true) {
    const named = NAMING_VERSIONS.map(of(found)).flatMap(({ pages }) => pages.flatMap(versionsIn));
    return hangingOn(templates, 'launch templates', await seen.launchingVersions(distinct(named)));
  }
  const ids = idsIn(templates, 'LaunchTemplates', 'LaunchTemplateId');
  return hangingOn(templates, 'launch templates', await seen.versions(ids));
};

const NAMING_VERSIONS = ['auto-scaling-groups', 'fleets', 'spot-fleet-requests'] as const;

/** Versions of templates that are named by their numbers, but not those that run already. */
const versionsIn = (value: unknown): readonly NamedVersion[] => {
  if (!isObject(value)) return [];
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version } = value;
  if (typeof Version === 'string' && /^\d+$/.test(Version)) {
    if (typeof id === 'string') return [{ LaunchTemplateId: id, Version }];
    if (typeof name === 'string') return [{ LaunchTemplateName: name, Version }];
  }
  return Object.entries(value).flatMap(([key, one]) =>
    key === 'Instances' ? [] : versionsIn(one),
  );
};

const distinct = (named: readonly NamedVersion[]): readonly NamedVersion[] => [
  ...new Map(named.map((one) => [JSON.stringify(one), one])).values(),
];

/** Where parameters are named in place of images. */
const LAUNCHING = [
  'launch-template-versions',
  'auto-scaling-groups',
  'launch-configurations',
  'fleets',
  'spot-fleet-requests',
] as const;

const NAMING = [...LAUNCHING, 'instances', 'parameters'] as const;

/** A name, perhaps with a version or a label: a name has no colon, but in an ARN. */
const PARAMETER = /^resolve:ssm:(?<name>[^:]+)(?<selector>:[^:]+)?$/;

/** Such as AWS's public ones, which are in no list, and what else than now a parameter was. */
const readParameters = ({ launch }: Task, found: Found): Promise<Documents> => {
  const named = textsIn(LAUNCHING.map(of(found))).flatMap((text) => {
    const { name, selector = '' } = PARAMETER.exec(text)?.groups ?? {};
    return name === undefined ? [] : [{ name, selector }];
  });
  const selected = named.filter(({ selector }) => selector !== '');
  return launch.parameters(
    [...new Set(named.map(({ name }) => name))],
    [...new Set(selected.map(({ name, selector }) => `${name}${selector}`))],
  );
};

const IMAGE_ID = /\bami-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/g;

const readUsedImages = ({ seen }: Task, found: Found): Promise<Documents> => {
  const own = new Set(idsIn(of(found)('images'), 'Images', 'ImageId'));
  const named = textsIn(NAMING.map(of(found))).flatMap((text) => text.match(IMAGE_ID) ?? []);
  return seen.imagesById([...new Set(named)].filter((id) => !own.has(id)).toSorted());
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Ids of the objects in a list. */
const idsIn = ({ pages }: Documents, listName: string, idName: string): readonly string[] =>
  pages.flatMap((page) => {
    const list = isObject(page) ? page[listName] : undefined;
    const objects: readonly unknown[] = Array.isArray(list) ? list : [];
    return objects.flatMap((one) => {
      const id = isObject(one) ? one[idName] : undefined;
      return typeof id === 'string' ? [id] : [];
    });
  });

/** Every text in these lists, however deep. */
const textsIn = (lists: readonly Documents[]): readonly string[] =>
  lists.flatMap(({ pages }) => pages.flatMap(textsOf));

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return isObject(value) ? Object.values(value).flatMap(textsOf) : [];
};
