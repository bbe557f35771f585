/** The second argument of a handler. */
import type { Context } from 'aws-lambda';
import type { VirtualClock } from '../../clock.ts';
import { isoSecondsOf } from '../../kernel/kernel.ts';

interface Limits {
  readonly name: string;
  readonly memoryMb: number;
}

interface Run {
  readonly requestId: string;
  readonly deadlineMs: number;
}

const refuse = (): never => {
  throw new Error('context.done, fail and succeed are not served: return a promise');
};

export const contextOf = (
  { name, memoryMb }: Limits,
  invokedFunctionArn: string,
  { requestId, deadlineMs }: Run,
  clock: VirtualClock,
): Context => {
  const startedMs = clock.nowMs();
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn,
    memoryLimitInMB: String(memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    get logStreamName() {
      return `${isoSecondsOf(startedMs).slice(0, 10)}/[$LATEST]${requestId}`;
    },
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - clock.nowMs()),
    done: refuse,
    fail: refuse,
    succeed: refuse,
  };
};
