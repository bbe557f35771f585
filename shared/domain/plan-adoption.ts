import { createHash } from 'node:crypto';
import { adoptionMark, adoptionOf } from './adoption.ts';
import { byId } from './by-id.ts';
import type { Decision, PlanInput, PlanPart, Verdict } from './decision.ts';
import { matchesImage } from './image-criteria.ts';
import { type Image, isOneOf, type Snapshot, type Tags } from './model.ts';
import { once } from './once.ts';
import type { Adoption } from './policy.ts';
import { type Reason, reason } from './reasons.ts';
import { isKeeping, userTagCount } from './tag-repair.ts';
import { TAGS_MAX, isReserved } from './tags.ts';

/** Marks that take an image over. */
export interface AdoptAction {
  readonly kind: 'adopt';
  readonly imageId: string;
  readonly name: string;
  readonly policyId: string;
  /** The images of one policy and group are kept together; empty where the policy forms no groups. */
  readonly group: string;
  /** What the marks are written on: the image and its snapshots, or what of them lacks them. */
  readonly resourceIds: readonly string[];
  readonly tags: Tags;
  readonly reasons: readonly Reason[];
}

/**
 * Which images that others built the policies would take over, and why not the others that they
 * mean; at homes only. A plan says so and does nothing about it: `imago adopt` does, when it is asked.
 */
export const planAdoption = (input: PlanInput): PlanPart<AdoptAction> => {
  const { target, images, snapshots } = input.observation;
  if (!isOneOf(input.homes, target)) return { decisions: [], actions: [] };
  const known = once(() => new Map(snapshots.items.map((snapshot) => [snapshot.id, snapshot])));
  const judged: Judged[] = [];
  for (const image of images.items) {
    const found = judgeImage(input, image, known);
    if (found !== undefined) judged.push(found);
  }
  judged.sort((a, b) => byId(a.decision, b.decision));
  return {
    decisions: judged.map(({ decision }) => decision),
    actions: judged.flatMap(({ action }) => action ?? []),
  };
};

interface Judged {
  readonly decision: Decision;
  readonly action?: AdoptAction;
}

/** By id; put together for the first image that is anybody's to adopt, and there may be none. */
type Snapshots = () => ReadonlyMap<string, Snapshot>;

const decide = (
  { id }: Image,
  policyId: string,
  verdict: Verdict,
  ...reasons: readonly Reason[]
): Judged => ({ decision: { kind: 'image', id, policyId, verdict, reasons } });

const judgeImage = (input: PlanInput, image: Image, snapshots: Snapshots): Judged | undefined => {
  const { deployment, policySet, observation } = input;
  const adopted = adoptionOf(image, policySet, deployment, observation.target);
  if (adopted !== undefined) return judgeAdopted(input, adopted, snapshots);
  const meant = policySet.adoptions.filter(({ images }) => matchesImage(images, image));
  const [adoption] = meant;
  if (adoption === undefined) return undefined;
  const objection = objectionTo(image, meant);
  if (objection !== undefined) return decide(image, adoption.id, 'ignore', objection);
  if (image.state === 'pending') return decide(image, adoption.id, 'wait', reason('RET-13'));
  if (image.state !== 'available') {
    return decide(image, adoption.id, 'ignore', reason('RET-15', image.state));
  }
  const group = groupOf(adoption, image.tags);
  if (group === undefined) {
    return decide(image, adoption.id, 'ignore', reason('ADO-03', adoption.groupByTag));
  }
  return adopt(input, { image, policyId: adoption.id, group }, snapshots);
};

interface Taking {
  readonly image: Image;
  readonly policyId: string;
  readonly group: string;
}

const marksOf = (
  { deployment, observation }: PlanInput,
  { policyId, group }: Pick<Taking, 'policyId' | 'group'>,
): Tags => adoptionMark({ id: policyId }, group, deployment, observation.target);

const adopt = (input: PlanInput, taking: Taking, snapshots: Snapshots): Judged => {
  const { image, policyId, group } = taking;
  const tags = marksOf(input, taking);
  const snapshotIds = image.snapshots.map(({ snapshotId }) => snapshotId);
  const full = [image, ...snapshotIds.map((id) => snapshots().get(id))].find(
    (one) => one !== undefined && !hasRoom(one.tags, tags),
  );
  if (full !== undefined) return decide(image, policyId, 'ignore', reason('TAG-03', full.id));
  const why = reason('ADO-01', group);
  const { decision } = decide(image, policyId, 'adopt', why);
  return { decision, action: actionFor(taking, [image.id, ...snapshotIds], tags, why) };
};

/** An image that is marked; its snapshots may not all be, where marking was cut short. */
const judgeAdopted = (input: PlanInput, taking: Taking, snapshots: Snapshots): Judged => {
  const { image, policyId, group } = taking;
  const tags = marksOf(input, taking);
  const why = reason('ADO-02', group);
  const lacking = image.snapshots
    .flatMap(({ snapshotId }) => snapshots().get(snapshotId) ?? [])
    .filter((one) => Object.entries(tags).some(([key, value]) => one.tags[key] !== value))
    .map(({ id }) => id);
  return lacking.length === 0
    ? decide(image, policyId, 'keep', why)
    : {
        ...decide(image, policyId, 'adopt', why),
        action: actionFor(taking, lacking, tags, why),
      };
};

const actionFor = (
  { image, policyId, group }: Taking,
  resourceIds: readonly string[],
  tags: Tags,
  why: Reason,
): AdoptAction => ({
  kind: 'adopt',
  imageId: image.id,
  name: image.name,
  policyId,
  group,
  resourceIds,
  tags,
  reasons: [why],
});

/** All marks or none: with half of them it would be nobody's. */
const hasRoom = (current: Tags, marks: Tags): boolean =>
  userTagCount({ ...current, ...marks }) <= TAGS_MAX;

const objectionTo = (image: Image, meant: readonly Adoption[]): Reason | undefined => {
  const manager = managerOf(image);
  if (manager !== undefined) return reason('ADO-04', manager);
  return meant.length > 1 ? reason('ADO-05', meant.map(({ id }) => id).join(', ')) : undefined;
};

/**
 * What shows that somebody else looks after an image: marks of AWS Backup, Data Lifecycle Manager,
 * Image Builder or any other service of AWS, or of an Imago.
 */
export const managerOf = ({
  name,
  tags,
  ownerAlias,
}: Pick<Image, 'name' | 'tags' | 'ownerAlias'>): string | undefined =>
  /^(AwsBackup_|imago\/)/i.test(name) ? name : (ownerAlias ?? markIn(tags));

/** What people write about keeping and holding an image says nothing of who manages it. */
const markIn = (tags: Tags): string | undefined =>
  Object.entries(tags)
    .filter(([key, value]) => key === 'Ec2ImageBuilderArn' || isReserved(key, value))
    .map(([key]) => key)
    .filter((key) => !isKeeping(key))
    .sort()[0];

const GROUP_LENGTH_MAX = 60;

/** The group by the image's own tag, in words that fit a tag and an id; none without that tag. */
const groupOf = ({ groupByTag }: Adoption, tags: Tags): string | undefined => {
  if (groupByTag === undefined) return '';
  const value = new Map(Object.entries(tags)).get(groupByTag);
  if (value === undefined || value === '') return undefined;
  const cleaned = value.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, GROUP_LENGTH_MAX);
  // Two values that look the same when cleaned must not become one group.
  return cleaned === value ? value : `${cleaned}-${hashOf(value)}`;
};

const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8);
