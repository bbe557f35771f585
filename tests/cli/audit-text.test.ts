import { describe, expect, test } from 'vitest';
import { auditReportOf, type AuditOptions } from '../../cli/audit-report.ts';
import { renderAudit } from '../../cli/audit-text.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { completePart, incompletePart } from '../../shared/domain/model.ts';
import { at, ELSEWHERE } from '../support/builders.ts';
import {
  fleet,
  type InventoryParts,
  inventory,
  launchPermissions,
  OBSERVED_MS,
  seenImage,
  seenInstance,
} from '../support/inventory.ts';

const OPTIONS: AuditOptions = { from: 'world', json: false, all: false, referencedIn: [] };

interface Seen {
  readonly inventories: readonly Inventory[];
  readonly columns?: number;
  readonly options?: Partial<AuditOptions>;
  readonly paint?: (style: string, text: string) => string;
}

const linesOf = ({ inventories, columns = 80, options, paint }: Seen): readonly string[] => {
  const given = { ...OPTIONS, ...options };
  const opened = {
    origin: { kind: 'folder', dir: 'world' } as const,
    inventories,
    nowMs: OBSERVED_MS,
  };
  const report = auditReportOf(opened, completePart([]), given);
  return renderAudit(report, { columns, paint: paint ?? ((_style, text) => text) }, given);
};

/** The lines of one section, without those of the next. */
const sectionOf = (id: string, lines: readonly string[]): readonly string[] => {
  const start = lines.findIndex((line) => line.startsWith(id));
  return lines.slice(start, lines.indexOf('', start));
};

const id = (index: number): string => `ami-${String(index).padStart(17, '0')}`;

/** So many old images that nothing refers to, each with a name. */
const unused = (count: number, parts: InventoryParts = {}): Inventory => {
  const images = Array.from({ length: count }, (_, index) =>
    seenImage({
      id: id(index),
      name: `golden-web-server-${index}`,
      createdMs: at('2026-01-01T00:00Z') + index * 86_400_000,
    }),
  );
  const permissions = images.map((image) => launchPermissions({ imageId: image.id }));
  return inventory({ images, permissions, ...parts });
};

