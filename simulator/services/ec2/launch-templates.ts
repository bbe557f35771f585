/** Launch templates and their versions: how they are made, found and changed. */
import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  LaunchTemplate,
  LaunchTemplateVersion,
  ModifyLaunchTemplateRequest,
  ModifyLaunchTemplateResult,
  RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { madeByToken, rememberToken } from './client-tokens.ts';
import type { Ec2 } from './ec2.ts';
import { assertShape, newId, TEMPLATE } from './ids.ts';
import { resolveImageId } from './image-parameters.ts';
import { assertAtMostOne, assertLength, required } from './parameters.ts';
import type { TemplateRow, TemplateVersionRow } from './rows.ts';
import { readTagSpecifications, tagsOut } from './tags.ts';

export interface TemplateName {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

const DESCRIPTION_MAX = 255;

/** The templates of the caller, oldest first. */
const templatesOf = (ec2: Ec2, call: Call): TemplateRow[] =>
  [...ec2.store(call.region).templates.values()].filter((row) => row.ownerId === call.account);

/** By id or by name. @throws ApiError of EC2's `InvalidLaunchTemplate…NotFound` kinds. */
export const findTemplate = (ec2: Ec2, by: TemplateName, call: Call): TemplateRow => {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = by;
  assertAtMostOne(by, ['LaunchTemplateId', 'LaunchTemplateName']);
  if (id === undefined && name === undefined) {
    throw new ApiError(
      'MissingParameter',
      'Either a launch template ID or a launch template name must be specified',
    );
  }
  if (id !== undefined) assertShape(TEMPLATE, id);
  const found = templatesOf(ec2, call).find((row) => row.templateId === id || row.name === name);
  if (found !== undefined) return found;
  throw id === undefined ? noSuchName(name ?? '') : noSuchId(id);
};

export const noSuchName = (name: string): ApiError =>
  new ApiError(
    'InvalidLaunchTemplateName.NotFoundException',
    `The specified launch template, with template name ${name}, does not exist.`,
  );

export const noSuchId = (id: string): ApiError =>
  new ApiError(
    'InvalidLaunchTemplateId.NotFound',
    `The specified launch template, with template ID ${id}, does not exist.`,
  );

/** The newest version that is still there. */
const latestOf = ({ versions }: TemplateRow): TemplateVersionRow | undefined => versions.at(-1);

/** A version by number, `$Latest` or `$Default`. */
export const versionOf = (template: TemplateRow, version: string): TemplateVersionRow => {
  if (version !== '$Latest' && version !== '$Default' && !/^\d+$/.test(version)) {
    throw new ApiError(
      'InvalidLaunchTemplateId.VersionMalformed',
      `The launch template version '${version}' is malformed`,
    );
  }
  const number = version === '$Default' ? template.defaultVersion : Number(version);
  const row =
    version === '$Latest'
      ? latestOf(template)
      : template.versions.find((one) => one.version === number);
  if (row !== undefined) return row;
  throw new ApiError(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the specified version ${version} for the launch template with ID ` +
      `${template.templateId}.`,
  );
};

const creatorOf = ({ ownerId }: TemplateRow): string => `arn:aws:iam::${ownerId}:root`;

export const templateOut = (row: TemplateRow): LaunchTemplate => ({
  LaunchTemplateId: row.templateId,
  LaunchTemplateName: row.name,
  CreateTime: new Date(row.createdAtMs),
  CreatedBy: creatorOf(row),
  DefaultVersionNumber: row.defaultVersion,
  LatestVersionNumber: latestOf(row)?.version,
  Operator: { Managed: false },
  Tags: tagsOut(row.tags),
});

/** @param imageId in place of the one that the data has, such as `resolve:ssm:...` */
export const versionOut = (
  template: TemplateRow,
  row: TemplateVersionRow,
  imageId: string | undefined = row.imageId,
): LaunchTemplateVersion => ({
  LaunchTemplateId: template.templateId,
  LaunchTemplateName: template.name,
  VersionNumber: row.version,
  VersionDescription: row.description,
  CreateTime: new Date(row.createdAtMs),
  CreatedBy: creatorOf(template),
  DefaultVersion: row.version === template.defaultVersion,
  LaunchTemplateData: { ...row.data, ...(imageId !== undefined && { ImageId: imageId }) },
  Operator: { Managed: false },
});

/** Adds the next version. Numbers of versions that were deleted are not given again. */
const addVersion = (
  template: TemplateRow,
  data: RequestLaunchTemplateData,
  description: string | undefined,
  call: Call,
): TemplateVersionRow => {
  const version: TemplateVersionRow = {
    version: template.nextVersion,
    description,
    createdAtMs: call.nowMs,
    data,
    imageId: data.ImageId,
  };
  template.nextVersion += 1;
  template.versions = [...template.versions, version];
  return version;
};

const assertNewName = (ec2: Ec2, name: string, call: Call): void => {
  if (!/^[A-Za-z0-9()./_-]{3,128}$/.test(name)) {
    throw new ApiError(
      'InvalidLaunchTemplateName.MalformedException',
      'A launch template name must be between 3 and 128 characters, and may contain letters, ' +
        "numbers, and the following characters: '-', '_', '.', '/', '(', and ')'.",
    );
  }
  const own = templatesOf(ec2, call);
  if (own.some((row) => row.name === name)) {
    throw new ApiError(
      'InvalidLaunchTemplateName.AlreadyExistsException',
      `Launch template name already in use: ${name}`,
    );
  }
  const { templateQuota } = ec2.kernel.manners();
  if (own.length < templateQuota) return;
  throw new ApiError(
    'MaxTemplateLimitExceeded',
    `You have reached the limit of ${templateQuota} launch templates.`,
  );
};

const createTemplate = (
  ec2: Ec2,
  input: CreateLaunchTemplateRequest,
  call: Call,
): CreateLaunchTemplateResult => {
  const known = madeByToken(ec2, 'CreateLaunchTemplate', input, call);
  if (known !== undefined) {
    return { LaunchTemplate: templateOut(findTemplate(ec2, { LaunchTemplateId: known }, call)) };
  }
  const name = required('LaunchTemplateName', input.LaunchTemplateName);
  assertNewName(ec2, name, call);
  assertLength('VersionDescription', input.VersionDescription, DESCRIPTION_MAX);
  const template: TemplateRow = {
    templateId: newId(ec2.kernel, 'lt'),
    ownerId: call.account,
    name,
    createdAtMs: call.nowMs,
    versions: [],
    nextVersion: 1,
    tags: readTagSpecifications(input.TagSpecifications, ['launch-template'])('launch-template'),
    defaultVersion: 1,
  };
  const data = required('LaunchTemplateData', input.LaunchTemplateData);
  addVersion(template, data, input.VersionDescription, call);
  ec2.store(call.region).templates.set(template.templateId, template);
  rememberToken(ec2, 'CreateLaunchTemplate', input, call, template.templateId);
  return { LaunchTemplate: templateOut(template) };
};

/** What a new version takes over from its source: all but the snapshots of its mappings. */
const inherited = (
  template: TemplateRow,
  source: string | undefined,
): RequestLaunchTemplateData => {
  if (source === undefined) return {};
  const data: RequestLaunchTemplateData = versionOf(template, source).data;
  if (data.BlockDeviceMappings === undefined) return data;
  const BlockDeviceMappings = data.BlockDeviceMappings.map((mapping) =>
    mapping.Ebs === undefined
      ? mapping
      : { ...mapping, Ebs: { ...mapping.Ebs, SnapshotId: undefined } },
  );
  return { ...data, BlockDeviceMappings };
};

const assertVersionRoom = (ec2: Ec2, template: TemplateRow): void => {
  const { templateVersionQuota } = ec2.kernel.manners();
  if (template.versions.length < templateVersionQuota) return;
  throw new ApiError(
    'MaxTemplateVersionLimitExceeded',
    `You have reached the limit of ${templateVersionQuota} versions of a launch template.`,
  );
};

const versionResult = (
  ec2: Ec2,
  input: CreateLaunchTemplateVersionRequest,
  template: TemplateRow,
  version: TemplateVersionRow,
  call: Call,
): CreateLaunchTemplateVersionResult => {
  const isResolved = input.ResolveAlias === true && version.imageId !== undefined;
  const imageId = isResolved ? resolveImageId(ec2, version.imageId ?? '', call) : version.imageId;
  return { LaunchTemplateVersion: versionOut(template, version, imageId) };
};

const createVersion = (
  ec2: Ec2,
  input: CreateLaunchTemplateVersionRequest,
  call: Call,
): CreateLaunchTemplateVersionResult => {
  const template = findTemplate(ec2, input, call);
  const known = madeByToken(ec2, 'CreateLaunchTemplateVersion', input, call);
  if (known !== undefined) {
    return versionResult(ec2, input, template, versionOf(template, known), call);
  }
  assertLength('VersionDescription', input.VersionDescription, DESCRIPTION_MAX);
  const own = required('LaunchTemplateData', input.LaunchTemplateData);
  const data = { ...inherited(template, input.SourceVersion), ...own };
  assertVersionRoom(ec2, template);
  ec2.store(call.region).templates.changing(template.templateId);
  const version = addVersion(template, data, input.VersionDescription, call);
  rememberToken(ec2, 'CreateLaunchTemplateVersion', input, call, String(version.version));
  return versionResult(ec2, input, template, version, call);
};

const modifyTemplate = (
  ec2: Ec2,
  input: ModifyLaunchTemplateRequest,
  call: Call,
): ModifyLaunchTemplateResult => {
  const template = findTemplate(ec2, input, call);
  madeByToken(ec2, 'ModifyLaunchTemplate', input, call);
  if (input.DefaultVersion !== undefined) {
    const { version } = versionOf(template, input.DefaultVersion);
    ec2.store(call.region).templates.changing(template.templateId);
    template.defaultVersion = version;
  }
  rememberToken(ec2, 'ModifyLaunchTemplate', input, call, template.templateId);
  return { LaunchTemplate: templateOut(template) };
};

export const launchTemplateOperations = (ec2: Ec2) => ({
  CreateLaunchTemplate: (input: CreateLaunchTemplateRequest, call: Call) =>
    createTemplate(ec2, input, call),
  CreateLaunchTemplateVersion: (input: CreateLaunchTemplateVersionRequest, call: Call) =>
    createVersion(ec2, input, call),
  ModifyLaunchTemplate: (input: ModifyLaunchTemplateRequest, call: Call) =>
    modifyTemplate(ec2, input, call),
});
