/** Client to service and back, for every operation of a set of services, with random values. */
import { makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import type { Client, MetadataBearer, StaticOperationSchema } from '@smithy/types';
import { assert, asyncProperty } from 'fast-check';
import { expect, test } from 'vitest';

import type { Service, ServiceId } from '../../../simulator/wire/api.ts';
import type { Route } from '../../../simulator/wire/router.ts';
import { readOperation } from '../../../simulator/wire/schema.ts';
import { FORM, JSON_TEXT, XML, rootOf } from './arbitraries.ts';
import { ec2On, eventsOn, routeTo, sqsOn } from './clients.ts';

type Send = (schema: unknown, input: object) => Promise<object>;

/**
 * Declares one test per operation: what a real SDK client sends is what the service is given, and
 * what the service answers is what the client returns.
 */
export const testRoundTrips = (tables: readonly Service[], numRuns = 40): void => {
  for (const { id, operations } of tables) {
    for (const [name, { schema }] of Object.entries(operations)) {
      const subject = { id, name, schema };
      test(`${id} ${name} keeps any few members`, () =>
        check({ ...subject, isFull: false, numRuns }));
      test(`${id} ${name} keeps all members at once`, () =>
        check({ ...subject, isFull: true, numRuns: 2 }));
    }
  }
};

interface Subject {
  readonly id: ServiceId;
  readonly name: string;
  readonly schema: unknown;
  readonly isFull: boolean;
  readonly numRuns: number;
}

const check = async ({ id, name, schema, isFull, numRuns }: Subject): Promise<void> => {
  let given: unknown;
  let planned: unknown;
  const answer = (input: unknown): unknown => {
    given = input;
    return planned;
  };
  const send = senderTo(id, routeTo([{ id, operations: { [name]: { schema, answer } } }]));
  const { input, output } = readOperation(schema);
  const inputs = rootOf(input, { ...(id === 'ec2' ? FORM : JSON_TEXT), isFull });
  const outputs = rootOf(output, { ...(id === 'ec2' ? XML : JSON_TEXT), isFull });
  const property = asyncProperty(inputs, outputs, async (sent, returned) => {
    planned = returned;
    const received = await send(schema, sent);
    expect(given).toStrictEqual(sent);
    expect(received).toStrictEqual(returned);
  });
  await assert(property, { seed: 20_260_101, numRuns });
};

const ENDPOINT_PARAMETERS = {
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
} as const;

type AnyClient = Client<object, MetadataBearer, { requestHandler: never }>;
const clients: Readonly<Record<ServiceId, (route: Route) => unknown>> = {
  ec2: ec2On,
  events: eventsOn,
  sqs: sqsOn,
};

/** Builds commands as the SDK's own command files do, so that any schema can be sent. */
const senderTo = (id: ServiceId, route: Route): Send => {
  const client = clients[id](route) as AnyClient;
  const command = makeBuilder(ENDPOINT_PARAMETERS, id, `${id}Client`, getEndpointPlugin);
  return async (schema, input) => {
    const operation = schema as StaticOperationSchema;
    const Command = command<object, MetadataBearer>({}, () => [], operation[2], operation);
    const { $metadata, ...output } = await client.send(new Command(input) as never);
    expect($metadata.httpStatusCode).toBe(200);
    return output;
  };
};
