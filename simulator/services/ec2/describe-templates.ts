/** DescribeLaunchTemplates and DescribeLaunchTemplateVersions. */
import type {
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
} from '@aws-sdk/client-ec2';
import { isoOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, type Facets } from './filters.ts';
import {
  findTemplate,
  templateOut,
  templatesOf,
  versionOf,
  versionOut,
} from './launch-templates.ts';
import { assertNoIdsWithPage, pageOf } from './pages.ts';
import type { Tags, TemplateRow, TemplateVersionRow } from './rows.ts';

const BOUNDS = { min: 1, max: 200 };

const FACETS: Facets<TemplateRow> = {
  'launch-template-name': (row) => [row.name],
  'create-time': (row) => [isoOf(row.createdAtMs)],
};

interface VersionOfTemplate {
  readonly template: TemplateRow;
  readonly version: TemplateVersionRow;
  readonly tags: Tags;
}

const VERSION_FACETS: Facets<VersionOfTemplate> = {
  'image-id': ({ version }) => [version.imageId],
  'is-default-version': ({ template, version }) => [
    String(version.version === template.defaultVersion),
  ],
  'create-time': ({ version }) => [isoOf(version.createdAtMs)],
};

const selectTemplates = (ec2: Ec2, input: DescribeLaunchTemplatesRequest, call: Call) => {
  const { LaunchTemplateIds: ids = [], LaunchTemplateNames: names = [] } = input;
  if (ids.length === 0 && names.length === 0) return templatesOf(ec2, call);
  return [
    ...ids.map((id) => findTemplate(ec2, { LaunchTemplateId: id }, call)),
    ...names.map((name) => findTemplate(ec2, { LaunchTemplateName: name }, call)),
  ];
};

const assertAliases = (versions: readonly string[]): void => {
  const isAlias = (version: string) => version === '$Latest' || version === '$Default';
  if (versions.length > 0 && versions.every(isAlias)) return;
  throw new ApiError(
    'InvalidParameterCombination',
    'Without a launch template ID or name, versions must be $Latest, $Default or both',
  );
};

const isWithin = (version: number, input: DescribeLaunchTemplateVersionsRequest): boolean =>
  version >= Number(input.MinVersion ?? 1) &&
  version <= Number(input.MaxVersion ?? Number.MAX_SAFE_INTEGER);

const versionsOf = (
  template: TemplateRow,
  input: DescribeLaunchTemplateVersionsRequest,
): VersionOfTemplate[] => {
  const asked = input.Versions ?? [];
  const rows =
    asked.length === 0
      ? template.versions.filter((row) => isWithin(row.version, input))
      : asked.map((version) => versionOf(template, version));
  return [...new Set(rows)].map((version) => ({ template, version, tags: new Map() }));
};

/** Of one template, or, by alias, of all. */
const selectVersions = (
  ec2: Ec2,
  input: DescribeLaunchTemplateVersionsRequest,
  call: Call,
): VersionOfTemplate[] => {
  if (input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined) {
    return versionsOf(findTemplate(ec2, input, call), input);
  }
  assertAliases(input.Versions ?? []);
  return templatesOf(ec2, call).flatMap((template) => versionsOf(template, input));
};

const versionKey = ({ template, version }: VersionOfTemplate): string =>
  `${template.templateId}/${String(version.version).padStart(6, '0')}`;

export const describeTemplateOperations = (ec2: Ec2) => ({
  DescribeLaunchTemplates: (
    input: DescribeLaunchTemplatesRequest,
    call: Call,
  ): DescribeLaunchTemplatesResult => {
    assertNoIdsWithPage(input, input.LaunchTemplateIds, 'launchTemplateIds');
    const rows = selectTemplates(ec2, input, call).filter(compileFilters(input.Filters, FACETS));
    const page = pageOf(ec2.kernel, rows, (row) => row.templateId, input, BOUNDS);
    return { LaunchTemplates: page.rows.map(templateOut), NextToken: page.nextToken };
  },

  /** Either of one template, or the `$Latest` and `$Default` of all of them. */
  DescribeLaunchTemplateVersions: (
    input: DescribeLaunchTemplateVersionsRequest,
    call: Call,
  ): DescribeLaunchTemplateVersionsResult => {
    const holds = compileFilters(input.Filters, VERSION_FACETS);
    const rows = selectVersions(ec2, input, call).filter(holds);
    const page = pageOf(ec2.kernel, rows, versionKey, input, BOUNDS);
    return {
      LaunchTemplateVersions: page.rows.map(({ template, version }) =>
        versionOut(template, version),
      ),
      NextToken: page.nextToken,
    };
  },
});
