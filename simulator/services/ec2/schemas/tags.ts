/** The SDK's own schemas of the operations on tags that are served. */
import { CreateTags$, DeleteTags$ } from '@aws-sdk/client-ec2';

export const TAG_SCHEMAS = {
  CreateTags: CreateTags$,
  DeleteTags: DeleteTags$,
} as const;
