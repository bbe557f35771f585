import { describe, expect, it } from 'vitest';
import {
  readWorld,
  UnusableWorldError,
  writeWorld,
} from '../../simulator/world-file/world-file.ts';
import { createBench, DR, HOME, makeImage } from './fixture.ts';

/** A world with an image that is pending, and its copy in another Region. */
const createText = async (): Promise<string> => {
  const bench = createBench({}, 2);
  const SourceImageId = makeImage(bench, 'one');
  await bench.pass(3_600_000);
  bench.cloud.ec2.CopyImage({ Name: 'copy', SourceImageId, SourceRegion: HOME }, bench.dr());
  makeImage(bench, 'two');
  return writeWorld(bench.cloud.save(), 1);
};

const TEXT = await createText();

type Json = { [key: string]: Json } & Json[];

const drop = (holder: unknown, key: string): boolean =>
  Reflect.deleteProperty(holder as object, key);

/** The text with something in it changed. */
const edited = (edit: (world: Json) => void): string => {
  const world = JSON.parse(TEXT) as Json;
  edit(world);
  return JSON.stringify(world);
};

const home = (world: Json): Json => (world['parts'] as Json)['ec2']?.[HOME] as Json;
const put = (holder: Json | undefined, key: string | number, value: unknown): void => {
  Object.assign(holder as object, { [key]: value });
};

const errorOf = (text: string): UnusableWorldError => {
  try {
    readWorld(text, 'my-world.json');
  } catch (error) {
    if (error instanceof UnusableWorldError) return error;
    throw error;
  }
  throw new Error('the world was read');
};

