import type { Inventory, LaunchTemplate, LaunchTemplateVersion } from './inventory.ts';
import { createPins, type Pins } from './template-pins.ts';
import { type Launches, templateCalled, versionKey } from './launches.ts';
import type { ImageReference, Part } from './model.ts';
import { partOf, type Said } from './said.ts';

/**
 * Images that versions of launch templates name. The default and the latest version can be launched
 * by whoever names the template, and hold; so do those that something names by number. What an older
 * one names is only told. Of a template that is not listed, any may be the default: all hold.
 */
export const templateReferences = (
  inventory: Inventory,
  launches: Launches,
): Part<ImageReference> => {
  const { launchTemplates, launchTemplateVersions } = inventory;
  const listed = new Map(launchTemplates.items.map((template) => [template.id, template]));
  const pins = createPins(inventory);
  const said = launchTemplateVersions.items.map((version) =>
    saidBy(version, listed.get(version.templateId), { pins, launches }),
  );
  const lacking = launchTemplateVersions.isComplete ? lackingOf(inventory) : [];
  const unlisted = launchTemplates.isComplete ? unlistedIn(inventory, listed) : [];
  return partOf(
    [...said, { references: [], problems: [...lacking, ...unlisted] }],
    [launchTemplates, launchTemplateVersions],
  );
};

interface Context {
  readonly pins: Pins;
  readonly launches: Launches;
}

const saidBy = (
  version: LaunchTemplateVersion,
  template: LaunchTemplate | undefined,
  { pins, launches }: Context,
): Said => {
  if (version.image === undefined) return { references: [], problems: [] };
  const roles = [...rolesOf(version, template), ...pins.of(version)];
  const holds = roles.length > 0;
  const { imageIds, how, problem } = launches.imagesBy(version.image);
  const called = templateCalled(version.templateId, version.templateName);
  const by = `${called} version ${version.version} (${holds ? roles.join(', ') : 'only old'})${how}`;
  return {
    references: imageIds.map((imageId) => ({ imageId, kind: 'launch-template', by, holds })),
    problems: holds && problem !== undefined ? [problem] : [],
  };
};

/** Versions are read after templates: meanwhile there may be a newer one, or another default. */
const rolesOf = (
  { version, isDefault }: LaunchTemplateVersion,
  template: LaunchTemplate | undefined,
): readonly string[] => {
  if (template === undefined) return ['perhaps default or latest'];
  return [
    ...(version === template.defaultVersion || isDefault === true ? ['default'] : []),
    ...(version === template.latestVersion ? ['latest'] : []),
    ...(version > template.latestVersion ? ['newer than listed'] : []),
  ];
};

/** Default and latest versions of listed templates that were not seen. */
const lackingOf = ({ launchTemplates, launchTemplateVersions }: Inventory): readonly string[] => {
  const seen = new Set(
    launchTemplateVersions.items.map((one) => versionKey(one.templateId, one.version)),
  );
  return launchTemplates.items.flatMap(({ id, name, defaultVersion, latestVersion }) =>
    [...new Set([defaultVersion, latestVersion])]
      .filter((version) => !seen.has(versionKey(id, version)))
      .map((version) => `version ${version} of launch template ${id} ${name} was not seen`),
  );
};

const unlistedIn = (
  { launchTemplateVersions }: Inventory,
  listed: ReadonlyMap<string, LaunchTemplate>,
): readonly string[] =>
  launchTemplateVersions.items
    .filter(({ templateId }) => !listed.has(templateId))
    .map(
      (one) => `launch template ${templateCalled(one.templateId, one.templateName)} is not listed`,
    );
