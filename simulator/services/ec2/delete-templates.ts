/** DeleteLaunchTemplate and DeleteLaunchTemplateVersions. */
import type {
  DeleteLaunchTemplateRequest,
  DeleteLaunchTemplateResult,
  DeleteLaunchTemplateVersionsRequest,
  DeleteLaunchTemplateVersionsResponseErrorItem,
  DeleteLaunchTemplateVersionsResult,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { findTemplate, templateOut } from './launch-templates.ts';
import { required } from './parameters.ts';
import type { TemplateRow } from './rows.ts';

const VERSIONS_MAX = 200;

const deleteTemplate = (
  ec2: Ec2,
  input: DeleteLaunchTemplateRequest,
  call: Call,
): DeleteLaunchTemplateResult => {
  const template = findTemplate(ec2, input, call);
  ec2.store(call.region).templates.delete(template.templateId);
  return { LaunchTemplate: templateOut(template) };
};

const readNumber = (version: string): number => {
  if (/^\d+$/.test(version)) return Number(version);
  throw new ApiError(
    'InvalidLaunchTemplateId.VersionMalformed',
    `The launch template version '${version}' is malformed`,
  );
};

const nameOf = (template: TemplateRow, version: number) => ({
  LaunchTemplateId: template.templateId,
  LaunchTemplateName: template.name,
  VersionNumber: version,
});

/** Why a version cannot be deleted; undefined if it can. */
const problemOf = (
  ec2: Ec2,
  template: TemplateRow,
  version: number,
): { readonly Code: string; readonly Message: string } | undefined => {
  if (version === template.defaultVersion) {
    const { defaultVersionErrorCode: Code } = ec2.kernel.manners();
    return { Code, Message: 'The default version of a launch template cannot be deleted.' };
  }
  if (template.versions.some((row) => row.version === version)) return undefined;
  return {
    Code: 'launchTemplateVersionDoesNotExist',
    Message: `The specified version ${version} does not exist.`,
  };
};

const deleteVersions = (
  ec2: Ec2,
  input: DeleteLaunchTemplateVersionsRequest,
  call: Call,
): DeleteLaunchTemplateVersionsResult => {
  const template = findTemplate(ec2, input, call);
  const numbers = required('LaunchTemplateVersion', input.Versions).map(readNumber);
  if (numbers.length > VERSIONS_MAX) {
    throw new ApiError(
      'InvalidParameterValue',
      `No more than ${VERSIONS_MAX} versions can be deleted in a request.`,
    );
  }
  const asked = [...new Set(numbers)];
  const failed = asked.flatMap((version): DeleteLaunchTemplateVersionsResponseErrorItem[] => {
    const problem = problemOf(ec2, template, version);
    if (problem === undefined) return [];
    const { Code, Message } = problem;
    return [
      { ...nameOf(template, version), ResponseError: { Code: Code as 'unexpectedError', Message } },
    ];
  });
  const deleted = asked.filter((one) => problemOf(ec2, template, one) === undefined);
  ec2.store(call.region).templates.changing(template.templateId);
  template.versions = template.versions.filter((row) => !deleted.includes(row.version));
  return {
    SuccessfullyDeletedLaunchTemplateVersions: deleted.map((one) => nameOf(template, one)),
    UnsuccessfullyDeletedLaunchTemplateVersions: failed,
  };
};

export const deleteTemplateOperations = (ec2: Ec2) => ({
  DeleteLaunchTemplate: (input: DeleteLaunchTemplateRequest, call: Call) =>
    deleteTemplate(ec2, input, call),
  /** Each version has its own outcome; the default one stays. */
  DeleteLaunchTemplateVersions: (input: DeleteLaunchTemplateVersionsRequest, call: Call) =>
    deleteVersions(ec2, input, call),
});
