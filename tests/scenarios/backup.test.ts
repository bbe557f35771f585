import { describe, expect, test } from 'vitest';
import { DR, HOME, aScenario } from '../support/scenario.ts';

const POLICY = `
version: 1
policies:
  - id: daily
    select: { tags: { Backup: daily } }
    when: [{ schedule: cron(0 2 * * ? *) }]
    tags:
      copy: [Name, "cost-*"]
      set: { Slot: "{slot}", Made: "by {policy}" }
    keep: { last: 7 }
`;

const WEB = { name: 'web-1', tags: { Backup: 'daily', 'cost-center': 'shop', Secret: 'no' } };

describe('a slot', () => {
  test('makes a point whose image and snapshots carry their tags from the creating call on', async () => {
    const { id, until, images, calls } = aScenario({
      policy: POLICY,
      startsAt: '2026-11-03T01:30:00Z',
      instances: [{ ...WEB, volumesGib: [8, 30] }],
    });

    await until('2026-11-03T02:01:31Z');

    const web = id('web-1');
    const tags = {
      Name: 'web-1',
      'cost-center': 'shop',
      Slot: '2026-11-03T02-00-00Z',
      Made: 'by daily',
      'imago:deployment': 'dev',
      'imago:policy': 'daily',
      'imago:source': web,
      'imago:slot': '2026-11-03T02-00-00Z',
      'imago:home': '111122223333/eu-central-1',
      'imago:instance-type': 't3.small',
      'imago:subnet': 'subnet-0a000000000000001',
      'imago:security-groups': 'sg-0web',
      'imago:instance-profile': 'arn:aws:iam::111122223333:instance-profile/web-profile',
      'imago:key-name': 'operations',
    };
    expect(images()).toEqual([
      {
        imageId: expect.stringMatching(/^ami-[0-9a-f]{17}$/),
        name: `imago/dev/daily/${web}/2026-11-03T02-00-00Z`,
        state: 'pending',
        description: `Imago daily: ${web} (web-1) at 2026-11-03T02-00-00Z`,
        madeAt: '2026-11-03T02:00:30.200Z',
        tags,
        snapshotIds: [expect.stringMatching(/^snap-/), expect.stringMatching(/^snap-/)],
        snapshotTags: [tags, tags],
      },
    ]);
    expect(calls('CreateTags')).toBe(0);
  });
});
