import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory, TemplatePin } from '../../shared/domain/inventory.ts';
import {
  completePart,
  incompletePart,
  type Part,
  REFERENCE_SOURCES,
  type ReferenceSource,
} from '../../shared/domain/model.ts';
import { protectionOf, vetoesOf } from '../../shared/domain/protection.ts';
import { referencesIn } from '../../shared/domain/references.ts';
import { anInstance } from '../support/builders.ts';
import {
  autoScalingGroup,
  fleet,
  inventory,
  launchConfiguration,
  launchPermissions,
  launchTemplate,
  parameter,
  seenImage,
  templateVersion,
} from '../support/inventory.ts';

const ami = (number: number): string => `ami-${String(number).padStart(17, '0')}`;
const IMAGES = Array.from({ length: 6 }, (_, number) => ami(number));

type PartName = Exclude<keyof Inventory, 'target' | 'observedMs'>;

/** The parts that references are read from. */
const PARTS = [
  'instances',
  'permissions',
  'launchTemplates',
  'launchTemplateVersions',
  'autoScalingGroups',
  'launchConfigurations',
  'parameters',
  'fleets',
  'spotFleetRequests',
] as const satisfies readonly PartName[];

const image = fc.constantFrom(...IMAGES);
const NAMES = ['a', 'b'];
const name = fc.constantFrom(...NAMES);
const few = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 2 });

const pin: fc.Arbitrary<TemplatePin> = fc.record({
  templateName: name,
  version: fc.constantFrom('$Default', '$Latest', '1', '2', '3'),
});

const fleets = few(
  fc.record({ isActive: fc.boolean(), templates: few(pin), images: few(image) }),
).map((all) => all.map((parts, index) => fleet({ id: `fleet-${index}`, ...parts })));

/** A world in which all that is named is there. */
const anInventory: fc.Arbitrary<Inventory> = fc
  .record({
    launched: few(fc.record({ imageId: image, state: fc.constantFrom('stopped', 'terminated') })),
    versions: fc.array(
      fc.option(
        fc.oneof(
          image,
          name.map((one) => `resolve:ssm:/${one}`),
        ),
        { nil: undefined },
      ),
      {
        minLength: 6,
        maxLength: 6,
      },
    ),
    defaults: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    groups: few(
      fc.record({ templates: few(pin), images: few(image), configuration: fc.option(name) }),
    ),
    configured: fc.tuple(image, image),
    stored: fc.tuple(image, image),
    fleets,
    spotFleetRequests: fleets,
    shared: fc.subarray(IMAGES),
  })
  .map((drawn) =>
    inventory({
      images: IMAGES.map((id) => seenImage({ id })),
      instances: drawn.launched.map((parts, index) => anInstance({ id: `i-${index}`, ...parts })),
      permissions: IMAGES.map((imageId) =>
        launchPermissions({ imageId, isPublic: drawn.shared.includes(imageId) }),
      ),
      launchTemplates: NAMES.map((one, index) =>
        launchTemplate({
          id: `lt-${one}`,
          name: one,
          defaultVersion: drawn.defaults[index] ?? 1,
          latestVersion: 3,
        }),
      ),
      launchTemplateVersions: drawn.versions.map((named, index) => {
        const one = NAMES[index % 2] ?? 'a';
        const version = Math.floor(index / 2) + 1;
        const launched = named === undefined ? {} : { image: named };
        return templateVersion({
          templateId: `lt-${one}`,
          templateName: one,
          version,
          ...launched,
        });
      }),
      autoScalingGroups: drawn.groups.map(({ configuration, ...parts }, index) =>
        autoScalingGroup({
          name: `group-${index}`,
          ...parts,
          launchConfiguration: configuration ?? 'a',
        }),
      ),
      launchConfigurations: NAMES.map((one, index) =>
        launchConfiguration({ name: one, image: drawn.configured[index] ?? ami(0) }),
      ),
      parameters: NAMES.map((one, index) =>
        parameter({ name: `/${one}`, value: drawn.stored[index] ?? '' }),
      ),
      fleets: drawn.fleets,
      spotFleetRequests: drawn.spotFleetRequests,
    }),
  );

/** Which items of a list stay, by turns. */
const choice = fc.array(fc.boolean(), { minLength: 3, maxLength: 6 });

const some = <T>({ items }: Part<T>, stays: readonly boolean[]): readonly T[] =>
  items.filter((_item, index) => stays[index % stays.length]);

