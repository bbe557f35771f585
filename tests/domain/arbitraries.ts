import * as fc from 'fast-check';
import type { PlanInput } from '../../shared/domain/decision.ts';
import type { Image, ImageReference, Instance, Snapshot } from '../../shared/domain/model.ts';
import type { Limits, Policy } from '../../shared/domain/policy.ts';
import {
  aCopy,
  anImage,
  anInstance,
  aPlace,
  aPlanInput,
  aPoint,
  aPolicy,
  aSnapshot,
  ELSEWHERE,
  HOME,
} from '../support/builders.ts';

/**
 * Observations of a home and its destination in November 2026, small enough to shrink to a case
 * that can be read, and crowded enough that sources, slots and ids meet.
 */
const SOURCES = ['i-0aa', 'i-0bb', 'i-0cc'];
const POLICY_IDS = ['web-daily', 'web-nightly', 'gone'];
const DAYS = Array.from({ length: 12 }, (_, index) => String(index + 10));

const state = fc.oneof(
  { weight: 8, arbitrary: fc.constant('available' as const) },
  { weight: 4, arbitrary: fc.constantFrom('pending', 'failed', 'invalid', 'disabled') },
);
const hold = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  fc.constantFrom('', '2026-11-20', '2099-01-01').map((until) => ({ 'imago:hold': until })),
);

const identity = fc.record({
  source: fc.constantFrom(...SOURCES),
  policyId: fc.constantFrom(...POLICY_IDS),
  slot: fc.constantFrom(...DAYS).map((day) => `2026-11-${day}T02:00Z`),
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
  fc.tuple(identity, state, hold, fc.boolean()).map(([name, imageState, tags, isHeldByEc2]) => ({
    ...name,
    state: imageState,
    tags,
    isDeregistrationProtected: isHeldByEc2 && name.retry === 2,
  })),
  {
    maxLength: 24,
    selector: ({ source, policyId, slot, retry }: Named) =>
      [source, policyId, slot, retry].join('/'),
  },
);

const homeImages: fc.Arbitrary<readonly Image[]> = fc
  .tuple(pointParts, fc.nat({ max: 2 }))
  .map(([points, strangers]) => [
    ...points.map((parts, index) => aPoint({ id: `ami-${index}`, ...parts })),
    ...Array.from({ length: strangers }, (_, index) => anImage({ id: `ami-stranger-${index}` })),
  ]);

const copies: fc.Arbitrary<readonly Image[]> = pointParts.map((points) =>
  points.map((parts, index) => aCopy({ id: `copy-${index}`, ...parts })),
);

const imageId = fc.nat({ max: 23 }).map((index) => `ami-${index}`);

const instances: fc.Arbitrary<readonly Instance[]> = fc
  .array(
    fc.record({
      state: fc.constantFrom('pending', 'running', 'stopped', 'terminated'),
      imageId: fc.oneof(fc.constant('ami-base'), imageId),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) => all.map((parts, index) => anInstance({ id: SOURCES[index] ?? '', ...parts })));

const launchTemplates: fc.Arbitrary<readonly ImageReference[]> = fc
  .array(imageId, { maxLength: 2 })
  .map((ids) => ids.map((id) => ({ imageId: id, kind: 'launch-template', by: 'lt-0aa' })));

const snapshots: fc.Arbitrary<readonly Snapshot[]> = fc
  .uniqueArray(fc.constantFrom('snap-1', 'snap-2', 'snap-of-ami-0', 'snap-of-ami-1'))
  .map((ids) => ids.map((id) => aSnapshot({ id })));

const keep = fc.oneof(
  fc.integer({ min: 1, max: 5 }).map((last) => ({ last })),
  fc.integer({ min: 1, max: 9 }).map((days) => ({ withinMs: days * 86_400_000 })),
  fc.record({ last: fc.integer({ min: 1, max: 3 }), withinMs: fc.constant(172_800_000) }),
);

const policies: fc.Arbitrary<readonly Policy[]> = fc
  .tuple(keep, fc.option(keep, { nil: undefined }), fc.boolean())
  .map(([rule, copyRule, isRenamed]) => [
    aPolicy({
      keep: rule,
      formerly: isRenamed ? ['web-nightly'] : [],
      copyTo: copyRule === undefined ? [] : [{ region: 'eu-west-1', keep: copyRule }],
    }),
    ...(isRenamed ? [] : [aPolicy({ id: 'web-nightly', keep: rule })]),
  ]);

const limits: fc.Arbitrary<Limits> = fc.record({
  maxRemovals: fc.record({
    count: fc.integer({ min: 1, max: 12 }),
    percent: fc.constantFrom(0, 10, 50, 100),
  }),
  keepAtLeast: fc.integer({ min: 1, max: 3 }),
});

/** A pass over the home that has read everything, its destination included. */
export const homeInput: fc.Arbitrary<PlanInput> = fc
  .record({ homeImages, copies, instances, launchTemplates, snapshots, policies, limits })
  .map(({ homeImages: images, copies: there, ...parts }) =>
    aPlanInput({
      ...parts,
      images,
      places: [aPlace(ELSEWHERE, there)],
      now: '2026-11-21T04:30Z',
    }),
  );

/** A pass over the destination that has read everything, the home included. */
export const destinationInput: fc.Arbitrary<PlanInput> = fc
  .record({ homeImages, copies, instances, policies, limits })
  .map(({ homeImages: atHome, copies: images, ...parts }) =>
    aPlanInput({
      ...parts,
      target: ELSEWHERE,
      images,
      places: [aPlace(HOME, atHome)],
      now: '2026-11-21T04:30Z',
    }),
  );

export const anyInput: fc.Arbitrary<PlanInput> = fc.oneof(homeInput, destinationInput);
