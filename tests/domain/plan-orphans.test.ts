import { describe, expect, it } from 'vitest';
import { incompletePart, type Snapshot } from '../../shared/domain/model.ts';
import { planOrphans } from '../../shared/domain/plan-orphans.ts';
import {
  aPlanInput,
  aPoint,
  aPolicy,
  aSnapshot,
  at,
  ELSEWHERE,
  type PlanParts,
} from '../support/builders.ts';

/** An image of ours, so that the observation of images is not empty. */
const SEEN = aPoint({ snapshots: [{ snapshotId: 'snap-used', sizeGiB: 8 }] });

const linesFor = (snapshots: readonly Snapshot[], parts: PlanParts = {}): readonly string[] =>
  planOrphans(
    aPlanInput({ now: '2026-11-21T04:30Z', images: [SEEN], snapshots, ...parts }),
    0,
  ).decisions.map(({ id, verdict, reasons }) =>
    [id, verdict, ...reasons.map((why) => `${why.id} ${why.evidence ?? ''}`.trim())].join(' '),
  );

describe('a snapshot of ours', () => {
  it('RET-16 is deleted once its image is gone', () => {
    const input = aPlanInput({
      images: [SEEN],
      snapshots: [aSnapshot({ id: 'snap-1', sizeGiB: 30 })],
    });

    expect(planOrphans(input, 0)).toEqual({
      decisions: [
        {
          kind: 'snapshot',
          id: 'snap-1',
          verdict: 'delete-snapshot',
          reasons: [{ id: 'RET-16' }],
        },
      ],
      actions: [
        {
          kind: 'delete-snapshot',
          snapshotId: 'snap-1',
          sizeGiB: 30,
          reasons: [{ id: 'RET-16' }],
        },
      ],
    });
  });

  it('RET-17 stays while an image is made of it, even an image of others', () => {
    expect(linesFor([aSnapshot({ id: 'snap-used' })])).toEqual(['snap-used keep RET-17']);
  });

  it('RET-18 stays where the policy keeps snapshots', () => {
    const policies = [aPolicy({ retire: { snapshots: 'keep', during: [] } })];

    expect(linesFor([aSnapshot()], { policies })).toEqual(['snap-1 keep RET-18']);
  });

  it('RET-19 stays for an hour, since it can be seen before its image', () => {
    const young = aSnapshot({ startedMs: at('2026-11-21T03:30:00.001Z') });
    const old = aSnapshot({ startedMs: at('2026-11-21T03:30Z') });

    expect(linesFor([young])).toEqual(['snap-1 keep RET-19']);
    expect(linesFor([old])).toEqual(['snap-1 delete-snapshot RET-16']);
  });

  it('RET-14 stays when its policy is gone', () => {
    expect(linesFor([aSnapshot()], { policies: [] })).toEqual(['snap-1 keep RET-14 web-daily']);
  });

  it('RET-16 is judged under the policy that names its own in formerly', () => {
    const policies = [aPolicy({ id: 'other', formerly: ['web-daily'] })];

    expect(linesFor([aSnapshot()], { policies })).toEqual(['snap-1 delete-snapshot RET-16']);
  });

  it('PRO-03 stays under a hold', () => {
    expect(linesFor([aSnapshot({ tags: { 'imago:hold': '2099-01-01' } })])).toEqual([
      'snap-1 keep PRO-03 2099-01-01',
    ]);
    expect(linesFor([aSnapshot({ tags: { 'imago:hold': '2026-11-01' } })])).toEqual([
      'snap-1 delete-snapshot RET-16',
    ]);
  });
});

describe('a snapshot that is not ours to judge', () => {
  it('OWN-02 stays, if it is of another deployment or of nobody', () => {
    const strangers: readonly Snapshot[] = [
      aSnapshot({ id: 'snap-a', tags: { 'imago:deployment': 'test' } }),
      { ...aSnapshot({ id: 'snap-b' }), tags: {} },
    ];

    expect(linesFor(strangers)).toEqual(['snap-a keep OWN-02', 'snap-b keep OWN-02']);
  });

  it('OWN-03 stays, if its home is elsewhere', () => {
    expect(linesFor([aSnapshot()], { target: ELSEWHERE })).toEqual([
      'snap-1 keep OWN-03 111122223333/eu-central-1',
    ]);
  });
});

describe('what is not known', () => {
  it('PRO-21 keeps every snapshot while the images are not all seen', () => {
    expect(linesFor([aSnapshot()], { images: incompletePart('denied', [SEEN]) })).toEqual([
      'snap-1 keep PRO-21 denied',
    ]);
  });

  it('PRO-25 keeps every snapshot while the snapshots are not all seen', () => {
    const lines = linesFor([], { snapshots: incompletePart('denied', [aSnapshot()]) });

    expect(lines).toEqual(['snap-1 keep PRO-25 denied']);
  });
});

