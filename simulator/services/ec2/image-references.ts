/** DescribeImageReferences: which of the caller's resources use an image. */
import type {
  DescribeImageReferencesRequest,
  DescribeImageReferencesResult,
  ImageReference,
  ResourceTypeRequest,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import { invalidParameterValue, missingParameter } from '../../wire/errors.ts';
import type { Ec2 } from './ec2.ts';
import { assertShape, IMAGE } from './ids.ts';
import { pageOf } from './pages.ts';
import { assertOneOf, assertWithin, required } from './parameters.ts';

const IDS_MAX = 10;
const BOUNDS = { min: 5, max: 1_000 };
const STATES = ['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'];
const DEPTH = { min: 1, max: 10_000, default: 10 };
/** Systems Manager and Image Builder are not here, so that nothing of theirs refers to an image. */
const TYPES = [
  'ec2:Instance',
  'ec2:LaunchTemplate',
  'ssm:Parameter',
  'imagebuilder:ImageRecipe',
  'imagebuilder:ContainerRecipe',
];

const OPTION_OF: Readonly<Record<string, string>> = {
  'ec2:Instance': 'state-name',
  'ec2:LaunchTemplate': 'version-depth',
};

/** What is looked at: states of instances, and how many versions of each template. */
interface Scope {
  readonly states: readonly string[];
  readonly depth: number;
}

const NOTHING: Scope = { states: [], depth: 0 };
const ALL: Scope = { states: STATES, depth: DEPTH.default };

/** The values of a type's one option, if the request gives them. */
const optionValues = (request: ResourceTypeRequest): readonly string[] | undefined => {
  const type = required('ResourceType', request.ResourceType);
  const option = request.ResourceTypeOptions?.[0];
  for (const { OptionName: name } of request.ResourceTypeOptions ?? []) {
    if (name !== OPTION_OF[type]) throw invalidParameterValue('OptionName', name ?? '');
  }
  return option?.OptionValues;
};

const depthOf = (values: readonly string[] | undefined): number => {
  const [text = String(DEPTH.default)] = values ?? [];
  const depth = Number(text);
  assertWithin('OptionValues', depth, DEPTH);
  return depth;
};

/** The scope with that of one resource type in place of what it had. */
const withType = (scope: Scope, request: ResourceTypeRequest): Scope => {
  const type = required('ResourceType', request.ResourceType);
  assertOneOf('ResourceType', type, TYPES);
  const values = optionValues(request);
  if (type === 'ec2:LaunchTemplate') return { ...scope, depth: depthOf(values) };
  if (type !== 'ec2:Instance') return scope;
  for (const state of values ?? []) assertOneOf('OptionValues', state, STATES);
  return { ...scope, states: values ?? STATES };
};

const scopeOf = (input: DescribeImageReferencesRequest): Scope => {
  const types = input.ResourceTypes ?? [];
  if (input.IncludeAllResourceTypes !== true && types.length === 0) {
    throw missingParameter('ResourceTypes');
  }
  return types.reduce(withType, input.IncludeAllResourceTypes === true ? ALL : NOTHING);
};

const idsOf = (input: DescribeImageReferencesRequest): ReadonlySet<string> => {
  const ids = required('ImageIds', input.ImageIds);
  if (ids.length === 0 || ids.length > IDS_MAX) {
    throw new ApiError('InvalidParameterValue', `Specify between 1 and ${IDS_MAX} image IDs`);
  }
  for (const id of ids) assertShape(IMAGE, id);
  return new Set(ids);
};

const arnOf = ({ account, region }: Call, resource: string): string =>
  `arn:aws:ec2:${region}:${account}:${resource}`;

const instancesUsing = (
  ec2: Ec2,
  ids: ReadonlySet<string>,
  { states }: Scope,
  call: Call,
): ImageReference[] =>
  [...ec2.store(call.region).instances.values()]
    .filter((row) => row.ownerId === call.account && ids.has(row.imageId))
    .filter((row) => states.includes(row.state))
    .map((row) => ({
      ImageId: row.imageId,
      ResourceType: 'ec2:Instance',
      Arn: arnOf(call, `instance/${row.instanceId}`),
    }));

/** A template that names an image in several versions refers to it once. */
const templatesUsing = (
  ec2: Ec2,
  ids: ReadonlySet<string>,
  { depth }: Scope,
  call: Call,
): ImageReference[] =>
  [...ec2.store(call.region).templates.values()]
    .filter((row) => row.ownerId === call.account)
    .flatMap((row) => {
      const versions = depth === 0 ? [] : row.versions.slice(-depth);
      const named = new Set(versions.flatMap(({ imageId }) => imageId ?? []));
      return [...named]
        .filter((id) => ids.has(id))
        .map((ImageId) => ({
          ImageId,
          ResourceType: 'ec2:LaunchTemplate' as const,
          Arn: arnOf(call, `launch-template/${row.templateId}`),
        }));
    });

export const imageReferencesOperation = (ec2: Ec2) => ({
  /** Whoever the images belong to, and whether they are there or not. */
  DescribeImageReferences: (
    input: DescribeImageReferencesRequest,
    call: Call,
  ): DescribeImageReferencesResult => {
    const ids = idsOf(input);
    const scope = scopeOf(input);
    const found = [
      ...instancesUsing(ec2, ids, scope, call),
      ...templatesUsing(ec2, ids, scope, call),
    ];
    const idOf = ({ ImageId, Arn }: ImageReference): string => `${Arn} ${ImageId}`;
    const page = pageOf(ec2.kernel, found, idOf, input, BOUNDS);
    return { ImageReferences: [...page.rows], NextToken: page.nextToken };
  },
});
