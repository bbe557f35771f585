import * as fc from 'fast-check';

/** Cron expressions of every form that EventBridge takes. */

const number = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map(String);

interface Form {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** Whether a range may run around the field's end. */
  readonly wraps?: boolean;
}

/** A value, a range, or `*`, with a step or without. */
const plain = ({ min, max, names, wraps = true }: Form): fc.Arbitrary<string> => {
  const value =
    names === undefined ? number(min, max) : fc.oneof(number(min, max), fc.constantFrom(...names));
  const step = number(1, Math.min(max, max - min + 1));
  const range = fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([one, other]) => (wraps ? [one, other] : [one, other].toSorted((a, b) => a - b)))
    .map((ends) => ends.join('-'));
  return fc.oneof(
    { weight: 4, arbitrary: value },
    { weight: 2, arbitrary: range },
    ...[value, range, fc.constant('*')].map((base) => ({
      weight: 1,
      arbitrary: fc.tuple(base, step).map((parts) => parts.join('/')),
    })),
  );
};

const listOf = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(','));

const orAny = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(fc.constant('*'), text);

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

export const minutesField = orAny(listOf(plain({ min: 0, max: 59 })));
export const hoursField = orAny(listOf(plain({ min: 0, max: 23 })));
export const monthField = orAny(listOf(plain({ min: 1, max: 12, names: MONTHS })));
export const yearField = orAny(listOf(plain({ min: 2024, max: 2034, wraps: false })));

const dayOfMonth = orAny(
  fc.oneof(
    fc.constant('LW'),
    listOf(
      fc.oneof(
        { weight: 2, arbitrary: plain({ min: 1, max: 31 }) },
        { weight: 1, arbitrary: fc.constant('L') },
        { weight: 1, arbitrary: number(1, 31).map((day) => `${day}W`) },
      ),
    ),
  ),
);

const weekday = fc.oneof(number(1, 7), fc.constantFrom(...WEEKDAYS));

const dayOfWeek = orAny(
  fc.oneof(
    { weight: 1, arbitrary: fc.tuple(weekday, number(1, 5)).map((parts) => parts.join('#')) },
    {
      weight: 3,
      arbitrary: listOf(
        fc.oneof(
          { weight: 2, arbitrary: plain({ min: 1, max: 7, names: WEEKDAYS }) },
          { weight: 1, arbitrary: fc.constant('L') },
          { weight: 1, arbitrary: weekday.map((day) => `${day}L`) },
        ),
      ),
    },
  ),
);

/** Day of month and day of week, of which one is `?`. */
export const dayFields = fc.oneof(
  dayOfMonth.map((day) => ({ day, weekday: '?' })),
  dayOfWeek.map((day) => ({ day: '?', weekday: day })),
);
