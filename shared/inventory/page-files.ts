import { didYouMean } from '../config/did-you-mean.ts';
import { FILE_KINDS, type FileKind } from './kinds.ts';

/** The files of one kind, in the order of their pages, and what is wrong with their names. */
export interface PageFiles {
  readonly names: readonly string[];
  readonly problem?: string;
}

/** The command whose output a file holds, for whoever lacks it: docs/observe.md has the whole lines. */
export const WRITTEN_BY: Readonly<Record<FileKind, string>> = {
  instances: 'aws ec2 describe-instances',
  images: 'aws ec2 describe-images --owners self --include-disabled --include-deprecated',
  'image-attributes': 'aws ec2 describe-image-attribute --attribute launchPermission, per image',
  snapshots: 'aws ec2 describe-snapshots --owner-ids self',
  volumes: 'aws ec2 describe-volumes',
  'launch-templates': 'aws ec2 describe-launch-templates',
  'launch-template-versions': 'aws ec2 describe-launch-template-versions, per template',
  'auto-scaling-groups': 'aws autoscaling describe-auto-scaling-groups',
  'launch-configurations': 'aws autoscaling describe-launch-configurations',
  parameters: 'aws ssm describe-parameters, and get-parameters for their values',
  fleets: 'aws ec2 describe-fleets',
  'spot-fleet-requests': 'aws ec2 describe-spot-fleet-requests',
  'used-images': 'aws ec2 describe-images --image-ids ...',
};

interface PageFile {
  readonly kind: FileKind;
  readonly name: string;
  /** Absent in the name of a whole list. */
  readonly page?: number;
}

const NAME = new RegExp(`^(${FILE_KINDS.join('|')})(?:[.-](\\d{1,9}))?\\.json$`);

const pageFile = (name: string): PageFile | undefined => {
  const [, found, page] = NAME.exec(name) ?? [];
  const kind = FILE_KINDS.find((one) => one === found);
  if (kind === undefined) return undefined;
  return page === undefined ? { kind, name } : { kind, name, page: Number(page) };
};

/**
 * Of the names in a folder, those of each kind: `images.json`, or numbered pages such as
 * `images.1.json`, `images-2.json`, `images.0003.json`. A file that nobody reads is a problem only
 * as the likely misspelling of one that is missing.
 */
export const pageFilesOf = (names: readonly string[]): ((kind: FileKind) => PageFiles) => {
  const known = names.flatMap((name) => pageFile(name) ?? []);
  const byKind = Map.groupBy(known, ({ kind }) => kind);
  const unknown = names.filter((name) => pageFile(name) === undefined);
  return (kind) => ordered(kind, byKind.get(kind) ?? [], unknown);
};

const ordered = (
  kind: FileKind,
  files: readonly PageFile[],
  unknown: readonly string[],
): PageFiles => {
  const numbered = files.flatMap((file) => (file.page === undefined ? [] : [pageOf(file)]));
  numbered.sort((a, b) => a.page - b.page);
  const whole = files.filter(({ page }) => page === undefined).map(({ name }) => name);
  const names = [...whole, ...numbered.map(({ name }) => name)];
  if (names.length === 0) return { names, problem: missing(kind, unknown) };
  const [first] = numbered;
  if (whole.length > 0 && first !== undefined) {
    return {
      names,
      problem: `there is ${whole.join()} and ${first.name}: keep the one that is whole`,
    };
  }
  const problem = gapIn(kind, numbered);
  return problem === undefined ? { names } : { names, problem };
};

interface NumberedFile {
  readonly name: string;
  readonly page: number;
}

const pageOf = ({ name, page = 0 }: PageFile): NumberedFile => ({ name, page });

const missing = (kind: FileKind, unknown: readonly string[]): string => {
  const meant = didYouMean(`${kind}.json`, unknown);
  const found = meant === undefined ? '' : `, but there is ${meant}`;
  return `no file ${kind}.json${found} (${WRITTEN_BY[kind]})`;
};

/** A page that is not there could have shown anything. */
const gapIn = (kind: FileKind, numbered: readonly NumberedFile[]): string | undefined => {
  for (const [index, { name, page }] of numbered.entries()) {
    if (page === index + 1) continue;
    if (page === 0) return `${name}: count the pages from 1`;
    const before = numbered[index - 1];
    if (before?.page === page)
      return `both ${before.name} and ${name} say that they are page ${page}`;
    return `page ${index + 1} of ${kind} is missing: there is ${name}`;
  }
  return undefined;
};
