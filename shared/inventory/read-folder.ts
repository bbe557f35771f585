import { basename, join } from 'node:path';
import * as z from 'zod';
import { isFolder, namesIn, readCommandOutput, UnusableFileError } from '../config/files.ts';
import { type Target, isSameTarget, targetKey } from '../domain/model.ts';
import { parseDocuments } from './json-documents.ts';
import {
  type Documents,
  type FileKind,
  type InventoryDocuments,
  KINDS,
  USED_IMAGES,
  forEachKind,
} from './kinds.ts';
import { type PageFiles, WRITTEN_BY, pageFilesOf } from './page-files.ts';
import { goesOn } from './pages.ts';

/** The bytes that the files of one kind may have together: more would not fit into memory as one. */
const BYTES_MAX = 512_000_000;

const ACCOUNT = /^\d{12}$/;
/** New Regions need not be known by name: `eu-central-1`, `us-gov-west-1`, `us-iso-east-1`. */
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

const LAYOUT =
  'expected folders DIR/<12 digits of the account>/<Region>/ with instances.json and more';

/**
 * The targets that a folder of observations tells of: its `<12 digits>/<Region>/` folders.
 * @throws UnusableFileError if there are none, or one has a name that cannot be meant
 */
export const listTargets = (dir: string): readonly Target[] => {
  const names = namesIn(dir);
  if (names === undefined) throw new UnusableFileError(dir, `no such folder; ${LAYOUT}`);
  const accounts = names.filter((name) => isAccountFolder(dir, name));
  const targets = accounts.flatMap((account) => targetsIn(dir, account));
  if (targets.length > 0) return targets;
  throw new UnusableFileError(dir, `${hint(dir, names)}${LAYOUT} (docs/observe.md)`);
};

const isAccountFolder = (dir: string, name: string): boolean => {
  if (!/^\d+$/.test(name) || !isFolder(join(dir, name))) return false;
  if (ACCOUNT.test(name)) return true;
  throw new UnusableFileError(
    join(dir, name),
    `expected the 12 digits of an account, found ${name.length}`,
  );
};

const targetsIn = (dir: string, account: string): readonly Target[] => {
  const folder = join(dir, account);
  const names = (namesIn(folder) ?? []).filter(
    (name) => !name.startsWith('.') && isFolder(join(folder, name)),
  );
  return names.map((region) => {
    if (REGION.test(region)) return { account, region };
    throw new UnusableFileError(join(folder, region), 'expected a Region, such as eu-central-1');
  });
};

/** A folder too deep is the likeliest mistake. */
const hint = (dir: string, names: readonly string[]): string => {
  if (names.length === 0) return 'the folder is empty; ';
  if (ACCOUNT.test(basename(dir))) return 'this is the folder of one account: name the one above; ';
  const filesOf = pageFilesOf(names);
  const [file] = KINDS.flatMap((kind) => filesOf(kind).names);
  return file === undefined ? '' : `${file} lies in the folder itself; `;
};

/** What a folder holds of one target. */
export interface FolderDocuments {
  readonly documents: InventoryDocuments;
  /** When it was looked at, where the folder says so. */
  readonly observedMs?: number;
}

/** Says when a target was looked at. */
export const OBSERVATION = 'observation.json';

/**
 * Reads the folder of one target. A file that is missing, cannot be read or holds no JSON is a
 * problem of its kind, which then is unknown.
 * @throws UnusableFileError if observation.json is there and does not say when, or is of elsewhere
 */
export const readDocuments = (dir: string, target: Target): FolderDocuments => {
  const folder = join(dir, target.account, target.region);
  const names = orProblem(() => namesIn(folder) ?? `no folder ${folder}`);
  if (typeof names === 'string') {
    return { documents: forEachKind(() => ({ pages: [], problem: names })) };
  }
  const filesOf = pageFilesOf(names);
  const read = (kind: FileKind): Documents => readKind(folder, kind, filesOf(kind));
  const hasUsedImages = filesOf(USED_IMAGES).names.length > 0;
  const documents = {
    ...forEachKind(read),
    ...(hasUsedImages ? { [USED_IMAGES]: read(USED_IMAGES) } : {}),
  };
  if (!names.includes(OBSERVATION)) return { documents };
  return { documents, observedMs: readObservedMs(join(folder, OBSERVATION), target) };
};

/** Lists that go on by tokens; of the others, each page may answer for an object of its own. */
const ONE_LIST: ReadonlySet<FileKind> = new Set<FileKind>([
  'instances',
  'images',
  'snapshots',
  'volumes',
  'launch-templates',
  'auto-scaling-groups',
  'launch-configurations',
  'fleets',
  'spot-fleet-requests',
]);

const readKind = (folder: string, kind: FileKind, files: PageFiles): Documents => {
  const pages: unknown[] = [];
  const origins: string[] = [];
  const problems = files.problem === undefined ? [] : [files.problem];
  let bytesLeft = BYTES_MAX;
  for (const name of files.names) {
    const file = join(folder, name);
    const read = orProblem(() => ({ text: readCommandOutput(file, bytesLeft) }));
    if (typeof read === 'string') {
      problems.push(`${name}: ${read}`);
      continue;
    }
    bytesLeft -= read.text.length;
    const { documents, problem } = parseDocuments(read.text);
    if (problem !== undefined) problems.push(`${name}: ${problem} (${WRITTEN_BY[kind]})`);
    for (const [index, document] of documents.entries()) {
      pages.push(document);
      origins.push(documents.length === 1 ? name : `${name} (document ${index + 1})`);
    }
  }
  const [problem = tokenProblem(pages, origins, ONE_LIST.has(kind))] = problems;
  return problem === undefined ? { pages, origins } : { pages, origins, problem };
};

/**
 * A list that goes on after its last page has more to show. One that ends before its last page is
 * not one list: had another page been lost, nobody could tell.
 */
const tokenProblem = (
  pages: readonly unknown[],
  origins: readonly string[],
  isOneList: boolean,
): string | undefined => {
  const end = pages.findIndex((page) => !goesOn(page));
  const last = pages.length - 1;
  if (last >= 0 && goesOn(pages[last])) {
    return `${origins[last]}: the list goes on (NextToken), and no page follows`;
  }
  if (!isOneList || end === -1 || end === last) return undefined;
  return `${origins[end]}: the list ends here (no NextToken), yet ${origins[end + 1]} follows`;
};

/** What was read, or why it could not be, which is a sentence. */
const orProblem = <T>(read: () => T): T | string => {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnusableFileError) return error.problem;
    throw error;
  }
};

const observation = z.object({
  observedAt: z.iso.datetime({ offset: true }),
  account: z.string().optional(),
  region: z.string().optional(),
});

const OBSERVATION_BYTES_MAX = 100_000;

const readObservedMs = (file: string, target: Target): number => {
  const { documents } = parseDocuments(readCommandOutput(file, OBSERVATION_BYTES_MAX));
  const { success, data } = observation.safeParse(documents[0]);
  if (!success) {
    throw new UnusableFileError(file, 'expected {"observedAt": "2026-11-21T03:00:00Z"}');
  }
  const of = { account: data.account ?? target.account, region: data.region ?? target.region };
  if (isSameTarget(of, target)) return Date.parse(data.observedAt);
  throw new UnusableFileError(file, `it is of ${targetKey(of)}, but lies in ${targetKey(target)}`);
};
