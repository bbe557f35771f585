/** Faults at the front door: a call that is refused before anything is done. */
import { ApiError, type Call, type Operation, type Service } from '../wire/api.ts';
import type { Kernel } from './kernel.ts';

/** Which calls fail, and how. What is left out matches everything. */
export interface Fault {
  readonly service?: string;
  readonly action?: string;
  readonly region?: string;
  /** How many calls it takes; without it, until it is withdrawn. */
  readonly times?: number;
  readonly code: string;
  readonly message?: string;
  /** HTTP status. Default 400. */
  readonly status?: number;
}

export interface Faults {
  /** Returns what withdraws it. */
  readonly add: (fault: Fault) => () => void;
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
  const strike = (service: string, action: string, call: Call): void => {
    byChance(kernel, service);
    const hit = armed.find(({ fault, left }) => left > 0 && matches(fault, service, action, call));
    if (hit === undefined) return;
    hit.left -= 1;
    const { code, message = `Injected: ${code}`, status = 400 } = hit.fault;
    throw new ApiError(code, message, status);
  };
  const guarded = (service: Service, name: string, { schema, answer }: Operation): Operation => ({
    schema,
    answer: (input, call) => {
      strike(service.id, name, call);
      return answer(input, call);
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
