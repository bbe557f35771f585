import type { Unknown } from './audit-report.ts';
import { type AuditView, madeFor, unknownParts, unknownSources } from './audit-view.ts';
import { type Context, type Told, decisionsAbout, explained } from './explain-input.ts';
import { referencesAcross } from './explain-references.ts';
import type { Related } from './explain-report.ts';
import { TAG } from './tags.ts';

/** The lists that would show an object of each kind. */
const SHOWING = {
  image: ['images'],
  instance: ['instances'],
  snapshot: ['snapshots'],
} as const;

/**
 * An id that no list shows: gone, if all lists that would show it were read whole; else nobody knows.
 * Whatever still names it is told.
 */
export const explainAbsent = (context: Context): Told => {
  const { id, kind, views } = context;
  const lists = views.flatMap((view) => unknownParts(view, SHOWING[kind]));
  const looked = views.map(({ key }) => key).join(', ');
  const references = referencesAcross(views, id);
  const related = views.flatMap((view) => tracesOf(view, id));
  return {
    name: '',
    presence: 'not-seen',
    absence: lists.length === 0 ? 'proven' : 'unproven',
    headline: headlineOf(lists),
    notes: [
      `Looked at: ${looked}. It may be in another Region or account.`,
      ...(kind === 'image' && lists.length === 0
        ? ['Images of others are seen only where something here launches from them.']
        : []),
      ...(references.some(({ holds, label }) => holds && label !== 'others may launch')
        ? ['Whatever launches by it will fail, if it is gone.']
        : []),
    ],
    facts: [],
    decisions: explained(decisionsAbout(context)),
    selections: [],
    coverage: [],
    references,
    related,
    timeline: [],
    unknown: [...lists, ...(kind === 'image' ? views.flatMap(unknownSources) : [])],
  };
};

const headlineOf = (lists: readonly Unknown[]): string => {
  if (lists.length === 0) return 'Not seen: all lists that would show it were read whole';
  const names = [...new Set(lists.map(({ target, what }) => `${what} of ${target}`))].join(' and ');
  return `Not seen, and ${names} could not be read whole, so that proves nothing`;
};

/** What it has left behind: snapshots, images, instances. */
const tracesOf = ({ key, inventory }: AuditView, id: string): readonly Related[] => [
  ...inventory.snapshots.items
    .filter((snapshot) => {
      const made = madeFor(snapshot);
      return made?.imageId === id || made?.instanceId === id || snapshot.tags[SOURCE] === id;
    })
    .map((snapshot) => ({
      target: key,
      id: snapshot.id,
      name: snapshot.tags['Name'] ?? '',
      how: madeFor(snapshot)?.imageId === id ? 'snapshot that was made for it' : 'snapshot of it',
    })),
  ...inventory.images.items
    .filter(
      (image) =>
        image.sourceImageId === id ||
        image.sourceInstanceId === id ||
        image.tags[SOURCE] === id ||
        image.snapshots.some(({ snapshotId }) => snapshotId === id),
    )
    .map((image) => ({
      target: key,
      id: image.id,
      name: image.name,
      how: howMade(image.sourceImageId === id, id),
    })),
];

const SOURCE = TAG.source;

const howMade = (isCopy: boolean, id: string): string => {
  if (isCopy) return 'copied from it';
  return id.startsWith('snap-') ? 'has it as a volume' : 'image of it';
};
