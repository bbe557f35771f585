import { isoOf } from './iso.ts';
import { freedBy, sizeOf, totalOf } from './audit-cost.ts';
import { type Backups, backupsOf, createOrigin, managedBy } from './audit-origin.ts';
import type { AuditFinding } from './audit-report.ts';
import { type Found, plural, sectionOf } from './audit-section.ts';
import {
  type AuditView,
  instancesByImage,
  liveInstances,
  unknownParts,
  unknownPermissions,
  unknownSources,
} from './audit-view.ts';
import { type Children, childrenOf } from './children.ts';
import type { SeenImage } from './inventory.ts';
import type { ImageReference } from './model.ts';

/** What a check by age and instances alone takes for unused. */
const OLD_MS = 90 * 86_400_000;

/** Nobody but the owner asks of these: they are there, or can be made so again. */
const STANDING: readonly string[] = ['available', 'disabled', 'failed', 'error', 'invalid'];

const ownImages = ({ inventory }: AuditView): readonly SeenImage[] =>
  inventory.images.items.filter(({ state }) => STANDING.includes(state));

/** Whoever launches from an image, or may; files that name it count as well. */
const holdersOf = (view: AuditView, image: SeenImage): readonly string[] => [
  ...(view.uses.get(image.id) ?? []).filter(({ holds }) => holds).map(({ by }) => by),
  ...(view.named.get(image.id) ?? []).map((by) => `named in ${by}`),
];

/** Lags a day behind, so that an image is never taken for unused on its first. */
const isLaunchedLately = ({ nowMs }: AuditView, { lastLaunchedMs }: SeenImage): boolean =>
  lastLaunchedMs !== undefined && nowMs - lastLaunchedMs < OLD_MS;

const dayOf = (instantMs: number): string => isoOf(instantMs).slice(0, 10);

interface Unreferenced {
  readonly mine: readonly SeenImage[];
  readonly managed: number;
  /** Points of ours. */
  readonly points: number;
  readonly launched: number;
}

const unreferencedIn = (view: AuditView): Unreferenced => {
  const free = ownImages(view).filter((image) => holdersOf(view, image).length === 0);
  const unmanaged = free.filter((image) => managedBy(image) === undefined);
  const points = free.filter((image) => managedBy(image)?.isImago === true).length;
  const mine = unmanaged.filter((image) => !isLaunchedLately(view, image));
  return {
    mine: mine.toSorted((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1)),
    managed: free.length - unmanaged.length - points,
    points,
    launched: unmanaged.length - mine.length,
  };
};

/** AUD-01: what nothing refers to, oldest first, and what it costs at most. */
export const unreferenced = (views: readonly AuditView[], backups: Backups) => {
  const children = childrenOf(views.map(({ inventory }) => inventory));
  const found = views.map((view) => ({ view, ...unreferencedIn(view) }));
  const sumOf = (name: 'managed' | 'points' | 'launched'): number =>
    found.reduce((total, one) => total + one[name], 0);
  return {
    ...sectionOf(
      'AUD-01',
      found.map(({ view, mine }): Found => {
        const toFinding = createUnreferenced(view, backups, children);
        return {
          findings: mine.map(toFinding),
          unknown: [
            ...unknownParts(view, ['images']),
            ...(mine.length === 0 ? [] : unknownSources(view)),
            ...unknownPermissions(view, mine),
          ],
        };
      }),
    ),
    ...totalOf(found.flatMap(({ view, mine }) => freedBy(view, mine))),
    notes: [
      ...leftOut(sumOf('managed'), 'a manager looks after them (AUD-11)'),
      ...leftOut(sumOf('points'), 'Imago looks after them'),
      ...leftOut(sumOf('launched'), 'they were launched in the last 90 days'),
    ],
  };
};

const leftOut = (count: number, why: string): readonly string[] =>
  count === 0 ? [] : [`${count} not counted, as ${why}`];

const createUnreferenced = (
  view: AuditView,
  backups: Backups,
  children: Children,
): ((image: SeenImage) => AuditFinding) => {
  const originOf = createOrigin(view);
  const live = new Map(liveInstances(view).map((instance) => [instance.id, instance]));
  return (image) => {
    const origin = originOf(image);
    const source = live.get(origin ?? '');
    const others = origin === undefined ? [] : backupsOf(backups, view, origin);
    const isNewest = others.every((one) => one.image.createdMs <= image.createdMs);
    return {
      ...aboutImage(view, image),
      ...sizeOf(freedBy(view, [image])),
      evidence: [
        ...(view.uses.get(image.id) ?? []).filter(isTold).map(({ by }) => by),
        ...(source === undefined
          ? []
          : [`${isNewest ? 'newest ' : ''}image of ${source.id} (${source.state})`]),
        ...madeFrom(children(view.inventory.target.region, image.id).length),
        ...lastLaunch(image),
      ],
    };
  };
};

/** They stand without it, so they are told and keep nothing. */
const madeFrom = (count: number): readonly string[] =>
  count === 0 ? [] : [`${plural(count, 'image')} made from it`];

/** Launch permissions that nobody has are no evidence. */
const isTold = ({ holds, kind }: ImageReference): boolean => !holds && kind !== 'launch-permission';

const lastLaunch = ({ lastLaunchedMs }: SeenImage): readonly string[] =>
  lastLaunchedMs === undefined ? [] : [`last launched ${dayOf(lastLaunchedMs)}`];

export const aboutImage = (
  { key }: AuditView,
  { id, name, state, createdMs }: SeenImage,
): Omit<AuditFinding, 'evidence'> => ({
  target: key,
  id,
  name,
  status: state,
  since: isoOf(createdMs),
});

/** AUD-02: what a check by age and instances would remove, and who would miss it. */
export const onlySeeminglyUnused = (views: readonly AuditView[]) =>
  sectionOf(
    'AUD-02',
    views.map((view): Found => {
      const launched = instancesByImage(view);
      const old = ownImages(view).filter(
        ({ id, createdMs }) => view.nowMs - createdMs > OLD_MS && !launched.has(id),
      );
      return {
        findings: old
          .map((image) => ({
            ...aboutImage(view, image),
            evidence: [
              ...holdersOf(view, image),
              ...(isLaunchedLately(view, image) ? lastLaunch(image) : []),
            ],
          }))
          .filter(({ evidence }) => evidence.length > 0)
          .toSorted((a, b) => b.evidence.length - a.evidence.length || (a.id < b.id ? -1 : 1)),
        unknown: [
          ...unknownParts(view, ['images']),
          ...unknownSources(view),
          ...unknownPermissions(view, old),
        ],
      };
    }),
  );
