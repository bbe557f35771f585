import { isoOf } from './iso.ts';
import { type Backup, type Backups, backupsOf } from './audit-origin.ts';
import type { AuditFinding, AuditSection } from './audit-report.ts';
import { type Found, byStatus, mostInstancesFirst, sectionOf } from './audit-section.ts';
import {
  type AuditView,
  type Standing,
  describeInstance,
  instancesByImage,
  isDeprecated,
  liveInstances,
  standingOf,
  unknownParts,
} from './audit-view.ts';
import type { SeenImage } from './inventory.ts';
import type { Instance } from './model.ts';

/** Of instances without an image, from worst to least. */
const BARE = [
  'no image',
  'no image seen',
  'snapshots only',
  'instance store',
  'Auto Scaling member',
] as const;

/** Such an image can be launched, or be made so. */
const isRestorable = ({ image }: Backup): boolean =>
  image.state === 'available' || image.state === 'disabled';

/** Tag that EC2 Auto Scaling gives its instances (EC2 Auto Scaling User Guide, "Tag lifecycle"). */
export const groupOf = ({ tags }: Instance): string | undefined =>
  tags['aws:autoscaling:groupName'];

/** AUD-03: instances of which no image was ever made, or none is left. */
export const withoutImage = (views: readonly AuditView[], backups: Backups): AuditSection =>
  sectionOf(
    'AUD-03',
    views.map((view): Found => {
      const snapshots = snapshotsByVolume(view);
      const isProven = view.inventory.snapshots.isComplete && isEveryImageSeen(view, views);
      return {
        findings: liveInstances(view).flatMap((instance) => {
          const made = backupsOf(backups, view, instance.id);
          if (made.some(isRestorable)) return [];
          return [bare(view, instance, { made, snapshots, isProven })];
        }),
        // Older images are known as an instance's by what EC2 wrote on their snapshots.
        unknown: unknownParts(view, ['instances', 'images', 'snapshots']),
      };
    }),
    byStatus(BARE),
  );

interface Taken {
  readonly id: string;
  readonly startedMs: number;
}

type SnapshotsByVolume = ReadonlyMap<string, readonly Taken[]>;

const snapshotsByVolume = ({ inventory }: AuditView): SnapshotsByVolume =>
  Map.groupBy(
    inventory.snapshots.items.filter(({ state }) => state === 'completed'),
    ({ volumeId = '' }) => volumeId,
  );

/** Its images may be in any Region of the account. */
const isEveryImageSeen = ({ inventory }: AuditView, views: readonly AuditView[]): boolean =>
  views.every(
    (one) =>
      one.inventory.target.account !== inventory.target.account || one.inventory.images.isComplete,
  );

interface KnownOfBare {
  /** Images of it, of which none can be used. */
  readonly made: readonly Backup[];
  readonly snapshots: SnapshotsByVolume;
  /** Whether every image was seen, and what tells whose it is. */
  readonly isProven: boolean;
}

const bare = (
  { key }: AuditView,
  instance: Instance,
  { made, snapshots, isProven }: KnownOfBare,
): AuditFinding => {
  const { id, tags, launchedMs, state, volumes } = instance;
  const taken = volumes
    .flatMap(({ volumeId }) => snapshots.get(volumeId) ?? [])
    .toSorted((a, b) => b.startedMs - a.startedMs);
  const [newest] = taken;
  const group = groupOf(instance);
  return {
    target: key,
    id,
    name: tags['Name'] ?? '',
    status: bareStatus(instance, { hasSnapshots: taken.length > 0, isProven }),
    ...(launchedMs === undefined ? {} : { since: isoOf(launchedMs) }),
    evidence: [
      state,
      ...(group === undefined ? [] : [`group ${group}`]),
      ...made.map(({ image }) => `${image.id} is ${image.state}`),
      ...(newest === undefined ? [] : [newestOf(newest, taken.length)]),
    ],
  };
};

const newestOf = ({ id, startedMs }: Taken, count: number): string => {
  const told = `${id} of ${isoOf(startedMs).slice(0, 10)}`;
  return count === 1 ? told : `newest of ${count} snapshots: ${told}`;
};

interface Known extends Pick<KnownOfBare, 'isProven'> {
  readonly hasSnapshots: boolean;
}

const bareStatus = (
  instance: Instance,
  { hasSnapshots, isProven }: Known,
): (typeof BARE)[number] => {
  if (groupOf(instance) !== undefined) return 'Auto Scaling member';
  if (instance.rootDeviceType === 'instance-store') return 'instance store';
  if (!isProven) return 'no image seen';
  return hasSnapshots ? 'snapshots only' : 'no image';
};

