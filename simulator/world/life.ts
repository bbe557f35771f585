/**
 * Life in the default world: an operator at work. Everything is fixed by the seed; everything goes
 * through EC2's own operations, beside the wire.
 */
import type { EmbeddedCloud } from '../cloud.ts';
import type { Random } from '../random.ts';
import type { ImageRow } from '../services/ec2/rows.ts';
import {
  bakeForeign,
  clearForeign,
  copyByHand,
  hold,
  launchNew,
  markAsAwsBackup,
  pointTemplate,
  restore,
  start,
  stop,
  terminate,
} from './deeds.ts';
import { createOperator, type Operator } from './operator.ts';
import type { World } from './world.ts';

export interface LifeSpec {
  readonly startMs: number;
  readonly days: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Tries `deed` at `atMs`, and every hour after until it can be done or the life is over. */
const whenPossible = (
  operator: Operator,
  atMs: number,
  endMs: number,
  deed: () => boolean,
): void => {
  const { clock } = operator.cloud;
  clock.at(atMs, () => {
    const nextMs = clock.nowMs() + HOUR_MS;
    if (!deed() && nextMs < endMs) whenPossible(operator, nextMs, endMs, deed);
  });
};

/** Does `deed` with a backup of that instance, as soon as there is one; else of any. */
const withBackup =
  (
    operator: Operator,
    name: string,
    choose: (backups: readonly ImageRow[]) => ImageRow | undefined,
    deed: (image: ImageRow) => boolean,
  ) =>
  (): boolean => {
    const [fallback] = operator.world.members;
    const id = operator.idOf(name) ?? fallback?.instanceId;
    const image = id === undefined ? undefined : choose(operator.backupsOf(id));
    return image !== undefined && deed(image);
  };

const oldest = (images: readonly ImageRow[]): ImageRow | undefined => images[0];
const newest = (images: readonly ImageRow[]): ImageRow | undefined => images.at(-1);

/** A web server that is stopped in the day and started some hours later. */
const scheduleStops = (operator: Operator, spec: LifeSpec, random: Random): void => {
  const { clock, ec2Core } = operator.cloud;
  const webs = operator.world.members.filter((member) => member.role === 'web');
  for (let day = 0; day < spec.days; day += 1) {
    const web = webs[random.integer(0, Math.max(0, webs.length - 1))];
    const stopMs = spec.startMs + day * DAY_MS + random.integer(8 * 60, 18 * 60) * 60_000;
    const startMs = stopMs + random.integer(2 * 60, 10 * 60) * 60_000;
    if (web === undefined || !random.chance(0.6)) continue;
    const { instanceId } = web;
    clock.at(stopMs, () => {
      const row = ec2Core.store(operator.world.homeRegion).instances.get(instanceId);
      if (row?.state !== 'running') return;
      stop(operator, instanceId);
      clock.at(startMs, () => {
        start(operator, instanceId);
      });
    });
  }
};

/** A pipeline bakes an image every second day and keeps three; AWS Backup makes one. */
const scheduleForeign = (operator: Operator, spec: LifeSpec): void => {
  const { clock } = operator.cloud;
  const id = operator.idOf('web-2') ?? operator.idOf('web-1');
  if (id === undefined) return;
  for (let day = 0; day < spec.days; day += 2) {
    clock.at(spec.startMs + day * DAY_MS + 11 * HOUR_MS, () => {
      bakeForeign(operator, id, `golden/web-${String(day + 1).padStart(3, '0')}`);
      clearForeign(operator, 'golden/', 3);
    });
  }
  const name = `AwsBackup_${id}_5f0a7c1e-0000-4000-a000-000000000001`;
  clock.at(spec.startMs + 5 * HOUR_MS, () => {
    bakeForeign(operator, id, name);
    markAsAwsBackup(operator, name);
  });
};

/** In the middle one instance goes for good, and a new one comes. */
const scheduleTurnover = (operator: Operator, spec: LifeSpec): void => {
  const { clock } = operator.cloud;
  const middleMs = spec.startMs + (spec.days / 2) * DAY_MS;
  const leaver = operator.idOf('web-4') ?? operator.idOf('web-2');
  clock.at(middleMs + 9 * HOUR_MS, () => {
    if (leaver !== undefined) terminate(operator, leaver);
  });
  clock.at(middleMs + 10 * HOUR_MS, () => {
    launchNew(operator, 'web-new');
  });
};

/** Backups come into use: launched, pointed to, held, copied. */
const scheduleUses = (operator: Operator, { startMs, days }: LifeSpec): void => {
  const endMs = startMs + days * DAY_MS;
  const dayMs = (day: number): number => startMs + Math.min(day, days / 3) * DAY_MS;
  const restored = withBackup(operator, 'web-3', oldest, (image) =>
    restore(operator, image, 'web-3-restored'),
  );
  const pointed = withBackup(operator, 'web-1', oldest, (image) => pointTemplate(operator, image));
  const held = withBackup(operator, 'db-1', oldest, (image) => hold(operator, image));
  const copied = withBackup(operator, 'web-1', newest, (image) => copyByHand(operator, image));
  whenPossible(operator, dayMs(2) + 7 * HOUR_MS, endMs, restored);
  whenPossible(operator, dayMs(3) + 13 * HOUR_MS, endMs, pointed);
  whenPossible(operator, dayMs(1) + 15 * HOUR_MS, endMs, held);
  whenPossible(operator, dayMs(4) + 16 * HOUR_MS, endMs, copied);
};

/** Sets it all up, to happen as the clock runs. The operator's deeds can be read afterwards. */
export const scheduleLife = (cloud: EmbeddedCloud, world: World, spec: LifeSpec): Operator => {
  const operator = createOperator(cloud, world);
  const random = cloud.ec2Core.kernel.random('life');
  scheduleStops(operator, spec, random);
  scheduleForeign(operator, spec);
  scheduleTurnover(operator, spec);
  scheduleUses(operator, spec);
  return operator;
};
