/** CreateTags, DeleteTags and DescribeTags. */
import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  Filter,
  Tag,
  TagDescription,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileTaglessFilters, type Facets } from './filters.ts';
import { assertShape, notFound } from './ids.ts';
import { pageOf } from './pages.ts';
import { required } from './parameters.ts';
import type { Tags } from './rows.ts';
import { announceTags } from './tag-events.ts';
import { type Taggable, TAGGABLE_KINDS, type TaggableKind } from './taggable.ts';
import { assertMetadataKeys, assertTagCount, assertTagKey, isSystemKey, readTags } from './tags.ts';

const RESOURCES_MAX = 1_000;
const TAGS_MAX = 1_000;

interface Resource {
  readonly id: string;
  readonly kind: TaggableKind;
  readonly row: Taggable;
}

/** @throws ApiError `InvalidID`, or the kind's own code for a bad shape. */
const kindOf = (id: string): TaggableKind => {
  const kind = TAGGABLE_KINDS.find((one) => id.startsWith(`${one.id.prefix}-`));
  if (kind === undefined) throw new ApiError('InvalidID', `The ID '${id}' is not valid`);
  assertShape(kind.id, id);
  return kind;
};

/** The resource, if there is one of that id, and whatever is wrong with it otherwise. */
const findResource = (ec2: Ec2, id: string, call: Call): Resource | ApiError => {
  const kind = kindOf(id);
  const row = kind.find(ec2.store(call.region), id);
  if (row === undefined) return notFound(kind.id, [id]);
  if (row.ownerId === call.account) return { id, kind, row };
  return new ApiError('UnauthorizedOperation', `Not authorized to tag ${id}`, 403);
};

const resourcesOf = (ec2: Ec2, ids: readonly string[] | undefined, call: Call): Resource[] => {
  if (ids === undefined || ids.length === 0) {
    throw new ApiError('MissingParameter', 'The request must contain the parameter resourceIdSet');
  }
  if (ids.length > RESOURCES_MAX) {
    throw new ApiError(
      'InvalidParameterValue',
      `The number of resources exceeds the maximum of ${RESOURCES_MAX}`,
    );
  }
  const found = [...new Set(ids)].map((id) => findResource(ec2, id, call));
  const { oneMissingResourceFailsTagging: failsAll } = ec2.kernel.manners();
  const problem = found.find((one) => one instanceof ApiError);
  const rows = found.flatMap((one) => (one instanceof ApiError ? [] : [one]));
  if (problem !== undefined && (failsAll || rows.length === 0)) throw problem;
  return rows;
};

const changeTags = (
  ec2: Ec2,
  call: Call,
  resources: readonly Resource[],
  act: (tags: Tags) => void,
) => {
  const store = ec2.store(call.region);
  for (const { id, kind, row } of resources) {
    kind.changing(store, id);
    const before = new Map(row.tags);
    act(row.tags);
    announceTags(ec2, call.region, { id, type: kind.type, row }, before);
  }
};

const createTags = (ec2: Ec2, input: CreateTagsRequest, call: Call): void => {
  const resources = resourcesOf(ec2, input.Resources, call);
  const tags = readTags(required('Tag', input.Tags));
  const { instances } = ec2.store(call.region);
  for (const { id, row } of resources) {
    assertTagCount(new Map([...row.tags, ...tags]));
    if (instances.get(id)?.metadata.instanceTags === 'enabled') assertMetadataKeys(tags.keys());
  }
  changeTags(ec2, call, resources, (own) => {
    for (const [key, value] of tags) own.set(key, value);
  });
};

const deleteUserTags = (tags: Tags): void => {
  for (const key of tags.keys()) if (!isSystemKey(key)) tags.delete(key);
};

/** A value, if one is given, has to match; so does an empty one. */
const deleteTag = (tags: Tags, { Key: key = '', Value: value }: Tag): void => {
  if (value === undefined || tags.get(key) === value) tags.delete(key);
};

const deleteTags = (ec2: Ec2, input: DeleteTagsRequest, call: Call): void => {
  const resources = resourcesOf(ec2, input.Resources, call);
  const { Tags: tags } = input;
  if ((tags?.length ?? 0) > TAGS_MAX) {
    throw new ApiError('InvalidParameterValue', `The number of tags exceeds ${TAGS_MAX}`);
  }
  for (const tag of tags ?? []) assertTagKey(required('Tag.Key', tag.Key));
  changeTags(ec2, call, resources, (own) => {
    if (tags === undefined) deleteUserTags(own);
    else for (const tag of tags) deleteTag(own, tag);
  });
};

interface TagRow {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly key: string;
  readonly value: string;
}

/** `tag:<key>` looks at the values of that key alone. */
const facetsFor = (filters: readonly Filter[] | undefined): Facets<TagRow> => {
  const facets: Record<string, Facets<TagRow>[string]> = {
    key: (row) => [row.key],
    value: (row) => [row.value],
    'resource-id': (row) => [row.resourceId],
    'resource-type': (row) => [row.resourceType],
  };
  for (const { Name: name = '' } of filters ?? []) {
    if (!name.startsWith('tag:')) continue;
    const wanted = name.slice('tag:'.length);
    facets[name] = ({ key, value }) => [key === wanted ? value : undefined];
  }
  return facets;
};

const tagRowsOf = (ec2: Ec2, call: Call): TagRow[] => {
  const store = ec2.store(call.region);
  const rows: TagRow[] = [];
  for (const kind of TAGGABLE_KINDS) {
    for (const [resourceId, row] of kind.seen(store)) {
      if (row.ownerId !== call.account) continue;
      for (const [key, value] of row.tags) {
        rows.push({ resourceId, resourceType: kind.type, key, value });
      }
    }
  }
  return rows;
};

const tagOut = (row: TagRow): TagDescription => ({
  ResourceId: row.resourceId,
  ResourceType: row.resourceType as 'image',
  Key: row.key,
  Value: row.value,
});

const describeTags = (ec2: Ec2, input: DescribeTagsRequest, call: Call): DescribeTagsResult => {
  const holds = compileTaglessFilters(input.Filters, facetsFor(input.Filters));
  const rows = tagRowsOf(ec2, call).filter(holds);
  const idOf = (row: TagRow): string => `${row.resourceId} ${row.key}`;
  const page = pageOf(ec2.kernel, rows, idOf, input, { min: 5, max: 1_000 });
  return { Tags: page.rows.map(tagOut), NextToken: page.nextToken };
};

export const tagOperations = (ec2: Ec2) => ({
  /** All resources are tagged, or, if one cannot be, none; see oneMissingResourceFailsTagging. */
  CreateTags: (input: CreateTagsRequest, call: Call): void => {
    createTags(ec2, input, call);
  },
  /** Without `Tags` every user tag goes, as from EC2. */
  DeleteTags: (input: DeleteTagsRequest, call: Call): void => {
    deleteTags(ec2, input, call);
  },
  /** Of all that the caller owns in the Region. */
  DescribeTags: (input: DescribeTagsRequest, call: Call) => describeTags(ec2, input, call),
});
