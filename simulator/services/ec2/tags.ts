/** Tags: their rules, and tags given at creation. */
import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { ApiError } from '../../wire/api.ts';
import { required } from './parameters.ts';
import type { Tags } from './rows.ts';

const USER_TAGS_MAX = 50;
const KEY_LENGTH_MAX = 128;
const VALUE_LENGTH_MAX = 256;

/** Tags of AWS itself; users can neither write nor remove them, and they are not counted. */
export const isSystemKey = (key: string): boolean => key.toLowerCase().startsWith('aws:');

const isLonger = (text: string, max: number): boolean =>
  text.length > max && Array.from(text).length > max;

/** @throws ApiError `InvalidTagKey.Malformed`, `InvalidParameterValue` for one that is too long. */
export const assertTagKey = (key: string): void => {
  if (key === '') {
    throw new ApiError('InvalidTagKey.Malformed', 'Tag keys cannot be empty.');
  }
  if (isSystemKey(key)) {
    throw new ApiError(
      'InvalidTagKey.Malformed',
      `Tag keys starting with 'aws:' are reserved for internal use: ${key}`,
    );
  }
  if (!isLonger(key, KEY_LENGTH_MAX)) return;
  throw new ApiError(
    'InvalidParameterValue',
    `Tag key exceeds the maximum length of ${KEY_LENGTH_MAX} characters: ${key}`,
  );
};

const assertTagValue = (key: string, value: string): void => {
  if (!isLonger(value, VALUE_LENGTH_MAX)) return;
  throw new ApiError(
    'InvalidParameterValue',
    `Tag value exceeds the maximum length of ${VALUE_LENGTH_MAX} characters: ${key}`,
  );
};

/** @throws ApiError `TagLimitExceeded` past 50 user tags. */
export const assertTagCount = (tags: ReadonlyMap<string, string>): void => {
  const count = [...tags.keys()].filter((key) => !isSystemKey(key)).length;
  if (count > USER_TAGS_MAX) {
    throw new ApiError('TagLimitExceeded', `More than ${USER_TAGS_MAX} tags on the resource`);
  }
};

const METADATA_KEY = /^[0-9a-zA-Z\-_+=,.@:]{1,255}$/;
const RESERVED_KEYS = ['.', '..', '_index'];

/** Keys of an instance whose metadata tell its tags: they become parts of URLs. */
export const assertMetadataKeys = (keys: Iterable<string>): void => {
  for (const key of keys) {
    if (METADATA_KEY.test(key) && !RESERVED_KEYS.includes(key)) continue;
    throw new ApiError(
      'InvalidParameterValue',
      `'${key}' is not a valid tag key. Tag keys must match pattern ` +
        "([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be a reserved name ('.', '..', '_index')",
    );
  }
};

/** Checks and reads a request's list of tags. */
export const readTags = (list: readonly Tag[] | undefined): Tags => {
  const tags: Tags = new Map();
  for (const { Key, Value: value = '' } of list ?? []) {
    const key = required('Tag.Key', Key);
    assertTagKey(key);
    assertTagValue(key, value);
    if (tags.has(key)) {
      throw new ApiError('InvalidParameterValue', `Duplicate tag key '${key}' specified.`);
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
