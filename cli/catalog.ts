import { type Command, InvalidArgumentError, Option } from 'commander';
import { SHARE_PERCENT_DEFAULT } from '../shared/aws/buckets.ts';
import { readCatalog } from '../shared/aws/catalog.ts';
import { createLimiter } from '../shared/aws/limiter.ts';
import {
  type CatalogQuery,
  OWNER_WORDS,
  PERMISSIONS,
  type Permission,
  catalogOf,
  ownerOf,
} from '../shared/domain/catalog.ts';
import type { Inventory, SeenImage } from '../shared/domain/inventory.ts';
import { type ImageState, type Part, type Target, targetKey } from '../shared/domain/model.ts';
import type { TagPatterns } from '../shared/domain/policy.ts';
import { inParallel } from '../shared/loop/in-parallel.ts';
import type { CatalogReport } from './catalog-report.ts';
import { renderCatalog } from './catalog-text.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openInventories, regionsOption } from './inventories.ts';
import { RefusedError } from './refused-error.ts';
import { homeRegion, openSession, sessionReport } from './session.ts';
import type { AddCommand, Surroundings } from './surroundings.ts';
import { wholeNumber } from './whole-number.ts';

/** What `catalog` is told. */
export interface CatalogOptions {
  readonly from?: string;
  readonly region?: readonly string[];
  readonly os?: 'linux' | 'windows';
  readonly platform?: string;
  readonly arch?: string;
  readonly rootDevice?: 'ebs' | 'instance-store';
  readonly permission?: Permission;
  readonly owner?: string;
  readonly productCode?: string;
  readonly tag: TagPatterns;
  readonly name?: string;
  readonly state?: ImageState;
  /** The most images that are told. */
  readonly limit: number;
  readonly json: boolean;
}

/**
 * `imago catalog`: images to choose from, newest first.
 * @throws RefusedError where every public image of a Region would be listed
 * @throws NoAccessError | UnusableFileError
 */
export const catalog = async (
  options: CatalogOptions,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { terminal } = surroundings;
  const query = queryOf(options);
  const looked =
    options.from === undefined
      ? await lookLive(query, options, surroundings)
      : await lookInFolder(options.from, options, surroundings);
  const { origin, places, nowMs } = looked;
  const seen = places.map(({ target, parts }) => ({
    target,
    images: parts.flatMap(({ part }) => part.items),
  }));
  const images = catalogOf(seen, query, nowMs);
  const report: CatalogReport = {
    version: 1,
    origin,
    instant: new Date(nowMs).toISOString(),
    targets: places.map(({ target }) => targetKey(target)),
    found: images.length,
    images: images.slice(0, options.limit),
    notes: origin.kind === 'folder' && !isOwnOnly(query) ? [ONLY_USED] : [],
    unknown: places.flatMap(({ target, parts }) =>
      parts
        .filter(({ part }) => !part.isComplete)
        .map(({ what, part }) => ({ target: targetKey(target), what, problem: part.problem })),
    ),
  };
  const text = renderCatalog(report, terminal).join('\n');
  terminal.out(options.json ? JSON.stringify(report, null, 2) : text);
  return report.unknown.length > 0 ? EXIT.failedInPart : EXIT.done;
};

const ONLY_USED =
  'Of other accounts, a folder holds only images that something there launches from.';

const queryOf = (options: CatalogOptions): CatalogQuery => {
  const {
    os,
    arch,
    tag,
    from: _from,
    region: _region,
    limit: _limit,
    json: _json,
    ...same
  } = options;
  return {
    ...same,
    tags: tag,
    ...(os === undefined ? {} : { system: os }),
    ...(arch === undefined ? {} : { architecture: arch }),
  };
};

interface Looked {
  readonly origin: CatalogReport['origin'];
  readonly places: readonly Place[];
  readonly nowMs: number;
}

interface Place {
  readonly target: Target;
  readonly parts: readonly { readonly what: string; readonly part: Part<SeenImage> }[];
}

const lookInFolder = async (
  dir: string,
  options: CatalogOptions,
  surroundings: Surroundings,
): Promise<Looked> => {
  const { inventories, nowMs } = await openInventories({ from: dir }, surroundings);
  const wanted = inventories.filter(
    ({ target }) => options.region === undefined || options.region.includes(target.region),
  );
  if (wanted.length === 0) {
    const regions = inventories.map(({ target }) => target.region).join(', ');
    throw new RefusedError(`--region: nothing is seen of it in ${dir}, but of ${regions}`);
  }
  const isOwn = isOwnOnly(queryOf(options));
  return {
    origin: { kind: 'folder', dir },
    places: wanted.map((inventory) => placeIn(inventory, isOwn)),
    nowMs,
  };
};

/** Whether images of others cannot be meant. */
const isOwnOnly = (query: CatalogQuery): boolean =>
  ownerOf(query) === 'self' || query.permission === 'own';

