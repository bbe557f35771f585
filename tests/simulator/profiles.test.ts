import { describe, expect, it } from 'vitest';
import type { Manners } from '../../simulator/manners.ts';
import { FAULT_LEVELS, PROFILES } from '../../simulator/profiles.ts';
import { createBench, describeImage, listen, makeImage } from './fixture.ts';

/** Everything that goes wrong by chance. */
const chancesOf = (manners: Manners): readonly number[] => [
  manners.imageFailure,
  manners.copyFailure,
  manners.snapshotDeleteFailure,
  manners.eventLoss,
  manners.eventDuplicate,
  manners.putEventsEntryFailure,
  manners.throttled,
  manners.serverError,
];

const lagsOf = ({ visibilityLagMs, readLagMs }: Manners): readonly number[] => [
  visibilityLagMs.max,
  readLagMs.max,
];

describe('the calm profile', () => {
  it('has an image available, and its event heard, without any time going by', async () => {
    const bench = createBench(PROFILES.calm);
    const heard = listen(bench);
    const imageId = makeImage(bench, 'now');

    await bench.pass(0);

    expect(describeImage(bench, imageId)?.State).toBe('available');
    expect(heard.flatMap(({ detail }) => detail['State'] ?? [])).toEqual(['available']);
  });

  it('has a copy available, and instances started, stopped and terminated at once', async () => {
    const bench = createBench(PROFILES.calm);
    const { ec2 } = bench.cloud;
    const SourceImageId = makeImage(bench, 'now');
    await bench.pass(0);
    const InstanceIds = [bench.id('web-1')];
    const state = () =>
      ec2.DescribeInstances({ InstanceIds }, bench.home()).Reservations?.[0]?.Instances?.[0]?.State
        ?.Name;
    const states: (string | undefined)[] = [];

    const { ImageId } = ec2.CopyImage(
      { Name: 'copy', SourceImageId, SourceRegion: 'eu-central-1' },
      bench.dr(),
    );
    for (const change of [ec2.StopInstances, ec2.StartInstances, ec2.TerminateInstances]) {
      change({ InstanceIds }, bench.home());
      await bench.pass(0);
      states.push(state());
    }

    expect(ec2.DescribeImages({ ImageIds: [ImageId ?? ''] }, bench.dr()).Images?.[0]?.State).toBe(
      'available',
    );
    expect(states).toEqual(['stopped', 'running', 'terminated']);
  });
});

describe('profiles', () => {
  it('let nothing go wrong where they are calm or none', () => {
    for (const manners of [PROFILES.calm, FAULT_LEVELS.none]) {
      expect(new Set([...chancesOf(manners), ...lagsOf(manners)])).toEqual(new Set([0]));
      expect(manners.buckets).toBe('none');
    }
  });

  it('let everything go wrong where they are rough, and more often than for real', () => {
    const real = [...chancesOf(PROFILES.real), ...lagsOf(PROFILES.real)];
    const rough = [...chancesOf(PROFILES.rough), ...lagsOf(PROFILES.rough)];
    expect(rough.every((chance, index) => chance > (real[index] ?? 1))).toBe(true);
    expect(PROFILES.rough.eventLoss).toBe(0.3);
    expect(FAULT_LEVELS.rough).toBe(PROFILES.rough);
  });

  it('throttle as AWS publishes it, for real and rough alone', () => {
    const buckets = Object.entries({ ...FAULT_LEVELS, ...PROFILES }).map(
      ([name, manners]) => `${name}: ${manners.buckets}`,
    );
    expect(buckets).toEqual([
      'none: none',
      'mild: none',
      'rough: published',
      'calm: none',
      'real: published',
    ]);
  });
});
