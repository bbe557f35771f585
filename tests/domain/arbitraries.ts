import * as fc from 'fast-check';
import { adoptionMark } from '../../shared/domain/adoption.ts';
import type { PlanInput } from '../../shared/domain/decision.ts';
import { NO_TIME } from '../../shared/domain/duration.ts';
import {
  completePart,
  type Image,
  type ImageReference,
  type Instance,
  type PlaceImages,
  type Snapshot,
  type Tags,
} from '../../shared/domain/model.ts';
import type { Adoption, Keep, KeepFrom, Limits, Policy } from '../../shared/domain/policy.ts';
import {
  aCopy,
  anAdoption,
  anImage,
  anInstance,
  aPlanInput,
  aPoint,
  aPolicy,
  aSnapshot,
  at,
  DEPLOYMENT,
  ELSEWHERE,
  HOME,
  type PlanParts,
} from '../support/builders.ts';

/**
 * Observations of a home and its destination in autumn 2026, small enough to shrink to a case that
 * can be read, and crowded enough that sources, slots and ids meet.
 */
const SOURCES = ['i-0aa', 'i-0bb', 'i-0cc'];
const POLICY_IDS = ['web-daily', 'web-nightly', 'on-demand', 'gone'];
const DAYS =
  '09-01 09-30 10-01 10-31 11-01 11-02 11-08 11-09 11-14 11-15 11-16 11-17 11-18 11-19 11-20 11-21'.split(
    ' ',
  );
/** In the night of the last point, a week after it, and when all is old. */
const INSTANTS = ['2026-11-21T04:30Z', '2026-11-28T03:30Z', '2027-02-01T04:30Z'];

const seldom = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));

const state = fc.oneof(
  { weight: 8, arbitrary: fc.constant('available' as const) },
  { weight: 4, arbitrary: fc.constantFrom('pending', 'failed', 'invalid', 'disabled') },
);

const KEEP_TEXTS = ['all', '3d', '2mo', 'weekly=2', 'for long'];

/** What people write on images, and on instances. */
const writing: fc.Arbitrary<Tags> = seldom<Tags>(
  {},
  ...['', '2026-11-20', '2099-01-01'].map((until) => ({ 'imago:hold': until })),
  ...['2026-11-20', '2099-01-01', 'soon'].map((until) => ({ 'imago:keep-until': until })),
  ...KEEP_TEXTS.map((text) => ({ 'imago:keep': text })),
  ...['1', '5', 'long'].map((text) => ({ Retention: text })),
);

const identity = fc.record({
  source: fc.constantFrom(...SOURCES),
  policyId: fc.constantFrom(...POLICY_IDS),
  slot: fc.constantFrom(...DAYS).map((day) => `2026-${day}T02:00Z`),
  retry: fc.nat({ max: 2 }),
});

interface Named {
  readonly source: string;
  readonly policyId: string;
  readonly slot: string;
  readonly retry: number;
}

/** EC2 keeps names unique, and so do these. */
const pointParts = fc.uniqueArray(
  fc
    .tuple(identity, state, writing, fc.boolean(), seldom(false, true))
    .map(([name, imageState, tags, isHeldByEc2, isAhead]) => ({
      ...name,
      state: imageState,
      tags,
      isDeregistrationProtected: isHeldByEc2 && name.retry === 2,
      // As if whoever named it had had a clock that ran ahead; each at an instant of its own.
      ...(isAhead ? { created: `2026-08-01T02:00:${name.slot.slice(8, 10)}Z` } : {}),
    })),
  {
    maxLength: 24,
    selector: ({ source, policyId, slot, retry }: Named) =>
      [source, policyId, slot, retry].join('/'),
  },
);

const adoptedImages: fc.Arbitrary<readonly Image[]> = fc
  .array(fc.tuple(fc.constantFrom('web', 'db'), fc.constantFrom(...DAYS), state, writing), {
    maxLength: 4,
  })
  .map((all) =>
    all.map(([group, day, imageState, tags], index) =>
      anImage({
        id: `ami-golden-${index}`,
        state: imageState,
        createdMs: at(`2026-${day}T12:00Z`),
        tags: { ...adoptionMark({ id: 'golden' }, group, DEPLOYMENT, HOME), ...tags },
      }),
    ),
  );

const homeImages: fc.Arbitrary<readonly Image[]> = fc
  .tuple(pointParts, fc.nat({ max: 2 }), adoptedImages)
  .map(([points, strangers, adopted]) => [
    ...points.map((parts, index) => aPoint({ id: `ami-${index}`, ...parts })),
    ...Array.from({ length: strangers }, (_, index) => anImage({ id: `ami-stranger-${index}` })),
    ...adopted,
  ]);

const copies: fc.Arbitrary<readonly Image[]> = pointParts.map((points) =>
  points.map((parts, index) => aCopy({ id: `copy-${index}`, ...parts })),
);

const imageId = fc.nat({ max: 23 }).map((index) => `ami-${index}`);

