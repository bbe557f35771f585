import { CommanderError } from 'commander';
import { NoAccessError } from '../shared/aws/identity.ts';
import { InvalidEnvironmentError, processEnvironment } from '../shared/config/environment.ts';
import { UnusableFileError } from '../shared/config/files.ts';
import { InvalidPolicyError } from '../shared/config/policy-file.ts';
import { UnusableInstanceError } from '../shared/loop/back-up-now.ts';
import { PortInUseError } from '../simulator/wire/http-server.ts';
import { WiringError } from '../simulator/wiring/values.ts';
import { UnusableWorldError } from '../simulator/world-file/world-file.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { createProgram } from './program.ts';
import { RefusedError } from './refused-error.ts';
import { type Surroundings, accessToAws } from './surroundings.ts';
import { createTerminal } from './terminal.ts';

const environment = processEnvironment();

let code: ExitCode = EXIT.done;
let isOutputLost = false;

/** All may have gone well, but whoever started it was not told so. */
const setExitCode = (): void => {
  process.exitCode = code === EXIT.done && isOutputLost ? EXIT.failedInPart : code;
};

const terminal = createTerminal(environment, () => {
  isOutputLost = true;
  setExitCode();
});

const surroundings: Surroundings = {
  terminal,
  environment,
  access: accessToAws(),
  // Once: whoever interrupts a second time ends the process.
  onInterrupt: (listener) => {
    process.once('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
};

const end = (ended: ExitCode): void => {
  code = ended;
  setExitCode();
};

const isBadInput = (error: unknown): error is Error =>
  error instanceof RefusedError ||
  error instanceof NoAccessError ||
  error instanceof UnusableInstanceError ||
  error instanceof InvalidPolicyError ||
  error instanceof UnusableFileError ||
  error instanceof UnusableWorldError ||
  error instanceof PortInUseError ||
  error instanceof InvalidEnvironmentError ||
  error instanceof WiringError;

try {
  await createProgram(surroundings, end).parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong, or has printed the help that was asked for.
    end(error.exitCode === 0 ? EXIT.done : EXIT.badInput);
  } else if (isBadInput(error)) {
    terminal.error(error.message);
    end(EXIT.badInput);
  } else {
    throw error;
  }
}
