import { reconcileMessage, sqsEvent } from '../shared/config/messages.ts';
import { withMiddleware } from '../shared/lambda/middleware.ts';
import { workThrough } from '../shared/lambda/queue-worker.ts';
import { type Runtime, lambdaHandler } from '../shared/lambda/runtime.ts';
import type { ReconcileCommand } from '../shared/loop/commands.ts';
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
        const command = fold(deliveries.map((delivery) => delivery.command));
        if (command === undefined) return;
        const deadline = { remainingMs: () => context.getRemainingTimeInMillis() };
        const summary = await reconcileTarget(runtime.loop, command, deadline);
        runtime.loop.log.info('reconciled', { ...summary });
      },
    }),
  );

/** Any number of wake-ups is one pass: it does what each wants, as far on as the furthest one. */
const fold = (commands: readonly ReconcileCommand[]): ReconcileCommand | undefined => {
  const furthest = [...commands].sort((a, b) => b.hop - a.hop)[0];
  return (
    furthest && {
      ...furthest,
      isSweep: commands.some(({ isSweep }) => isSweep),
      isTidy: commands.some(({ isTidy }) => isTidy),
    }
  );
};

export const handler = lambdaHandler(createHandler);
