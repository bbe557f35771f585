/**
 * Every operation of the served services that botocore has, with random values: what botocore writes
 * is what our wire reads, and what our wire writes is what botocore reads.
 */
import { sample } from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ServiceId } from '../../simulator/wire/api.ts';
import { PROTOCOLS } from '../../simulator/wire/protocols.ts';
import { readOperation } from '../../simulator/wire/schema.ts';
import {
  FORM,
  JSON_TEXT,
  QUERY_FORM,
  rootOf,
  type WireLimits,
  XML,
} from '../simulator/wire/arbitraries.ts';
import { OPERATIONS, SERVICE_IDS } from '../simulator/wire/operations.ts';
import { judge, type Judgement, type ToRead, type ToWrite } from './botocore.ts';
import { hasPythonModules } from './programs.ts';

/** Of botocore 1.43.11; a newer one has more. Literal, so that no service can drop out unseen. */
const COUNTS_MIN: Readonly<Record<ServiceId, number>> = {
  autoscaling: 66,
  ec2: 765,
  events: 57,
  sqs: 23,
  ssm: 146,
  sts: 11,
};

const SEED = 20_260_101;

/** The XML parser of Python refuses control characters, as XML does. */
const CONTROL = /\p{Cc}/u;

const plainly = (limits: WireLimits): WireLimits => ({
  ...limits,
  text: limits.text.filter((text) => !CONTROL.test(text)),
  isWhole: true,
});

const INPUTS: Readonly<Record<ServiceId, WireLimits>> = {
  autoscaling: plainly(QUERY_FORM),
  ec2: plainly(FORM),
  events: plainly(JSON_TEXT),
  sqs: plainly(JSON_TEXT),
  ssm: plainly(JSON_TEXT),
  sts: plainly(QUERY_FORM),
};
const OUTPUTS: Readonly<Record<ServiceId, WireLimits>> = {
  ...INPUTS,
  autoscaling: plainly(XML),
  ec2: plainly(XML),
  sts: plainly(XML),
};

interface Case {
  readonly service: ServiceId;
  readonly operation: string;
  readonly schema: unknown;
  readonly given: object;
}

/** Two values of each operation: a few members, and all at once. */
const casesOf = (
  direction: 'input' | 'output',
  limits: Readonly<Record<ServiceId, WireLimits>>,
): readonly Case[] =>
  SERVICE_IDS.flatMap((service) =>
    [...OPERATIONS[service]].flatMap(([operation, schema]) =>
      [false, true].flatMap((isFull) => {
        const values = rootOf(readOperation(schema)[direction], { ...limits[service], isFull });
        const [given = {}] = sample(values, { seed: SEED, numRuns: 1 });
        return [{ service, operation, schema, given }];
      }),
    ),
  );

const toWrite = ({ service, operation, given }: Case): ToWrite => ({
  service,
  operation,
  input: given,
});

const toRead = ({ service, operation, schema, given }: Case): ToRead => {
  const answer = PROTOCOLS[service].answer(readOperation(schema), given, 'req-1');
  return {
    service,
    operation,
    status: answer.statusCode,
    headers: answer.headers,
    body: new TextDecoder().decode(answer.body),
    output: given,
  };
};

const commonOperations = ({ operations }: Judgement): Readonly<Record<ServiceId, number>> => {
  const count = (id: ServiceId): number =>
    operations[id].filter((name) => OPERATIONS[id].has(name)).length;
  return {
    autoscaling: count('autoscaling'),
    ec2: count('ec2'),
    events: count('events'),
    sqs: count('sqs'),
    ssm: count('ssm'),
    sts: count('sts'),
  };
};

const totalOf = (counts: Readonly<Record<ServiceId, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What is wrong with the cases that botocore has judged, and how many they are. */
const compareAll = <Verdict>(
  cases: readonly Case[],
  verdicts: readonly (Verdict | null)[],
  compare: (verdict: Verdict, one: Case) => void,
): { readonly judged: number; readonly wrong: readonly string[] } => {
  const wrong: string[] = [];
  let judged = 0;
  for (const [index, one] of cases.entries()) {
    const verdict = verdicts[index] ?? null;
    if (verdict === null) continue;
    judged += 1;
    try {
      compare(verdict, one);
    } catch (error) {
      wrong.push(`${one.service} ${one.operation}: ${String(error)}`);
    }
  }
  return { judged, wrong };
};

describe.skipIf(!hasPythonModules('botocore'))('botocore and the wire', () => {
  let inputs: readonly Case[] = [];
  let outputs: readonly Case[] = [];
  let judgement: Judgement;

  beforeAll(async () => {
    inputs = casesOf('input', INPUTS);
    outputs = casesOf('output', OUTPUTS);
    judgement = await judge({ write: inputs.map(toWrite), read: outputs.map(toRead) });
  });

  test('have at least as many operations in common as are listed here', () => {
    const counts = commonOperations(judgement);
    const tooFew = SERVICE_IDS.filter((id) => counts[id] < COUNTS_MIN[id]);

    expect(tooFew).toEqual([]);
    expect(SERVICE_IDS).toHaveLength(6);
  });

  test('have nearly all members of them in common', () => {
    const { known, unknown } = judgement.members;

    expect(known).toBeGreaterThan(10_000);
    expect(unknown / known).toBeLessThan(0.05);
  });

  test('agree about every input that botocore writes', () => {
    const { judged, wrong } = compareAll(
      inputs,
      judgement.written,
      ({ headers, body, input }, { service, operation, schema }) => {
        const asked = PROTOCOLS[service].read({ headers, body });
        expect([asked.action, asked.isAddressed]).toEqual([operation, true]);
        expect(asked.readInput(readOperation(schema).input)).toEqual(input);
      },
    );

    expect(wrong).toEqual([]);
    expect(judged).toBe(2 * totalOf(commonOperations(judgement)));
  });

  test('agree about every output that botocore reads', () => {
    const { judged, wrong } = compareAll(outputs, judgement.read, ({ parsed, output }) => {
      const { ResponseMetadata, ...read } = parsed;
      expect(ResponseMetadata).toMatchObject({ HTTPStatusCode: 200, RequestId: 'req-1' });
      expect(read).toEqual(output);
    });

    expect(wrong).toEqual([]);
    expect(judged).toBe(2 * totalOf(commonOperations(judgement)));
  });
});
