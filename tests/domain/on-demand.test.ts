import { describe, expect, it } from 'vitest';
import { objectionOnDemand, onDemandAction } from '../../shared/domain/on-demand.ts';
import { type Point, pointsAt } from '../../shared/domain/point.ts';
import { anInstance, aPoint, at, DEPLOYMENT, HOME, type PointParts } from '../support/builders.ts';

const REQUEST = {
  deployment: 'prod',
  home: HOME,
  instance: anInstance({
    tags: { Name: 'web-1', Backup: 'daily', 'imago:hold': 'mine' },
    restore: { instanceType: 't3.small', subnetId: 'subnet-1', securityGroupIds: ['sg-1'] },
  }),
  nowMs: at('2026-11-21T09:08:07.654Z'),
  reboot: false,
};

describe('the point of this second', () => {
  it('has the second in its name, and the tags of every point', () => {
    expect(onDemandAction(REQUEST)).toEqual({
      kind: 'create',
      point: {
        deployment: 'prod',
        policyId: 'on-demand',
        sourceId: 'i-0aa',
        slotMs: at('2026-11-21T09:08:07Z'),
        retry: 0,
      },
      name: 'imago/prod/on-demand/i-0aa/2026-11-21T09-08-07Z',
      description: 'Imago on demand: i-0aa at 2026-11-21T09-08-07Z',
      tags: {
        'imago:deployment': 'prod',
        'imago:policy': 'on-demand',
        'imago:source': 'i-0aa',
        'imago:slot': '2026-11-21T09-08-07Z',
        'imago:home': '111122223333/eu-central-1',
        'imago:instance-type': 't3.small',
        'imago:subnet': 'subnet-1',
        'imago:security-groups': 'sg-1',
      },
      reboot: false,
      excludedDevices: [],
      reasons: [{ id: 'SCH-10' }],
    });
  });

  it('carries how long it is kept, counted from its own second', () => {
    const { tags } = onDemandAction({ ...REQUEST, keepMs: 7 * 86_400_000 });

    expect(tags['imago:keep-until']).toBe('2026-11-28T09:08:07.000Z');
  });

  it('is one of ours by its name and tags', () => {
    const { name, tags } = onDemandAction(REQUEST);
    const image = { ...aPoint(), name, tags };

    expect(pointsAt([image], DEPLOYMENT, HOME).map((point) => point.name.policyId)).toEqual([
      'on-demand',
    ]);
  });
});

describe('right before its removal', () => {
  const NOW_MS = at('2026-11-21T04:30Z');
  const pointOf = (parts: PointParts): Point => {
    const [point] = pointsAt([aPoint({ policyId: 'on-demand', ...parts })], DEPLOYMENT, HOME);
    if (point === undefined) throw new Error('the image is none of ours');
    return point;
  };
  const keepUntil = (value: string): PointParts => ({ tags: { 'imago:keep-until': value } });

  it('RET-20, RET-21, PRO-26 objects as when it was planned', () => {
    const parts = [keepUntil('2026-11-22'), {}, keepUntil('soon'), keepUntil('2026-11-20')];

    expect(parts.map((one) => objectionOnDemand(pointOf(one), NOW_MS)?.id)).toEqual([
      'RET-20',
      'RET-21',
      'PRO-26',
      undefined,
    ]);
  });

  it('RET-20 objects until the very instant that is named', () => {
    const parts = [keepUntil('2026-11-21T04:30:00.001Z'), keepUntil('2026-11-21T04:30:00.000Z')];

    expect(parts.map((one) => objectionOnDemand(pointOf(one), NOW_MS)?.id)).toEqual([
      'RET-20',
      undefined,
    ]);
  });

  it('does not speak for a failed image, nor for a point of a policy', () => {
    const failed = pointOf({ state: 'failed' });
    const scheduled = pointOf({ policyId: 'web-daily' });

    expect([objectionOnDemand(failed, NOW_MS), objectionOnDemand(scheduled, NOW_MS)]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
