import { reconcileMessage, sqsEvent } from '../shared/config/messages.ts';
import { withMiddleware } from '../shared/lambda/middleware.ts';
import { workThrough } from '../shared/lambda/queue-worker.ts';
import { type Runtime, lambdaHandler } from '../shared/lambda/runtime.ts';
import { reconcileTarget } from '../shared/loop/reconcile.ts';

/** On commands of backup.fifo: creates what is due in a target, and copies what it is owed. */
export const createHandler = (runtime: Runtime) =>
  withMiddleware(runtime, sqsEvent, 'SQS batch').handler(async ({ Records }, context) =>
    workThrough(Records, {
      schema: reconcileMessage,
      deadLetters: runtime.deadLetters.backup,
      log: runtime.loop.log,
      meter: runtime.loop.meter,
      work: async (deliveries) => {
        // Any number of wake-ups is one pass; the furthest continuation says how far the run is.
        const [latest] = [...deliveries].sort((a, b) => b.command.hop - a.command.hop);
        if (latest === undefined) return;
        const deadline = { remainingMs: () => context.getRemainingTimeInMillis() };
        const summary = await reconcileTarget(runtime.loop, latest.command, deadline);
        runtime.loop.log.info('reconciled', { ...summary });
      },
    }),
  );

export const handler = lambdaHandler(createHandler);
