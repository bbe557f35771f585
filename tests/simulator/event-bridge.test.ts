import type { PutEventsRequestEntry, PutEventsResponse } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import type { EmbeddedCloud } from '../../simulator/cloud.ts';
import type { Manners } from '../../simulator/manners.ts';
import type { CloudEvent } from '../../simulator/services/events/event.ts';
import type { Call } from '../../simulator/wire/api.ts';
import {
  ACCOUNT,
  type Bench,
  createBench,
  HOME,
  HOUR,
  listen,
  makeImage,
  MINUTE,
  SECOND,
} from './fixture.ts';
import { askOf, refusalOf } from './services.ts';

describe('delivery of EC2 events', () => {
  it('loses and remembers every event when all are lost', async () => {
    const bench = createBench({ eventLoss: 1 });
    const heard = listen(bench, HOME, 'EC2 AMI State Change');
    const imageId = makeImage(bench, 'one');
    await bench.pass(HOUR);
    expect(heard).toEqual([]);
    expect(bench.cloud.lostEvents).toMatchObject([
      { rule: 'listener', event: { detail: { ImageId: imageId, State: 'available' } } },
    ]);
  });

  it('brings an event twice, with the same id, when all are doubled', async () => {
    const bench = createBench({ eventDuplicate: 1 });
    const heard = listen(bench, HOME, 'EC2 AMI State Change');
    makeImage(bench, 'one');
    await bench.pass(HOUR);
    expect(heard).toHaveLength(2);
    expect(heard[0]?.id).toBe(heard[1]?.id);
  });

  it('lets events overtake one that is held back, and keeps their order when none is', async () => {
    const orderOf = async (manners: Partial<Manners>) => {
      const bench = createBench(manners);
      const heard = hearAll(bench);
      for (let n = 1; n <= 20; n += 1) {
        putEvents(bench.cloud, [{ ...entry, Detail: JSON.stringify({ n }) }]);
        await bench.pass(SECOND);
      }
      await bench.pass(MINUTE);
      return heard.map(({ detail }) => detail['n']);
    };
    const inOrder = Array.from({ length: 20 }, (_, index) => index + 1);
    const eventHeldMs = { min: 5 * SECOND, max: 5 * SECOND };
    expect(await orderOf({ eventReorder: 0, eventHeldMs })).toEqual(inOrder);
    const shuffled = await orderOf({ eventReorder: 0.5, eventHeldMs });
    expect(shuffled).not.toEqual(inOrder);
    expect(shuffled.toSorted((a, b) => Number(a) - Number(b))).toEqual(inOrder);
  });

  it('does not reach a rule of another Region', async () => {
    const bench = createBench();
    const heard = listen(bench, 'eu-west-1');
    makeImage(bench, 'one');
    await bench.pass(HOUR);
    expect(heard).toEqual([]);
  });
});

const putEvents = (cloud: EmbeddedCloud, Entries: readonly PutEventsRequestEntry[], call?: Call) =>
  askOf(cloud, 'events')<PutEventsResponse>('PutEvents', { Entries }, call);

const entry = { Source: 'imago', DetailType: 'done', Detail: '{"n":1}', EventBusName: 'outcomes' };

const hearAll = ({ cloud }: Bench, bus = 'outcomes'): CloudEvent[] => {
  const heard: CloudEvent[] = [];
  cloud.events.createBus(ACCOUNT, HOME, bus);
  cloud.events.putRule({
    account: ACCOUNT,
    region: HOME,
    bus,
    name: 'all',
    pattern: { source: ['imago'] },
    deliver: (event) => heard.push(event as CloudEvent),
  });
  return heard;
};

