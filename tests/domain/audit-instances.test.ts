import { describe, expect, test } from 'vitest';
import type { SeenImage } from '../../shared/domain/inventory.ts';
import { incompletePart } from '../../shared/domain/model.ts';
import { idsIn, sectionIn } from '../support/audit.ts';
import { at, ELSEWHERE } from '../support/builders.ts';
import {
  inventory,
  OBSERVED_MS,
  seenImage,
  seenInstance,
  seenSnapshot,
} from '../support/inventory.ts';

const AMI = 'ami-00000001';
const WEB = seenInstance({
  id: 'i-0aa',
  imageId: 'ami-0ba5e000',
  tags: { Name: 'web-1' },
  launchedMs: at('2026-10-01T08:00Z'),
  volumes: [{ device: '/dev/xvda', volumeId: 'vol-1' }],
});

describe('instances without an image', () => {
  test('are told with what is known of them', () => {
    const section = sectionIn('AUD-03', [inventory({ instances: [WEB] })]);

    expect(section).toMatchObject({ count: 1, unknown: [] });
    expect(section.findings).toEqual([
      {
        target: '111122223333/eu-central-1',
        id: 'i-0aa',
        name: 'web-1',
        status: 'no image',
        since: '2026-10-01T08:00:00.000Z',
        evidence: ['running'],
      },
    ]);
  });

  test.each<readonly [string, Partial<SeenImage>]>([
    ['EC2 says it was made of it', { sourceInstanceId: 'i-0aa' }],
    ['our tag says it', { tags: { 'imago:source': 'i-0aa' } }],
    ['the tag of Data Lifecycle Manager says it', { tags: { 'instance-id': 'i-0aa' } }],
    ['AWS Backup named it so', { name: 'AwsBackup_i-0aa_0b4c' }],
  ])('are not those of which there is an image because %s', (_why, parts) => {
    const seen = inventory({ instances: [WEB], images: [seenImage({ id: AMI, ...parts })] });

    expect(idsIn(sectionIn('AUD-03', [seen]))).toEqual([]);
  });

  test.each([
    [
      'what EC2 wrote on its snapshots',
      { description: `Created by CreateImage(i-0aa) for ${AMI}`, volumeId: 'vol-9' },
    ],
    ['the volume of its snapshots', { volumeId: 'vol-1' }],
  ])('are not those whose image is known by %s', (_why, parts) => {
    const seen = inventory({
      instances: [WEB],
      images: [seenImage({ id: AMI, snapshots: [{ snapshotId: 'snap-1', sizeGiB: 8 }] })],
      snapshots: [seenSnapshot({ id: 'snap-1', ...parts })],
    });

    expect(idsIn(sectionIn('AUD-03', [seen]))).toEqual([]);
  });

  test('are not those whose only image is a copy elsewhere in the account', () => {
    const copy = seenImage({ id: AMI, tags: { 'imago:source': 'i-0aa' } });
    const home = inventory({ instances: [WEB] });

    expect(
      idsIn(sectionIn('AUD-03', [home, inventory({ target: ELSEWHERE, images: [copy] })])),
    ).toEqual([]);
    const other = { account: '999988887777', region: 'eu-central-1' };
    expect(
      idsIn(sectionIn('AUD-03', [home, inventory({ target: other, images: [copy] })])),
    ).toEqual(['i-0aa']);
  });

  test('are not said to have none where the images of another Region were not read', () => {
    const home = inventory({ instances: [WEB] });
    const unread = { images: incompletePart<never>('no file') };
    const other = { account: '999988887777', region: 'eu-central-1' };
    const statusBeside = (target: typeof ELSEWHERE): readonly string[] =>
      sectionIn('AUD-03', [home, inventory({ target, ...unread })]).findings.map(
        ({ status }) => status,
      );

    expect(statusBeside(ELSEWHERE)).toEqual(['no image seen']);
    expect(statusBeside(other)).toEqual(['no image']);
  });

  test('say which images of them cannot be used, and which snapshots there are', () => {
    const seen = inventory({
      instances: [WEB],
      images: [seenImage({ id: AMI, state: 'failed', sourceInstanceId: 'i-0aa' })],
      snapshots: [
        seenSnapshot({ id: 'snap-1', volumeId: 'vol-1', startedMs: at('2026-03-01T00:00Z') }),
        seenSnapshot({ id: 'snap-2', volumeId: 'vol-1', startedMs: at('2026-04-01T00:00Z') }),
        seenSnapshot({ id: 'snap-3', volumeId: 'vol-1', state: 'error' }),
      ],
    });

    expect(sectionIn('AUD-03', [seen]).findings).toMatchObject([
      {
        id: 'i-0aa',
        status: 'snapshots only',
        evidence: ['running', `${AMI} is failed`, 'newest of 2 snapshots: snap-2 of 2026-04-01'],
      },
    ]);
  });

  test('come from bare ones to members of groups, which are replaced and not restored', () => {
    const seen = inventory({
      instances: [
        seenInstance({ id: 'i-01', tags: { 'aws:autoscaling:groupName': 'blue' } }),
        seenInstance({ id: 'i-02', rootDeviceType: 'instance-store' }),
        seenInstance({ id: 'i-03' }),
        seenInstance({ id: 'i-04', state: 'terminated' }),
        seenInstance({ id: 'i-05', state: 'shutting-down' }),
      ],
    });

    expect(sectionIn('AUD-03', [seen]).findings.map(({ id, status }) => [id, status])).toEqual([
      ['i-03', 'no image'],
      ['i-02', 'instance store'],
      ['i-01', 'Auto Scaling member'],
    ]);
  });

  test.each(['images', 'snapshots'] as const)(
    'are not called so where not all %s were read',
    (what) => {
      const seen = inventory({ instances: [WEB], [what]: incompletePart('cut') });

      expect(sectionIn('AUD-03', [seen]).findings).toMatchObject([{ status: 'no image seen' }]);
    },
  );

  test.each(['instances', 'images', 'snapshots'] as const)(
    'are not all known without %s',
    (what) => {
      const seen = inventory({ [what]: incompletePart('no file') });

      expect(sectionIn('AUD-03', [seen]).unknown).toEqual([
        { target: '111122223333/eu-central-1', what, problem: 'no file' },
      ]);
    },
  );
});

