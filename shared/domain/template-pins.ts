import type { Inventory, LaunchTemplateVersion, TemplatePin } from './inventory.ts';
import { pinKey, versionKey } from './launches.ts';

/** Who names which version of a launch template by its number. */
export interface Pins {
  /** `pinned by Auto Scaling group blue`, for each. */
  of(version: LaunchTemplateVersion): readonly string[];
}

interface Pinner {
  readonly called: string;
  readonly templates: readonly TemplatePin[];
}

export const createPins = (inventory: Inventory): Pins => {
  const byVersion = new Map<string, Set<string>>();
  for (const { called, templates } of pinnersIn(inventory)) {
    for (const pin of templates.filter(isNumbered)) {
      const key = versionKey(pinKey(pin), Number(pin.version));
      byVersion.set(key, (byVersion.get(key) ?? new Set()).add(`pinned by ${called}`));
    }
  }
  const pinning = (template: string, version: number): Iterable<string> =>
    byVersion.get(versionKey(template, version)) ?? [];
  return {
    of: ({ templateId, templateName, version }) => [
      ...new Set([
        ...pinning(pinKey({ templateId }), version),
        ...pinning(pinKey({ templateName }), version),
      ]),
    ],
  };
};

const isNumbered = ({ version }: TemplatePin): boolean => /^\d+$/.test(version);

const pinnersIn = (inventory: Inventory): readonly Pinner[] => [
  ...inventory.autoScalingGroups.items.map(({ name, templates }) => ({
    called: `Auto Scaling group ${name}`,
    templates,
  })),
  ...[...inventory.fleets.items, ...inventory.spotFleetRequests.items]
    .filter(({ isActive }) => isActive)
    .map(({ id, templates }) => ({ called: id, templates })),
];
