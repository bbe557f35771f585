import { describe, expect, test } from 'vitest';
import { kindOfId } from '../../shared/domain/explain.ts';
import { incompletePart } from '../../shared/domain/model.ts';
import { ELSEWHERE, aCopy, aPoint, aPolicy, aPolicySet, aSnapshot } from '../support/builders.ts';
import { explainIn } from '../support/explain.ts';
import {
  autoScalingGroup,
  inventory,
  launchConfiguration,
  launchPermissions,
  launchTemplate,
  parameter,
  seenImage,
  seenInstance,
  seenSnapshot,
  seenVolume,
  templateVersion,
} from '../support/inventory.ts';

const ID = 'ami-0000000000000001a';

const factOf = (explanation: ReturnType<typeof explainIn>, name: string): string | undefined =>
  explanation.facts.find((fact) => fact.name === name)?.value;

test.each([
  ['ami-0123456789abcdef0', 'image'],
  ['ami-01234567', 'image'],
  ['i-0123456789abcdef0', 'instance'],
  ['snap-0123456789abcdef0', 'snapshot'],
  ['vol-0123456789abcdef0', undefined],
  ['ami-0123', undefined],
  ['AMI-01234567', undefined],
  ['toString-01234567', undefined],
])('the id %s is of %s', (id, kind) => {
  expect(kindOfId(id)).toBe(kind);
});

describe('who refers to an image', () => {
  test('is told of its owner, with those of other accounts that were looked at', () => {
    const image = seenImage({ id: ID, ownerId: '210987654321' });
    const user = inventory({
      instances: [seenInstance({ id: 'i-0bb', imageId: ID })],
      othersImages: [image],
    });
    const owner = inventory({
      target: { account: '210987654321', region: 'eu-central-1' },
      images: [image],
    });
    const elsewhere = inventory({
      target: ELSEWHERE,
      instances: [seenInstance({ id: 'i-0cc', imageId: ID })],
    });

    const told = explainIn(ID, { inventories: [user, owner, elsewhere] });

    expect(told).toMatchObject({ presence: 'own', target: '210987654321/eu-central-1' });
    expect(told.references).toMatchObject([
      { target: '111122223333/eu-central-1', by: expect.stringContaining('i-0bb') },
    ]);
  });

  test('is labelled by what it may do: launch now, by a pin, or not at all', () => {
    const world = inventory({
      instances: [seenInstance({ id: 'i-0bb', state: 'stopped', imageId: ID })],
      images: [seenImage({ id: ID })],
      permissions: [launchPermissions({ imageId: ID, accounts: ['210987654321'] })],
      launchTemplates: [launchTemplate({ defaultVersion: 3, latestVersion: 4 })],
      launchTemplateVersions: [
        ...[1, 2, 3].map((version) => templateVersion({ version, image: ID })),
        templateVersion({ version: 4, image: 'ami-0000000000000002b' }),
      ],
      autoScalingGroups: [
        autoScalingGroup({
          name: 'latest',
          desired: 0,
          templates: [{ templateId: 'lt-web', version: '2' }],
        }),
      ],
      launchConfigurations: [launchConfiguration({ image: ID })],
      parameters: [parameter({ value: ID })],
    });

    const { references, headline } = explainIn(ID, { inventories: [world] });

    expect(headline).toBe('Not ours: Imago never changes or removes it');
    expect(references.map(({ label, by, holds }) => [label, by, holds])).toEqual([
      ['can launch now', 'i-0bb (stopped)', true],
      ['pinned', 'lt-web web version 2 (pinned by Auto Scaling group latest)', true],
      ['can launch now', 'lt-web web version 3 (default)', true],
      ['only old', 'lt-web web version 1 (only old)', false],
      ['can launch now', expect.stringContaining('Auto Scaling group latest'), true],
      ['can launch now', expect.stringContaining('launch configuration old-web'), true],
      ['can launch now', 'parameter /golden/web', true],
      ['others may launch', 'account 210987654321', true],
    ]);
  });

  test('is not known where a list could not be read, and that is said', () => {
    const world = inventory({
      images: [seenImage({ id: ID })],
      autoScalingGroups: incompletePart('no file'),
      permissions: incompletePart('denied'),
    });

    const { references, unknown } = explainIn(ID, { inventories: [world] });

    expect(references).toEqual([]);
    expect(unknown.map(({ what, problem }) => [what, problem])).toEqual([
      ['auto-scaling-groups', 'no file'],
      ['launch-permissions', '1 image: denied'],
    ]);
  });

  test('does not include its children, which are told beside', () => {
    const child = seenImage({ id: 'ami-0000000000000002b', name: 'child', sourceImageId: ID });
    const copy = seenImage(
      aCopy({ id: 'ami-0000000000000003c', of: ID, sourceImageId: ID, slot: '2026-11-21T02:00Z' }),
    );
    const inventories = [
      inventory({ images: [seenImage({ id: ID }), child] }),
      inventory({ target: ELSEWHERE, images: [copy] }),
    ];

    const { references, related } = explainIn(ID, { inventories });

    expect(references).toEqual([]);
    expect(related.map(({ id, how, target }) => [id, how, target])).toEqual([
      ['ami-0000000000000003c', 'a copy of the same point (available)', '111122223333/eu-west-1'],
      [
        'ami-0000000000000002b',
        'copied from it; it stands without it',
        '111122223333/eu-central-1',
      ],
    ]);
  });
});

