import { describe, expect, it } from 'vitest';
import { isSourceTag, sourceTagsOf, waitsFor } from '../../shared/domain/event-triggers.ts';
import type { Image, Instance } from '../../shared/domain/model.ts';
import type { EventTrigger } from '../../shared/domain/policy.ts';
import { anEventTrigger, anInstance, aPoint, aPolicy, at, aTrigger } from '../support/builders.ts';
import { linesFor, namesFor } from '../support/creation.ts';

const LAUNCHED = '2026-11-20T20:00Z';
const DUE = 'create SCH-11 stopped';

const stopped = (parts: Partial<Instance> = {}): Instance =>
  anInstance({ state: 'stopped', launchedMs: at(LAUNCHED), ...parts });

const policiesOn = (...when: readonly EventTrigger[]) => [aPolicy({ when })];

const STOPPED = policiesOn(anEventTrigger());

/** A point of an earlier interval, whose source was in this state. */
const inState = (state: string, created: string, parts: Partial<Image> = {}): Image =>
  aPoint({
    slot: '2026-11-20T18:00Z',
    created,
    tags: { 'imago:source-state': state },
    ...parts,
  });

describe('a source that has stopped', () => {
  const lines = (images: readonly Image[], now = '2026-11-21T02:10Z', instance = stopped()) =>
    linesFor({ policies: STOPPED, instances: [instance], images, now });

  it.each([
    ['2026-11-21T00:00:00Z', '2026-11-21T00-00-00Z'],
    ['2026-11-21T05:59:59.999Z', '2026-11-21T00-00-00Z'],
    ['2026-11-21T06:00:00Z', '2026-11-21T06-00-00Z'],
  ])('SCH-11 is due at %s, in the interval that begins at %s', (now, slot) => {
    const parts = { policies: STOPPED, instances: [stopped()], now };

    expect(linesFor(parts)).toEqual([DUE]);
    expect(namesFor(parts)).toEqual([`imago/prod/web-daily/i-0aa/${slot}`]);
  });

  it.each(['pending', 'running', 'stopping'] as const)('SCH-12 is none while %s', (state) => {
    expect(lines([], undefined, stopped({ state }))).toEqual(['wait SCH-12 stopped']);
  });

  it('SCH-12 has a point since it was last started', () => {
    expect(lines([inState('stopped', '2026-11-20T20:00:00.000Z')])).toEqual([
      'wait SCH-12 stopped: ami-1',
    ]);
  });

  it('SCH-03 has one that is being made', () => {
    expect(lines([inState('stopped', '2026-11-20T21:00Z', { state: 'pending' })])).toEqual([
      'wait SCH-03 ami-1',
    ]);
  });

  it.each([
    ['of before it was started', inState('stopped', '2026-11-20T19:59:59.999Z')],
    ['of while it ran', inState('running', '2026-11-20T21:00Z')],
    ['that does not say', aPoint({ slot: '2026-11-20T18:00Z', created: '2026-11-20T21:00Z' })],
    ['that failed', inState('stopped', '2026-11-20T21:00Z', { state: 'failed' })],
    ['that is disabled', inState('stopped', '2026-11-20T21:00Z', { state: 'disabled' })],
  ])('SCH-11 is due with a point %s', (_, image) => {
    expect(lines([image])).toEqual([DUE]);
  });

  it('SCH-11 is due once an interval where EC2 does not say when it was started', () => {
    const { launchedMs: _launchedMs, ...instance } = stopped();
    const image = inState('stopped', '2026-11-20T21:00Z');

    expect(lines([image], '2026-11-20T23:00Z', instance)).toEqual([
      'wait SCH-13 ami-1, next from 2026-11-21T00-00-00Z',
    ]);
    expect(lines([image], '2026-11-21T02:10Z', instance)).toEqual([DUE]);
  });
});

