import { describe, expect, test } from 'vitest';
import { type Scenario, aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
limits: { maxRemovals: { count: 100, percent: 100 }, keepAtLeast: 1 }
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    rpo: 25h
    keep: { last: 2 }
`;

/** The oldest of three points has expired; the newest is the one that must survive it. */
const anExpiredPoint = async () => {
  const scenario = aScenario({
    policy: POLICY,
    startsAt: '2026-11-03T04:10:00Z',
    instances: [{ name: 'web-1', tags: { Backup: 'daily' } }],
  });
  const [expired, , newest] = ['2026-11-01', '2026-11-02', '2026-11-03'].map((day) =>
    scenario.aPoint({ of: 'web-1', policy: 'daily', slot: `${day}T02:00:00Z` }),
  );
  await scenario.until('2026-11-03T04:29:00Z');
  return { ...scenario, expired: expired ?? '', newest: newest ?? '' };
};

type Prepared = Awaited<ReturnType<typeof anExpiredPoint>>;

/** The first DescribeImages of a run is for its plan, the second right before it removes. */
const betweenPlanAndApply = (scenario: Scenario, deed: () => void): void => {
  scenario.beforeCall({ action: 'DescribeImages', region: 'eu-central-1', nth: 2 }, deed);
};

interface Change {
  readonly what: string;
  readonly deed: (prepared: Prepared) => unknown;
  readonly reason: RegExp;
}

const CHANGES: readonly Change[] = [
  {
    what: 'an instance is launched from the image',
    deed: ({ cloud, expired, byHand }) =>
      cloud.ec2.RunInstances({ ImageId: expired, MinCount: 1, MaxCount: 1 }, byHand()),
    reason: /^PRO-01 in-use-by-instance i-[0-9a-f]{17} \(pending\)$/,
  },
  {
    what: 'a launch template comes to name the image',
    deed: ({ cloud, expired, byHand }) =>
      cloud.ec2.CreateLaunchTemplate(
        { LaunchTemplateName: 'drill', LaunchTemplateData: { ImageId: expired } },
        byHand(),
      ),
    // The version is the default and the latest one at once.
    reason: /^PRO-02 in-use-by-launch-template lt-[0-9a-f]{17} \(version 1\)$/,
  },
  {
    what: 'a hold is put on the image',
    deed: ({ cloud, expired, byHand }) =>
      cloud.ec2.CreateTags(
        { Resources: [expired], Tags: [{ Key: 'imago:hold', Value: 'audit' }] },
        byHand(),
      ),
    reason: /^PRO-03 held audit$/,
  },
  {
    what: 'its deregistration protection is enabled',
    deed: ({ cloud, expired, byHand }) =>
      cloud.ec2.EnableImageDeregistrationProtection({ ImageId: expired }, byHand()),
    reason: /^PRO-04 deregistration-protected$/,
  },
  {
    what: 'the point that was to survive it is deregistered by hand',
    deed: ({ cloud, newest, byHand }) => cloud.ec2.DeregisterImage({ ImageId: newest }, byHand()),
    reason: /^PRO-06 last-good-point a point that was to stay is gone$/,
  },
  {
    what: 'the point that was to survive it is disabled',
    deed: ({ cloud, newest, byHand }) => cloud.ec2.DisableImage({ ImageId: newest }, byHand()),
    reason: /^PRO-06 last-good-point a point that was to stay is gone$/,
  },
  {
    what: 'the image is disabled',
    deed: ({ cloud, expired, byHand }) => cloud.ec2.DisableImage({ ImageId: expired }, byHand()),
    reason: /^RET-15 state-not-judged disabled$/,
  },
  {
    what: 'the tag that makes the image ours is taken off',
    deed: ({ cloud, expired, byHand }) =>
      cloud.ec2.DeleteTags({ Resources: [expired], Tags: [{ Key: 'imago:deployment' }] }, byHand()),
    reason: /^OWN-02 not-ours$/,
  },
  {
    what: 'the instances can no longer be read',
    deed: ({ cloud }) =>
      cloud.inject({ action: 'DescribeInstances', code: 'UnauthorizedOperation', message: 'No' }),
    reason: /^PRO-20 unknown-instances UnauthorizedOperation: No$/,
  },
  {
    what: 'the launch templates can no longer be read',
    deed: ({ cloud }) =>
      cloud.inject({
        action: 'DescribeLaunchTemplateVersions',
        code: 'UnauthorizedOperation',
        message: 'No',
      }),
    reason: /^PRO-22 unknown-launch-templates UnauthorizedOperation: No$/,
  },
];

describe('between plan and apply', () => {
  test('nothing happens, and the expired point is removed', async () => {
    const prepared = await anExpiredPoint();

    await prepared.until('2026-11-03T04:31:00Z');

    expect(prepared.images().map(({ imageId }) => imageId)).not.toContain(prepared.expired);
    expect(prepared.images()).toHaveLength(2);
  });

  test.each(CHANGES)('$what, and the expired point stays', async ({ deed, reason }) => {
    const prepared = await anExpiredPoint();
    const { until, images, calls, logged, expired } = prepared;
    betweenPlanAndApply(prepared, () => deed(prepared));

    await until('2026-11-03T04:31:00Z');

    expect(logged(`retire ${expired}`)).toHaveLength(1); // planned
    expect(images().map(({ imageId }) => imageId)).toContain(expired);
    expect(calls('DeregisterImage')).toBe(0);
    expect(logged('not removed')).toMatchObject([
      {
        message: `not removed: ${expired}`,
        status: 'superseded',
        reasons: [expect.stringMatching(reason)],
      },
    ]);
  });

  test('the image itself is deregistered by hand, and the run takes it as done', async () => {
    const prepared = await anExpiredPoint();
    const { until, calls, logged, expired, cloud, byHand, published } = prepared;
    betweenPlanAndApply(prepared, () => cloud.ec2.DeregisterImage({ ImageId: expired }, byHand()));

    await until('2026-11-03T04:31:00Z');

    expect(calls('DeregisterImage')).toBe(0);
    expect(logged(`already gone: ${expired}`)).toHaveLength(1);
    expect(published()).toEqual([]);
  });
});

test('EC2 refuses a removal, and the run goes on with the others', async () => {
  const prepared = await anExpiredPoint();
  const { until, images, beforeCall, cloud, byHand, expired, aPoint, logged } = prepared;
  const older = aPoint({ of: 'web-1', policy: 'daily', slot: '2026-10-31T02:00:00Z' });
  beforeCall({ action: 'DeregisterImage', nth: 1 }, () => {
    cloud.ec2.EnableImageDeregistrationProtection({ ImageId: older }, byHand());
  });

  await until('2026-11-03T04:31:00Z');

  const left = images().map(({ imageId }) => imageId);
  expect([left.includes(older), left.includes(expired)]).toEqual([true, false]);
  expect(logged('not removed')).toMatchObject([
    { message: `not removed: ${older}`, status: 'failed', code: 'OperationNotPermitted' },
  ]);
});
