import { Argument, InvalidArgumentError, Option } from 'commander';
import { POLICY_FILES_FORM } from '../shared/config/policy-texts.ts';
import { explain as explanationOf, kindOfId } from '../shared/domain/explain.ts';
import type { Explanation } from '../shared/domain/explain-report.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type ExplainOptions, groundOf } from './explain-ground.ts';
import type { ExplainReport } from './explain-report.ts';
import { renderExplanation } from './explain-text.ts';
import { addInventoryOptions, originReport } from './inventories.ts';
import { DEFAULT_POLICY_FILE, addCommonOptions } from './plan-options.ts';
import { referencesInFolders } from './referenced-in.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

/** `imago explain`: all that is to be said of one image, instance or snapshot. It changes nothing. */
export const explain = async (
  id: string,
  options: ExplainOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal } = surroundings;
  const { referencedIn } = options;
  const files = referencedIn.length === 0 ? undefined : referencesInFolders(referencedIn);
  const ground = await groundOf(id, options, surroundings);
  const { seen, deployment, policyFile, planned } = ground;
  const { origin, inventories, nowMs } = seen;
  const report: ExplainReport = {
    version: 1,
    origin: originReport(origin),
    instant: new Date(nowMs).toISOString(),
    deployment,
    ...(policyFile === undefined ? {} : { policyFile }),
    ...explanationOf({
      id,
      kind: idKind(id),
      inventories,
      nowMs,
      deployment,
      ...(planned === undefined ? {} : { planned }),
      ...(files === undefined ? {} : { files }),
    }),
  };
  const text = renderExplanation(report, terminal).join('\n');
  terminal.out(options.json ? JSON.stringify(report, null, 2) : text);
  if (report.absence === 'proven') return EXIT.badInput;
  return report.unknown.length > 0 ? EXIT.failedInPart : EXIT.done;
};

const ID_FORM =
  'Expected the id of an image, an instance or a snapshot, such as ami-0123456789abcdef0.';

const idKind = (id: string): Explanation['kind'] => {
  const kind = kindOfId(id);
  if (kind === undefined) throw new InvalidArgumentError(ID_FORM);
  return kind;
};

const idArgument = (text: string): string => {
  idKind(text);
  return text;
};

const EXAMPLES = `
Examples:
  $ imago explain ami-0123456789abcdef0 --from world
  $ imago explain i-0123456789abcdef0 --from world --policy policies/example.yml
  $ imago explain snap-0123456789abcdef0 --from world --json`;

export const addExplain: AddCommand = (program, surroundings, end) => {
  addCommonOptions(addInventoryOptions(program.command('explain')))
    .description(
      'Says of one image, instance or snapshot what becomes of it and why, who refers to it, and what would change that and when. Changes nothing. Exits with 1 if something could not be read, with 2 if there is no such object.',
    )
    .addArgument(new Argument('<id>', 'ami-…, i-… or snap-…').argParser(idArgument))
    .option(
      '--policy <files>',
      `${POLICY_FILES_FORM} (default: ${DEFAULT_POLICY_FILE}, if it is there)`,
    )
    .addOption(
      new Option(
        '--referenced-in <dirs...>',
        'folders of text files: those that name the image are told',
      ).default([], 'none'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (id: string, options: ExplainOptions) =>
      end(await explain(id, options, surroundings)),
    );
};
