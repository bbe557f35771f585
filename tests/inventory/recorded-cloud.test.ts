import { describe, expect, test } from 'vitest';
import { openInventories } from '../../cli/inventories.ts';
import { createCloud } from '../../shared/aws/ec2.ts';
import { incompletePart } from '../../shared/domain/model.ts';
import { createRecordedCloud, RefusedWriteError } from '../../shared/inventory/recorded-cloud.ts';
import type { Ec2 } from '../../shared/loop/ports.ts';
import { COPY, CREATE } from '../aws/fixture.ts';
import { createStage, pointsOf } from '../cli/fixture.ts';
import { ELSEWHERE, HOME } from '../support/builders.ts';
import {
  fleet,
  inventory,
  launchPermissions,
  seenImage,
  seenInstance,
  seenSnapshot,
  seenVolume,
} from '../support/inventory.ts';

const OURS = { 'imago:deployment': 'prod' };

const RECORDED = inventory({
  target: HOME,
  instances: [
    seenInstance({ id: 'i-1', imageId: 'ami-1', state: 'stopped' }),
    seenInstance({ id: 'i-2', imageId: 'ami-1', state: 'terminated' }),
    seenInstance({ id: 'i-3', imageId: 'ami-2', state: 'running' }),
  ],
  images: [
    seenImage({ id: 'ami-1', name: 'one', tags: OURS }),
    seenImage({ id: 'ami-2', name: 'two', tags: OURS, state: 'disabled' }),
    seenImage({ id: 'ami-3', name: 'three', tags: { 'imago:deployment': 'test' } }),
  ],
  permissions: [
    launchPermissions({ imageId: 'ami-1', accounts: ['210987654321'] }),
    launchPermissions({ imageId: 'ami-2' }),
  ],
  snapshots: [seenSnapshot({ id: 'snap-1', tags: OURS }), seenSnapshot({ id: 'snap-2' })],
  volumes: [
    seenVolume({ id: 'vol-1', tags: { 'backup-of': 'web' }, instanceIds: ['i-1'] }),
    seenVolume({ id: 'vol-2', tags: { 'backup-of': 'db' } }),
    seenVolume({ id: 'vol-3', tags: { Name: 'backup-of' }, instanceIds: ['i-1'] }),
  ],
  fleets: [fleet({ id: 'fleet-1', images: ['ami-2'] })],
});

const ec2 = createRecordedCloud([RECORDED], 'world').at(HOME);

const idsOf = async (part: Promise<{ readonly items: readonly { readonly id: string }[] }>) =>
  (await part).items.map(({ id }) => id);

describe('a recording', () => {
  test.each<[string, (ec2: Ec2) => ReturnType<Ec2['images' | 'instances']>, readonly string[]]>([
    ['all instances', (it) => it.instances(), ['i-1', 'i-2', 'i-3']],
    ['one instance', (it) => it.instance('i-2'), ['i-2']],
    ['instances by id', (it) => it.instancesById(['i-3', 'i-9', 'i-1']), ['i-1', 'i-3']],
    ['images of a deployment', (it) => it.images('prod'), ['ami-1', 'ami-2']],
    ['images that can be copied', (it) => it.availableImages('prod'), ['ami-1']],
    ['own images', (it) => it.ownImages(), ['ami-1', 'ami-2', 'ami-3']],
    ['images by id', (it) => it.imagesById(['ami-3', 'ami-9']), ['ami-3']],
    ['images by name', (it) => it.imagesByName('two'), ['ami-2']],
  ])('shows %s', async (_what, read, expected) => {
    const part = await read(ec2);

    expect(part.items.map(({ id }) => id)).toEqual(expected);
    expect(part.isComplete).toBe(true);
  });

  test('shows snapshots, and attached volumes with a tag that is asked for', async () => {
    expect(await idsOf(ec2.snapshots('prod'))).toEqual(['snap-1']);
    expect(await idsOf(ec2.ownSnapshots())).toEqual(['snap-1', 'snap-2']);
    expect(await idsOf(ec2.snapshotsById(['snap-2']))).toEqual(['snap-2']);
    expect(await idsOf(ec2.volumes(['back*']))).toEqual(['vol-1']);
    expect(await idsOf(ec2.volumes(['backup']))).toEqual([]);
  });

  test('shows who uses images, from the sources that are asked', async () => {
    const uses = await ec2.uses(['fleets', 'launch-permissions'], ['ami-1']);

    expect(uses.map(({ source, part }) => [source, part.items])).toEqual([
      [
        'fleets',
        [{ imageId: 'ami-2', kind: 'fleet', by: 'fleet-1 (active), override', holds: true }],
      ],
      [
        'launch-permissions',
        [
          {
            imageId: 'ami-1',
            kind: 'launch-permission',
            by: 'account 210987654321',
            holds: true,
          },
        ],
      ],
    ]);
  });

  test('shows the instances that use images, but none that are terminated', async () => {
    const { items, isComplete } = await ec2.instancesUsing(['ami-1', 'ami-9']);

    expect(items).toEqual([
      { imageId: 'ami-1', kind: 'instance', by: 'i-1 (stopped)', holds: true },
    ]);
    expect(isComplete).toBe(true);
  });

  test.each<[string, (ec2: Ec2) => Promise<unknown>]>([
    ['createImage', (it) => it.createImage(CREATE)],
    ['copyImage', (it) => it.copyImage(COPY)],
    ['createTags', (it) => it.createTags(['ami-1'], { Name: 'web' })],
    ['deregisterImage', (it) => it.deregisterImage('ami-1', 'delete')],
    ['deleteSnapshot', (it) => it.deleteSnapshot('snap-1')],
  ])('refuses %s', async (_name, write) => {
    await expect(write(ec2)).rejects.toThrow(RefusedWriteError);
    await expect(write(ec2)).rejects.toThrow('a recording cannot be changed');
  });
});

