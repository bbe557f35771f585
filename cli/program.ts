import { Command } from 'commander';
import { addAdopt } from './adopt.ts';
import { addApply } from './apply.ts';
import { addAudit } from './audit.ts';
import { addBackup } from './backup.ts';
import { addCatalog } from './catalog.ts';
import { addCloud } from './cloud.ts';
import { addDiff } from './diff.ts';
import { addExplain } from './explain.ts';
import { addForecast } from './forecast.ts';
import { addInit } from './init.ts';
import { addInvoke } from './invoke.ts';
import { addObserve } from './observe.ts';
import { addPlan } from './plan.ts';
import { addPolicy } from './policy-fmt.ts';
import { addRun } from './run.ts';
import { addSchedule } from './schedule.ts';
import { addValidate } from './validate.ts';
import type { ExitCode } from './exit-code.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

/** In the order in which the help lists them. */
const COMMANDS: readonly AddCommand[] = [
  addRun,
  addCloud,
  addInit,
  addValidate,
  addPolicy,
  addSchedule,
  addObserve,
  addAudit,
  addExplain,
  addCatalog,
  addPlan,
  addDiff,
  addForecast,
  addApply,
  addAdopt,
  addBackup,
  addInvoke,
];

/**
 * The whole command line, ready to parse. It throws CommanderError for what it cannot parse, and once
 * it has printed a help.
 * @param end takes what the process is to end with
 */
export const createProgram = (
  surroundings: Surroundings,
  end: (code: ExitCode) => void,
): Command => {
  const { terminal } = surroundings;
  const program = new Command('imago')
    .description(
      'Automates the whole life of EC2 AMIs: backups, tags, DR copies and safe retirement.',
    )
    .version('0.1.0')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.error(text.trimEnd()),
    });
  for (const add of COMMANDS) add(program, surroundings, end);
  return program;
};
