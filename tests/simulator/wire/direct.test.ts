import {
  CreateImageCommand,
  DescribeImagesCommand,
  EC2Client,
  type Image,
  paginateDescribeImages,
} from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import type { Client, MetadataBearer, StaticOperationSchema } from '@smithy/types';
import { assert, asyncProperty } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { settled } from '../../../simulator/kernel/settled.ts';
import { ApiError, type Service } from '../../../simulator/wire/api.ts';
import { DirectConnection } from '../../../simulator/wire/direct.ts';
import { createRequestHandler } from '../../../simulator/wire/in-process.ts';
import type { CallRecord } from '../../../simulator/wire/router.ts';
import { readOperation } from '../../../simulator/wire/schema.ts';
import { FORM, JSON_TEXT, rootOf, XML } from './arbitraries.ts';
import { ACCOUNT, NOW_MS, routeTo, settingsFor } from './clients.ts';
import { OPERATIONS } from './operations.ts';

const ACCESS_KEY = 'AKIDEXAMPLE';
interface Clients {
  readonly ec2: EC2Client;
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
}
type Direct = keyof Clients;

/** What a run of the product calls, and a few that are larger. */
const CALLED: Readonly<Record<Direct, readonly string[]>> = {
  ec2: [
    'CopyImage',
    'CreateImage',
    'CreateTags',
    'DeleteSnapshot',
    'DeregisterImage',
    'DescribeImages',
    'DescribeInstances',
    'DescribeLaunchTemplateVersions',
    'DescribeSnapshots',
    'RunInstances',
  ],
  events: ['PutEvents'],
  sqs: ['GetQueueAttributes', 'SendMessage', 'SendMessageBatch'],
};

interface Side {
  readonly settings: object;
  /** Does to a client what settings cannot. */
  readonly adapt: (client: Clients[Direct]) => void;
  readonly calls: CallRecord[];
}

/** Settings for clients of one made-up cloud: over the wire, and directly. */
const sidesOf = (
  service: Direct,
  services: readonly Service[],
): Record<'wire' | 'direct', Side> => {
  const wire: CallRecord[] = [];
  const route = routeTo(services, (call) => wire.push(call));
  const calls: CallRecord[] = [];
  let requests = 0;
  const connection = new DirectConnection(
    {
      services,
      account: ACCOUNT,
      accessKeyId: ACCESS_KEY,
      nowMs: () => NOW_MS,
      requestId: () => `req-${(requests += 1)}`,
      onCall: (call) => calls.push(call),
      delay: () => Promise.resolve(),
    },
    createRequestHandler(route),
  );
  const own = settingsFor(route);
  return {
    wire: { settings: own, adapt: () => undefined, calls: wire },
    direct: {
      settings: { ...own, ...connection.settingsOf(service, own.region) },
      adapt: (client) => {
        connection.adapt(client, service);
      },
      calls,
    },
  };
};

const ENDPOINT_PARAMETERS = {
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
} as const;

type AnyClient = Client<object, MetadataBearer, { requestHandler: never }>;

/** Sends any schema, as the SDK's own command files do. */
const sender = (client: unknown, service: string, schema: unknown) => {
  const command = makeBuilder(ENDPOINT_PARAMETERS, service, `${service}Client`, getEndpointPlugin);
  const operation = schema as StaticOperationSchema;
  const Command = command<object, MetadataBearer>({}, () => [], operation[2], operation);
  return (input: object): Promise<object> =>
    (client as AnyClient).send(new Command(input) as never);
};

const MAKERS: { readonly [Id in Direct]: (settings: object) => Clients[Id] } = {
  ec2: (settings) => new EC2Client(settings),
  events: (settings) => new EventBridgeClient(settings),
  sqs: (settings) => new SQSClient({ ...settings, md5: false, useQueueUrlAsEndpoint: false }),
};