describe('an interval that has a point already', () => {
  const lines = (image: Image, now = '2026-11-21T02:10Z') =>
    linesFor({ policies: STOPPED, instances: [stopped()], images: [image], now });
  const LIMITED = ['wait SCH-13 ami-1, next from 2026-11-21T06-00-00Z'];

  it('SCH-13 makes no other, and the next interval does', () => {
    const image = aPoint({ slot: '2026-11-21T00:00Z', created: '2026-11-21T01:00Z' });

    expect(lines(image, '2026-11-21T05:59:59.999Z')).toEqual(LIMITED);
    expect(lines(image, '2026-11-21T06:00Z')).toEqual([DUE]);
  });

  it('SCH-13 is limited by a slot of any trigger in it, and by no other', () => {
    const created = '2026-11-21T02:00Z';

    expect(lines(aPoint({ slot: '2026-11-20T23:59:59Z', created }))).toEqual([DUE]);
    expect(lines(aPoint({ slot: '2026-11-21T00:00:00Z', created }))).toEqual(LIMITED);
    expect(lines(aPoint({ slot: '2026-11-21T05:59:59Z', created }))).toEqual(LIMITED);
    expect(lines(aPoint({ slot: '2026-11-21T06:00:00Z', created }))).toEqual([DUE]);
  });

  it('SCH-03 waits for a pending one', () => {
    const created = '2026-11-21T02:00Z';

    expect(lines(aPoint({ slot: '2026-11-21T00:00Z', created, state: 'pending' }))).toEqual([
      'wait SCH-03 ami-1',
    ]);
  });

  it('SCH-11 is not limited by a point that only names it, and makes a try beside it', () => {
    const images = [aPoint({ slot: '2026-11-21T00:00Z', created: '2026-11-20T23:54:59.999Z' })];
    const parts = { policies: STOPPED, instances: [stopped()], images };

    expect(linesFor(parts)).toEqual([DUE]);
    expect(namesFor(parts)).toEqual(['imago/prod/web-daily/i-0aa/2026-11-21T00-00-00Z/r1']);
    expect(lines(aPoint({ slot: '2026-11-21T00:00Z', created: '2026-11-20T23:55Z' }))).toEqual(
      LIMITED,
    );
  });

  it('SCH-04 backs off after tries that failed, and goes on', () => {
    const failed = { slot: '2026-11-21T00:00Z', state: 'failed' as const };
    const images = [aPoint({ ...failed, created: '2026-11-21T02:00Z' })];
    const parts = { policies: STOPPED, instances: [stopped()], images };

    expect(linesFor({ ...parts, now: '2026-11-21T02:03Z' })).toEqual([
      'wait SCH-04 1 failed, next try 2026-11-21T02-04-00Z',
    ]);
    expect(namesFor({ ...parts, now: '2026-11-21T02:04Z' })).toEqual([
      'imago/prod/web-daily/i-0aa/2026-11-21T00-00-00Z/r1',
    ]);
  });
});

describe('tries that fail in one interval after the other', () => {
  const hourly = policiesOn(anEventTrigger({ atMostEveryMs: 3_600_000 }));
  const failed = ['21:00', '22:00', '23:00', '23:40'].map((time) =>
    aPoint({
      id: `ami-${time}`,
      slot: `2026-11-20T${time.slice(0, 2)}:00Z`,
      created: `2026-11-20T${time}Z`,
      retry: time === '23:40' ? 1 : 0,
      state: 'failed',
    }),
  );
  const lines = (images: readonly Image[], now: string) =>
    linesFor({ policies: hourly, instances: [stopped()], images, now });

  it('SCH-04 come hourly in the end, however often the event is due', () => {
    expect(lines(failed, '2026-11-21T00:00Z')).toEqual([
      'wait SCH-04 4 failed, next try 2026-11-21T00-39-00Z',
    ]);
    expect(lines(failed, '2026-11-21T00:39Z')).toEqual([DUE]);
  });

  it('SCH-04 are counted from the newest good point on', () => {
    const good = inState('running', '2026-11-20T23:20Z', { id: 'ami-good' });

    expect(lines([...failed, good], '2026-11-20T23:43Z')).toEqual([
      'wait SCH-04 1 failed, next try 2026-11-20T23-44-00Z',
    ]);
    expect(lines([...failed, good], '2026-11-21T00:00Z')).toEqual([DUE]);
  });
});

describe('a source that has started', () => {
  const policies = policiesOn(anEventTrigger({ event: 'running' }));
  const instances = [anInstance({ launchedMs: at(LAUNCHED) })];
  const lines = (images: readonly Image[]) => linesFor({ policies, instances, images });

  it('SCH-11 is due, and SCH-12 once it has a point since', () => {
    expect(lines([])).toEqual(['create SCH-11 running']);
    expect(lines([inState('running', '2026-11-20T19:00Z')])).toEqual(['create SCH-11 running']);
    expect(lines([inState('running', '2026-11-20T21:00Z')])).toEqual([
      'wait SCH-12 running: ami-1',
    ]);
    expect(lines([inState('stopped', '2026-11-20T21:00Z')])).toEqual(['create SCH-11 running']);
  });

  it('SCH-12 is none while stopped', () => {
    expect(linesFor({ policies, instances: [stopped()] })).toEqual(['wait SCH-12 running']);
  });
});

