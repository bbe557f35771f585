import { describe, expect, it } from 'vitest';
import {
  completePart,
  incompletePart,
  type Instance,
  notRead,
  type Part,
  type Tags,
  type Volume,
} from '../../shared/domain/model.ts';
import { NO_EXCLUSION, type VolumeExclusion } from '../../shared/domain/policy.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import { excludedDevices, volumeTagKeys } from '../../shared/domain/volumes.ts';
import { anInstance, aPolicy, aPolicySet, freeze } from '../support/builders.ts';

/** Root, two data volumes whose devices EC2 lists in no order, and one more. */
const INSTANCE: Instance = anInstance({
  rootDevice: '/dev/xvda',
  volumes: [
    { device: '/dev/sdh', volumeId: 'vol-h' },
    { device: '/dev/xvda', volumeId: 'vol-a' },
    { device: '/dev/sdg', volumeId: 'vol-g' },
    { device: '/dev/sdf', volumeId: 'vol-f' },
  ],
});

const tagged = (byId: Readonly<Record<string, Tags>>): Part<Volume> =>
  freeze(completePart(Object.entries(byId).map(([id, tags]) => ({ id, tags }))));

const leftOut = (
  exclusion: Partial<VolumeExclusion>,
  volumes: Part<Volume> = notRead(),
  instance: Instance = INSTANCE,
) => {
  const { devices, reasons } = excludedDevices(
    instance,
    { ...NO_EXCLUSION, ...exclusion },
    volumes,
  );
  return { devices, reasons: reasons.map(describeReason) };
};

const NOTHING = { devices: [], reasons: [] };

describe('what an image leaves out', () => {
  it('is nothing where the policy asks for nothing, whatever is known', () => {
    expect(leftOut({})).toEqual(NOTHING);
    expect(leftOut({}, notRead(), anInstance())).toEqual(NOTHING);
  });

  it('SCH-21 are the devices that match a pattern, in order', () => {
    expect(leftOut({ devices: ['/dev/sd[gh]', '/dev/sdg', '*h'] })).toEqual({
      devices: ['/dev/sdg', '/dev/sdh'],
      reasons: ['SCH-21 volumes-left-out /dev/sdg, /dev/sdh'],
    });
  });

  it('is nothing where no device matches', () => {
    expect(leftOut({ devices: ['/dev/sdz', 'sdf'] })).toEqual(NOTHING);
  });

  it('SCH-21 is all but the root device', () => {
    expect(leftOut({ allButRoot: true })).toEqual({
      devices: ['/dev/sdf', '/dev/sdg', '/dev/sdh'],
      reasons: ['SCH-21 volumes-left-out /dev/sdf, /dev/sdg, /dev/sdh'],
    });
  });

  it('SCH-21 are the volumes that have one of the tags, with one of its values', () => {
    const volumes = tagged({
      'vol-f': { scratch: 'no', tier: 'cache' },
      'vol-g': { scratch: 'no', tier: 'data' },
      'vol-h': { scratch: 'yes' },
      'vol-of-another': { scratch: 'yes', tier: 'cache' },
    });

    expect(leftOut({ tags: { scratch: ['yes'], tier: ['tmp', 'cach?'] } }, volumes)).toEqual({
      devices: ['/dev/sdf', '/dev/sdh'],
      reasons: ['SCH-21 volumes-left-out /dev/sdf, /dev/sdh'],
    });
  });

  it('SCH-21 is what any of the rules names, each device once', () => {
    const volumes = tagged({ 'vol-g': { scratch: '' }, 'vol-h': { scratch: '' } });

    expect(leftOut({ tags: { scratch: ['*'] }, devices: ['*f', '*g'] }, volumes)).toEqual({
      devices: ['/dev/sdf', '/dev/sdg', '/dev/sdh'],
      reasons: ['SCH-21 volumes-left-out /dev/sdf, /dev/sdg, /dev/sdh'],
    });
  });

  it('is not a volume that the list does not show: it lacks the tags', () => {
    expect(leftOut({ tags: { scratch: ['*'] } }, tagged({}))).toEqual(NOTHING);
  });
});

describe('the root device', () => {
  it('is never left out, by its name nor by its tags', () => {
    const volumes = tagged({ 'vol-a': { scratch: 'yes' } });

    expect(leftOut({ devices: ['/dev/xvd*'] })).toEqual(NOTHING);
    expect(leftOut({ tags: { scratch: ['*'] } }, volumes)).toEqual(NOTHING);
  });

  it.each([
    ['EC2 does not name it', { ...INSTANCE, rootDevice: undefined }],
    ['no volume is attached there', { ...INSTANCE, rootDevice: '/dev/sda1' }],
    ['no volume is attached at all', { ...INSTANCE, volumes: [] }],
  ])('SCH-20 is not known, and so nothing is left out, where %s', (_why, instance) => {
    const { rootDevice, ...rest } = instance;
    const known = rootDevice === undefined ? rest : { ...rest, rootDevice };

    expect(leftOut({ allButRoot: true, devices: ['*'] }, tagged({}), known)).toEqual({
      devices: [],
      reasons: ['SCH-20 unknown-volumes the root device'],
    });
  });
});

describe('where the tags of volumes could not be read', () => {
  const seen: Part<Volume> = incompletePart('denied', [{ id: 'vol-f', tags: { scratch: 'yes' } }]);

  it('SCH-20 nothing is left out by its tags, not even what was seen', () => {
    expect(leftOut({ tags: { scratch: ['*'] } }, seen)).toEqual({
      devices: [],
      reasons: ['SCH-20 unknown-volumes denied'],
    });
  });

  it('SCH-21, SCH-20 what the devices name is left out all the same', () => {
    expect(leftOut({ tags: { scratch: ['*'] }, devices: ['*g'] }, seen)).toEqual({
      devices: ['/dev/sdg'],
      reasons: ['SCH-21 volumes-left-out /dev/sdg', 'SCH-20 unknown-volumes denied'],
    });
  });

  it('nothing is said of them where it makes no difference', () => {
    const rootOnly = { ...INSTANCE, volumes: [{ device: '/dev/xvda', volumeId: 'vol-a' }] };

    expect(leftOut({ devices: ['*g'] }, seen).reasons).toEqual([
      'SCH-21 volumes-left-out /dev/sdg',
    ]);
    expect(leftOut({ tags: { scratch: ['*'] } }, seen, rootOnly)).toEqual(NOTHING);
    expect(leftOut({ tags: { scratch: ['*'] }, allButRoot: true }, seen).reasons).toEqual([
      'SCH-21 volumes-left-out /dev/sdf, /dev/sdg, /dev/sdh',
    ]);
  });
});

describe('the tag keys for which volumes are looked at', () => {
  const { image } = aPolicy();
  const keysOf = (...images: readonly Partial<typeof image>[]): readonly string[] =>
    volumeTagKeys(
      aPolicySet({ policies: images.map((parts) => aPolicy({ image: { ...image, ...parts } })) }),
    );

  it('are none where no policy looks at any', () => {
    expect(keysOf({}, { excludeVolumes: { tags: {}, devices: ['*'], allButRoot: true } })).toEqual(
      [],
    );
  });

  it('are those of every policy, each once and in order', () => {
    const excludeVolumes = { ...NO_EXCLUSION, tags: { scratch: ['*'], Backup: ['no'] } };

    expect(keysOf({ excludeVolumes }, { volumeTags: ['Name', 'scratch', 'cost-*'] }, {})).toEqual([
      'Backup',
      'Name',
      'cost-*',
      'scratch',
    ]);
  });
});
