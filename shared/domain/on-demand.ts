import type { CreateAction } from './decision.ts';
import { ownTags } from './image-tags.ts';
import type { Instance, Tags, Target } from './model.ts';
import { ON_DEMAND_POLICY_ID, type PointName, formatPointName, formatSlot } from './naming.ts';
import { type Point, isGood } from './point.ts';
import { isoEndMs } from './protection.ts';
import { type Reason, reason } from './reasons.ts';
import { TAG } from './tags.ts';

/**
 * Points that somebody asked for, beside all policies. No rule of retention knows them: how long one
 * is kept stands on the point itself.
 */
export const isOnDemand = ({ name }: Point): boolean => name.policyId === ON_DEMAND_POLICY_ID;

/**
 * What an on-demand point's own tags say for keeping it, if they do. No date keeps, and so does one
 * that cannot be read: what is not known protects.
 */
export const keptOnDemand = (tags: Tags, nowMs: number): Reason | undefined => {
  const keepUntil = tags[TAG.keepUntil];
  if (keepUntil === undefined) return reason('RET-21');
  const untilMs = isoEndMs(keepUntil);
  if (untilMs === undefined) return reason('PRO-26', keepUntil);
  return nowMs < untilMs ? reason('RET-20', keepUntil) : undefined;
};

/** The same, asked right before a removal. A failed image was never a point, so nothing keeps it. */
export const objectionOnDemand = (point: Point, nowMs: number): Reason | undefined =>
  isOnDemand(point) && isGood(point) ? keptOnDemand(point.image.tags, nowMs) : undefined;

export interface OnDemandRequest {
  readonly deployment: string;
  readonly home: Target;
  readonly instance: Instance;
  readonly nowMs: number;
  /** For how long the point is kept; until somebody removes it, if it is not said. */
  readonly keepMs?: number;
  readonly reboot: boolean;
}

const SECOND_MS = 1_000;

/** The point of an instance at this second. Its slot is that second, so asking twice is asking once. */
export const onDemandAction = (request: OnDemandRequest): CreateAction => {
  const { deployment, home, instance, nowMs, keepMs, reboot } = request;
  const slotMs = Math.floor(nowMs / SECOND_MS) * SECOND_MS;
  const sourceId = instance.id;
  const point: PointName = {
    deployment,
    policyId: ON_DEMAND_POLICY_ID,
    sourceId,
    slotMs,
    retry: 0,
  };
  const keepUntil =
    keepMs === undefined ? {} : { [TAG.keepUntil]: new Date(slotMs + keepMs).toISOString() };
  return {
    kind: 'create',
    point,
    name: formatPointName(point),
    description: `Imago on demand: ${instance.id} at ${formatSlot(slotMs)}`,
    tags: { ...ownTags({ point, home, instance, excludedDevices: [] }), ...keepUntil },
    reboot,
    excludedDevices: [],
    reasons: [reason('SCH-10')],
  };
};
