import { NOTHING_SPENT, type PlanInput } from '../../shared/domain/decision.ts';
import {
  completePart,
  FUNCTION_SOURCES,
  type Image,
  type Instance,
} from '../../shared/domain/model.ts';
import { planCreation } from '../../shared/domain/plan-creation.ts';
import type { Policy, PolicySet } from '../../shared/domain/policy.ts';
import {
  anImage,
  anInstance,
  anObservation,
  aPolicySet,
  at,
  DEPLOYMENT,
  HOME,
} from './builders.ts';

/** Days of one source under one policy, looked at every five minutes, with what is planned done. */

const MINUTE_MS = 60_000;
const LOOK_MS = 5 * MINUTE_MS;
export const DAY_MS = 1_440 * MINUTE_MS;
export const START_MS = at('2026-11-16T00:00Z');

export type Happening =
  | { readonly kind: 'stop' | 'start'; readonly minute: number }
  | { readonly kind: 'tag'; readonly minute: number; readonly value: string };

export interface Timeline {
  readonly policy: Policy;
  readonly days: number;
  readonly happenings: readonly Happening[];
  /** Of each image in turn, over and over: how long it is pending, and whether it fails. */
  readonly fates: readonly { readonly minutes: number; readonly fails: boolean }[];
}

/** A point that was begun. */
export interface Begun {
  readonly atMs: number;
  readonly name: string;
  readonly slotMs: number;
  readonly why: string;
  readonly fails: boolean;
  /** What else was there of its slot, in any state. */
  readonly beside: readonly Image[];
  /** Names that were taken. */
  readonly taken: readonly string[];
}

interface Life {
  readonly begun: readonly Begun[];
  readonly source: Instance;
  readonly images: readonly Image[];
}

interface World {
  source: Instance;
  images: readonly Image[];
  readonly begun: Begun[];
}

/** Lives through a timeline; what happens in a minute is seen by the look that follows. */
export const live = ({ policy, days, happenings, fates }: Timeline): Life => {
  const policySet = aPolicySet({ policies: [policy] });
  const world: World = {
    source: anInstance({ launchedMs: START_MS - DAY_MS, tags: { Backup: 'daily', v: '' } }),
    images: [],
    begun: [],
  };
  const endMs = START_MS + days * DAY_MS;
  const inOrder = happenings.toSorted((a, b) => a.minute - b.minute);
  let next = 0;
  for (let nowMs = START_MS; nowMs < endMs; nowMs += LOOK_MS) {
    for (; happensBy(inOrder[next], nowMs); next += 1) {
      world.source = changed(world.source, inOrder[next]);
    }
    settle(world, fates, nowMs);
    begin(world, fates, inputOf(world, policySet, nowMs));
  }
  return world;
};

const happensBy = (happening: Happening | undefined, nowMs: number): boolean =>
  happening !== undefined && START_MS + happening.minute * MINUTE_MS <= nowMs;

const changed = (source: Instance, happening: Happening | undefined): Instance => {
  switch (happening?.kind) {
    case undefined:
      return source;
    case 'stop':
      return anInstance({ ...source, state: 'stopped' });
    case 'start':
      return source.state === 'running'
        ? source
        : anInstance({
            ...source,
            state: 'running',
            launchedMs: START_MS + happening.minute * MINUTE_MS,
          });
    case 'tag':
      return anInstance({ ...source, tags: { ...source.tags, v: happening.value } });
  }
};

const fateOf = (fates: Timeline['fates'], nth: number): Timeline['fates'][number] =>
  fates[nth % fates.length] ?? { minutes: 0, fails: false };

/** The list stays the same one while nothing settles: what is found out of it is kept with it. */
const settle = (world: World, fates: Timeline['fates'], nowMs: number): void => {
  const isOver = ({ state, createdMs }: Image, nth: number): boolean =>
    state === 'pending' && nowMs >= createdMs + fateOf(fates, nth).minutes * MINUTE_MS;
  if (!world.images.some(isOver)) return;
  world.images = world.images.map((image, nth) =>
    isOver(image, nth)
      ? { ...image, state: fateOf(fates, nth).fails ? 'failed' : 'available' }
      : image,
  );
};

const NOTHING = anObservation({ instances: [] });

const inputOf = ({ source, images }: World, policySet: PolicySet, nowMs: number): PlanInput => ({
  observation: { ...NOTHING, instances: completePart([source]), images: completePart(images) },
  policySet,
  deployment: DEPLOYMENT,
  homes: [HOME],
  nowMs,
  sources: FUNCTION_SOURCES,
  spent: NOTHING_SPENT,
});

const begin = (world: World, fates: Timeline['fates'], input: PlanInput): void => {
  for (const { name, point, tags, reasons } of planCreation(input).actions) {
    const { images, begun } = world;
    const { slotMs } = point;
    begun.push({
      atMs: input.nowMs,
      name,
      slotMs,
      why: reasons[0]?.id ?? '',
      fails: fateOf(fates, begun.length).fails,
      beside: images.filter((image) => image.tags['imago:slot'] === tags['imago:slot']),
      taken: images.map((image) => image.name),
    });
    const id = `ami-${begun.length}`;
    const image = anImage({ id, name, tags, state: 'pending', createdMs: input.nowMs });
    world.images = [...images, image];
  }
};
