import { beforeEach, describe, expect, test } from 'vitest';
import type { RetireAction, Spent } from '../../shared/domain/decision.ts';
import { applyRemovals } from '../../shared/loop/apply-removals.ts';
import { retireTarget } from '../../shared/loop/retire.ts';
import {
  aWorldWithExpiredPoints,
  REGION,
  type Removal,
  removeAfter as removeWith,
  type SafetyWorld,
  TARGET,
} from './world.ts';

/**
 * Between planning and applying the world goes on. Each test changes it in that moment, by an
 * operator's hand, and requires that the removal does not happen.
 */
let world: SafetyWorld;

beforeEach(async () => {
  world = await aWorldWithExpiredPoints();
});

const ENDLESS = { remainingMs: () => 600_000 };

const removeAfter = (meddle: (action: RetireAction) => void | Promise<void>): Promise<Removal> =>
  removeWith(world, meddle);

const isThere = ({ imageId }: RetireAction): boolean =>
  world.cloud.ec2Core.store(REGION).images.has(imageId);

describe('a removal that was planned', () => {
  test('happens while nothing has changed, snapshots included', async () => {
    const { action, outcome } = await removeAfter(() => undefined);

    expect(outcome).toBe('done');
    expect(isThere(action)).toBe(false);
    const { snapshots } = world.cloud.ec2Core.store(REGION);
    expect(action.snapshotIds.filter((id) => snapshots.has(id))).toEqual([]);
  });

  test('PRO-01 is superseded when an instance has been launched from the image', async () => {
    const { action, outcome } = await removeAfter(({ imageId }) => {
      world.cloud.ec2.RunInstances(
        { ImageId: imageId, MinCount: 1, MaxCount: 1, InstanceType: 't3.micro' },
        world.call(),
      );
    });

    expect(outcome).toMatch(/^superseded: PRO-01 in-use-by-instance i-[0-9a-f]+ \(pending\)$/);
    expect(isThere(action)).toBe(true);
  });

  test('PRO-02 is superseded when a launch template has been pointed to the image', async () => {
    const { action, outcome } = await removeAfter(({ imageId }) => {
      world.cloud.ec2.CreateLaunchTemplate(
        { LaunchTemplateName: 'restore', LaunchTemplateData: { ImageId: imageId } },
        world.call(),
      );
    });

    expect(outcome).toMatch(
      /^superseded: PRO-02 in-use-by-launch-template lt-[0-9a-f]+ \(version 1\)/,
    );
    expect(isThere(action)).toBe(true);
  });

  test('PRO-03 is superseded when the image has been held', async () => {
    const { action, outcome } = await removeAfter(({ imageId }) => {
      const Tags = [{ Key: 'imago:hold', Value: 'incident 4711' }];
      world.cloud.ec2.CreateTags({ Resources: [imageId], Tags }, world.call());
    });

    expect(outcome).toBe('superseded: PRO-03 held incident 4711');
    expect(isThere(action)).toBe(true);
  });

  test('PRO-04 is superseded when the image has been protected from deregistration', async () => {
    const { action, outcome } = await removeAfter(({ imageId }) => {
      world.cloud.ec2.EnableImageDeregistrationProtection({ ImageId: imageId }, world.call());
    });

    expect(outcome).toBe('superseded: PRO-04 deregistration-protected');
    expect(isThere(action)).toBe(true);
  });

  test('PRO-06 is superseded when the point that was to stay is gone', async () => {
    const { action, outcome } = await removeAfter(({ survivorIds }) => {
      for (const ImageId of survivorIds) {
        world.cloud.ec2.DeregisterImage({ ImageId }, world.call());
      }
    });

    expect(outcome).toBe('superseded: PRO-06 last-good-point a point that was to stay is gone');
    expect(isThere(action)).toBe(true);
  });

  test('PRO-03 is superseded when one of its snapshots has been held', async () => {
    const { action, outcome } = await removeAfter(({ snapshotIds }) => {
      const Tags = [{ Key: 'imago:hold', Value: 'audit' }];
      world.cloud.ec2.CreateTags({ Resources: snapshotIds.slice(0, 1), Tags }, world.call());
    });

    expect(outcome).toBe('superseded: PRO-03 held audit');
    expect(isThere(action)).toBe(true);
  });

  test('PRO-05 is superseded when the copy for which it may go is gone', async () => {
    const { input, made } = await world.planNow();
    const copied = made.removals.find(
      (one) => one.kind === 'retire' && (one.copyIds['eu-west-1'] ?? []).length > 0,
    );
    if (copied?.kind !== 'retire') throw new Error('the world has no expired point with a copy');
    for (const ImageId of copied.copyIds['eu-west-1'] ?? []) {
      const call = world.cloud.callAs(TARGET.account, 'eu-west-1');
      world.cloud.ec2.DeregisterImage({ ImageId }, call);
    }

    const applying = applyRemovals(world.runtime.loop, input, [copied], ENDLESS);
    const { outcomes } = await world.cloud.clock.runFor(applying);

    expect(outcomes).toMatchObject([
      { status: 'superseded', reasons: [{ id: 'PRO-05', evidence: 'eu-west-1' }] },
    ]);
    expect(isThere(copied)).toBe(true);
  });

  test('OWN-02 is superseded when the tag that says whose it is has been taken off', async () => {
    const { action, outcome } = await removeAfter(({ imageId }) => {
      const Tags = [{ Key: 'imago:deployment' }];
      world.cloud.ec2.DeleteTags({ Resources: [imageId], Tags }, world.call());
    });

    expect(outcome).toBe('superseded: OWN-02 not-ours');
    expect(isThere(action)).toBe(true);
  });

  test('RET-15 is superseded when the image has been disabled', async () => {
    const { action, outcome } = await removeAfter(({ imageId }) => {
      world.cloud.ec2.DisableImage({ ImageId: imageId }, world.call());
    });

    expect(outcome).toBe('superseded: RET-15 state-not-judged disabled');
    expect(isThere(action)).toBe(true);
  });

  test('is already so when somebody else has removed the image', async () => {
    const { outcome } = await removeAfter(({ imageId }) => {
      world.cloud.ec2.DeregisterImage({ ImageId: imageId }, world.call());
    });

    expect(outcome).toBe('already-so');
  });
});

