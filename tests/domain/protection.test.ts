import { describe, expect, it } from 'vitest';
import {
  completePart,
  type ImageReference,
  incompletePart,
  type Part,
} from '../../shared/domain/model.ts';
import {
  heldBy,
  indexReferences,
  instanceReferences,
  vetoesOf,
} from '../../shared/domain/protection.ts';
import { anImage, anInstance, at } from '../support/builders.ts';

const NOW = at('2026-11-21T04:30Z');
const NONE: Part<ImageReference> = completePart([]);

const vetoesFor = (
  image: ReturnType<typeof anImage>,
  instances: Part<ImageReference> = NONE,
  launchTemplates: Part<ImageReference> = NONE,
): readonly string[] =>
  vetoesOf(image, {
    instances: indexReferences(instances),
    launchTemplates: indexReferences(launchTemplates),
    nowMs: NOW,
  }).map(({ id, evidence }) => `${id} ${evidence ?? ''}`.trim());

const used = (imageId: string): ImageReference => ({
  imageId,
  kind: 'launch-template',
  by: 'lt-0aa (version 1)',
});

describe('vetoes', () => {
  it('are none for an image that nothing uses and nobody protects', () => {
    expect(vetoesFor(anImage(), NONE, completePart([used('ami-2')]))).toEqual([]);
  });

  it('are all named, of every kind', () => {
    const image = anImage({ tags: { 'imago:hold': 'audit' }, isDeregistrationProtected: true });
    const instances = instanceReferences(
      incompletePart('denied', [anInstance({ imageId: 'ami-1' })]),
    );

    expect(vetoesFor(image, instances, incompletePart('throttled', [used('ami-1')]))).toEqual([
      'PRO-01 i-0aa (running)',
      'PRO-20 denied',
      'PRO-02 lt-0aa (version 1)',
      'PRO-22 throttled',
      'PRO-03 audit',
      'PRO-04',
    ]);
  });
});

describe('references of instances', () => {
  it('are of all but the terminated, and worth what the read was worth', () => {
    const instances = incompletePart('denied', [
      anInstance({ id: 'i-0aa', state: 'stopped', imageId: 'ami-1' }),
      anInstance({ id: 'i-0bb', state: 'terminated', imageId: 'ami-2' }),
    ]);

    expect(instanceReferences(instances)).toEqual({
      items: [{ imageId: 'ami-1', kind: 'instance', by: 'i-0aa (stopped)' }],
      isComplete: false,
      problem: 'denied',
    });
  });
});

describe('holds', () => {
  it.each(['', 'forever', 'true', 'legal hold', '2026-11-22', '2026-11-21T04:30:00.001Z'])(
    'PRO-03 hold at 2026-11-21T04:30Z as %j',
    (hold) => {
      expect(heldBy(hold, NOW).map(({ id }) => id)).toEqual(['PRO-03']);
    },
  );

  it.each(['2026-11-20', '2026-11-21T04:30:00.000Z', '2020-01-01T00:00:00Z'])(
    'are over by 2026-11-21T04:30Z as %s',
    (hold) => {
      expect(heldBy(hold, NOW)).toEqual([]);
    },
  );

  it('are none where there is no tag', () => {
    expect(heldBy(undefined, NOW)).toEqual([]);
  });
});
