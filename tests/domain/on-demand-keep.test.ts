import { describe, expect, it } from 'vitest';
import type { Image, Tags } from '../../shared/domain/model.ts';
import { planRetirement } from '../../shared/domain/plan-retirement.ts';
import { aPlanInput, aPoint } from '../support/builders.ts';

/** A point that somebody asked for, whose own date is over: `asked-19` of the 19th. */
const asked = (day: number, tags: Tags = {}): Image =>
  aPoint({
    id: `asked-${day}`,
    policyId: 'on-demand',
    slot: `2026-11-${day}T09:00Z`,
    tags: { 'imago:keep-until': '2026-11-20', ...tags },
  });

/** By which the source is covered, so that the last one asked for may go too. */
const DAILY = aPoint({ id: 'daily-21' });

const linesFor = (...images: readonly Image[]): readonly string[] =>
  planRetirement(aPlanInput({ now: '2026-11-21T04:30Z', images: [DAILY, ...images] }))
    .decisions.filter(({ id }) => id !== DAILY.id)
    .map(({ id, verdict, reasons }) =>
      [id, verdict, ...reasons.map((why) => `${why.id} ${why.evidence ?? ''}`.trim())].join(' '),
    )
    .sort()
    .toReversed();

describe('the tag imago:keep on a point that somebody asked for', () => {
  it('RET-08 keeps it beside its date', () => {
    expect(linesFor(asked(19), asked(10, { 'imago:keep': 'all' }))).toEqual([
      'asked-19 retire RET-10 on demand',
      'asked-10 keep RET-08 imago:keep=all',
    ]);
  });

  it('RET-08 counts among all that was asked for of the source', () => {
    const third = { 'imago:keep': 'last=2' };

    expect(linesFor(asked(19), asked(18, third), asked(17, third))).toEqual([
      'asked-19 retire RET-10 on demand',
      'asked-18 keep RET-08 imago:keep=last=2',
      'asked-17 retire RET-10 on demand',
    ]);
  });

  it('RET-09 is reported where it cannot be read', () => {
    const images = [
      asked(19, { 'imago:keep': 'long' }),
      asked(18, { 'imago:keep': 'long', 'imago:keep-until': '2099-01-01' }),
    ];

    expect(linesFor(...images)).toEqual([
      'asked-19 retire RET-10 on demand RET-09 imago:keep=long',
      'asked-18 keep RET-20 2099-01-01 RET-09 imago:keep=long',
    ]);
  });

  it('keeps others of the source from being the last', () => {
    const images = [asked(12, { 'imago:keep': 'all' }), asked(11)];
    const { actions } = planRetirement(aPlanInput({ now: '2026-11-21T04:30Z', images }));

    expect(actions.map(({ imageId, survivorIds }) => [imageId, survivorIds])).toEqual([
      ['asked-11', ['asked-12']],
    ]);
  });
});
