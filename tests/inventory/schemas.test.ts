import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Kind } from '../../shared/inventory/kinds.ts';
import * as readings from '../../shared/inventory/readings.ts';
import { OTHERS_IMAGE, WORLD } from './world.ts';

/** Every key that is read of an object, and of what is in it: `Tags.Key`. */
const keysReadBy = (convert: (raw: never) => unknown, raw: object): ReadonlySet<string> => {
  const read = new Set<string>();
  const watched = (value: object, path: string): object =>
    new Proxy(value, {
      get: (target, key, receiver) => {
        const found: unknown = Reflect.get(target, key, receiver);
        if (typeof key !== 'string' || (Array.isArray(target) && !/^\d+$/.test(key))) return found;
        const below = Array.isArray(target) ? path : `${path}.${key}`;
        if (!Array.isArray(target)) read.add(below.slice(1));
        if (found instanceof Date || typeof found !== 'object' || found === null) return found;
        return watched(found, below);
      },
    });
  convert(watched(raw, '') as never);
  return read;
};

/** Every key that a schema lets pass. */
const keysOf = (schema: unknown, path = ''): readonly string[] => {
  if (schema instanceof z.ZodOptional) return keysOf(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return keysOf(schema.element, path);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, value]) => [
    `${path}${key}`,
    ...keysOf(value, `${path}${key}.`),
  ]);
};

interface Read {
  readonly schema: unknown;
  readonly convert: (raw: never) => unknown;
}

const AT = new Date(0);

/** The first object that the small account has in this list. */
const first = (kind: Kind, list: string): object => {
  const [page = {}] = WORLD[kind];
  const [object = {}] = page[list] as readonly object[];
  return object;
};

/** One object of each kind that has what a shape looks into. */
const CASES: readonly (readonly [string, Read, object])[] = [
  [
    'instances',
    readings.INSTANCES,
    {
      InstanceId: 'i-1',
      State: { Name: 'running' },
      ImageId: 'ami-1',
      LaunchTime: AT,
      Tags: [{}],
      SecurityGroups: [{}],
      IamInstanceProfile: {},
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: {} }],
    },
  ],
  ['images', readings.IMAGES, { ...OTHERS_IMAGE, ProductCodes: [{}], StateReason: {} }],
  ['images of others', readings.USED, OTHERS_IMAGE],
  ['permissions', readings.PERMISSIONS, { ImageId: 'ami-1', LaunchPermissions: [{ UserId: '1' }] }],
  [
    'snapshots',
    readings.SNAPSHOTS,
    { SnapshotId: 'snap-1', OwnerId: '1', StartTime: AT, State: 'completed', Tags: [{}] },
  ],
  ['volumes', readings.VOLUMES, { VolumeId: 'vol-1', Size: 1, Attachments: [{}], Tags: [{}] }],
  ['templates', readings.TEMPLATES, first('launch-templates', 'LaunchTemplates')],
  [
    'template versions',
    readings.TEMPLATE_VERSIONS,
    {
      LaunchTemplateId: 'lt-1',
      LaunchTemplateName: 'web',
      VersionNumber: 1,
      LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: {} }] },
    },
  ],
  ['groups', readings.GROUPS, first('auto-scaling-groups', 'AutoScalingGroups')],
  [
    'configurations',
    readings.CONFIGURATIONS,
    first('launch-configurations', 'LaunchConfigurations'),
  ],
  ['parameters', readings.PARAMETERS, { Name: '/a', Type: 'String' }],
  ['fleets', readings.FLEETS, first('fleets', 'Fleets')],
  [
    'Spot Fleet requests',
    readings.SPOT_FLEETS,
    first('spot-fleet-requests', 'SpotFleetRequestConfigs'),
  ],
];

describe('what a schema lets pass', () => {
  test.each(CASES)('of %s is all that their shape reads', (_kind, reading, raw) => {
    const read = keysReadBy(reading.convert, raw);
    const passed = new Set(keysOf(reading.schema));

    expect(read.size).toBeGreaterThan(1);
    expect([...read].filter((key) => !passed.has(key))).toEqual([]);
  });
});
