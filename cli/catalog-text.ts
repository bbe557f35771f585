import type { CatalogImage } from '../shared/domain/catalog.ts';
import type { CatalogReport } from './catalog-report.ts';
import { type NameTarget, namingTargets } from './name-target.ts';
import { shorten, table, wrap } from './table.ts';
import type { Dialogue } from './terminal.ts';
import { widthOf } from './text-width.ts';

/** What a text may look like: colours, and how wide. */
type Look = Pick<Dialogue, 'paint' | 'columns'>;

/** No name is made narrower: where it does not fit, it stands below. */
const NAME_MIN = 20;

/** Images to choose from, for a person to read. */
export const renderCatalog = (report: CatalogReport, look: Look): readonly string[] => {
  const { images, targets, found, notes, unknown } = report;
  const { paint, columns } = look;
  return [
    ...(images.length === 0
      ? [unknown.length === 0 ? 'No image is like that.' : 'No image that was seen is like that.']
      : renderImages(images, namingTargets(targets), look)),
    ...(found > images.length
      ? ['', `${images.length} of ${found} images: --limit tells more`]
      : []),
    ...warningLines(images).flatMap((line, index) => [
      ...(index === 0 ? [''] : []),
      ...hanging(line, columns).map((part) => paint('yellow', part)),
    ]),
    ...notes.flatMap((note) => hanging(note, columns)),
    ...unknown.flatMap(({ target, what, problem }) =>
      hanging(`not known: ${what} of ${target}: ${problem}`, columns).map((line) =>
        paint('yellow', line),
      ),
    ),
  ];
};

const hanging = (text: string, columns: number): readonly string[] =>
  wrap(text, columns - 2).map((line, index) => (index === 0 ? line : `  ${line}`));

const renderImages = (
  images: readonly CatalogImage[],
  nameTarget: NameTarget,
  { columns }: Look,
): readonly string[] => {
  const cellsOf = (image: CatalogImage): readonly string[] => [
    image.id,
    image.created.slice(0, 10),
    ...[nameTarget(image.target)].filter((name) => name !== ''),
    shorten(image.platform, 16),
    image.architecture,
    image.provenance === 'own' ? 'own' : shorten(whoseOf(image), 24),
  ];
  const rows = images.map(cellsOf);
  const widest = table(rows).reduce((most, line) => Math.max(most, widthOf(line)), 0);
  const room = columns - widest - 2;
  if (room >= NAME_MIN) {
    return table(rows.map((row, index) => [...row, shorten(images[index]?.name ?? '', room)]));
  }
  return table(rows).flatMap((line, index) => [
    shorten(line, columns),
    `    ${shorten(images[index]?.name ?? '', columns - 4)}`,
  ]);
};

const whoseOf = ({ provenance, owner }: CatalogImage): string =>
  provenance === 'amazon' || provenance === 'aws-marketplace'
    ? provenance
    : `${owner} (${provenance})`;

/** Each warning once, with the images that it is of; Marketplace products with their codes. */
const warningLines = (images: readonly CatalogImage[]): readonly string[] => {
  const all = images.flatMap((image) =>
    image.warnings.map((warning) => ({ warning, what: calledIn(warning, image) })),
  );
  return [...Map.groupBy(all, ({ warning }) => warning)].map(([warning, found]) => {
    const ids = found.map(({ what }) => what);
    const told = ids.slice(0, TOLD_MAX).join(', ');
    const left = ids.length > TOLD_MAX ? ` and ${ids.length - TOLD_MAX} more` : '';
    return `${warning}: ${told}${left}`;
  });
};

const TOLD_MAX = 5;

const calledIn = (warning: string, { id, owner, productCodes }: CatalogImage): string => {
  if (warning.startsWith('Marketplace')) return `${id} (${productCodes.join(', ')})`;
  return warning.startsWith('community') ? `${id} of ${owner}` : id;
};
