/** KMS keys as EBS speaks of them. There is no KMS here: what is wrong with a key, the manners say. */
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';

/** The key of AWS's own that an account has for EBS in a Region. */
export const managedKeyOf = (account: string, region: string): string =>
  `arn:aws:kms:${region}:${account}:alias/aws/ebs`;

/** What such a key encrypts cannot be shared. */
export const isManagedKey = (arn: string): boolean => arn.endsWith(':alias/aws/ebs');

/** The ARN of a key that is given by its id, its alias or its ARN. */
export const keyArnOf = (key: string, { account, region }: Call): string => {
  if (key.startsWith('arn:')) return key;
  return `arn:aws:kms:${region}:${account}:${key.startsWith('alias/') ? '' : 'key/'}${key}`;
};

/** A key id, that of a multi-Region key, or an alias (KMS API reference, "KeyId"). */
const KEY =
  /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32}|alias\/[\w/-]{1,250})$/;
const ARN = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:(?:key\/(?!alias\/)|(?=alias\/))/;

/** Whether a text has one of the forms in which a key can be given. */
const isFormOfKey = (key: string): boolean => KEY.test(key.replace(ARN, ''));

/**
 * Whether the caller cannot encrypt with a key, or decrypt, in a Region: it is no key at all, one of
 * another Region, or one that the manners list. EC2 finds that out only after the call (CopyImage in
 * the API reference: "the action can appear to complete even though you provided an invalid
 * identifier").
 */
export const isKeyUnusable = (ec2: Ec2, key: string | undefined, region: string): boolean => {
  if (key === undefined) return false;
  const keyRegion = key.startsWith('arn:') ? key.split(':')[3] : region;
  const { unusableKmsKeys } = ec2.kernel.manners();
  const isListed = unusableKmsKeys.some(
    (one) => one === key || key.endsWith(`:${one}`) || key.endsWith(`/${one}`),
  );
  return keyRegion !== region || isListed || !isFormOfKey(key);
};
