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
import type { Service } from '../../simulator/wire/api.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { PROTOCOLS } from '../../simulator/wire/protocols.ts';
import { readOperation } from '../../simulator/wire/schema.ts';
import { readWorld, writeWorld } from '../../simulator/world-file/world-file.ts';
import { createScalingBench, type ScalingBench } from './scaling-fixture.ts';
import { QUERY_FORM, rootOf } from './wire/arbitraries.ts';

const NAMES = ['old-web', 'blue', 'green'] as const;

const names = constantFrom(...NAMES);
const sizes = integer({ min: 0, max: 5 });
const templates = record({
  LaunchTemplateName: constantFrom('web', 'none'),
  Version: constantFrom('$Latest', '$Default', '1', '7'),
});
const tags = record({ Key: names, Value: names, ResourceId: names });

/** What makes a request meet something: it comes over what is drawn from the model. */
const plausible = record(
  {
    AutoScalingGroupName: names,
    LaunchConfigurationName: names,
    LaunchTemplate: templates,
    MixedInstancesPolicy: record({
      LaunchTemplate: record({ LaunchTemplateSpecification: templates }),
    }),
    MinSize: sizes,
    MaxSize: sizes,
    DesiredCapacity: sizes,
    AvailabilityZones: subarray(['eu-central-1a', 'eu-central-1c']),
    InstanceType: constantFrom('t3.small', 'none.small'),
    Tags: array(tags, { maxLength: 2 }),
    ForceDelete: constantFrom(true, false),
  },
  { requiredKeys: [] },
);

/** Members that the operation has not are not sent. */
const within = (input: object, members: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(input).filter(([name]) => members.has(name)));

const callsOf = ({ operations }: Service) =>
  Object.entries(operations).map(([action, { schema }]) => {
    const shapes = readOperation(schema);
    const members = new Set(shapes.input.members.map(({ name }) => name));
    const model = rootOf(shapes.input, QUERY_FORM);
    const inputs = record({ model: option(model, { nil: {}, freq: 3 }), plausible });
    return inputs.map(({ model: drawn, plausible: over }) => ({
      action,
      shapes,
      input: { ...drawn, ...within(over, members) },
    }));
  });

const serviceOf = ({ cloud }: ScalingBench): Service => {
  const service = cloud.services.find(({ id }) => id === 'autoscaling');
  if (service === undefined) throw new Error('Auto Scaling is not served');
  return service;
};

test('whatever is asked of Auto Scaling is answered or refused, and can be saved', async () => {
  const calls = callsOf(serviceOf(createScalingBench()));
  const passes = constantFrom(0, 6_000, 120_000);
  const steps = integer({ min: 0, max: calls.length - 1 }).chain((index) =>
    record({ call: calls[index] ?? constantFrom(), passMs: passes }),
  );
  const met = { answered: 0, refused: 0, launched: 0 };
  await assert(
    asyncProperty(steps, steps, steps, steps, steps, steps, async (...all) => {
      const bench = createScalingBench();
      bench.create('blue', { DesiredCapacity: 1 });
      for (const { call, passMs } of all) {
        const { action, shapes, input } = call;
        try {
          const output = bench.ask(action, input);
          PROTOCOLS.autoscaling.answer(shapes, output, 'req-1');
          met.answered += 1;
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          met.refused += 1;
        }
        await bench.pass(passMs);
      }
      met.launched += bench.instancesOf('blue').length;
      const text = writeWorld(bench.cloud.save(), 1);
      expect(writeWorld(readWorld(text, 'world.json').saved, 1)).toBe(text);
    }),
    { seed: 20_261_121, numRuns: 150 },
  );
  expect(met.answered).toBeGreaterThan(200);
  expect(met.refused).toBeGreaterThan(100);
  expect(met.launched).toBeGreaterThan(50);
});
