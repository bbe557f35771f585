/** TestEventPattern. */
import type {
  TestEventPatternRequest,
  TestEventPatternResponse,
} from '@aws-sdk/client-eventbridge';
import { ApiError } from '../../wire/api.ts';
import { assertNoProblems, problemsOf } from '../constraints.ts';
import { compilePattern } from './event-pattern.ts';

/** What every event has. */
const FIELDS = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

const parseEvent = (text: string): Readonly<Record<string, unknown>> => {
  const bad = new ApiError('ValidationException', 'Parameter Event is not valid.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw bad;
  const event = value as Readonly<Record<string, unknown>>;
  if (FIELDS.some((field) => event[field] === undefined)) throw bad;
  return event;
};

export const testEventPattern = (input: TestEventPatternRequest): TestEventPatternResponse => {
  assertNoProblems(problemsOf('eventPattern', input.EventPattern, { maxLength: 4_096 }));
  const matches = compilePattern(input.EventPattern ?? '');
  return { Result: matches(parseEvent(input.Event ?? '')) };
};