const clientOf = <Id extends Direct>(
  id: Id,
  { settings, adapt }: Side,
  more: object = {},
): Clients[Id] => {
  const client = MAKERS[id]({ ...settings, ...more });
  adapt(client);
  return client;
};

const schemaOf = (service: Direct, name: string): unknown => OPERATIONS[service].get(name);

/** A service that answers each of its operations in one way. */
const serving = (id: Direct, answer: (input: unknown) => unknown): readonly Service[] => [
  {
    id,
    operations: Object.fromEntries(
      CALLED[id].map((name) => [name, { schema: schemaOf(id, name), answer }]),
    ),
  },
];

const LIMITS = {
  ec2: { input: FORM, output: XML },
  events: { input: JSON_TEXT, output: JSON_TEXT },
  sqs: { input: JSON_TEXT, output: JSON_TEXT },
};

describe('a direct call', () => {
  const operations = Object.entries(CALLED).flatMap(([id, names]) =>
    names.map((name) => ({ id: id as Direct, name })),
  );

  it.each(operations)('is to $id $name what a call over the wire is', async ({ id, name }) => {
    const given: unknown[] = [];
    let planned: unknown;
    const answer = (input: unknown): unknown => {
      given.push(input);
      return planned;
    };
    const schema = schemaOf(id, name);
    const sides = sidesOf(id, serving(id, answer));
    const sends = [sides.wire, sides.direct].map((side) => sender(clientOf(id, side), id, schema));
    const { input, output } = readOperation(schema);
    const inputs = rootOf(input, { ...LIMITS[id].input, isFull: false });
    const outputs = rootOf(output, { ...LIMITS[id].output, isFull: false });
    const property = asyncProperty(inputs, outputs, async (sent, returned) => {
      planned = returned;
      given.length = 0;
      const [byWire, directly] = await Promise.all(sends.map((send) => send(sent)));
      expect(given[1]).toStrictEqual(given[0]);
      expect(directly).toStrictEqual(byWire);
    });
    await assert(property, { seed: 7, numRuns: 10 });
    expect(sides.direct.calls).toStrictEqual(sides.wire.calls);
  });
});

const failing = (id: Direct, error: ApiError): readonly Service[] =>
  serving(id, () => {
    throw error;
  });

const rejectionOf = async (call: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  const { name, message, $fault, $metadata, ...rest } = error as Record<string, unknown>;
  return {
    kind: error?.constructor.name,
    name,
    message,
    $fault,
    $metadata,
    keys: Object.keys(rest),
  };
};

describe('a direct call that fails', () => {
  it('rejects with the error that the wire would give, of EC2', async () => {
    const error = new ApiError('InvalidAMIName.Duplicate', 'AMI name <taken> & used');
    const { wire, direct } = sidesOf('ec2', failing('ec2', error));
    const call = (side: Side) =>
      rejectionOf(
        clientOf('ec2', side).send(new CreateImageCommand({ InstanceId: 'i-1', Name: 'name' })),
      );
    const [byWire, directly] = [await call(wire), await call(direct)];
    expect(directly).toEqual(byWire);
    expect(directly).toMatchObject({ name: 'InvalidAMIName.Duplicate', $fault: 'client' });
    expect(direct.calls).toEqual(wire.calls);
    expect(direct.calls[0]?.errorCode).toBe('InvalidAMIName.Duplicate');
  });

  it('rejects with the class that the SDK has for the error, of SQS', async () => {
    const error = new ApiError('AWS.SimpleQueueService.NonExistentQueue', 'no such queue');
    const { wire, direct } = sidesOf('sqs', failing('sqs', error));
    const call = (side: Side) =>
      rejectionOf(
        clientOf('sqs', side).send(
          new SendMessageCommand({
            QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q',
            MessageBody: 'b',
          }),
        ),
      );
    const [byWire, directly] = [await call(wire), await call(direct)];
    expect(directly).toEqual(byWire);
    expect(directly).toMatchObject({ kind: 'QueueDoesNotExist' });
  });

  it('is tried again as the SDK tries again', async () => {
    let left = 2;
    const services = serving('ec2', () => {
      if (left-- > 0) throw new ApiError('InternalError', 'try again', 500);
      return { Images: [] };
    });
    const { direct } = sidesOf('ec2', services);
    const client = clientOf('ec2', direct, { maxAttempts: 3 });
    const { $metadata } = await client.send(new DescribeImagesCommand({}));
    expect($metadata.attempts).toBe(3);
    expect(direct.calls.map(({ errorCode }) => errorCode)).toEqual([
      'InternalError',
      'InternalError',
      undefined,
    ]);
  });

  it('leaves to the wire what lacks a required parameter', async () => {
    const { wire, direct } = sidesOf(
      'ec2',
      serving('ec2', () => ({})),
    );
    const call = (side: Side) =>
      rejectionOf(clientOf('ec2', side).send(new CreateImageCommand({ Name: 'n' } as never)));
    expect([await call(direct), await call(wire)]).toMatchObject([
      { name: 'MissingParameter' },
      { name: 'MissingParameter' },
    ]);
    expect(direct.calls).toEqual([]);
    expect(wire.calls.map(({ errorCode }) => errorCode)).toEqual([
      'MissingParameter',
      'MissingParameter',
    ]);
  });
});