describe('what was not recorded', () => {
  const broken = createRecordedCloud([
    inventory({ target: HOME, images: incompletePart('no file images.json') }),
  ]);

  test('makes every read that would need it incomplete', async () => {
    const part = { items: [], isComplete: false, problem: 'no file images.json' };

    expect(await broken.at(HOME).ownImages()).toEqual(part);
    expect(await broken.at(HOME).images('prod')).toEqual(part);
    expect(await broken.at(HOME).imagesById(['ami-1'])).toEqual(part);
    expect(await broken.at(HOME).imagesByName('web')).toEqual(part);
  });

  test('is not missed where nothing is asked', async () => {
    expect(await broken.at(HOME).imagesById([])).toEqual({
      items: [],
      isComplete: true,
      problem: '',
    });
  });

  test.each([
    ['world', 'no folder world/111122223333/eu-west-1'],
    [undefined, '111122223333/eu-west-1 was not observed'],
  ])('makes all of another target unknown, of %s', async (dir, problem) => {
    const elsewhere = createRecordedCloud([RECORDED], dir).at(ELSEWHERE);
    const unknown = { items: [], isComplete: false, problem };

    expect(await elsewhere.instances()).toEqual(unknown);
    expect(await elsewhere.images('prod')).toEqual(unknown);
    expect(await elsewhere.snapshots('prod')).toEqual(unknown);
    expect(await elsewhere.instancesUsing(['ami-1'])).toEqual(unknown);
    expect(await elsewhere.uses(['parameters'], [])).toEqual([
      { source: 'parameters', part: unknown },
    ]);
  });
});

describe('a recording of the embedded cloud', () => {
  test('gives the answers that the cloud gives', async () => {
    const stage = createStage();
    const [imageId = ''] = pointsOf(stage, ['2026-11-01', '2026-11-02']);
    const target = { account: '111122223333', region: 'eu-central-1' };

    await stage.run(async (surroundings) => {
      const { inventories } = await openInventories({}, surroundings);
      const recorded = createRecordedCloud(inventories).at(target);
      const live = createCloud(surroundings.access.connection).at(target);
      const reads: readonly ((it: Ec2) => Promise<unknown>)[] = [
        (it) => it.instances(),
        (it) => it.images('dev'),
        (it) => it.availableImages('dev'),
        (it) => it.ownImages(),
        (it) => it.imagesById([imageId]),
        (it) => it.snapshots('dev'),
        (it) => it.ownSnapshots(),
        (it) => it.volumes(['*']),
        (it) => it.instancesUsing([imageId]),
      ];
      for (const read of reads)
        expect(await read(recorded)).toMatchObject((await read(live)) as object);
      expect((await recorded.images('dev')).items).toHaveLength(2);
    });
  });
});