const OTHERS = { ownerId: '999988887777', isPublic: true };

describe('instances whose image is odd', () => {
  test('are told by image, from gone to public, most instances first', () => {
    const seen = inventory({
      instances: [
        seenInstance({ id: 'i-01', imageId: 'ami-0000000d' }),
        seenInstance({
          id: 'i-02',
          imageId: 'ami-0000000a',
          tags: { Name: 'db' },
          state: 'stopped',
        }),
        seenInstance({ id: 'i-03', imageId: 'ami-0000000b' }),
        seenInstance({ id: 'i-04', imageId: 'ami-0000000c' }),
        seenInstance({ id: 'i-05', imageId: 'ami-0000000e' }),
        seenInstance({ id: 'i-06', imageId: 'ami-0000000e' }),
        seenInstance({ id: 'i-07', imageId: 'ami-0000000f' }),
      ],
      images: [
        seenImage({ id: 'ami-0000000b', state: 'disabled' }),
        seenImage({ id: 'ami-0000000c', deprecatedMs: OBSERVED_MS, isPublic: true }),
        seenImage({ id: 'ami-0000000f', deprecatedMs: OBSERVED_MS + 1 }),
      ],
      othersImages: [
        seenImage({ id: 'ami-0000000d', ...OTHERS, ownerAlias: 'amazon' }),
        seenImage({ id: 'ami-0000000e', ...OTHERS }),
      ],
    });

    const section = sectionIn('AUD-04', [seen]);

    expect(section.count).toBe(6);
    expect(section.findings.map(({ id, status, evidence }) => [id, status, evidence])).toEqual([
      ['ami-0000000a', 'gone', ['i-02 db (stopped)']],
      ['ami-0000000b', 'disabled', ['i-03 (running)']],
      ['ami-0000000c', 'deprecated, public', ['i-04 (running)']],
      ['ami-0000000e', 'public', ['owner 999988887777', 'i-05 (running)', 'i-06 (running)']],
      ['ami-0000000d', 'public', ['owner amazon', 'i-01 (running)']],
    ]);
  });

  test('are not said to have lost their image where nobody looked among those of others', () => {
    const seen = inventory({
      instances: [WEB],
      othersImages: incompletePart('nobody asked'),
    });

    expect(sectionIn('AUD-04', [seen])).toMatchObject({
      count: 0,
      unknown: [{ what: 'used-images', problem: 'nobody asked' }],
    });
  });

  test('have lost it, whoever else was asked, if a snapshot shows that it was an own one', () => {
    const description = 'Created by CreateImage(i-0bb) for ami-0ba5e000';
    const seen = (volumeId: string | undefined) =>
      inventory({
        instances: [WEB],
        othersImages: incompletePart('nobody asked'),
        snapshots: [seenSnapshot({ description, ...(volumeId === undefined ? {} : { volumeId }) })],
      });

    expect(idsIn(sectionIn('AUD-04', [seen('vol-7')]))).toEqual(['ami-0ba5e000']);
    // A copy of a snapshot may have been given the description of the one that it is a copy of.
    expect(idsIn(sectionIn('AUD-04', [seen(undefined)]))).toEqual([]);
  });

  test('are not said to have lost their image where the own ones were not all read', () => {
    const seen = inventory({ instances: [WEB], images: incompletePart('no file') });

    expect(sectionIn('AUD-04', [seen])).toMatchObject({
      count: 0,
      unknown: [{ what: 'images', problem: 'no file' }],
    });
  });
});

