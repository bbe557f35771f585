/** Parameters that AWS publishes in every Region: the newest images of some systems. */
import type { Image } from '@aws-sdk/client-ec2';
import type { Call } from '../../wire/api.ts';
import type { Reference } from './names.ts';
import { IMAGE_TYPE, type ParameterRow } from './rows.ts';

/** How Parameter Store looks at images: as the caller would see them. */
export interface Images {
  /** The image, if the caller may launch it and it is available. */
  readonly isUsable: (imageId: string, call: Call) => boolean;
  /** Available public images of an owner (an alias or an id) whose name is like `*pattern*`. */
  readonly named: (owner: string, pattern: string, call: Call) => readonly Image[];
}

interface Published {
  readonly path: string;
  readonly owner: string;
  /** Of image names, with `*`. */
  readonly pattern: string;
}

const AMAZON_LINUX = '/aws/service/ami-amazon-linux-latest';
const CANONICAL = '099720109477';

const PUBLISHED: readonly Published[] = [
  ...(['x86_64', 'arm64'] as const).flatMap((architecture) =>
    ['default', '6.1'].map((kernel) => ({
      path: `${AMAZON_LINUX}/al2023-ami-kernel-${kernel}-${architecture}`,
      owner: 'amazon',
      pattern: `al2023-ami-2023.*-kernel-6.1-${architecture}`,
    })),
  ),
  {
    path: '/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base',
    owner: 'amazon',
    pattern: 'Windows_Server-2025-English-Full-Base-*',
  },
  {
    path: '/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id',
    owner: CANONICAL,
    pattern: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04*',
  },
];

export interface PublicParameters {
  /** None if no image in the Region is like it. */
  readonly find: (reference: Reference, call: Call) => ParameterRow | undefined;
  /** Those below a path. */
  readonly below: (path: string, call: Call) => readonly ParameterRow[];
}

const newest = (images: readonly Image[]): Image | undefined =>
  images.toSorted((a, b) => ((a.CreationDate ?? '') < (b.CreationDate ?? '') ? 1 : -1))[0];

/** Nobody's: the ARN of a public parameter names no account. */
const rowOf = (path: string, region: string, image: Image): ParameterRow => ({
  account: '',
  region,
  name: path,
  versions: [
    {
      version: 1,
      type: 'String',
      value: image.ImageId ?? '',
      keyId: undefined,
      description: undefined,
      allowedPattern: undefined,
      tier: 'Standard',
      dataType: IMAGE_TYPE,
      modifiedAtMs: Date.parse(image.CreationDate ?? ''),
      modifiedBy: 'arn:aws:iam::137112412989:root',
      labels: new Set(),
    },
  ],
  tags: new Map(),
  sharedWith: new Set(),
});

export const createPublicParameters = (images: Images): PublicParameters => {
  const read = ({ path, owner, pattern }: Published, call: Call): readonly ParameterRow[] => {
    const image = newest(images.named(owner, pattern, call));
    return image === undefined ? [] : [rowOf(path, call.region, image)];
  };
  return {
    find: ({ name }, call) =>
      PUBLISHED.filter(({ path }) => path === name).flatMap((one) => read(one, call))[0],
    below: (path, call) =>
      PUBLISHED.filter((one) => one.path.startsWith(`${path.replace(/\/$/, '')}/`)).flatMap((one) =>
        read(one, call),
      ),
  };
};
