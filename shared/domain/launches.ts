import type { Inventory, LaunchTemplate, LaunchTemplateVersion, TemplatePin } from './inventory.ts';
import { parameterReader } from './parameter-values.ts';

/** The images that something launches, or why they are not known. */
export interface Launched {
  readonly imageIds: readonly string[];
  /** How it comes to them, for a reader: ` by resolve:ssm:/golden/web`, or nothing. */
  readonly how: string;
  readonly problem?: string;
}

/** Answers, for one inventory, what launches from what. */
export interface Launches {
  /** Of what stands where an image is to be named: an image id, or `resolve:ssm:...`. */
  imagesBy(text: string): Launched;
  /** Of a launch template, as something else names it. */
  templateBy(pin: TemplatePin): Launched;
}

const unknown = (problem: string): Launched => ({ imageIds: [], how: '', problem });

export const createLaunches = (inventory: Inventory): Launches => {
  const parameters = parameterReader(inventory);
  const imagesBy = (text: string): Launched => {
    if (text.startsWith('ami-')) return { imageIds: [text], how: '' };
    const value = parameters(text);
    return 'problem' in value
      ? unknown(value.problem)
      : { imageIds: value.imageIds, how: ` by ${text}` };
  };
  return { imagesBy, templateBy: createTemplateBy(inventory, imagesBy) };
};

/** How a template is called in evidence: `lt-0abc web`. */
export const templateCalled = (id: string, name: string): string => `${id} ${name}`;

const createTemplateBy = (
  { launchTemplates, launchTemplateVersions }: Inventory,
  imagesBy: Launches['imagesBy'],
): Launches['templateBy'] => {
  const listed = indexTemplates(launchTemplates.items);
  const seen = indexVersions(launchTemplateVersions.items);
  return (pin) => {
    const { templateId, templateName, version } = pin;
    const named = templateId ?? templateName ?? '';
    const key = pinKey(pin);
    const number = numberOf(pin, listed.get(key));
    if (number === undefined) return unknown(`${version} of launch template ${named} is not known`);
    const found = seen.get(versionKey(key, number));
    if (found === undefined) {
      return unknown(`version ${number} of launch template ${named} was not seen`);
    }
    const called = templateCalled(found.templateId, found.templateName);
    const by = `, ${called} version ${number}${version.startsWith('$') ? ` (${version})` : ''}`;
    if (found.image === undefined) return { imageIds: [], how: by };
    const launched = imagesBy(found.image);
    return { ...launched, how: `${by}${launched.how}` };
  };
};

/** What tells a template by: its id, or its name, which is unique in a Region and may look like an id. */
export const pinKey = ({ templateId, templateName }: Omit<TemplatePin, 'version'>): string =>
  templateId ?? `named ${templateName ?? ''}`;

/** Templates by their ids, and by their names. */
const indexTemplates = (
  templates: readonly LaunchTemplate[],
): ReadonlyMap<string, LaunchTemplate> =>
  new Map(
    templates.flatMap((one) => [
      [one.id, one] as const,
      [pinKey({ templateName: one.name }), one] as const,
    ]),
  );

const indexVersions = (
  versions: readonly LaunchTemplateVersion[],
): ReadonlyMap<string, LaunchTemplateVersion> =>
  new Map(
    versions.flatMap((one) => [
      [versionKey(one.templateId, one.version), one] as const,
      [versionKey(pinKey({ templateName: one.templateName }), one.version), one] as const,
    ]),
  );

/** @param template as {@link pinKey} tells it */
export const versionKey = (template: string, version: number): string => `${template}/${version}`;

const numberOf = (
  { version }: TemplatePin,
  template: LaunchTemplate | undefined,
): number | undefined => {
  if (version === '$Default') return template?.defaultVersion;
  if (version === '$Latest') return template?.latestVersion;
  return /^\d+$/.test(version) ? Number(version) : undefined;
};
