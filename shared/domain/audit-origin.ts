import { type AuditView, madeFor } from './audit-view.ts';
import type { SeenImage } from './inventory.ts';
import type { Image, Tags } from './model.ts';
import { managerOf } from './plan-adoption.ts';
import { TAG } from './tags.ts';

/** An image of an instance, wherever it is. */
export interface Backup {
  readonly view: AuditView;
  readonly image: SeenImage;
}

/** By `account/instance id`: the images that were made of it, in all targets that were looked at. */
export type Backups = ReadonlyMap<string, readonly Backup[]>;

const backupKey = (account: string, instanceId: string): string => `${account}/${instanceId}`;

export const backupsIn = (views: readonly AuditView[]): Backups => {
  const made = views.flatMap((view) => {
    const tell = createOrigin(view);
    return view.inventory.images.items.map((image) => ({ view, image, origin: tell(image) }));
  });
  return Map.groupBy(
    made.filter(({ origin }) => origin !== undefined),
    ({ view, origin = '' }) => backupKey(view.inventory.target.account, origin),
  );
};

export const backupsOf = (
  backups: Backups,
  { inventory }: AuditView,
  instanceId: string,
): readonly Backup[] => backups.get(backupKey(inventory.target.account, instanceId)) ?? [];

/**
 * Tells which instance an image was made of: by EC2's own word, which older images lack; by the
 * marks of whoever made it; by what EC2 wrote on its snapshots; by the volumes that they were made of.
 */
export const createOrigin = (view: AuditView): ((image: SeenImage) => string | undefined) => {
  const snapshots = new Map(view.inventory.snapshots.items.map((one) => [one.id, one]));
  const byVolume = new Map(
    view.inventory.instances.items.flatMap(({ id, volumes }) =>
      volumes.map(({ volumeId }) => [volumeId, id] as const),
    ),
  );
  return (image) => {
    const told = image.sourceInstanceId ?? instanceInMarks(image);
    if (told !== undefined) return told;
    const own = image.snapshots.flatMap(({ snapshotId }) => snapshots.get(snapshotId) ?? []);
    for (const snapshot of own) {
      const made = madeFor(snapshot);
      if (made?.instanceId !== undefined && made.imageId === image.id) return made.instanceId;
    }
    return own.flatMap(({ volumeId = '' }) => byVolume.get(volumeId) ?? [])[0];
  };
};

/** Data Lifecycle Manager's tag, ours, and the names that AWS Backup gives. */
const instanceInMarks = ({ name, tags }: Image): string | undefined =>
  [tags[TAG.source], tags['instance-id'], /^AwsBackup_(i-[0-9a-f]+)_/i.exec(name)?.[1]].find(
    (text) => text !== undefined && /^i-[0-9a-f]+$/.test(text),
  );

/** Who looks after an image. */
export interface Manager {
  readonly name: string;
  /** What shows it: a tag's key, the image's name or its owner's alias. */
  readonly mark: string;
  readonly isImago: boolean;
}

const MANAGERS: readonly (readonly [RegExp, string])[] = [
  [/^(aws:dlm:|dlm:)/i, 'Data Lifecycle Manager'],
  [/^(aws:backup:|AWSBackupManagedResource$|AwsBackup_|aws-backup-vault$)/i, 'AWS Backup'],
  [/^Ec2ImageBuilderArn$/, 'EC2 Image Builder'],
  [/^imago[:/]/i, 'Imago'],
];

export const managedBy = (
  image: Pick<Image, 'name' | 'tags' | 'ownerAlias'>,
): Manager | undefined => {
  const mark = managerOf(image);
  if (mark === undefined) return undefined;
  const known = MANAGERS.find(([form]) => form.test(mark))?.[1];
  const name = known ?? (mark === 'CreatedBy' ? (image.tags[mark] ?? mark) : mark);
  return { name, mark, isImago: name === 'Imago' };
};

/** The same of a snapshot, which has no name. */
export const managerOfTags = (tags: Tags): Manager | undefined => managedBy({ name: '', tags });
