/** The front door: token buckets and faults, by which a call is refused before anything is done. */
import { ApiError, type Call, type Operation, type Service } from '../wire/api.ts';
import type { Kernel } from './kernel.ts';
import { createThrottle } from './throttle.ts';

/** Which calls fail, and how. What is left out matches everything. */
export interface Fault {
  readonly service?: string | undefined;
  readonly action?: string | undefined;
  readonly region?: string | undefined;
  /** How many calls it takes; without it, until it is withdrawn. */
  readonly times?: number | undefined;
  readonly code: string;
  readonly message?: string | undefined;
  /** HTTP status. Default 400. */
  readonly status?: number | undefined;
}

export interface Faults {
  /** Returns what withdraws it. */
  readonly add: (fault: Fault) => () => void;
  /** Withdraws all of them. */
  readonly clear: () => void;
  /** The service with a guard before each of its operations. */
  readonly guard: (service: Service) => Service;
}

interface Armed {
  readonly fault: Fault;
  left: number;
}

const matches = (fault: Fault, service: string, action: string, call: Call): boolean =>
  (fault.service ?? service) === service &&
  (fault.action ?? action) === action &&
  (fault.region ?? call.region) === call.region;

const byChance = (kernel: Kernel, service: string): void => {
  const { throttled, serverError } = kernel.manners();
  const random = kernel.random('faults');
  if (throttled > 0 && random.chance(throttled)) {
    const code = service === 'ec2' ? 'RequestLimitExceeded' : 'ThrottlingException';
    throw new ApiError(code, 'Request limit exceeded.', service === 'ec2' ? 503 : 400);
  }
  if (serverError > 0 && random.chance(serverError)) {
    throw new ApiError('InternalError', 'An internal error has occurred', 500);
  }
};

export const createFaults = (kernel: Kernel): Faults => {
  const armed: Armed[] = [];
  const throttle = createThrottle({ nowMs: () => kernel.clock.nowMs() });
  kernel.keep({ name: 'buckets', save: throttle.state, load: throttle.restore });
  const strike = (service: string, action: string, input: unknown, call: Call): void => {
    if (kernel.manners().buckets === 'published') throttle.admit(service, action, input, call);
    byChance(kernel, service);
    const hit = armed.find(({ fault, left }) => left > 0 && matches(fault, service, action, call));
    if (hit === undefined) return;
    hit.left -= 1;
    const { code, message = `Injected: ${code}`, status = 400 } = hit.fault;
    throw new ApiError(code, message, status);
  };
  const guarded = (service: Service, name: string, one: Operation): Operation => ({
    ...one,
    answer: (input, call) => {
      // What waits was let in once, and is not a new call each time that it is asked again.
      if (call.isRepeat !== true) strike(service.id, name, input, call);
      return one.answer(input, call);
    },
  });
  return {
    add: (fault) => {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      armed.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    clear: () => {
      armed.length = 0;
    },
    guard: (service) => ({
      id: service.id,
      operations: Object.fromEntries(
        Object.entries(service.operations).map(([name, one]) => [
          name,
          guarded(service, name, one),
        ]),
      ),
    }),
  };
};
