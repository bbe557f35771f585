/** SQS, as moto and the embedded cloud both have it. */
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { byText, codeOf, type Deed } from './moto-deeds.ts';
import { arnOf, bodies, createQueue, receive, remove } from './moto-queues.ts';

export const QUEUE_DEEDS: readonly Deed[] = [
  {
    title: 'a message is received once, again when it is made visible, and not after its deletion',
    on: async (side) => {
      const url = await createQueue(side, 'once');
      await side.run(
        side.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hello & <you>' })),
      );
      const first = await receive(side, url);
      const hidden = await receive(side, url);
      for (const { ReceiptHandle } of first) {
        const shown = { QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 };
        await side.run(side.sqs.send(new ChangeMessageVisibilityCommand(shown)));
      }
      const again = await receive(side, url);
      for (const message of again) await remove(side, url, message);
      return {
        bodies: [first, hidden, again, await receive(side, url)].map(bodies),
        counts: again.map(({ Attributes }) => Attributes?.['ApproximateReceiveCount']),
        digests: first.map(({ MD5OfBody }) => MD5OfBody),
      };
    },
    comesTo: {
      bodies: [['hello & <you>'], [], ['hello & <you>'], []],
      counts: ['2'],
      digests: ['ed5b0d82b38d413946a70fdc11cff8ac'],
    },
  },
  {
    title: 'a batch of messages is sent, counted and received',
    on: async (side) => {
      const QueueUrl = await createQueue(side, 'batch', { VisibilityTimeout: '90' });
      const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: `body ${Id}` }));
      const batch = new SendMessageBatchCommand({ QueueUrl, Entries });
      const { Successful = [] } = await side.run(side.sqs.send(batch));
      const names = ['ApproximateNumberOfMessages', 'VisibilityTimeout'] as const;
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
      const { Attributes } = await side.run(side.sqs.send(asked));
      return {
        sent: Successful.map(({ Id = '' }) => Id).toSorted(byText),
        attributes: names.map((name) => Attributes?.[name]),
        received: bodies(await receive(side, QueueUrl)),
        arn: await arnOf(side, QueueUrl),
      };
    },
    comesTo: {
      sent: ['a', 'b', 'c'],
      attributes: ['3', '90'],
      received: ['body a', 'body b', 'body c'],
      arn: 'arn:aws:sqs:eu-central-1:111122223333:batch',
    },
  },
  {
    title: 'a FIFO queue keeps the order of a group, which waits for its first message',
    on: async (side) => {
      const QueueUrl = await createQueue(side, 'order.fifo', { FifoQueue: 'true' });
      const send = (MessageBody: string, MessageGroupId: string) => {
        const MessageDeduplicationId = MessageBody;
        const message = { QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId };
        return side.run(side.sqs.send(new SendMessageCommand(message)));
      };
      for (const body of ['a1', 'a2', 'a2', 'a3']) await send(body, 'a');
      const one = async () => {
        const asked = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 });
        return (await side.run(side.sqs.send(asked))).Messages ?? [];
      };
      const first = await one();
      const blocked = await one();
      for (const message of first) await remove(side, QueueUrl, message);
      return [first, blocked, await receive(side, QueueUrl)].map((messages) =>
        messages.map(({ Body }) => Body),
      );
    },
    comesTo: [['a1'], [], ['a2', 'a3']],
  },
  {
    title: 'a queue is found by name until it is deleted',
    on: async (side) => {
      const QueueUrl = await createQueue(side, 'found');
      const find = () =>
        codeOf(side, side.sqs.send(new GetQueueUrlCommand({ QueueName: 'found' })));
      const found = await find();
      await side.run(side.sqs.send(new DeleteQueueCommand({ QueueUrl })));
      return [found, await find()];
    },
    comesTo: ['done', 'QueueDoesNotExist'],
  },
  {
    title: 'a FIFO queue refuses a message without a group',
    on: async (side) => {
      const QueueUrl = await createQueue(side, 'group.fifo', { FifoQueue: 'true' });
      const message = { QueueUrl, MessageBody: 'x', MessageDeduplicationId: 'x' };
      return codeOf(side, side.sqs.send(new SendMessageCommand(message)));
    },
    comesTo: 'MissingParameter',
  },
  {
    title: 'a queue is purged',
    on: async (side) => {
      const QueueUrl = await createQueue(side, 'purged');
      await side.run(side.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'gone' })));
      await side.run(side.sqs.send(new PurgeQueueCommand({ QueueUrl })));
      await side.settle();
      return bodies(await receive(side, QueueUrl));
    },
    comesTo: [],
  },
  {
    title: 'queues are listed by prefix, and their tags and settings are changed',
    on: async (side) => {
      const { run, sqs } = side;
      const QueueUrl = await createQueue(side, 'listed-one');
      await createQueue(side, 'listed-two');
      const { QueueUrls = [] } = await run(
        sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'listed-' })),
      );
      await run(sqs.send(new TagQueueCommand({ QueueUrl, Tags: { a: '1', b: '2' } })));
      await run(sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a'] })));
      const { Tags } = await run(sqs.send(new ListQueueTagsCommand({ QueueUrl })));
      const Attributes = { MessageRetentionPeriod: '600', DelaySeconds: '5' };
      await run(sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes })));
      const names = ['MessageRetentionPeriod', 'DelaySeconds', 'VisibilityTimeout'] as const;
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
      return {
        listed: QueueUrls.map((url) => url.split('/').at(-1) ?? '').toSorted(byText),
        tags: Tags,
        settings: (await run(sqs.send(asked))).Attributes,
      };
    },
    comesTo: {
      listed: ['listed-one', 'listed-two'],
      tags: { b: '2' },
      settings: { MessageRetentionPeriod: '600', DelaySeconds: '5', VisibilityTimeout: '30' },
    },
  },
  {
    title: 'a message that is received too often goes to the dead-letter queue',
    on: async (side) => {
      const dead = await createQueue(side, 'dead');
      const deadLetterTargetArn = await arnOf(side, dead);
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
      const QueueUrl = await createQueue(side, 'dying', { VisibilityTimeout: '0', RedrivePolicy });
      await side.run(side.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' })));
      const sources = new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead });
      const found = [bodies(await receive(side, QueueUrl)), bodies(await receive(side, QueueUrl))];
      const { queueUrls = [] } = await side.run(side.sqs.send(sources));
      return [
        ...found,
        bodies(await receive(side, dead)),
        queueUrls.map((url) => url === QueueUrl),
      ];
    },
    comesTo: [['poison'], [], ['poison'], [true]],
  },
  {
    title: 'a queue that is made again is the same one, if its settings are',
    on: async (side) => {
      const one = await createQueue(side, 'again', { VisibilityTimeout: '40' });
      const two = await createQueue(side, 'again', { VisibilityTimeout: '40' });
      const other = { QueueName: 'again', Attributes: { VisibilityTimeout: '50' } };
      return [one === two, await codeOf(side, side.sqs.send(new CreateQueueCommand(other)))];
    },
    comesTo: [true, 'QueueNameExists'],
  },
  {
    title: 'batches that are empty, too long or not distinct are refused',
    on: async (side) => {
      const QueueUrl = await createQueue(side, 'batches');
      const send = (...ids: readonly string[]) => {
        const Entries = ids.map((Id) => ({ Id, MessageBody: 'x' }));
        return codeOf(side, side.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
      };
      const eleven = Array.from({ length: 11 }, (_, index) => `id-${index}`);
      return [await send(), await send(...eleven), await send('a', 'a')];
    },
    comesTo: ['EmptyBatchRequest', 'TooManyEntriesInBatchRequest', 'BatchEntryIdsNotDistinct'],
  },
];