describe('a world file that cannot be used', () => {
  it('names the file, the place, the problem and what to do', () => {
    const text = edited((world) => {
      drop(home(world)['images']?.[1], 'imageId');
    });
    expect(errorOf(text).message).toBe(
      `my-world.json: parts.ec2.${HOME}.images[1].imageId: expected string, received undefined\n` +
        'Nothing was loaded. Mend it there, or name another file.',
    );
  });

  it('is one that was cut off, wherever that was', () => {
    for (const part of [0.001, 0.2, 0.5, 0.99]) {
      const text = TEXT.slice(0, Math.floor(TEXT.length * part));
      const { message, place } = errorOf(text);
      expect(message).toContain('the file ends in the middle');
      expect(message).toContain('take another copy of it');
      expect(place).toMatch(/^line \d+, column \d+$/);
    }
    expect(errorOf(TEXT.slice(0, 9)).place).toBe('line 2, column 3');
  });

  it.each([
    ['not JSON', '{"format": imago}', 'line 1, column 12', 'no valid JSON'],
    ['a policy', '{"version": 1, "policies": []}', '', 'this is no world'],
    ['a list', '[1, 2]', '', 'this is no world'],
    [
      'of a later version',
      '{"format": "imago-world", "version": 2}',
      'version',
      'version 1 is supported, found 2',
    ],
    ['empty', '', 'line 1, column 1', 'the file ends in the middle'],
  ])('is one that is %s', (_what, text, place, problem) => {
    const error = errorOf(text);
    expect(error.place).toBe(place);
    expect(error.message).toContain(problem);
  });

  const images = `parts.ec2.${HOME}.images`;
  it.each<[string, (world: Json) => void, string, string]>([
    ['lacks a part', (world) => drop(world['parts'], 'sqs'), 'parts.sqs', 'this part is missing'],
    [
      'has a part too many',
      (world) => put(world['parts'], 's3', {}),
      'parts.s3',
      'there is no such part',
    ],
    ['lacks its instant', (world) => drop(world, 'savedAt'), 'savedAt', 'expected string'],
    ['has a seed that is none', (world) => put(world, 'seed', 'seven'), 'seed', 'expected'],
    ['has another field', (world) => put(world, 'saved', 1), '', 'Unrecognized key: "saved"'],
    [
      'has a manner that is none',
      (world) => put(world['manners'], 'imageFailures', 1),
      'manners.imageFailures',
      'there is no such manner',
    ],
    [
      'lacks a manner',
      (world) => drop(world['manners'], 'imageFailure'),
      'manners.imageFailure',
      'expected a value such as 0.02',
    ],
    [
      'has half a span',
      (world) => put(world['manners'], 'imagePendingMs', { min: 1 }),
      'manners.imagePendingMs',
      'expected a value such as',
    ],
    [
      'has a field of another type',
      (world) => put(home(world)['images']?.[0], 'createdAtMs', 'today'),
      `${images}[0].createdAtMs`,
      'expected a number',
    ],
    [
      'has a state that is none',
      (world) => put(home(world)['images']?.[0], 'state', 'ready'),
      `${images}[0].state`,
      'Invalid option',
    ],
    [
      'has a field that is misspelt',
      (world) => put(home(world)['images']?.[0], 'descripton', 'x'),
      `${images}[0]`,
      'Unrecognized key: "descripton"',
    ],
    [
      'has tags that are no map',
      (world) => put(home(world)['images']?.[0], 'tags', { Name: 'x' }),
      `${images}[0].tags`,
      'expected a {"$map": {...}}',
    ],
    [
      'has a tag that is no text',
      (world) => put(home(world)['images']?.[0], 'tags', { $map: { Name: 1 } }),
      `${images}[0].tags.Name`,
      'expected string',
    ],
    [
      'has a value of no kind',
      (world) => put(home(world)['images']?.[0], 'tags', { $mop: {} }),
      `${images}[0].tags`,
      "'$mop' is no kind of value",
    ],
    [
      'has a date that is none',
      (world) => put(home(world)['images']?.[0], 'tags', { $date: 'soon' }),
      `${images}[0].tags`,
      'is no value of $date',
    ],
    [
      'has rows that are no list',
      (world) => put(home(world), 'volumes', {}),
      `parts.ec2.${HOME}.volumes`,
      'expected a list',
    ],
    [
      'has an image on no snapshot',
      (world) => put(home(world), 'snapshots', []),
      `${images}[0].disks[0].snapshotId`,
      'there is no snapshot snap-',
    ],
    [
      'has an image twice',
      (world) => home(world)['images']?.push(home(world)['images']?.[0] as Json),
      `${images}[4]`,
      'is there twice',
    ],
    [
      'has a disk on no volume',
      (world) => put(home(world), 'volumes', []),
      `parts.ec2.${HOME}.instances[0].disks[0].volumeId`,
      'there is no volume vol-',
    ],
    [
      'has a volume at no instance',
      (world) => put(home(world), 'instances', []),
      `parts.ec2.${HOME}.volumes[0].attachment.instanceId`,
      'there is no instance i-',
    ],
    [
      'has an agenda that nobody knows',
      (world) => put(world['agenda']?.[1], 'kind', 'to do'),
      'agenda[1].kind',
      "nobody knows what 'to do' is",
    ],
    [
      'has an agenda without instants',
      (world) => drop(world['agenda']?.[0], 'atMs'),
      'agenda[0].atMs',
      'expected a number',
    ],
  ])('is one that %s', (_what, edit, place, problem) => {
    const error = errorOf(edited(edit));
    expect(error.place).toBe(place);
    expect(error.message).toContain(problem);
  });
});

it('a world file that a person has edited is read as it says', () => {
  const text = edited((world) => {
    put(home(world)['images']?.[0], 'tags', { $map: { Name: 'edited' } });
    drop(home(world)['images']?.[0], 'description');
  });
  const { saved, seed } = readWorld(text, 'my-world.json');
  const stores = saved.parts['ec2'] as Record<string, { images: { tags: unknown }[] }>;
  expect(stores[HOME]?.images[0]?.tags).toEqual(new Map([['Name', 'edited']]));
  expect(Object.keys(stores)).toContain(DR);
  expect(seed).toBe(1);
});
