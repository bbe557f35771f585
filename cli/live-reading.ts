import { SHARE_PERCENT_DEFAULT } from '../shared/aws/buckets.ts';
import { readKinds } from '../shared/aws/inventory.ts';
import { createLimiter } from '../shared/aws/limiter.ts';
import { type Target, targetKey } from '../shared/domain/model.ts';
import { FILE_KINDS, type FileKind, type InventoryDocuments } from '../shared/inventory/kinds.ts';
import { inParallel } from '../shared/loop/in-parallel.ts';
import { type Session, homeRegion, openSession } from './session.ts';
import type { Surroundings } from './surroundings.ts';

/** What AWS answered of one target. */
export interface ReadTarget {
  readonly target: Target;
  /** When its reading began. */
  readonly observedMs: number;
  readonly documents: InventoryDocuments;
}

export interface LiveReading {
  readonly session: Session;
  /** In the order in which their Regions were named. */
  readonly targets: readonly ReadTarget[];
}

export interface LiveOptions {
  /** Regions; without any, the one that is set. */
  readonly region?: readonly string[];
  /** What is read; without it, everything. */
  readonly kinds?: readonly FileKind[];
  /** Asked once it is known whose the credentials are, and before anything is read. */
  readonly mayRead?: (targets: readonly Target[]) => void;
}

/** Regions that are read at a time. */
const WORKERS = 4;

/**
 * Says endpoints, Regions and account, and reads the account's Regions. What AWS refuses is a problem
 * of what it refused.
 * @throws NoAccessError | RefusedError as openSession, and whatever `mayRead` throws
 */
export const readLive = async (
  { region, kinds = FILE_KINDS, mayRead }: LiveOptions,
  surroundings: Surroundings,
): Promise<LiveReading> => {
  const { access, terminal } = surroundings;
  const { connection } = access;
  const regions = region ?? [await homeRegion(surroundings)];
  const [home = ''] = regions;
  const session = await openSession(surroundings, {
    home,
    calls: (['ec2', 'autoscaling', 'ssm'] as const).flatMap((service) =>
      regions.map((one) => [service, one] as const),
    ),
  });
  const { account } = session.home;
  const targets = regions.map((one) => ({ account, region: one }));
  mayRead?.(targets);
  const limiter = createLimiter({ ...connection, sharePercent: SHARE_PERCENT_DEFAULT });
  const { results, defect } = await inParallel(targets, WORKERS, always, async (target) => {
    const observedMs = connection.clock.nowMs();
    const onRead = (kind: FileKind): void => terminal.progress(`${targetKey(target)}: ${kind}`);
    const documents = await readKinds(connection, limiter, target, kinds, { onRead });
    return { target, observedMs, documents };
  });
  terminal.progress('');
  if (defect !== undefined) throw defect;
  return { session, targets: results };
};

const always = (): boolean => true;