describe('PutEvents', () => {
  it('brings a custom event to the rules of its bus even when events of services are lost', async () => {
    const bench = createBench({ eventLoss: 1 });
    const heard = hearAll(bench);
    const result = putEvents(bench.cloud, [entry]);
    await bench.pass(MINUTE);
    expect(result.FailedEntryCount).toBe(0);
    expect(heard).toMatchObject([{ id: result.Entries?.[0]?.EventId, detail: { n: 1 } }]);
    expect(bench.cloud.events.putEvents).toMatchObject([
      { bus: 'outcomes', event: { source: 'imago' } },
    ]);
  });

  it('is remembered, of a long run only the newest thousand or two', () => {
    const bench = createBench();
    hearAll(bench);
    for (let n = 0; n < 4_321; n += 1) {
      putEvents(bench.cloud, [{ ...entry, Detail: JSON.stringify({ n }) }]);
    }
    const kept = bench.cloud.events.putEvents.map(({ event }) => event.detail['n']);
    expect(kept.at(-1)).toBe(4_320);
    expect(kept).toEqual(Array.from(kept, (_, index) => 4_321 - kept.length + index));
    expect(kept.length).toBeGreaterThanOrEqual(1_000);
    expect(kept.length).toBeLessThanOrEqual(2_000);
  });

  it('takes the time of an entry as that of the event, and an ARN as a bus', async () => {
    const bench = createBench();
    const heard = hearAll(bench);
    const EventBusName = 'arn:aws:events:eu-central-1:111122223333:event-bus/outcomes';
    const Time = new Date('2026-11-20T01:02:03.456Z');
    putEvents(bench.cloud, [{ ...entry, EventBusName, Time, Resources: ['a', 'b'] }]);
    await bench.pass(SECOND);
    expect(heard).toMatchObject([
      {
        version: '0',
        'detail-type': 'done',
        account: '111122223333',
        region: 'eu-central-1',
        time: '2026-11-20T01:02:03Z',
        resources: ['a', 'b'],
      },
    ]);
  });

  it('accepts an event for a bus that is not there, which nobody hears', async () => {
    const bench = createBench();
    const heard = hearAll(bench);
    const result = putEvents(bench.cloud, [{ ...entry, EventBusName: 'nowhere' }]);
    await bench.pass(MINUTE);
    expect(result).toMatchObject({
      FailedEntryCount: 0,
      Entries: [{ EventId: expect.stringMatching(/./) }],
    });
    expect(heard).toEqual([]);
    expect(bench.cloud.lostEvents).toMatchObject([{ rule: 'no event bus nowhere' }]);
  });

  it.each([
    [{ Detail: 'no json' }, 'MalformedDetail', 'Detail is malformed.'],
    [{ Detail: '[1]' }, 'MalformedDetail', 'Detail is malformed.'],
    [{ Detail: '"text"' }, 'MalformedDetail', 'Detail is malformed.'],
    [{ Source: 'aws.ec2' }, 'NotAuthorizedForSourceException', 'Not authorized for the source.'],
    [
      { DetailType: '' },
      'InvalidArgument',
      'Parameter DetailType is not valid. Reason: DetailType is a required argument.',
    ],
    [
      { Source: undefined },
      'InvalidArgument',
      'Parameter Source is not valid. Reason: Source is a required argument.',
    ],
    [
      { Detail: undefined },
      'InvalidArgument',
      'Parameter Detail is not valid. Reason: Detail is a required argument.',
    ],
  ])('refuses the entry with %j alone, with %s', (more, ErrorCode, ErrorMessage) => {
    const { cloud } = createBench();
    cloud.events.createBus(ACCOUNT, HOME, 'outcomes');
    const { FailedEntryCount, Entries } = putEvents(cloud, [entry, { ...entry, ...more }]);
    expect(FailedEntryCount).toBe(1);
    expect(Entries).toEqual([{ EventId: expect.stringMatching(/./) }, { ErrorCode, ErrorMessage }]);
  });

  it('fails entries of its own accord as often as the manners say', () => {
    const { cloud } = createBench({ putEventsEntryFailure: 1 });
    cloud.events.createBus(ACCOUNT, HOME, 'outcomes');
    expect(putEvents(cloud, [entry]).Entries?.[0]?.ErrorCode).toBe('InternalFailure');
    expect(cloud.events.putEvents).toEqual([]);
  });

  it('takes neither none nor eleven entries, nor more than 256 KiB', () => {
    const { cloud } = createBench();
    const big = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(256 * 1_024) }) };
    const eleven = Array.from({ length: 11 }, () => entry);
    expect(refusalOf(() => putEvents(cloud, []))).toContain('length greater than or equal to 1');
    expect(refusalOf(() => putEvents(cloud, eleven))).toContain('length less than or equal to 10');
    expect(refusalOf(() => putEvents(cloud, [big]))).toBe(
      'ValidationException: Total size of the entries in the request is over the limit.',
    );
  });
});
