/** The queues of every account and Region. */
import type { Kernel } from '../../kernel/kernel.ts';
import { ApiError, type Call } from '../../wire/api.ts';
import { Queue, type QueueSpec } from './queue.ts';

const keyOf = (account: string, region: string, name: string): string =>
  `${account} ${region} ${name}`;

const URL_PARTS = /^https?:\/\/[^/]+\/(\d{12})\/([^/]+)$/;

export class Queues {
  readonly #kernel: Kernel;
  readonly #queues = new Map<string, Queue>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  all(): readonly Queue[] {
    return [...this.#queues.values()];
  }

  create(spec: QueueSpec): Queue {
    const key = keyOf(spec.account, spec.region, spec.name);
    if (this.#queues.has(key)) throw new Error(`there is already a queue ${spec.name}`);
    if ((spec.isFifo === true) !== spec.name.endsWith('.fifo')) {
      throw new Error(
        `queue ${spec.name}: the name of a FIFO queue, and of no other, ends in .fifo`,
      );
    }
    const queue = new Queue(this.#kernel, spec);
    this.#queues.set(key, queue);
    return queue;
  }

  /** @throws ApiError `QueueDoesNotExist`. */
  find(account: string, region: string, name: string): Queue {
    const queue = this.#queues.get(keyOf(account, region, name));
    if (queue !== undefined) return queue;
    throw new ApiError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  /** The queue of a URL, in the caller's Region. @throws ApiError `QueueDoesNotExist`. */
  byUrl(url: string | undefined, call: Call): Queue {
    const [, account = '', name = ''] = URL_PARTS.exec(url ?? '') ?? [];
    return this.find(account, call.region, name);
  }
}
