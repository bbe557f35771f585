/** Tags: their rules, tags given at creation, CreateTags and DeleteTags. */
import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  Tag,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { assertShape, IMAGE, INSTANCE, notFound, SNAPSHOT, TEMPLATE, VOLUME } from './ids.ts';
import type { Tags } from './rows.ts';
import type { RegionStore } from './store.ts';

const USER_TAGS_MAX = 50;
const KEY_LENGTH_MAX = 128;
const VALUE_LENGTH_MAX = 256;
const RESOURCES_MAX = 1_000;

/** Tags of AWS itself; users can neither write nor remove them, and they are not counted. */
export const isSystemKey = (key: string): boolean => key.toLowerCase().startsWith('aws:');

const assertTag = (key: string, value: string): void => {
  if (key === '' || key.length > KEY_LENGTH_MAX) {
    throw new ApiError('InvalidParameterValue', `Tag key '${key}' has an invalid length`);
  }
  if (isSystemKey(key)) {
    throw new ApiError(
      'InvalidTagKey.Malformed',
      `Tag keys starting with 'aws:' are reserved for internal use: ${key}`,
    );
  }
  if (value.length > VALUE_LENGTH_MAX) {
    throw new ApiError('InvalidParameterValue', `Tag value of '${key}' exceeds the maximum length`);
  }
};

/** @throws ApiError `TagLimitExceeded` past 50 user tags. */
export const assertTagCount = (tags: ReadonlyMap<string, string>): void => {
  const count = [...tags.keys()].filter((key) => !isSystemKey(key)).length;
  if (count > USER_TAGS_MAX) {
    throw new ApiError('TagLimitExceeded', `More than ${USER_TAGS_MAX} tags on the resource`);
  }
};

/** Checks and reads a request's list of tags. */
export const readTags = (list: readonly Tag[] | undefined): Tags => {
  const tags: Tags = new Map();
  for (const { Key: key = '', Value: value = '' } of list ?? []) {
    assertTag(key, value);
    if (tags.has(key)) {
      throw new ApiError('InvalidParameterValue', `Tag key '${key}' is given more than once`);
    }
    tags.set(key, value);
  }
  assertTagCount(tags);
  return tags;
};

/**
 * Tags of a `TagSpecifications` parameter, per resource type.
 * @throws ApiError `InvalidParameterValue` for a type that the operation cannot tag.
 */
export const readTagSpecifications = (
  specifications: readonly TagSpecification[] | undefined,
  allowed: readonly string[],
): ((type: string) => Tags) => {
  const byType = new Map<string, Tags>();
  for (const { ResourceType: type = '', Tags: list } of specifications ?? []) {
    if (!allowed.includes(type) || byType.has(type)) {
      throw new ApiError(
        'InvalidParameterValue',
        `'${type}' is not a valid taggable resource type for this operation.`,
      );
    }
    byType.set(type, readTags(list));
  }
  return (type) => new Map(byType.get(type));
};

/** As a response carries them; EC2 omits an empty set. */
export const tagsOut = (tags: Tags): Tag[] | undefined =>
  tags.size === 0 ? undefined : Array.from(tags, ([Key, Value]) => ({ Key, Value }));

interface Taggable {
  readonly ownerId: string;
  readonly tags: Tags;
}

const kinds = (store: RegionStore) =>
  [
    [IMAGE, store.images],
    [SNAPSHOT, store.snapshots],
    [INSTANCE, store.instances],
    [VOLUME, store.volumes],
    [TEMPLATE, store.templates],
  ] as const;

/** The resource of any taggable kind. Throws EC2's code of that kind when there is none. */
const findTaggable = (store: RegionStore, id: string, account: string): Taggable => {
  const found = kinds(store).find(([kind]) => id.startsWith(`${kind.prefix}-`));
  if (found === undefined) throw new ApiError('InvalidID', `The ID '${id}' is not valid`);
  const [kind, rows] = found;
  assertShape(kind, id);
  const row: Taggable | undefined = rows.get(id);
  if (row === undefined) throw notFound(kind, [id]);
  if (row.ownerId !== account) {
    throw new ApiError('UnauthorizedOperation', `Not authorized to tag ${id}`, 403);
  }
  return row;
};

const resourcesOf = (ec2: Ec2, ids: readonly string[] | undefined, call: Call): Taggable[] => {
  if (ids === undefined || ids.length === 0) {
    throw new ApiError('MissingParameter', 'The request must contain the parameter resourceIdSet');
  }
  if (ids.length > RESOURCES_MAX) {
    throw new ApiError('InvalidParameterValue', `No more than ${RESOURCES_MAX} resources`);
  }
  const store = ec2.store(call.region);
  return ids.map((id) => findTaggable(store, id, call.account));
};

const deleteUserTags = (tags: Tags): void => {
  for (const key of tags.keys()) if (!isSystemKey(key)) tags.delete(key);
};

const deleteTag = (tags: Tags, { Key: key = '', Value: value }: Tag): void => {
  if (value === undefined || tags.get(key) === value) tags.delete(key);
};

export const tagOperations = (ec2: Ec2) => ({
  /** One bad id fails the whole call. */
  CreateTags: (input: CreateTagsRequest, call: Call): void => {
    const rows = resourcesOf(ec2, input.Resources, call);
    const tags = readTags(input.Tags);
    for (const row of rows) assertTagCount(new Map([...row.tags, ...tags]));
    for (const row of rows) for (const [key, value] of tags) row.tags.set(key, value);
  },

  /** Without `Tags` every user tag goes, as from EC2. A value, if given, has to match. */
  DeleteTags: (input: DeleteTagsRequest, call: Call): void => {
    const rows = resourcesOf(ec2, input.Resources, call);
    for (const tag of input.Tags ?? []) assertTag(tag.Key ?? '', '');
    for (const row of rows) {
      if (input.Tags === undefined) deleteUserTags(row.tags);
      else for (const tag of input.Tags) deleteTag(row.tags, tag);
    }
  },
});