describe('what is handed over directly', () => {
  const cloudOf = (images: readonly Image[]): readonly Service[] =>
    serving('ec2', (input) => {
      const { NextToken } = input as { readonly NextToken?: string };
      return NextToken === undefined
        ? { Images: images.slice(0, 1), NextToken: 'more' }
        : { Images: images.slice(1) };
    });

  it('comes in pages to a paginator', async () => {
    const { direct } = sidesOf('ec2', cloudOf([{ ImageId: 'ami-1' }, { ImageId: 'ami-2' }]));
    const ids: (string | undefined)[] = [];
    const client = clientOf('ec2', direct);
    for await (const { Images = [] } of paginateDescribeImages({ client }, {})) {
      ids.push(...Images.map(({ ImageId }) => ImageId));
    }
    expect(ids).toEqual(['ami-1', 'ami-2']);
  });

  it('is a copy, so that no client can change what the cloud holds', async () => {
    const held = { ImageId: 'ami-1', Tags: [{ Key: 'a', Value: '1' }], Description: undefined };
    const { direct } = sidesOf('ec2', cloudOf([held]));
    const { Images: [image] = [] } = await clientOf('ec2', direct).send(
      new DescribeImagesCommand({}),
    );
    image?.Tags?.push({ Key: 'b', Value: '2' });
    expect(held.Tags).toHaveLength(1);
    expect(image).not.toHaveProperty('Description');
  });

  it('is a copy of what a client gives, even if that is frozen', async () => {
    const given: unknown[] = [];
    const { direct } = sidesOf(
      'ec2',
      serving('ec2', (input) => given.push(input)),
    );
    const input = Object.freeze({ InstanceId: 'i-1', Name: 'n', BlockDeviceMappings: [] });
    await clientOf('ec2', direct).send(new CreateImageCommand(input));
    expect(given).toStrictEqual([{ InstanceId: 'i-1', Name: 'n' }]);
  });

  it('is the very thing if the cloud has settled it, whole or in parts', async () => {
    const image = settled({ ImageId: 'ami-1', Tags: [], Description: undefined });
    let answer: object = { Images: [image] };
    const { direct } = sidesOf(
      'ec2',
      serving('ec2', () => answer),
    );
    const client = clientOf('ec2', direct);
    const read = async () => (await client.send(new DescribeImagesCommand({}))).Images;
    expect((await read())?.[0]).toBe(image);

    const Images = settled([image]);
    answer = settled({ Images });

    expect(await read()).toBe(Images);
  });
});
