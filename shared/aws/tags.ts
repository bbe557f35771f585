import { CreateTagsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Tags } from '../domain/model.ts';
import type { Ec2, Failure, Result, UntaggedResource } from '../loop/ports.ts';
import { toFailure } from './failures.ts';

/** The most calls that looking for what fails a batch may take: twenty find one among a thousand. */
const CALLS_MAX = 100;

/** Writing tags on what is there already. */
export const createTagWrites = (client: EC2Client): Pick<Ec2, 'createTags'> => ({
  createTags: (resourceIds, tags) => writeBatch(client, resourceIds, tags),
});

/**
 * One call; and, where one resource fails it for all, halves of it, until that one is alone. Writing
 * the same tags twice does no harm.
 */
const writeBatch = async (
  client: EC2Client,
  batch: readonly string[],
  tags: Tags,
): Promise<readonly UntaggedResource[]> => {
  const untagged: UntaggedResource[] = [];
  const waiting: (readonly string[])[] = [batch];
  let seen: Failure | undefined;
  for (let calls = 0; calls < CALLS_MAX; calls += 1) {
    const ids = waiting.pop();
    if (ids === undefined) return untagged;
    const result = await write(client, ids, tags);
    if (result.ok) continue;
    const { failure } = result;
    seen = failure;
    if (ids.length === 1 || !isOfOneResource(failure)) {
      untagged.push(...ids.map((resourceId) => ({ resourceId, failure })));
    } else {
      const half = Math.ceil(ids.length / 2);
      waiting.push(ids.slice(half), ids.slice(0, half));
    }
  }
  const left = seen === undefined ? [] : waiting.flat().map(leftFor(tooMany(seen)));
  return [...untagged, ...left];
};

const leftFor =
  (failure: Failure) =>
  (resourceId: string): UntaggedResource => ({ resourceId, failure });

/** EC2 writes nothing where one of the resources is gone, or has no room for another tag. */
const isOfOneResource = ({ kind, code }: Failure): boolean =>
  kind === 'not-found' || code === 'TagLimitExceeded';

const tooMany = ({ code, message }: Failure): Failure => ({
  kind: 'busy',
  code,
  message: `left after ${CALLS_MAX} calls, since too many of the batch fail: ${message}`,
});

const write = async (
  client: EC2Client,
  ids: readonly string[],
  tags: Tags,
): Promise<Result<void>> => {
  try {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await client.send(new CreateTagsCommand({ Resources: [...ids], Tags }));
    return { ok: true, value: undefined };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
};
