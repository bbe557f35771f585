/**
 * How fast the planner is, and what bounds it: `node bench/planner.ts`, about half a minute. It plans a
 * home with tiers, three policies and a destination, all at once as `imago plan` does; then its parts,
 * as the passes do. The figures are the machine's, and only their ratios travel; nothing is asserted.
 */
import type { PlanInput } from '../shared/domain/decision.ts';
import { plan, planBackups, planRemovals } from '../shared/domain/plan.ts';
import { planCopies } from '../shared/domain/plan-copies.ts';
import { planTags } from '../shared/domain/plan-tags.ts';
import { ownershipOf } from '../shared/domain/point.ts';
import { ELSEWHERE, fleetOf, HOME, IMAGES_PER_SOURCE } from './fleet.ts';
import { count, medianOfMs, ms, print } from './measure.ts';

/** The least that any planner does: it reads each image's name and tags once. */
const readOnce = ({ observation, deployment }: PlanInput): number => {
  const { target, images, places } = observation;
  let ours = 0;
  for (const image of images.items) if (ownershipOf(image, deployment, target).isOurs) ours += 1;
  for (const { place, images: part } of places) {
    for (const image of part.items) if (ownershipOf(image, deployment, place).isOurs) ours += 1;
  }
  return ours;
};

/** The same fleet, looked at from the destination. */
const fromElsewhere = (input: PlanInput): PlanInput => {
  const { observation } = input;
  const [there] = observation.places;
  const images = there?.images ?? observation.images;
  const places = [{ place: HOME, images: observation.images }];
  return { ...input, observation: { ...observation, target: ELSEWHERE, images, places } };
};

const SIZES = [10_000, 100_000, 1_000_000];

/** One round, cold, for the memory that it takes; then as many as there is time for. */
const benchSize = async (images: number): Promise<number> => {
  const sources = Math.round(images / IMAGES_PER_SOURCE);
  const observe = (): PlanInput => fleetOf(sources); // anew, as each pass does
  const coldMs = timed(observe(), plan);
  const peakMb = process.resourceUsage().maxRSS / 1_024;
  const rounds = images > 100_000 ? 1 : 5;
  const measure = async (
    work: (input: PlanInput) => unknown,
    prepare = observe,
  ): Promise<number> =>
    rounds === 1 ? timed(prepare(), work) : await medianOfMs(rounds, prepare, work);
  const planMs = await measure(plan);
  const boundMs = await measure(readOnce);
  print(
    `${count(images)} images, ${count(sources)} sources`,
    ms(planMs),
    `${count(images / (planMs / 1_000))} images/s; the first time ${ms(coldMs)}`,
  );
  print('  peak of the process', `${count(peakMb)} MB`, 'the fleet itself included');
  print(
    '  bound: names and tags read once',
    ms(boundMs),
    `plan() takes ${(planMs / boundMs).toFixed(1)} x as long`,
  );
  print('  of it what makes points', ms(await measure(planBackups)));
  print('  of it what repairs tags', ms(await measure(planTags)));
  print('  of it what removes', ms(await measure(planRemovals)));
  print(
    '  what a destination copies',
    ms(await measure(planCopies, () => fromElsewhere(observe()))),
  );
  return planMs;
};

const timed = (input: PlanInput, work: (input: PlanInput) => unknown): number => {
  const startMs = performance.now();
  work(input);
  return performance.now() - startMs;
};

console.log('plan(): a home before its nightly pass');
let before: { readonly images: number; readonly planMs: number } | undefined;
for (const images of SIZES) {
  const planMs = await benchSize(images);
  if (before !== undefined) {
    const times = (planMs / before.planMs).toFixed(1);
    print(`  beside ${count(before.images)} images`, `${times} x as long`, '10 x as many');
  }
  before = { images, planMs };
}
