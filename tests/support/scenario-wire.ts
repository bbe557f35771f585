/** A hand on the wire: to change the world between two calls, or to lose an answer. */
import { ApiError, type Operation, type Service } from '../../simulator/wire/api.ts';

interface Watched {
  readonly action: string;
  readonly region?: string;
  /** Which of the matching calls, counted from 1; without it, all of them. */
  readonly nth?: number;
}

export interface Interceptors {
  /** Does `deed` right before such a call takes effect. */
  readonly beforeCall: (watched: Watched, deed: (input: unknown) => void) => void;
  /** Such a call takes effect, and its caller is told this error all the same. */
  readonly loseAnswer: (watched: Watched, error: { code: string; status: number }) => void;
  readonly around: (service: Service) => Service;
}

interface Tap extends Watched {
  seen: number;
  readonly before?: (input: unknown) => void;
  readonly lost?: { readonly code: string; readonly status: number };
}

export const createInterceptors = (): Interceptors => {
  const taps: Tap[] = [];
  const hit = (name: string, region: string): readonly Tap[] =>
    taps.filter((tap) => {
      if (tap.action !== name || (tap.region ?? region) !== region) return false;
      tap.seen += 1;
      return (tap.nth ?? tap.seen) === tap.seen;
    });
  const tapped = (name: string, one: Operation): Operation => ({
    ...one,
    answer: (input, call) => {
      const struck = hit(name, call.region);
      for (const { before } of struck) before?.(input);
      const output = one.answer(input, call);
      for (const { lost } of struck) {
        if (lost !== undefined) throw new ApiError(lost.code, 'The answer was lost', lost.status);
      }
      return output;
    },
  });
  return {
    beforeCall: (watched, before) => {
      taps.push({ ...watched, seen: 0, before });
    },
    loseAnswer: (watched, lost) => {
      taps.push({ ...watched, seen: 0, lost });
    },
    around: ({ id, operations }) => ({
      id,
      operations: Object.fromEntries(
        Object.entries(operations).map(([name, one]) => [name, tapped(name, one)]),
      ),
    }),
  };
};