describe('the text of an audit', () => {
  test('of a small fleet', () => {
    const lines = linesOf({
      inventories: [
        unused(1, {
          instances: [seenInstance({ id: 'i-0aa', tags: { Name: 'web', Backup: 'daily' } })],
          othersImages: [seenImage({ id: 'ami-base', ownerId: '1', ownerAlias: 'amazon' })],
        }),
      ],
    });

    expect(lines.join('\n')).toBe(`\
111122223333/eu-central-1 · 1 instance, 1 image, 0 snapshots · observed
  2026-11-21T12:00:00.000Z

AUD-01  Images that nothing refers to: 1, at most 8 GiB, $0.43 a month
  ami-00000000000000000  golden-web-server-0  2026-01-01  8 GiB

AUD-02  Images older than 90 days without an instance, yet in use: none

AUD-03  Instances without any image: 1
  i-0aa  web  running

AUD-04  Instances whose image is gone, disabled, deprecated or public: none

AUD-05  Launches that will fail: none

AUD-06  Own images that are public: none

AUD-07  Own images shared with others: none

AUD-08  Own images with unencrypted snapshots: 1
  ami-00000000000000000  golden-web-server-0  2026-01-01

AUD-09  Instances of community and Marketplace images: none

AUD-10  Snapshots of images that are gone: none

AUD-11  Images that other managers made: none

Prices of snapshots:
  $0.054 a GiB and month in eu-central-1 (AWS Price List,
    EUC1-EBS:SnapshotUsage, 2026-09-11)

Next steps (in this order: what is open to the world, what fails, what has no
image, what is not known, what costs most, the rest):
  1. 1 instance has no image: write the starter policy, then plan with it
     (AUD-03)
     $ imago audit --from world --starter imago.yml
  2. 1 image that nothing refers to costs $0.43 a month at most: look at the
     oldest (AUD-01)
     $ imago explain ami-00000000000000000 --from world
  3. Let EC2 encrypt whatever volume is made from now on (AUD-08)
     $ aws ec2 enable-ebs-encryption-by-default --region eu-central-1

A policy to start from:
  It selects 1 of 1 instance by the tag Backup. --starter imago.yml writes it,
  with comments.

  version: 1
  timezone: UTC
  limits:
    maxRemovals: { count: 50, percent: 10 }
    keepAtLeast: 1
  policies:
    - id: daily
      select:
        tags: { Backup: daily }
        not: { tags: { no-backup: "*" } }
      when:
        - schedule: cron(0 3 * * ? *)
          jitter: 30min
      rpo: 26h
      image:
        reboot: false
      tags:
        copy: [Name, Backup]
        set: { made-by: imago }
      keep:
        last: 3
        daily: 7
        weekly: 4
        monthly: 6
      whenSourceGone: { keepLast: 1, for: 90d }`);
  });

  test('tells ten findings of a kind, and all of them where it is asked to', () => {
    const few = sectionOf('AUD-01', linesOf({ inventories: [unused(12)] }));
    const all = sectionOf('AUD-01', linesOf({ inventories: [unused(12)], options: { all: true } }));

    expect(few).toHaveLength(12);
    expect(few.at(-1)).toBe('  and 2 more: --all tells them');
    expect(all).toHaveLength(13);
    expect(all.at(-1)).toBe('  ami-00000000000000011  golden-web-server-11  2026-01-12  8 GiB');
  });

  test('says in full why what nothing refers to cannot be called unused, and elsewhere in short', () => {
    const autoScalingGroups = incompletePart<never>('no file world/auto-scaling-groups.json');
    const lines = linesOf({ inventories: [unused(1, { autoScalingGroups })] });

    expect(lines.slice(2, 4)).toEqual([
      'Could not be read, so that it is not known:',
      '  auto-scaling-groups: no file world/auto-scaling-groups.json',
    ]);
    expect(sectionOf('AUD-01', lines).slice(0, 3)).toEqual([
      'AUD-01  Images that nothing seen refers to: 1, at most 8 GiB, $0.43 a month',
      '  cannot be called unused: auto-scaling-groups: no file',
      '    world/auto-scaling-groups.json',
    ]);
    expect(sectionOf('AUD-05', lines)).toEqual([
      'AUD-05  Launches that will fail: none seen',
      '  not known: auto-scaling-groups (see above)',
    ]);
  });

  test('shows evidence beside a finding where it fits, and else below, the id always whole', () => {
    const gone = 'ami-0000dead';
    const broken = inventory({
      fleets: [fleet({ id: 'fleet-0123456789abcdef0-of-a-very-long-name', images: [gone] })],
    });

    expect(sectionOf('AUD-05', linesOf({ inventories: [broken], columns: 100 }))[1]).toBe(
      '  ami-0000dead  image gone  fleet-0123456789abcdef0-of-a-very-long-name (active), override',
    );
    expect(sectionOf('AUD-05', linesOf({ inventories: [broken] })).slice(1)).toEqual([
      '  ami-0000dead  image gone',
      '      fleet-0123456789abcdef0-of-a-very-long-name (active), override',
    ]);
  });

  test('names the target of each finding, and of what is not known, where there are several', () => {
    const there = unused(1, { target: ELSEWHERE, fleets: incompletePart<never>('refused') });
    const lines = linesOf({ inventories: [unused(1), there], columns: 160 });

    expect(sectionOf('AUD-01', lines)).toEqual([
      'AUD-01  Images that nothing seen refers to: 2, at most 16 GiB, $0.83 a month',
      '  cannot be called unused: eu-west-1 fleets: refused',
      '  ami-00000000000000000  golden-web-server-0  eu-central-1  2026-01-01  8 GiB',
      '  ami-00000000000000000  golden-web-server-0  eu-west-1     2026-01-01  8 GiB',
    ]);
  });

  test('names the account too where there are several', () => {
    const other = { account: '999988887777', region: 'eu-central-1' };
    const lines = linesOf({ inventories: [unused(1), unused(1, { target: other })], columns: 160 });

    expect(sectionOf('AUD-01', lines).slice(1)).toEqual([
      '  ami-00000000000000000  golden-web-server-0  111122223333/eu-central-1  2026-01-01  8 GiB',
      '  ami-00000000000000000  golden-web-server-0  999988887777/eu-central-1  2026-01-01  8 GiB',
    ]);
  });

  test('says which Region has no known price', () => {
    const target = { account: '111122223333', region: 'eu-west-3' };
    const lines = linesOf({ inventories: [unused(1, { target })], columns: 100 });

    expect(sectionOf('AUD-01', lines)[0]).toBe(
      'AUD-01  Images that nothing refers to: 1, at most 8 GiB, $0.00 a month (no price known for',
    );
    expect(lines).not.toContain('Prices of snapshots:');
  });

  test.each([80, 100, 160])('fits %i columns, commands aside', (columns) => {
    const images = Array.from({ length: 3 }, (_, index) =>
      seenImage({
        id: id(index),
        name: 'n'.repeat(128),
        isPublic: true,
        tags: { 'aws:dlm:lifecycle-policy-id': 'policy-1', 'instance-id': `i-0${index}` },
      }),
    );
    const instances = images.flatMap(({ id: imageId }) =>
      ['a', 'b', 'c'].map((name) =>
        seenInstance({ id: `i-${imageId}-${name}`, imageId, tags: { Name: name.repeat(255) } }),
      ),
    );
    const lines = linesOf({
      inventories: [inventory({ images, instances }), inventory({ images, target: ELSEWHERE })],
      columns,
    });

    expect(lines.filter((line) => line.length > columns && !line.startsWith('     $ '))).toEqual(
      [],
    );
  });

  test('does not say that instances have no image where the images were not all read', () => {
    const instances = [seenInstance({ id: 'i-0aa' })];
    const images = incompletePart<never>('no file');
    const lines = linesOf({ inventories: [inventory({ instances, images })] });

    expect(sectionOf('AUD-03', lines)).toEqual([
      'AUD-03  Instances of which no image was seen: 1',
      '  not known: images (see above)',
      '  i-0aa  no image seen  running',
    ]);
  });

  test('tells the state of images that are all disabled', () => {
    const images = [seenImage({ id: id(1), name: 'old', state: 'disabled' })];
    const permissions = [launchPermissions({ imageId: id(1) })];
    const lines = linesOf({ inventories: [inventory({ images, permissions })] });

    expect(sectionOf('AUD-01', lines)[1]).toContain('disabled');
  });

  test('tells whole ids of what does not fit, and counts the others', () => {
    const instances = Array.from({ length: 9 }, (_, index) =>
      seenInstance({ id: `i-0${index}`, imageId: 'ami-0000dead', tags: { Name: 'web-server' } }),
    );
    const lines = linesOf({ inventories: [inventory({ instances })] });

    expect(sectionOf('AUD-04', lines)).toEqual([
      'AUD-04  Instances whose image is gone, disabled, deprecated or public: 9',
      '  ami-0000dead  gone  9 instances',
      '      i-00 web-server (running), i-01 web-server (running), i-02 web-server',
      '      (running), i-03 web-server (running), i-04 web-server (running) and 4 more',
    ]);
  });

  test('says where the starter policy was written', () => {
    const lines = linesOf({ inventories: [inventory()], options: { starter: "it's mine.yml" } });

    expect(lines).toContain(
      '  It selects by the tag Backup, as no instance was seen that tells another. It',
    );
    expect(lines).toContain("  is written to it's mine.yml, with comments.");
  });

  test('has commands that a shell takes as they are, whatever the folder is called', () => {
    const options = { from: "it's a world", starter: 'a b.yml' };
    const bare = inventory({ instances: [seenInstance({ id: 'i-0aa' })] });
    const lines = linesOf({ inventories: [bare, inventory({ target: ELSEWHERE })], options });

    expect(lines).toContain(
      String.raw`     $ imago plan --policy 'a b.yml' --from 'it'\''s a world' --home 111122223333/eu-central-1`,
    );
  });

  test('is the same in colours', () => {
    const inventories = [inventory({ images: [seenImage({ isPublic: true })] })];
    const painted = linesOf({ inventories, paint: (style, text) => `<${style}>${text}</>` });

    expect(painted.map((line) => line.replaceAll(/<\w+>|<\/>/g, ''))).toEqual(
      linesOf({ inventories }),
    );
    expect(painted.join('\n')).toContain('<red>');
  });
});
