/** The queues of every account and Region. */
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import { createMoves, type Moves } from './move-tasks.ts';
import { Queue, type Surroundings } from './queue.ts';
import { type QueueRow, type QueueSpec, rowOf } from './row.ts';

const keyOf = (account: string, region: string, name: string): string =>
  `${account} ${region} ${name}`;

/** By path alone: the host is the one by which a client reached us. */
const URL_PATH = /\/(\d{12})\/([^/]+)$/;
const ARN = /^arn:[a-z-]+:sqs:([a-z0-9-]+):(\d{12}):([^:]+)$/;

/** A name is free again a minute after its queue was deleted. */
const NAME_REST_MS = 60_000;

interface SavedQueues {
  readonly queues: readonly QueueRow[];
  readonly deletedAtMs: ReadonlyMap<string, number>;
}

export interface QueuesOptions {
  /** Where queue URLs point to; without it, to AWS's own host of the Region. */
  readonly host?: (() => string) | undefined;
}

const doesNotExist = (): ApiError =>
  new ApiError('QueueDoesNotExist', 'The specified queue does not exist.');

export class Queues {
  readonly moves: Moves;
  readonly #around: Surroundings;
  readonly #queues = new Map<string, Queue>();
  /** When the queue that had the name was deleted. */
  readonly #deletedAtMs = new Map<string, number>();

  constructor(kernel: Kernel, { host }: QueuesOptions = {}) {
    this.#around = {
      kernel,
      byArn: (arn) => this.byArn(arn),
      urlBase: (region) => host?.() ?? `https://sqs.${region}.amazonaws.com`,
    };
    this.moves = createMoves(kernel, this.#around.byArn);
    kernel.keep({
      name: 'sqs',
      save: (): SavedQueues => ({
        queues: this.all().map(({ row }) => row),
        deletedAtMs: this.#deletedAtMs,
      }),
      load: (saved: SavedQueues) => {
        for (const row of saved.queues) this.#add(row);
        for (const [key, atMs] of saved.deletedAtMs) this.#deletedAtMs.set(key, atMs);
      },
    });
  }

  all(): readonly Queue[] {
    return [...this.#queues.values()];
  }

  /** Those of one account and Region, by name. */
  of(account: string, region: string): readonly Queue[] {
    return this.all()
      .filter(({ row }) => row.account === account && row.region === region)
      .toSorted((a, b) => (a.row.name < b.row.name ? -1 : 1));
  }

  /** @throws Error for a name that is taken or that is not a queue's; ApiError `QueueDeletedRecently` */
  create(spec: QueueSpec): Queue {
    const key = keyOf(spec.account, spec.region, spec.name);
    if (this.#queues.has(key)) throw new Error(`there is already a queue ${spec.name}`);
    if ((spec.isFifo === true) !== spec.name.endsWith('.fifo')) {
      throw new Error(
        `queue ${spec.name}: the name of a FIFO queue, and of no other, ends in .fifo`,
      );
    }
    const nowMs = this.#around.kernel.clock.nowMs();
    this.#assertRested(key, nowMs);
    return this.#add(rowOf(spec, nowMs));
  }

  delete({ row }: Queue): void {
    const key = keyOf(row.account, row.region, row.name);
    this.#queues.delete(key);
    this.#deletedAtMs.set(key, this.#around.kernel.clock.nowMs());
  }

  lookUp(account: string, region: string, name: string): Queue | undefined {
    return this.#queues.get(keyOf(account, region, name));
  }

  /** @throws ApiError `QueueDoesNotExist`. */
  find(account: string, region: string, name: string): Queue {
    const queue = this.lookUp(account, region, name);
    if (queue !== undefined) return queue;
    throw doesNotExist();
  }

  byArn(arn: string): Queue | undefined {
    const [, region = '', account = '', name = ''] = ARN.exec(arn) ?? [];
    return this.lookUp(account, region, name);
  }

  /** The queue of a URL, in the caller's Region. @throws ApiError `QueueDoesNotExist`. */
  byUrl(url: string | undefined, call: Call): Queue {
    const [, account = '', name = ''] = URL_PATH.exec(url ?? '') ?? [];
    return this.find(account, call.region, name);
  }

  #add(row: QueueRow): Queue {
    const queue = new Queue(this.#around, row);
    this.#queues.set(keyOf(row.account, row.region, row.name), queue);
    return queue;
  }

  #assertRested(key: string, nowMs: number): void {
    const deletedAtMs = this.#deletedAtMs.get(key);
    if (deletedAtMs === undefined) return;
    if (nowMs - deletedAtMs < NAME_REST_MS) {
      throw new ApiError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the ' +
          'same name.',
      );
    }
    this.#deletedAtMs.delete(key);
  }
}
