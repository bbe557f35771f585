/** Queues of a side, and rules that send events to them. */
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { byText } from './moto-deeds.ts';
import type { Side } from './sides.ts';

export const createQueue = async (
  { run, sqs }: Side,
  QueueName: string,
  Attributes: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const asked = new CreateQueueCommand({ QueueName, Attributes });
  return (await run(sqs.send(asked))).QueueUrl ?? '';
};

export const receive = async (
  { run, sqs }: Side,
  QueueUrl: string,
): Promise<readonly Message[]> => {
  const asked = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
  });
  return (await run(sqs.send(asked))).Messages ?? [];
};

export const bodies = (messages: readonly Message[]): readonly string[] =>
  messages.map(({ Body = '' }) => Body).toSorted(byText);

export const remove = (side: Side, QueueUrl: string, { ReceiptHandle }: Message) =>
  side.run(side.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));

export const arnOf = async ({ run, sqs }: Side, QueueUrl: string): Promise<string> => {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return (await run(sqs.send(asked))).Attributes?.['QueueArn'] ?? '';
};

export const putRule = ({ run, events }: Side, Name: string, pattern: object) =>
  run(events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) })));

/** Sends what matches to a new queue; the function that is returned takes from it what came. */
export const listen = async (side: Side, name: string, pattern: object) => {
  const QueueUrl = await createQueue(side, name);
  await putRule(side, name, pattern);
  const Targets = [{ Id: 'queue', Arn: await arnOf(side, QueueUrl) }];
  await side.run(side.events.send(new PutTargetsCommand({ Rule: name, Targets })));
  return async (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    await side.settle();
    const messages = await receive(side, QueueUrl);
    return messages.map(({ Body = '{}' }) => JSON.parse(Body) as Record<string, unknown>);
  };
};
