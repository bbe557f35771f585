import { describe, expect, test } from 'vitest';
import { inventoryOf } from '../../shared/inventory/inventory-of.ts';
import { type Documents, forEachKind, type Kind } from '../../shared/inventory/kinds.ts';
import { TARGET, WORLD } from './world.ts';

/** The pages of a kind, as a list that can be changed. */
const textOf = (kind: Kind): string => JSON.stringify(WORLD[kind]);

const seenWith = (kind: Kind, documents: Documents) =>
  inventoryOf(TARGET, { ...forEachKind((each) => ({ pages: WORLD[each] })), [kind]: documents }, 0);

/** The world with this text of a kind's pages replaced. */
const changed = (kind: Kind, from: string, to: string) => {
  const text = textOf(kind);
  if (!text.includes(from)) throw new Error(`${kind} has no ${from}`);
  const pages = JSON.parse(text.replaceAll(from, to)) as unknown[];
  return seenWith(kind, { pages, origins: pages.map((_, index) => `${kind}.${index + 1}.json`) });
};

describe('an answer of another command', () => {
  test.each([
    [{ Buckets: [], Owner: {} }, 'expected an object with "Volumes", found "Buckets", "Owner"'],
    [{ a: 1, b: 1, c: 1, d: 1 }, 'expected an object with "Volumes", found "a", "b", "c"'],
    [{}, 'expected an object with "Volumes", found an empty one'],
    [{ Volumes: 'none' }, 'expected "Volumes" to be a list'],
    [[], 'expected an object with "Volumes", found a list: leave out --query'],
    [null, 'expected an object with "Volumes", found null'],
    ['text', 'expected an object with "Volumes", found a string'],
    [{ Error: { Code: 'AccessDenied' } }, 'expected an object with "Volumes", found "Error"'],
  ])('is said of %j, and the other pages count', (page, problem) => {
    const { volumes } = seenWith('volumes', {
      pages: [page, ...WORLD.volumes],
      origins: ['volumes.1.json', 'volumes.2.json'],
    });

    expect(volumes.problem).toBe(`volumes.1.json: ${problem}`);
    expect(volumes.items).toHaveLength(1);
  });

  test('is said of the answer for another attribute of an image', () => {
    const { permissions } = seenWith('image-attributes', {
      pages: [{ ImageId: 'ami-1', Description: { Value: '' } }],
    });

    expect(permissions.problem).toBe(
      'expected an object with "LaunchPermissions", found "ImageId", "Description"',
    );
  });
});