const placeIn = ({ target, images, othersImages }: Inventory, isOwn: boolean): Place => ({
  target,
  parts: [
    { what: 'images', part: images },
    ...(isOwn ? [] : [{ what: 'used-images', part: othersImages }]),
  ],
});

/** Regions that are asked at a time. */
const WORKERS = 4;

const lookLive = async (
  query: CatalogQuery,
  options: CatalogOptions,
  surroundings: Surroundings,
): Promise<Looked> => {
  refuseAllPublic(query);
  const { connection } = surroundings.access;
  const regions = options.region ?? [await homeRegion(surroundings)];
  const [home = ''] = regions;
  const session = await openSession(surroundings, {
    home,
    calls: regions.map((region) => ['ec2', region] as const),
  });
  const limiter = createLimiter({ ...connection, sharePercent: SHARE_PERCENT_DEFAULT });
  const targets = regions.map((region) => ({ account: session.home.account, region }));
  const { results, defect } = await inParallel(
    targets,
    WORKERS,
    () => true,
    async (target): Promise<Place> => {
      const part = await readCatalog(connection, limiter, target, query);
      return { target, parts: [{ what: 'images', part }] };
    },
  );
  if (defect !== undefined) throw defect;
  return {
    origin: { kind: 'live', ...sessionReport(session) },
    places: results,
    nowMs: connection.clock.nowMs(),
  };
};

/** A Region has a hundred thousand public images, and nobody reads that list. */
const refuseAllPublic = (query: CatalogQuery): void => {
  const { name = '', permission } = query;
  const owner = ownerOf(query);
  const isAnybodys = owner === undefined ? permission === 'public' : owner === 'community';
  if (!isAnybodys || /[^*?]/.test(name)) return;
  throw new RefusedError(
    'that would list every public image of the Region: say whose by --owner amazon or an account, or which by --name',
  );
};

const ownerOption = (text: string): string => {
  if (/^\d{12}$/.test(text) || OWNER_WORDS.some((word) => word === text)) return text;
  throw new InvalidArgumentError(`Expected ${OWNER_WORDS.join(', ')} or twelve digits.`);
};

/** Of one key given again, any value will do. */
const tagOption = (text: string, before: TagPatterns): TagPatterns => {
  const at = text.indexOf('=');
  if (at < 1)
    throw new InvalidArgumentError('Expected key=value, such as version=1.0 or stack=prod*.');
  const [key, value] = [text.slice(0, at), text.slice(at + 1)];
  return { ...before, [key]: [...(before[key] ?? []), value] };
};

const STATES: readonly ImageState[] = [
  'pending',
  'available',
  'failed',
  'error',
  'invalid',
  'deregistered',
  'transient',
  'disabled',
];

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 100_000;

const EXAMPLES = `
Examples:
  $ imago catalog --from world
  $ imago catalog --from world --tag version=1.0 --tag stack=production
  $ imago catalog --from world --permission public --os linux --limit 5
  $ imago catalog --from world --name "golden-*" --arch x86_64 --json`;

const addFilters = (command: Command): Command =>
  command
    .option(
      '--region <list>',
      'Regions, with commas between (default: the one that is set, or all of the folder)',
      regionsOption,
    )
    .addOption(
      new Option('--os <system>', 'linux is whatever is not Windows').choices(['linux', 'windows']),
    )
    .option('--platform <pattern>', 'platform details as EC2 says them, such as "Red Hat*"')
    .option('--arch <architecture>', 'such as x86_64 or arm64')
    .addOption(
      new Option('--root-device <type>', 'what the root volume is').choices([
        'ebs',
        'instance-store',
      ]),
    )
    .addOption(
      new Option('--permission <whose>', 'own, shared with this account, or public').choices(
        PERMISSIONS,
      ),
    )
    .option(
      '--owner <owner>',
      `${OWNER_WORDS.join(', ')} or an account (default: self)`,
      ownerOption,
    )
    .option('--product-code <code>', 'of a Marketplace product')
    .addOption(
      new Option('--tag <key=value>', 'a tag; * and ? are wildcards; may be given again')
        .argParser(tagOption)
        .default({}, 'any'),
    )
    .option('--name <pattern>', 'the name; * and ? are wildcards')
    .addOption(new Option('--state <state>', 'such as available or disabled').choices(STATES))
    .option(
      '--limit <number>',
      'the most images that are told',
      wholeNumber(1, LIMIT_MAX),
      LIMIT_DEFAULT,
    );

export const addCatalog: AddCommand = (program, surroundings, end) => {
  addFilters(
    program
      .command('catalog')
      .description(
        'Images to choose from, newest first, by what people choose images by. Changes nothing. Exits with 1 if something could not be read.',
      )
      .option('--from <dir>', 'a folder that `imago observe` or the AWS CLI has written: no AWS'),
  )
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: CatalogOptions) => end(await catalog(options, surroundings)));
};
