import { expect, test } from 'vitest';
import { aWorldWithoutWeb, REGION, removeAfter, TARGET } from './world.ts';

test('the last point of a source that is gone goes only while that can be proven again', async () => {
  const world = await aWorldWithoutWeb();
  const deny = (): (() => void) =>
    world.cloud.inject({
      service: 'ec2',
      action: 'DescribeInstances',
      code: 'UnauthorizedOperation',
      status: 403,
    });

  let mend = (): void => undefined;
  const denied = await removeAfter(world, () => void (mend = deny()), true);
  mend();
  const seen = await removeAfter(
    world,
    () => {
      // As if the list that it was planned on had passed it over.
      const [row] = [...world.instances.values()];
      if (row === undefined) throw new Error('there is no instance');
      world.instances.set(world.sourceId, { ...row, instanceId: world.sourceId });
    },
    true,
  );
  world.instances.delete(world.sourceId);
  const gone = await removeAfter(world, () => undefined, true);

  expect(denied.outcome).toMatch(/PRO-27 unknown-source instances of eu-central-1: Unauthorized/);
  expect(seen.outcome).toBe('superseded: PRO-06 last-good-point its source is not gone');
  expect(gone.outcome).toBe('done');
  expect([denied, seen, gone].map(({ action }) => action.survivorIds)).toEqual([[], [], []]);
});

test('the copies of a source that is gone go once the home has let its points go', async () => {
  const world = await aWorldWithoutWeb();
  const there = { ...TARGET, region: 'eu-west-1' };
  const goneAt = async (target: typeof TARGET): Promise<readonly (string | undefined)[]> => {
    const { made } = await world.planNow(target);
    return made.removals.flatMap((one) =>
      one.kind === 'retire' ? (one.goneFrom?.region ?? []) : [],
    );
  };

  expect(await goneAt(there)).toEqual([]);
  const { images } = world.cloud.ec2Core.store(REGION);
  const points = [...images.values()].filter(({ name }) => name.includes(`/${world.sourceId}/`));
  for (const { imageId } of points) {
    world.cloud.ec2.DeregisterImage({ ImageId: imageId }, world.call());
  }

  expect(new Set(await goneAt(there))).toEqual(new Set([REGION]));
});
