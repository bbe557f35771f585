import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { REFERENCE_SOURCES, type ReferenceSource } from '../../shared/domain/model.ts';
import { protectionOf, vetoesOf } from '../../shared/domain/protection.ts';
import { referencesIn } from '../../shared/domain/references.ts';
import { anInstance, at } from '../support/builders.ts';
import {
  autoScalingGroup,
  fleet,
  inventory,
  type InventoryParts,
  launchConfiguration,
  launchPermissions,
  launchTemplate,
  parameter,
  seenImage,
  templateVersion,
} from '../support/inventory.ts';

/** `ami-…07`: the seventh image, with an id as EC2 gives them. */
const ami = (number: number): string => `ami-${String(number).padStart(17, '0')}`;

/** What one source says, what it only tells in brackets: `7: i-0aa (running)` of `ami-…07`. */
const saidBy = (source: ReferenceSource, parts: InventoryParts): readonly string[] => {
  const found = referencesIn(inventory(parts)).bySource.find((one) => one.source === source);
  if (found === undefined || !found.part.isComplete) return [found?.part.problem ?? 'no answer'];
  return found.part.items.map(({ imageId, by, holds }) => {
    const line = `${imageId.replace(/^ami-0*/, '')}: ${by}`;
    return holds ? line : `[${line}]`;
  });
};

/** `PRO-01 i-0aa (running)`, for an image of an inventory in which all was asked. */
const vetoesFor = (seen: Inventory, number: number): readonly string[] => {
  const facts = protectionOf({
    uses: referencesIn(seen).bySource,
    sources: REFERENCE_SOURCES,
    nowMs: at('2026-11-21T04:30Z'),
  });
  return vetoesOf(seenImage({ id: ami(number) }), facts).map(
    ({ id, evidence }) => `${id} ${evidence ?? ''}`,
  );
};

/** Fifteen images that something points to in as many ways, and the sixteenth, to which nothing does. */
const FIFTEEN = inventory({
  images: [
    ...Array.from({ length: 16 }, (_, index) => seenImage({ id: ami(index + 1) })),
    seenImage({ id: ami(17), sourceImageId: ami(15) }),
  ],
  instances: [
    anInstance({ id: 'i-0aa', state: 'running', imageId: ami(1) }),
    anInstance({ id: 'i-0bb', state: 'stopped', imageId: ami(2) }),
    anInstance({ id: 'i-0cc', state: 'shutting-down', imageId: ami(3) }),
    anInstance({ id: 'i-0dd', state: 'terminated', imageId: ami(16) }),
  ],
  launchTemplates: [
    launchTemplate({ id: 'lt-1', name: 'web', defaultVersion: 1, latestVersion: 3 }),
    launchTemplate({ id: 'lt-2', name: 'db', defaultVersion: 2, latestVersion: 2 }),
    launchTemplate({ id: 'lt-3', name: 'queue', defaultVersion: 1, latestVersion: 1 }),
  ],
  launchTemplateVersions: [
    templateVersion({ templateId: 'lt-1', templateName: 'web', version: 1, image: ami(4) }),
    templateVersion({ templateId: 'lt-1', templateName: 'web', version: 2, image: ami(6) }),
    templateVersion({ templateId: 'lt-1', templateName: 'web', version: 3, image: ami(5) }),
    templateVersion({ templateId: 'lt-2', templateName: 'db', version: 1, image: ami(7) }),
    templateVersion({ templateId: 'lt-2', templateName: 'db', version: 2, image: ami(8) }),
    templateVersion({
      templateId: 'lt-3',
      templateName: 'queue',
      image: 'resolve:ssm:/golden/queue',
    }),
  ],
  autoScalingGroups: [
    autoScalingGroup({
      name: 'blue',
      desired: 0,
      templates: [{ templateId: 'lt-2', version: '1' }],
    }),
    autoScalingGroup({
      name: 'green',
      desired: 0,
      templates: [{ templateName: 'db', version: '$Latest' }],
    }),
    autoScalingGroup({
      name: 'mixed',
      desired: 0,
      templates: [{ templateId: 'lt-2', version: '$Default' }],
      images: [ami(9)],
    }),
    autoScalingGroup({ name: 'old', desired: 2, launchConfiguration: 'web-7' }),
  ],
  launchConfigurations: [
    launchConfiguration({ name: 'web-7', image: ami(10) }),
    launchConfiguration({ name: 'web-6', image: ami(11) }),
  ],
  parameters: [
    parameter({ name: '/golden/web', dataType: 'aws:ec2:image', value: ami(12) }),
    parameter({ name: '/golden/queue', value: ami(13) }),
  ],
  permissions: Array.from({ length: 17 }, (_, index) =>
    launchPermissions({
      imageId: ami(index + 1),
      accounts: index + 1 === 14 ? ['210987654321'] : [],
    }),
  ),
});

