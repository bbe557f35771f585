import { scheduledEvent } from '../shared/config/messages.ts';
import { withMiddleware } from '../shared/lambda/middleware.ts';
import { type Runtime, lambdaHandler } from '../shared/lambda/runtime.ts';
import { dispatch } from '../shared/loop/dispatch.ts';

/** Every five minutes: wakes the targets that have something due. */
export const createHandler = (runtime: Runtime) =>
  withMiddleware(runtime, scheduledEvent, 'scheduled event').handler(async ({ atMs }) => {
    const summary = await dispatch(runtime.loop, atMs);
    runtime.loop.log.info('dispatched', { ...summary });
    return summary;
  });

export const handler = lambdaHandler(createHandler);
