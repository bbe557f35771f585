/** `npm run package` in a copy of the project: neither its .serverless nor its dist is touched. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';

const ROOT = join(import.meta.dirname, '../..');
const COPIED = ['build', 'functions', 'shared', 'policies', 'package.json', 'serverless.yml'];

export const FUNCTIONS = ['backup', 'dispatch', 'on-ec2-event', 'report', 'retire'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Packaged {
  readonly directory: string;
  /** Names of all files that packaging wrote. */
  readonly files: readonly string[];
  readonly templateFile: string;
  /** As written, but for the keys of uploads, which hold the time of packaging. */
  readonly templateText: string;
  readonly template: Template;
  /** Bytes of each function's archive. */
  readonly archives: ReadonlyMap<string, Buffer>;
}

export interface ProjectCopy {
  readonly directory: string;
  readonly package: (...args: readonly string[]) => Promise<Packaged>;
  readonly remove: () => Promise<void>;
}

/** Without anything of the machine's: no credentials, no settings, no proxy. */
const BARE_ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  AWS_EC2_METADATA_DISABLED: 'true',
};

const readPackaged = async (directory: string): Promise<Packaged> => {
  const output = join(directory, '.serverless');
  const files = (await readdir(output)).toSorted();
  const archives = await Promise.all(
    files
      .filter((name) => name.endsWith('.zip'))
      .map(async (name) => [name.slice(0, -4), await readFile(join(output, name))] as const),
  );
  const templateFile = join(output, 'cloudformation-template-update-stack.json');
  const text = await readFile(templateFile, 'utf8');
  const templateText = text.replaceAll(/\d{13}-\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
  const template = JSON.parse(templateText) as Template;
  return {
    directory,
    files,
    templateFile,
    templateText,
    template,
    archives: new Map(archives),
  };
};

export const copyProject = async (): Promise<ProjectCopy> => {
  const directory = await mkdtemp(join(tmpdir(), 'imago-package-'));
  for (const name of COPIED) {
    await cp(join(ROOT, name), join(directory, name), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  return {
    directory,
    package: async (...args) => {
      const script = [join(directory, 'build/package.mjs'), ...args];
      await promisify(execFile)(process.execPath, script, { env: BARE_ENVIRONMENT });
      return readPackaged(directory);
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
};

const CENTRAL_ENTRY = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;

/** Files of a ZIP archive without comment, by name. */
export const readArchive = (zip: Buffer): ReadonlyMap<string, Buffer> => {
  const end = zip.length - END_BYTES;
  if (zip.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error('no plain ZIP archive');
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== CENTRAL_ENTRY) throw new Error('no entry where one is expected');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    ) as [number, number, number];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    files.set(name, contentAt(zip, zip.readUInt32LE(at + 42), zip.readUInt32LE(at + 20)));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return files;
};

const contentAt = (zip: Buffer, header: number, length: number): Buffer => {
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const content = zip.subarray(start, start + length);
  return zip.readUInt16LE(header + 8) === 0 ? content : inflateRawSync(content);
};
