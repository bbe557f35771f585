import { InvalidArgumentError } from 'commander';
import { FIXED_DURATION_FORM, fixedMs, parseDuration } from '../shared/domain/duration.ts';
import type { Image, Target } from '../shared/domain/model.ts';
import { formatSlot } from '../shared/domain/naming.ts';
import { type BackedUp, UnreadInstanceError, backUpNow } from '../shared/loop/back-up-now.ts';
import type { Loop } from '../shared/loop/loop.ts';
import type { BackupOutcome } from '../shared/loop/outcomes.ts';
import { type OutcomeReport, outcomeReport } from './apply-report.ts';
import { renderOutcome } from './apply-text.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { loopOf } from './loop-of.ts';
import { addCommonOptions, deploymentOf } from './plan-options.ts';
import { RefusedError } from './refused-error.ts';
import {
  type Session,
  type SessionReport,
  homeRegion,
  openSession,
  sessionReport,
} from './session.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';
import type { Dialogue } from './terminal.ts';
import { type Waited, waitForImage } from './wait-for-image.ts';

export interface BackupOptions {
  /** Milliseconds. */
  readonly keep?: number;
  readonly reboot: boolean;
  readonly wait: boolean;
  readonly deployment?: string;
  readonly verbose: boolean;
  readonly json: boolean;
}

/** What `imago backup --json` prints. */
export interface BackupReport extends SessionReport, OutcomeReport {
  readonly deployment: string;
  readonly instance: string;
  /** As in the AMI name: the second that the point stands for. */
  readonly slot: string;
  /** By the point's own tag; null if that is not there, or was not read, as `why` then says. */
  readonly keepUntil: string | null;
  /** The image's state at the end of `--wait`; null without it, or if nothing was made. */
  readonly state: Waited | null;
}

/** No policies: this point is beside them all, and nothing but the limits' form is asked for. */
const NO_POLICIES = {
  limits: { maxRemovals: { count: 0, percent: 0 }, keepAtLeast: 1 },
  policies: [],
  adoptions: [],
  tagPolicies: [],
};

const CALL_TIME_MS = 600_000;

/** `imago backup`: a point of one instance, now. */
export const backup = async (
  instanceId: string,
  options: BackupOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal, access, environment } = surroundings;
  if (!/^i-[0-9a-z]+$/.test(instanceId)) {
    throw new RefusedError(`${instanceId}: expected the id of an instance, such as i-0abc`);
  }
  const deployment = deploymentOf(options, environment);
  const region = await homeRegion(surroundings);
  const session = await openSession(surroundings, { home: region, calls: [['ec2', region]] });
  const loop = loopOf(access.connection, terminal, {
    deployment,
    home: session.home,
    policySet: NO_POLICIES,
    isVerbose: options.verbose,
  });
  const backedUp = await backUpInstance(loop, session.home, instanceId, options);
  if (backedUp instanceof UnreadInstanceError) {
    terminal.error(backedUp.message);
    return EXIT.failedInPart;
  }
  const report = reportOf(session, deployment, backedUp);
  if (!options.json) for (const line of renderBackup(report, terminal)) terminal.out(line);
  const isAwaited = options.wait && isThere(backedUp.outcome);
  const state = isAwaited ? await wait(surroundings, loop, session.home, report.id) : null;
  if (options.json) terminal.out(JSON.stringify({ ...report, state }, null, 2));
  else if (state !== null) terminal.out(`${report.id} is ${state}`);
  return isAsAsked(backedUp, state) ? EXIT.done : EXIT.failedInPart;
};

const isThere = ({ status }: BackupOutcome): boolean =>
  status === 'done' || status === 'already-so';

const isAsAsked = ({ outcome, objection }: BackedUp, state: Waited | null): boolean =>
  isThere(outcome) && objection === undefined && (state === null || state === 'available');

const backUpInstance = async (
  loop: Loop,
  home: Target,
  instanceId: string,
  { keep, reboot }: BackupOptions,
): Promise<BackedUp | UnreadInstanceError> => {
  const endMs = loop.clock.nowMs() + CALL_TIME_MS;
  const request = { home, instanceId, reboot, ...(keep === undefined ? {} : { keepMs: keep }) };
  try {
    return await backUpNow(loop, request, { remainingMs: () => endMs - loop.clock.nowMs() });
  } catch (error) {
    if (error instanceof UnreadInstanceError) return error;
    throw error;
  }
};

const renderBackup = (
  report: Omit<BackupReport, 'state'>,
  { paint }: Dialogue,
): readonly string[] => [
  renderOutcome(report, paint),
  ...(report.keepUntil === null ? [] : [`kept until   ${report.keepUntil}`]),
];

const wait = async (
  { terminal, onInterrupt }: Surroundings,
  loop: Loop,
  home: Target,
  imageId: string,
): Promise<Waited> => {
  let isInterrupted = false;
  const stopListening = onInterrupt(() => {
    isInterrupted = true;
    terminal.progress('');
    terminal.error(`interrupted: ${imageId} is made all the same`);
  });
  try {
    return await waitForImage(loop, home, imageId, {
      mayGoOn: () => !isInterrupted,
      onState: (state: Image['state']) => terminal.progress(`${imageId} is ${state}`),
    });
  } finally {
    terminal.progress('');
    stopListening();
  }
};

const reportOf = (
  session: Session,
  deployment: string,
  { outcome, keepUntil, objection }: BackedUp,
): Omit<BackupReport, 'state'> => {
  const { point } = outcome.action;
  const told = outcomeReport({ target: session.home, outcome });
  return {
    ...sessionReport(session),
    deployment,
    instance: point.sourceId,
    slot: formatSlot(point.slotMs),
    keepUntil: keepUntil ?? null,
    ...told,
    why: objection ?? told.why,
  };
};

/** A hundred years. Some more thousands, and the end would have no date that can be written. */
const KEEP_MAX_DAYS = 36_500;
const DAY_MS = 86_400_000;

const length = (text: string): number => {
  const duration = parseDuration(text);
  const valueMs = duration === undefined ? undefined : fixedMs(duration);
  if (valueMs === undefined) throw new InvalidArgumentError(`Expected ${FIXED_DURATION_FORM}.`);
  if (valueMs > KEEP_MAX_DAYS * DAY_MS) {
    throw new InvalidArgumentError(
      `Expected at most ${KEEP_MAX_DAYS}d: to keep it for ever, leave --keep out.`,
    );
  }
  return valueMs;
};

const EXAMPLES = `
Examples:
  $ imago backup i-0123456789abcdef0 --keep 7d --wait`;

export const addBackup: AddCommand = (program, surroundings, end) => {
  addCommonOptions(program.command('backup'))
    .description(
      'Makes a point of one instance now, beside all policies. It is kept for as long as --keep says, or until somebody removes it.',
    )
    .argument('<instance>', 'the id of the instance')
    .option('--keep <duration>', `how long it is kept: ${FIXED_DURATION_FORM}`, length)
    .option('--reboot', 'let EC2 reboot the instance for the image', false)
    .option('--wait', 'wait until the image is available or has failed, 24 hours at most', false)
    .addHelpText('after', EXAMPLES)
    .action(async (instanceId: string, options: BackupOptions) =>
      end(await backup(instanceId, options, surroundings)),
    );
};