describe('objects of another account or Region', () => {
  test.each([
    [
      'instances',
      'eu-central-1a',
      'eu-west-1b',
      'i-0a00000000000001 is of eu-west-1b, not of eu-central-1',
    ],
    [
      'instances',
      '"OwnerId":"111122223333"',
      '"OwnerId":"999900001111"',
      'i-0a00000000000001 is of account 999900001111, not of 111122223333',
    ],
    [
      'volumes',
      'eu-central-1a',
      'eu-central-11a',
      'vol-0a00000000000001 is of eu-central-11a, not of eu-central-1',
    ],
    [
      'auto-scaling-groups',
      'autoscaling:eu-central-1',
      'autoscaling:us-east-1',
      'blue is of us-east-1, not of eu-central-1',
    ],
    [
      'auto-scaling-groups',
      ':111122223333:',
      ':999900001111:',
      'blue is of account 999900001111, not of 111122223333',
    ],
    [
      'launch-configurations',
      ':111122223333:',
      ':999900001111:',
      'old is of account 999900001111, not of 111122223333',
    ],
    [
      'fleets',
      'eu-central-1b',
      'us-west-2-lax-1a',
      'fleet-0a00000000000001 is of us-west-2-lax-1a, not of eu-central-1',
    ],
    [
      'spot-fleet-requests',
      '111122223333',
      '999900001111',
      'sfr-0a000000-0000-0000-0000-000000000001 is of account 999900001111, not of 111122223333',
    ],
  ] as const)('%s of %s changed to %s are not counted, and said', (kind, from, to, problem) => {
    const seen = changed(kind, from, to);

    expect(Object.values(seen)).toContainEqual({
      isComplete: false,
      problem: `${kind}.1.json: ${problem}`,
      items: [],
    });
  });

  test('a parameter of another Region is said', () => {
    expect(changed('parameters', 'eu-central-1', 'us-east-1').parameters).toEqual({
      isComplete: false,
      problem: 'parameters.1.json: /golden/web is of us-east-1, not of eu-central-1 (and 1 more)',
      items: [],
    });
  });

  test('a snapshot whose key is of another Region is said', () => {
    const { snapshots } = changed(
      'snapshots',
      '"Encrypted":false',
      '"Encrypted":true,"KmsKeyId":"arn:aws:kms:us-east-1:111122223333:key/0a"',
    );

    expect(snapshots.problem).toBe(
      'snapshots.1.json: snap-0a1b2c3d4e5f60001 is of us-east-1, not of eu-central-1 (and 1 more)',
    );
  });

  test.each([
    ['images', 'images', '"OwnerId":"111122223333"', '"OwnerId":"999900001111"'],
    ['snapshots', 'snapshots', '"OwnerId":"111122223333"', '"OwnerId":"999900001111"'],
    ['launch-templates', 'launchTemplates', '::111122223333:', '::999900001111:'],
    ['launch-template-versions', 'launchTemplateVersions', '::111122223333:', '::999900001111:'],
    ['parameters', 'parameters', ':111122223333:', ':999900001111:'],
  ] as const)('%s that are all of another account are no list of ours', (kind, part, from, to) => {
    const seen = changed(kind, from, to);

    expect(seen[part].isComplete).toBe(false);
    expect(seen[part].problem).toBe(
      'nothing in it is of account 111122223333, but of 999900001111',
    );
  });

  test('a zone of the Region, and a local one, is in it', () => {
    const seen = changed('volumes', 'eu-central-1a', 'eu-central-1-ham-1a');

    expect(seen.volumes.isComplete).toBe(true);
  });
});

describe('an object that cannot be read', () => {
  test.each([
    [
      'images',
      '"Name":"web"',
      '"Name":7',
      'ami-0a1b2c3d4e5f60001 cannot be read: Name: Invalid input: expected string, received number',
    ],
    [
      'images',
      '"State":"available"',
      '"State":"odd"',
      'ami-0a1b2c3d4e5f60001 cannot be read: EC2 answered ami-0a1b2c3d4e5f60001 without a known state (odd) (and 1 more)',
    ],
    [
      'snapshots',
      '2026-11-01T03:00:00+00:00',
      'soon',
      'snap-0a1b2c3d4e5f60001 cannot be read: StartTime: Invalid input (and 1 more)',
    ],
    [
      'volumes',
      '"VolumeId":"vol-0a00000000000001",',
      '',
      'one without VolumeId cannot be read: EC2 answered a volume without VolumeId',
    ],
    [
      'instances',
      '"Instances":[',
      '"Others":[',
      'one without InstanceId cannot be read: EC2 answered an instance without InstanceId',
    ],
    [
      'parameters',
      '"Type":"String"',
      '"Type":7',
      '/golden/web cannot be read: Type: expected a word (and 1 more)',
    ],
  ] as const)(
    'of %s with %s changed to %s is named, and the others count',
    (kind, from, to, problem) => {
      const seen = changed(kind, from, to);

      expect(seen[kind]).toMatchObject({
        isComplete: false,
        problem: `${kind}.1.json: ${problem}`,
      });
    },
  );

  test('does not hide the others', () => {
    expect(changed('images', '"Name":"web"', '"Name":7').images.items).toHaveLength(1);
  });

  test('is none for a null in the place of what is not there', () => {
    const whole = changed('images', '"Description":""', '"Description":null,"Tags":null');

    expect(whole.images.isComplete).toBe(true);
    expect(whole.images.items).toHaveLength(2);
  });
});