describe('whose an image is', () => {
  test('a point is ours, and without a policy nothing is decided', () => {
    const world = inventory({ images: [seenImage(aPoint({ id: ID, sourceInstanceId: 'i-0aa' }))] });

    const explanation = explainIn(ID, { inventories: [world] });

    expect(explanation.headline).toBe('Ours; without a policy nothing is decided');
    expect(factOf(explanation, 'ownership')).toBe('a point of i-0aa by web-daily, deployment prod');
    expect([explanation.decisions, explanation.timeline]).toEqual([[], []]);
    expect(explanation.notes).toEqual([
      'No policy was read, so nothing is decided: what is told is whose it is and who refers to it.',
    ]);
  });

  test('a copy by hand of a point is not', () => {
    const image = seenImage(aPoint({ id: ID, sourceImageId: 'ami-0000000000000009f' }));

    const explanation = explainIn(ID, { inventories: [inventory({ images: [image] })] });

    expect(explanation.headline).toBe('Not ours: Imago never changes or removes it');
    expect(factOf(explanation, 'ownership')).toBe('OWN-05 copied-by-others ami-0000000000000009f');
  });

  test('who manages it otherwise is told', () => {
    const image = seenImage({ id: ID, tags: { 'aws:backup:source-resource': 'i-0aa:1' } });

    const explanation = explainIn(ID, { inventories: [inventory({ images: [image] })] });

    expect(factOf(explanation, 'managed by')).toBe('AWS Backup (aws:backup:source-resource)');
  });
});

describe('an id that no list shows', () => {
  test('proves nothing while one of them is not whole', () => {
    const inventories = [
      inventory({ images: [] }),
      inventory({ target: ELSEWHERE, images: incompletePart('no file images.json') }),
    ];

    const { headline, absence, unknown } = explainIn(ID, { inventories });

    expect(absence).toBe('unproven');
    expect(headline).toBe(
      'Not seen, and images of 111122223333/eu-west-1 could not be read whole, so that proves nothing',
    );
    expect(unknown.map(({ what }) => what)).toEqual(['images']);
  });

  test('is gone where all were read, and what it left is told', () => {
    const made = seenSnapshot({
      id: 'snap-1',
      volumeId: 'vol-1',
      description: `Created by CreateImage(i-0aa) for ${ID}`,
    });

    const { absence, related } = explainIn(ID, { inventories: [inventory({ snapshots: [made] })] });

    expect(absence).toBe('proven');
    expect(related.map(({ id, how }) => [id, how])).toEqual([
      ['snap-1', 'snapshot that was made for it'],
    ]);
  });

  test('an instance is looked for among instances alone', () => {
    const world = inventory({ images: incompletePart('denied') });

    expect(explainIn('i-0cc', { inventories: [world] }).absence).toBe('proven');
  });
});

