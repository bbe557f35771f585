import { type Command, Option } from 'commander';
import { completePart } from '../shared/domain/model.ts';
import { DEFAULT_STARTER, type AuditOptions, auditReportOf } from './audit-report.ts';
import { renderAudit } from './audit-text.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { addSeenOptions, openInventories } from './inventories.ts';
import { writeNew } from './output-files.ts';
import { priceOption } from './price-option.ts';
import { referencesInFolders } from './referenced-in.ts';
import { RefusedError } from './refused-error.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

/**
 * `imago audit`: what is worth knowing about the images of an account, without any policy. It only
 * reads, and writes nothing but the starter policy where it is told to.
 * @throws RefusedError if the starter policy's file is there
 * @throws UnusableFileError | NoAccessError
 */
export const audit = async (
  options: AuditOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal } = surroundings;
  const { referencedIn, starter } = options;
  const files = referencedIn.length === 0 ? completePart([]) : referencesInFolders(referencedIn);
  const report = auditReportOf(await openInventories(options, surroundings), files, options);
  if (starter !== undefined && !writeNew(starter, report.starterPolicy)) {
    throw new RefusedError(`${starter} is there already: name another file`);
  }
  const text = renderAudit(report, terminal, options).join('\n');
  terminal.out(options.json ? JSON.stringify(report, null, 2) : text);
  if (starter !== undefined) terminal.error(`starter   ${starter}`);
  return report.unknown.length > 0 ? EXIT.failedInPart : EXIT.done;
};

const EXAMPLES = `
Examples:
  $ imago audit --from world
  $ imago audit --from world --referenced-in policies --all
  $ imago audit --from world --json
  $ imago audit --from world --price 0.045`;

export const addAudit: AddCommand = (program, surroundings, end) => {
  const command: Command = addSeenOptions(program.command('audit'))
    .description(
      'Says what is worth knowing about the images of an account: what nothing refers to and what it costs, what is not backed up, what will fail to launch, what is open to others. Needs no policy, changes nothing. Exits with 1 if something could not be read.',
    )
    .addOption(
      new Option(
        '--referenced-in <dirs...>',
        'folders whose text files count as users of the images that they name',
      ).default([], 'none'),
    )
    .option(
      '--starter <file>',
      `write a policy that fits the tags of the fleet, such as ${DEFAULT_STARTER}`,
    )
    .option('--all', 'tell every finding, not ten of each kind', false)
    .addOption(priceOption())
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', EXAMPLES);
  command.action(async (options: AuditOptions) => end(await audit(options, surroundings)));
};
