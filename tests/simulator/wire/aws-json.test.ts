import { PutEvents$, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PutEventsRequest } from '@aws-sdk/client-eventbridge';
import {
  GetQueueUrl$,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SendMessage$,
} from '@aws-sdk/client-sqs';
import { GetInventory$, PutParameter$ } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';

import { ApiError, operation } from '../../../simulator/wire/api.ts';
import { eventsOn, routeTo, sqsOn } from './clients.ts';

const scopeOf = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20270115/eu-west-1/${service}/aws4_request`;

const failingQueue = (code: string, status?: number) =>
  routeTo([
    {
      id: 'sqs',
      operations: {
        GetQueueUrl: operation(GetQueueUrl$, () => {
          throw new ApiError(code, 'The specified queue does not exist.', status);
        }),
        SendMessage: operation(SendMessage$, () => ({})),
      },
    },
  ]);

const postTo = (
  route: ReturnType<typeof routeTo>,
  service: string,
  target: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
) => {
  const response = route({
    headers: {
      authorization: scopeOf(service),
      'X-Amz-Target': target,
      'Content-Type': 'application/x-amz-json-1.1',
      ...headers,
    },
    body,
  });
  return { ...response, body: new TextDecoder().decode(response.body) };
};

describe('an SQS error', () => {
  const names = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

  test.each(names)('carries both its names, of which the service throws %s', (code) => {
    const route = failingQueue(code);

    expect(postTo(route, 'sqs', 'AmazonSQS.GetQueueUrl', '{"QueueName":"jobs"}')).toStrictEqual({
      statusCode: 400,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender',
        'x-amzn-requestid': 'req-1',
      },
      body:
        '{"__type":"com.amazonaws.sqs#QueueDoesNotExist",' +
        '"message":"The specified queue does not exist."}',
    });
  });

  test.each(names)(
    'reaches the client as its own class when the service throws %s',
    async (code) => {
      const client = sqsOn(failingQueue(code));

      const call = client.send(new GetQueueUrlCommand({ QueueName: 'jobs' }));

      await expect(call).rejects.toBeInstanceOf(QueueDoesNotExist);
      await expect(call).rejects.toMatchObject({
        name: 'QueueDoesNotExist',
        message: 'The specified queue does not exist.',
        Code: 'AWS.SimpleQueueService.NonExistentQueue',
      });
    },
  );

  test('blames the receiver when its status is 500 or more', () => {
    const route = failingQueue('InternalError', 500);

    const { headers } = postTo(route, 'sqs', 'AmazonSQS.GetQueueUrl', '{"QueueName":"jobs"}');

    expect(headers['x-amzn-query-error']).toBe('InternalError;Receiver');
  });
});

describe('an SQS request', () => {
  test.each([
    ['without a required member', '{"QueueUrl":"https://q"}', 'MissingParameter'],
    ['with null for a required member', '{"QueueUrl":null}', 'MissingParameter'],
    ['with a member of another type', '{"QueueUrl":7}', 'SerializationException'],
    ['that is no JSON', '{', 'SerializationException'],
  ])('%s is refused', (_case, body, code) => {
    const answer = postTo(failingQueue(''), 'sqs', 'AmazonSQS.SendMessage', body);

    expect(answer.statusCode).toBe(400);
    expect(answer.headers['x-amzn-query-error']).toBe(`${code};Sender`);
  });

  test('for an operation that is not served is refused as UnknownOperationException', () => {
    const { statusCode, body } = postTo(failingQueue(''), 'sqs', 'AmazonSQS.MakeCoffee', '{}');

    expect(statusCode).toBe(400);
    expect(body).toBe('{"__type":"com.amazonaws.sqs#UnknownOperationException","message":""}');
  });
});

describe('EventBridge', () => {
  const bus = (entries: PutEventsRequest[]) =>
    routeTo([
      {
        id: 'events',
        operations: {
          PutEvents: operation(PutEvents$, (input: PutEventsRequest) => {
            entries.push(input);
            return { FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] };
          }),
        },
      },
    ]);

  test.each(['2026-03-04T05:06:07.089Z', '1970-01-01T00:00:01.001Z'])(
    'is given a time as a date, to the millisecond: %s',
    async (text) => {
      const given: PutEventsRequest[] = [];
      const time = new Date(text);

      const output = await eventsOn(bus(given)).send(
        new PutEventsCommand({ Entries: [{ Source: 'imago', Time: time, Detail: '{"a":"é"}' }] }),
      );

      expect(given).toStrictEqual([
        { Entries: [{ Source: 'imago', Time: time, Detail: '{"a":"é"}' }] },
      ]);
      expect(output).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] });
    },
  );

  test('refuses a missing member as ValidationException', () => {
    const { statusCode, headers, body } = postTo(bus([]), 'events', 'AWSEvents.PutEvents', '{}');

    expect(statusCode).toBe(400);
    expect(headers).toStrictEqual({
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': 'req-1',
    });
    expect(body).toBe(
      '{"__type":"ValidationException","message":"1 validation error detected: ' +
        `Value null at 'entries' failed to satisfy constraint: Member must not be null"}`,
    );
  });

  test('leaves the route when a service answers what the model does not allow', () => {
    const route = routeTo([
      {
        id: 'events',
        operations: { PutEvents: operation(PutEvents$, () => ({ Entries: 'none' })) },
      },
    ]);

    expect(() => postTo(route, 'events', 'AWSEvents.PutEvents', '{"Entries":[]}')).toThrow(
      TypeError,
    );
  });
});

