import type { BackupAction, RetireAction } from '../domain/decision.ts';
import { type Target, targetKey } from '../domain/model.ts';
import { type PointName, formatSlot } from '../domain/naming.ts';
import { describeReason } from '../domain/reasons.ts';
import type { Loop } from './loop.ts';
import type { BackupOutcome, RemovalOutcome, TagOutcome } from './outcomes.ts';
import type { DomainEvent } from './ports.ts';

/** What is published, and under which names: docs/events.md describes each for those who listen. */
export const DETAIL_TYPE = {
  created: 'Imago Recovery Point Created',
  failed: 'Imago Recovery Point Failed',
  retired: 'Imago Recovery Point Retired',
  failedRemoved: 'Imago Failed Image Removed',
  tagsRepaired: 'Imago Tags Repaired',
  coverage: 'Imago Coverage Report',
} as const;

interface Subject {
  readonly target: Target;
  readonly point: PointName;
}

const detailOf = ({ target, point }: Subject): Record<string, unknown> => ({
  version: 1,
  deployment: point.deployment,
  policy: point.policyId,
  source: point.sourceId,
  slot: formatSlot(point.slotMs),
  place: targetKey(target),
});

const about = (
  detailType: string,
  subject: Subject,
  imageId: string | undefined,
  more: Readonly<Record<string, unknown>>,
): DomainEvent => ({
  detailType,
  detail: { ...detailOf(subject), ...(imageId === undefined ? {} : { imageId }), ...more },
  resources: imageId === undefined ? [] : [imageId],
});

/** Events of one backup outcome: the failed image that it follows, and what became of this try. */
export const backupEvents = (target: Target, outcome: BackupOutcome): readonly DomainEvent[] => {
  const { action } = outcome;
  const subject = { target, point: action.point };
  const kind = action.kind === 'copy' ? 'copy' : 'point';
  switch (outcome.status) {
    case 'done':
    case 'already-so': // an earlier call made it, whose answer was lost before it could be told
      return [
        ...followedFailure(target, action),
        about(DETAIL_TYPE.created, subject, outcome.id, {
          kind,
          attempt: action.point.retry + 1,
          ...(action.kind === 'copy'
            ? { copiedFrom: { imageId: action.sourceImageId, region: action.sourceRegion } }
            : {}),
          reasons: action.reasons.map(describeReason),
        }),
      ];
    case 'failed':
      return [
        about(DETAIL_TYPE.failed, subject, undefined, {
          kind,
          attempt: action.point.retry + 1,
          error: { code: outcome.failure.code, message: outcome.failure.message },
        }),
      ];
    default:
      return [];
  }
};

/** A failed image is announced when it is followed by the next try: exactly once. */
const followedFailure = (target: Target, action: BackupAction): readonly DomainEvent[] => {
  if (action.failedImage === undefined) return [];
  const { imageId, message } = action.failedImage;
  const kind = action.kind === 'copy' ? 'copy' : 'point';
  const subject = { target, point: action.point };
  const error = { code: 'ImageFailed', message };
  return [
    about(DETAIL_TYPE.failed, subject, imageId, { kind, attempt: action.point.retry, error }),
  ];
};

export const removalEvents = (target: Target, outcome: RemovalOutcome): readonly DomainEvent[] =>
  outcome.status === 'done' && outcome.action.kind === 'retire'
    ? [retiredEvent(target, outcome.action)]
    : [];

const retiredEvent = (target: Target, action: RetireAction): DomainEvent =>
  about(
    action.isFailed ? DETAIL_TYPE.failedRemoved : DETAIL_TYPE.retired,
    { target, point: action.point },
    action.imageId,
    {
      snapshots: action.snapshots,
      snapshotIds: action.snapshotIds,
      freedGiBAtMost: action.snapshots === 'delete' ? action.sizeGiB : 0,
      reasons: action.reasons.map(describeReason),
    },
  );

/** So many ids stand in an event, of which EventBridge takes 256 KB at most. */
const RESOURCES_MAX = 100;

/** One event of all that a pass has tagged; none where it tagged nothing. */
export const tagEvents = (
  deployment: string,
  target: Target,
  outcomes: readonly TagOutcome[],
): readonly DomainEvent[] => {
  const tagged = outcomes.filter(({ status }) => status === 'done').map(({ action }) => action);
  if (tagged.length === 0) return [];
  const ids = tagged.map(({ resourceId }) => resourceId);
  const images = ids.filter((id) => id.startsWith('ami-')).length;
  const keys = new Set(tagged.flatMap(({ tags }) => Object.keys(tags)));
  return [
    {
      detailType: DETAIL_TYPE.tagsRepaired,
      detail: {
        version: 1,
        deployment,
        place: targetKey(target),
        images,
        snapshots: ids.length - images,
        keys: [...keys].sort(),
      },
      resources: ids.slice(0, RESOURCES_MAX),
    },
  ];
};

/** Publishes, and says loudly what could not be: the work itself is done, and stands. */
export const announce = async (loop: Loop, events: readonly DomainEvent[]): Promise<void> => {
  if (events.length === 0) return;
  const unpublished = await loop.events.publish(events);
  loop.meter.count('EventsNotPublished', unpublished.length);
  for (const event of unpublished) {
    loop.log.error(`not published: ${event.detailType}`, { detail: event.detail });
  }
};
