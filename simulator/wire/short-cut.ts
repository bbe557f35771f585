/**
 * A client's way to what answers it directly, without what the SDK does for each call only because it
 * makes an HTTP request of it: find its address, describe who sends it, write it, sign it, and read
 * the answer. That is most of what a call costs. All the other steps stay, the client's retries,
 * checks and errors among them.
 */
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { retryMiddleware, retryMiddlewareOptions } from '@smithy/core/retry';
import {
  deserializerMiddlewareOption,
  getSchemaSerdePlugin,
  serializerMiddlewareOption,
} from '@smithy/core/schema';
import { getSmithyContext } from '@smithy/core/transport';
import type { RetryStrategyV2 } from '@smithy/types';

export type DirectClient = EC2Client | EventBridgeClient | SQSClient;

/** What answers calls directly. An operation is named as in the API. */
export interface DirectServer {
  /** Whether the call may go the short way. */
  readonly serves: (operation: string, input: object) => boolean;
  /** What the client's request handler is handed in place of an HTTP request. */
  readonly requestOf: (operation: string, input: object) => object;
  /** What the client is given; undefined for a failure, which the SDK reads from the response. */
  readonly outputOf: (response: object) => object | undefined;
}

/** The SDK's names of the steps that are left out. Its log is nobody's: see shared/aws/connection. */
const LEFT_OUT = [
  'loggerMiddleware',
  'httpAuthSchemeMiddleware',
  'endpointV2Middleware',
  'queueUrlMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'contentLengthMiddleware',
  'recursionDetectionMiddleware',
  'httpSigningMiddleware',
];

interface Args {
  readonly input: object;
}

interface Result {
  readonly response: object;
  readonly output: { readonly $metadata: object };
}

type Step = (args: Args) => Promise<Result>;
type Middleware = (next: Step, context: Context) => Step;

/** Of the SDK's stack of middleware, what is used here. */
interface Stack {
  concat(own: Stack): Stack;
  add(middleware: Middleware, options: object): void;
  remove(name: string): boolean;
  resolve(last: Step, context: Context): Step;
}

type Context = Parameters<typeof getSmithyContext>[0];

/** The operation's name stands in the third place of its schema. */
const operationOf = (context: Context): string => {
  const { operationSchema } = getSmithyContext(context);
  return Array.isArray(operationSchema) ? String(operationSchema[2]) : '';
};

/** To be taken before the client's first call. */
export const takeShortCut = (client: DirectClient, server: DirectServer): void => {
  keepPlainSettings(client);
  const stack = client.middlewareStack as unknown as Stack;
  const concat = stack.concat.bind(stack);
  const forks = (own: Stack): Stack => {
    const long = concat(own);
    const short = concat(own);
    for (const name of LEFT_OUT) short.remove(name);
    short.add(writing(server), serializerMiddlewareOption);
    short.add(reading(client, server), deserializerMiddlewareOption);
    short.add(retrying(client), retryMiddlewareOptions);
    const resolve: Stack['resolve'] = (last, context) => {
      const operation = operationOf(context);
      const goLong = long.resolve(last, context);
      const goShort = short.resolve(last, context);
      return (args) => (server.serves(operation, args.input) ? goShort(args) : goLong(args));
    };
    return { ...long, resolve };
  };
  Object.assign(stack, { concat: forks });
};

const writing =
  ({ requestOf }: DirectServer): Middleware =>
  (next, context) => {
    const operation = operationOf(context);
    return (args) => next({ ...args, request: requestOf(operation, args.input) } as Args);
  };

const reading = (client: DirectClient, { outputOf }: DirectServer): Middleware => {
  const sdk = deserializerOf(client);
  return (next, context) => async (args) => {
    const result = await next(args);
    const output = outputOf(result.response);
    if (output === undefined) return sdk(() => Promise.resolve(result), context)(args);
    return { response: result.response, output: output as Result['output'] };
  };
};

const deserializerOf = (client: DirectClient): Middleware => {
  const added = new Map<string, Middleware>();
  const add = (middleware: Middleware, { name }: { readonly name: string }): void => {
    added.set(name, middleware);
  };
  getSchemaSerdePlugin(client.config).applyToStack({ add } as never);
  return added.get('deserializerMiddleware') as Middleware;
};

/**
 * The SDK's retries, but for a first try that succeeds, as almost all do: for each call they make an
 * error with its stack, in case there is none to throw in the end. A first try that fails is theirs.
 */
const retrying = ({ config }: DirectClient): Middleware => {
  const sdk = retryMiddleware(config) as unknown as Middleware;
  return (next, context) => async (args) => {
    // Clients that are made here have strategies of the second version, as the SDK's own are.
    const strategy = (await config.retryStrategy()) as RetryStrategyV2;
    const token = await strategy.acquireInitialRetryToken('');
    let result: Result;
    try {
      result = await next(args);
    } catch (error) {
      return sdk(failingFirst(next, error), context)(args);
    }
    strategy.recordSuccess(token);
    Object.assign(result.output.$metadata, { attempts: 1, totalRetryDelay: 0 });
    return result;
  };
};

/** A step whose first try was made already, and failed so. */
const failingFirst = (next: Step, error: unknown): Step => {
  let isFirst = true;
  return async (args) => {
    if (!isFirst) return next(args);
    isFirst = false;
    throw error;
  };
};

/**
 * The SDK copies a client's settings several times a call. As it puts them together, the JavaScript
 * engine keeps them as a dictionary; a copy of them is a plain object, and copied in no time.
 */
const keepPlainSettings = (client: DirectClient): void => {
  const config = { ...client.config };
  Object.assign(client, { config });
  client.middlewareStack.use(getSchemaSerdePlugin(config) as never);
};
