import {
  type Observation,
  type Part,
  type PlaceImages,
  type Snapshot,
  type SourceReferences,
  type Target,
  isOneOf,
  isSameTarget,
  notRead,
} from '../domain/model.ts';
import type { PolicySet } from '../domain/policy.ts';
import { volumeTagKeys } from '../domain/volumes.ts';
import { type Loop, destinationsOf, isHome, targetsOf } from './loop.ts';
import type { Ec2 } from './ports.ts';

/**
 * What a pass is for, and so what it reads. A part that it does not read counts as unknown, so a
 * pass that was not made to remove anything could not if it tried.
 */
export type Purpose = 'backup' | 'sweep' | 'tidy' | 'retire' | 'report';

const isSweep = (purpose: Purpose): boolean => purpose === 'sweep' || purpose === 'tidy';

/** Reads a target, with as few calls as the purpose allows. Never throws for a failed read. */
export const observe = async (
  loop: Loop,
  target: Target,
  purpose: Purpose,
): Promise<Observation> => {
  const ec2 = loop.cloud.at(target);
  const isBackup = purpose === 'backup' || isSweep(purpose);
  const isHomeBackup = isBackup && isHome(loop, target);
  const needsInstances = purpose === 'report' || isHomeBackup;
  const tagKeys = isHomeBackup ? volumeTagKeys(loop.policySet) : [];
  const [instances, images, snapshots, volumes, places] = await Promise.all([
    needsInstances ? ec2.instances() : notRead<never>(),
    seesOthers(loop.policySet, purpose) ? ec2.ownImages() : ec2.images(loop.deployment),
    observeSnapshots(loop, ec2, purpose),
    tagKeys.length > 0 ? ec2.volumes(tagKeys) : notRead<never>(),
    Promise.all(
      placesFor(loop, target, purpose).map((place) => observePlace(loop, place, purpose)),
    ),
  ]);
  const observedMs = loop.clock.nowMs();
  return { target, observedMs, instances, images, snapshots, volumes, uses: [], places };
};

/** Whether images that others made matter: tag policies want tags on them, policies may adopt them. */
const seesOthers = ({ tagPolicies, adoptions }: PolicySet, purpose: Purpose): boolean =>
  isSweep(purpose) && (tagPolicies.length > 0 || (purpose === 'tidy' && adoptions.length > 0));

/** Many pages in a large account: once a day is enough to mend tags, and to remove what is left. */
const observeSnapshots = async (
  { deployment, policySet }: Loop,
  ec2: Ec2,
  purpose: Purpose,
): Promise<Part<Snapshot>> => {
  if (purpose !== 'retire' && purpose !== 'tidy') return notRead<never>();
  const seesAll = purpose === 'tidy' && policySet.tagPolicies.some(({ snapshots }) => snapshots);
  return seesAll ? ec2.ownSnapshots() : ec2.snapshots(deployment);
};

/**
 * The observation with what may use its images: read last, and only where something may go.
 * @param imageIds those that may go
 */
export const observeUses = async (
  loop: Loop,
  observation: Observation,
  imageIds: readonly string[],
): Promise<Observation> => {
  const ec2 = loop.cloud.at(observation.target);
  const [instances, uses] = await Promise.all([ec2.instances(), readUses(loop, ec2, imageIds)]);
  return { ...observation, observedMs: loop.clock.nowMs(), instances, uses };
};

/** What all the loop's sources but the instances say. */
export const readUses = (
  { sources }: Pick<Loop, 'sources'>,
  ec2: Ec2,
  imageIds: readonly string[],
): Promise<readonly SourceReferences[]> =>
  ec2.uses(
    sources.filter((source) => source !== 'instances'),
    imageIds,
  );

/**
 * The observation with what proves that a source is gone: the instances of these other homes, which
 * points here are copied from, and all their images.
 */
export const observeHomes = async (
  loop: Loop,
  observation: Observation,
  homes: readonly Target[],
): Promise<Observation> => {
  const read = homes.map(async (place): Promise<PlaceImages> => {
    const ec2 = loop.cloud.at(place);
    const [images, instances] = await Promise.all([ec2.images(loop.deployment), ec2.instances()]);
    return { place, images, instances };
  });
  const others = observation.places.filter(({ place }) => !isOneOf(homes, place));
  return { ...observation, places: [...others, ...(await Promise.all(read))] };
};

/**
 * A destination needs to know what its homes have, to copy it; a home what its destinations have,
 * so as not to retire what they still want, and in a sweep to wake those that lack something.
 */
const placesFor = (loop: Loop, target: Target, purpose: Purpose): readonly Target[] => {
  const homesElsewhere = loop.homes.filter((home) => !isSameTarget(home, target));
  const isDestination = loop.homes.some((home) =>
    destinationsOf(loop.policySet, home).some((place) => isSameTarget(place, target)),
  );
  const ownDestinations = isHome(loop, target)
    ? destinationsOf(loop.policySet, target).filter((place) => !isSameTarget(place, target))
    : [];
  switch (purpose) {
    case 'backup':
      return isDestination ? homesElsewhere : [];
    case 'sweep':
    case 'tidy':
      return isDestination ? [...homesElsewhere, ...ownDestinations] : ownDestinations;
    case 'retire':
      return ownDestinations;
    case 'report':
      return targetsOf(loop).filter((place) => !isSameTarget(place, target));
  }
};

/** Of a home that is copied from, only what can be copied is of use. */
const observePlace = async (loop: Loop, place: Target, purpose: Purpose): Promise<PlaceImages> => {
  const ec2 = loop.cloud.at(place);
  const isSource = purpose === 'backup' || (isSweep(purpose) && isHome(loop, place));
  const images = isSource ? ec2.availableImages(loop.deployment) : ec2.images(loop.deployment);
  return { place, images: await images };
};
