import { type Command, InvalidArgumentError } from 'commander';
import { join } from 'node:path';
import { namesIn } from '../shared/config/files.ts';
import type { Target } from '../shared/domain/model.ts';
import { FILE_KINDS, type FileKind } from '../shared/inventory/kinds.ts';
import { pageFilesOf } from '../shared/inventory/page-files.ts';
import { OBSERVATION } from '../shared/inventory/read-folder.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { regionsOption } from './inventories.ts';
import { type ReadTarget, readLive } from './live-reading.ts';
import { type ObserveReport, type ObservedTarget, renderObservation } from './observe-text.ts';
import { type ObservedFile, observedFiles, printed } from './observed-files.ts';
import { removeOutput, writeOutput } from './output-files.ts';
import { RefusedError } from './refused-error.ts';
import { sessionReport } from './session.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

export interface ObserveOptions {
  /** The folder that is written. */
  readonly to: string;
  readonly region?: readonly string[];
  /** Kinds that are not read. */
  readonly without?: readonly FileKind[];
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** `imago observe`: writes what can be seen as files of the AWS CLI. It changes nothing in AWS. */
export const observe = async (
  { to, region, without = [], overwrite, json }: ObserveOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal } = surroundings;
  const kinds = FILE_KINDS.filter((kind) => !without.includes(kind));
  const mayRead = (targets: readonly Target[]): void => {
    if (!overwrite) for (const target of targets) refuseAnother(folderOf(to, target));
  };
  const regions = region === undefined ? {} : { region };
  const { session, targets } = await readLive({ ...regions, kinds, mayRead }, surroundings);
  const observed = targets.map((read) => write(folderOf(to, read.target), read, kinds));
  const report: ObserveReport = {
    version: 1,
    ...sessionReport(session),
    dir: to,
    targets: observed,
    problems: observed.flatMap((one) => one.kinds).filter(({ problem }) => problem !== undefined)
      .length,
  };
  const text = renderObservation(report, terminal.paint);
  terminal.out(json ? JSON.stringify(report, null, 2) : text.join('\n'));
  return report.problems > 0 ? EXIT.failedInPart : EXIT.done;
};

const folderOf = (dir: string, { account, region }: Target): string => join(dir, account, region);

/** Files of an observation that lie in a folder already. */
const filesIn = (folder: string): readonly string[] => {
  const names = namesIn(folder) ?? [];
  const filesOfKind = pageFilesOf(names);
  const ofKinds = FILE_KINDS.flatMap((kind) => filesOfKind(kind).names);
  return names.includes(OBSERVATION) ? [...ofKinds, OBSERVATION] : ofKinds;
};

/** Files of two days side by side would tell of a world that never was. */
const refuseAnother = (folder: string): void => {
  const [file, ...others] = filesIn(folder);
  if (file === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new RefusedError(
    `${folder} holds another observation (${file}${more}): name another folder, or add --overwrite`,
  );
};

const write = (
  folder: string,
  { target, documents, observedMs }: ReadTarget,
  kinds: readonly FileKind[],
): ObservedTarget => {
  const observedAt = new Date(observedMs).toISOString();
  // In this order a folder whose writing was cut short lacks files, and shows none that is old.
  for (const name of filesIn(folder)) removeOutput(join(folder, name));
  const written = observedFiles(documents, kinds).map((file) => writeFile(folder, file));
  writeOutput(join(folder, OBSERVATION), printed({ observedAt, ...target }));
  return { ...target, folder, observedAt, kinds: written };
};

const writeFile = (
  folder: string,
  { kind, count, text, problem }: ObservedFile,
): ObservedTarget['kinds'][number] => {
  if (problem !== undefined) return { kind, count, problem };
  if (text === undefined) return { kind, count };
  const file = `${kind}.json`;
  writeOutput(join(folder, file), text);
  return { kind, count, file };
};

const kindsOption = (text: string): readonly FileKind[] =>
  text.split(',').map((name) => {
    const kind = FILE_KINDS.find((one) => one === name.trim());
    if (kind !== undefined) return kind;
    throw new InvalidArgumentError(`Expected some of ${FILE_KINDS.join(', ')}.`);
  });

const EXAMPLES = `
Examples:
  $ imago observe --to observed
  $ imago observe --to observed --overwrite --region eu-central-1,eu-west-1
  $ imago observe --to observed --overwrite --without image-attributes,parameters`;

const addOptions = (command: Command): Command =>
  command
    .requiredOption('--to <dir>', 'the folder that is written: DIR/<account>/<Region>/*.json')
    .option('--region <list>', 'Regions, with commas (default: the one that is set)', regionsOption)
    .option(
      '--without <kinds>',
      'what is not read, with commas: unknown to whoever reads the folder',
      kindsOption,
    )
    .option('--overwrite', 'replace the observation that the folder holds', false)
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', EXAMPLES);

export const addObserve: AddCommand = (program, surroundings, end) => {
  addOptions(program.command('observe'))
    .description(
      'Writes what can be seen of an account as files of the AWS CLI, for --from of other commands. Changes nothing in AWS. Exits with 1 if something could not be read: no file is written for it.',
    )
    .action(async (options: ObserveOptions) => end(await observe(options, surroundings)));
};
