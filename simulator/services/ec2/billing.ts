/** What an image costs whoever launches it: Amazon EC2 User Guide, "AMI billing information". */
import type { ProductCode as ProductCodeOut } from '@aws-sdk/client-ec2';
import type { Facets } from './filters.ts';
import type { ProductCode } from './rows.ts';

interface Coded {
  readonly productCodes?: readonly ProductCode[] | undefined;
}

/** Those of an image are its instances', and those of their images. */
export const productCodesOut = ({ productCodes = [] }: Coded): ProductCodeOut[] =>
  productCodes.map(({ id, type }) => ({ ProductCodeId: id, ProductCodeType: type }));

export const PRODUCT_CODE_FACETS: Facets<Coded> = {
  'product-code': ({ productCodes = [] }) => productCodes.map(({ id }) => id),
  'product-code.type': ({ productCodes = [] }) => productCodes.map(({ type }) => type),
};

const USAGE_OPERATIONS: Readonly<Record<string, string>> = {
  'Linux/UNIX': 'RunInstances',
  Windows: 'RunInstances:0002',
  'Red Hat Enterprise Linux': 'RunInstances:0010',
  'SUSE Linux': 'RunInstances:000g',
};

/** The billing operation of a platform. */
export const usageOperationOf = (row: { readonly platformDetails: string }): string =>
  USAGE_OPERATIONS[row.platformDetails] ?? 'RunInstances';
