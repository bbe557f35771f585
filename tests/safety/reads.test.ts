import { describe, expect, test } from 'vitest';
import { NOTHING_SPENT } from '../../shared/domain/decision.ts';
import { plan } from '../../shared/domain/plan.ts';
import { observeForRetirement } from '../../shared/loop/retire.ts';
import { aWorldWithExpiredPoints, TARGET } from './world.ts';

/** What a read is worth decides what may be removed: each way to fall short is tried. */
describe('retirement on reads that fall short', () => {
  test('sees every image when a list comes in many pages', async () => {
    const world = await aWorldWithExpiredPoints();
    const whole = await world.planNow();
    world.cloud.behave({ pageSizeMax: 2 });

    const paged = await world.planNow();

    expect(whole.input.observation.images.items.length).toBeGreaterThan(8);
    expect(paged.input.observation.images.items.length).toBe(
      whole.input.observation.images.items.length,
    );
    expect(paged.made.removals.length).toBe(whole.made.removals.length);
  });

  test.each([
    ['DescribeInstances', 'eu-central-1', 'PRO-20'],
    ['DescribeLaunchTemplateVersions', 'eu-central-1', 'PRO-22'],
    ['DescribeImages', 'eu-west-1', 'PRO-23'],
  ])('removes nothing when %s of %s is denied, and says %s', async (action, region, id) => {
    const world = await aWorldWithExpiredPoints();
    world.cloud.inject({ action, region, code: 'UnauthorizedOperation', status: 403 });

    const { made } = await world.planNow();

    const reasons = made.decisions
      .filter(({ verdict }) => verdict === 'protect')
      .flatMap((decision) => decision.reasons.map((why) => why.id));
    expect(made.removals).toEqual([]);
    expect(reasons).toContain(id);
  });

  test('removes nothing when the images themselves are denied: it sees none of them', async () => {
    const world = await aWorldWithExpiredPoints();
    const region = 'eu-central-1';
    const code = 'UnauthorizedOperation';
    world.cloud.inject({ action: 'DescribeImages', region, code, status: 403 });

    const { input, made } = await world.planNow();

    expect(input.observation.images).toMatchObject({ items: [], isComplete: false });
    expect(made.removals).toEqual([]);
    expect(made.problems).toEqual([
      'instances: not read by this pass',
      'images: UnauthorizedOperation: Injected: UnauthorizedOperation',
    ]);
  });

  test('removes nothing when the second page of the images fails, whatever the first showed', async () => {
    const world = await aWorldWithExpiredPoints();
    world.cloud.behave({ pageSizeMax: 4 });
    const { loop } = world.runtime;
    const deny = (): void => {
      const fault = { action: 'DescribeImages', code: 'UnauthorizedOperation', status: 403 };
      world.cloud.inject({ ...fault, region: 'eu-central-1' });
    };
    const denied = world.cloud.clock.nowMs() + 100;
    world.cloud.clock.at(denied, deny); // a calm call takes 50 ms: the first page is through by then

    const looking = observeForRetirement(loop, TARGET, NOTHING_SPENT);
    const input = await world.cloud.clock.runFor(looking);
    const { observation } = input;
    const made = plan(input);

    expect(observation.images.isComplete).toBe(false);
    expect(observation.images.items.length).toBeGreaterThan(0);
    expect(made.removals).toEqual([]);
  });
});
