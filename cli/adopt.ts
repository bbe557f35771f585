import { POLICY_FILES_FORM } from '../shared/config/policy-texts.ts';
import { shortfallsOf } from '../shared/domain/model.ts';
import { type AdoptAction, planAdoption } from '../shared/domain/plan-adoption.ts';
import { adoptImages, observeForAdoption } from '../shared/loop/adopt.ts';
import type { Loop } from '../shared/loop/loop.ts';
import {
  type AdoptReport,
  type AdoptedReport,
  type LeftReport,
  adoptedReports,
  isAdopted,
  leftReports,
  renderAdopted,
  renderAdoption,
} from './adopt-report.ts';
import { type ConsentOptions, hasConsent, requireConsenter } from './consent.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { loopOf } from './loop-of.ts';
import {
  DEFAULT_POLICY_FILE,
  type PlanOptions,
  addCommonOptions,
  deploymentOf,
  readPolicySet,
} from './plan-options.ts';
import { RefusedError } from './refused-error.ts';
import { type Session, homeRegion, openSession, sessionReport } from './session.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';

export type AdoptOptions = Omit<PlanOptions, 'retire'> & ConsentOptions;

/** Images may be many, and are marked a thousand at a time. */
const WORK_MS = 600_000;

/** What would be done, and what it was found by. */
interface Look {
  readonly session: Session;
  readonly deployment: string;
  readonly loop: Loop;
  readonly actions: readonly AdoptAction[];
  readonly left: readonly LeftReport[];
  readonly problems: readonly string[];
}

/** `imago adopt`: marks images that others built as ours, as the policies mean them, after asking. */
export const adopt = async (
  options: AdoptOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal } = surroundings;
  requireConsenter(options, terminal);
  const look = await lookAround(options, surroundings);
  const { loop, session, actions, left, problems } = look;
  const say = (line: string): void => (options.json ? terminal.error(line) : terminal.out(line));
  for (const line of renderAdoption(actions, left, terminal.paint)) say(line);
  for (const problem of problems) say(`unread  ${problem}`);
  if (actions.length === 0) return tell(look, [], options, surroundings);
  if (!(await hasConsent(options, terminal))) return EXIT.failedInPart;
  const endMs = loop.clock.nowMs() + WORK_MS;
  const deadline = { remainingMs: () => endMs - loop.clock.nowMs() };
  const { outcomes, defect } = await adoptImages(loop, session.home, actions, deadline);
  const code = tell(look, adoptedReports(actions, outcomes), options, surroundings);
  if (defect !== undefined) throw defect;
  return code;
};

/** @throws NoAccessError | RefusedError | InvalidPolicyError | UnusableFileError */
const lookAround = async (options: AdoptOptions, surroundings: Surroundings): Promise<Look> => {
  const { terminal, access, environment } = surroundings;
  const region = await homeRegion(surroundings);
  const deployment = deploymentOf(options, environment);
  const policySet = readPolicySet(options.policy, region);
  if (policySet.adoptions.length === 0) {
    throw new RefusedError(`${options.policy}: no policy adopts images`);
  }
  const session = await openSession(surroundings, { home: region, calls: [['ec2', region]] });
  const { home } = session;
  const parts = { deployment, home, policySet, isVerbose: options.verbose };
  const loop = loopOf(access.connection, terminal, parts);
  const input = await observeForAdoption(loop, home);
  const planned = planAdoption(input);
  const { images, snapshots } = input.observation;
  const problems = shortfallsOf([
    ['images', images],
    ['snapshots', snapshots],
  ]);
  // A group that is not seen whole, or a snapshot that may have no room, is not begun with.
  const actions = problems.length === 0 ? planned.actions : [];
  const left = leftReports(planned, input.observation);
  return { session, deployment, loop, actions, left, problems };
};

const tell = (
  { session, deployment, left, problems }: Look,
  images: readonly AdoptedReport[],
  { policy, json }: AdoptOptions,
  { terminal }: Surroundings,
): ExitCode => {
  const head = { version: 1, ...sessionReport(session), deployment, policyFile: policy } as const;
  const report: AdoptReport = { ...head, images, left, problems };
  terminal.out(json ? JSON.stringify(report, null, 2) : renderAdopted(images).join('\n'));
  return problems.length === 0 && images.every(isAdopted) ? EXIT.done : EXIT.failedInPart;
};

const EXAMPLES = `
Examples:
  $ imago adopt --policy policies/golden-images.yml --yes`;

export const addAdopt: AddCommand = (program, surroundings, end) => {
  addCommonOptions(
    program.command('adopt').option('--policy <files>', POLICY_FILES_FORM, DEFAULT_POLICY_FILE),
  )
    .description(
      'Marks images that others built, and that the policies adopt, as ours to keep and to retire. Asks first; nothing else ever adopts an image.',
    )
    .option('--yes', 'do not ask; needed where stdin is no terminal', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: AdoptOptions) => end(await adopt(options, surroundings)));
};
