/** Tags of queues. */
import type { ListQueueTagsResult, TagQueueRequest, UntagQueueRequest } from '@aws-sdk/client-sqs';
import { ApiError } from '../../wire/api.ts';
import type { Queue } from './queue.ts';

const TAGS_MAX = 50;

const invalid = (message: string): ApiError => new ApiError('InvalidParameterValue', message);

const assertTag = (key: string, value: string): void => {
  if (key === '' || key.length > 128) throw invalid('Tag keys must be 1 to 128 in length.');
  if (value.length > 256) throw invalid('Tag values must be at most 256 in length.');
  if (key.toLowerCase().startsWith('aws:')) throw invalid('Tag keys cannot start with aws:.');
};

/** @throws ApiError `InvalidParameterValue` */
export const tagQueue = ({ row }: Queue, { Tags: given = {} }: TagQueueRequest): void => {
  const tags = Object.entries(given).map(([key, value]) => [key, value] as const);
  for (const [key, value] of tags) assertTag(key, value);
  const keys = new Set([...row.tags.keys(), ...tags.map(([key]) => key)]);
  if (keys.size > TAGS_MAX) throw invalid(`Too many tags added for queue ${row.name}.`);
  for (const [key, value] of tags) row.tags.set(key, value);
};

export const untagQueue = ({ row }: Queue, { TagKeys: keys = [] }: UntagQueueRequest): void => {
  for (const key of keys) row.tags.delete(key);
};

export const listQueueTags = ({ row }: Queue): ListQueueTagsResult =>
  row.tags.size === 0 ? {} : { Tags: Object.fromEntries(row.tags) };
