import { scheduledEvent } from '../shared/config/messages.ts';
import { withMiddleware } from '../shared/lambda/middleware.ts';
import { type Runtime, lambdaHandler } from '../shared/lambda/runtime.ts';
import { report } from '../shared/loop/report.ts';

/** Once a day: how well every source is covered, as an event and as metrics. */
export const createHandler = (runtime: Runtime) =>
  withMiddleware(runtime, scheduledEvent, 'scheduled event').handler(async () => {
    const summaries = await report(runtime.loop);
    for (const summary of summaries) runtime.loop.log.info('reported', { ...summary });
    return summaries;
  });

export const handler = lambdaHandler(createHandler);
