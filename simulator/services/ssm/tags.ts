/** Tags of parameters. Other resources of Systems Manager are not in this cloud. */
import type {
  AddTagsToResourceRequest,
  ListTagsForResourceRequest,
  ListTagsForResourceResult,
  RemoveTagsFromResourceRequest,
  Tag,
} from '@aws-sdk/client-ssm';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import type { Parameters } from './parameters.ts';
import type { ParameterRow } from './rows.ts';

const TAGS_MAX = 50;
const CHARACTERS = '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)';
const RESOURCE_TYPES = [
  'Document',
  'ManagedInstance',
  'MaintenanceWindow',
  'Parameter',
  'PatchBaseline',
  'OpsItem',
  'OpsMetadata',
  'Automation',
  'Association',
];

export const tagsOf = (tags: readonly Tag[]): Map<string, string> =>
  new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

/** @throws ApiError `ValidationException`, `TooManyTagsError` */
export const assertTags = (held: ReadonlyMap<string, string>, tags: readonly Tag[]): void => {
  const limits = { pattern: CHARACTERS };
  assertNoProblems(
    tags.flatMap(({ Key, Value }, index) => [
      ...problemsOf(`tags.${index + 1}.member.key`, Key, {
        ...limits,
        minLength: 1,
        maxLength: 128,
      }),
      ...problemsOf(`tags.${index + 1}.member.value`, Value, { ...limits, maxLength: 256 }),
    ]),
  );
  if (tags.some(({ Key = '' }) => Key.toLowerCase().startsWith('aws:'))) {
    throw new ApiError('ValidationException', 'Tag keys cannot start with aws:.');
  }
  if (new Set([...held.keys(), ...tagsOf(tags).keys()]).size <= TAGS_MAX) return;
  throw new ApiError('TooManyTagsError', '');
};

interface OfResource {
  readonly ResourceType: string | undefined;
  readonly ResourceId: string | undefined;
}

const findResource = (
  parameters: Parameters,
  { ResourceType: type, ResourceId: id = '' }: OfResource,
  call: Call,
): ParameterRow => {
  assertNoProblems(problemsOf('resourceType', type, { oneOf: RESOURCE_TYPES }));
  const row = type === 'Parameter' ? parameters.lookUp(call, id) : undefined;
  if (row === undefined) throw new ApiError('InvalidResourceId', '');
  return row;
};

export const addTagsToResource = (
  parameters: Parameters,
  input: AddTagsToResourceRequest,
  call: Call,
): void => {
  const { tags } = findResource(parameters, input, call);
  assertTags(tags, input.Tags ?? []);
  for (const [key, value] of tagsOf(input.Tags ?? [])) tags.set(key, value);
};

export const removeTagsFromResource = (
  parameters: Parameters,
  input: RemoveTagsFromResourceRequest,
  call: Call,
): void => {
  const { tags } = findResource(parameters, input, call);
  for (const key of input.TagKeys ?? []) tags.delete(key);
};

export const listTagsForResource = (
  parameters: Parameters,
  input: ListTagsForResourceRequest,
  call: Call,
): ListTagsForResourceResult => ({
  TagList: [...findResource(parameters, input, call).tags].map(([Key, Value]) => ({ Key, Value })),
});