const withPart = (seen: Inventory, part: PartName, given: Part<never>): Inventory => ({
  ...seen,
  [part]: given,
});

/** Ids of the images that something forbids to remove. */
const vetoed = (seen: Inventory): readonly string[] => {
  const uses = referencesIn(seen).bySource;
  const facts = protectionOf({ uses, sources: REFERENCE_SOURCES, nowMs: 0 });
  return IMAGES.filter((id) => vetoesOf(seenImage({ id }), facts).length > 0);
};

/** Ids of the images that one source holds, or of which it does not know. */
const heldBy = (seen: Inventory, source: ReferenceSource): readonly string[] =>
  referencesIn(seen)
    .bySource.filter((one) => one.source === source)
    .flatMap(({ part }) =>
      part.isComplete
        ? part.items.filter(({ holds }) => holds).map(({ imageId }) => imageId)
        : IMAGES,
    );

const lacking = (before: readonly string[], after: readonly string[]): readonly string[] =>
  before.filter((id) => !after.includes(id));

describe('an inventory in which less is seen', () => {
  it('lets nothing go that the whole one protects, where the lists say that they are cut', () => {
    fc.assert(
      fc.property(anInventory, fc.subarray([...PARTS]), choice, (seen, cut, stays) => {
        const less = cut.reduce(
          (rest, part) =>
            withPart(rest, part, incompletePart('cut', some(rest[part] as Part<never>, stays))),
          seen,
        );

        expect(lacking(vetoed(seen), vetoed(less))).toEqual([]);
      }),
    );
  });

  it('lets nothing go at all where a list of those who launch is cut', () => {
    const launching = PARTS.filter((part) => part !== 'permissions');
    fc.assert(
      fc.property(anInventory, fc.constantFrom(...launching), choice, (seen, part, stays) => {
        const items = some(seen[part] as Part<never>, stays);

        expect(vetoed(withPart(seen, part, incompletePart('cut', items)))).toEqual(IMAGES);
      }),
    );
  });

  it('lets no image go whose launch permissions it lacks, whatever the list says of itself', () => {
    fc.assert(
      fc.property(anInventory, choice, fc.boolean(), (seen, stays, isComplete) => {
        const items = some(seen.permissions, stays);
        const part = isComplete ? completePart(items) : incompletePart('cut', items);
        const asked = items.map(({ imageId }) => imageId);
        const less = { ...seen, permissions: part };

        expect(lacking(IMAGES, [...asked, ...vetoed(less)])).toEqual([]);
      }),
    );
  });

  it.each<[ReferenceSource, readonly PartName[]]>([
    [
      'auto-scaling-groups',
      ['launchTemplates', 'launchTemplateVersions', 'launchConfigurations', 'parameters'],
    ],
    ['fleets', ['launchTemplates', 'launchTemplateVersions', 'parameters']],
    ['spot-fleets', ['launchTemplates', 'launchTemplateVersions', 'parameters']],
    ['launch-templates', ['launchTemplates', 'parameters']],
  ])(
    'lets nothing go that the %s hold, where what they name is missing and no list says so',
    (source, named) => {
      fc.assert(
        fc.property(anInventory, fc.subarray([...named]), choice, (seen, cut, stays) => {
          const less = cut.reduce(
            (rest, part) =>
              withPart(rest, part, completePart(some(rest[part] as Part<never>, stays))),
            seen,
          );

          expect(lacking(heldBy(seen, source), heldBy(less, source))).toEqual([]);
        }),
      );
    },
  );
});

describe('the references of an inventory', () => {
  it('hold the same images in whatever order its lists are', () => {
    fc.assert(
      fc.property(anInventory, (seen) => {
        const turned = PARTS.reduce((rest, part) => {
          const items = rest[part].items.toReversed();
          return withPart(rest, part, completePart(items as never[]));
        }, seen);

        for (const source of REFERENCE_SOURCES) {
          expect(new Set(heldBy(turned, source))).toEqual(new Set(heldBy(seen, source)));
        }
      }),
    );
  });

  it('are complete where all that is named is there', () => {
    fc.assert(
      fc.property(anInventory, (seen) => {
        const problems = referencesIn(seen).bySource.map(({ part }) => part.problem);

        expect(problems.filter((problem) => problem !== '')).toEqual([]);
      }),
    );
  });
});
