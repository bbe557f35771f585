import type { CreateAction, PlanInput } from './decision.ts';
import { type NewPoint, tagsOfPoint, templateFacts } from './image-tags.ts';
import type { Instance } from './model.ts';
import { type PointName, formatPointName, formatSlot } from './naming.ts';
import { type Point, isFailed } from './point.ts';
import type { Policy } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { lastFailure, nextRetry } from './retries.ts';
import { cutText, fillTemplate } from './template.ts';
import { excludedDevices } from './volumes.ts';

export interface Try {
  readonly slotMs: number;
  /** What the tries before left behind, and with it the names that are taken. */
  readonly tried: readonly Point[];
  readonly why: Reason;
}

/**
 * What makes a point of an instance: EC2 is asked for exactly this. Its reasons say why it is made,
 * and then what it leaves out of the instance's volumes and tags.
 */
export const createAction = (
  { deployment, observation }: PlanInput,
  policy: Policy,
  instance: Instance,
  { slotMs, tried, why }: Try,
): CreateAction => {
  const point: PointName = {
    deployment,
    policyId: policy.id,
    sourceId: instance.id,
    slotMs,
    retry: nextRetry(tried),
  };
  const { image } = policy;
  const excluded = excludedDevices(instance, image.excludeVolumes, observation.volumes);
  const made: NewPoint = {
    point,
    home: observation.target,
    instance,
    excludedDevices: excluded.devices,
  };
  const tagging = tagsOfPoint(made, policy);
  const described = describePoint(made, image.description);
  return {
    kind: 'create',
    point,
    name: formatPointName(point),
    description: described.text,
    tags: tagging.tags,
    reboot: image.reboot,
    excludedDevices: excluded.devices,
    ...lastFailure(tried.filter(isFailed)),
    reasons: [why, ...excluded.reasons, ...tagging.reasons, ...described.reasons],
  };
};

const DESCRIPTION_MAX = 255;

interface Described {
  readonly text: string;
  readonly reasons: readonly Reason[];
}

/** In the planner's own words where there is no template, and where one comes out empty. */
const describePoint = (made: NewPoint, template: string | undefined): Described => {
  const filled =
    template === undefined ? '' : plainText(fillTemplate(template, templateFacts(made)));
  const text = cutText(filled, DESCRIPTION_MAX);
  return {
    text: text.trim() === '' ? ownWords(made) : text,
    reasons: text === filled ? [] : [reason('TAG-05', 'the description')],
  };
};

const ownWords = ({ point, instance }: NewPoint): string =>
  `Imago ${point.policyId}: ${instance.id}${labelOf(instance)} at ${formatSlot(point.slotMs)}`;

const LABEL_MAX = 100;

const labelOf = ({ tags }: Instance): string =>
  tags['Name'] === undefined ? '' : ` (${plainText(tags['Name']).slice(0, LABEL_MAX)})`;

/** EC2 refuses an image whose description has a character outside printable ASCII. */
const plainText = (text: string): string => text.replaceAll(/[^\x20-\x7e]/gu, '?');
