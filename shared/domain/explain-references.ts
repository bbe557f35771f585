import type { AuditView } from './audit-view.ts';
import type { ExplainedReference, ReferenceLabel } from './explain-report.ts';
import type { ImageReference } from './model.ts';

/** Who names an image in targets; a text file is of no target, so every one tells of it. */
export const referencesAcross = (
  views: readonly AuditView[],
  imageId: string,
): readonly ExplainedReference[] => [
  ...new Map(
    views
      .flatMap((view) => explainedReferences(view, imageId))
      .map((one) => [one.source === 'referenced-in' ? one.by : `${one.target} ${one.by}`, one]),
  ).values(),
];

/** Who names an image in a target, source by source; text files last, which hold nothing here. */
const explainedReferences = (view: AuditView, imageId: string): readonly ExplainedReference[] => [
  ...referencesBySource(view, imageId),
  ...(view.named.get(imageId) ?? []).map((by) => ({
    target: view.key,
    source: 'referenced-in',
    by,
    label: 'told only' as const,
    holds: false,
  })),
];

const referencesBySource = (
  { key, sources }: AuditView,
  imageId: string,
): readonly ExplainedReference[] =>
  sources.flatMap(({ source, part }) =>
    part.items
      .filter((one) => one.imageId === imageId && !isSharedWithNobody(one))
      .map((one) => ({
        target: key,
        source,
        by: one.by,
        label: labelOf(one),
        holds: one.holds,
      }))
      .toSorted((a, b) => (a.holds === b.holds ? (a.by < b.by ? -1 : 1) : a.holds ? -1 : 1)),
  );

/** That it is shared with nobody is no reference. */
const isSharedWithNobody = ({ kind, holds }: ImageReference): boolean =>
  kind === 'launch-permission' && !holds;

/** The default and the latest version can be launched by whoever names the template. */
const labelOf = ({ kind, holds, by }: ImageReference): ReferenceLabel => {
  if (kind === 'launch-permission') return 'others may launch';
  if (kind !== 'launch-template') return holds ? 'can launch now' : 'told only';
  if (!holds) return 'only old';
  const [, roles = ''] = / version \d+ \(([^)]*)/.exec(by) ?? [];
  return roles.split(', ').some((role) => ANYBODYS.includes(role)) ? 'can launch now' : 'pinned';
};

/** Of versions that are launched without their number. */
const ANYBODYS: readonly string[] = ['default', 'latest', 'perhaps default or latest'];

/** What names a snapshot: nothing of it keeps EC2 from deleting it. */
export const snapshotReferences = (
  { key, inventory }: AuditView,
  snapshotId: string,
): readonly ExplainedReference[] => {
  const told = (source: string, by: string): ExplainedReference => ({
    target: key,
    source,
    by,
    label: 'told only',
    holds: false,
  });
  const isNamed = ({ snapshotIds }: { readonly snapshotIds: readonly string[] }): boolean =>
    snapshotIds.includes(snapshotId);
  return [
    ...inventory.launchTemplateVersions.items
      .filter(isNamed)
      .map(({ templateId, templateName, version }) =>
        told(
          'launch-templates',
          `${templateId} ${templateName} version ${version}, a volume of it`,
        ),
      ),
    ...inventory.launchConfigurations.items
      .filter(isNamed)
      .map(({ name }) =>
        told('launch-configurations', `launch configuration ${name}, a volume of it`),
      ),
    ...inventory.volumes.items
      .filter((volume) => volume.snapshotId === snapshotId)
      .map(({ id }) => told('volumes', `${id}, which was made of it`)),
  ];
};
