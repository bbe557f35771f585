import { describe, expect, test } from 'vitest';
import type { RetireAction } from '../../shared/domain/decision.ts';
import { aWorldWithExpiredPoints, REGION, removeAfter } from './world.ts';

const policyFile = 'tests/safety/fixtures/gone.yml';

/** What becomes of a removal when somebody tags a resource between planning and applying it. */
const afterTagging = async (
  resourceOf: (action: RetireAction) => string,
  Key: string,
  Value: string,
): Promise<readonly [string, boolean]> => {
  const world = await aWorldWithExpiredPoints({ policyFile, days: 4 });
  const { action, outcome } = await removeAfter(world, (planned) => {
    const Resources = [resourceOf(planned)];
    world.cloud.ec2.CreateTags({ Resources, Tags: [{ Key, Value }] }, world.call());
  });
  return [outcome, world.cloud.ec2Core.store(REGION).images.has(action.imageId)];
};

const image = ({ imageId }: RetireAction): string => imageId;
const instance = ({ point }: RetireAction): string => point.sourceId;

describe('a removal that was planned', () => {
  test('RET-08 is superseded when its image was tagged to be kept', async () => {
    expect(await afterTagging(image, 'imago:keep', '1y')).toEqual([
      'superseded: RET-08 kept-by-image-tag since it was planned: imago:keep=1y of the image',
      true,
    ]);
  });

  test('RET-08 is superseded when its instance was tagged so that its points are kept', async () => {
    const [outcome, isThere] = await afterTagging(instance, 'Retention', '90');

    expect(outcome).toMatch(
      /^superseded: RET-08 kept-by-image-tag since it was planned: Retention=90 of i-[0-9a-f]+$/,
    );
    expect(isThere).toBe(true);
  });

  test('PRO-26 is superseded when its image was given a date that cannot be read', async () => {
    expect(await afterTagging(image, 'imago:keep-until', 'the audit')).toEqual([
      'superseded: PRO-26 unknown-keep-until the audit',
      true,
    ]);
  });

  test('is done when somebody wrote something else', async () => {
    expect(await afterTagging(image, 'Name', 'old')).toEqual(['done', false]);
  });
});
