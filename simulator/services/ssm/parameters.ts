/** Parameter Store: the parameters of every account and Region, and what is announced of them. */
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Announcement } from '../events/event.ts';
import type { Place } from '../events/rows.ts';
import { canonical, readReference, type Reference } from './names.ts';
import type { Images, PublicParameters } from './public-parameters.ts';
import { createPublicParameters } from './public-parameters.ts';
import { arnOf, IMAGE_TYPE, latestOf, type ParameterRow, type VersionRow } from './rows.ts';

const VERSIONS_MAX = 100;

interface SavedParameters {
  readonly parameters: Map<string, ParameterRow>;
  readonly versions: Map<string, number>;
}

/** A parameter in the version that a reference selects. */
export interface Selected {
  readonly row: ParameterRow;
  readonly version: VersionRow;
}

export interface Surroundings {
  readonly kernel: Kernel;
  readonly images: Images;
  readonly announce: (event: Announcement) => void;
}

const keyOf = ({ account, region }: Place, name: string): string =>
  `${account} ${region} ${canonical(name)}`;

export type ChangeOperation = 'Create' | 'Update' | 'Delete' | 'LabelParameterVersion';

const notFound = (): ApiError => new ApiError('ParameterNotFound', '');

const noVersion = (what: string): ApiError =>
  new ApiError(
    'ParameterVersionNotFound',
    `Systems Manager could not find ${what}. Verify the version and try again.`,
  );

export class Parameters {
  readonly kernel: Kernel;
  readonly images: Images;
  readonly publics: PublicParameters;
  readonly #announce: Surroundings['announce'];
  #parameters = new Map<string, ParameterRow>();
  /** The last version number that was given out, applied or not. */
  #versions = new Map<string, number>();

  constructor({ kernel, images, announce }: Surroundings) {
    this.kernel = kernel;
    this.images = images;
    this.publics = createPublicParameters(images);
    this.#announce = announce;
    kernel.keep({
      name: 'ssm',
      save: (): SavedParameters => ({ parameters: this.#parameters, versions: this.#versions }),
      load: (saved: SavedParameters) => {
        this.#parameters = saved.parameters;
        this.#versions = saved.versions;
      },
    });
  }

  /** Those of one account and Region, by name. */
  of(place: Place): readonly ParameterRow[] {
    return [...this.#parameters.values()]
      .filter(({ account, region }) => account === place.account && region === place.region)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Those of others in the Region that the account may read, by name. */
  sharedWith({ account, region }: Place): readonly ParameterRow[] {
    return [...this.#parameters.values()]
      .filter((row) => row.region === region && row.sharedWith.has(account))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  lookUp(place: Place, name: string): ParameterRow | undefined {
    return this.#parameters.get(keyOf(place, name));
  }

  /** @throws ApiError `ParameterNotFound` */
  find(place: Place, name: string): ParameterRow {
    const row = this.lookUp(place, name);
    if (row === undefined) throw notFound();
    return row;
  }

  /**
   * What a name or an ARN, with a version or a label, stands for to the caller.
   * @throws ApiError `ParameterNotFound`, `ParameterVersionNotFound`, `ValidationException`
   */
  select(given: string, call: Call): Selected {
    const reference = readReference(given, call);
    const row = this.#readable(reference, call) ?? this.publics.find(reference, call);
    if (row === undefined) throw notFound();
    return { row, version: versionOf(row, reference) };
  }

  /** As EC2 reads what stands behind `resolve:ssm:`; undefined if there is nothing. */
  resolve(given: string, call: Call): string | undefined {
    try {
      return this.select(given, call).version.value;
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }

  /** Names of the parameters that hold an image's id as such. */
  namesOfImage(imageId: string, place: Place): readonly string[] {
    return this.of(place)
      .filter((row) => latestOf(row).dataType === IMAGE_TYPE && latestOf(row).value === imageId)
      .map(({ name }) => name);
  }

  /** Lets another account read a parameter by its ARN, as Resource Access Manager would. */
  share(place: Place, name: string, withAccount: string): void {
    this.find(place, name).sharedWith.add(withAccount);
  }

  /** A version number that nobody else is given. */
  takeVersion(place: Place, name: string): number {
    const key = keyOf(place, name);
    const version = (this.#versions.get(key) ?? 0) + 1;
    this.#versions.set(key, version);
    return version;
  }

  /** Makes the parameter or its new version. @throws ApiError `ParameterMaxVersionLimitExceeded` */
  apply(place: Place, name: string, version: VersionRow, tags: ReadonlyMap<string, string>): void {
    const { account, region } = place;
    const known = this.lookUp(place, name);
    if (known === undefined) {
      const row = { account, region, name, versions: [version] };
      const key = keyOf(place, name);
      this.#parameters.set(key, { ...row, tags: new Map(tags), sharedWith: new Set() });
    } else {
      this.assertRoom(known);
      if (known.versions.length >= VERSIONS_MAX) known.versions.shift();
      known.versions.push(version);
    }
    this.tell(place, name, version, known === undefined ? 'Create' : 'Update');
  }

  /** @throws ApiError `ParameterMaxVersionLimitExceeded` */
  assertRoom({ name, versions }: ParameterRow): void {
    const [oldest] = versions;
    if (versions.length < VERSIONS_MAX || oldest === undefined || oldest.labels.size === 0) return;
    throw new ApiError(
      'ParameterMaxVersionLimitExceeded',
      `You attempted to create a new version of ${name} by calling the PutParameter API with the ` +
        `overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it ` +
        'has a label associated with it. Move the label to another version of the parameter, and ' +
        'try again.',
    );
  }

  delete(row: ParameterRow): void {
    const key = keyOf(row, row.name);
    this.#parameters.delete(key);
    this.#versions.delete(key);
    this.tell(row, row.name, latestOf(row), 'Delete');
  }

  /** A `Parameter Store Change`; with an exception, one that did not happen. */
  tell(
    place: Place,
    name: string,
    { type, description, dataType }: VersionRow,
    operation: ChangeOperation,
    exception?: string,
  ): void {
    this.#announce({
      account: place.account,
      region: place.region,
      source: 'aws.ssm',
      detailType: 'Parameter Store Change',
      resources: [arnOf(place, name)],
      detail: {
        ...(exception === undefined ? {} : { exception }),
        ...(dataType === IMAGE_TYPE ? { dataType } : {}),
        name,
        type,
        operation,
        ...(description === undefined ? {} : { description }),
      },
    });
  }

  /** Another account's parameter is read by its ARN, and only if it was shared. */
  #readable({ account, region, name }: Reference, call: Call): ParameterRow | undefined {
    const row = this.lookUp({ account, region }, name);
    const isOpen = row?.account === call.account || row?.sharedWith.has(call.account);
    return isOpen === true ? row : undefined;
  }
}

const versionOf = (row: ParameterRow, { name, selector }: Reference): VersionRow => {
  if (selector === undefined) return latestOf(row);
  const wanted = selector.slice(1);
  const isNumber = /^\d+$/.test(wanted);
  const found = row.versions.find(({ version, labels }) =>
    isNumber ? version === Number(wanted) : labels.has(wanted),
  );
  if (found !== undefined) return found;
  throw noVersion(
    isNumber ? `version ${wanted} of ${name}` : `label ${wanted} for parameter ${name}`,
  );
};

export { noVersion };
