/**
 * Workers are frozen the moment their handler returns, or its time is up. In this process code cannot
 * be stopped, but its calls can: one that a frozen worker makes never reaches the cloud, and one that
 * is under way then is done and never answered. After a return both are faults of the handler, which
 * did not wait for what it had begun.
 */
import type { InProcessHandler } from '../../wire/in-process.ts';
import { currentInvocation, type Ending, type Invocation } from './invocation.ts';

export interface LateCall {
  /** When it was made, or cut off. */
  readonly atMs: number;
  readonly functionName: string;
  readonly requestId: string;
  /** The API's name of what was called. */
  readonly action: string;
  /** What the worker was frozen by, and how long before. */
  readonly frozenBy: Ending['by'];
  readonly afterMs: number;
  /** Made before the freeze: it took effect, and its answer was lost. */
  readonly wasUnderWay: boolean;
}

interface Worker {
  readonly handler: InProcessHandler;
  readonly nowMs: () => number;
  readonly onLate: (call: LateCall) => void;
}

type Request = Parameters<InProcessHandler['handle']>[0];
type Answer = Awaited<ReturnType<InProcessHandler['handle']>>;

/** Of an HTTP request, or of a call that goes around the wire (wire/direct.ts). */
const actionOf = (request: Request): string => {
  if ('direct' in request) return directActionOf(request.direct);
  const { headers, body } = request;
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amz-target');
  if (target !== undefined) return target[1].slice(target[1].indexOf('.') + 1);
  return (typeof body === 'string' && new URLSearchParams(body).get('Action')) || 'unknown';
};

/** An operation's schema, as the SDK has it, holds its name in the third place. */
const directActionOf = (call: unknown): string => {
  const { schema } = (call as { readonly served: { readonly schema: unknown } }).served;
  return Array.isArray(schema) ? String(schema[2]) : 'unknown';
};

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

const lateCall = (
  { functionName, requestId }: Invocation,
  { atMs: frozenAtMs, by }: Ending,
  request: Request,
  nowMs: number,
): Omit<LateCall, 'wasUnderWay'> => ({
  atMs: nowMs,
  functionName,
  requestId,
  action: actionOf(request),
  frozenBy: by,
  afterMs: nowMs - frozenAtMs,
});

/** Passes an answer on while the invocation is running; afterwards, nothing at all. */
const whileRunning = async (
  { handler, nowMs, onLate }: Worker,
  invocation: Invocation,
  request: Request,
): Promise<Answer> => {
  const answer = handler.handle(request);
  await answer.catch(() => undefined); // a refusal comes too late as well
  const { ending } = invocation;
  if (ending === undefined) return answer;
  onLate({ ...lateCall(invocation, ending, request, nowMs()), wasUnderWay: true });
  return never();
};

/** The handler as the workers of a cloud's functions see it. Calls from elsewhere pass through. */
export const freezing = (worker: Worker): InProcessHandler => ({
  ...worker.handler,
  handle: (request) => {
    const invocation = currentInvocation();
    if (invocation === undefined) return worker.handler.handle(request);
    if (invocation.ending === undefined) return whileRunning(worker, invocation, request);
    const late = lateCall(invocation, invocation.ending, request, worker.nowMs());
    worker.onLate({ ...late, wasUnderWay: false });
    return never();
  },
});
