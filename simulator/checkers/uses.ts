/** What uses an image: what could no longer be launched, or no longer be told where it came from. */
import type { ImageRow, TemplateRow } from '../services/ec2/rows.ts';
import type { RegionStore } from '../services/ec2/store.ts';

const instancesOf = (store: RegionStore, image: ImageRow): string[] =>
  [...store.instances.values()]
    .filter((row) => row.imageId === image.imageId && row.state !== 'terminated')
    .map((row) => `instance ${row.instanceId} is ${row.state}`);

/** The versions that a launch takes when it names none: the default one and the latest. */
const launchedVersions = ({ versions, defaultVersion }: TemplateRow) => {
  const latest = versions.at(-1)?.version;
  return versions.filter(({ version }) => version === defaultVersion || version === latest);
};

const templatesOf = (store: RegionStore, image: ImageRow): string[] =>
  [...store.templates.values()].flatMap((template) =>
    launchedVersions(template)
      .filter((version) => version.imageId === image.imageId)
      .map((version) => `launch template ${template.name} version ${version.version}`),
  );

/** Says by what the image is used; empty if by nothing. */
export const usesOf = (store: RegionStore, image: ImageRow): string[] => [
  ...instancesOf(store, image),
  ...templatesOf(store, image),
];
