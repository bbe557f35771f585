import { Option } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type ForecastOptions, forecastReportOf } from './forecast-report.ts';
import { renderForecast } from './forecast-text.ts';
import { addFolderOptions } from './inventories.ts';
import { observeFor } from './observed.ts';
import { addDeploymentOption, addPolicyOption, deploymentOf } from './plan-options.ts';
import { priceOption } from './price-option.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';
import { wholeNumber } from './whole-number.ts';

const DAYS = { min: 1, max: 366, otherwise: 30 } as const;

/**
 * `imago forecast`: points, GiB and cost in the days to come, by the planner itself. It changes
 * nothing.
 * @throws InvalidPolicyError | UnusableFileError | NoAccessError | RefusedError
 */
export const showForecast = async (
  options: ForecastOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal } = surroundings;
  const deployment = deploymentOf(options, surroundings.environment);
  const observed = await observeFor([options.policy], options, surroundings);
  const report = forecastReportOf(observed, deployment, options);
  const text = renderForecast(report, terminal).join('\n');
  terminal.out(options.json ? JSON.stringify(report, null, 2) : text);
  return report.problems.length > 0 ? EXIT.failedInPart : EXIT.done;
};

const EXAMPLES = `
Examples:
  $ imago forecast --days 30 --from world --policy policies/example.yml
  $ imago forecast --days 60 --from world --policy policies/example.yml --json
  $ imago forecast --days 14 --from world --policy policies/example.yml --retire plan
  $ imago forecast --days 90 --from world --policy policies/example.yml --price 0.045`;

export const addForecast: AddCommand = (program, surroundings, end) => {
  addFolderOptions(addPolicyOption(addDeploymentOption(program.command('forecast'))))
    .description(
      'Says how many points there will be, how large and how dear, by running the planner forward in virtual time on the fleet as it is. Changes nothing. Exits with 1 if something could not be read.',
    )
    .option(
      '--days <number>',
      `how far, from ${DAYS.min} to ${DAYS.max}`,
      wholeNumber(DAYS.min, DAYS.max),
      DAYS.otherwise,
    )
    .addOption(
      new Option('--retire <mode>', 'apply: what has expired goes; plan: nothing ever goes')
        .choices(['plan', 'apply'])
        .default('apply'),
    )
    .addOption(priceOption())
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: ForecastOptions) => end(await showForecast(options, surroundings)));
};
