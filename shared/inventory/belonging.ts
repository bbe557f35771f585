import type { Target } from '../domain/model.ts';

/** What an object tells of where it is: both may be unsaid. */
export interface Belonging {
  readonly account?: string | undefined;
  /** A Region, or an Availability Zone of one. */
  readonly place?: string | undefined;
}

/** The account and Region that an ARN names: `arn:aws:ssm:eu-central-1:111122223333:parameter/web`. */
export const belongingOfArn = (arn: string | undefined): Belonging => {
  const [prefix, , , region, account] = (arn ?? '').split(':', 5);
  if (prefix !== 'arn') return {};
  return {
    account: account === '' ? undefined : account,
    place: region === '' ? undefined : region,
  };
};

/** The account alone: of a role or a user, which has no Region. */
export const accountOfArn = (arn: string | undefined): Belonging => ({
  account: /^\d{12}$/.test(belongingOfArn(arn).account ?? '')
    ? belongingOfArn(arn).account
    : undefined,
});

/** The Region alone: a key may be another account's, but is in the Region of what it encrypts. */
export const placeOfArn = (arn: string | undefined): Belonging => ({
  place: belongingOfArn(arn).place,
});

/** Zones are named after their Region: `us-west-2a`, `us-west-2-lax-1a`. */
export const isElsewhere = ({ region }: Target, { place }: Belonging): boolean =>
  place !== undefined && !(place.startsWith(region) && !/\d/.test(place.charAt(region.length)));

export const isOfAnother = (target: Target, { account }: Belonging): boolean =>
  account !== undefined && account !== target.account;
