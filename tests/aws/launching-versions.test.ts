import { describe, expect, test } from 'vitest';
import { readKinds } from '../../shared/aws/inventory.ts';
import { createLimiter } from '../../shared/aws/limiter.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { type Action, type Answer, createBench, HOME } from './fixture.ts';

// Loaded when it is needed: here before virtual time begins, which does not wait for files.
await import('../../shared/aws/launch-reads.ts');

const KINDS = [
  'launch-template-versions',
  'auto-scaling-groups',
  'fleets',
  'spot-fleet-requests',
] as const;

const byId = (Version: string) => ({ LaunchTemplateId: 'lt-1', Version });
const byName = (Version: string) => ({ LaunchTemplateName: 'db', Version });

/** Groups and fleets that name versions, and what EC2 has of them. */
const ANSWERS: Partial<Record<Action, Answer>> = {
  DescribeLaunchTemplates: () => ({ LaunchTemplates: [{ LaunchTemplateId: 'lt-1' }] }),
  DescribeAutoScalingGroups: () => ({
    AutoScalingGroups: [
      { LaunchTemplate: byId('3'), Instances: [{ LaunchTemplate: byId('1') }] },
      {
        MixedInstancesPolicy: {
          LaunchTemplate: {
            LaunchTemplateSpecification: byId('$Latest'),
            Overrides: [{ LaunchTemplateSpecification: byName('2') }],
          },
        },
      },
    ],
  }),
  DescribeFleets: () => ({
    Fleets: [{ LaunchTemplateConfigs: [{ LaunchTemplateSpecification: byId('3') }] }],
  }),
  DescribeSpotFleetRequests: () => ({
    SpotFleetRequestConfigs: [
      {
        SpotFleetRequestConfig: {
          LaunchTemplateConfigs: [{ LaunchTemplateSpecification: byId('4') }],
        },
      },
    ],
  }),
  DescribeLaunchTemplateVersions: ({ Versions }) => ({
    LaunchTemplateVersions: [{ VersionDescription: String(Versions) }],
  }),
};

/** The versions that are read where only those count that something may launch. */
const readVersions = async (answers: Partial<Record<Action, Answer>> = {}) => {
  const bench = createBench({ ...ANSWERS, ...answers });
  const limiter = createLimiter({ ...bench.connection, sharePercent: 80 });
  const documents = await bench.run(
    readKinds(bench.connection, limiter, HOME, KINDS, { launchingOnly: true }),
  );
  const asked = bench.calls
    .filter(({ action }) => action === 'DescribeLaunchTemplateVersions')
    .map(({ input }) => input);
  return { ...documents['launch-template-versions'], asked };
};

const refusing =
  (version: string, code: string): Answer =>
  (input, count) => {
    if (String(input['Versions']) === version) throw new ApiError(code, 'no', 400);
    return ANSWERS.DescribeLaunchTemplateVersions?.(input, count);
  };

describe('versions of templates that something may launch', () => {
  test('are read by one list of all templates, and by each number that is named', async () => {
    const { pages, problem, asked } = await readVersions();

    expect(asked).toEqual([
      { Versions: ['$Default', '$Latest'], MaxResults: 200 },
      { LaunchTemplateId: 'lt-1', Versions: ['3'], MaxResults: 200 },
      { LaunchTemplateName: 'db', Versions: ['2'], MaxResults: 200 },
      { LaunchTemplateId: 'lt-1', Versions: ['4'], MaxResults: 200 },
    ]);
    expect(pages).toHaveLength(4);
    expect(problem).toBeUndefined();
  });

  test.each([
    'InvalidLaunchTemplateId.NotFound',
    'InvalidLaunchTemplateId.VersionNotFound',
    'InvalidLaunchTemplateName.NotFoundException',
  ])('have no page where a named one is gone: %s', async (code) => {
    const { pages, problem } = await readVersions({
      DescribeLaunchTemplateVersions: refusing('2', code),
    });

    expect(pages).toHaveLength(3);
    expect(problem).toBeUndefined();
  });

  test.each([
    ['2', 'version 2 of db: InvalidRequest: no'],
    ['4', 'version 4 of lt-1: InvalidRequest: no'],
    ['$Default,$Latest', 'InvalidRequest: no'],
  ])('are not complete where %s could not be read', async (version, problem) => {
    const read = await readVersions({
      DescribeLaunchTemplateVersions: refusing(version, 'InvalidRequest'),
    });

    expect(read.pages).toHaveLength(3);
    expect(read.problem).toBe(problem);
  });

  test('are not complete where the list of templates is not', async () => {
    const { problem } = await readVersions({
      DescribeLaunchTemplates: () => {
        throw new ApiError('UnauthorizedOperation', 'no', 403);
      },
    });

    expect(problem).toBe('launch templates: UnauthorizedOperation: no');
  });
});