describe('SSM', () => {
  const inputs: unknown[] = [];
  const keep = (input: unknown) => {
    inputs.push(input);
    return {};
  };
  const route = routeTo([
    {
      id: 'ssm',
      operations: {
        GetInventory: operation(GetInventory$, keep),
        PutParameter: operation(PutParameter$, keep),
      },
    },
  ]);
  const refusalOf = (action: string, body: string | Uint8Array): unknown => {
    const answer = postTo(route, 'ssm', `AmazonSSM.${action}`, body);
    const { __type, message } = JSON.parse(answer.body) as Record<string, string>;
    return [answer.statusCode, __type, message];
  };
  const nullAt = (path: string): string =>
    `Value null at '${path}' failed to satisfy constraint: Member must not be null`;

  test('tells all members that are missing, with their paths', () => {
    const body = '{"Tags":[{"Key":"a","Value":"1"},{"Key":"b"}]}';

    expect(refusalOf('PutParameter', body)).toStrictEqual([
      400,
      'ValidationException',
      `3 validation errors detected: ${nullAt('name')}; ${nullAt('value')}; ` +
        nullAt('tags.2.member.value'),
    ]);
  });

  test.each([
    ['a number for a text', '{"Name":7}', 'NUMBER_VALUE can not be converted to a String'],
    ['a boolean for a text', '{"Name":true}', 'TRUE_VALUE can not be converted to a String'],
    [
      'a text for a boolean',
      '{"Overwrite":"yes"}',
      'STRING_VALUE can not be converted to a Boolean',
    ],
    ['a list for a text', '{"Name":[]}', 'Start of list found where not expected'],
    ['a map for a text', '{"Name":{}}', 'Start of structure or map found where not expected.'],
    ['a text for a list', '{"Tags":"a"}', 'Expected list or null'],
    ['a map for a list', '{"Tags":{}}', 'Start of structure or map found where not expected.'],
    ['a text for a structure', '{"Tags":["a"]}', 'Expected null'],
    ['a list for all', '[]', 'Start of list found where not expected'],
    ['a text for all', '"a"', 'Expected null'],
    ['no body', '', 'Could not parse request body'],
    ['half a body', '{"Name":', 'Could not parse request body'],
  ])('refuses %s as SerializationException', (_case, body, message) => {
    expect(refusalOf('PutParameter', body)).toStrictEqual([400, 'SerializationException', message]);
  });

  test('refuses a body that is deeper than any model', () => {
    const levels = 10_000;
    const body = `${'{"Aggregators":['.repeat(levels)}${']}'.repeat(levels)}`;

    expect(refusalOf('GetInventory', body)).toStrictEqual([
      400,
      'SerializationException',
      'Start of list found where not expected',
    ]);
  });

  test('ignores members that it does not know, and those that are null', () => {
    inputs.length = 0;
    const body = '{"Name":"n","Value":"v","Colour":"red","Tier":null,"__proto__":{"Type":"x"}}';

    expect(postTo(route, 'ssm', 'AmazonSSM.PutParameter', body).statusCode).toBe(200);
    expect(inputs).toStrictEqual([{ Name: 'n', Value: 'v' }]);
  });
});
