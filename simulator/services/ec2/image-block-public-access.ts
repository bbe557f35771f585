/** Block public access for images, of each account and Region. */
import type {
  DisableImageBlockPublicAccessResult,
  EnableImageBlockPublicAccessRequest,
  EnableImageBlockPublicAccessResult,
  GetImageBlockPublicAccessStateResult,
} from '@aws-sdk/client-ec2';
import { draw } from '../../kernel/kernel.ts';
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { assertOneOf, required } from './parameters.ts';

const BLOCKED = 'block-new-sharing';

/** Whether the account may not make images public now. Those that are public stay it. */
export const isPublicSharingBlocked = (ec2: Ec2, call: Call): boolean => {
  const row = ec2.store(call.region).imageMemory.publicAccess.get(call.account);
  if (row === undefined) return ec2.kernel.manners().blocksPublicImages;
  return row.fromMs <= call.nowMs ? row.isBlocked : row.wasBlocked;
};

/** It takes minutes until a change counts. */
const configure = (ec2: Ec2, isBlocked: boolean, call: Call): void => {
  const { kernel } = ec2;
  const fromMs =
    call.nowMs + draw(kernel.random('block-public-access'), kernel.manners().blockPublicAccessMs);
  const wasBlocked = isPublicSharingBlocked(ec2, call);
  const { beforeChange, imageMemory } = ec2.store(call.region);
  beforeChange();
  imageMemory.publicAccess.set(call.account, { isBlocked, wasBlocked, fromMs });
};

export const imageBlockPublicAccessOperations = (ec2: Ec2) => ({
  EnableImageBlockPublicAccess: (
    input: EnableImageBlockPublicAccessRequest,
    call: Call,
  ): EnableImageBlockPublicAccessResult => {
    const name = 'ImageBlockPublicAccessState';
    assertOneOf(name, required(name, input.ImageBlockPublicAccessState), [BLOCKED]);
    configure(ec2, true, call);
    return { ImageBlockPublicAccessState: BLOCKED };
  },

  DisableImageBlockPublicAccess: (
    _input: object,
    call: Call,
  ): DisableImageBlockPublicAccessResult => {
    configure(ec2, false, call);
    return { ImageBlockPublicAccessState: 'unblocked' };
  },

  GetImageBlockPublicAccessState: (
    _input: object,
    call: Call,
  ): GetImageBlockPublicAccessStateResult => ({
    ImageBlockPublicAccessState: isPublicSharingBlocked(ec2, call) ? BLOCKED : 'unblocked',
    ManagedBy: 'account',
  }),
});
