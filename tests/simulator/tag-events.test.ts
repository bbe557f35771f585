import { describe, expect, it } from 'vitest';
import { createCloud } from '../../simulator/cloud.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { createRandom } from '../../simulator/random.ts';
import type { CloudEvent } from '../../simulator/services/events/event.ts';
import { readWorld, writeWorld } from '../../simulator/world-file/world-file.ts';
import { ACCOUNT, type Bench, createBench, HOME, makeImage, MINUTE } from './fixture.ts';
import { snapshotOf, volumeIds } from './snapshot-fixture.ts';

const listenIn = ({ events }: Bench['cloud']): CloudEvent[] => {
  const heard: CloudEvent[] = [];
  events.putRule({
    account: ACCOUNT,
    region: HOME,
    bus: 'default',
    name: 'listener',
    pattern: { source: ['aws.tag'] },
    deliver: (event) => heard.push(event as CloudEvent),
  });
  return heard;
};

const withTags = async () => {
  const bench = createBench();
  const heard = listenIn(bench.cloud);
  const imageId = makeImage(bench, 'one');
  const tag = (Key: string, Value: string, Resources = [imageId]) => {
    bench.cloud.ec2.CreateTags({ Resources, Tags: [{ Key, Value }] }, bench.home());
  };
  const untag = (Tags?: { Key: string; Value?: string }[]) => {
    bench.cloud.ec2.DeleteTags({ Resources: [imageId], Tags }, bench.home());
  };
  await bench.pass(MINUTE);
  return { bench, heard, imageId, tag, untag };
};

describe('Tag Change on Resource', () => {
  it('tells the keys that changed, and all the tags that there are now', async () => {
    const { bench, heard, imageId, tag, untag } = await withTags();
    tag('a', '1');
    tag('b', '2');
    tag('a', '3');
    untag([{ Key: 'b' }]);
    await bench.pass(MINUTE);
    expect(heard[0]).toMatchObject({
      source: 'aws.tag',
      'detail-type': 'Tag Change on Resource',
      account: ACCOUNT,
      region: HOME,
      resources: [`arn:aws:ec2:${HOME}::image/${imageId}`],
      detail: { service: 'ec2', 'resource-type': 'image' },
    });
    expect(
      heard.map(({ detail }) => [detail.version, detail['changed-tag-keys'], detail.tags]),
    ).toEqual([
      [1, ['a'], { a: '1' }],
      [2, ['b'], { a: '1', b: '2' }],
      [3, ['a'], { a: '3', b: '2' }],
      [4, ['b'], { a: '3' }],
    ]);
  });

  it('does not come where nothing changes, nor of other kinds of resources', async () => {
    const { bench, heard, tag, untag } = await withTags();
    const { ec2 } = bench.cloud;
    tag('a', '1');
    tag('a', '1');
    untag([{ Key: 'a', Value: 'other' }, { Key: 'none' }]);
    const [vpc] = ec2.DescribeVpcs({}, bench.home()).Vpcs ?? [];
    tag('a', '1', [vpc?.VpcId ?? '']);
    await bench.pass(MINUTE);
    expect(heard).toHaveLength(1);
  });

  it('comes of each resource of a call, under its own ARN', async () => {
    const { bench, heard, imageId, tag } = await withTags();
    const instanceId = bench.id('web-1');
    const [volumeId = ''] = volumeIds(bench, 'web-1');
    const snapshotId = snapshotOf(bench);
    tag('a', '1', [imageId, instanceId, volumeId, snapshotId]);
    await bench.pass(MINUTE);
    expect(heard.map(({ resources, detail }) => [detail['resource-type'], resources])).toEqual([
      ['image', [`arn:aws:ec2:${HOME}::image/${imageId}`]],
      ['instance', [`arn:aws:ec2:${HOME}:${ACCOUNT}:instance/${instanceId}`]],
      ['volume', [`arn:aws:ec2:${HOME}:${ACCOUNT}:volume/${volumeId}`]],
      ['snapshot', [`arn:aws:ec2:${HOME}::snapshot/${snapshotId}`]],
    ]);
    expect(heard.map(({ detail }) => detail.version)).toEqual([1, 1, 1, 1]);
  });

  it('may be lost, as other events of AWS', async () => {
    const { bench, heard, tag } = await withTags();
    bench.cloud.behave({ eventLoss: 1 });
    tag('a', '1');
    await bench.pass(MINUTE);
    expect(heard).toEqual([]);
    expect(bench.cloud.lostEvents.at(-1)?.event.source).toBe('aws.tag');
  });

  it('goes on counting in a world that was saved', async () => {
    const { bench, imageId, tag } = await withTags();
    const instanceId = bench.id('web-1');
    const [volumeId = ''] = volumeIds(bench, 'web-1');
    const Resources = [imageId, instanceId, volumeId, snapshotOf(bench)];
    tag('a', '1', Resources);
    const { saved } = readWorld(writeWorld(bench.cloud.save(), 1), 'world.json');
    const clock = new VirtualClock(saved.nowMs);
    const cloud = createCloud({ clock, random: createRandom(1) });
    cloud.load(saved);
    const heard = listenIn(cloud);
    cloud.ec2.DeleteTags({ Resources, Tags: [{ Key: 'a' }] }, cloud.callAs(ACCOUNT, HOME));
    await clock.runUntil(saved.nowMs + MINUTE);
    expect(heard.map(({ detail }) => detail.version)).toEqual([2, 2, 2, 2]);
  });
});
