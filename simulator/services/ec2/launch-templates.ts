/** Launch templates and their versions: what they are made and found by. */
import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  LaunchTemplate,
  LaunchTemplateSpecification,
  LaunchTemplateVersion,
  ModifyLaunchTemplateRequest,
  ModifyLaunchTemplateResult,
  RequestLaunchTemplateData,
  RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { assertShape, newId, TEMPLATE } from './ids.ts';
import type { TemplateRow, TemplateVersionRow } from './rows.ts';
import { readTagSpecifications, tagsOut } from './tags.ts';

interface TemplateName {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

/** The templates of the caller, oldest first. */
export const templatesOf = (ec2: Ec2, call: Call): TemplateRow[] =>
  [...ec2.store(call.region).templates.values()].filter((row) => row.ownerId === call.account);

/** By id or by name. @throws ApiError of EC2's `InvalidLaunchTemplate…NotFoundException` kinds. */
export const findTemplate = (ec2: Ec2, by: TemplateName, call: Call): TemplateRow => {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = by;
  if ((id === undefined) === (name === undefined)) {
    throw new ApiError(
      'MissingParameter',
      'Either a launch template ID or a launch template name must be specified',
    );
  }
  if (id !== undefined) assertShape(TEMPLATE, id);
  const found = templatesOf(ec2, call).find((row) => row.templateId === id || row.name === name);
  if (found !== undefined) return found;
  throw id === undefined
    ? new ApiError(
        'InvalidLaunchTemplateName.NotFoundException',
        `The specified launch template, with template name ${name}, does not exist.`,
      )
    : new ApiError(
        'InvalidLaunchTemplateId.NotFound',
        `The specified launch template, with template ID ${id}, does not exist.`,
      );
};

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
      ? template.versions.at(-1)
      : template.versions.find((one) => one.version === number);
  if (row !== undefined) return row;
  throw new ApiError(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find launch template version '${version}' of ${template.templateId}.`,
  );
};

export const templateOut = (row: TemplateRow): LaunchTemplate => ({
  LaunchTemplateId: row.templateId,
  LaunchTemplateName: row.name,
  CreateTime: new Date(row.createdAtMs),
  CreatedBy: `arn:aws:iam::${row.ownerId}:root`,
  DefaultVersionNumber: row.defaultVersion,
  LatestVersionNumber: row.versions.at(-1)?.version,
  Tags: tagsOut(row.tags),
});

export const versionOut = (
  template: TemplateRow,
  row: TemplateVersionRow,
): LaunchTemplateVersion => ({
  LaunchTemplateId: template.templateId,
  LaunchTemplateName: template.name,
  VersionNumber: row.version,
  VersionDescription: row.description,
  CreateTime: new Date(row.createdAtMs),
  CreatedBy: `arn:aws:iam::${template.ownerId}:root`,
  DefaultVersion: row.version === template.defaultVersion,
  LaunchTemplateData: row.data,
});

/** Adds the next version. */
const addVersion = (
  template: TemplateRow,
  data: RequestLaunchTemplateData,
  description: string | undefined,
  call: Call,
): TemplateVersionRow => {
  const version: TemplateVersionRow = {
    version: (template.versions.at(-1)?.version ?? 0) + 1,
    description,
    createdAtMs: call.nowMs,
    data,
    imageId: data.ImageId,
  };
  template.versions.push(version);
  return version;
};

const assertNewName = (ec2: Ec2, name: string | undefined, call: Call): string => {
  if (name === undefined || !/^[A-Za-z0-9()./_-]{3,128}$/.test(name)) {
    throw new ApiError('InvalidLaunchTemplateName.MalformedException', 'Malformed template name');
  }
  if (!templatesOf(ec2, call).some((row) => row.name === name)) return name;
  throw new ApiError(
    'InvalidLaunchTemplateName.AlreadyExistsException',
    `Launch template name already in use: ${name}`,
  );
};

const createTemplate = (
  ec2: Ec2,
  input: CreateLaunchTemplateRequest,
  call: Call,
): CreateLaunchTemplateResult => {
  const name = assertNewName(ec2, input.LaunchTemplateName, call);
  const template: TemplateRow = {
    templateId: newId(ec2.kernel, 'lt'),
    ownerId: call.account,
    name,
    createdAtMs: call.nowMs,
    versions: [],
    tags: readTagSpecifications(input.TagSpecifications, ['launch-template'])('launch-template'),
    defaultVersion: 1,
  };
  addVersion(template, input.LaunchTemplateData ?? {}, input.VersionDescription, call);
  ec2.store(call.region).templates.set(template.templateId, template);
  return { LaunchTemplate: templateOut(template) };
};

const createVersion = (
  ec2: Ec2,
  input: CreateLaunchTemplateVersionRequest,
  call: Call,
): CreateLaunchTemplateVersionResult => {
  const template = findTemplate(ec2, input, call);
  const source =
    input.SourceVersion === undefined ? {} : versionOf(template, input.SourceVersion).data;
  const data = { ...source, ...input.LaunchTemplateData };
  const version = addVersion(template, data, input.VersionDescription, call);
  return { LaunchTemplateVersion: versionOut(template, version) };
};

const modifyTemplate = (
  ec2: Ec2,
  input: ModifyLaunchTemplateRequest,
  call: Call,
): ModifyLaunchTemplateResult => {
  const template = findTemplate(ec2, input, call);
  if (input.DefaultVersion !== undefined) {
    template.defaultVersion = versionOf(template, input.DefaultVersion).version;
  }
  return { LaunchTemplate: templateOut(template) };
};

/** What RunInstances takes from the template that it names; `$Default` unless it says. */
export const launchDataOf = (
  ec2: Ec2,
  by: LaunchTemplateSpecification,
  call: Call,
): Partial<RunInstancesRequest> => {
  const data: RequestLaunchTemplateData = versionOf(
    findTemplate(ec2, by, call),
    by.Version ?? '$Default',
  ).data;
  const { ImageId, InstanceType, KeyName, SecurityGroupIds } = data;
  return Object.fromEntries(
    Object.entries({ ImageId, InstanceType, KeyName, SecurityGroupIds }).filter(
      ([, value]) => value !== undefined,
    ),
  );
};

export const launchTemplateOperations = (ec2: Ec2) => ({
  CreateLaunchTemplate: (input: CreateLaunchTemplateRequest, call: Call) =>
    createTemplate(ec2, input, call),
  CreateLaunchTemplateVersion: (input: CreateLaunchTemplateVersionRequest, call: Call) =>
    createVersion(ec2, input, call),
  ModifyLaunchTemplate: (input: ModifyLaunchTemplateRequest, call: Call) =>
    modifyTemplate(ec2, input, call),
});