const instances: fc.Arbitrary<readonly Instance[]> = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom(...SOURCES, 'i-0dd'),
      state: fc.constantFrom('pending', 'running', 'stopped', 'terminated'),
      imageId: fc.oneof(fc.constant('ami-base'), imageId),
      tags: writing.map((tags) => ({ Backup: 'daily', ...tags })),
    }),
    { minLength: 1, maxLength: 4, selector: ({ id }) => id },
  )
  .map((all) => all.map((parts) => anInstance(parts)));

const launchTemplates: fc.Arbitrary<readonly ImageReference[]> = fc
  .array(imageId, { maxLength: 2 })
  .map((ids) =>
    ids.map((id) => ({ imageId: id, kind: 'launch-template', by: 'lt-0aa', holds: true })),
  );

const snapshots: fc.Arbitrary<readonly Snapshot[]> = fc
  .uniqueArray(fc.constantFrom('snap-1', 'snap-2', 'snap-of-ami-0', 'snap-of-ami-1'))
  .map((ids) =>
    ids.map((id) =>
      aSnapshot({ id, startedMs: at(`2026-${id === 'snap-2' ? '09' : '11'}-01T02:00Z`) }),
    ),
  );

const count = fc.integer({ min: 1, max: 4 });
const within = fc.integer({ min: 1, max: 20 }).map((days) => ({ ...NO_TIME, days }));

/** Any mixture of rules, of which there is at least one. */
export const keep: fc.Arbitrary<Keep> = fc.oneof(
  fc.record({ last: count }),
  fc.record({ within }),
  fc.record({ daily: count, weekly: count, monthly: count }),
  fc.record({ last: count, withinWeekly: within }),
  fc
    .record(
      { last: count, hourly: count, daily: count, yearly: count, within },
      { requiredKeys: [] },
    )
    .map((rules) => (Object.keys(rules).length === 0 ? { last: 1 } : rules)),
);

const keepFrom: fc.Arbitrary<KeepFrom> = fc.constantFrom<KeepFrom>(
  { tag: 'Retention', unit: 'd' },
  { tag: 'Retention', unit: 'd', floor: { last: 1 } },
);

const whenSourceGone = fc.constantFrom(
  { keepLast: 1 },
  { keepLast: 2, for: { ...NO_TIME, days: 30 } },
  { keepLast: 0 },
);

const option = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const policies: fc.Arbitrary<readonly Policy[]> = fc
  .record({
    rule: keep,
    copyRule: option(keep),
    isRenamed: fc.boolean(),
    timezone: fc.constantFrom('UTC', 'Pacific/Auckland'),
    from: option(keepFrom),
    gone: option(whenSourceGone),
    isClosed: fc.nat({ max: 9 }).map((drawn) => drawn === 0),
  })
  .map(({ rule, copyRule, isRenamed, timezone, from, gone, isClosed }) => {
    const over = { kind: 'once', startMs: 0, endMs: 1 } as const;
    const parts: Partial<Policy> = {
      keep: rule,
      timezone,
      ...(from && { keepFrom: from }),
      ...(gone && { whenSourceGone: gone }),
    };
    return [
      aPolicy({
        ...parts,
        formerly: isRenamed ? ['web-nightly'] : [],
        retire: { snapshots: 'delete', during: isClosed ? [over] : [] },
        copyTo: copyRule === undefined ? [] : [{ region: 'eu-west-1', keep: copyRule }],
      }),
      ...(isRenamed ? [] : [aPolicy({ ...parts, id: 'web-nightly' })]),
    ];
  });

const adoptions: fc.Arbitrary<readonly Adoption[]> = keep.map((rule) => [
  anAdoption({ keep: rule }),
]);

const limits: fc.Arbitrary<Limits> = fc.record({
  maxRemovals: fc.record({
    count: fc.integer({ min: 1, max: 12 }),
    percent: fc.constantFrom(0, 10, 50, 100),
  }),
  keepAtLeast: fc.integer({ min: 1, max: 3 }),
});

interface Drawn extends Omit<PlanParts, 'images'> {
  readonly homeImages: readonly Image[];
  readonly copies: readonly Image[];
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  homeImages,
  copies,
  instances,
  launchTemplates,
  snapshots,
  policies,
  adoptions,
  limits,
  now: fc.constantFrom(...INSTANTS),
});

/** A pass over the home that has read everything, its destination included. */
export const homeInput: fc.Arbitrary<PlanInput> = drawn.map(
  ({ homeImages: images, copies: there, ...parts }) =>
    aPlanInput({
      ...parts,
      images,
      places: [{ place: ELSEWHERE, images: completePart(there) }],
    }),
);

/** A pass over the destination that has read everything, the home included. */
export const destinationInput: fc.Arbitrary<PlanInput> = drawn.map(
  ({ homeImages: atHome, copies: images, instances: all = [], snapshots: _none, ...parts }) => {
    const home: PlaceImages = {
      place: HOME,
      images: completePart(atHome),
      instances: 'items' in all ? all : completePart(all),
    };
    return aPlanInput({ ...parts, target: ELSEWHERE, images, places: [home] });
  },
);

export const anyInput: fc.Arbitrary<PlanInput> = fc.oneof(homeInput, destinationInput);
