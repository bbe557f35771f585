import {
  FUNCTION_SOURCES,
  type Image,
  type ImageReference,
  type Instance,
  notRead,
  type Part,
  REFERENCE_SOURCES,
  type ReferenceSource,
  type SourceReferences,
} from './model.ts';
import { formatSlot } from './naming.ts';
import { type Reason, type ReasonId, reason } from './reasons.ts';
import { TAG } from './tags.ts';
import { nextOpeningMs, openUntilMs, type Window } from './windows.ts';

/**
 * What may forbid the removal of an image. The planner fills it from its observation, the apply
 * step from facts that it has just read again; both ask the same {@link vetoesOf}.
 */
export interface ProtectionFacts {
  readonly sources: readonly SourceFacts[];
  readonly nowMs: number;
}

export interface SourceFacts {
  readonly source: ReferenceSource;
  readonly references: References;
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

/** What was read of those who use images, and who had to be asked. */
interface Asked {
  readonly uses: readonly SourceReferences[];
  /** Besides those that the functions ask, whom nobody may leave out. */
  readonly sources: readonly ReferenceSource[];
  readonly nowMs: number;
}

/** The facts of a pass. Who should have been asked and was not is unknown; who was, counts anyway. */
export const protectionOf = ({ uses, sources, nowMs }: Asked): ProtectionFacts => {
  const demanded = new Set([...FUNCTION_SOURCES, ...sources]);
  const parts = REFERENCE_SOURCES.flatMap((source): readonly SourceReferences[] => {
    const found = uses.filter((one) => one.source === source);
    return found.length === 0 && demanded.has(source) ? [{ source, part: notRead() }] : found;
  });
  return {
    sources: parts.map(({ source, part }) => ({ source, references: indexReferences(part) })),
    nowMs,
  };
};

/** Whether all that this source could say is known. */
export const isKnown = ({ sources }: ProtectionFacts, source: ReferenceSource): boolean => {
  const asked = sources.filter((one) => one.source === source);
  return asked.length > 0 && asked.every(({ references }) => references.isComplete);
};

const NOTHING: readonly Reason[] = [];

/**
 * Every reason that forbids removing an image; none means that it may go. All are looked for, so
 * that the reader sees every one. What could not be read forbids, like what was found.
 */
export const vetoesOf = (image: Image, facts: ProtectionFacts): readonly Reason[] => {
  let vetoes = NOTHING;
  for (const one of facts.sources) {
    const found = usesBy(image.id, one);
    if (found.length > 0) vetoes = [...vetoes, ...found];
  }
  const own = ownVetoes(image, facts.nowMs);
  return own.length > 0 ? [...vetoes, ...own] : vetoes;
};

const ownVetoes = (image: Image, nowMs: number): readonly Reason[] => {
  const hold = image.tags[TAG.hold];
  if (hold === undefined && !image.isDeregistrationProtected) return NOTHING;
  return [...heldBy(hold, nowMs), ...(image.isDeregistrationProtected ? [reason('PRO-04')] : [])];
};

/** What forbids the removal of an image that a source names, or of which it is not known. */
const REASONS_OF: Readonly<
  Record<ReferenceSource, { readonly found: ReasonId; readonly unknown: ReasonId }>
> = {
  instances: { found: 'PRO-01', unknown: 'PRO-20' },
  'launch-templates': { found: 'PRO-02', unknown: 'PRO-22' },
  'auto-scaling-groups': { found: 'PRO-08', unknown: 'PRO-28' },
  'launch-configurations': { found: 'PRO-09', unknown: 'PRO-29' },
  parameters: { found: 'PRO-10', unknown: 'PRO-30' },
  fleets: { found: 'PRO-11', unknown: 'PRO-31' },
  'spot-fleets': { found: 'PRO-12', unknown: 'PRO-32' },
  'launch-permissions': { found: 'PRO-13', unknown: 'PRO-33' },
};

/** Asked of every image and every source: where there is nothing to say, nothing is made. */
const usesBy = (imageId: string, { source, references }: SourceFacts): readonly Reason[] => {
  const named = references.byImageId.get(imageId);
  const unknown = unknownBy(source, references, named);
  if (named === undefined) return unknown === undefined ? NOTHING : [unknown];
  const found = named
    .filter(({ holds }) => holds)
    .map(({ by }) => by)
    .sort()
    .map((by) => reason(REASONS_OF[source].found, by));
  return unknown === undefined ? found : [...found, unknown];
};

/**
 * Why a source may hold an image that it does not name. Launch permissions are read image by image:
 * an image that they name is known, whatever befell the others, and any other is not.
 */
const unknownBy = (
  source: ReferenceSource,
  { isComplete, problem }: References,
  named: readonly ImageReference[] | undefined,
): Reason | undefined => {
  if (source === 'launch-permissions') {
    if (named !== undefined) return undefined;
    return reason('PRO-33', isComplete ? 'not asked about this image' : problem);
  }
  return isComplete ? undefined : reason(REASONS_OF[source].unknown, problem);
};

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
    .map(({ id, state, imageId }) => ({
      imageId,
      kind: 'instance',
      by: `${id} (${state})`,
      holds: true,
    })),
});
