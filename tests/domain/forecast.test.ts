import { describe, expect, test } from 'vitest';
import { incompletePart } from '../../shared/domain/model.ts';
import { aForecast, pointsOf } from '../support/forecast.ts';
import {
  aCopy,
  aPoint,
  aPolicy,
  aPolicySet,
  aTrigger,
  anEventTrigger,
  anInstance,
  at,
  ELSEWHERE,
  HOME,
  NO_LIMITS,
} from '../support/builders.ts';
import {
  inventory,
  launchPermissions,
  seenImage,
  seenSnapshot,
  seenVolume,
} from '../support/inventory.ts';

const WEB = anInstance({
  rootDevice: '/dev/xvda',
  volumes: [
    { device: '/dev/xvda', volumeId: 'vol-1' },
    { device: '/dev/sdf', volumeId: 'vol-2' },
  ],
});

const VOLUMES = [seenVolume({ id: 'vol-1', sizeGiB: 8 }), seenVolume({ id: 'vol-2', sizeGiB: 20 })];

const FLEET = { instances: [WEB], volumes: VOLUMES };

/** The point of that day at two, on one snapshot of 8 GiB. */
const pointOf = (day: string) =>
  seenImage(aPoint({ id: `ami-${day}`, slot: `2026-11-${day}T02:00Z` }));

const THREE = [pointOf('19'), pointOf('20'), pointOf('21')];

const told = (ids: readonly { readonly id: string }[]) =>
  ids.map(({ id }) => launchPermissions({ imageId: id }));

