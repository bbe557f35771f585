/** DescribeLaunchTemplates and DescribeLaunchTemplateVersions. */
import type {
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { isoOf } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, compileTaglessFilters, type Facets } from './filters.ts';
import { assertShape, TEMPLATE } from './ids.ts';
import { resolveImageId } from './image-parameters.ts';
import { noSuchId, noSuchName, templateOut, versionOf, versionOut } from './launch-templates.ts';
import { assertNoIdsWithPage, pageOf } from './pages.ts';
import { assertAtMostOne } from './parameters.ts';
import type { TemplateRow, TemplateVersionRow } from './rows.ts';

const BOUNDS = { min: 1, max: 200 };

const FACETS: Facets<TemplateRow> = {
  'launch-template-name': (row) => [row.name],
  'create-time': (row) => [isoOf(row.createdAtMs)],
};

interface VersionOfTemplate {
  readonly template: TemplateRow;
  readonly version: TemplateVersionRow;
}

const dataOf = ({ version }: VersionOfTemplate): RequestLaunchTemplateData => version.data;

const textOf = (value: boolean | number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

const VERSION_FACETS: Facets<VersionOfTemplate> = {
  'create-time': ({ version }) => [isoOf(version.createdAtMs)],
  'ebs-optimized': (row) => [textOf(dataOf(row).EbsOptimized)],
  'host-resource-group-arn': (row) => [dataOf(row).Placement?.HostResourceGroupArn],
  'http-endpoint': (row) => [dataOf(row).MetadataOptions?.HttpEndpoint],
  'http-protocol-ipv4': (row) => [
    dataOf(row).MetadataOptions === undefined ? undefined : 'enabled',
  ],
  'http-tokens': (row) => [dataOf(row).MetadataOptions?.HttpTokens],
  'iam-instance-profile': (row) => [
    dataOf(row).IamInstanceProfile?.Arn,
    dataOf(row).IamInstanceProfile?.Name,
  ],
  'image-id': ({ version }) => [version.imageId],
  'instance-type': (row) => [dataOf(row).InstanceType],
  'is-default-version': ({ template, version }) => [
    String(version.version === template.defaultVersion),
  ],
  'kernel-id': (row) => [dataOf(row).KernelId],
  'license-configuration-arn': (row) =>
    (dataOf(row).LicenseSpecifications ?? []).map((one) => one.LicenseConfigurationArn),
  'network-card-index': (row) =>
    (dataOf(row).NetworkInterfaces ?? []).map((one) => textOf(one.NetworkCardIndex)),
  'ram-disk-id': (row) => [dataOf(row).RamDiskId],
};

/** The caller's templates as a describe sees them. */
const seenTemplates = (ec2: Ec2, call: Call): TemplateRow[] =>
  [...ec2.store(call.region).templates.seenAfter()].filter((row) => row.ownerId === call.account);

/** One bad id or name fails the whole call. */
const selectTemplates = (ec2: Ec2, input: DescribeLaunchTemplatesRequest, call: Call) => {
  const { LaunchTemplateIds: ids = [], LaunchTemplateNames: names = [] } = input;
  const own = seenTemplates(ec2, call);
  if (ids.length === 0 && names.length === 0) return own;
  const byId = ids.map((id) => {
    assertShape(TEMPLATE, id);
    const row = own.find((one) => one.templateId === id);
    if (row === undefined) throw noSuchId(id);
    return row;
  });
  const byName = names.map((name) => {
    const row = own.find((one) => one.name === name);
    if (row === undefined) throw noSuchName(name);
    return row;
  });
  return [...new Set([...byId, ...byName])];
};

const assertAliases = (versions: readonly string[]): void => {
  const isAlias = (version: string) => version === '$Latest' || version === '$Default';
  if (versions.length > 0 && versions.every(isAlias)) return;
  throw new ApiError(
    'InvalidParameterCombination',
    'Without a launch template ID or name, versions must be $Latest, $Default or both',
  );
};

const numberOf = (parameter: string, text: string | undefined, fallback: number): number => {
  if (text === undefined) return fallback;
  if (/^\d+$/.test(text)) return Number(text);
  throw new ApiError(
    'InvalidParameterValue',
    `Value (${text}) for parameter ${parameter} is invalid.`,
  );
};

const versionsOf = (
  template: TemplateRow,
  input: DescribeLaunchTemplateVersionsRequest,
): VersionOfTemplate[] => {
  const asked = input.Versions ?? [];
  const min = numberOf('minVersion', input.MinVersion, 1);
  const max = numberOf('maxVersion', input.MaxVersion, Number.MAX_SAFE_INTEGER);
  const rows =
    asked.length === 0
      ? template.versions.filter(({ version }) => version >= min && version <= max)
      : asked.map((version) => versionOf(template, version));
  return [...new Set(rows)].map((version) => ({ template, version }));
};

/** Of one template, or, by alias, of all. */
const selectVersions = (
  ec2: Ec2,
  input: DescribeLaunchTemplateVersionsRequest,
  call: Call,
): VersionOfTemplate[] => {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = input;
  assertAtMostOne(input, ['LaunchTemplateId', 'LaunchTemplateName']);
  if ((input.Versions?.length ?? 0) > 0) {
    for (const bound of ['MinVersion', 'MaxVersion']) assertAtMostOne(input, ['Versions', bound]);
  }
  if (id === undefined && name === undefined) {
    assertAliases(input.Versions ?? []);
    return seenTemplates(ec2, call).flatMap((template) => versionsOf(template, input));
  }
  const by = {
    ...(id !== undefined && { LaunchTemplateIds: [id] }),
    ...(name !== undefined && { LaunchTemplateNames: [name] }),
  };
  return selectTemplates(ec2, by, call).flatMap((template) => versionsOf(template, input));
};

const versionKey = ({ template, version }: VersionOfTemplate): string =>
  `${template.templateId}/${String(version.version).padStart(6, '0')}`;

const resolvedImage = (
  ec2: Ec2,
  { version }: VersionOfTemplate,
  input: DescribeLaunchTemplateVersionsRequest,
  call: Call,
): string | undefined =>
  version.imageId === undefined || input.ResolveAlias !== true
    ? version.imageId
    : resolveImageId(ec2, version.imageId, call);

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
    const holds = compileTaglessFilters(input.Filters, VERSION_FACETS);
    const rows = selectVersions(ec2, input, call).filter(holds);
    const page = pageOf(ec2.kernel, rows, versionKey, input, BOUNDS);
    return {
      LaunchTemplateVersions: page.rows.map((row) =>
        versionOut(row.template, row.version, resolvedImage(ec2, row, input, call)),
      ),
      NextToken: page.nextToken,
    };
  },
});
