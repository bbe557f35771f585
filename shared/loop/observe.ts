import {
  type Observation,
  type PlaceImages,
  type Target,
  isSameTarget,
  notRead,
} from '../domain/model.ts';
import { type Loop, destinationsOf, isHome, targetsOf } from './loop.ts';

/**
 * What a pass is for, and so what it reads. A part that it does not read counts as unknown, so a
 * pass that was not made to remove anything could not if it tried.
 */
export type Purpose = 'backup' | 'sweep' | 'retire' | 'report';

/** Reads a target, with as few calls as the purpose allows. Never throws for a failed read. */
export const observe = async (
  loop: Loop,
  target: Target,
  purpose: Purpose,
): Promise<Observation> => {
  const ec2 = loop.cloud.at(target);
  const isBackup = purpose === 'backup' || purpose === 'sweep';
  const needsInstances = purpose === 'report' || (isBackup && isHome(loop, target));
  const [instances, images, snapshots, places] = await Promise.all([
    needsInstances ? ec2.instances() : notRead<never>(),
    ec2.images(loop.deployment),
    purpose === 'retire' ? ec2.snapshots(loop.deployment) : notRead<never>(),
    Promise.all(
      placesFor(loop, target, purpose).map((place) => observePlace(loop, place, purpose)),
    ),
  ]);
  const observedMs = loop.clock.nowMs();
  const launchTemplates = notRead<never>();
  return { target, observedMs, instances, images, snapshots, launchTemplates, places };
};

/** The observation with what may use its images: read last, and only where something may go. */
export const observeUses = async (loop: Loop, observation: Observation): Promise<Observation> => {
  const ec2 = loop.cloud.at(observation.target);
  const [instances, launchTemplates] = await Promise.all([
    ec2.instances(),
    ec2.launchTemplateReferences(),
  ]);
  return { ...observation, observedMs: loop.clock.nowMs(), instances, launchTemplates };
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
  const isSource = purpose === 'backup' || (purpose === 'sweep' && isHome(loop, place));
  const images = isSource ? ec2.availableImages(loop.deployment) : ec2.images(loop.deployment);
  return { place, images: await images };
};
