/** From the SDK's own serializers to ours and back, with random values. */
import { operation } from '@smithy/core/schema';
import { type Arbitrary, asyncProperty, check } from 'fast-check';
import { expect } from 'vitest';

import type { ServiceId } from '../../../simulator/wire/api.ts';
import type { WireRequest, WireResponse } from '../../../simulator/wire/protocol.ts';
import { PROTOCOLS } from '../../../simulator/wire/protocols.ts';
import { readOperation } from '../../../simulator/wire/schema.ts';
import { FORM, JSON_TEXT, QUERY_FORM, type WireLimits, XML, rootOf } from './arbitraries.ts';
import { autoScalingOn, ec2On, eventsOn, routeTo, sqsOn, ssmOn, stsOn } from './clients.ts';

/** The side of the wire that is the SDK's. */
interface ClientProtocol {
  serializeRequest(schema: unknown, input: object, context: object): Promise<WireRequest>;
  deserializeResponse(
    schema: unknown,
    context: object,
    response: WireResponse,
  ): Promise<{ readonly $metadata: unknown }>;
}

interface Wire {
  readonly protocol: ClientProtocol;
  readonly context: object;
}

const wireOf = (client: { readonly config: object }): Wire => ({
  protocol: (client.config as { readonly protocol: ClientProtocol }).protocol,
  context: {
    ...client.config,
    endpoint: () => Promise.resolve({ protocol: 'https:', hostname: 'aws.example', path: '/' }),
  },
});

const nowhere = routeTo([]);

const WIRES: Readonly<Record<ServiceId, Wire>> = {
  autoscaling: wireOf(autoScalingOn(nowhere)),
  ec2: wireOf(ec2On(nowhere)),
  events: wireOf(eventsOn(nowhere)),
  sqs: wireOf(sqsOn(nowhere)),
  ssm: wireOf(ssmOn(nowhere)),
  sts: wireOf(stsOn(nowhere)),
};

/** The form in which the SDK's protocols take an operation's schema. */
const objectOf = (schema: unknown): unknown => {
  const [, ...parts] = schema as readonly [number, ...Parameters<typeof operation>];
  return operation(...parts);
};

/** What we read of an input that the SDK has written. */
export const inputAsRead = async (
  id: ServiceId,
  schema: unknown,
  sent: object,
): Promise<{ readonly action: string; readonly isAddressed: boolean; readonly input: unknown }> => {
  const { protocol, context } = WIRES[id];
  const request = await protocol.serializeRequest(objectOf(schema), sent, context);
  const { action, isAddressed, readInput } = PROTOCOLS[id].read(request);
  return { action, isAddressed, input: readInput(readOperation(schema).input) };
};

/** What the SDK reads of an output that we have written. */
export const outputAsRead = async (
  id: ServiceId,
  schema: unknown,
  answered: object,
): Promise<object> => {
  const { protocol, context } = WIRES[id];
  const response = PROTOCOLS[id].answer(readOperation(schema), answered, 'req-1');
  const { $metadata, ...output } = await protocol.deserializeResponse(
    objectOf(schema),
    context,
    response,
  );
  expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: 'req-1' });
  return output;
};

export type Direction = 'input' | 'output';

/**
 * Sends random values through operations of a service, a few members at a time and all at once.
 * Returns what did not come out as it went in, by the operation's name.
 */
export const findLosses = async (
  id: ServiceId,
  operations: ReadonlyMap<string, unknown>,
  direction: Direction,
  rounds = 10,
): Promise<readonly string[]> => {
  const losses: string[] = [];
  for (const [name, schema] of operations) {
    for (const isFull of [false, true]) {
      const values = valuesOf(id, schema, direction, isFull);
      const property = asyncProperty(values, async (value) => {
        if (direction === 'output') {
          expect(await outputAsRead(id, schema, value)).toStrictEqual(value);
        } else {
          const expected = { action: name, isAddressed: true, input: value };
          expect(await inputAsRead(id, schema, value)).toStrictEqual(expected);
        }
      });
      const { failed, counterexample, errorInstance } = await check(property, {
        seed: SEED,
        numRuns: isFull ? 2 : rounds,
      });
      if (failed)
        losses.push(`${name} of ${JSON.stringify(counterexample)}: ${String(errorInstance)}`);
    }
  }
  return losses;
};

const SEED = 20_260_101;

/** What the wire of a service can carry in a direction. */
const LIMITS: Readonly<Record<ServiceId, Readonly<Record<Direction, WireLimits>>>> = {
  autoscaling: { input: QUERY_FORM, output: XML },
  ec2: { input: FORM, output: XML },
  events: { input: JSON_TEXT, output: JSON_TEXT },
  sqs: { input: JSON_TEXT, output: JSON_TEXT },
  ssm: { input: JSON_TEXT, output: JSON_TEXT },
  sts: { input: QUERY_FORM, output: XML },
};

const valuesOf = (
  id: ServiceId,
  schema: unknown,
  direction: Direction,
  isFull: boolean,
): Arbitrary<object> =>
  rootOf(readOperation(schema)[direction], { ...LIMITS[id][direction], isFull });
