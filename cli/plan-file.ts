import * as z from 'zod';
import { UnusableFileError, readTextFile } from '../shared/config/files.ts';
import { policyHash } from '../shared/domain/policy-hash.ts';
import type { PolicySet } from '../shared/domain/policy.ts';
import { parseDocuments } from '../shared/inventory/json-documents.ts';
import { RefusedError } from './refused-error.ts';

/** A plan of ten thousand objects has about ten MiB. */
const PLAN_BYTES_MAX = 256 * 1_048_576;

/** So many of what is wrong are told; a file that is no plan at all has no end of them. */
const ISSUES_MAX = 5;

const tags = z.record(z.string(), z.string());
/** Of a reason only its id counts; the first one says why. */
const reasons = z.array(z.object({ id: z.string() })).min(1);

const create = z.object({
  kind: z.literal('create'),
  id: z.string().startsWith('i-'),
  name: z.string().min(1),
  description: z.string(),
  tags,
  reboot: z.boolean(),
  excludedDevices: z.array(z.string()),
});

const copy = z.object({
  kind: z.literal('copy'),
  id: z.string().startsWith('ami-'),
  name: z.string().min(1),
  description: z.string(),
  tags,
  fromRegion: z.string().min(1),
  kmsKey: z.string().optional(),
});

const tag = z.object({
  kind: z.literal('tag'),
  id: z.string().regex(/^(ami|snap)-/, 'expected an image or a snapshot'),
  name: z.string(),
  tags,
});

const retire = z.object({
  kind: z.literal('retire'),
  id: z.string().startsWith('ami-'),
  name: z.string().min(1),
  snapshots: z.enum(['delete', 'keep']),
  snapshotIds: z.array(z.string()),
  goneFrom: z.string().optional(),
  reasons,
});

const deleteSnapshot = z.object({
  kind: z.literal('delete-snapshot'),
  id: z.string().startsWith('snap-'),
  name: z.string(),
  goneFrom: z.string().optional(),
  reasons,
});

const target = z.object({
  target: z.string().regex(/^\d{12}\/[a-z0-9-]+$/, 'expected account/region'),
  actions: z.strictObject({
    creates: z.array(create),
    repairs: z.array(tag),
    copies: z.array(copy),
    removals: z.array(z.discriminatedUnion('kind', [retire, deleteSnapshot])),
  }),
});

/** What `imago apply` needs of a plan; whatever else stands in it is for readers. */
const plan = z.object({
  account: z.string().regex(/^\d{12}$/, 'expected twelve digits'),
  region: z.string().min(1),
  deployment: z.string().min(1),
  policyFile: z.string(),
  policyHash: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
  retireMode: z.enum(['plan', 'apply']),
  instant: z.iso.datetime(),
  targets: z.array(target),
});

/** A plan as `imago plan --out` wrote it. */
export type PlanFile = z.infer<typeof plan>;

export type PlannedAction =
  | z.infer<typeof create>
  | z.infer<typeof copy>
  | z.infer<typeof tag>
  | z.infer<typeof retire>
  | z.infer<typeof deleteSnapshot>;

/** An action, and the `account/region` where it is to be done. */
export interface PlannedAt {
  readonly target: string;
  readonly action: PlannedAction;
}

/**
 * Reads a plan that `imago plan --out` wrote.
 * @throws UnusableFileError for a file that cannot be read, is cut, is no such plan, or names one
 *   action twice
 */
export const readPlanFile = (file: string): PlanFile => {
  const { documents, problem } = parseDocuments(readTextFile(file, PLAN_BYTES_MAX));
  if (problem !== undefined) throw new UnusableFileError(file, problem);
  const [document] = documents;
  if (documents.length > 1 || !isRecord(document) || !('policyHash' in document)) {
    throw new UnusableFileError(file, 'expected a plan as `imago plan --out` writes it');
  }
  if (document['version'] !== 1) {
    const found = JSON.stringify(document['version']);
    throw new UnusableFileError(file, `expected a plan of version 1, found ${found}`);
  }
  const read = plan.safeParse(document);
  if (!read.success) throw new UnusableFileError(file, describe(read.error));
  refuseDoubles(file, read.data);
  return read.data;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const describe = ({ issues }: z.ZodError): string => {
  const told = issues
    .slice(0, ISSUES_MAX)
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  const left = issues.length - told.length;
  return [
    'no plan as `imago plan --out` writes it',
    ...told,
    ...(left > 0 ? [`and ${left} more`] : []),
  ].join('\n');
};

/** All that a plan wants done, in its order. */
export const actionsIn = ({ targets }: PlanFile): readonly PlannedAt[] =>
  targets.flatMap(({ target: place, actions }) =>
    [actions.creates, actions.repairs, actions.copies, actions.removals]
      .flat()
      .map((action: PlannedAction) => ({ target: place, action })),
  );

/** What tells actions of a plan apart: a point has a name before it has an id. */
export const planKey = (place: string, { kind, id, name }: KeyParts): string =>
  `${place} ${kind} ${kind === 'create' || kind === 'copy' ? name : id}`;

type KeyParts = Pick<PlannedAction, 'kind' | 'id' | 'name'>;

const refuseDoubles = (file: string, read: PlanFile): void => {
  const keys = new Set<string>();
  for (const { target: place, action } of actionsIn(read)) {
    const key = planKey(place, action);
    if (keys.has(key)) throw new UnusableFileError(file, `names one action twice: ${key}`);
    keys.add(key);
  }
};

/**
 * What refuses to go on with a plan file: it belongs to one deployment at one place, under policies
 * that mean what they meant then. Throws RefusedError where it does not; without a file, never.
 */
export const refusalOf =
  (options: { readonly plan?: string; readonly retire: 'plan' | 'apply' }, file?: PlanFile) =>
  ({ deployment, policySet, region, account }: Settings): void => {
    if (file === undefined) return;
    const refuse = (problem: string): never => {
      throw new RefusedError(`${options.plan}: ${problem}`);
    };
    if (file.deployment !== deployment) {
      refuse(`a plan for the deployment ${file.deployment}, not for ${deployment}`);
    }
    if (file.region !== region) refuse(`a plan for ${file.region}, not for ${region}`);
    if (account !== undefined && file.account !== account) {
      refuse(`a plan for the account ${file.account}, not for ${account}`);
    }
    if (file.policyHash !== policyHash(policySet)) {
      refuse(`a plan under other policies (then ${file.policyFile}): plan again`);
    }
    if (options.retire === 'apply' && file.retireMode === 'plan') {
      refuse('its removals were only planned: plan again with --retire apply');
    }
  };

/** What a command is about to work with; the account is known when somebody has been asked. */
export interface Settings {
  readonly deployment: string;
  readonly policySet: PolicySet;
  readonly region: string;
  readonly account?: string;
}
