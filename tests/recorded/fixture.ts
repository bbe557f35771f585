/** Command lines on the recorded world: read from a folder, or live. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram } from '../../cli/program.ts';
import type { ExitCode } from '../../cli/exit-code.ts';
import type { Surroundings } from '../../cli/surroundings.ts';
import { createStage, type Stage, type StageOptions } from '../cli/fixture.ts';
import { type RecordedWorld, createRecordedWorld } from '../support/recorded-world.ts';

const POLICIES = join(import.meta.dirname, '../../policies');

export interface Ended {
  readonly code: ExitCode;
  readonly out: readonly string[];
  readonly error: readonly string[];
  readonly stage: Stage;
}

export interface Recording {
  readonly world: RecordedWorld;
  /** A folder with `world`, as `imago observe` has written it, and `policies`. */
  readonly folder: string;
  /** Runs a line such as `audit --from world`, as if in the folder, in virtual time. */
  readonly imago: (line: string, options?: StageOptions) => Promise<Ended>;
  readonly remove: () => void;
}

/** Words of a line that name files: they lie in the folder. */
const FILES = /^(world|observed|policies(\/.*)?|.*\.(json|yml|yaml))$/;

/** These begin a cloud themselves, and are not to wait for the time of this one. */
const HAS_CLOUD_OF_ITS_OWN = /^(run|cloud) /;

export const createRecording = async (): Promise<Recording> => {
  const world = await createRecordedWorld();
  const folder = mkdtempSync(join(tmpdir(), 'imago-recorded-'));
  cpSync(POLICIES, join(folder, 'policies'), { recursive: true });
  const imago: Recording['imago'] = async (line, options = {}) => {
    const stage = createStage(options, world);
    const { surroundings } = stage;
    const onInterrupt: Surroundings['onInterrupt'] = (listener) => {
      if (line.startsWith('cloud ')) queueMicrotask(listener); // it would serve for ever
      return surroundings.onInterrupt(listener);
    };
    const words = [...line.matchAll(/"[^"]*"|\S+/g)].map(([word]) => word.replaceAll('"', ''));
    const args = words.map((word) => (FILES.test(word) ? join(folder, word) : word));
    let code: ExitCode = 0;
    const program = createProgram({ ...surroundings, onInterrupt }, (ended) => {
      code = ended;
    });
    const parsed = (): Promise<unknown> => program.parseAsync(args, { from: 'user' });
    if (HAS_CLOUD_OF_ITS_OWN.test(line)) await parsed();
    else await stage.run(parsed);
    const { stdout, stderr } = stage.screen;
    return { code, out: stdout, error: stderr, stage };
  };
  const { code, error } = await imago('observe --to world --region eu-central-1,eu-west-1');
  if (code !== 0) throw new Error(`the world could not be recorded: ${error.join('\n')}`);
  return { world, folder, imago, remove: () => rmSync(folder, { recursive: true }) };
};
