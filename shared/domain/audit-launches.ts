import type { AuditFinding, AuditSection } from './audit-report.ts';
import { type Found, byStatus, sectionOf } from './audit-section.ts';
import { type AuditView, standingOf, unknownParts, unknownSources } from './audit-view.ts';
import type { ImageReference, ReferenceSource } from './model.ts';

/** What launches by itself or when it is told to. A parameter launches nothing: what reads it does. */
const LAUNCHING: readonly ImageReference['kind'][] = [
  'launch-template',
  'auto-scaling-group',
  'launch-configuration',
  'fleet',
  'spot-fleet',
];

const NOT_LAUNCHING: readonly string[] = [
  'instances',
  'parameters',
  'launch-permissions',
] satisfies readonly ReferenceSource[];

/** Why a launch fails, from what cannot be mended to what can. */
const FAILING = ['image gone', 'image failed', 'image disabled'] as const;

/** AUD-05: one finding for each template, group, configuration or fleet whose image cannot be launched. */
export const brokenLaunches = (views: readonly AuditView[]): AuditSection =>
  sectionOf(
    'AUD-05',
    views.map((view): Found => {
      const launching = [...view.uses.values()]
        .flat()
        .filter(({ kind, holds }) => holds && LAUNCHING.includes(kind));
      const isAnyUnknown = launching.some(
        ({ imageId }) => standingOf(view, imageId).is === 'unknown',
      );
      return {
        findings: launching.flatMap((one) => brokenBy(view, one)),
        unknown: [
          ...unknownSources(view).filter(({ what }) => !NOT_LAUNCHING.includes(what)),
          ...(isAnyUnknown ? unknownParts(view, ['images', 'othersImages']) : []),
        ],
      };
    }),
    (a, b) => byStatus(FAILING)(a, b) || ((a.evidence[0] ?? '') < (b.evidence[0] ?? '') ? -1 : 1),
  );

const brokenBy = (view: AuditView, { imageId, by }: ImageReference): readonly AuditFinding[] => {
  const standing = standingOf(view, imageId);
  const status = failureOf(standing.is === 'here' ? standing.image.state : standing.is);
  if (status === undefined) return [];
  const name = standing.is === 'here' ? standing.image.name : '';
  return [{ target: view.key, id: imageId, name, status, evidence: [by] }];
};

/** @param state of the image, or what is known of it instead */
const failureOf = (state: string): (typeof FAILING)[number] | undefined => {
  if (state === 'gone') return 'image gone';
  if (state === 'disabled') return 'image disabled';
  return state === 'failed' || state === 'error' || state === 'invalid'
    ? 'image failed'
    : undefined;
};
