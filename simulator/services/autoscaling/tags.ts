/** Tags of groups, and whether what they launch gets them too. */
import type {
  CreateOrUpdateTagsType,
  DeleteTagsType,
  DescribeTagsType,
  Filter,
  Tag,
  TagDescription,
  TagsType,
} from '@aws-sdk/client-auto-scaling';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { type AutoScaling, invalid } from './groups.ts';
import { pageOf } from './pages.ts';
import type { GroupRow, TagRow } from './rows.ts';
import { assertOneOf } from './values.ts';

const TYPE = 'auto-scaling-group';
const TAGS_MAX = 50;

const assertTag = ({ Key: key, Value: value, ResourceType: type }: Tag): void => {
  assertNoProblems(
    [
      ...problemsOf('tags.1.member.key', key, { minLength: 1, maxLength: 128 }),
      ...problemsOf('tags.1.member.value', value, { maxLength: 256 }),
    ],
    'ValidationError',
  );
  assertOneOf('ResourceType', type, [TYPE]);
  if (key?.toLowerCase().startsWith('aws:') === true) {
    throw invalid('Tag keys that begin with aws: are reserved for internal use.');
  }
};

/**
 * The tags that a group has with those of a request.
 * @param name the group that a tag which names none is of
 * @throws ApiError `ValidationError`, `LimitExceeded`
 */
export const readTags = (
  held: ReadonlyMap<string, TagRow>,
  tags: readonly Tag[],
  name: string,
): Map<string, TagRow> => {
  const all = new Map(held);
  for (const tag of tags) {
    assertTag(tag);
    if ((tag.ResourceId ?? name) !== name) {
      throw invalid(`The tag ${tag.Key} is of the group ${tag.ResourceId}, not of ${name}.`);
    }
    const { Key: key = '', Value: value = '', PropagateAtLaunch: isPropagated = false } = tag;
    all.set(key, { value, isPropagated });
  }
  if (all.size <= TAGS_MAX) return all;
  throw new ApiError('LimitExceeded', `A group may have ${TAGS_MAX} tags at most.`);
};

const groupOf = (scaling: AutoScaling, { ResourceId: name }: Tag, call: Call): GroupRow => {
  if (name !== undefined && name !== '') return scaling.find(call, name);
  throw invalid('Valid requests must contain a resource ID for each tag.');
};

/** All of them or none. */
export const createOrUpdateTags = (
  scaling: AutoScaling,
  { Tags: tags = [] }: CreateOrUpdateTagsType,
  call: Call,
): void => {
  const groups = Map.groupBy(tags, (tag) => groupOf(scaling, tag, call));
  const read = [...groups].map(
    ([group, own]) => [group, readTags(group.tags, own, group.name)] as const,
  );
  for (const [group, all] of read) {
    for (const [key, row] of all) group.tags.set(key, row);
  }
};

/** A tag with a value goes only if it has that value. */
export const deleteTags = (
  scaling: AutoScaling,
  { Tags: tags = [] }: DeleteTagsType,
  call: Call,
): void => {
  const found = tags.map((tag) => ({ tag, group: groupOf(scaling, tag, call) }));
  for (const { tag, group } of found) {
    const { Key: key = '', Value: value } = tag;
    if (value === undefined || group.tags.get(key)?.value === value) group.tags.delete(key);
  }
};

/** In the order of their keys. */
export const tagsOut = ({ name, tags }: GroupRow): readonly TagDescription[] =>
  [...tags]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([Key, { value, isPropagated }]) => ({
      ResourceId: name,
      ResourceType: TYPE,
      Key,
      Value: value,
      PropagateAtLaunch: isPropagated,
    }));

const FACETS: Readonly<Record<string, (tag: TagDescription) => string>> = {
  'auto-scaling-group': ({ ResourceId = '' }) => ResourceId,
  key: ({ Key = '' }) => Key,
  value: ({ Value = '' }) => Value,
  'propagate-at-launch': ({ PropagateAtLaunch }) => String(PropagateAtLaunch),
};

const testOf = ({ Name: name = '', Values: values = [] }: Filter) => {
  assertOneOf('Filter', name, Object.keys(FACETS));
  return (tag: TagDescription): boolean => values.includes(FACETS[name]?.(tag) ?? '');
};

/** @throws ApiError `ValidationError` for a filter that there is not */
export const describeTags = (
  scaling: AutoScaling,
  input: DescribeTagsType,
  call: Call,
): TagsType => {
  const tests = (input.Filters ?? []).map(testOf);
  const all = scaling.groupsOf(call).flatMap(tagsOut);
  const found = all.filter((tag) => tests.every((holds) => holds(tag)));
  // A group's name has no control character in it, so these keys are in the order of the list.
  const keyOf = ({ ResourceId, Key }: TagDescription): string => `${ResourceId}\u0000${Key}`;
  const { rows, next } = pageOf(found, keyOf, input, 100);
  return { Tags: [...rows], NextToken: next };
};
