import { describe, expect, it } from 'vitest';
import { createAction, type Try } from '../../shared/domain/create-action.ts';
import type { CreateAction } from '../../shared/domain/decision.ts';
import { incompletePart, type Instance } from '../../shared/domain/model.ts';
import { pointsAt } from '../../shared/domain/point.ts';
import type { ImageOptions, Policy } from '../../shared/domain/policy.ts';
import { describeReason, reason } from '../../shared/domain/reasons.ts';
import {
  anInstance,
  aPlanInput,
  aPoint,
  aPolicy,
  at,
  DEPLOYMENT,
  HOME,
  type PlanParts,
} from '../support/builders.ts';

const DUE: Try = {
  slotMs: at('2026-11-21T02:00Z'),
  tried: [],
  why: reason('SCH-01', '2026-11-21T02-00-00Z'),
};

const withImage = (image: Partial<ImageOptions>, policy: Partial<Policy> = {}): Policy =>
  aPolicy({ ...policy, image: { ...aPolicy().image, ...image } });

const actionFor = (
  policy: Policy,
  instance: Instance = anInstance(),
  parts: PlanParts = {},
  due: Try = DUE,
): CreateAction => createAction(aPlanInput(parts), policy, instance, due);

const descriptionOf = (description: string, tags: Instance['tags'] = {}): CreateAction =>
  actionFor(withImage({ description }), anInstance({ tags }));

const linesOf = ({ reasons }: CreateAction): readonly string[] => reasons.map(describeReason);

describe('what EC2 is asked for', () => {
  it('is a point of the instance at the slot, in our own words where nothing else is said', () => {
    expect(actionFor(aPolicy(), anInstance({ tags: { Name: 'wéb 🚀' } }))).toEqual({
      kind: 'create',
      point: {
        deployment: 'prod',
        policyId: 'web-daily',
        sourceId: 'i-0aa',
        slotMs: at('2026-11-21T02:00Z'),
        retry: 0,
      },
      name: 'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z',
      description: 'Imago web-daily: i-0aa (w?b ?) at 2026-11-21T02-00-00Z',
      tags: {
        'imago:deployment': 'prod',
        'imago:policy': 'web-daily',
        'imago:source': 'i-0aa',
        'imago:slot': '2026-11-21T02-00-00Z',
        'imago:home': '111122223333/eu-central-1',
      },
      reboot: false,
      excludedDevices: [],
      reasons: [{ id: 'SCH-01', evidence: '2026-11-21T02-00-00Z' }],
    });
  });

  it('names no instance that has no name, and no more than a hundred characters of one', () => {
    const long = anInstance({ tags: { Name: 'x'.repeat(101) } });

    expect(actionFor(aPolicy()).description).toBe('Imago web-daily: i-0aa at 2026-11-21T02-00-00Z');
    expect(actionFor(aPolicy(), long).description).toBe(
      `Imago web-daily: i-0aa (${'x'.repeat(100)}) at 2026-11-21T02-00-00Z`,
    );
  });

  it('reboots where the policy does', () => {
    expect(actionFor(withImage({ reboot: true })).reboot).toBe(true);
  });

  it('follows the failed image of the try before, under the next name', () => {
    const tried = pointsAt(
      [
        aPoint({ id: 'ami-f', state: 'failed', stateMessage: 'internal error' }),
        aPoint({ id: 'ami-d', state: 'disabled', retry: 1, created: '2026-11-21T02:09Z' }),
      ],
      DEPLOYMENT,
      HOME,
    );

    expect(actionFor(aPolicy(), anInstance(), {}, { ...DUE, tried })).toMatchObject({
      name: 'imago/prod/web-daily/i-0aa/2026-11-21T02-00-00Z/r2',
      failedImage: { imageId: 'ami-f', message: 'internal error' },
    });
  });
});

describe('the description', () => {
  it('is the template filled in, with `?` for what EC2 does not take', () => {
    const tags = { Name: 'wéb\n🚀~' };

    expect(
      descriptionOf('{instance.tag.Name} ({source}) – {slot} in {region}', tags),
    ).toMatchObject({ description: 'w?b??~ (i-0aa) ? 2026-11-21T02-00-00Z in eu-central-1' });
  });

  it('TAG-05 is cut at 255 characters, and that is said', () => {
    const cut = descriptionOf(`{source}${'x'.repeat(251)}`);

    expect(cut.description).toBe(`i-0aa${'x'.repeat(250)}`);
    expect(linesOf(cut)).toEqual([
      'SCH-01 slot-due 2026-11-21T02-00-00Z',
      'TAG-05 tag-value-cut the description',
    ]);
  });

  it('has all of 255 characters', () => {
    const whole = descriptionOf(`{source}${'x'.repeat(250)}`);

    expect(whole.description).toHaveLength(255);
    expect(linesOf(whole)).toEqual(['SCH-01 slot-due 2026-11-21T02-00-00Z']);
  });

  it.each(['', ' {instance.tag.Missing} '])('is in our own words where %j says nothing', (text) => {
    expect(descriptionOf(text).description).toBe('Imago web-daily: i-0aa at 2026-11-21T02-00-00Z');
  });
});

describe('what the action leaves out', () => {
  const policy = withImage(
    { excludeVolumes: { tags: { scratch: ['*'] }, devices: ['/dev/sdg'], allButRoot: false } },
    { tags: { copy: ['*'], exclude: [], set: {}, required: [] } },
  );
  const instance = anInstance({
    tags: Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`t${index + 10}`, 'x'])),
    rootDevice: '/dev/sda1',
    volumes: [
      { device: '/dev/sda1', volumeId: 'vol-a' },
      { device: '/dev/sdf', volumeId: 'vol-f' },
      { device: '/dev/sdg', volumeId: 'vol-g' },
    ],
  });

  it('is on the point and in its reasons', () => {
    const volumes = [{ id: 'vol-f', tags: { scratch: 'yes' } }];

    const action = actionFor(policy, instance, { volumes });

    expect(action.excludedDevices).toEqual(['/dev/sdf', '/dev/sdg']);
    expect(action.tags['imago:excluded-devices']).toBe('/dev/sdf /dev/sdg');
    expect(linesOf(action)).toEqual([
      'SCH-01 slot-due 2026-11-21T02-00-00Z',
      'SCH-21 volumes-left-out /dev/sdf, /dev/sdg',
      'TAG-03 tags-left-out t54, t55',
    ]);
  });

  it('is no volume of which the tags are not known', () => {
    const action = actionFor(policy, instance, { volumes: incompletePart('denied') });

    expect(action.excludedDevices).toEqual(['/dev/sdg']);
    expect(linesOf(action)).toContain('SCH-20 unknown-volumes denied');
  });
});
