import { describe, expect, it } from 'vitest';
import { incompletePart, type ReferenceSource } from '../../shared/domain/model.ts';
import { referencesIn } from '../../shared/domain/references.ts';
import {
  autoScalingGroup,
  fleet,
  inventory,
  type InventoryParts,
  launchConfiguration,
  launchTemplate,
  parameter,
  templateVersion,
} from '../support/inventory.ts';

const AMI = 'ami-00000000000000001';

/** Of each source that is not complete, why not. */
const problemsIn = (parts: InventoryParts): Partial<Record<ReferenceSource, string>> =>
  Object.fromEntries(
    referencesIn(inventory(parts))
      .bySource.filter(({ part }) => !part.isComplete)
      .map(({ source, part }) => [source, part.problem]),
  );

const holding = (source: ReferenceSource, parts: InventoryParts): readonly string[] =>
  referencesIn(inventory(parts))
    .bySource.filter((one) => one.source === source)
    .flatMap(({ part }) => part.items.filter(({ holds }) => holds).map(({ by }) => by));

describe('a source is not complete', () => {
  it.each<[keyof InventoryParts, readonly ReferenceSource[]]>([
    ['instances', ['instances']],
    ['launchTemplates', ['launch-templates']],
    ['launchTemplateVersions', ['launch-templates']],
    ['autoScalingGroups', ['auto-scaling-groups']],
    ['launchConfigurations', ['launch-configurations']],
    ['parameters', ['parameters']],
    ['fleets', ['fleets']],
    ['spotFleetRequests', ['spot-fleets']],
    ['permissions', ['launch-permissions']],
  ])('where the list of its %s is not', (part, sources) => {
    const expected = Object.fromEntries(sources.map((source) => [source, 'no file']));

    expect(problemsIn({ [part]: incompletePart('no file') })).toEqual(expected);
  });

  it.each<[string, InventoryParts, Partial<Record<ReferenceSource, string>>]>([
    [
      'default and latest version of a template were not seen',
      { launchTemplates: [launchTemplate({ defaultVersion: 2, latestVersion: 5 })] },
      {
        'launch-templates':
          'version 2 of launch template lt-web web was not seen; version 5 of launch template lt-web web was not seen',
      },
    ],
    [
      'the template of a version is not listed',
      { launchTemplateVersions: [templateVersion()] },
      { 'launch-templates': 'launch template lt-web web is not listed' },
    ],
    [
      'what stands for an image is nothing that is known',
      {
        launchTemplates: [launchTemplate()],
        launchTemplateVersions: [templateVersion({ image: 'golden' })],
      },
      { 'launch-templates': 'golden names no image' },
    ],
    [
      'a group has a template whose version was not seen',
      {
        autoScalingGroups: [
          autoScalingGroup({ templates: [{ templateId: 'lt-9', version: '7' }] }),
        ],
      },
      {
        'auto-scaling-groups':
          'Auto Scaling group blue (desired 1): version 7 of launch template lt-9 was not seen',
      },
    ],
    [
      'a group follows a template that was not seen',
      {
        autoScalingGroups: [
          autoScalingGroup({ templates: [{ templateName: 'db', version: '$Latest' }] }),
        ],
      },
      {
        'auto-scaling-groups':
          'Auto Scaling group blue (desired 1): $Latest of launch template db is not known',
      },
    ],
    [
      'a group has a launch configuration that was not seen',
      { autoScalingGroups: [autoScalingGroup({ launchConfiguration: 'web-7' })] },
      {
        'auto-scaling-groups':
          'Auto Scaling group blue (desired 1): launch configuration web-7 was not seen',
      },
    ],
    [
      'a group has nothing to launch from',
      { autoScalingGroups: [autoScalingGroup()] },
      {
        'auto-scaling-groups':
          'Auto Scaling group blue (desired 1): what it launches from was not seen',
      },
    ],
    [
      'fleets have templates that were not seen',
      {
        fleets: [fleet({ templates: [{ templateId: 'lt-9', version: '1' }] })],
        spotFleetRequests: [
          fleet({ id: 'sfr-1', templates: [{ templateId: 'lt-9', version: '$Default' }] }),
        ],
      },
      {
        fleets: 'fleet-1 (active): version 1 of launch template lt-9 was not seen',
        'spot-fleets': 'sfr-1 (active): $Default of launch template lt-9 is not known',
      },
    ],
    [
      'a launch configuration names what is no image',
      { launchConfigurations: [launchConfiguration({ image: 'golden' })] },
      {
        'launch-configurations': 'launch configuration old-web (unattached): golden names no image',
      },
    ],
    [
      'a parameter has no value',
      { parameters: [parameter()] },
      { parameters: 'the value of parameter /golden/web was not read' },
    ],
  ])('where %s', (_what, parts, problems) => {
    expect(problemsIn(parts)).toEqual(problems);
  });

  it('but is where only what launches no more, or an old version, is not resolved', () => {
    expect(
      problemsIn({
        launchTemplates: [launchTemplate({ defaultVersion: 2, latestVersion: 2 })],
        launchTemplateVersions: [
          templateVersion({ version: 1, image: 'resolve:ssm:/golden/gone' }),
          templateVersion({ version: 2 }),
        ],
        fleets: [
          fleet({
            state: 'deleted',
            isActive: false,
            templates: [{ templateId: 'lt-9', version: '1' }],
          }),
        ],
      }),
    ).toEqual({});
  });

  it('and says its first three problems, and how many more there are', () => {
    const parameters = ['/a', '/b', '/c', '/d', '/e'].map((name) => parameter({ name }));

    expect(problemsIn({ parameters })).toEqual({
      parameters:
        'the value of parameter /a was not read; the value of parameter /b was not read; the value of parameter /c was not read; and 2 more',
    });
  });
});