describe('a forecast at home', () => {
  test('makes a point at each slot, as large as the volumes, until retention lets as many go', () => {
    const seen = aForecast({ inventories: [inventory(FLEET)] });

    // The last slot is missed, and there is no point inside the RPO: the first sweep makes up for it.
    expect(pointsOf(seen)).toEqual([0, 2, 3, 3, 3, 3]);
    expect(seen.days.map(({ sizeGiB }) => sizeGiB)).toEqual([0, 56, 84, 84, 84, 84]);
    expect(seen.days.map(({ created, removed }) => [created, removed])).toEqual([
      [0, 0],
      [2, 0],
      [1, 0],
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(seen.days.map(({ dollars }) => dollars)).toEqual([0, 3.02, 4.54, 4.54, 4.54, 4.54]);
  });

  test('goes on from the points that are there, each with its own size', () => {
    const images = THREE;

    const seen = aForecast({
      inventories: [inventory({ ...FLEET, images, permissions: told(images) })],
    });

    expect(seen.holdings).toEqual([
      {
        policy: 'web-daily',
        place: '111122223333/eu-central-1',
        role: 'home',
        kind: 'points',
        count: [3, 3, 3, 3, 3, 3],
        sizeGiB: [24, 44, 64, 84, 84, 84],
      },
    ]);
  });

  test('leaves out the volumes that the policy leaves out', () => {
    const { image } = aPolicy();
    const policy = aPolicy({
      image: { ...image, excludeVolumes: { tags: {}, devices: [], allButRoot: true } },
    });

    const seen = aForecast({
      inventories: [inventory(FLEET)],
      policySet: aPolicySet({ policies: [policy] }),
      days: 1,
    });

    expect(seen.days.at(-1)?.sizeGiB).toBe(16);
  });

  test('counts a volume of unknown size as nothing, and names its instance', () => {
    const seen = aForecast({
      inventories: [
        inventory({ instances: [WEB], volumes: incompletePart('no file volumes.json') }),
      ],
      days: 1,
    });

    expect(seen.days.at(-1)).toMatchObject({ points: 2, sizeGiB: 0 });
    expect(seen.unsized).toEqual(['i-0aa']);
  });

  test('takes the newest point for as large as the next, where volumes are unknown', () => {
    const seen = aForecast({
      inventories: [
        inventory({
          instances: [WEB],
          images: [pointOf('21')],
          volumes: incompletePart('no file volumes.json'),
        }),
      ],
      days: 1,
    });

    expect(seen.days.at(-1)).toMatchObject({ points: 2, sizeGiB: 16 });
    expect(seen.unsized).toEqual([]);
  });

  test('removes nothing where retirement only plans', () => {
    const seen = aForecast({ inventories: [inventory(FLEET)], retireMode: 'plan' });

    expect(pointsOf(seen)).toEqual([0, 2, 3, 4, 5, 6]);
  });

  test('keeps the snapshots that a policy keeps, apart from the points', () => {
    const policy = aPolicy({ retire: { snapshots: 'keep', during: [] } });

    const seen = aForecast({
      inventories: [inventory(FLEET)],
      policySet: aPolicySet({ policies: [policy] }),
    });

    expect(seen.holdings.map(({ kind, count }) => [kind, count])).toEqual([
      ['points', [0, 2, 3, 3, 3, 3]],
      ['orphans', [0, 0, 0, 2, 4, 6]],
    ]);
    expect(seen.days.at(-1)).toMatchObject({ points: 3, sizeGiB: 168 });
  });

  test('deletes snapshots that were left behind', () => {
    const left = seenSnapshot({ id: 'snap-left', tags: { ...pointOf('21').tags } });

    const seen = aForecast({
      inventories: [
        inventory({ ...FLEET, images: THREE, snapshots: [left], permissions: told(THREE) }),
      ],
      days: 1,
    });

    expect(seen.holdings.map(({ kind, count }) => [kind, count])).toEqual([
      ['points', [3, 3]],
      ['orphans', [1, 0]],
    ]);
  });

  test('makes a point of an event once, as nothing changes any more', () => {
    const stopped = anInstance({ ...WEB, state: 'stopped', launchedMs: at('2026-11-01T00:00Z') });

    const seen = aForecast({
      inventories: [inventory({ ...FLEET, instances: [stopped] })],
      policySet: aPolicySet({ policies: [aPolicy({ when: [anEventTrigger()] })] }),
    });

    expect(pointsOf(seen)).toEqual([0, 1, 1, 1, 1, 1]);
  });

  test('waits for the moment of each source where a schedule spreads them', () => {
    const policy = aPolicy({ when: [aTrigger('cron(0 2 * * ? *)', { jitterMs: 3_600_000 })] });

    const seen = aForecast({
      inventories: [inventory(FLEET)],
      policySet: aPolicySet({ policies: [policy] }),
      days: 2,
    });

    expect(seen.days.map(({ created }) => created)).toEqual([0, 2, 1]);
  });
});

describe('a forecast of copies', () => {
  const policySet = aPolicySet({
    policies: [aPolicy({ copyTo: [{ region: ELSEWHERE.region, keep: { last: 1 } }] })],
  });

  test('copies each point and lets the one before go', () => {
    const seen = aForecast({
      inventories: [inventory(FLEET), inventory({ target: ELSEWHERE, instances: [] })],
      destinations: [ELSEWHERE],
      policySet,
    });

    expect(seen.holdings.map(({ role, count }) => [role, count])).toEqual([
      ['home', [0, 2, 3, 3, 3, 3]],
      ['destination', [0, 1, 1, 1, 1, 1]],
    ]);
    expect(seen.days.map(({ copied }) => copied)).toEqual([0, 2, 1, 1, 1, 1]);
  });

  test('copies nothing to a place that was not observed, and says what stays for it', () => {
    const seen = aForecast({
      inventories: [inventory(FLEET)],
      destinations: [ELSEWHERE],
      policySet,
    });

    expect(seen.days.map(({ copied, removed }) => copied + removed)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(seen.heldBack).toMatchObject([
      {
        reason: 'PRO-23',
        name: 'unknown-copies',
        isLimit: false,
        objects: 3,
        most: 3,
        evidence: 'eu-west-1: 111122223333/eu-west-1 was not observed',
        firstMs: at('2026-11-24T04:30Z'),
        lastMs: at('2026-11-26T04:30Z'),
      },
    ]);
  });

  test('knows the copies that are there', () => {
    const copies = THREE.map(({ id }) =>
      seenImage(aCopy({ id: `${id}-copy`, of: id, slot: `2026-11-${id.slice(-2)}T02:00Z` })),
    );

    const seen = aForecast({
      inventories: [
        inventory({ ...FLEET, images: THREE, permissions: told(THREE) }),
        inventory({ target: ELSEWHERE, images: copies, permissions: told(copies) }),
      ],
      destinations: [ELSEWHERE],
      policySet,
      days: 1,
    });

    expect(seen.days.at(-1)).toMatchObject({ copied: 1, removed: 4 });
  });
});

describe('what a forecast says of removals', () => {
  test('keeps everything where it is not known who uses images, and says why', () => {
    const seen = aForecast({
      inventories: [inventory({ ...FLEET, autoScalingGroups: incompletePart('no file x.json') })],
    });

    expect(pointsOf(seen)).toEqual([0, 2, 3, 4, 5, 6]);
    expect(seen.heldBack).toMatchObject([
      {
        reason: 'PRO-28',
        name: 'unknown-auto-scaling-groups',
        objects: 3,
        evidence: 'no file x.json',
      },
    ]);
  });

  test('keeps a point that something is launched from for as long as it takes', () => {
    const images = THREE;
    const user = anInstance({ id: 'i-0bb', tags: {}, imageId: 'ami-19' });

    const seen = aForecast({
      inventories: [
        inventory({ ...FLEET, instances: [WEB, user], images, permissions: told(images) }),
      ],
    });

    expect(pointsOf(seen)).toEqual([3, 4, 4, 4, 4, 4]);
    expect(seen.heldBack).toMatchObject([
      {
        reason: 'PRO-01',
        place: '111122223333/eu-central-1',
        isLimit: false,
        objects: 1,
        most: 1,
        atLast: 1,
        example: 'ami-19',
        evidence: 'i-0bb (running)',
        firstMs: at('2026-11-22T04:30Z'),
        lastMs: at('2026-11-26T04:30Z'),
      },
    ]);
  });

  test('tells of a point that is held back for one reason alone', () => {
    const unclear = seenImage(
      aPoint({ id: 'ami-x', policyId: 'on-demand', tags: { 'imago:keep-until': 'soon' } }),
    );

    const seen = aForecast({ inventories: [inventory({ ...FLEET, images: [unclear] })] });

    expect(seen.heldBack).toMatchObject([
      { reason: 'PRO-26', isLimit: false, objects: 1, example: 'ami-x', evidence: 'soon' },
    ]);
  });

  test('lets so many go in a run as the limits do, and says what they leave', () => {
    const six = ['16', '17', '18', '19', '20', '21'].map(pointOf);

    const seen = aForecast({
      inventories: [inventory({ ...FLEET, images: six, permissions: told(six) })],
      policySet: aPolicySet({
        limits: { ...NO_LIMITS, maxRemovals: { count: 2, percent: 100 } },
      }),
    });

    expect(pointsOf(seen)).toEqual([6, 5, 4, 3, 3, 3]);
    expect(seen.heldBack).toMatchObject([
      { reason: 'LIM-01', isLimit: true, objects: 3, most: 2, atLast: 0, evidence: '2 a run' },
    ]);
  });

  test('is the same on the same input, and leaves that as it was', () => {
    const input = { inventories: [inventory({ ...FLEET, images: THREE })] };

    expect(aForecast(input)).toEqual(aForecast(input));
    expect(HOME.region).toBe('eu-central-1');
  });
});