describe('a source whose tags have changed', () => {
  const policies = policiesOn(anEventTrigger({ event: 'tag-changed' }));
  const tags = { Backup: 'daily', Owner: 'ops' };
  const HASH = sourceTagsOf(tags);
  const lines = (images: readonly Image[], instance: Partial<Instance> = {}) =>
    linesFor({ policies, instances: [anInstance({ tags, ...instance })], images });
  const tagged = (hash: string, created: string, parts: Partial<Image> = {}): Image =>
    aPoint({
      slot: '2026-11-20T18:00Z',
      created,
      ...parts,
      tags: { 'imago:source-tags': hash },
    });
  const CHANGED = ['create SCH-11 tag-changed'];

  it('SCH-11 is due without a point', () => {
    expect(lines([])).toEqual(CHANGED);
  });

  it('SCH-12 is none while the newest point has the tags of now', () => {
    const images = [
      tagged('other', '2026-11-20T19:00Z'),
      tagged(HASH, '2026-11-20T20:00Z', { id: 'ami-2' }),
    ];

    expect(lines(images)).toEqual(['wait SCH-12 tag-changed: ami-2']);
    expect(lines(images.toReversed())).toEqual(['wait SCH-12 tag-changed: ami-2']);
  });

  it('SCH-11 is due once the newest has others, though an older one had the same', () => {
    const images = [
      tagged('other', '2026-11-20T21:00Z', { id: 'ami-2' }),
      tagged(HASH, '2026-11-20T20:00Z'),
    ];

    expect(lines(images)).toEqual(CHANGED);
  });

  it('SCH-11 is due with a newest point that does not say', () => {
    expect(lines([aPoint({ slot: '2026-11-20T18:00Z' })])).toEqual(CHANGED);
  });

  it('looks past a failed point, and SCH-03 waits for a pending one', () => {
    const good = tagged(HASH, '2026-11-20T20:00Z');
    const later = tagged('other', '2026-11-20T21:00Z', { id: 'ami-2', state: 'failed' });

    expect(lines([good, later])).toEqual(['wait SCH-12 tag-changed: ami-1']);
    expect(lines([good, { ...later, state: 'pending' }])).toEqual(CHANGED);
    expect(lines([{ ...good, state: 'pending' }])).toEqual(['wait SCH-03 ami-1']);
  });

  it('SCH-09 waits while the instance is in transition', () => {
    expect(lines([], { state: 'stopping' })).toEqual(['wait SCH-09 stopping']);
  });
});

describe('the hash of the tags of a source', () => {
  it('is of all its own tags, in any order', () => {
    expect(sourceTagsOf({ b: '2', a: '1' })).toBe(sourceTagsOf({ a: '1', b: '2' }));
    expect(sourceTagsOf({ a: '1', b: '2' })).toBe('5f13efef7cdd95e7a0171a4cc6ef6439');
    expect(sourceTagsOf({})).toBe('4f53cda18c2baa0c0354bb5f9a3ecbe5');
  });

  it('differs for another key, another value, and one tag more', () => {
    const all = [{}, { a: '1' }, { a: '2' }, { b: '1' }, { a: '1', b: '1' }, { a: '1","b' }];

    expect(new Set(all.map(sourceTagsOf)).size).toBe(6);
  });

  it('leaves out marks of AWS and of ours', () => {
    const marks = { 'aws:autoscaling:groupName': 'web', 'imago:schedule': 'x', 'Imago:keep': 'y' };

    expect(sourceTagsOf({ a: '1', ...marks })).toBe(sourceTagsOf({ a: '1' }));
    expect(['imago', 'aws', 'my:imago:x', 'my aws:x'].map(isSourceTag)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(Object.keys(marks).map(isSourceTag)).toEqual([false, false, false]);
  });
});

describe('whether a policy waits for an event', () => {
  it('is asked of all its triggers', () => {
    const policy = aPolicy({
      when: [aTrigger('rate(1 day)'), anEventTrigger({ event: 'running' })],
    });

    expect(waitsFor(policy, 'running')).toBe(true);
    expect(waitsFor(policy, 'stopped', 'running')).toBe(true);
    expect(waitsFor(policy, 'stopped', 'tag-changed')).toBe(false);
    expect(waitsFor(aPolicy(), 'stopped', 'running', 'tag-changed')).toBe(false);
  });
});
