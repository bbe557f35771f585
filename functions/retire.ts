import { retireMessage, sqsEvent } from '../shared/config/messages.ts';
import { withMiddleware } from '../shared/lambda/middleware.ts';
import { workThrough } from '../shared/lambda/queue-worker.ts';
import { type Runtime, lambdaHandler } from '../shared/lambda/runtime.ts';
import { retireTarget } from '../shared/loop/retire.ts';

/** On commands of retire.fifo: removes what has expired, within the limits of the run. */
export const createHandler = (runtime: Runtime) =>
  withMiddleware(runtime, sqsEvent, 'SQS batch').handler(async ({ Records }, context) =>
    workThrough(Records, {
      schema: retireMessage,
      deadLetters: runtime.deadLetters.retire,
      log: runtime.loop.log,
      meter: runtime.loop.meter,
      work: async (deliveries) => {
        const deadline = { remainingMs: () => context.getRemainingTimeInMillis() };
        // Each command is a run of its own with its own limits, so none is folded into another.
        for (const { command, record } of deliveries) {
          const isFirst = record.attributes.ApproximateReceiveCount === '1';
          const summary = await retireTarget(runtime.loop, command, deadline, isFirst);
          runtime.loop.log.info('retired', { ...summary });
        }
      },
    }),
  );

export const handler = lambdaHandler(createHandler);
