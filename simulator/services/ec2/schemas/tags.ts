/** The SDK's own schemas of the operations on tags that are served. */
import { CreateTags$, DeleteTags$, DescribeTags$ } from '@aws-sdk/client-ec2';

export const TAG_SCHEMAS = {
  CreateTags: CreateTags$,
  DeleteTags: DeleteTags$,
  DescribeTags: DescribeTags$,
} as const;