describe('a read before removal that fails', () => {
  test.each([
    ['DescribeImages', 'PRO-21 unknown-images'],
    ['DescribeInstances', 'PRO-20 unknown-instances'],
    ['DescribeLaunchTemplateVersions', 'PRO-22 unknown-launch-templates'],
  ])('%s denied supersedes the removal with %s', async (action, expected) => {
    const { action: planned, outcome } = await removeAfter(() => {
      world.cloud.inject({ service: 'ec2', action, code: 'UnauthorizedOperation', status: 403 });
    });

    expect(outcome).toBe(
      `superseded: ${expected} UnauthorizedOperation: Injected: UnauthorizedOperation`,
    );
    expect(isThere(planned)).toBe(true);
  });
});

describe('a retirement run', () => {
  const command = {
    version: 1,
    kind: 'retire',
    target: TARGET,
    runId: 'retire-2026-11-11T04-30-00Z',
    hop: 0,
    spent: { removed: 0, counted: 0 },
  } as const;

  const runRetirement = async (isFirstDelivery: boolean, spent: Spent = command.spent) => {
    const loop = { ...world.runtime.loop, retireMode: 'apply' } as const;
    const running = retireTarget(loop, { ...command, spent }, ENDLESS, isFirstDelivery);
    return world.cloud.clock.runFor(running);
  };

  test('removes what its plan says when its command comes for the first time', async () => {
    const summary = await runRetirement(true);

    expect(summary.planned).toBeGreaterThan(3);
    expect(summary.removed).toBe(summary.planned);
    expect(world.cloud.calls.count('DeregisterImage')).toBe(summary.planned);
  });

  test('removes nothing when its command comes again', async () => {
    const summary = await runRetirement(false);

    expect(summary).toMatchObject({ mode: 'plan', removed: 0 });
    expect(world.cloud.calls.count('DeregisterImage')).toBe(0);
  });

  test('removes only what earlier hops have left of its limit', async () => {
    const summary = await runRetirement(true, { removed: 49, counted: 0 });

    expect(summary.removed).toBe(1);
    expect(world.cloud.calls.count('DeregisterImage')).toBe(1);
  });

  test('hands what it has spent to its continuation when its time is up', async () => {
    const loop = { ...world.runtime.loop, retireMode: 'apply' } as const;
    let remainingMs = 600_000;
    const deadline = {
      // Time is up as soon as the first images are gone.
      remainingMs: () => {
        if (world.cloud.calls.count('DeregisterImage') > 0) remainingMs = 1_000;
        return remainingMs;
      },
    };

    const summary = await world.cloud.clock.runFor(retireTarget(loop, command, deadline, true));

    expect(summary.isFinished).toBe(false);
    const [queued] = world.cloud.queues
      .find(TARGET.account, REGION, 'imago-dev-retire.fifo')
      .messages.map(({ body }) => JSON.parse(body) as unknown);
    expect(queued).toMatchObject({ hop: 1, spent: { removed: summary.removed } });
    expect(summary.removed).toBeGreaterThan(0);
  });
});
