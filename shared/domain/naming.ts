import { remember } from './remember.ts';

/**
 * The name of a recovery point is its identity, and EC2 keeps names unique in an account and
 * Region: creating one point twice is refused by EC2 itself.
 *
 *     imago/<deployment>/<policy>/<instance id>/<slot as 2026-11-21T03-00-00Z>[/rN]
 *
 * EC2 allows 3-128 characters of a set that has no colon (CreateImage, parameter Name).
 */
export interface PointIdentity {
  readonly deployment: string;
  readonly policyId: string;
  readonly sourceId: string;
  readonly slotMs: number;
}

export interface PointName extends PointIdentity {
  /** 0 for the first try; N for the try that follows N failed ones. */
  readonly retry: number;
}

/** Longest parts: with them, a name has at most 110 of EC2's 128 characters. */
export const DEPLOYMENT_LENGTH_MAX = 16;
export const POLICY_ID_LENGTH_MAX = 40;
export const NAME_PART = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Stands for the policy in points that somebody asked for. No policy may be called so. */
export const ON_DEMAND_POLICY_ID = 'on-demand';

/** Many sources share a slot. */
const SLOTS_MAX = 4_096;

/** `2026-11-21T03-00-00Z`: seconds precision, no character that an AMI name may not have. */
export const formatSlot: (slotMs: number) => string = remember(
  SLOTS_MAX,
  (slotMs) => `${new Date(slotMs).toISOString().slice(0, 19).replaceAll(':', '-')}Z`,
);

/** The instant that {@link formatSlot} wrote, or undefined for any other text. */
export const parseSlot = (text: string): number | undefined => {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2})-(\d{2})-(\d{2})Z$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  const slotMs = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  return isAt(new Date(slotMs), year, month, day, hour, minute, second) ? slotMs : undefined;
};

/** 31 February is no slot. Number by number, as every image's name is read in every pass. */
const isAt = (date: Date, ...parts: readonly (number | undefined)[]): boolean =>
  date.getUTCFullYear() === parts[0] &&
  date.getUTCMonth() + 1 === parts[1] &&
  date.getUTCDate() === parts[2] &&
  date.getUTCHours() === parts[3] &&
  date.getUTCMinutes() === parts[4] &&
  date.getUTCSeconds() === parts[5];

export const formatPointName = (point: PointName): string => {
  const parts = [
    'imago',
    point.deployment,
    point.policyId,
    point.sourceId,
    formatSlot(point.slotMs),
  ];
  return (point.retry === 0 ? parts : [...parts, `r${point.retry}`]).join('/');
};

/** The identity that a name stands for, or undefined if it is no name of ours. */
export const parsePointName = (name: string): PointName | undefined => {
  const [prefix, deployment, policyId, sourceId, slot, retry, ...rest] = name.split('/');
  if (prefix !== 'imago' || rest.length > 0) return undefined;
  if (!deployment || !policyId || !sourceId || slot === undefined) return undefined;
  const slotMs = parseSlot(slot);
  if (slotMs === undefined) return undefined;
  if (retry !== undefined && !/^r[1-9]\d*$/.test(retry)) return undefined;
  return {
    deployment,
    policyId,
    sourceId,
    slotMs,
    retry: retry === undefined ? 0 : Number(retry.slice(1)),
  };
};