describe('a snapshot of a point that somebody asked for', () => {
  const left = (until?: string, parts: Partial<Snapshot> = {}): Snapshot =>
    aSnapshot({
      ...parts,
      tags: {
        'imago:policy': 'on-demand',
        ...(until === undefined ? {} : { 'imago:keep-until': until }),
        ...parts.tags,
      },
    });
  const OVER = '2026-11-20T09:00:00.000Z';

  it('RET-16 is deleted once its image is gone and its time is over', () => {
    expect(linesFor([left(OVER)])).toEqual(['snap-1 delete-snapshot RET-16']);
  });

  it.each([
    ['RET-20 2026-11-28T09:00:00.000Z', '2026-11-28T09:00:00.000Z'],
    ['RET-21', undefined],
    ['PRO-26 soon', 'soon'],
  ])('%s stays for as long as its own tags say, since no policy owns it', (why, until) => {
    expect(linesFor([left(until)])).toEqual([`snap-1 keep ${why}`]);
  });

  it('RET-19 and PRO-03 stays while it is young or held', () => {
    const young = left(OVER, { id: 'snap-1', startedMs: at('2026-11-21T04:00Z') });
    const held = left(OVER, { id: 'snap-2', tags: { 'imago:hold': 'audit' } });

    expect(linesFor([young, held])).toEqual(['snap-2 keep PRO-03 audit', 'snap-1 keep RET-19']);
  });

  it('PRO-06 stays while its source has no good point of whatever policy', () => {
    const images = [aPoint({ source: 'i-0bb' }), aPoint({ id: 'ami-2', state: 'failed' })];

    expect(linesFor([left(OVER)], { images })).toEqual([
      'snap-1 keep PRO-06 its source has no good point',
    ]);
  });
});

describe('a tag that keeps an image', () => {
  it.each(['all', '12d'])('RET-08 imago:keep=%s keeps what is left of it as well', (text) => {
    // Its slot was eleven days before that of the newest good point.
    const tags = { 'imago:slot': '2026-11-10T02-00-00Z', 'imago:keep': text };

    expect(linesFor([aSnapshot({ tags })])).toEqual([`snap-1 keep RET-08 imago:keep=${text}`]);
  });

  it('lets it go once its time is over, or if it cannot be read', () => {
    const tags = { 'imago:slot': '2026-11-10T02-00-00Z' };

    for (const text of ['11d', 'long']) {
      expect(linesFor([aSnapshot({ tags: { ...tags, 'imago:keep': text } })])).toEqual([
        'snap-1 delete-snapshot RET-16',
      ]);
    }
  });

  it('RET-08 PRO-26 keeps it until a date, and where that cannot be read', () => {
    const until = (text: string): Snapshot => aSnapshot({ tags: { 'imago:keep-until': text } });

    expect(linesFor([until('2026-12-01')])).toEqual([
      'snap-1 keep RET-08 imago:keep-until=2026-12-01',
    ]);
    expect(linesFor([until('soon')])).toEqual(['snap-1 keep PRO-26 soon']);
    expect(linesFor([until('2026-11-01')])).toEqual(['snap-1 delete-snapshot RET-16']);
  });

  it('RET-08 counts by the tag that the policy names, and for what somebody asked for', () => {
    const policies = [aPolicy({ keepFrom: { tag: 'Retention', unit: 'y' } })];
    const asked = {
      'imago:policy': 'on-demand',
      'imago:keep-until': '2026-11-20',
      'imago:keep': 'all',
    };

    expect(linesFor([aSnapshot({ tags: { Retention: '1' } })], { policies })).toEqual([
      'snap-1 keep RET-08 Retention=1',
    ]);
    expect(linesFor([aSnapshot({ tags: asked })])).toEqual(['snap-1 keep RET-08 imago:keep=all']);
  });
});

describe('a window of its policy', () => {
  const windowOf = (from: string, to: string) =>
    aPolicy({
      retire: {
        snapshots: 'delete',
        during: [{ kind: 'once', startMs: at(from), endMs: at(to) }],
      },
    });

  it('PRO-07 keeps it while none is open', () => {
    const closed = windowOf('2026-11-22T00:00Z', '2026-11-23T00:00Z');
    const open = windowOf('2026-11-21T04:30Z', '2026-11-23T00:00Z');

    expect(linesFor([aSnapshot()], { policies: [closed] })).toEqual([
      'snap-1 keep PRO-07 until 2026-11-22T00-00-00Z',
    ]);
    expect(linesFor([aSnapshot()], { policies: [open] })).toEqual([
      'snap-1 delete-snapshot RET-16',
    ]);
  });
});
