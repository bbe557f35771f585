/**
 * A client's way to what answers it directly, without what the SDK does for each call only because it
 * makes an HTTP request of it: find its address, describe who sends it, and sign it. That is half of
 * what a call costs. All the other steps stay, the client's retries, checks and errors among them.
 */
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { getSchemaSerdePlugin } from '@smithy/core/schema';
import { getSmithyContext } from '@smithy/core/transport';

export type DirectClient = EC2Client | EventBridgeClient | SQSClient;

/** The SDK's names of the steps that are left out. */
const FOR_HTTP = [
  'httpAuthSchemeMiddleware',
  'endpointV2Middleware',
  'queueUrlMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'contentLengthMiddleware',
  'recursionDetectionMiddleware',
  'httpSigningMiddleware',
];

type Step = (args: { readonly input: object }) => Promise<unknown>;

/** Of the SDK's stack of middleware, what is used here. */
interface Stack {
  concat(own: Stack): Stack;
  remove(name: string): boolean;
  resolve(last: Step, context: Context): Step;
}

type Context = Parameters<typeof getSmithyContext>[0];

/** The operation's name stands in the third place of its schema. */
const operationOf = (context: Context): string => {
  const { operationSchema } = getSmithyContext(context);
  return Array.isArray(operationSchema) ? String(operationSchema[2]) : '';
};

/** To be taken before the client's first call. @param isDirect whether a call may go the short way */
export const takeShortCut = (
  client: DirectClient,
  isDirect: (operation: string, input: object) => boolean,
): void => {
  keepPlainSettings(client);
  const stack = client.middlewareStack as unknown as Stack;
  const concat = stack.concat.bind(stack);
  const forks = (own: Stack): Stack => {
    const long = concat(own);
    const short = concat(own);
    for (const name of FOR_HTTP) short.remove(name);
    const resolve: Stack['resolve'] = (last, context) => {
      const operation = operationOf(context);
      const goLong = long.resolve(last, context);
      const goShort = short.resolve(last, context);
      return (args) => (isDirect(operation, args.input) ? goShort(args) : goLong(args));
    };
    return { ...long, resolve };
  };
  Object.assign(stack, { concat: forks });
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
