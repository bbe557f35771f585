import { describe, expect, test } from 'vitest';
import { createMemoryQueue } from '../../cli/memory-queue.ts';

const message = (body: string, deduplicationId = body) => ({
  body,
  groupId: 'group',
  deduplicationId,
});

describe('a queue in this process', () => {
  test('gives its messages in the order in which they came, each once', async () => {
    const queue = createMemoryQueue();
    await queue.send([message('a'), message('b')]);
    await queue.send([message('c')]);

    const taken = [queue.take(), queue.take(), queue.take(), queue.take()];

    expect(taken).toEqual(['a', 'b', 'c', undefined]);
  });

  test('takes a deduplication id once, even after its message was taken', async () => {
    const queue = createMemoryQueue();
    await queue.send([message('a'), message('a again', 'a')]);

    expect([queue.take(), queue.take()]).toEqual(['a', undefined]);
    await queue.send([message('a again', 'a')]);
    expect(queue.take()).toBeUndefined();
  });
});
