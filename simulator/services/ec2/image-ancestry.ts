/** GetImageAncestry: the chain of images that an image was made from. */
import type {
  GetImageAncestryRequest,
  GetImageAncestryResult,
  ImageAncestryEntry,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { findImage } from './images.ts';
import type { GoneImageRow } from './rows.ts';

/** Amazon EC2 User Guide, "Use AMI ancestry to trace the origin of an AMI". */
const ENTRIES_MAX = 50;
const ROOT_ALIASES = ['amazon', 'aws-marketplace'];

/** The image that this one was made from, even if it is gone, or another's. */
const parentOf = (ec2: Ec2, row: GoneImageRow): GoneImageRow | undefined => {
  const { sourceImageId: id, sourceImageRegion: region } = row;
  if (id === undefined || region === undefined) return undefined;
  const { images, imageMemory } = ec2.store(region);
  return images.get(id) ?? imageMemory.gone.get(id);
};

const entryOf = (row: GoneImageRow): ImageAncestryEntry => ({
  CreationDate: new Date(row.createdAtMs),
  ImageId: row.imageId,
  ImageOwnerAlias: row.ownerAlias,
  SourceImageId: row.sourceImageId,
  SourceImageRegion: row.sourceImageRegion,
});

const ancestryOf = (ec2: Ec2, image: GoneImageRow): GoneImageRow[] => {
  const chain: GoneImageRow[] = [];
  let next: GoneImageRow | undefined = image;
  while (next !== undefined && chain.length < ENTRIES_MAX) {
    chain.push(next);
    next = ROOT_ALIASES.includes(next.ownerAlias ?? '') ? undefined : parentOf(ec2, next);
  }
  return chain;
};

export const imageAncestryOperation = (ec2: Ec2) => ({
  /** From the image itself to its root: one of Amazon's, or one of which no source is known. */
  GetImageAncestry: (input: GetImageAncestryRequest, call: Call): GetImageAncestryResult => {
    const image = findImage(ec2, call.region, input.ImageId ?? '', call);
    return { ImageAncestryEntries: ancestryOf(ec2, image).map(entryOf) };
  },
});