describe('what is told twice', () => {
  test('counts once if it is the same', () => {
    const { images } = seenWith('images', { pages: [...WORLD.images, ...WORLD.images] });

    expect(images.isComplete).toBe(true);
    expect(images.items).toHaveLength(2);
  });

  test('is not believed if it differs', () => {
    const other = JSON.parse(textOf('image-attributes').replace('210987654321', '999900001111'));

    const { permissions } = seenWith('image-attributes', {
      pages: [...WORLD['image-attributes'], ...(other as unknown[])],
    });

    expect(permissions.isComplete).toBe(false);
    expect(permissions.problem).toBe('ami-0a1b2c3d4e5f60001 is there twice, and not the same');
    expect(permissions.items.map(({ imageId }) => imageId)).toEqual(['ami-0a1b2c3d4e5f60002']);
  });

  test.each([
    ['"Value":"ami-0a1b2c3d4e5f60001"', '"Value":"ami-0a1b2c3d4e5f60002"'],
    ['"Type":"String"', '"Type":"StringList"'],
  ])('is not believed of a parameter with %s and %s', (from, to) => {
    const other = JSON.parse(textOf('parameters').replaceAll(from, to)) as unknown[];

    const { parameters } = seenWith('parameters', { pages: [...WORLD.parameters, ...other] });

    expect(parameters.problem).toMatch(/^\/golden\/web is there twice, and not the same/);
    expect(parameters.items).toEqual([]);
  });
});

describe('a parameter', () => {
  const told = { Name: '/golden/db', Type: 'String', Version: 7 };
  const itemsOf = (...Parameters: readonly object[]) =>
    seenWith('parameters', { pages: [{ Parameters }] }).parameters;

  test('whose value is older than its description is not what it is now', () => {
    const { items, problem } = itemsOf(told, { ...told, Value: 'old', Version: 6 });

    expect(items).toEqual([]);
    expect(problem).toBe('/golden/db is there twice, and not the same');
    expect(itemsOf(told, { ...told, Value: 'new', Version: 8 }).isComplete).toBe(true);
  });

  test('that was asked for by a label is beside what it is now', () => {
    const labelled = { ...told, Value: 'old', Version: 6, Selector: ':prod' };
    const { items, isComplete } = itemsOf(told, labelled, { ...told, Value: 'new' });

    expect(isComplete).toBe(true);
    expect(items.map(({ selector, value }) => [selector, value])).toEqual([
      [undefined, 'new'],
      ['prod', 'old'],
    ]);
  });
});

describe('parameters', () => {
  const [described, got] = WORLD.parameters;

  test('are not all known from get-parameters alone, which shows what it was asked for', () => {
    const { parameters } = seenWith('parameters', { pages: [got] });

    expect(parameters.items).toHaveLength(1);
    expect(parameters.problem).toBe(
      'get-parameters shows only what it was asked for: add what describe-parameters prints',
    );
  });

  test('are not all known if SSM did not give one', () => {
    const { parameters } = seenWith('parameters', {
      pages: [described, { ...got, InvalidParameters: ['/gone', '/a'] }],
    });

    expect(parameters.problem).toBe('SSM did not give /gone, /a');
  });

  test('keep the data type that either command tells', () => {
    const typed = JSON.parse(JSON.stringify(described).replace('"text"', '"aws:ec2:image"'));

    for (const pages of [
      [typed, got],
      [got, typed],
    ]) {
      expect(seenWith('parameters', { pages }).parameters.items).toMatchObject([
        { dataType: 'aws:ec2:image', value: 'ami-0a1b2c3d4e5f60001' },
      ]);
    }
  });
});