describe('instances of software that others made', () => {
  const launched = (id: string) => seenInstance({ id: `i-${id.slice(4)}`, imageId: id });

  test.each<readonly [string | undefined, string, Partial<SeenImage>]>([
    ['community', 'a public image of an account that nobody vouches for', OTHERS],
    ['Marketplace', 'an image of the Marketplace', { ...OTHERS, ownerAlias: 'aws-marketplace' }],
    [
      'Marketplace, unverified',
      'an image with a product code whose owner is not the Marketplace',
      { ...OTHERS, productCodes: ['4xyz'] },
    ],
    [undefined, "one of Amazon's", { ...OTHERS, ownerAlias: 'amazon', productCodes: ['4xyz'] }],
    [undefined, 'one of AWS Backup', { ...OTHERS, ownerAlias: 'aws-backup-vault' }],
    [undefined, 'one that somebody shares', { ownerId: '999988887777' }],
  ])('are %s if launched from %s', (status, _what, parts) => {
    const seen = inventory({
      instances: [launched(AMI)],
      othersImages: [seenImage({ id: AMI, ...parts })],
    });

    expect(sectionIn('AUD-09', [seen]).findings.map((one) => one.status)).toEqual(
      status === undefined ? [] : [status],
    );
  });

  test('run Marketplace software from own images as well, and the product is named', () => {
    const seen = inventory({
      instances: [launched(AMI), launched('ami-00000002')],
      images: [
        seenImage({ id: AMI, productCodes: ['4xyz'] }),
        seenImage({ id: 'ami-00000002', isPublic: true }),
      ],
    });

    expect(sectionIn('AUD-09', [seen]).findings).toMatchObject([
      { id: AMI, status: 'Marketplace', evidence: ['product code 4xyz', 'i-00000001 (running)'] },
    ]);
  });

  test('come from those that are least vouched for, each with the most instances first', () => {
    const seen = inventory({
      instances: ['ami-0000000a', 'ami-0000000b', 'ami-0000000c', 'ami-0000000c'].map(launched),
      othersImages: [
        seenImage({ id: 'ami-0000000a', ...OTHERS, ownerAlias: 'aws-marketplace' }),
        seenImage({ id: 'ami-0000000b', ...OTHERS }),
        seenImage({ id: 'ami-0000000c', ...OTHERS }),
      ],
    });

    expect(idsIn(sectionIn('AUD-09', [seen]))).toEqual([
      'ami-0000000c',
      'ami-0000000b',
      'ami-0000000a',
    ]);
  });
});