describe('what is seen all the same holds', () => {
  it('of a template that is not listed, in every version', () => {
    const launchTemplateVersions = [1, 2].map((version) =>
      templateVersion({ version, image: AMI }),
    );

    expect(
      holding('launch-templates', {
        launchTemplates: incompletePart('no file'),
        launchTemplateVersions,
      }),
    ).toEqual([
      'lt-web web version 1 (perhaps default or latest)',
      'lt-web web version 2 (perhaps default or latest)',
    ]);
  });

  it('of a version that was made, or became the default, after the templates were listed', () => {
    const versions = [
      templateVersion({ version: 1, image: AMI }),
      templateVersion({ version: 2, image: AMI, isDefault: true }),
      templateVersion({ version: 3, image: AMI }),
      templateVersion({ version: 4, image: AMI }),
    ];

    expect(
      holding('launch-templates', {
        launchTemplates: [launchTemplate({ defaultVersion: 1, latestVersion: 3 })],
        launchTemplateVersions: versions,
      }),
    ).toEqual([
      'lt-web web version 1 (default)',
      'lt-web web version 2 (default)',
      'lt-web web version 3 (latest)',
      'lt-web web version 4 (newer than listed)',
    ]);
  });

  it('of a version of a parameter that a template names, but of no other that was read', () => {
    const image = 'ami-00000000000000002';
    const parts: InventoryParts = {
      launchTemplates: [launchTemplate()],
      launchTemplateVersions: [templateVersion({ image: 'resolve:ssm:/golden/web:prod' })],
      parameters: [
        parameter({ value: image, version: 3 }),
        parameter({ value: AMI, version: 2, selector: 'prod' }),
        parameter({ value: AMI, version: 1, selector: '1' }),
      ],
    };

    expect(problemsIn(parts)).toEqual({});
    expect(holding('launch-templates', parts)).toEqual([
      'lt-web web version 1 (default, latest) by resolve:ssm:/golden/web:prod',
    ]);
    expect(holding('parameters', parts)).toEqual(['parameter /golden/web']);
  });

  it('of a template whose id is the name of another one', () => {
    expect(
      holding('auto-scaling-groups', {
        launchTemplates: [
          launchTemplate({ id: 'lt-1', name: 'web', defaultVersion: 1, latestVersion: 2 }),
          launchTemplate({ id: 'lt-2', name: 'lt-1', defaultVersion: 2, latestVersion: 2 }),
        ],
        launchTemplateVersions: [
          templateVersion({ templateId: 'lt-1', templateName: 'web', version: 1, image: AMI }),
          templateVersion({ templateId: 'lt-1', templateName: 'web', version: 2, image: AMI }),
          templateVersion({ templateId: 'lt-2', templateName: 'lt-1', version: 1 }),
          templateVersion({ templateId: 'lt-2', templateName: 'lt-1', version: 2 }),
        ],
        autoScalingGroups: [
          autoScalingGroup({ templates: [{ templateId: 'lt-1', version: '$Default' }] }),
        ],
      }),
    ).toEqual(['Auto Scaling group blue (desired 1), lt-1 web version 1 ($Default)']);
  });

  it('of a launch configuration, which is not called unattached while groups are unknown', () => {
    expect(
      holding('launch-configurations', {
        launchConfigurations: [launchConfiguration({ image: AMI })],
        autoScalingGroups: incompletePart('no file'),
      }),
    ).toEqual(['launch configuration old-web']);
  });
});
