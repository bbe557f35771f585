/** Tags of buses and rules. */
import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-eventbridge';
import { ApiError, type Call } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { arnProblems } from './limits.ts';
import type { EventBridge } from './event-bridge.ts';

const TAGS_MAX = 50;

/** @throws ApiError `ValidationException`, `LimitExceededException` */
export const addTags = (held: Map<string, string>, tags: readonly Tag[]): void => {
  const problems = tags.flatMap(({ Key, Value }, index) => [
    ...problemsOf(`tags.${index + 1}.member.key`, Key, { minLength: 1, maxLength: 128 }),
    ...problemsOf(`tags.${index + 1}.member.value`, Value, { maxLength: 256 }),
  ]);
  assertNoProblems(problems);
  const keys = tags.map(({ Key: key = '' }) => key);
  if (new Set(keys).size < keys.length) {
    throw new ApiError(
      'ValidationException',
      'Invalid parameter: Duplicated keys are not allowed.',
    );
  }
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw new ApiError(
      'ValidationException',
      'Invalid parameter: aws: prefixed tag keys are not allowed.',
    );
  }
  if (new Set([...held.keys(), ...keys]).size > TAGS_MAX) {
    throw new ApiError(
      'LimitExceededException',
      'The requested resource exceeds the maximum number allowed.',
    );
  }
  for (const { Key = '', Value = '' } of tags) held.set(Key, Value);
};

export const tagResource = (bridge: EventBridge, input: TagResourceRequest, call: Call): void => {
  assertNoProblems(arnProblems('resourceARN', input.ResourceARN));
  addTags(bridge.buses.tagsOf(call, input.ResourceARN ?? ''), input.Tags ?? []);
};

export const untagResource = (
  bridge: EventBridge,
  input: UntagResourceRequest,
  call: Call,
): void => {
  assertNoProblems(arnProblems('resourceARN', input.ResourceARN));
  const tags = bridge.buses.tagsOf(call, input.ResourceARN ?? '');
  for (const key of input.TagKeys ?? []) tags.delete(key);
};

export const listTagsForResource = (
  bridge: EventBridge,
  input: ListTagsForResourceRequest,
  call: Call,
): ListTagsForResourceResponse => {
  assertNoProblems(arnProblems('resourceARN', input.ResourceARN));
  const tags = bridge.buses.tagsOf(call, input.ResourceARN ?? '');
  return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
};
