import { isoOf } from './iso.ts';
import { managedBy, createOrigin } from './audit-origin.ts';
import {
  type AuditView,
  standingOf,
  unknownParts,
  unknownPermissions,
  unknownSources,
} from './audit-view.ts';
import { childrenOf } from './children.ts';
import { eventsOf } from './explain-future.ts';
import { futureOfImage } from './explain-image-future.ts';
import {
  type Context,
  NO_POLICY,
  type Told,
  decisionsAbout,
  explained,
  instanceCalled,
  plannedAt,
} from './explain-input.ts';
import { referencesAcross } from './explain-references.ts';
import type { Fact, Related, TimelineEvent } from './explain-report.ts';
import { VERDICT_WORDS, conditionsOf } from './explain-words.ts';
import type { Decision, PlanInput } from './decision.ts';
import type { SeenImage } from './inventory.ts';
import { type Target, isOneOf, isSameTarget, targetKey } from './model.ts';
import { ownershipOf } from './point.ts';
import { describeReason } from './reasons.ts';
import { TAG } from './tags.ts';

/** What is told of an image that was seen, whoever owns it. */
export const explainImage = (context: Context): Told | undefined => {
  const seen = context.views.flatMap((view) => {
    const standing = standingOf(view, context.id);
    return standing.is === 'here' ? [{ view, ...standing }] : [];
  });
  // Others may have seen it too, but know less of it than its owner.
  const best = seen.find(({ isOwn }) => isOwn) ?? seen[0];
  if (best === undefined) return undefined;
  const { view, image, isOwn } = best;
  return isOwn ? explainOwn(context, view, image) : explainForeign(context, view, image);
};

/** Other accounts can launch from it too, in its Region. */
const referencesTo = ({ views }: Context, { inventory }: AuditView, { id }: SeenImage) =>
  referencesAcross(
    views.filter((one) => one.inventory.target.region === inventory.target.region),
    id,
  );

const explainOwn = (context: Context, view: AuditView, image: SeenImage): Told => {
  const { target } = view.inventory;
  const decided = decisionsAbout(context);
  const main =
    decided.find((one) => isSameTarget(one.target, target))?.decision ?? decided[0]?.decision;
  const ownership = ownershipOf(image, context.deployment, target);
  const decisions = explained(decided);
  return {
    name: image.name,
    presence: 'own',
    target: view.key,
    headline: headlineOf(context, main, ownership.isOurs),
    notes: [
      ...(context.planned === undefined ? [NO_POLICY] : []),
      ...(context.planned !== undefined && plannedAt(context, target) === undefined
        ? ['The policies have nothing to do with this Region.']
        : []),
    ],
    facts: [
      {
        name: 'ownership',
        value: ownership.isOurs
          ? `a point of ${ownership.point.name.sourceId} by ${ownership.point.name.policyId}, deployment ${context.deployment}`
          : describeReason(ownership.reason),
      },
      ...factsOf(view, image),
    ],
    decisions,
    selections: [],
    coverage: [],
    references: referencesTo(context, view, image),
    related: [...sourceOf(context, view, image), ...kinOf(context, view, image)],
    timeline: timelineOf(context, target, image, main),
    unknown: [
      ...unknownParts(view, ['images', 'snapshots']),
      ...unknownSources(view),
      ...unknownPermissions(view, [image]),
    ],
  };
};

const headlineOf = ({ planned }: Context, main: Decision | undefined, isOurs: boolean): string => {
  if (main !== undefined) return VERDICT_WORDS[main.verdict];
  if (!isOurs) return 'Not ours: Imago never changes or removes it';
  return planned === undefined ? 'Ours; without a policy nothing is decided' : 'Ours';
};

const explainForeign = (context: Context, view: AuditView, image: SeenImage): Told => ({
  name: image.name,
  presence: 'others',
  target: view.key,
  headline: 'Not ours: it belongs to another account, and Imago never touches it',
  notes: [],
  facts: factsOf(view, image),
  decisions: [],
  selections: [],
  coverage: [],
  references: referencesTo(context, view, image),
  related: [],
  timeline: [],
});

