import type { Image, ImageReference, Instance, Part } from './model.ts';
import { formatSlot } from './naming.ts';
import { type Reason, type ReasonId, reason } from './reasons.ts';
import { TAG } from './tags.ts';
import { nextOpeningMs, openUntilMs, type Window } from './windows.ts';

/**
 * What may forbid the removal of an image. The planner fills it from its observation, the apply
 * step from facts that it has just read again; both ask the same {@link vetoesOf}.
 */
export interface ProtectionFacts {
  readonly instances: References;
  readonly launchTemplates: References;
  readonly nowMs: number;
}

/** References by image id, together with what the read of them is worth. */
export interface References {
  readonly byImageId: ReadonlyMap<string, readonly ImageReference[]>;
  readonly isComplete: boolean;
  readonly problem: string;
}

export const indexReferences = (part: Part<ImageReference>): References => ({
  byImageId: Map.groupBy(part.items, ({ imageId }) => imageId),
  isComplete: part.isComplete,
  problem: part.problem,
});

/**
 * Every reason that forbids removing an image; none means that it may go. All are looked for, so
 * that the reader sees every one. What could not be read forbids, like what was found.
 */
export const vetoesOf = (image: Image, facts: ProtectionFacts): readonly Reason[] => [
  ...usedBy(image, facts.instances, 'PRO-01', 'PRO-20'),
  ...usedBy(image, facts.launchTemplates, 'PRO-02', 'PRO-22'),
  ...heldBy(image.tags[TAG.hold], facts.nowMs),
  ...(image.isDeregistrationProtected ? [reason('PRO-04')] : []),
];

const usedBy = (
  { id }: Image,
  references: References,
  found: ReasonId,
  unknown: ReasonId,
): readonly Reason[] => [
  ...(references.byImageId.get(id) ?? [])
    .map(({ by }) => by)
    .sort()
    .map((by) => reason(found, by)),
  ...(references.isComplete ? [] : [reason(unknown, references.problem)]),
];

/** A hold lasts until its date is over; one that is no date, such as a ticket's number, for ever. */
export const heldBy = (hold: string | undefined, nowMs: number): readonly Reason[] => {
  if (hold === undefined) return [];
  const untilMs = isoEndMs(hold);
  return untilMs === undefined || nowMs < untilMs ? [reason('PRO-03', hold)] : [];
};

/** Where a policy says when retirement may remove, it may not at any other time. */
export const outsideWindow = (during: readonly Window[], nowMs: number): readonly Reason[] => {
  if (during.length === 0 || openUntilMs(during, nowMs) !== undefined) return [];
  const opensMs = nextOpeningMs(during, nowMs);
  return [reason('PRO-07', opensMs === undefined ? 'never again' : `until ${formatSlot(opensMs)}`)];
};

const DAY_MS = 86_400_000;

/**
 * When an ISO 8601 date (at its end, UTC) or instant is over; undefined for any other text.
 * Date.parse alone would take `JIRA-1234` for the year 1234.
 */
export const isoEndMs = (hold: string): number | undefined => {
  const match = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{3})?)?Z)?$/.exec(hold.trim());
  const parsedMs = match === null ? Number.NaN : Date.parse(hold.trim());
  if (Number.isNaN(parsedMs)) return undefined;
  return match?.[1] === undefined ? parsedMs + DAY_MS : parsedMs;
};

/** An instance in any state but terminated may be started again, so it uses its image. */
export const instanceReferences = (instances: Part<Instance>): Part<ImageReference> => ({
  ...instances,
  items: instances.items
    .filter(({ state }) => state !== 'terminated')
    .map(({ id, state, imageId }) => ({ imageId, kind: 'instance', by: `${id} (${state})` })),
});
