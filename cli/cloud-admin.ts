/**
 * The embedded cloud's own path, /_imago/: what its users' tests need and AWS has not. Bodies and
 * answers are JSON; what is refused says why, and changes nothing. docs/cloud.md describes it.
 */
import * as z from 'zod';
import { FIXED_DURATION_FORM, fixedMs, parseDuration } from '../shared/domain/duration.ts';
import { readManners } from '../simulator/manners-schema.ts';
import { PROFILE_NAMES } from '../simulator/profiles.ts';
import { REGIONS } from '../simulator/services/ec2/regions.ts';
import { DEFAULT_ACCOUNT } from '../simulator/services/sts/access-keys.ts';
import type { AdminRequest, AdminResponse } from '../simulator/wire/http-server.ts';
import { seedWorld } from '../simulator/world/world.ts';
import { UnusableWorldError } from '../simulator/world-file/world-file.ts';
import { BackwardsError, type LiveCloud } from './live-cloud.ts';

type Answer = (live: LiveCloud, body: string) => unknown;

/** A body that does not fit: said to whoever sent it, with status 400. */
class BadBodyError extends Error {}

const ACCOUNT = /^\d{12}$/;
const region = z
  .string()
  .refine((name) => REGIONS.has(name), 'expected a Region such as eu-central-1');

const MOVE_FORM = 'expected either advance, such as 6h, or to, such as 2026-12-01T00:00:00Z';

const move = z
  .strictObject({
    advance: z.string().optional(),
    to: z.iso.datetime({ offset: true, error: MOVE_FORM }).optional(),
  })
  .refine(({ advance, to }) => (advance === undefined) !== (to === undefined), MOVE_FORM);

const reset = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional(),
  profile: z.enum(PROFILE_NAMES).optional(),
});

const fleet = z.strictObject({
  account: z.string().regex(ACCOUNT, 'expected twelve digits').default(DEFAULT_ACCOUNT),
  region: region.default('eu-central-1'),
  instances: z.int().min(1).max(2_000).default(12),
});

const fault = z.strictObject({
  service: z.enum(['ec2', 'events', 'sqs', 'sts', 'ssm', 'autoscaling']).optional(),
  action: z.string().min(1).optional(),
  region: region.optional(),
  times: z.int().min(1).optional(),
  code: z.string().regex(/^[A-Za-z0-9_.]+$/, 'expected an error code such as InternalError'),
  message: z.string().optional(),
  status: z.int().min(400).max(599).optional(),
});

const parse = <T>(schema: z.ZodType<T>, body: string): T => {
  const parsed = schema.safeParse(body.trim() === '' ? {} : jsonOf(body));
  if (parsed.success) return parsed.data;
  throw new BadBodyError(z.prettifyError(parsed.error));
};

const jsonOf = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new BadBodyError(`the body is no JSON: ${error instanceof Error ? error.message : ''}`);
  }
};

const clockOf = ({ cloud }: LiveCloud) => ({ now: new Date(cloud.clock.nowMs()).toISOString() });

/** Policies know no seconds; what lags here is measured in them. */
const spanOf = (text: string): number | undefined =>
  /^\d{1,6}s$/.test(text) ? Number.parseInt(text, 10) * 1_000 : fixedSpanOf(text);

const fixedSpanOf = (text: string): number | undefined => {
  const duration = parseDuration(text);
  return duration === undefined ? undefined : fixedMs(duration);
};

const moveClock: Answer = async (live, body) => {
  const { advance = '', to } = parse(move, body);
  if (to !== undefined) {
    await live.advanceTo(Date.parse(to));
    return clockOf(live);
  }
  const byMs = spanOf(advance);
  if (byMs === undefined)
    throw new BadBodyError(`advance: expected ${FIXED_DURATION_FORM}, or 30s`);
  await live.catchUp();
  await live.advanceTo(live.cloud.clock.nowMs() + byMs);
  return clockOf(live);
};

const resetWorld: Answer = async (live, body) => {
  const { seed = live.seed, profile = live.profile } = parse(reset, body);
  await live.reset(seed, profile);
  return { seed, profile, ...clockOf(live) };
};

const seedFleet: Answer = ({ cloud }, body) => {
  const { account, region: home, instances } = parse(fleet, body);
  const { members } = seedWorld(cloud, {
    account,
    homeRegion: home,
    drRegion: home,
    instances,
  });
  return {
    account,
    region: home,
    instances: members.map(({ instanceId, name }) => ({ instanceId, name })),
  };
};

const changeManners: Answer = ({ cloud }, body) => {
  const read = readManners(jsonOf(body));
  if (!read.ok) throw new BadBodyError(read.problem);
  cloud.behave(read.changes);
  return cloud.manners();
};

const injectFault: Answer = ({ cloud }, body) => {
  const asked = parse(fault, body);
  const { service, action } = asked;
  const isServed = cloud.services.some(
    ({ id, operations }) => (service ?? id) === id && Object.hasOwn(operations, action ?? ''),
  );
  if (action !== undefined && !isServed) {
    throw new BadBodyError(`action: ${action} is not served by ${service ?? 'any service here'}`);
  }
  cloud.inject(asked);
  return asked;
};

const ANSWERS: Readonly<Record<string, Answer>> = {
  'GET clock': clockOf,
  'POST clock': moveClock,
  'POST reset': resetWorld,
  'POST fleet': seedFleet,
  'GET manners': ({ cloud }) => cloud.manners(),
  'PATCH manners': changeManners,
  'POST faults': injectFault,
  'DELETE faults': ({ cloud }) => {
    cloud.withdrawFaults();
    return {};
  },
  'GET calls': ({ cloud }) => cloud.calls.counts(),
  'PUT world': async (live, body) => {
    await live.load(body, 'the body');
    return { seed: live.seed, ...clockOf(live) };
  },
};

const PREFIX = '/_imago/';

const jsonAnswer = (status: number, value: unknown): AdminResponse => ({
  status,
  contentType: 'application/json',
  body: `${JSON.stringify(value, null, 2)}\n`,
});

const statusOf = (error: unknown): number | undefined => {
  if (error instanceof BadBodyError || error instanceof UnusableWorldError) return 400;
  return error instanceof BackwardsError ? 409 : undefined;
};

/** Answers one request below /_imago/. What it does not expect is thrown, as a defect. */
export const answerAdmin = async (
  live: LiveCloud,
  { method, path, body }: AdminRequest,
): Promise<AdminResponse> => {
  const name = path.slice(PREFIX.length).replace(/\/$/, '');
  if (`${method} ${name}` === 'GET world') {
    return { status: 200, contentType: 'application/json', body: live.save() };
  }
  const answer = ANSWERS[`${method} ${name}`];
  if (answer === undefined) return jsonAnswer(404, { error: unknownPath(method, path) });
  try {
    return jsonAnswer(200, await answer(live, body));
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined || !(error instanceof Error)) throw error;
    return jsonAnswer(status, { error: error.message });
  }
};

const unknownPath = (method: string, path: string): string =>
  `${method} ${path} is not known here. There is: ` +
  [...Object.keys(ANSWERS), 'GET world']
    .toSorted()
    .map((name) => name.replace(' ', ` ${PREFIX}`))
    .join(', ');