const factsOf = (view: AuditView, image: SeenImage): readonly Fact[] => {
  const manager = managedBy(image);
  const sizeGiB = image.snapshots.reduce((sum, one) => sum + one.sizeGiB, 0);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['state', stateOf(image)],
    ['created', isoOf(image.createdMs)],
    [
      'owner',
      image.ownerAlias === undefined ? image.ownerId : `${image.ownerId} (${image.ownerAlias})`,
    ],
    ['system', `${image.platform}, ${image.architecture}, root device ${image.rootDeviceType}`],
    ['description', image.description],
    ['public', image.isPublic ? 'yes' : undefined],
    ['encrypted', image.isEncrypted === undefined ? undefined : image.isEncrypted ? 'yes' : 'no'],
    [
      'deprecated',
      image.deprecatedMs === undefined ? undefined : deprecation(view, image.deprecatedMs),
    ],
    [
      'last launched',
      image.lastLaunchedMs === undefined
        ? undefined
        : `${isoOf(image.lastLaunchedMs)} (lags a day)`,
    ],
    ['product codes', image.productCodes.join(', ')],
    [
      'managed by',
      manager === undefined || manager.isImago ? undefined : `${manager.name} (${manager.mark})`,
    ],
    ['made of', createOrigin(view)(image)],
    ['copied from', copiedFrom(image)],
    ['snapshots', snapshotsOf(image, sizeGiB)],
    ['protected from deregistration', image.isDeregistrationProtected ? 'yes' : undefined],
    ['hold', image.tags[TAG.hold]],
    ['keep until', image.tags[TAG.keepUntil]],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name, value }],
  );
};

const stateOf = ({ state, stateMessage }: SeenImage): string =>
  stateMessage === undefined ? state : `${state}: ${stateMessage}`;

const deprecation = ({ nowMs }: AuditView, atMs: number): string =>
  atMs <= nowMs ? `since ${isoOf(atMs)}` : `from ${isoOf(atMs)} on`;

const copiedFrom = ({
  sourceImageId,
  sourceImageRegion,
  sourceInstanceId,
}: SeenImage): string | undefined =>
  sourceImageId === undefined || sourceInstanceId !== undefined
    ? undefined
    : `${sourceImageId}${sourceImageRegion === undefined ? '' : ` in ${sourceImageRegion}`}`;

const snapshotsOf = ({ snapshots }: SeenImage, sizeGiB: number): string =>
  snapshots.length === 0
    ? ''
    : `${snapshots.map(({ snapshotId }) => snapshotId).join(', ')}: at most ${sizeGiB} GiB`;

/** The instance that it was made of, as far as that is still there. */
const sourceOf = (context: Context, view: AuditView, image: SeenImage): readonly Related[] => {
  const sourceId = createOrigin(view)(image);
  if (sourceId === undefined) return [];
  const source = instanceCalled(context, sourceId);
  const isWhole = context.views.every(({ inventory }) => inventory.instances.isComplete);
  const gone = isWhole
    ? 'its source, which is not there any more'
    : 'its source, which was not seen';
  return [
    {
      target: source === undefined ? '' : view.key,
      id: sourceId,
      name: source?.tags['Name'] ?? '',
      how: source === undefined ? gone : `its source (${source.state})`,
    },
  ];
};

/** Copies of the same point, and what was made from it. */
const kinOf = (
  { views }: Context,
  { key, inventory: { target } }: AuditView,
  image: SeenImage,
): readonly Related[] => {
  const mark = `${key}/${image.id}`;
  const copies = views.flatMap((view) =>
    view.inventory.images.items
      .filter(({ tags }) => tags[TAG.copiedFrom] === mark)
      .map(({ id, name, state }) => ({
        target: view.key,
        id,
        name,
        how: `a copy of the same point (${state})`,
      })),
  );
  const children = childrenOf(views.map(({ inventory }) => inventory))(target.region, image.id);
  return [
    ...copies,
    ...children.map((child) => ({
      target: targetKey(child.place),
      id: child.image.id,
      name: child.image.name,
      how: `${child.how}; it stands without it`,
    })),
  ];
};

const timelineOf = (
  context: Context,
  target: Target,
  image: SeenImage,
  main: Decision | undefined,
): readonly TimelineEvent[] => {
  const retirement = plannedAt(context, target)?.retirement;
  if (retirement === undefined || main === undefined) return [];
  const input = knowingAll(context, retirement);
  const source = instanceCalled(context, image.tags[TAG.source] ?? '');
  return [...eventsOf(futureOfImage({ image, input, source })), ...conditionsOf(main.reasons)];
};

/** A pass asks only what it needs now; what is to come is told by all that is known. */
const knowingAll = ({ views, planned = [] }: Context, input: PlanInput): PlanInput => {
  const { observation } = input;
  const { target } = observation;
  const here = views.find(({ inventory }) => isSameTarget(inventory.target, target));
  const elsewhere = views
    .map(({ inventory }) => inventory)
    .filter((one) => !isSameTarget(one.target, target))
    .filter((one) => planned.some((plan) => isSameTarget(plan.target, one.target)))
    .map((one) => ({ place: one.target, images: one.images, instances: one.instances }));
  const places = elsewhere.map(({ place }) => place);
  return {
    ...input,
    observation: {
      ...observation,
      ...(here === undefined
        ? {}
        : {
            instances: here.inventory.instances,
            uses: here.sources.filter(({ source }) => source !== 'instances'),
          }),
      places: [...elsewhere, ...observation.places.filter(({ place }) => !isOneOf(places, place))],
    },
  };
};