/** Of images of instances, from worst to least. */
const ODD = ['gone', 'disabled', 'deprecated', 'public'] as const;

/** AUD-04: one finding for each image, with its instances. */
export const ofOddImages = (views: readonly AuditView[]): AuditSection =>
  sectionOf(
    'AUD-04',
    views.map((view): Found => {
      const findings = [...instancesByImage(view)].flatMap(([imageId, instances]) => {
        const standing = standingOf(view, imageId);
        const odd = oddities(view, standing);
        return odd === undefined ? [] : [ofImage(view, imageId, standing, odd, instances)];
      });
      return { findings, unknown: unknownImages(view) };
    }),
    (a, b) => ODD.indexOf(worstOf(a)) - ODD.indexOf(worstOf(b)) || mostInstancesFirst(a, b),
  );

type Odd = (typeof ODD)[number];

/** A status may be several words, the worst first. */
const worstOf = ({ status }: AuditFinding): Odd =>
  ODD.find((odd) => status.startsWith(odd)) ?? 'public';

const oddities = (view: AuditView, standing: Standing): string | undefined => {
  if (standing.is === 'gone') return 'gone';
  if (standing.is === 'unknown') return undefined;
  const { image } = standing;
  const odd = [
    ...(image.state === 'disabled' ? ['disabled'] : []),
    ...(isDeprecated(view, image) ? ['deprecated'] : []),
    ...(image.isPublic ? ['public'] : []),
  ];
  return odd.length === 0 ? undefined : odd.join(', ');
};

const ofImage = (
  { key }: AuditView,
  id: string,
  standing: Standing,
  status: string,
  instances: readonly Instance[],
): AuditFinding => ({
  target: key,
  id,
  name: standing.is === 'here' ? standing.image.name : '',
  status,
  ...(standing.is === 'here' ? { since: isoOf(standing.image.createdMs) } : {}),
  instances: instances.length,
  // Instances come last: where not all fit, those that are left out are counted.
  evidence: [
    ...(standing.is === 'here' && !standing.isOwn ? [`owner ${ownerOf(standing.image)}`] : []),
    ...instances.map(describeInstance),
  ],
});

const ownerOf = ({ ownerAlias, ownerId }: SeenImage): string => ownerAlias ?? ownerId;

/** What hides the images of instances: parts that were not read, if it is about any instance. */
const unknownImages = (view: AuditView) => {
  const isAnyUnknown = [...instancesByImage(view).keys()].some(
    (id) => standingOf(view, id).is === 'unknown',
  );
  return [
    ...unknownParts(view, ['instances']),
    ...(isAnyUnknown ? unknownParts(view, ['images', 'othersImages']) : []),
  ];
};

/** Of software that others made, from least vouched for to most. */
const FOREIGN = ['community', 'Marketplace, unverified', 'Marketplace'] as const;

/** AUD-09: whose software runs here that neither the account nor Amazon made. */
export const ofForeignSoftware = (views: readonly AuditView[]): AuditSection =>
  sectionOf(
    'AUD-09',
    views.map((view): Found => {
      const findings = [...instancesByImage(view)].flatMap(([imageId, instances]) => {
        const standing = standingOf(view, imageId);
        const status = standing.is === 'here' ? foreignness(standing.image, standing.isOwn) : '';
        if (standing.is !== 'here' || status === '') return [];
        const found = ofImage(view, imageId, standing, status, instances);
        const codes = standing.image.productCodes.map((code) => `product code ${code}`);
        return [{ ...found, evidence: [...codes, ...found.evidence] }];
      });
      return { findings, unknown: unknownImages(view) };
    }),
    (a, b) =>
      byStatus(FOREIGN)({ ...a, since: '', id: '' }, { ...b, since: '', id: '' }) ||
      mostInstancesFirst(a, b),
  );

/**
 * Whoever has an alias is Amazon or a verified partner of its, and nobody else can have one; a public
 * image of anybody else is a community one (EC2 User Guide, "Verified provider"). An own image that has
 * a product code was made of Marketplace software.
 */
const foreignness = (image: SeenImage, isOwn: boolean): '' | (typeof FOREIGN)[number] => {
  const { ownerAlias, productCodes, isPublic } = image;
  const hasProduct = productCodes.length > 0;
  if (isOwn) return hasProduct ? 'Marketplace' : '';
  if (ownerAlias !== undefined) return ownerAlias === 'aws-marketplace' ? 'Marketplace' : '';
  if (hasProduct) return 'Marketplace, unverified';
  return isPublic ? 'community' : '';
};
