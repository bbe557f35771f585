import { describe, expect, it } from 'vitest';
import {
  completePart,
  type ImageReference,
  incompletePart,
  type Part,
  REFERENCE_SOURCES,
  type ReferenceSource,
  type SourceReferences,
} from '../../shared/domain/model.ts';
import {
  heldBy,
  instanceReferences,
  isKnown,
  protectionOf,
  vetoesOf,
} from '../../shared/domain/protection.ts';
import { anImage, anInstance, at } from '../support/builders.ts';

const NOW = at('2026-11-21T04:30Z');
const NONE: Part<ImageReference> = completePart([]);
/** That `ami-1` was asked about, and may be launched by nobody but its owner. */
const PRIVATE: ImageReference = {
  imageId: 'ami-1',
  kind: 'launch-permission',
  by: 'nobody else',
  holds: false,
};

const KIND_OF: Readonly<Record<ReferenceSource, ImageReference['kind']>> = {
  instances: 'instance',
  'launch-templates': 'launch-template',
  'auto-scaling-groups': 'auto-scaling-group',
  'launch-configurations': 'launch-configuration',
  parameters: 'parameter',
  fleets: 'fleet',
  'spot-fleets': 'spot-fleet',
  'launch-permissions': 'launch-permission',
};

const named = (source: ReferenceSource, by: string, imageId = 'ami-1'): ImageReference => ({
  imageId,
  kind: KIND_OF[source],
  by,
  holds: true,
});

type Said = Partial<Record<ReferenceSource, Part<ImageReference>>>;

/** The vetoes where all sources were asked, and said nothing but what is given. */
const vetoesFor = (said: Said, image = anImage()): readonly string[] => {
  const quiet = { 'launch-permissions': completePart([PRIVATE]) };
  const uses = REFERENCE_SOURCES.map(
    (source): SourceReferences => ({ source, part: { ...quiet, ...said }[source] ?? NONE }),
  );
  const facts = protectionOf({ uses, sources: REFERENCE_SOURCES, nowMs: NOW });
  return describeAll(vetoesOf(image, facts));
};

const describeAll = (vetoes: ReturnType<typeof vetoesOf>): readonly string[] =>
  vetoes.map(({ id, evidence }) => `${id} ${evidence ?? ''}`.trim());

describe('vetoes', () => {
  it('are none for an image that nothing uses and nobody protects', () => {
    const others = REFERENCE_SOURCES.filter((source) => source !== 'launch-permissions').map(
      (source) => [source, completePart([named(source, 'somebody', 'ami-2')])] as const,
    );

    expect(vetoesFor(Object.fromEntries(others))).toEqual([]);
  });

  it('are all named, of every kind', () => {
    const image = anImage({ tags: { 'imago:hold': 'audit' }, isDeregistrationProtected: true });
    const instances = instanceReferences(
      incompletePart('denied', [anInstance({ imageId: 'ami-1' })]),
    );
    const templates = incompletePart('throttled', [
      named('launch-templates', 'lt-0aa web version 2 (latest)'),
      named('launch-templates', 'lt-0aa web version 1 (default)'),
    ]);

    expect(vetoesFor({ instances, 'launch-templates': templates }, image)).toEqual([
      'PRO-01 i-0aa (running)',
      'PRO-20 denied',
      'PRO-02 lt-0aa web version 1 (default)',
      'PRO-02 lt-0aa web version 2 (latest)',
      'PRO-22 throttled',
      'PRO-03 audit',
      'PRO-04',
    ]);
  });

  it.each<[ReferenceSource, string, string]>([
    ['instances', 'PRO-01', 'PRO-20'],
    ['launch-templates', 'PRO-02', 'PRO-22'],
    ['auto-scaling-groups', 'PRO-08', 'PRO-28'],
    ['launch-configurations', 'PRO-09', 'PRO-29'],
    ['parameters', 'PRO-10', 'PRO-30'],
    ['fleets', 'PRO-11', 'PRO-31'],
    ['spot-fleets', 'PRO-12', 'PRO-32'],
    ['launch-permissions', 'PRO-13', 'PRO-33'],
  ])('of %s are %s where one is found, %s where it is not known', (source, found, unknown) => {
    expect(vetoesFor({ [source]: completePart([named(source, 'this')]) })).toEqual([
      `${found} this`,
    ]);
    expect(vetoesFor({ [source]: incompletePart('denied') })).toEqual([`${unknown} denied`]);
  });

  it('are none by what only tells of an image', () => {
    const told = { ...named('launch-templates', 'lt-0aa web version 1'), holds: false };

    expect(vetoesFor({ 'launch-templates': completePart([told]) })).toEqual([]);
    expect(vetoesFor({ 'launch-templates': incompletePart('denied', [told]) })).toEqual([
      'PRO-22 denied',
    ]);
  });

  it('PRO-33 are of an image whose launch permissions were not asked for, and of no other', () => {
    const others = [{ ...PRIVATE, imageId: 'ami-2' }];

    expect(vetoesFor({ 'launch-permissions': completePart(others) })).toEqual([
      'PRO-33 not asked about this image',
    ]);
    expect(vetoesFor({ 'launch-permissions': incompletePart('denied', others) })).toEqual([
      'PRO-33 denied',
    ]);
    expect(vetoesFor({ 'launch-permissions': incompletePart('denied', [PRIVATE]) })).toEqual([]);
  });
});

describe('what a pass knows of the uses of images', () => {
  const facts = (sources: readonly ReferenceSource[], uses: readonly SourceReferences[]) =>
    protectionOf({ uses: [{ source: 'instances', part: NONE }, ...uses], sources, nowMs: NOW });
  const vetoes = (sources: readonly ReferenceSource[], uses: readonly SourceReferences[]) =>
    describeAll(vetoesOf(anImage(), facts(sources, uses)));
  const TEMPLATES = { source: 'launch-templates', part: NONE } as const;

  it('lacks a source that was to be asked and was not', () => {
    expect(vetoes(['instances', 'launch-templates', 'fleets'], [TEMPLATES])).toEqual([
      'PRO-31 not read by this pass',
    ]);
  });

  it('lacks what the functions ask, where nobody wanted it asked', () => {
    expect(vetoes([], [])).toEqual(['PRO-22 not read by this pass']);
    const none = protectionOf({ uses: [], sources: [], nowMs: NOW });
    expect(describeAll(vetoesOf(anImage(), none))).toEqual([
      'PRO-20 not read by this pass',
      'PRO-22 not read by this pass',
    ]);
  });

  it('has what was asked and need not have been', () => {
    const part = completePart([named('parameters', '/golden/web')]);

    expect(vetoes(['instances'], [TEMPLATES, { source: 'parameters', part }])).toEqual([
      'PRO-10 /golden/web',
    ]);
  });

  it('has each part of a source that is given in parts', () => {
    const denied: SourceReferences = { ...TEMPLATES, part: incompletePart('denied') };

    expect(vetoes(['instances'], [TEMPLATES, denied])).toEqual(['PRO-22 denied']);
    expect(isKnown(facts([], [TEMPLATES, denied]), 'launch-templates')).toBe(false);
  });

  it('tells which sources are known', () => {
    const some = facts(['fleets'], [TEMPLATES]);

    expect(REFERENCE_SOURCES.filter((source) => isKnown(some, source))).toEqual([
      'instances',
      'launch-templates',
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
      items: [{ imageId: 'ami-1', kind: 'instance', by: 'i-0aa (stopped)', holds: true }],
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
