import { describe, expect, test } from 'vitest';
import { observedFiles, printed } from '../../cli/observed-files.ts';
import { forEachKind, type InventoryDocuments } from '../../shared/inventory/kinds.ts';

const documents = (parts: Partial<InventoryDocuments>): InventoryDocuments => ({
  ...forEachKind(() => ({ pages: [] })),
  ...parts,
});

describe('a file of the AWS CLI', () => {
  test('has four spaces, and instants with their offset', () => {
    const value = {
      Snapshots: [
        {
          StartTime: new Date('2026-11-21T03:00:00Z'),
          CompletionTime: new Date('2026-11-21T03:00:01.250Z'),
          KmsKeyId: undefined,
          Encrypted: false,
        },
      ],
    };

    expect(printed(value)).toBe(`{
    "Snapshots": [
        {
            "StartTime": "2026-11-21T03:00:00+00:00",
            "CompletionTime": "2026-11-21T03:00:01.250000+00:00",
            "Encrypted": false
        }
    ]
}
`);
  });

  test('holds all pages of a list as one, and counts what is in it', () => {
    const [volumes, instances] = observedFiles(
      documents({
        volumes: {
          pages: [{ Volumes: [{ VolumeId: 'vol-1' }] }, { Volumes: [{ VolumeId: 'vol-2' }] }],
        },
        instances: {
          pages: [{ Reservations: [{ Instances: [{}, {}] }, { Instances: [{}] }, {}] }],
        },
      }),
      ['volumes', 'instances'],
    );

    expect(volumes?.count).toBe(2);
    expect(JSON.parse(volumes?.text ?? '')).toEqual({
      Volumes: [{ VolumeId: 'vol-1' }, { VolumeId: 'vol-2' }],
    });
    expect(instances?.count).toBe(3);
  });

  test('of launch permissions holds one answer after the other', () => {
    const pages = [
      { ImageId: 'ami-1', LaunchPermissions: [] },
      { ImageId: 'ami-2', LaunchPermissions: [] },
    ];

    expect(
      observedFiles(documents({ 'image-attributes': { pages } }), ['image-attributes']),
    ).toEqual([{ kind: 'image-attributes', count: 2, text: pages.map(printed).join('') }]);
  });

  test('is there for an empty list, and not for one that was not read whole', () => {
    const files = observedFiles(
      documents({ volumes: { pages: [{ Volumes: [] }], problem: 'denied' } }),
      ['launch-template-versions', 'volumes', 'used-images', 'image-attributes'],
    );

    expect(files).toEqual([
      { kind: 'launch-template-versions', count: 0, text: printed({ LaunchTemplateVersions: [] }) },
      { kind: 'volumes', count: 0, problem: 'denied' },
      { kind: 'used-images', count: 0, text: printed({ Images: [] }) },
      { kind: 'image-attributes', count: 0 },
    ]);
  });
});
