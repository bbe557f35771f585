import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  option,
  record,
  subarray,
} from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError, type Service } from '../../simulator/wire/api.ts';
import { PROTOCOLS } from '../../simulator/wire/protocols.ts';
import { readOperation } from '../../simulator/wire/schema.ts';
import { readWorld, writeWorld } from '../../simulator/world-file/world-file.ts';
import { createFleetBench, type FleetBench, ROLE } from './fleet-fixture.ts';
import { askOf } from './services.ts';
import { FORM, rootOf } from './wire/arbitraries.ts';

const capacities = integer({ min: -1, max: 5 });
const templates = record({
  LaunchTemplateName: constantFrom('web', 'web', 'web', 'none'),
  Version: constantFrom('$Latest', '$Default', '1', '7'),
});
const overrides = record(
  {
    InstanceType: constantFrom('t3.small', 't3.large', 'none.small'),
    WeightedCapacity: constantFrom(0.5, 1, 2, 0),
    AvailabilityZone: constantFrom('eu-central-1a', 'eu-central-1b', 'moon-1a'),
    Priority: integer({ min: 0, max: 3 }),
  },
  { requiredKeys: [] },
);
const configs = array(
  record({
    LaunchTemplateSpecification: templates,
    Overrides: array(overrides, { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 2 },
);

/** What makes a request meet something: it comes over what is drawn from the model. */
const plausible = (bench: FleetBench) =>
  record(
    {
      Type: constantFrom('instant', 'request', 'maintain'),
      TargetCapacitySpecification: record(
        {
          TotalTargetCapacity: capacities,
          OnDemandTargetCapacity: integer({ min: 0, max: 2 }),
          DefaultTargetCapacityType: constantFrom('spot', 'on-demand'),
        },
        { requiredKeys: ['TotalTargetCapacity'] },
      ),
      LaunchTemplateConfigs: configs,
      SpotFleetRequestConfig: record({
        IamFleetRole: constantFrom(ROLE),
        TargetCapacity: capacities,
        LaunchSpecifications: array(
          record({
            ImageId: constantFrom(bench.imageId, 'ami-0123456789abcdef0'),
            InstanceType: constantFrom('t3.small'),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
      TerminateInstances: constantFrom(true, false),
    },
    {
      requiredKeys: [
        'LaunchTemplateConfigs',
        'TargetCapacitySpecification',
        'SpotFleetRequestConfig',
        'TerminateInstances',
      ],
    },
  );

/** Members that the operation has not are not sent. */
const within = (input: object, members: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(input).filter(([name]) => members.has(name)));

/** Ids are made anew in each run: those of a request are picked by these numbers. */
const picks = subarray([0, 1, 2, 3], { minLength: 1 });

const callsOf = (bench: FleetBench, { operations }: Service) =>
  Object.entries(operations)
    .filter(([action]) => action.includes('Fleet'))
    .map(([action, { schema }]) => {
      const shapes = readOperation(schema);
      const members = new Set(shapes.input.members.map(({ name }) => name));
      const model = rootOf(shapes.input, FORM);
      const drawn = option(model, { nil: {}, freq: 3 });
      return record({ drawn, over: plausible(bench), picks }).map((one) => ({
        action,
        shapes,
        members,
        picks: one.picks,
        input: { ...one.drawn, ...within(one.over, members) },
      }));
    });

const serviceOf = ({ cloud }: FleetBench): Service => {
  const service = cloud.services.find(({ id }) => id === 'ec2');
  if (service === undefined) throw new Error('EC2 is not served');
  return service;
};

const idsIn = (bench: FleetBench, at: readonly number[]) => {
  const { fleets, spotFleets } = bench.cloud.ec2Core.store('eu-central-1').fleets;
  const pick = (ids: Iterable<string>, absent: string) => {
    const known = [...ids];
    return at.map((index) => known[index] ?? absent);
  };
  const FleetIds = pick(fleets.keys(), 'fleet-none');
  const SpotFleetRequestIds = pick(spotFleets.keys(), 'sfr-none');
  const [FleetId] = FleetIds;
  const [SpotFleetRequestId] = SpotFleetRequestIds;
  return { FleetIds, SpotFleetRequestIds, FleetId, SpotFleetRequestId };
};

test('whatever is asked of fleets is answered or refused, and can be saved', async () => {
  const model = createFleetBench();
  const calls = callsOf(model, serviceOf(model));
  const passes = constantFrom(0, 6_000, 120_000, 3_600_000);
  const steps = integer({ min: 0, max: calls.length - 1 }).chain((index) =>
    record({ call: calls[index] ?? constantFrom(), passMs: passes }),
  );
  const met = { answered: 0, refused: 0, launched: 0 };
  await assert(
    asyncProperty(steps, steps, steps, steps, steps, steps, async (...all) => {
      const bench = createFleetBench();
      const before = bench.cloud.ec2Core.store('eu-central-1').instances.size;
      const ask = askOf(bench.cloud, 'ec2');
      bench.ask(1);
      bench.askSpot(1);
      for (const { call, passMs } of all) {
        const { action, shapes, members, input, picks: at } = call;
        try {
          const output = ask(action, { ...input, ...within(idsIn(bench, at), members) });
          PROTOCOLS.ec2.answer(shapes, output, 'req-1');
          met.answered += 1;
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          met.refused += 1;
        }
        await bench.pass(passMs);
      }
      met.launched += bench.cloud.ec2Core.store('eu-central-1').instances.size - before;
      const text = writeWorld(bench.cloud.save(), 1);
      expect(writeWorld(readWorld(text, 'world.json').saved, 1)).toBe(text);
    }),
    { seed: 20_261_121, numRuns: 150 },
  );
  expect(met.answered).toBeGreaterThan(200);
  expect(met.refused).toBeGreaterThan(100);
  expect(met.launched).toBeGreaterThan(50);
});
