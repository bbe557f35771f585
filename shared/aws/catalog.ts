import {
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  EC2Client,
  type Filter,
  type Image as Ec2Image,
} from '@aws-sdk/client-ec2';
import { type CatalogQuery, ownerOf } from '../domain/catalog.ts';
import type { SeenImage } from '../domain/inventory.ts';
import type { Part, Target } from '../domain/model.ts';
import { type Connection, clientConfig } from './connection.ts';
import { type Limiter, limitCalls } from './limiter.ts';
import { PAGE_SIZE, type Reading, readAll } from './pages.ts';
import { toSeenImage } from './seen-shapes.ts';

const IMAGES: Reading<Ec2Image, SeenImage> = { convert: toSeenImage, keyOf: ({ id }) => id };

/**
 * Images of a Region that may be what is wanted: what EC2 can filter by, it does, and it leaves out
 * deprecated images of others. Whoever asks for public images must narrow that, as there are far too many.
 */
export const readCatalog = (
  connection: Connection,
  limiter: Limiter,
  target: Target,
  query: CatalogQuery,
): Promise<Part<SeenImage>> => {
  const client = new EC2Client(clientConfig(connection, 'ec2', target.region));
  connection.adapt?.(client, 'ec2');
  limitCalls(client, limiter, target);
  const input = toRequest(query);
  return readAll(IMAGES, async (NextToken) => {
    const output = await client.send(
      new DescribeImagesCommand({ ...input, MaxResults: PAGE_SIZE, NextToken }),
    );
    return { items: output.Images, nextToken: output.NextToken };
  });
};

/** What DescribeImages is asked (EC2 API Reference): the same as the query, or somewhat more. */
export const toRequest = (query: CatalogQuery): DescribeImagesCommandInput => {
  const owner = query.permission === 'own' ? 'self' : ownerOf(query);
  const isNamed = owner !== undefined && owner !== 'community';
  return {
    ...(isNamed ? { Owners: [owner] } : {}),
    // What is shared with this account by its number or its organization, and not with everybody.
    ...(query.permission === 'shared' ? { ExecutableUsers: ['self'] } : {}),
    IncludeDisabled: true,
    Filters: filtersOf(query),
  };
};

const filtersOf = (query: CatalogQuery): Filter[] => {
  const isPublic = query.permission === 'public' || query.owner === 'community';
  const filters: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['platform', query.system === 'windows' ? ['windows'] : undefined],
    ['platform-details', valuesOf(query.platform)],
    ['architecture', valuesOf(query.architecture)],
    ['root-device-type', valuesOf(query.rootDevice)],
    ['is-public', isPublic ? ['true'] : undefined],
    ['product-code', valuesOf(query.productCode)],
    ['name', valuesOf(query.name)],
    ['state', valuesOf(query.state)],
    ...Object.entries(query.tags).map(
      ([key, patterns]) => [`tag:${key}`, patterns.map(asFilterValue)] as const,
    ),
  ];
  return filters.flatMap(([Name, values]) =>
    values === undefined ? [] : [{ Name, Values: [...values] }],
  );
};

const valuesOf = (pattern: string | undefined): readonly string[] | undefined =>
  pattern === undefined ? undefined : [asFilterValue(pattern)];

/** A filter knows the same wildcards, and a backslash before one besides. */
const asFilterValue = (pattern: string): string => pattern.replaceAll('\\', '\\\\');
