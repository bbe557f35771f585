import type { AttachedVolume, Instance, Part, Volume } from './model.ts';
import type { PolicySet, VolumeExclusion } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { matchesAny, matchesOneTag } from './tag-patterns.ts';

/** What an image leaves out of its instance. */
export interface Exclusion {
  /** Device names, sorted. */
  readonly devices: readonly string[];
  readonly reasons: readonly Reason[];
}

const NOTHING: Exclusion = { devices: [], reasons: [] };

/**
 * Which devices a new image leaves out, and why; or why it leaves none out. Never the root device: an
 * image without it starts nothing. What is not known is backed up: of an instance whose root device is
 * not among its volumes nothing is left out, and nothing by its tags where those could not be read.
 */
export const excludedDevices = (
  { rootDevice, volumes: attached }: Instance,
  exclusion: VolumeExclusion,
  volumes: Part<Volume>,
): Exclusion => {
  if (!excludesAny(exclusion)) return NOTHING;
  if (!attached.some(({ device }) => device === rootDevice)) {
    return { devices: [], reasons: [reason('SCH-20', 'the root device')] };
  }
  const data = attached.filter(({ device }) => device !== rootDevice);
  const isNamed = ({ device }: AttachedVolume): boolean =>
    exclusion.allButRoot || matchesAny(exclusion.devices, device);
  const others = data.filter((volume) => !isNamed(volume));
  const tagged = byTags(others, exclusion, volumes);
  const devices = [...data.filter(isNamed), ...tagged.excluded].map(({ device }) => device).sort();
  const leftOut = devices.length === 0 ? [] : [reason('SCH-21', devices.join(', '))];
  return { devices, reasons: [...leftOut, ...tagged.reasons] };
};

const wantsTags = ({ tags }: VolumeExclusion): boolean => Object.keys(tags).length > 0;

const excludesAny = (exclusion: VolumeExclusion): boolean =>
  exclusion.allButRoot || exclusion.devices.length > 0 || wantsTags(exclusion);

interface Tagged {
  readonly excluded: readonly AttachedVolume[];
  readonly reasons: readonly Reason[];
}

const byTags = (
  candidates: readonly AttachedVolume[],
  exclusion: VolumeExclusion,
  volumes: Part<Volume>,
): Tagged => {
  if (!wantsTags(exclusion) || candidates.length === 0) return { excluded: [], reasons: [] };
  if (!volumes.isComplete) return { excluded: [], reasons: [reason('SCH-20', volumes.problem)] };
  const ids = new Set(
    volumes.items.filter(({ tags }) => matchesOneTag(exclusion.tags, tags)).map(({ id }) => id),
  );
  return { excluded: candidates.filter(({ volumeId }) => ids.has(volumeId)), reasons: [] };
};

/**
 * Patterns of the tag keys for which volumes are looked at, sorted; none if no policy looks at any.
 * A volume that has none of them is of no concern to a plan.
 */
export const volumeTagKeys = ({ policies }: PolicySet): readonly string[] => {
  const keys = policies.flatMap(({ image: { excludeVolumes, volumeTags } }) => [
    ...Object.keys(excludeVolumes.tags),
    ...volumeTags,
  ]);
  return [...new Set(keys)].sort();
};
