import { ec2Event } from '../shared/config/messages.ts';
import { withMiddleware } from '../shared/lambda/middleware.ts';
import { type Runtime, lambdaHandler } from '../shared/lambda/runtime.ts';
import { onEc2Event } from '../shared/loop/on-ec2-event.ts';

/** On state changes, and on changed tags of instances: wakes the targets that they concern. */
export const createHandler = (runtime: Runtime) =>
  withMiddleware(runtime, ec2Event, 'EC2 event').handler(async (event) => {
    const summary = await onEc2Event(runtime.loop, event);
    runtime.loop.log.info(summary.because, { event, woken: summary.woken });
    return summary;
  });

export const handler = lambdaHandler(createHandler);
