import type { FileKind, InventoryDocuments } from '../shared/inventory/kinds.ts';
import * as readings from '../shared/inventory/readings.ts';

/** What was read of one kind, as a file of the AWS CLI. */
export interface ObservedFile {
  readonly kind: FileKind;
  /** Objects that were read. */
  readonly count: number;
  /** What the file holds; absent if there is none to write. */
  readonly text?: string;
  /** Why not all was read, and there is no file. */
  readonly problem?: string;
}

/** The list that a file of each kind holds. */
const LISTS: Readonly<Record<Exclude<FileKind, 'image-attributes'>, string>> = {
  instances: readings.INSTANCES.list,
  images: readings.IMAGES.list,
  snapshots: readings.SNAPSHOTS.list,
  volumes: readings.VOLUMES.list,
  'launch-templates': readings.TEMPLATES.list,
  'launch-template-versions': readings.TEMPLATE_VERSIONS.list,
  'auto-scaling-groups': readings.GROUPS.list,
  'launch-configurations': readings.CONFIGURATIONS.list,
  parameters: readings.PARAMETERS.list,
  fleets: readings.FLEETS.list,
  'spot-fleet-requests': readings.SPOT_FLEETS.list,
  'used-images': readings.USED.list,
};

/** A file for each of these kinds that was read whole. */
export const observedFiles = (
  documents: InventoryDocuments,
  kinds: readonly FileKind[],
): readonly ObservedFile[] =>
  kinds.map((kind) => {
    const { pages, problem } = documents[kind] ?? { pages: [] };
    if (problem !== undefined) return { kind, count: 0, problem };
    // One answer for each image, one after the other, as a loop in a shell writes them.
    if (kind === 'image-attributes') {
      return pages.length === 0
        ? { kind, count: 0 }
        : { kind, count: pages.length, text: pages.map(printed).join('') };
    }
    const list = LISTS[kind];
    const objects = pages.flatMap((page) => (page as Readonly<Record<string, unknown>>)[list]);
    return { kind, count: countOf(kind, objects), text: printed({ [list]: objects }) };
  });

/** Instances come in reservations, one or more in each. */
const countOf = (kind: FileKind, objects: readonly unknown[]): number =>
  kind === 'instances'
    ? objects.flatMap((one) => (one as { readonly Instances?: unknown[] }).Instances ?? []).length
    : objects.length;

/** JSON as the AWS CLI prints it. */
export const printed = (value: unknown): string => `${JSON.stringify(asPrinted(value), null, 4)}\n`;

const asPrinted = (value: unknown): unknown => {
  if (value instanceof Date) return printedInstant(value);
  if (Array.isArray(value)) return value.map(asPrinted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asPrinted(one)]));
};

/** `2026-11-21T03:00:00+00:00`, with a fraction of six digits where there is one. */
const printedInstant = (instant: Date): string =>
  instant
    .toISOString()
    .replace(/\.000Z$/, '+00:00')
    .replace(/\.(\d{3})Z$/, '.$1000+00:00');
