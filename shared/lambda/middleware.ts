import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy, { type MiddlewareObj } from '@middy/core';
import type { ZodType } from 'zod';
import { narrow } from '../config/messages.ts';
import type { Printers, Runtime } from './runtime.ts';

/** Replaces the raw event by what the schema makes of it, or refuses it with a MalformedError. */
const parsed = <T>(schema: ZodType<T>, what: string): MiddlewareObj<T> => ({
  before: (request) => {
    request.event = narrow(schema, what, request.event);
  },
});

/**
 * What every handler is wrapped in: the invocation's ids in each line of the log, metrics written
 * when it ends, and an event of a known shape. An error leaves the handler, for the platform to see.
 */
export const withMiddleware = <T>({ printers }: Runtime, schema: ZodType<T>, what: string) =>
  // No early time-out: middy would watch the machine's clock, and the loop watches its deadline.
  middy<T, unknown>({ timeoutEarlyInMillis: 0 })
    .use(printers === undefined ? [] : printing(printers))
    .use(parsed(schema, what));

const printing = ({ logger, metrics }: Printers) => [
  injectLambdaContext(logger, { resetKeys: true }),
  logMetrics(metrics),
];
