/** What `--help` shows is run, each line of it, in the order of the help: some change the world. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { createStage } from '../cli/fixture.ts';
import { ENVIRONMENT } from '../functions/fixture.ts';
import { RECORDED_AT } from '../support/recorded-world.ts';
import { type Recording, createRecording } from './fixture.ts';

let recording: Recording;

beforeAll(async () => {
  recording = await createRecording();
  const event = {
    id: 'e1',
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    time: RECORDED_AT,
    resources: [],
    detail: {},
  };
  writeFileSync(join(recording.folder, 'event.json'), JSON.stringify(event));
});

afterAll(() => recording.remove());

/** Every command with its words, those of subcommands included. */
const commandsOf = (program: Command): readonly Command[] =>
  program.commands.flatMap((command) =>
    command.commands.length > 0 ? commandsOf(command) : [command],
  );

const helpOf = (command: Command): string => {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
};

const COMMANDS = commandsOf(createProgram(createStage().surroundings, () => undefined));

const EXAMPLES = COMMANDS.flatMap((command) =>
  [...helpOf(command).matchAll(/^ {2}\$ imago (.*)$/gm)].map(([, line = '']) => line),
);

describe('the help', () => {
  test.each(COMMANDS.map((command) => [command.name(), command] as const))(
    'of %s has an example',
    (_, command) => {
      expect(helpOf(command)).toMatch(/^Examples:\n {2}\$ imago /m);
    },
  );

  /** What the examples say of ids that nobody has. */
  const inThisWorld = (line: string): string =>
    line
      .replace('ami-0123456789abcdef0', recording.world.known['templateLatest'] ?? '')
      .replace('i-0123456789abcdef0', recording.world.id('tool-03'))
      .replace('snap-0123456789abcdef0', recording.world.snapshotIds()[0] ?? '');

  test.each(EXAMPLES)('example runs: imago %s', async (line) => {
    const { code, error } = await recording.imago(inThisWorld(line), {
      environment: ENVIRONMENT,
    });
    expect([code, code === 0 ? [] : error]).toEqual([0, []]);
  });
});