describe('an instance', () => {
  const policySet = aPolicySet({
    policies: [
      aPolicy(),
      aPolicy({ id: 'db', select: { ...aPolicy().select, tags: { Role: ['db'] } } }),
    ],
  });

  test('says of each policy whether it selects it, and what it has of it', () => {
    const world = inventory({
      instances: [seenInstance({ id: 'i-0aa', tags: { Backup: 'daily' } })],
      images: [seenImage(aPoint({ id: 'ami-1', sourceInstanceId: 'i-0aa' }))],
    });

    const { selections, coverage, headline, notes } = explainIn('i-0aa', {
      inventories: [world],
      policySet,
    });

    expect(headline).toBe('It is backed up: no point of it is due now');
    expect(
      selections.map(({ policy, isSelected, reason }) => [
        policy,
        isSelected,
        reason.id,
        reason.evidence,
      ]),
    ).toEqual([
      ['web-daily', true, 'SEL-01', undefined],
      ['db', false, 'SEL-02', 'no tag Role'],
    ]);
    expect(coverage).toEqual([
      {
        policy: 'web-daily',
        isInsideRpo: true,
        rpoHours: 26,
        newest: { imageId: 'ami-1', capturedAt: '2026-11-21T02:00:00.000Z' },
        copies: [],
      },
    ]);
    expect(notes).toEqual([]);
  });

  test('without a point says why: its last try failed', () => {
    const failed = seenImage(
      aPoint({ id: 'ami-1', state: 'failed', stateMessage: 'Client.InternalError' }),
    );
    const world = inventory({
      instances: [seenInstance({ id: 'i-0aa', tags: { Backup: 'daily' } })],
      images: [failed],
    });

    const { notes, coverage } = explainIn('i-0aa', { inventories: [world], policySet });

    expect(notes).toEqual(['No point by web-daily: ami-1 failed (Client.InternalError).']);
    expect(coverage.map(({ isInsideRpo, newest }) => [isInsideRpo, newest])).toEqual([
      [false, undefined],
    ]);
  });

  test('does not claim to have no point where the images are not known', () => {
    const world = inventory({
      instances: [seenInstance({ id: 'i-0aa', tags: { Backup: 'daily' } })],
      images: incompletePart('denied'),
    });

    const { notes, unknown } = explainIn('i-0aa', { inventories: [world], policySet });

    expect(notes).toEqual([
      'The images could not be read whole: whether it has a point is not known.',
    ]);
    expect(unknown.map(({ what }) => what)).toEqual(['images']);
  });

  test('that no policy selects says why, and what would change that', () => {
    const world = inventory({ instances: [seenInstance({ id: 'i-0aa' })] });

    const { headline, decisions, timeline } = explainIn('i-0aa', {
      inventories: [world],
      policySet,
    });

    expect(headline).toBe('Imago leaves it alone');
    expect(decisions.map(({ verdict, reasons }) => [verdict, reasons.map(({ id }) => id)])).toEqual(
      [['ignore', ['SEL-02']]],
    );
    expect(timeline.map(({ what }) => what)).toEqual([
      'once its tags match a policy, or a policy is widened',
    ]);
  });
});

describe('a snapshot', () => {
  test('that is left of an image which is gone is an orphan', () => {
    const snapshot = seenSnapshot({
      ...aSnapshot({ id: 'snap-1' }),
      volumeId: 'vol-1',
      description: `Created by CreateImage(i-0aa) for ${ID}`,
    });
    const world = inventory({
      images: [seenImage(aPoint({ id: 'ami-1' }))],
      snapshots: [snapshot],
      volumes: [seenVolume({ id: 'vol-9', snapshotId: 'snap-1' })],
    });

    const explanation = explainIn('snap-1', { inventories: [world], policySet: aPolicySet() });

    expect(explanation.notes).toEqual([`An orphan: it was made for ${ID}, which is gone.`]);
    expect(explanation.decisions[0]?.verdict).toBe('delete-snapshot');
    expect(explanation.references.map(({ by, holds }) => [by, holds])).toEqual([
      ['vol-9, which was made of it', false],
    ]);
  });

  test('is not called an orphan where the images are not known', () => {
    const world = inventory({
      images: incompletePart('denied'),
      snapshots: [seenSnapshot({ id: 'snap-1' })],
    });

    expect(explainIn('snap-1', { inventories: [world] }).notes).toContain(
      'No image seen is made of it, but the images could not be read whole: that proves nothing.',
    );
  });
});
