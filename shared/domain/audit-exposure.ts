import type { AuditFinding, AuditSection } from './audit-report.ts';
import { type Found, oldestFirst, sectionOf } from './audit-section.ts';
import { aboutImage } from './audit-unused.ts';
import { type AuditView, unknownParts, unknownPermissions } from './audit-view.ts';
import type { LaunchPermissions, SeenImage } from './inventory.ts';

const permissionsOf = ({ inventory }: AuditView): ReadonlyMap<string, LaunchPermissions> =>
  new Map(inventory.permissions.items.map((one) => [one.imageId, one]));

/** AUD-06: what anybody may launch. */
export const publicImages = (views: readonly AuditView[]): AuditSection =>
  sectionOf(
    'AUD-06',
    views.map((view): Found => {
      const permissions = permissionsOf(view);
      const open = view.inventory.images.items.filter(
        ({ id, isPublic }) => isPublic || permissions.get(id)?.isPublic === true,
      );
      return {
        findings: open.map((image) => ({
          ...aboutImage(view, image),
          status: 'public',
          evidence: image.isEncrypted === false ? ['unencrypted'] : [],
        })),
        unknown: unknownParts(view, ['images']),
      };
    }),
    oldestFirst,
  );

/** AUD-07: what named accounts and organizations may launch. */
export const sharedImages = (views: readonly AuditView[]): AuditSection =>
  sectionOf(
    'AUD-07',
    views.map((view): Found => {
      const permissions = permissionsOf(view);
      const { items } = view.inventory.images;
      return {
        findings: items.flatMap((image) => sharedWith(view, image, permissions.get(image.id))),
        unknown: [...unknownParts(view, ['images']), ...unknownPermissions(view, items)],
      };
    }),
    (a, b) => b.evidence.length - a.evidence.length || oldestFirst(a, b),
  );

const sharedWith = (
  view: AuditView,
  image: SeenImage,
  permissions: LaunchPermissions | undefined,
): readonly AuditFinding[] => {
  const { accounts = [], organizations = [] } = permissions ?? {};
  // Some share an image with their own account, which needs no permission.
  const others = accounts.filter((account) => account !== view.inventory.target.account);
  const evidence = [...others.map((account) => `account ${account}`), ...organizations];
  return evidence.length === 0 ? [] : [{ ...aboutImage(view, image), status: 'shared', evidence }];
};

/** AUD-08: what is not encrypted, as EC2 says of the image or of its snapshots. */
export const unencryptedImages = (views: readonly AuditView[]): AuditSection =>
  sectionOf('AUD-08', views.map(unencryptedIn), oldestFirst);

const unencryptedIn = (view: AuditView): Found => {
  const snapshots = new Map(view.inventory.snapshots.items.map((one) => [one.id, one]));
  const { items } = view.inventory.images;
  const judged = items.map((image) => {
    const seen = image.snapshots.map(({ snapshotId }) => snapshots.get(snapshotId));
    const plain = seen.flatMap((one) => (one?.isEncrypted === false ? [one.id] : []));
    const isPlain = image.isEncrypted === false || plain.length > 0;
    const isUntold = !isPlain && image.isEncrypted === undefined && seen.includes(undefined);
    return { image, plain, isPlain, isUntold };
  });
  return {
    findings: judged
      .filter(({ isPlain }) => isPlain)
      .map(({ image, plain }) => ({
        ...aboutImage(view, image),
        status: 'unencrypted',
        // Where all are, there is nothing to tell apart.
        evidence: plain.length === image.snapshots.length ? [] : plain,
      })),
    unknown: [
      ...unknownParts(view, ['images']),
      ...(judged.some(({ isUntold }) => isUntold) ? unknownParts(view, ['snapshots']) : []),
    ],
  };
};
