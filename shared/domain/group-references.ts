import type { AutoScalingGroup, Fleet, Inventory, TemplatePin } from './inventory.ts';
import type { Launched, Launches } from './launches.ts';
import type { ImageReference, Part } from './model.ts';
import { partOf, type Said } from './said.ts';

/** Images that Auto Scaling groups launch, as many instances as they may want: 0 may be 1 tomorrow. */
export const groupReferences = (inventory: Inventory, launches: Launches): Part<ImageReference> => {
  const { autoScalingGroups, launchConfigurations } = inventory;
  const images = new Map(launchConfigurations.items.map(({ name, image }) => [name, image]));
  const said = autoScalingGroups.items.map((group) => {
    const by = `Auto Scaling group ${group.name} (desired ${group.desired})`;
    const launched = [...launchesOf(group, launches), ...byConfiguration(group, images, launches)];
    return toSaid(launched.length === 0 ? [LAUNCHES_NOTHING] : launched, by, 'auto-scaling-group');
  });
  return partOf(said, [autoScalingGroups]);
};

/** No group is without something to launch from (Auto Scaling API Reference, "CreateAutoScalingGroup"). */
const LAUNCHES_NOTHING: Launched = {
  imageIds: [],
  how: '',
  problem: 'what it launches from was not seen',
};

const launchesOf = (
  {
    templates,
    images,
  }: { readonly templates: readonly TemplatePin[]; readonly images: readonly string[] },
  launches: Launches,
): readonly Launched[] => [
  ...templates.map((pin) => launches.templateBy(pin)),
  ...images.map((image) => {
    const launched = launches.imagesBy(image);
    return { ...launched, how: `, override${launched.how}` };
  }),
];

const byConfiguration = (
  { launchConfiguration: name }: AutoScalingGroup,
  images: ReadonlyMap<string, string>,
  launches: Launches,
): readonly Launched[] => {
  if (name === undefined) return [];
  const image = images.get(name);
  if (image === undefined) {
    return [{ imageIds: [], how: '', problem: `launch configuration ${name} was not seen` }];
  }
  return [{ ...launches.imagesBy(image), how: `, launch configuration ${name}` }];
};

/** Each reference says who, and how it comes to the image; each problem says whose it is. */
const toSaid = (launched: readonly Launched[], by: string, kind: ImageReference['kind']): Said => ({
  references: launched.flatMap(({ imageIds, how }) =>
    imageIds.map((imageId) => ({ imageId, kind, by: `${by}${how}`, holds: true })),
  ),
  problems: launched.flatMap(({ problem }) => (problem === undefined ? [] : [`${by}: ${problem}`])),
});

/** Images of launch configurations. One that no group has may get a group at any time. */
export const configurationReferences = (
  { autoScalingGroups, launchConfigurations }: Inventory,
  launches: Launches,
): Part<ImageReference> => {
  const groups = Map.groupBy(autoScalingGroups.items, (group) => group.launchConfiguration);
  const said = launchConfigurations.items.map(({ name, image }) => {
    const attached = (groups.get(name) ?? []).map((group) => `Auto Scaling group ${group.name}`);
    const unattached = autoScalingGroups.isComplete ? ['unattached'] : [];
    const where = attached.length === 0 ? unattached : attached;
    const by = `launch configuration ${name}${where.length === 0 ? '' : ` (${where.join(', ')})`}`;
    return toSaid([launches.imagesBy(image)], by, 'launch-configuration');
  });
  return partOf(said, [launchConfigurations]);
};

/** Images of EC2 Fleets, or of Spot Fleet requests, that may still launch. */
export const fleetReferences = (
  fleets: Part<Fleet>,
  kind: 'fleet' | 'spot-fleet',
  launches: Launches,
): Part<ImageReference> => {
  const said = fleets.items
    .filter(({ isActive }) => isActive)
    .map((fleet) => toSaid(launchesOf(fleet, launches), `${fleet.id} (${fleet.state})`, kind));
  return partOf(said, [fleets]);
};