describe('fifteen images that something points to', () => {
  it.each<[string, number, readonly string[]]>([
    ['a running instance', 1, ['PRO-01 i-0aa (running)']],
    ['a stopped instance', 2, ['PRO-01 i-0bb (stopped)']],
    ['an instance that is shutting down', 3, ['PRO-01 i-0cc (shutting-down)']],
    ['the default version of a template', 4, ['PRO-02 lt-1 web version 1 (default)']],
    ['the latest version of a template', 5, ['PRO-02 lt-1 web version 3 (latest)']],
    ['only an old version of a template', 6, []],
    [
      'a version that a group pins',
      7,
      [
        'PRO-02 lt-2 db version 1 (pinned by Auto Scaling group blue)',
        'PRO-08 Auto Scaling group blue (desired 0), lt-2 db version 1',
      ],
    ],
    [
      'the latest version, which a group follows',
      8,
      [
        'PRO-02 lt-2 db version 2 (default, latest)',
        'PRO-08 Auto Scaling group green (desired 0), lt-2 db version 2 ($Latest)',
        'PRO-08 Auto Scaling group mixed (desired 0), lt-2 db version 2 ($Default)',
      ],
    ],
    ['an override of a mixed group', 9, ['PRO-08 Auto Scaling group mixed (desired 0), override']],
    [
      'the launch configuration of a group',
      10,
      [
        'PRO-08 Auto Scaling group old (desired 2), launch configuration web-7',
        'PRO-09 launch configuration web-7 (Auto Scaling group old)',
      ],
    ],
    ['a launch configuration of no group', 11, ['PRO-09 launch configuration web-6 (unattached)']],
    ['a parameter', 12, ['PRO-10 parameter /golden/web (aws:ec2:image)']],
    [
      'a template, by way of a parameter',
      13,
      [
        'PRO-02 lt-3 queue version 1 (default, latest) by resolve:ssm:/golden/queue',
        'PRO-10 parameter /golden/queue',
      ],
    ],
    ['another account', 14, ['PRO-13 account 210987654321']],
    ['only an image that was copied from it', 15, []],
    ['nothing but a terminated instance', 16, []],
  ])('%s', (_what, number, vetoes) => {
    expect(vetoesFor(FIFTEEN, number)).toEqual(vetoes);
  });

  it('are told of by an old version of a template', () => {
    const [, templates] = referencesIn(FIFTEEN).bySource;

    expect(templates?.part.items.filter(({ imageId }) => imageId === ami(6))).toEqual([
      {
        imageId: ami(6),
        kind: 'launch-template',
        by: 'lt-1 web version 2 (only old)',
        holds: false,
      },
    ]);
  });

  it('are shown by every source once, in order, and complete', () => {
    const { bySource } = referencesIn(FIFTEEN);

    expect(bySource.map(({ source }) => source)).toEqual(REFERENCE_SOURCES);
    expect(bySource.filter(({ part }) => !part.isComplete)).toEqual([]);
  });
});

