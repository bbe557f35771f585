import { expect, test } from 'vitest';
import { NOTHING_SPENT } from '../../shared/domain/decision.ts';
import {
  completePart,
  type ImageReference,
  REFERENCE_SOURCES,
  type ReferenceSource,
  type SourceReferences,
} from '../../shared/domain/model.ts';
import { plan } from '../../shared/domain/plan.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import type { Loop } from '../../shared/loop/loop.ts';
import type { Ec2 } from '../../shared/loop/ports.ts';
import { applyRemovals } from '../../shared/loop/apply-removals.ts';
import { observeForRetirement } from '../../shared/loop/retire.ts';
import {
  aWorldWithExpiredPoints,
  aWorldWithoutWeb,
  REGION,
  type SafetyWorld,
  TARGET,
} from './world.ts';

/** The loop of a world, wanting all sources asked, which answer so. */
const asking = ({ runtime: { loop } }: SafetyWorld, uses: Ec2['uses']): Loop => ({
  ...loop,
  sources: REFERENCE_SOURCES,
  cloud: { at: (target) => ({ ...loop.cloud.at(target), uses }) },
});

const planWith = async ({ cloud }: SafetyWorld, loop: Loop) => {
  const input = await cloud.clock.runFor(observeForRetirement(loop, TARGET, NOTHING_SPENT));
  return { input, made: plan(input) };
};

/** Nobody uses any image; of those that were asked about, it is known that they are private. */
const unused: Ec2['uses'] = (sources, imageIds) =>
  Promise.resolve(
    sources.map((source): SourceReferences => {
      const shown = source === 'launch-permissions' ? imageIds : [];
      const items = shown.map(
        (imageId): ImageReference => ({
          imageId,
          kind: 'launch-permission',
          by: 'nobody but its owner',
          holds: false,
        }),
      );
      return { source, part: completePart(items) };
    }),
  );

test('all sources but the instances are asked, of every image that may go, and it goes', async () => {
  const world = await aWorldWithExpiredPoints();
  const asked: (readonly ReferenceSource[])[] = [];
  const loop = asking(world, (sources, imageIds) => {
    asked.push(sources);
    return unused(sources, imageIds);
  });

  const { made } = await planWith(world, loop);

  expect(asked).toEqual([REFERENCE_SOURCES.slice(1)]);
  expect(made.removals.length).toBeGreaterThan(1);
});

test('PRO-28 to PRO-33 nothing goes while sources that are to be asked cannot be', async () => {
  const world = await aWorldWithExpiredPoints();
  const loop: Loop = { ...world.runtime.loop, sources: REFERENCE_SOURCES };

  const { made } = await planWith(world, loop);

  const held = made.decisions.find(({ verdict }) => verdict === 'protect');
  expect(made.removals).toEqual([]);
  expect(held?.reasons.map(({ id }) => id)).toEqual([
    'RET-10',
    'PRO-28',
    'PRO-29',
    'PRO-30',
    'PRO-31',
    'PRO-32',
    'PRO-33',
  ]);
});

test('PRO-10, PRO-28 supersede a removal when a source says otherwise since, or nothing', async () => {
  const world = await aWorldWithExpiredPoints();
  const { input, made } = await planWith(world, asking(world, unused));
  const actions = made.removals.filter((one) => one.kind === 'retire').slice(0, 1);
  const applyWith = async (uses: Ec2['uses']) => {
    const applying = applyRemovals(asking(world, uses), input, actions, {
      remainingMs: () => 600_000,
    });
    const { outcomes } = await world.cloud.clock.runFor(applying);
    return outcomes.flatMap((one) =>
      one.status === 'superseded' ? one.reasons.map(describeReason) : one.status,
    );
  };
  const named = actions.map(
    ({ imageId }): ImageReference => ({
      imageId,
      kind: 'parameter',
      by: 'parameter /golden/web',
      holds: true,
    }),
  );

  const found = await applyWith(async (sources, imageIds) => [
    ...(await unused(sources, imageIds)),
    { source: 'parameters', part: completePart(named) },
  ]);
  const silent = await applyWith(async (sources, imageIds) =>
    (await unused(sources, imageIds)).filter(({ source }) => source !== 'auto-scaling-groups'),
  );

  expect(found).toEqual(['PRO-10 in-use-by-parameter parameter /golden/web']);
  expect(silent).toEqual(['PRO-28 unknown-auto-scaling-groups not read by this pass']);
  expect(await applyWith(unused)).toEqual(['done']);
});

test('images that may go once their source is proven gone are asked about too, and go', async () => {
  const world = await aWorldWithoutWeb();
  const store = world.cloud.ec2Core.store(REGION);
  const [newest] = [...store.images.values()]
    .filter(({ name }) => name.includes(`/${world.sourceId}/`))
    .toSorted((a, b) => (a.name < b.name ? 1 : -1));
  if (newest === undefined) throw new Error('the source has no point');
  store.removeImage(newest);
  store.addImage({ ...newest, state: 'failed' });

  const { made } = await planWith(world, asking(world, unused));

  const gone = made.removals.flatMap((one) =>
    one.kind === 'retire' && one.goneFrom?.region === REGION ? one : [],
  );
  expect(gone.filter(({ isFailed }) => isFailed).map(({ imageId }) => imageId)).toEqual([
    newest.imageId,
  ]);
  expect(gone.filter(({ isFailed }) => !isFailed).length).toBeGreaterThan(0);
});