describe('references of launch templates', () => {
  it('are none of a version that leaves the image to whoever launches', () => {
    const parts = {
      launchTemplates: [launchTemplate()],
      launchTemplateVersions: [templateVersion()],
    };

    expect(saidBy('launch-templates', parts)).toEqual([]);
  });

  it('hold what fleets pin, as long as they may launch', () => {
    const pin = (version: string) => [{ templateName: 'web', version }];

    expect(
      saidBy('launch-templates', {
        launchTemplates: [launchTemplate({ defaultVersion: 4, latestVersion: 4 })],
        launchTemplateVersions: [1, 2, 3, 4].map((version) =>
          templateVersion({ version, image: ami(version) }),
        ),
        fleets: [fleet({ templates: pin('1') })],
        spotFleetRequests: [
          fleet({ id: 'sfr-1', templates: pin('2') }),
          fleet({ id: 'sfr-2', templates: pin('3'), state: 'cancelled', isActive: false }),
        ],
      }),
    ).toEqual([
      '1: lt-web web version 1 (pinned by fleet-1)',
      '2: lt-web web version 2 (pinned by sfr-1)',
      '[3: lt-web web version 3 (only old)]',
      '4: lt-web web version 4 (default, latest)',
    ]);
  });

  it('say each thing once, and whoever pins a version', () => {
    const pins = [
      { templateId: 'lt-web', version: '1' },
      { templateName: 'web', version: '1' },
    ];
    const parts: InventoryParts = {
      launchTemplates: [launchTemplate({ defaultVersion: 2, latestVersion: 2 })],
      launchTemplateVersions: [
        templateVersion({ version: 1, image: ami(1) }),
        templateVersion({ version: 2 }),
      ],
      autoScalingGroups: [
        autoScalingGroup({ name: 'blue', templates: pins }),
        autoScalingGroup({ name: 'green', templates: pins.slice(1) }),
      ],
    };

    expect(saidBy('launch-templates', parts)).toEqual([
      '1: lt-web web version 1 (pinned by Auto Scaling group blue, pinned by Auto Scaling group green)',
    ]);
    expect(saidBy('auto-scaling-groups', parts)).toEqual([
      '1: Auto Scaling group blue (desired 1), lt-web web version 1',
      '1: Auto Scaling group green (desired 1), lt-web web version 1',
    ]);
  });
});

describe('references of parameters', () => {
  it.each<[string, Parameters<typeof parameter>[0], readonly string[]]>([
    [
      'a list',
      { type: 'StringList', value: `${ami(1)},${ami(2)}` },
      ['1: parameter /golden/web (StringList)', '2: parameter /golden/web (StringList)'],
    ],
    [
      'JSON',
      { value: `{"eu":"${ami(3)}","us":"ami-0badcafe"}` },
      ['3: parameter /golden/web', 'badcafe: parameter /golden/web'],
    ],
    ['text that is no image id', { value: 'ami-1 ami-0123456789 ami-xyz' }, []],
    ['a secret, which is never read', { type: 'SecureString' }, []],
  ])('are in %s', (_what, parts, lines) => {
    expect(saidBy('parameters', { parameters: [parameter(parts)] })).toEqual(lines);
  });
});

describe('references of fleets', () => {
  const fleets = [
    fleet({
      templates: [{ templateId: 'lt-web', version: '$Latest' }],
      images: [ami(2)],
      state: 'modifying',
    }),
    fleet({ id: 'fleet-2', state: 'deleted_running', isActive: false, images: [ami(3)] }),
  ];
  const parts: InventoryParts = {
    launchTemplates: [launchTemplate()],
    launchTemplateVersions: [templateVersion({ image: ami(1) })],
  };
  const lines = [
    '1: fleet-1 (modifying), lt-web web version 1 ($Latest)',
    '2: fleet-1 (modifying), override',
  ];

  it('are those of the ones that may still launch, EC2 Fleets and Spot Fleets', () => {
    expect(saidBy('fleets', { ...parts, fleets })).toEqual(lines);
    expect(saidBy('spot-fleets', { ...parts, spotFleetRequests: fleets })).toEqual(lines);
    expect(saidBy('fleets', { ...parts, spotFleetRequests: fleets })).toEqual([]);
  });
});

describe('launch permissions', () => {
  it('name everyone an image is shared with, and that it is with nobody', () => {
    const permissions = [
      launchPermissions({
        imageId: ami(1),
        isPublic: true,
        accounts: ['210987654321'],
        organizations: ['arn:aws:organizations::210987654321:organization/o-1'],
      }),
      launchPermissions({ imageId: ami(2) }),
    ];

    expect(saidBy('launch-permissions', { permissions })).toEqual([
      '1: public',
      '1: account 210987654321',
      '1: organization arn:aws:organizations::210987654321:organization/o-1',
      '[2: nobody but its owner]',
    ]);
  });

  it('PRO-13 hold a public image that was not asked about, PRO-33 any other', () => {
    const seen = inventory({
      images: [seenImage({ id: ami(1), isPublic: true }), seenImage({ id: ami(2) })],
    });

    expect(vetoesFor(seen, 1)).toEqual(['PRO-13 public']);
    expect(vetoesFor(seen, 2)).toEqual(['PRO-33 not asked about this image']);
  });
});
